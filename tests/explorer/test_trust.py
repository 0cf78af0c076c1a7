from __future__ import annotations

import pytest

from tui_app.errors import OutOfReach, Refused
from tui_app.explorer.trust import read_trust
from tui_app.model import AccessKey, Account, Credentials, Identity, Role, Session
from tui_app.secret import Secret

ARN = "arn:aws:iam::111122223333:role/cross-account/Developer"
ROLE = Role("production/cross-account/Developer", ARN, Account("111122223333", "production"), "cross-account/Developer")
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": "UniqueExternalId12345"}},
        }
    ],
}
ANSWER = {"Role": {"RoleName": "Developer", "AssumeRolePolicyDocument": POLICY}}


def session(role_arn: str, account: str = "111122223333", expires: float = 5000.0) -> Session:
    name = role_arn.rpartition("/")[2]
    identity = Identity(account, f"arn:aws:sts::{account}:assumed-role/{name}/me", "AROA:me", 0.0, "eu-west-1")
    return Session(role_arn, name, Credentials(AccessKey(f"ASIA{name.upper()}", Secret("s"), Secret("t")), expires), identity, 0.0, 3600, 1)


class FakeDoor:
    def __init__(self, answers):
        self.answers = answers
        self.asked = []

    def call(self, service, operation, *, region, key, parameters, retry=True):
        self.asked.append((service, operation, key.id, dict(parameters)))
        answer = self.answers[len(self.asked) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_the_roles_own_session_reads_its_trust_policy():
    door = FakeDoor([ANSWER])
    reading = read_trust(door, ROLE, [session("arn:aws:iam::111122223333:role/Other"), session(ARN)], clock=lambda: 1000.0)
    assert door.asked == [("iam", "GetRole", "ASIADEVELOPER", {"RoleName": "Developer"})]
    assert reading.policy is not None
    assert len(reading.statements) == 1
    assert (reading.why_not, reading.read_by.account, reading.at) == ("", "111122223333", 1000.0)


def test_another_session_of_the_account_reads_it_where_the_own_one_may_not():
    door = FakeDoor([Refused("no", code="AccessDenied"), ANSWER])
    reading = read_trust(door, ROLE, [session(ARN), session("arn:aws:iam::111122223333:role/Admin")], clock=lambda: 1000.0)
    assert [asked[2] for asked in door.asked] == ["ASIADEVELOPER", "ASIAADMIN"]
    assert reading.policy is not None
    assert reading.read_by.arn.endswith("/Admin/me")


@pytest.mark.parametrize(
    "sessions",
    [[], [session(ARN, expires=999.0)], [session("arn:aws:iam::444455556666:role/Admin", "444455556666")]],
    ids=["none", "expired", "another account"],
)
def test_without_a_live_session_of_the_account_it_says_so_and_asks_nobody(sessions):
    door = FakeDoor([])
    reading = read_trust(door, ROLE, sessions, clock=lambda: 1000.0)
    assert reading.policy is None
    assert reading.why_not == "Only a session in account 111122223333 can read it, and there is none."
    assert door.asked == []


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [
        (Refused("no", code="AccessDenied"), "Developer may not read it: iam:GetRole is denied."),
        (OutOfReach("IAM did not answer.", "Check the network."), "IAM did not answer. Check the network."),
    ],
)
def test_why_it_cannot_be_read_is_one_sentence(failure, sentence):
    assert read_trust(FakeDoor([failure]), ROLE, [session(ARN)], clock=lambda: 1000.0).why_not == sentence


def test_a_trust_policy_that_is_none_is_told_not_raised():
    answer = {"Role": {"AssumeRolePolicyDocument": "<html>\x1b[2J"}}
    reading = read_trust(FakeDoor([answer]), ROLE, [session(ARN)], clock=lambda: 1000.0)
    assert reading.policy is None
    assert reading.why_not.startswith("AWS answered with a trust policy that cannot be read")
    assert "\x1b" not in reading.why_not


@pytest.mark.parametrize(
    "answer",
    [{}, {"Role": None}, {"Role": "no"}, {"Role": {}}, {"Role": {"AssumeRolePolicyDocument": None}}],
    ids=["nothing", "no role", "a text", "no document", "an empty document"],
)
def test_an_answer_without_a_trust_policy_is_told_not_raised(answer):
    reading = read_trust(FakeDoor([answer]), ROLE, [session(ARN)], clock=lambda: 1000.0)
    assert reading.policy is None
    assert reading.why_not == "AWS answered without a trust policy."
    assert reading.read_by.account == "111122223333"
