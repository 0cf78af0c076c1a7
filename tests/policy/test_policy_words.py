from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.policy.conditions import OPERATORS
from tui_app.policy.document import Condition, Policy, Statement, parse_policy
from tui_app.policy.words import condition_in_words, conditions_in_words, trust_in_words

DEV = "444455556666"


def words(**statement):
    (said,) = trust_in_words(
        parse_policy(
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"} | statement]}
        )
    )
    return said


@pytest.mark.parametrize(
    ("principal", "who"),
    [
        ("*", "everyone, from any AWS account"),
        ({"AWS": DEV}, f"everyone in account {DEV} whose own policies allow it"),
        ({"AWS": f"arn:aws:iam::{DEV}:root"}, f"everyone in account {DEV} whose own policies allow it"),
        ({"AWS": f"arn:aws:iam::{DEV}:user/team/Kim"}, f"the user team/Kim in account {DEV}"),
        ({"AWS": f"arn:aws:iam::{DEV}:role/Hub"}, f"the role Hub in account {DEV}"),
        ({"AWS": f"arn:aws:sts::{DEV}:assumed-role/Hub/kim"}, f"the session kim of the role Hub in account {DEV}"),
        ({"AWS": f"arn:aws:sts::{DEV}:federated-user/kim"}, f"the federated user kim in account {DEV}"),
        ({"AWS": "AIDAQXZKFCPWXYZABCDEF"}, "a user that has been deleted (AIDAQXZKFCPWXYZABCDEF)"),
        ({"AWS": "AROAQXZKFCPWXYZABCDEF"}, "a role that has been deleted (AROAQXZKFCPWXYZABCDEF)"),
        ({"Service": "lambda.amazonaws.com"}, "the AWS service lambda.amazonaws.com"),
        ({"Federated": "accounts.google.com"}, "people that accounts.google.com has signed in"),
        ({"AWS": "what is this"}, "what is this"),
        ({"AWS": []}, "nobody"),
    ],
)
def test_principals(principal, who):
    assert words(Principal=principal).who == (who,)


def test_all_but():
    policy = parse_policy(
        {"Statement": {"Effect": "Deny", "NotPrincipal": {"AWS": DEV}, "NotAction": ["sts:TagSession", "sts:AssumeRole"]}}
    )
    (said,) = trust_in_words(policy)
    assert (said.effect, said.who, said.actions) == (
        "Deny",
        (f"everyone except account {DEV}",),
        ("do anything except give the session tags and take the role",),
    )


@pytest.mark.parametrize(
    ("operator", "key", "values", "clause"),
    [
        ("StringEquals", "sts:ExternalId", ["s3cret"], "an external id that matches is sent"),
        ("StringLike", "sts:ExternalId", ["s3*"], "an external id that fits is sent"),
        ("StringEquals", "sts:ExternalId", ["s3cret", "t"], "an external id that matches, one of 2, is sent"),
        ("StringEqualsIfExists", "sts:ExternalId", ["s3cret"], "an external id that matches is sent, or none"),
        ("StringNotEquals", "sts:ExternalId", ["s3cret"], "the external id is none of those that the policy refuses"),
        ("Null", "sts:ExternalId", ["true"], "no external id is sent"),
        ("StringIs", "sts:ExternalId", ["s3cret"], "StringIs sts:ExternalId: ••••"),
        ("Bool", "aws:MultiFactorAuthPresent", ["true"], "an MFA code was given"),
        ("BoolIfExists", "aws:MultiFactorAuthPresent", ["true"], "an MFA code was given, or long-term keys are used"),
        ("Bool", "aws:MultiFactorAuthPresent", ["false"], "no MFA code was given, with temporary credentials"),
        ("NumericLessThan", "aws:MultiFactorAuthAge", ["3600"], "the MFA code is less than 1h old"),
        ("Null", "aws:MultiFactorAuthAge", ["false"], "an MFA code was given"),
        ("DateLessThan", "aws:CurrentTime", ["2025-01-01T00:00:00Z"], "the time is before 2025-01-01"),
        ("DateGreaterThan", "aws:CurrentTime", ["2025-01-01T12:30:00Z"], "the time is after 2025-01-01 12:30 UTC"),
        ("DateGreaterThan", "aws:CurrentTime", ["soon"], "the time is after soon"),
        ("IpAddress", "aws:SourceIp", ["203.0.113.0/24", "198.51.100.7"], "the call comes from 203.0.113.0/24 or 198.51.100.7"),
        ("NotIpAddress", "aws:SourceIp", ["203.0.113.0/24"], "the call does not come from 203.0.113.0/24"),
        ("StringEquals", "aws:PrincipalOrgID", ["o-abc"], "the caller's organization is o-abc"),
        ("ArnLike", "aws:PrincipalArn", ["arn:aws:iam::*:role/x"], "the caller's ARN fits arn:aws:iam::*:role/x"),
        ("StringEquals", "aws:PrincipalTag/Team", ["data"], "the caller's tag Team is data"),
        ("StringLike", "sts:RoleSessionName", ["${aws:username}"], "the session name fits ${aws:username}"),
        ("ForAllValues:StringEquals", "aws:TagKeys", ["a", "b"], "every one of the keys of the session tags is a or b"),
        ("StringEqualsIfExists", "aws:SourceIdentity", ["kim"], "the source identity of the caller is kim, if there is one"),
        ("StringEquals", "accounts.google.com:aud", ["app"], "the audience that accounts.google.com gave is app"),
        ("StringEquals", "acme:Unknown", list("abcdefgh"), "acme:Unknown is a, b, c, d, e, f or 2 more"),
        ("SomethingNew", "aws:SourceIp", ["x"], "SomethingNew aws:SourceIp: x"),
    ],
)
def test_conditions(operator, key, values, clause):
    assert condition_in_words(Condition(operator, key, tuple(values))) == clause


def test_a_beginning_and_an_end_are_one_clause():
    block = {"DateGreaterThan": {"aws:CurrentTime": "2025-01-01T00:00:00Z"}, "DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}}
    assert words(Condition=block).conditions == ("the time is between 2025-01-01 and 2026-01-01",)


def test_actions_are_told_as_what_one_does():
    assert words(Action=["sts:AssumeRole", "sts:TagSession", "acme:Thing"]).actions == (
        "take the role",
        "give the session tags",
        "acme:Thing",
    )


OPERATOR = st.builds(
    lambda *parts: "".join(parts),
    st.sampled_from(["", "ForAnyValue:"]),
    st.sampled_from(sorted(OPERATORS)) | st.text(max_size=4),
    st.sampled_from(["", "IfExists"]),
)


@given(OPERATOR, st.lists(st.text(max_size=5), max_size=3))
def test_an_external_id_is_never_told(operator, more):
    condition = Condition(operator, "STS:ExternalId", ("UniqueExternalId12345", *more))
    assert "UniqueExternalId12345" not in "".join(conditions_in_words((condition,)))


@given(
    st.lists(
        st.builds(
            Condition,
            OPERATOR,
            st.text(max_size=8) | st.sampled_from(["aws:CurrentTime", "aws:MultiFactorAuthAge", "aws:SourceIp"]),
            st.lists(st.text(max_size=6), max_size=9).map(tuple),
        ),
        max_size=4,
    )
)
def test_there_are_words_for_anything(conditions):
    said = trust_in_words(Policy((Statement("Allow", conditions=tuple(conditions)),)))
    assert all(said[0].conditions)
    assert len(said[0].conditions) <= len(conditions)
