"""Roledeck as a process, away from any terminal or on one of its own, as the handover tests have it."""

from __future__ import annotations

import importlib.util
import json
import pathlib
import subprocess
import sys
import tomllib

import pytest

from tui_app.cli.main import dispatch

_place = pathlib.Path(__file__).parents[1] / "handover" / "conftest.py"
_spec = importlib.util.spec_from_file_location("programs_on_terminals", _place)
assert _spec is not None
assert _spec.loader is not None
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)

on_terminal = _module.on_terminal


@pytest.fixture
def run_in():
    """`run_in(environ, *words)`: roledeck in that environment, away from any terminal; `typed` goes to its stdin."""

    def run(environ, *words, typed="", program=("-m", "tui_app")):
        return subprocess.run(
            [sys.executable, *program, *words],
            env=environ,
            input=typed,
            capture_output=True,
            text=True,
            start_new_session=True,
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
def here(environ, capsys):
    """`here(*words)`: roledeck over the embedded AWS in this very process; exit code, stdout, stderr."""

    def run(*words):
        code = dispatch(list(words), dict(environ))
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def imported(here):
    """`imported(*words)`: the `--json` answer of a `roledeck import` that succeeds."""

    def run(*words):
        code, out, err = here("import", *words, "--json")
        assert code == 0, err
        return json.loads(out)

    return run


@pytest.fixture
def config_d(environ) -> pathlib.Path:
    """The folder of what roledeck writes into the config; not there at first."""
    return pathlib.Path(environ["ROLEDECK_CONFIG"]).parent / "config.d"


@pytest.fixture
def roles_in():
    """`roles_in(path)`: the tables of the roles in a TOML file, by account and name."""

    def read(path):
        accounts = tomllib.loads(path.read_text())["account"]
        return {(account["id"], role["name"]): role for account in accounts for role in account.get("role", ())}

    return read


@pytest.fixture
def roledeck(environ, run_in):
    """`roledeck(*words, **variables)`: roledeck over the embedded AWS and its files, away from any terminal."""

    def run(*words, typed="", **variables):
        return run_in({**environ, **variables}, *words, typed=typed)

    return run
