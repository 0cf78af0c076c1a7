"""`roledeck sessions`: what is live, and the journal."""

from __future__ import annotations

import json

from jsonschema import validate

from tui_app.cli.main import dispatch

SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["account", "role", "arn", "expires", "kind", "renews"],
        "properties": {
            "account": {"type": "string", "pattern": "^[0-9]{12}$"},
            "role": {"type": "string"},
            "arn": {"type": "string"},
            "expires": {"type": "string", "pattern": "Z$"},
            "kind": {"enum": ["role", "mfa", "sso"]},
            "renews": {"enum": ["itself", "asks"]},
        },
    },
}


def sessions(environ, capsys, *words):
    assert dispatch(["sessions", *words, "--json"], environ) == 0
    return json.loads(capsys.readouterr().out)


def assume(environ, capsys, *words):
    assert dispatch(["assume", *words], environ) == 0
    capsys.readouterr()


def test_roles_and_mfa_sessions(aws, environ, capsys):
    assume(environ, capsys, "staging-readonly")
    assume(environ | {"ROLEDECK_MFA_CODE": aws.code()}, capsys, "production/AdminRole")

    found = sessions(environ, capsys)

    validate(found, SCHEMA)
    assert sorted((entry["kind"], entry["role"]) for entry in found) == [("mfa", ""), ("role", "AdminRole"), ("role", "ReadOnly")]
    assert {entry["account"] for entry in found} == {"444455556666", "111122223333", "555566667777"}


def test_words_for_people(environ, capsys):
    assert dispatch(["sessions"], environ) == 0
    empty = capsys.readouterr()
    assert empty.out == ""
    assert "No live sessions" in empty.err

    assume(environ, capsys, "staging-readonly")
    assert dispatch(["sessions"], environ) == 0
    assert "staging-readonly  renews itself  arn:aws:sts::555566667777" in capsys.readouterr().out


def test_history_tells_what_happened_oldest_first(environ, capsys):
    assert sessions(environ, capsys, "--history") == []
    assume(environ, capsys, "staging-readonly")
    assume(environ, capsys, "staging-readonly", "--fresh")
    assert dispatch(["forget", "staging-readonly"], environ) == 0
    capsys.readouterr()

    assert [entry["event"] for entry in sessions(environ, capsys, "--history")] == ["assume", "renew", "forget"]
    assert dispatch(["sessions", "--history"], environ) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert "staging-readonly" in lines[0]
    assert "1h" in lines[0]
