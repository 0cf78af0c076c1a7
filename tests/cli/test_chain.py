"""`roledeck chain`: what would happen, drawn and as JSON, without anything happening."""

from __future__ import annotations

import json

import pytest
from jsonschema import validate

from tui_app.cli.main import dispatch

TEXT, NULLABLE = {"type": "string"}, {"type": ["string", "null"]}
SCHEMA = {
    "type": "object",
    "required": ["role", "source", "hops", "problems"],
    "properties": {
        "role": {
            "type": "object",
            "required": ["arn", "account", "name"],
            "properties": dict.fromkeys(("arn", "account", "name"), TEXT),
        },
        "source": {
            "type": "object",
            "required": ["kind", "profile"],
            "properties": {
                "kind": {"enum": ["static", "sso", "process", "web_identity", "environment", "instance", "container", "login", "missing"]},
                "profile": NULLABLE,
            },
        },
        "hops": {
            "type": "array",
            "items": {
                "type": "object",
                "required": [
                    *("role_arn", "via", "session_name", "external_id", "mfa_serial"),
                    *("duration", "asks_for_code", "cached_until", "notes", "from"),
                ],
                "properties": {
                    "role_arn": TEXT,
                    "via": TEXT,
                    "session_name": TEXT,
                    "external_id": {"type": "boolean"},
                    "mfa_serial": NULLABLE,
                    "duration": {"type": "integer", "minimum": 900},
                    "asks_for_code": {"type": "boolean"},
                    "cached_until": NULLABLE,
                    "notes": {"type": "array", "items": TEXT},
                    "from": {"type": "object", "additionalProperties": {"type": "string", "pattern": ":[0-9]+$"}},
                },
            },
        },
        "problems": {
            "type": "array",
            "items": {"type": "object", "required": ["kind", "message", "where"], "additionalProperties": TEXT},
        },
    },
}
SERIAL = "arn:aws:iam::444455556666:mfa/DevUser"
CONFIG = f"""[profile team]
role_arn = arn:aws:iam::111122223333:role/path/Developer
source_profile = dev
mfa_serial = {SERIAL}
[profile lost]
role_arn = arn:aws:iam::111122223333:role/Lost
source_profile = nowhere
[profile start]
sso_account_id = 111122223333
sso_role_name = ReadOnly
sso_region = eu-west-1
sso_start_url = https://example.awsapps.com/start
[profile token]
role_arn = arn:aws:iam::111122223333:role/Web
web_identity_token_file = /nowhere/token
"""
TOML = """[[account]]
id = "777788889999"
name = "audit"
  [[account.role]]
  name = "ReadOnly"
  via = "team"
  external_id = "UniqueExternalId12345"
  duration = "4h"
"""


@pytest.fixture
def alone(bare_environ, tmp_path):
    """An environment with files of our own and no AWS."""
    (tmp_path / "config").write_text(CONFIG)
    (tmp_path / "credentials").write_text("[dev]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI\n")
    (tmp_path / "config.toml").write_text(TOML)
    return {
        **bare_environ,
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
        "ROLEDECK_CONFIG": str(tmp_path / "config.toml"),
    }


def answer(capsys, environ, *words):
    assert dispatch(["chain", *words, "--json"], environ) == 0
    said = json.loads(capsys.readouterr().out)
    validate(said, SCHEMA)
    return said


def test_the_answer_follows_its_schema(alone, tmp_path, capsys):
    said = answer(capsys, alone, "audit/ReadOnly")
    assert said["role"] == {"arn": "arn:aws:iam::777788889999:role/ReadOnly", "account": "777788889999", "name": "ReadOnly"}
    assert (said["source"]["kind"], said["source"]["profile"], said["source"]["from"]) == ("static", "dev", f"{tmp_path}/credentials:2")
    first, second = said["hops"]
    assert (first["role_arn"], first["via"], first["mfa_serial"]) == ("arn:aws:iam::111122223333:role/path/Developer", "dev", SERIAL)
    assert (first["asks_for_code"], first["external_id"], first["cached_until"]) == (True, False, None)
    assert first["from"]["role_arn"] == f"{tmp_path}/config:2"
    assert (second["via"], second["mfa_serial"], second["asks_for_code"], second["external_id"]) == ("team", None, False, True)
    assert second["duration"] == 3600, "a role that is assumed by a role lasts at most an hour"
    assert (second["from"]["role_arn"], second["from"]["duration"]) == (f"{tmp_path}/config.toml:5", f"{tmp_path}/config.toml:8")
    assert said["problems"] == []


def test_no_secret_is_in_any_answer(alone, capsys):
    dispatch(["chain", "audit/ReadOnly", "--json"], alone)
    dispatch(["chain", "audit/ReadOnly"], alone)
    shown = capsys.readouterr().out
    assert "wJalrXUtnFEMI" not in shown
    assert "UniqueExternalId12345" not in shown


def test_people_get_it_drawn(alone, tmp_path, capsys):
    assert dispatch(["chain", "audit/ReadOnly"], alone) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "■ dev" + " " * 58 + "long-term"
    assert lines[1] == f"│ access key  {tmp_path}/credentials:2"
    assert [line.split("  ")[0] for line in lines if line.startswith("▼")] == ["▼ GetSessionToken", "▼ AssumeRole", "▼ AssumeRole"]
    assert "▼ GetSessionToken  one code, 8h  mfa/DevUser" in lines
    assert [line.split()[1:3] for line in lines if line.startswith("·")] == [
        ["MFA", "session"],
        ["111122223333", "Developer"],
        ["audit", "ReadOnly"],
    ]
    assert {len(line) for line in lines if line.startswith(("■", "·"))} == {72}
    assert f"  777788889999  {tmp_path}/config.toml:4" in lines
    assert lines[-1].endswith("A code is asked for now.")


def test_a_direct_code_is_drawn_at_its_call(alone, capsys):
    assert dispatch(["chain", "team", "--duration", "2h"], alone) == 0
    shown = capsys.readouterr().out
    assert "GetSessionToken" not in shown
    assert "▼ AssumeRole  2h" in shown
    assert "asks for a code, mfa/DevUser" in shown


def test_what_does_not_resolve_is_an_answer(alone, tmp_path, capsys):
    said = answer(capsys, alone, "lost")
    assert [(problem["kind"], problem["where"]) for problem in said["problems"]] == [("unknown_source", f"{tmp_path}/config:7")]
    assert dispatch(["chain", "lost"], alone) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "■ nowhere"
    assert lines[1] == "│ no credentials"
    assert lines[-1].startswith(f'✕ {tmp_path}/config:7  "nowhere", the source_profile of lost, is in no file.')


@pytest.mark.parametrize(("profile", "kind", "words"), [("start", "sso", "IAM Identity Center"), ("token", "web_identity", "web identity")])
def test_a_role_that_is_a_source_has_no_hops(alone, capsys, profile, kind, words):
    said = answer(capsys, alone, profile)
    assert (said["source"]["kind"], said["source"]["profile"], said["hops"], said["problems"]) == (kind, profile, [], [])
    assert dispatch(["chain", profile], alone) == 0
    assert words in capsys.readouterr().out


def test_another_way(alone, capsys):
    said = answer(capsys, alone, "lost", "--via", "team")
    assert [hop["via"] for hop in said["hops"]] == ["dev", "team"]
    assert answer(capsys, alone, "arn:aws:iam::999900001111:role/New", "--via", "dev")["hops"][0]["via"] == "dev"


def test_a_live_session_shows_how_long_it_lasts(environ, capsys):
    assert dispatch(["assume", "staging-readonly"], environ) == 0
    capsys.readouterr()
    (hop,) = answer(capsys, environ, "staging-readonly")["hops"]
    assert hop["cached_until"].endswith("Z")
    assert dispatch(["chain", "staging-readonly"], environ) == 0
    shown = capsys.readouterr().out
    assert "● staging  ReadOnly" in shown
    assert "59:5" in shown
