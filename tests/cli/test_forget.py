"""`roledeck forget`: drops sessions and says which."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tui_app import paths
from tui_app.cli.main import dispatch


@pytest.fixture
def assumed(environ, capsys):
    assert dispatch(["assume", "staging-readonly"], environ) == 0
    assert dispatch(["assume", "lambda-exec"], environ) == 0
    capsys.readouterr()
    return environ


def kept(environ):
    return [name for name in os.listdir(paths.sessions_folder(environ)) if name.endswith(".json") and len(name) > 60]


def test_one_role(assumed, capsys):
    assert dispatch(["forget", "staging-readonly"], assumed) == 0

    assert capsys.readouterr().out.startswith("Dropped staging-readonly, 59:")
    assert len(kept(assumed)) == 1
    assert dispatch(["forget", "staging-readonly"], assumed) == 0
    assert capsys.readouterr().err == "There was nothing to drop.\n"


def test_a_role_that_is_in_no_file_any_more_goes_by_its_arn(assumed, capsys):
    Path(assumed["AWS_CONFIG_FILE"]).write_text("")

    assert dispatch(["forget", "arn:aws:iam::555566667777:role/ReadOnly"], assumed) == 0
    assert "staging-readonly" in capsys.readouterr().out


def test_all_drops_what_nobody_can_read_too(assumed, capsys):
    Path(paths.sessions_folder(assumed), "0" * 64 + ".json").write_text("junk")

    assert dispatch(["forget", "--all"], assumed) == 0

    assert len(capsys.readouterr().out.splitlines()) == 3
    assert kept(assumed) == []
    assert not [name for name in os.listdir(paths.sessions_folder(assumed)) if name.endswith(".lock")]


def test_expired_drops_only_those(assumed, capsys):
    file = Path(paths.sessions_folder(assumed), kept(assumed)[0])
    values = json.loads(file.read_text())
    file.write_text(json.dumps(values | {"issued": values["issued"] - 100, "expires": values["issued"] - 1}))

    assert dispatch(["forget", "--expired"], assumed) == 0

    out = capsys.readouterr().out
    assert out == f"Dropped {values['role_key']}, expired.\n"
    assert len(kept(assumed)) == 1


@pytest.mark.parametrize("words", [[], ["staging-readonly", "--all"], ["--all", "--expired"]])
def test_it_must_be_clear_what_to_forget(environ, capsys, words):
    assert dispatch(["forget", *words], environ) == 2


def test_an_unknown_role_is_exit_two(environ, capsys):
    assert dispatch(["forget", "no/such"], environ) == 2
    assert "no/such" in capsys.readouterr().err
