"""AWS's limits, held before anything is sent."""

from __future__ import annotations

import pytest

from tui_app.errors import ConfigUnusable, UsageError
from tui_app.model import Origin
from tui_app.secret import Secret
from tui_app.sessions.request import AssumeRole, check_mfa_session

ARN = "arn:aws:iam::111122223333:role/path/Dev"
GOOD = {"role_arn": ARN, "session_name": "me", "duration": 3600}

WRONG = {
    "role_arn": [{"role_arn": "arn:aws:iam::1:role/x"}, {"role_arn": "arn:aws:iam::111122223333:user/x"}, {"role_arn": ARN + "x" * 64}],
    "duration": [{"duration": 899}, {"duration": 43201}, {"duration": 0}, {"duration": -1}],
    "session_name": [{"session_name": "a"}, {"session_name": "a" * 65}, {"session_name": "a b"}, {"session_name": "ü-name"}],
    "external_id": [
        {"external_id": Secret("a")},
        {"external_id": Secret("a b")},
        {"external_id": Secret("x" * 1225)},
        {"external_id": Secret("a\n")},
    ],
    "mfa_serial": [{"serial": "arn:aws:iam::111122223333:user/Dev"}, {"serial": "short"}, {"serial": "x" * 257}],
    "source_identity": [{"source_identity": "aws:me"}, {"source_identity": "a"}, {"source_identity": "a b"}],
    "tags": [
        {"tags": tuple((f"k{number}", "v") for number in range(51))},
        {"tags": (("Team", "a"), ("team", "b"))},
        {"tags": (("", "a"),)},
        {"tags": (("k" * 129, "a"),)},
        {"tags": (("k", "v" * 257),)},
        {"tags": (("k", "a*b"),)},
    ],
    "transitive_tags": [{"transitive_tags": ("team",)}],
    "policy": [{"policy": "{"}, {"policy": "[]"}, {"policy": '{"a": "' + "x" * 2048 + '"}'}],
    "policy_arns": [{"policy_arns": ("nonsense",)}, {"policy_arns": ("arn:aws:iam::aws:policy/A",) * 11}],
}


@pytest.mark.parametrize(("setting", "values"), [(setting, values) for setting, table in WRONG.items() for values in table])
def test_what_aws_would_refuse_is_not_sent(setting, values):
    request = AssumeRole(**(GOOD | values))

    with pytest.raises(ConfigUnusable) as caught:
        request.check({setting: Origin("/home/me/config.toml", 12)})

    assert setting in caught.value.message
    assert caught.value.where == "/home/me/config.toml:12"
    if setting == "external_id":
        assert values["external_id"].reveal() not in caught.value.sentence().split()


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"duration": 900},
        {"duration": 43200},
        {"session_name": "a" * 64},
        {"external_id": Secret("x" * 1224)},
        {"serial": "GAHT12345678"},
        {"role_arn": "arn:aws-cn:iam::111122223333:role/Dev"},
        {"tags": (("team", "größe 1"),), "transitive_tags": ("team",)},
    ],
)
def test_what_aws_takes_passes(values):
    AssumeRole(**(GOOD | values)).check({})


@pytest.mark.parametrize("code", ["", "12345", "1234567", "12345a", "١٢٣٤٥٦", "123 56"])
def test_a_code_is_six_digits(code):
    with pytest.raises(UsageError) as caught:
        AssumeRole(**GOOD, serial="arn:aws:iam::444455556666:mfa/Dev", code=Secret(code)).check({})

    assert not code or code not in caught.value.sentence()


def test_a_serial_without_a_code_is_not_sent():
    assert "SerialNumber" not in AssumeRole(**GOOD, serial="arn:aws:iam::444455556666:mfa/Dev").parameters()


@pytest.mark.parametrize(
    ("serial", "duration"), [("arn:aws:iam::444455556666:mfa/Dev", 129601), ("arn:aws:iam::444455556666:user/Dev", 3600)]
)
def test_an_mfa_session_has_limits_too(serial, duration):
    with pytest.raises(ConfigUnusable):
        check_mfa_session(serial, Secret("123456"), duration)
