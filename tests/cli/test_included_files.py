"""A role of a shared file, from outside: assumed, handed on by the fast path, and looked at anew when a file appears."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tui_app.cli.main import dispatch
from tui_app.sessions.index import read_ready

NAME = "shared/S3Developer"


@pytest.fixture
def shared(environ):
    """The demo's S3Developer written in a file that others write, under an account of another name."""
    config = Path(environ["ROLEDECK_CONFIG"])
    team = config.parent / "team"
    team.mkdir()
    (team / "a.toml").write_text('[[account]]\nid = "444455556666"\nname = "shared"\n[[account.role]]\nname = "S3Developer"\nvia = "dev"\n')
    text = config.read_text()
    start = text.index('[[account]]\nid = "444455556666"')
    end = text.index("[[account]]", start + 5)
    config.write_text('include = ["team/*.toml"]\n' + text[:start] + text[end:])
    return team


def test_it_is_assumed_and_chain_says_where_it_stands(environ, shared, capsys):
    assert dispatch(["chain", NAME, "--json"], environ) == 0
    (hop,) = json.loads(capsys.readouterr().out)["hops"]
    assert hop["from"]["via"] == f"{shared}/a.toml:6"
    assert dispatch(["assume", NAME, "--json"], environ) == 0
    assert json.loads(capsys.readouterr().out)["account"] == "444455556666"


def test_the_fast_path_notices_a_shared_file_that_appears(environ, shared, capsys):
    assert dispatch(["credential-process", NAME], environ) == 0
    assert json.loads(capsys.readouterr().out)["AccountId"] == "444455556666"
    assert read_ready(NAME, environ) is not None
    (shared / "b.toml").write_text("")
    assert read_ready(NAME, environ) is None


def test_all_that_is_wrong_in_all_files_is_told_with_its_place(environ, shared, capsys):
    (shared / "b.toml").write_text("[aws]\nendpoint_url = 'https://elsewhere.example'\n[[account]]\nid = 1\n")
    (shared / "c.toml").write_text("[[[\n")
    assert dispatch(["ls", "--json"], environ) == 0
    answer = capsys.readouterr()
    assert f"{shared}/b.toml:1" in answer.err
    assert f"{shared}/b.toml:4" in answer.err
    assert f"{shared}/c.toml:1" in answer.err
    assert NAME in [role["name"] for role in json.loads(answer.out)]
