"""Who may become a role: principals, conditions, both sides."""

from __future__ import annotations

import base64
import json

import pytest

ACTIONS = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]
NOT_AUTHORIZED = "User: {who} is not authorized to perform: {action} on resource: {role}"


def denied(refusal, who, role, action="sts:AssumeRole"):
    assert (refusal.code, refusal.status) == ("AccessDenied", 403)
    assert refusal.message.startswith(NOT_AUTHORIZED.format(who=who, action=action, role=role)), refusal.message


@pytest.mark.parametrize(
    "principal",
    [
        {"AWS": "{home}"},
        {"AWS": "arn:aws:iam::{home}:root"},
        {"AWS": "{user}"},
        {"AWS": "*"},
        "*",
        {"AWS": ["arn:aws:iam::999999999999:root", "{user}"]},
        {"AWS": ["999999999999", "{home}"], "Service": "lambda.amazonaws.com"},
        {"NotPrincipal": {"AWS": "arn:aws:iam::999999999999:root"}},
    ],
)
def test_principals_that_mean_the_user(estate, dev, principal):
    role = estate.role(estate.trusting(filled(principal, estate, dev)))
    assert estate.assume(dev, role)


@pytest.mark.parametrize(
    "principal",
    [
        {"AWS": "arn:aws:iam::999999999999:root"},
        {"AWS": "999999999999"},
        {"AWS": "arn:aws:iam::{home}:user/other"},
        {"AWS": "arn:aws:iam::{home}:user/*"},
        {"AWS": "arn:aws:iam::{home}:role/dev"},
        {"AWS": "arn:aws:sts::{home}:assumed-role/dev/session"},
        {"AWS": "arn:aws:sts::{home}:federated-user/dev"},
        {"Service": "ec2.amazonaws.com"},
        {"Federated": "cognito-identity.amazonaws.com"},
        {"AWS": []},
        {"NotPrincipal": {"AWS": "{user}"}},
        {"NotPrincipal": {"AWS": "{home}"}},
    ],
)
def test_principals_that_do_not(estate, dev, principal):
    role = estate.role(estate.trusting(filled(principal, estate, dev)))
    denied(estate.refused_role(dev, role), dev.arn, role)


def filled(principal, estate, dev):
    return json.loads(json.dumps(principal).replace("{home}", estate.home).replace("{user}", dev.arn))


def test_a_role_and_its_session_as_principals(estate, dev):
    first = estate.role(estate.trusting({"AWS": dev.arn}), estate.allow(ACTIONS))
    session = estate.assume(dev, first, RoleSessionName="night")
    name = first.rsplit("/", 1)[1]
    by_role = estate.role(estate.trusting({"AWS": first}))
    by_session = estate.role(estate.trusting({"AWS": f"arn:aws:sts::{estate.away}:assumed-role/{name}/night"}))
    by_other_session = estate.role(estate.trusting({"AWS": f"arn:aws:sts::{estate.away}:assumed-role/{name}/day"}))
    assert estate.assume(session, by_role)
    assert estate.assume(session, by_session)
    denied(estate.refused_role(session, by_other_session), f"arn:aws:sts::{estate.away}:assumed-role/{name}/night", by_other_session)


def test_a_role_with_a_path_is_known_by_its_full_arn_and_its_session_by_the_bare_name(estate, dev):
    first = estate.role(estate.trusting({"AWS": dev.arn}), estate.allow(ACTIONS), Path="/team/data/")
    session = estate.assume(dev, first)
    assert estate.sts(session).get_caller_identity()["Arn"] == f"arn:aws:sts::{estate.away}:assumed-role/{first.rsplit('/', 1)[1]}/session"
    assert estate.assume(session, estate.role(estate.trusting({"AWS": first})))
    bare = f"arn:aws:iam::{estate.away}:role/{first.rsplit('/', 1)[1]}"
    assert estate.refused_role(session, estate.role(estate.trusting({"AWS": bare}))).code == "AccessDenied"
    denied(estate.refused_role(dev, bare), dev.arn, bare)


def test_across_accounts_both_sides_have_to_allow(estate):
    nobody = estate.user()
    role = estate.role(estate.trusting({"AWS": nobody.arn}))
    denied(estate.refused_role(nobody, role), nobody.arn, role)


def test_within_an_account_the_users_own_arn_in_the_trust_policy_is_enough(estate):
    nobody = estate.user()
    assert estate.assume(nobody, estate.role(estate.trusting({"AWS": nobody.arn}), account=estate.home))


def test_within_an_account_root_in_the_trust_policy_is_not(estate):
    nobody, someone = estate.user(), estate.user(estate.allow("sts:AssumeRole"))
    role = estate.role(estate.trusting({"AWS": f"arn:aws:iam::{estate.home}:root"}), account=estate.home)
    refusal = estate.refused_role(nobody, role)
    denied(refusal, nobody.arn, role)
    assert refusal.message.endswith("because no identity-based policy allows the sts:AssumeRole action")
    assert estate.assume(someone, role)


def test_a_role_assumes_itself_only_if_it_trusts_itself(estate, dev):
    name = estate.name("self")
    alone = estate.role(estate.trusting({"AWS": dev.arn}), estate.allow("sts:AssumeRole"))
    denied(
        estate.refused_role(estate.assume(dev, alone), alone),
        f"arn:aws:sts::{estate.away}:assumed-role/{alone.rsplit('/', 1)[1]}/session",
        alone,
    )
    own = f"arn:aws:iam::{estate.away}:role/{name}"
    trusting = estate.role(estate.trusting({"AWS": [dev.arn, own]}), RoleName=name)
    assert estate.assume(estate.assume(dev, trusting), trusting)


def test_the_caller_needs_the_action_on_this_very_role(estate):
    role_name = estate.name("wanted")
    arn = f"arn:aws:iam::{estate.away}:role/{role_name}"
    right, wrong = estate.user(estate.allow("sts:AssumeRole", arn)), estate.user(estate.allow("sts:AssumeRole", arn + "x"))
    role = estate.role(estate.trusting({"AWS": estate.home}), RoleName=role_name)
    assert estate.assume(right, role)
    denied(estate.refused_role(wrong, role), wrong.arn, role)


def test_a_group_policy_counts_and_a_deny_beats_it(estate):
    iam = estate.door(estate.home, "iam")
    iam.create_group(GroupName="people")
    iam.put_group_policy(GroupName="people", PolicyName="p", PolicyDocument=json.dumps(estate.policy(estate.allow("sts:*"))))
    member = estate.user()
    iam.add_user_to_group(GroupName="people", UserName=member.name)
    role = estate.role(estate.trusting({"AWS": estate.home}))
    assert estate.assume(member, role)
    iam.put_user_policy(
        UserName=member.name, PolicyName="no", PolicyDocument=json.dumps(estate.policy(estate.deny("sts:AssumeRole", role)))
    )
    refusal = estate.refused_role(member, role)
    denied(refusal, member.arn, role)
    assert refusal.message.endswith("with an explicit deny in an identity-based policy")


def test_a_deny_in_the_trust_policy_beats_its_allow(estate, dev):
    trust = estate.policy(
        {"Effect": "Allow", "Principal": {"AWS": estate.home}, "Action": "sts:AssumeRole"},
        {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "sts:*", "Condition": {"StringEquals": {"aws:username": dev.name}}},
    )
    role = estate.role(trust)
    denied(estate.refused_role(dev, role), dev.arn, role)
    assert estate.assume(estate.user(estate.allow("sts:AssumeRole")), role)


@pytest.mark.parametrize(
    ("condition", "request_more"),
    [
        ({"StringEquals": {"sts:ExternalId": "abc"}}, {"ExternalId": "abc"}),
        ({"StringEquals": {"STS:externalid": ["x", "abc"]}}, {"ExternalId": "abc"}),
        ({"StringLike": {"sts:ExternalId": "a?c*"}}, {"ExternalId": "abcd"}),
        ({"StringEqualsIgnoreCase": {"sts:ExternalId": "ABC"}}, {"ExternalId": "abc"}),
        ({"StringNotEquals": {"sts:ExternalId": "abc"}}, {}),
        ({"StringNotLike": {"sts:ExternalId": "abc*"}}, {"ExternalId": "xyz"}),
        ({"StringEqualsIfExists": {"sts:ExternalId": "abc"}}, {}),
        ({"Null": {"sts:ExternalId": "true"}}, {}),
        ({"Null": {"sts:ExternalId": False}}, {"ExternalId": "abc"}),
        ({"NumericLessThan": {"aws:EpochTime": 4000000000}}, {}),
        ({"NumericGreaterThanEquals": {"aws:EpochTime": "1"}}, {}),
        ({"NumericNotEquals": {"aws:EpochTime": "1"}}, {}),
        ({"DateGreaterThan": {"aws:CurrentTime": "2025-01-01T00:00:00Z"}, "DateLessThan": {"aws:CurrentTime": "2095-01-01"}}, {}),
        ({"DateLessThanEquals": {"aws:EpochTime": "4000000000"}}, {}),
        ({"DateNotEquals": {"aws:CurrentTime": "2025-01-01T00:00:00Z"}}, {}),
        ({"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}, {}),
        ({"Bool": {"aws:ViaAWSService": "false"}}, {}),
        ({"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "127.0.0.0/8"]}}, {}),
        ({"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, {}),
        ({"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::*:user/user*"}}, {}),
        ({"ArnLike": {"aws:PrincipalArn": "arn:*:iam::*:user/*"}}, {}),
        ({"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}}, {}),
        ({"StringLike": {"aws:userid": "AIDA*"}, "StringEquals": {"aws:PrincipalType": "User"}}, {}),
        ({"StringLike": {"sts:RoleSessionName": "${aws:username}"}}, {"RoleSessionName": "{name}"}),
        ({"StringEquals": {"sts:RoleSessionName": "${aws:PrincipalTag/team, 'none'}"}}, {"RoleSessionName": "none"}),
        ({"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}, {}),
        ({"StringLike": {"aws:UserAgent": "*Boto3*"}}, {}),
        ({"BinaryEquals": {"sts:ExternalId": base64.b64encode(b"ab").decode()}}, {"ExternalId": "YWI="}),
        ({"ForAnyValue:StringEquals": {"aws:TagKeys": ["team", "x"]}}, {"Tags": [{"Key": "team", "Value": "t"}]}),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": ["team", "x"]}}, {"Tags": [{"Key": "team", "Value": "t"}]}),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}, {}),
        ({"StringEquals": {"aws:RequestTag/team": "t"}}, {"Tags": [{"Key": "team", "Value": "t"}]}),
        (
            {"ForAllValues:StringLike": {"sts:TransitiveTagKeys": "te*"}, "Null": {"sts:TransitiveTagKeys": "false"}},
            {"Tags": [{"Key": "team", "Value": "t"}], "TransitiveTagKeys": ["team"]},
        ),
        ({"StringEquals": {"sts:SourceIdentity": "alice"}}, {"SourceIdentity": "alice"}),
        ({"StringEquals": {"aws:PrincipalAccount": "{home}"}}, {}),
        ({"StringEquals": {"aws:ResourceAccount": "{away}"}}, {}),
    ],
)
def test_conditions_that_hold(estate, dev, condition, request_more):
    role, more = asked(estate, dev, condition, request_more)
    assert estate.assume(dev, role, **more)


def asked(estate, dev, condition, more):
    def fill(value):
        return json.loads(json.dumps(value).replace("{home}", estate.home).replace("{away}", estate.away).replace("{name}", dev.name))

    return estate.role(estate.trusting({"AWS": estate.home}, fill(condition), ACTIONS)), fill(more)


@pytest.mark.parametrize(
    ("condition", "request_more"),
    [
        ({"StringEquals": {"sts:ExternalId": "abc"}}, {}),
        ({"StringEquals": {"sts:ExternalId": "abc"}}, {"ExternalId": "ABC"}),
        ({"StringEquals": {"sts:ExternalId": "a*"}}, {"ExternalId": "abc"}),
        ({"StringLike": {"sts:ExternalId": "a?c"}}, {"ExternalId": "abcd"}),
        ({"StringNotEquals": {"sts:ExternalId": ["abc", "def"]}}, {"ExternalId": "def"}),
        ({"StringEqualsIfExists": {"sts:ExternalId": "abc"}}, {"ExternalId": "xyz"}),
        ({"StringNotEqualsIgnoreCase": {"sts:ExternalId": "ABC"}}, {"ExternalId": "abc"}),
        ({"Null": {"sts:ExternalId": "true"}}, {"ExternalId": "abc"}),
        ({"Null": {"sts:ExternalId": "false"}}, {}),
        ({"NumericGreaterThan": {"aws:EpochTime": "4000000000"}}, {}),
        ({"NumericEquals": {"aws:EpochTime": "1"}}, {}),
        ({"NumericLessThan": {"aws:EpochTime": "soon"}}, {}),
        ({"DateLessThan": {"aws:CurrentTime": "2025-01-01T00:00:00Z"}}, {}),
        ({"DateGreaterThan": {"aws:CurrentTime": "2095-01-01T00:00:00Z"}}, {}),
        ({"Bool": {"aws:MultiFactorAuthPresent": "true"}}, {}),
        ({"Bool": {"aws:MultiFactorAuthPresent": "false"}}, {}),
        ({"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}, {}),
        ({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, {}),
        ({"NotIpAddress": {"aws:SourceIp": "127.0.0.1"}}, {}),
        ({"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}}, {}),
        ({"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::*:user/*"}}, {}),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-unknown123"}}, {}),
        ({"StringLike": {"sts:RoleSessionName": "${aws:username}"}}, {"RoleSessionName": "else"}),
        ({"StringLike": {"sts:RoleSessionName": "${aws:PrincipalTag/team}*"}}, {}),
        ({"StringEquals": {"aws:RequestedRegion": "us-east-1"}}, {}),
        ({"ForAnyValue:StringEquals": {"aws:TagKeys": "team"}}, {}),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}, {"Tags": [{"Key": "team", "Value": "t"}, {"Key": "x", "Value": ""}]}),
        ({"StringEquals": {"aws:RequestTag/team": "t"}}, {"Tags": [{"Key": "team", "Value": "other"}]}),
        ({"StringEquals": {"sts:SourceIdentity": "alice"}}, {}),
        ({"StringEquals": {"sts:ExternalId": "abc", "aws:username": "nobody"}}, {"ExternalId": "abc"}),
        ({"StringEquals": {"sts:ExternalId": "abc"}, "IpAddress": {"aws:SourceIp": "203.0.113.7"}}, {"ExternalId": "abc"}),
        ({"StringEqual": {"sts:ExternalId": "abc"}}, {"ExternalId": "abc"}),
    ],
)
def test_conditions_that_fail(estate, dev, condition, request_more):
    role, more = asked(estate, dev, condition, request_more)
    denied(estate.refused_role(dev, role, **more), dev.arn, role)


def test_a_policy_without_a_version_knows_no_variables(estate, dev):
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": estate.home}, "Action": "sts:AssumeRole",
                            "Condition": {"StringEquals": {"sts:RoleSessionName": "${aws:username}"}}}]}  # fmt: skip
    assert estate.refused_role(dev, estate.role(trust), RoleSessionName=dev.name).code == "AccessDenied"


def test_the_organization_of_the_caller(estate, dev):
    organizations = estate.door(estate.home, "organizations")
    organization = organizations.create_organization(FeatureSet="ALL")["Organization"]["Id"]
    role = estate.role(estate.trusting("*", {"StringEquals": {"aws:PrincipalOrgID": organization}}))
    outsider = estate.user(estate.allow("sts:AssumeRole"), account=estate.away)
    assert estate.assume(dev, role)
    denied(estate.refused_role(outsider, role), outsider.arn, role)


def test_tags_of_users_and_sessions_are_principal_tags(estate):
    tagged = estate.user(estate.allow(ACTIONS), Tags=[{"Key": "Team", "Value": "data"}])
    condition = {"StringEquals": {"aws:PrincipalTag/team": "data"}}
    role = estate.role(estate.trusting({"AWS": estate.home}, condition, ACTIONS), estate.allow(ACTIONS))
    assert estate.assume(tagged, role)
    by_session = estate.role(estate.trusting({"AWS": estate.away}, {"StringEquals": {"aws:PrincipalTag/job": "x"}}))
    assert estate.assume(estate.assume(tagged, role, Tags=[{"Key": "job", "Value": "x"}]), by_session)
    assert estate.refused_role(estate.assume(tagged, role), by_session).code == "AccessDenied"


def test_tags_need_tag_session_in_the_trust_policy(estate, dev):
    role = estate.role(estate.trusting({"AWS": estate.home}))
    refusal = estate.refused_role(dev, role, Tags=[{"Key": "team", "Value": "t"}])
    denied(refusal, dev.arn, role, "sts:TagSession")


def test_transitive_tags_follow_the_chain_and_need_tag_session_there(estate, dev):
    first = estate.role(estate.trusting({"AWS": estate.home}, action=ACTIONS), estate.allow(ACTIONS))
    session = estate.assume(dev, first, Tags=[{"Key": "team", "Value": "t"}, {"Key": "own", "Value": "o"}], TransitiveTagKeys=["team"])
    without = estate.role(estate.trusting({"AWS": first}))
    denied(
        estate.refused_role(session, without),
        f"arn:aws:sts::{estate.away}:assumed-role/{first.rsplit('/', 1)[1]}/session",
        without,
        "sts:TagSession",
    )
    second = estate.role(estate.trusting({"AWS": first}, action=ACTIONS), estate.allow(ACTIONS))
    further = estate.assume(session, second)
    by_team = estate.role(estate.trusting({"AWS": second}, {"StringEquals": {"aws:PrincipalTag/team": "t"}}, ACTIONS))
    by_own = estate.role(estate.trusting({"AWS": second}, {"StringEquals": {"aws:PrincipalTag/own": "o"}}, ACTIONS))
    assert estate.assume(further, by_team)
    assert estate.refused_role(further, by_own).code == "AccessDenied"
    clash = estate.refused_role(session, second, Tags=[{"Key": "TEAM", "Value": "other"}])
    assert clash.code == "InvalidParameterValue"


def test_a_source_identity_needs_its_action_and_stays(estate, dev):
    plain = estate.role(estate.trusting({"AWS": estate.home}))
    denied(estate.refused_role(dev, plain, SourceIdentity="alice"), dev.arn, plain, "sts:SetSourceIdentity")
    first = estate.role(estate.trusting({"AWS": estate.home}, action=ACTIONS), estate.allow(ACTIONS))
    answer = estate.sts(dev).assume_role(RoleArn=first, RoleSessionName="session", SourceIdentity="alice")
    assert answer["SourceIdentity"] == "alice"
    session = estate.triple(answer)
    who = f"arn:aws:sts::{estate.away}:assumed-role/{first.rsplit('/', 1)[1]}/session"
    without = estate.role(estate.trusting({"AWS": first}))
    denied(estate.refused_role(session, without), who, without, "sts:SetSourceIdentity")
    second = estate.role(estate.trusting({"AWS": first}, {"StringEquals": {"aws:SourceIdentity": "alice"}}, ACTIONS))
    assert estate.sts(session).assume_role(RoleArn=second, RoleSessionName="session")["SourceIdentity"] == "alice"
    denied(estate.refused_role(session, second, SourceIdentity="mallory"), who, second, "sts:SetSourceIdentity")


def test_a_service_control_policy_denies(estate):
    organizations = estate.door(estate.home, "organizations")
    organizations.create_organization(FeatureSet="ALL")
    account = organizations.create_account(AccountName="x", Email="x@example.com")["CreateAccountStatus"]["AccountId"]
    member = estate.user(estate.allow("*"), account=account)
    role = estate.role(estate.trusting({"AWS": member.arn}))
    assert estate.assume(member, role)
    content = json.dumps(estate.policy(estate.deny("sts:AssumeRole")))
    made = organizations.create_policy(Name="no", Description="", Type="SERVICE_CONTROL_POLICY", Content=content)["Policy"]["PolicySummary"]
    organizations.attach_policy(PolicyId=made["Id"], TargetId=account)
    refusal = estate.refused_role(member, role)
    denied(refusal, member.arn, role)
    assert refusal.message.endswith("with an explicit deny in a service control policy")
    root = organizations.list_roots()["Roots"][0]["Id"]
    organizations.detach_policy(PolicyId=made["Id"], TargetId=account)
    assert estate.assume(member, role)
    organizations.attach_policy(PolicyId=made["Id"], TargetId=root)
    assert estate.refused_role(member, role).message.endswith("with an explicit deny in a service control policy")


def test_a_permissions_boundary_bounds(estate):
    boundary = estate.managed(estate.allow("s3:*"), account=estate.home)
    bounded = estate.user(estate.allow("*"), PermissionsBoundary=boundary)
    role = estate.role(estate.trusting({"AWS": f"arn:aws:iam::{estate.home}:root"}), account=estate.home)
    refusal = estate.refused_role(bounded, role)
    denied(refusal, bounded.arn, role)
    assert refusal.message.endswith("because no permissions boundary allows the sts:AssumeRole action")
    refusal = estate.refused(estate.aws.client("ec2", bounded.key).describe_instances)
    assert refusal.message.endswith("because no permissions boundary allows the ec2:DescribeInstances action")
    assert estate.aws.client("s3", bounded.key).list_buckets()["Buckets"] == []
    limited = estate.role(
        estate.trusting({"AWS": estate.home}), estate.allow("*"), PermissionsBoundary=estate.managed(estate.allow("s3:*"))
    )
    session = estate.assume(estate.user(estate.allow("sts:AssumeRole")), limited)
    assert "no permissions boundary" in estate.refused(estate.aws.client("sqs", session).list_queues).message


def test_within_an_account_the_reason_is_told(estate):
    asker = estate.user(estate.allow("sts:AssumeRole"))
    stranger = estate.role(estate.trusting({"AWS": "999999999999"}), account=estate.home)
    assert estate.refused_role(asker, stranger).message.endswith("because no role trust policy allows the sts:AssumeRole action")
    refusing = estate.role(estate.trusting("*", effect="Deny"), account=estate.home)
    assert estate.refused_role(asker, refusing).message.endswith("with an explicit deny in the role trust policy")
    across = estate.role(estate.trusting({"AWS": "999999999999"}))
    assert estate.refused_role(asker, across).message.endswith(across)


def test_a_resource_control_policy_denies(estate):
    organizations = estate.door(estate.away, "organizations")
    organizations.create_organization(FeatureSet="ALL")
    account = organizations.create_account(AccountName="x", Email="x@example.com")["CreateAccountStatus"]["AccountId"]
    role = estate.role(estate.trusting({"AWS": estate.home}), account=account)
    asker = estate.user(estate.allow("sts:AssumeRole"))
    assert estate.assume(asker, role)
    content = json.dumps(estate.policy({"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole", "Resource": "*"}))
    made = organizations.create_policy(Name="no", Description="", Type="RESOURCE_CONTROL_POLICY", Content=content)["Policy"][
        "PolicySummary"
    ]
    organizations.attach_policy(PolicyId=made["Id"], TargetId=account)
    denied(estate.refused_role(asker, role), asker.arn, role)
