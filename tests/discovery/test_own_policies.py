"""Which roles one's own policies name: over real HTTP as users and roles, and the reading of policies by itself."""

from __future__ import annotations

import json

import pytest

from tui_app.discovery.own_policies import assumable, read_own_policies
from tui_app.errors import Cancelled, SessionExpired
from tui_app.model import AccessKey
from tui_app.policy.document import parse_policy
from tui_app.secret import Secret

REGION = "eu-west-1"
A, B = "arn:aws:iam::111122223333:role/team/Deploy", "arn:aws:iam::111122223333:role/Read"


def key_of(aws, name="dev"):
    return AccessKey(*(aws.key(name)[0], Secret(aws.key(name)[1])))


def said(*statements, version="2012-10-17"):
    return parse_policy({"Version": version, "Statement": list(statements)})


def allow(resource, action="sts:AssumeRole", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(resource, action="sts:AssumeRole", **more):
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


def names(found):
    return [role.arn for role in found.roles]


def test_a_user_reads_its_own_and_its_groups_policies(aws, door):
    found = read_own_policies(door, key_of(aws), REGION)
    assert "arn:aws:iam::111122223333:role/cross-account/CrossAccountDeveloperRole" in names(found.assumable)
    assert found.assumable.patterns == ("arn:aws:iam::*:role/*",)
    assert found.assumable.denied == ("arn:aws:iam::555566667777:role/RetiredRole",)
    assert found.unread == ()


def test_what_may_not_be_read_is_said_and_the_rest_counts(aws, door):
    found = read_own_policies(door, key_of(aws, "contractor"), REGION)
    assert found.assumable.patterns == ("arn:aws:iam::555566667777:role/contractors/*",)
    seed = aws.seed("444455556666")("iam")
    seed.create_user(UserName="half")
    seed.put_user_policy(
        UserName="half",
        PolicyName="Roles",
        PolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [allow([A, B]), allow("*", ["iam:ListUserPolicies", "iam:GetUserPolicy", "iam:ListAttachedUserPolicies"])],
            }
        ),
    )
    seed.attach_user_policy(UserName="half", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    made = seed.create_access_key(UserName="half")["AccessKey"]
    seed.detach_user_policy(UserName="half", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    found = read_own_policies(door, AccessKey(made["AccessKeyId"], Secret(made["SecretAccessKey"])), REGION)
    assert names(found.assumable) == [A, B]
    assert found.unread == ("iam:ListGroupsForUser on half was refused.",)


def test_a_role_and_a_managed_policy_with_versions(aws, door):
    seed = aws.seed("444455556666")("iam")
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "sts:AssumeRole"}]}
    seed.create_role(RoleName="Hub", Path="/net/", AssumeRolePolicyDocument=json.dumps(trust))
    old, new = (json.dumps({"Version": "2012-10-17", "Statement": [allow(arn), allow("*", "iam:*")]}) for arn in (A, B))
    arn = seed.create_policy(PolicyName="HubRoles", PolicyDocument=old)["Policy"]["Arn"]
    seed.create_policy_version(PolicyArn=arn, PolicyDocument=new, SetAsDefault=True)
    seed.attach_role_policy(RoleName="Hub", PolicyArn=arn)
    got = aws.assume("arn:aws:iam::444455556666:role/net/Hub")
    key = AccessKey(got["AccessKeyId"], Secret(got["SecretAccessKey"]), Secret(got["SessionToken"]))
    found = read_own_policies(door, key, REGION)
    assert (names(found.assumable), found.unread) == ([B], ())


def test_expired_keys_are_told_and_not_taken_for_no_permission(aws, door):
    got = aws.assume("arn:aws:iam::555566667777:role/ReadOnly")
    key = AccessKey(got["AccessKeyId"], Secret(got["SecretAccessKey"]), Secret(got["SessionToken"]))
    aws.advance(4000)
    with pytest.raises(SessionExpired):
        read_own_policies(door, key, REGION)


def test_it_can_be_cancelled(aws, door):
    with pytest.raises(Cancelled):
        read_own_policies(door, key_of(aws), REGION, cancelled=lambda: True)


def test_wildcards_are_patterns_and_no_roles():
    found = assumable([said(allow(["*", "arn:aws:iam::*:role/Admin", A, "arn:aws:iam::1:role/x", "arn:aws:s3:::b"]))], {})
    assert (names(found), found.patterns) == ([A], ("*", "arn:aws:iam::*:role/Admin"))


@pytest.mark.parametrize("action", ["sts:AssumeRole", "sts:*", "*", "STS:assumerole", ["s3:Get*", "sts:Assume*"]])
def test_every_spelling_of_the_action_counts(action):
    assert names(assumable([said(allow(A, action))], {})) == [A]


@pytest.mark.parametrize("action", ["s3:*", "sts:AssumeRoleWithSAML", "sts:GetCallerIdentity"])
def test_other_actions_do_not(action):
    assert names(assumable([said(allow(A, action))], {})) == []


def test_not_action_and_not_resource():
    anything = {"Effect": "Allow", "NotAction": "s3:*", "Resource": A}
    nothing = {"Effect": "Allow", "NotAction": "sts:*", "Resource": A}
    open_ended = {"Effect": "Allow", "Action": "sts:AssumeRole", "NotResource": A}
    assert names(assumable([said(anything)], {})) == [A]
    assert names(assumable([said(nothing)], {})) == []
    assert assumable([said(open_ended)], {}).patterns == ("*",)


def test_an_explicit_deny_takes_away_roles_and_patterns():
    policies = [said(allow([A, B, "arn:aws:iam::*:role/team/*"])), said(deny("arn:aws:iam::*:role/team/*"))]
    found = assumable(policies, {})
    assert (names(found), found.patterns) == ([B], ())
    assert found.denied == (A, "arn:aws:iam::*:role/team/*")


def test_a_deny_with_a_condition_is_told_and_takes_nothing_away():
    no_code = deny("*", Condition={"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}})
    found = assumable([said(allow(A), no_code)], {})
    assert [(role.arn, role.keys) for role in found.roles] == [(A, ("aws:MultiFactorAuthPresent",))]


def test_a_role_allowed_twice_needs_only_the_easier_way():
    hard = allow(A, Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})
    assert [role.keys for role in assumable([said(hard), said(allow(A))], {}).roles] == [()]
    assert [role.keys for role in assumable([said(hard)], {}).roles] == [("aws:MultiFactorAuthPresent",)]


def test_variables_are_filled_in_where_the_version_has_them():
    mine = allow("arn:aws:iam::111122223333:role/of-${aws:username}")
    assert names(assumable([said(mine)], {"aws:username": "ada"})) == ["arn:aws:iam::111122223333:role/of-ada"]
    assert assumable([said(mine)], {}).patterns == ("arn:aws:iam::111122223333:role/of-${aws:username}",)
    assert assumable([said(mine, version="2008-10-17")], {"aws:username": "ada"}).roles == ()
