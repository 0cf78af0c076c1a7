"""`roledeck assume`: a session, verified and kept, told as the contract says."""

from __future__ import annotations

import json
import time

import pytest
from jsonschema import validate

from tui_app.cli.main import dispatch
from tui_app.clock import parse_moment

SCHEMA = {
    "type": "object",
    "required": ["arn", "account", "role", "expires", "hops", "source_of_code"],
    "properties": {
        "arn": {"type": "string", "pattern": "^arn:aws:sts::[0-9]{12}:assumed-role/"},
        "account": {"type": "string", "pattern": "^[0-9]{12}$"},
        "role": {"type": "string"},
        "expires": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"},
        "hops": {"type": "integer", "minimum": 1},
        "source_of_code": {"enum": ["none", "mfa_session", "code"]},
    },
}
ROLE = "production/cross-account/CrossAccountDeveloperRole"


def test_the_answer_follows_its_schema(environ, capsys):
    assert dispatch(["assume", ROLE, "--json"], environ) == 0

    answer = json.loads(capsys.readouterr().out)
    validate(answer, SCHEMA)
    assert answer["arn"] == "arn:aws:sts::111122223333:assumed-role/CrossAccountDeveloperRole/tester"
    assert answer["role"] == "cross-account/CrossAccountDeveloperRole"
    assert answer["source_of_code"] == "none"
    assert 3500 < parse_moment(answer["expires"]) - time.time() <= 3600


def test_words_for_people(environ, capsys):
    assert dispatch(["assume", "staging-readonly"], environ) == 0
    assert dispatch(["assume", "staging-readonly"], environ) == 0

    first, arn, second, _ = capsys.readouterr().out.splitlines()
    assert first.startswith("staging/ReadOnly  59:")
    assert "no code was needed" in first
    assert "kept from before" in second
    assert arn == "arn:aws:sts::555566667777:assumed-role/ReadOnly/tester"


def test_a_code_from_the_environment_is_used_once(aws, environ, capsys):
    code = aws.code()
    assert dispatch(["assume", "production/AdminRole", "--json"], environ | {"ROLEDECK_MFA_CODE": code}) == 0

    out = capsys.readouterr()
    assert json.loads(out.out)["source_of_code"] == "mfa_session"
    assert code not in out.out + out.err


def test_a_wrong_code_from_the_environment_is_refused(environ, capsys):
    assert dispatch(["assume", "production/AdminRole"], environ | {"ROLEDECK_MFA_CODE": "000000"}) == 4

    assert "invalid MFA one time pass code" in capsys.readouterr().err


def test_a_longer_session_is_had_with_duration(environ, capsys):
    assert dispatch(["assume", "development/S3Developer", "--duration", "2h", "--json"], environ) == 0

    assert parse_moment(json.loads(capsys.readouterr().out)["expires"]) - time.time() > 7000


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["assume", "sandbox/PowerUser"], 4, "may not become"),
        (["assume", "no/such"], 2, "no/such"),
        (["assume", ROLE, "--duration", "5m"], 2, "15m to 12h"),
        (["assume", ROLE, "--duration", "13h"], 2, "15m to 12h"),
        (["assume", ROLE, "--duration", "soon"], 2, "soon"),
    ],
)
def test_failures_are_one_sentence_and_a_code(environ, capsys, words, code, sentence):
    assert dispatch(words, environ) == code

    out = capsys.readouterr()
    assert out.out == ""
    assert sentence in out.err
    assert out.err.count("\n") == 1


def test_nobody_listening_is_exit_five(environ, capsys):
    assert dispatch(["assume", ROLE], environ | {"ROLEDECK_ENDPOINT_URL": "http://127.0.0.1:9"}) == 5
    assert "cannot be reached" in capsys.readouterr().err


def test_a_plain_http_endpoint_elsewhere_is_exit_six(environ, capsys):
    assert dispatch(["assume", ROLE], environ | {"ROLEDECK_ENDPOINT_URL": "http://example.com"}) == 6
    assert "https" in capsys.readouterr().err
