"""`roledeck ls`: the roles by environment, for people and for programs, from files alone."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest
from jsonschema import validate

from tui_app.cli.main import dispatch
from tui_app.text import cells

SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["account", "role", "profile", "arn", "via", "state", "expires", "from"],
        "properties": {
            "account": {
                "type": "object",
                "required": ["id", "name", "environment"],
                "additionalProperties": False,
                "properties": {name: {"type": "string"} for name in ("id", "name", "environment")},
            },
            "role": {"type": "string"},
            "profile": {"type": ["string", "null"]},
            "arn": {"type": "string"},
            "via": {"type": "string"},
            "state": {"enum": ["never", "live", "expiring", "expired", "failed"]},
            "expires": {"type": ["string", "null"], "pattern": "^[0-9-]{10}T[0-9:]{8}Z$"},
            "from": {"type": "string", "pattern": ":[0-9]+$"},
        },
    },
}
CONFIG = """[profile team]
role_arn = arn:aws:iam::111122223333:role/path/Developer
source_profile = dev
[profile dev]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI
[profile odd\x1b[31m]
role_arn = arn:aws:iam::999900001111:role/Odd
source_profile = dev
"""
TOML = """[[account]]
id = "111122223333"
name = "production"
environment = "prod"
  [[account.role]]
  name = "path/AdminRole"
  via = "dev"
[[account]]
id = "777788889999"
name = "audit"
environment = "tools"
  [[account.role]]
  name = "ReadOnly"
  via = "production/AdminRole"
"""


@pytest.fixture
def alone(bare_environ, tmp_path):
    """An environment with files of our own and no AWS."""
    (tmp_path / "config").write_text(CONFIG)
    (tmp_path / "config.toml").write_text(TOML)
    return {
        **bare_environ,
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
        "ROLEDECK_CONFIG": str(tmp_path / "config.toml"),
    }


def answer(capsys, environ, *words):
    assert dispatch(["ls", *words], environ) == 0
    return json.loads(capsys.readouterr().out)


def test_the_answer_follows_its_schema_and_says_where_each_role_is_written(alone, tmp_path, capsys):
    listed = answer(capsys, alone, "--json")
    validate(listed, SCHEMA)
    assert [item["name"] for item in listed] == ["production/path/AdminRole", "audit/ReadOnly", "team", "odd\x1b[31m"]
    assert listed[2] == {
        "account": {"id": "111122223333", "name": "production", "environment": "prod"},
        "role": "path/Developer",
        "profile": "team",
        "arn": "arn:aws:iam::111122223333:role/path/Developer",
        "via": "dev",
        "state": "never",
        "expires": None,
        "from": f"{tmp_path}/config:1",
        "name": "team",
    }
    assert listed[0]["from"] == f"{tmp_path}/config.toml:5"


def test_people_get_it_by_environment(alone, capsys):
    assert dispatch(["ls"], alone) == 0
    assert capsys.readouterr().out.splitlines() == [
        "prod  2 roles",
        "  · production    AdminRole            dev                   —",
        "  · production    Developer  team      dev                   —",
        "",
        "tools  1 role",
        "  · audit         ReadOnly             production/AdminRole  —",
        "",
        "other  1 role",
        "  · 999900001111  Odd        odd␛[31m  dev                   —",
    ]


def test_rows_that_would_read_the_same_are_told_apart(alone, tmp_path, capsys):
    text = "".join(
        f'[[account]]\nid = "{number}"\nname = "shop"\n' + "".join(f'[[account.role]]\nname = "{name}"\nvia = "dev"\n' for name in names)
        for number, names in (("111122223333", ("ops/Deploy", "web/Deploy", "x/Read")), ("444455556666", ("Read",)))
    )
    (tmp_path / "own.toml").write_text(text)
    assert dispatch(["ls", "account:shop"], {**alone, "ROLEDECK_CONFIG": f"{tmp_path}/own.toml", "AWS_CONFIG_FILE": os.devnull}) == 0
    rows = sorted(" ".join(line.split()[1:-2]) for line in capsys.readouterr().out.splitlines()[1:])
    assert rows == ["shop 111122223333 Read", "shop 111122223333 ops/Deploy", "shop 111122223333 web/Deploy", "shop 444455556666 Read"]


def test_a_query_keeps_its_order(alone, capsys):
    assert [item["name"] for item in answer(capsys, alone, "--json", "env:prod", "dev")] == ["team", "production/path/AdminRole"]
    assert dispatch(["ls", "--names", "admin"], alone) == 0
    assert capsys.readouterr().out == "production/path/AdminRole\naudit/ReadOnly\n"


def test_names_are_one_a_line_and_safe_to_show(alone, capsys):
    assert dispatch(["ls", "--names"], alone) == 0
    assert capsys.readouterr().out == "production/path/AdminRole\naudit/ReadOnly\nteam\nodd␛[31m\n"


def test_no_match_is_an_empty_answer(alone, capsys):
    assert answer(capsys, alone, "--json", "qqq") == []
    assert dispatch(["ls", "qqq"], alone) == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", 'No role matches "qqq". `roledeck ls` shows all 4.\n')


def test_what_finds_nothing_says_how_to_find_more(alone, capsys):
    assert dispatch(["ls", "env:prod", "readonly"], alone) == 0
    assert capsys.readouterr().err.splitlines() == [
        'No role matches "env:prod readonly". `roledeck ls` shows all 4.',
        "Without readonly: 2 roles; without env:prod: 1 role.",
    ]
    assert dispatch(["ls", "evn:prod"], alone) == 0
    assert capsys.readouterr().err.splitlines()[1] == 'There is no field "evn:". The nearest is env:'


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["!env:prod"], ["audit/ReadOnly", "odd\x1b[31m"]),
        (["--", "-env:prod", "-odd"], ["audit/ReadOnly"]),
        (["id:7777"], ["audit/ReadOnly"]),
        (["arn:aws:iam::111122223333:role/path/AdminRole"], ["production/path/AdminRole"]),
        (["admnrl"], ["production/path/AdminRole"]),
        (["name:TEAM"], ["team"]),
        (["prod", "developer"], ["team"]),
        (['"path dev"', "team"], []),
    ],
)
def test_queries_over_the_real_command(alone, capsys, words, names):
    assert [item["name"] for item in answer(capsys, alone, "--json", *words)] == names
    assert dispatch(["ls", "--names", *words], alone) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(names)


def test_favourites_come_first_among_equals(alone, capsys):
    from tui_app.catalog.favourites import set_favourite

    assert [item["name"] for item in answer(capsys, alone, "--json", "env:prod")] == ["production/path/AdminRole", "team"]
    for key in ("team", "gone"):
        set_favourite(alone, key, lambda: True)
    assert [item["name"] for item in answer(capsys, alone, "--json", "env:prod")] == ["team", "production/path/AdminRole"]
    assert answer(capsys, alone, "--json")[0]["name"] == "production/path/AdminRole"


def test_no_files_at_all(bare_environ, tmp_path, capsys):
    assert dispatch(["ls"], {**bare_environ, "HOME": str(tmp_path / "nobody")}) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("No file names a role yet. Write one with `roledeck add`")


def test_problems_are_told_beside_the_answer(alone, tmp_path, capsys):
    (tmp_path / "config").write_text(CONFIG + "nonsense\n" * 7)
    assert len(answer(capsys, alone, "--json")) == 4
    assert dispatch(["ls"], alone) == 0
    told = capsys.readouterr().err.splitlines()
    assert told[0] == f'{tmp_path}/config:10  This line has no "=", so it is not read. Write name = value.'
    assert (len(told), told[-1]) == (6, "and 2 more problems in the files.")


def test_nothing_is_coloured_away_from_a_terminal(alone, capsys):
    assert dispatch(["ls"], {**alone, "TERM": "xterm-256color"}) == 0
    assert "\x1b" not in capsys.readouterr().out


@pytest.fixture
def terminal(monkeypatch):
    """Stdout as a terminal that is so wide."""

    def pretend(width):
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
        monkeypatch.setattr(os, "get_terminal_size", lambda *_: os.terminal_size((width, 24)))

    return pretend


def test_colours_on_a_terminal_and_none_where_they_are_not_wanted(alone, terminal, capsys):
    terminal(100)
    shown = []
    for more in ({}, {"NO_COLOR": "1"}, {"TERM": "dumb"}):
        assert dispatch(["ls"], {**alone, **more}) == 0
        shown.append(capsys.readouterr().out)
    coloured, *plain = shown
    assert "\x1b[1;31mprod\x1b[0m" in coloured
    assert [re.sub(r"\x1b\[[0-9;]*m", "", coloured)] * 2 == plain


def test_a_narrow_terminal_cuts_the_role_in_its_middle_and_nothing_else(alone, tmp_path, terminal, capsys):
    (tmp_path / "config.toml").write_text(TOML.replace("AdminRole", "AdministratorOfEverythingRole"))
    terminal(80)
    assert dispatch(["ls"], {**alone, "NO_COLOR": "1"}) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[1].split() == ["·", "production", "Admini…gRole", "dev", "—"]
    assert lines[2].split() == ["·", "production", "Developer", "team", "dev", "—"]


@pytest.mark.parametrize("width", [20, 34, 40, 60, 80, 100, 200])
def test_no_line_is_wider_than_the_terminal_and_columns_stay_aligned(alone, tmp_path, terminal, capsys, width):
    wide = TOML.replace("production", "支払いチームの長いアカウント").replace("AdminRole", "AdministratorOfEverythingRole")
    (tmp_path / "config.toml").write_text(wide, encoding="utf-8")
    (tmp_path / "config").write_text(CONFIG.replace("[profile team]", "[profile a-profile-with-a-very-long-name-that-ends-in-team]"))
    terminal(width)
    assert dispatch(["ls"], {**alone, "NO_COLOR": "1"}) == 0
    rows = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  ")]
    assert len(rows) == 4
    assert len({cells(row) for row in rows}) == 1
    assert cells(rows[0]) <= width


@pytest.mark.parametrize("variables", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C"}, {"LANG": "C"}, {"LANG": "de_DE.ISO-8859-1"}])
def test_without_utf_8_the_signs_are_ascii(alone, variables):
    done = subprocess.run([sys.executable, "-m", "tui_app", "ls"], env={**alone, **variables}, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[1] == "  . production    AdminRole            dev                   -"


def test_live_sessions_have_their_end(environ, capsys):
    assert dispatch(["assume", "staging-readonly"], environ) == 0
    capsys.readouterr()
    (item,) = answer(capsys, environ, "--json", "state:live")
    validate([item], SCHEMA)
    assert (item["name"], item["state"]) == ("staging-readonly", "live")
    assert dispatch(["ls", "state:live"], environ) == 0
    assert re.search(r"● staging +ReadOnly +staging-readonly +dev +59:5\d", capsys.readouterr().out)
