"""Principals that come and go: unique ids, deleted and recreated users and roles, exceptions, and what a trust policy may name."""

from __future__ import annotations

import json
from urllib.parse import unquote

import pytest

DENIED = ("AccessDenied", 403)
INVALID_TOKEN = ("InvalidClientTokenId", 403)
LIMIT = "1 validation error detected: Value '{}' at '{}' failed to satisfy constraint: Member must "


def outcome(refusal):
    return refusal.code, refusal.status


def remove_user(estate, person):
    iam = estate.door(estate.home)
    for listed in iam.list_access_keys(UserName=person.name)["AccessKeyMetadata"]:
        estate.door(estate.home).delete_access_key(UserName=person.name, AccessKeyId=listed["AccessKeyId"])
    for name in estate.door(estate.home).list_user_policies(UserName=person.name)["PolicyNames"]:
        estate.door(estate.home).delete_user_policy(UserName=person.name, PolicyName=name)
    estate.door(estate.home).delete_user(UserName=person.name)


def remove_role(estate, arn):
    name = arn.rsplit("/", 1)[1]
    estate.door(estate.away).delete_role_policy(RoleName=name, PolicyName="own")
    estate.door(estate.away).delete_role(RoleName=name)


def trusted(estate, arn):
    role = estate.door(estate.away).get_role(RoleName=arn.rsplit("/", 1)[1])["Role"]
    document = role["AssumeRolePolicyDocument"]
    return (json.loads(unquote(document)) if isinstance(document, str) else document)["Statement"][0]["Principal"]["AWS"]


def test_a_user_may_be_named_by_its_unique_id(estate, dev):
    unique = estate.door(estate.home).get_user(UserName=dev.name)["User"]["UserId"]
    role = estate.role(estate.trusting({"AWS": unique}))
    assert estate.assume(dev, role)
    assert outcome(estate.refused_role(estate.user(estate.allow("*")), role)) == DENIED


def test_a_recreated_user_is_somebody_else(estate):
    first = estate.user(estate.allow("*"))
    role = estate.role(estate.trusting({"AWS": [first.arn, estate.away]}))
    unique = estate.door(estate.home).get_user(UserName=first.name)["User"]["UserId"]
    session = estate.triple(estate.sts(first).get_session_token())
    assert estate.assume(session, role)
    remove_user(estate, first)
    assert trusted(estate, role) == [unique, estate.away]
    second = estate.user(estate.allow("*"), UserName=first.name)
    assert second.arn == first.arn
    assert outcome(estate.refused_role(second, role)) == DENIED
    assert outcome(estate.refused(lambda: estate.sts(session).get_caller_identity())) == INVALID_TOKEN
    trust = json.dumps(estate.trusting({"AWS": second.arn}))
    estate.door(estate.away).update_assume_role_policy(RoleName=role.rsplit("/", 1)[1], PolicyDocument=trust)
    assert estate.assume(second, role)


def test_a_recreated_role_is_another_and_the_sessions_of_a_deleted_one_end(estate, dev):
    middle = estate.role(estate.trusting({"AWS": estate.home}), estate.allow("*"))
    last = estate.role(estate.trusting({"AWS": middle}))
    session = estate.assume(dev, middle)
    assert estate.assume(session, last)
    remove_role(estate, middle)
    assert outcome(estate.refused(lambda: estate.sts(session).get_caller_identity())) == INVALID_TOKEN
    assert trusted(estate, last).startswith("AROA")
    again = estate.role(estate.trusting({"AWS": estate.home}), estate.allow("*"), RoleName=middle.rsplit("/", 1)[1])
    assert outcome(estate.refused_role(estate.assume(dev, again), last)) == DENIED


def test_a_user_that_could_not_be_deleted_stays_trusted(estate, dev):
    role = estate.role(estate.trusting({"AWS": dev.arn}))
    assert estate.refused(lambda: estate.door(estate.home).delete_user(UserName=dev.name)).code == "DeleteConflict"
    assert estate.assume(dev, role)


def test_all_but_one_of_an_account_are_denied(estate, dev):
    for excepted in ([dev.arn], [dev.arn, f"arn:aws:iam::{estate.home}:root"]):
        deny = {"Effect": "Deny", "NotPrincipal": {"AWS": excepted}, "Action": "sts:AssumeRole"}
        trust = estate.trusting({"AWS": estate.home})
        role = estate.role({**trust, "Statement": [*trust["Statement"], deny]})
        assert estate.assume(dev, role)
        assert outcome(estate.refused_role(estate.user(estate.allow("*")), role)) == DENIED


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ({"Principal": {"AWS": "nonsense"}}, 'Invalid principal in policy: "AWS":"nonsense"'),
        (
            {"Principal": {"AWS": "arn:aws:iam::111122223333:role/*"}},
            'Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:role/*"',
        ),
        ({}, "Missing required field Principal"),
        ({"Principal": "*", "Resource": "*"}, "Has prohibited field Resource"),
        ({"Principal": "*", "Effect": "Maybe"}, "Syntax errors in policy."),
        ({"Principal": "*", "Action": "s3:GetObject"}, "AssumeRole policy may only specify STS AssumeRole actions."),
    ],
)
def test_a_trust_policy_that_aws_would_not_keep(estate, statement, message):
    iam = estate.aws.client("iam", estate.user(estate.allow("*")).key)
    document = json.dumps(estate.policy({"Effect": "Allow", "Action": "sts:AssumeRole", **statement}))
    refused = estate.refused(lambda: iam.create_role(RoleName=estate.name("role"), AssumeRolePolicyDocument=document))
    assert (refused.code, refused.status, refused.message) == ("MalformedPolicyDocument", 400, message)


def test_a_trust_policy_may_only_name_who_is_there(estate, dev):
    iam = estate.aws.client("iam", estate.user(estate.allow("*")).key)
    name = estate.name("role")
    ghost = f"arn:aws:iam::{estate.home}:user/ghost"
    refused = estate.refused(
        lambda: iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(estate.trusting({"AWS": [dev.arn, ghost]})))
    )
    assert (refused.code, refused.message) == ("MalformedPolicyDocument", f'Invalid principal in policy: "AWS":"{ghost}"')
    assert iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(estate.trusting({"AWS": [dev.arn, estate.away]})))
    refused = estate.refused(lambda: iam.update_assume_role_policy(RoleName=name, PolicyDocument="{"))
    assert (refused.code, refused.message) == ("MalformedPolicyDocument", "This policy contains invalid Json")


def test_limits_of_roles_and_aliases(estate):
    iam = estate.aws.client("iam", estate.user(estate.allow("*")).key)
    trust = json.dumps(estate.trusting({"AWS": estate.home}))
    refused = estate.refused(lambda: iam.create_role(RoleName="short", AssumeRolePolicyDocument=trust, MaxSessionDuration=43201))
    assert (refused.code, refused.status) == ("ValidationError", 400)
    assert refused.message == LIMIT.format(43201, "maxSessionDuration") + "have value less than or equal to 43200"
    refused = estate.refused(lambda: iam.create_account_alias(AccountAlias="Upper"))
    assert refused.message.startswith(LIMIT.format("Upper", "accountAlias") + "satisfy regular expression pattern: ")
