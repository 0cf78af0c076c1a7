"""`roledeck whoami`: who, from where, and what wins over what was meant."""

from __future__ import annotations

import json

import pytest
from jsonschema import validate

from tui_app.cli.main import dispatch

SCHEMA = {
    "type": "object",
    "required": ["account", "arn", "user_id", "region", "expected", "match", "credentials_from", "warnings"],
    "properties": {
        "account": {"type": "string", "pattern": "^[0-9]{12}$"},
        "arn": {"type": "string"},
        "user_id": {"type": "string"},
        "region": {"type": "string"},
        "expected": {"anyOf": [{"type": "null"}, {"type": "object", "required": ["account", "role"]}]},
        "match": {"type": ["boolean", "null"]},
        "credentials_from": {"type": "string"},
        "warnings": {"type": "array", "items": {"type": "string"}},
    },
}


def whoami(environ, capsys, *words):
    assert dispatch(["whoami", *words, "--json"], environ) == 0
    answer = json.loads(capsys.readouterr().out)
    validate(answer, SCHEMA)
    return answer


def test_a_role(environ, capsys):
    answer = whoami(environ, capsys, "staging-readonly")

    assert answer["arn"] == "arn:aws:sts::555566667777:assumed-role/ReadOnly/tester"
    assert answer["expected"] == {"account": "555566667777", "role": "ReadOnly"}
    assert answer["match"] is True
    assert answer["region"] == "eu-west-1"
    assert environ["AWS_CONFIG_FILE"] + ":" in answer["credentials_from"] or "config:" in answer["credentials_from"]
    assert answer["warnings"] == []


def test_a_role_beside_keys_in_the_environment_warns(environ, capsys):
    answer = whoami(environ | {"AWS_ACCESS_KEY_ID": "AKIAX", "AWS_SECRET_ACCESS_KEY": "x"}, capsys, "staging-readonly")

    assert "AWS_ACCESS_KEY_ID is set" in answer["warnings"][0]
    assert answer["account"] == "555566667777"


def test_keys_in_the_environment_win_over_a_profile(aws, environ, capsys):
    key_id, secret = aws.key("contractor")
    keys = {"AWS_ACCESS_KEY_ID": key_id, "AWS_SECRET_ACCESS_KEY": secret}

    answer = whoami(environ | keys | {"AWS_PROFILE": "dev"}, capsys)

    assert "Contractor" in answer["arn"]
    assert answer["expected"] is None
    assert answer["match"] is None
    assert answer["credentials_from"] == "AWS_ACCESS_KEY_ID in the environment"
    assert "win over AWS_PROFILE=dev" in answer["warnings"][0]


@pytest.mark.parametrize("variable", ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"])
def test_a_profile_with_keys(environ, capsys, variable):
    answer = whoami(environ | {variable: "dev"}, capsys)

    assert answer["arn"] == "arn:aws:iam::444455556666:user/DevUser"
    assert answer["credentials_from"].startswith("profile dev, ")
    assert answer["credentials_from"].rpartition(":")[2].isdigit()


def test_a_profile_that_assumes_a_role(environ, capsys):
    answer = whoami(environ | {"AWS_PROFILE": "staging-readonly"}, capsys)

    assert answer["account"] == "555566667777"
    assert answer["match"] is True
    assert answer["credentials_from"].startswith("profile staging-readonly, ")


def test_two_profile_variables_that_differ_are_told(environ, capsys):
    answer = whoami(environ | {"AWS_PROFILE": "dev", "AWS_DEFAULT_PROFILE": "contractor"}, capsys)

    assert "differ" in answer["warnings"][0]


def test_words_for_people(environ, capsys):
    assert dispatch(["whoami", "staging-readonly"], environ) == 0

    out = capsys.readouterr().out
    assert "Account   555566667777  staging" in out
    assert "yes, that is who this is" in out


@pytest.mark.parametrize(("more", "sentence"), [({}, "nothing in the environment"), ({"AWS_PROFILE": "nope"}, "no profile nope")])
def test_nobody_is_exit_six(environ, capsys, more, sentence):
    assert dispatch(["whoami"], environ | more) == 6

    assert sentence in capsys.readouterr().err


def test_half_a_key_pair_is_told(environ, capsys):
    assert dispatch(["whoami"], environ | {"AWS_ACCESS_KEY_ID": "AKIAX"}) == 6

    assert "AWS_SECRET_ACCESS_KEY" in capsys.readouterr().err


def test_a_profile_that_is_no_role_may_be_named(environ, capsys):
    answer = whoami(environ, capsys, "dev")

    assert answer["arn"] == "arn:aws:iam::444455556666:user/DevUser"
    assert answer["expected"] is None
    assert answer["credentials_from"].startswith("profile dev, ")


def test_a_container_that_is_not_there_is_told(environ, capsys):
    assert dispatch(["whoami"], environ | {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://evil.example/x"}) == 6

    assert "evil.example in AWS_CONTAINER_CREDENTIALS_FULL_URI is not asked" in capsys.readouterr().err


def test_the_token_of_a_pod_goes_before_the_default_profile(environ, capsys, tmp_path):
    role = {"AWS_ROLE_ARN": "arn:aws:iam::111122223333:role/Pod", "AWS_WEB_IDENTITY_TOKEN_FILE": str(tmp_path / "none")}
    assert dispatch(["whoami"], environ | role) == 6

    assert "web identity token file" in capsys.readouterr().err
    key_id = {"AWS_PROFILE": "staging-readonly"}
    assert whoami(environ | role | key_id, capsys)["account"] == "555566667777", "a profile with a role goes before it"
