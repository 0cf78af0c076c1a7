"""IAM where moto has nothing to say or the wrong thing."""

from __future__ import annotations

import json

import pytest

from tui_app.embedded_aws.mfa import STEP, code_at, device_of

BAD_NAME = "The specified value for {} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-"


@pytest.fixture
def admin(estate):
    return estate.user(estate.allow("*"))


def iam_of(estate, who):
    return estate.aws.client("iam", getattr(who, "key", who))


def test_the_caller_is_meant_where_no_user_is_named(estate, admin):
    serial = estate.device(admin)
    iam = iam_of(estate, admin)
    assert [device["SerialNumber"] for device in iam.list_mfa_devices()["MFADevices"]] == [serial]
    assert iam.get_user()["User"]["UserName"] == admin.name
    assert [key["AccessKeyId"] for key in iam.list_access_keys()["AccessKeyMetadata"]] == [admin.key[0]]
    proved = estate.triple(estate.sts(admin).get_session_token(SerialNumber=serial, TokenCode=estate.aws.code(serial)))
    assert [device["SerialNumber"] for device in iam_of(estate, proved).list_mfa_devices()["MFADevices"]] == [serial]
    assert iam_of(estate, proved).get_user()["User"]["Arn"] == admin.arn


def test_own_devices_may_be_listed_by_a_policy_on_the_own_user(estate):
    person = estate.user(estate.allow("iam:ListMFADevices", "arn:aws:iam::*:user/${aws:username}"))
    assert iam_of(estate, person).list_mfa_devices()["MFADevices"] == []
    assert estate.refused(lambda: iam_of(estate, person).list_mfa_devices(UserName="other")).code == "AccessDenied"


def test_user_ids_are_aws_like(estate, admin):
    made = iam_of(estate, admin).create_user(UserName="fresh")["User"]
    assert made["UserId"].startswith("AIDA")
    assert made["UserId"] == iam_of(estate, admin).get_user(UserName="fresh")["User"]["UserId"]


def test_enabling_a_device_takes_two_codes_in_a_row_and_uses_them_up(estate, admin):
    iam = iam_of(estate, admin)
    serial = iam.create_virtual_mfa_device(VirtualMFADeviceName="new")["VirtualMFADevice"]["SerialNumber"]
    seed, step = device_of(serial).base32_string_seed, int(estate.aws.gate.now()) // STEP
    codes = [code_at(seed, step + place) for place in range(3)]

    def enable(first, second):
        return iam.enable_mfa_device(UserName=admin.name, SerialNumber=serial, AuthenticationCode1=first, AuthenticationCode2=second)

    wrong = estate.refused(lambda: enable(codes[0], codes[2]))
    assert (wrong.code, wrong.status) == ("InvalidAuthenticationCode", 403)
    assert enable(codes[0], codes[1])
    estate.aws.gate.offset += STEP
    refusal = estate.refused(lambda: estate.sts(admin).get_session_token(SerialNumber=serial, TokenCode=codes[1]))
    assert refusal.message.startswith("MultiFactorAuthentication failed with invalid")
    assert estate.sts(admin).get_session_token(SerialNumber=serial, TokenCode=codes[2])


def test_codes_given_through_the_seeding_door_are_not_used_up(estate, admin):
    door = estate.door(estate.home)
    serial = door.create_virtual_mfa_device(VirtualMFADeviceName="seeded")["VirtualMFADevice"]["SerialNumber"]
    seed, step = device_of(serial).base32_string_seed, int(estate.aws.gate.now()) // STEP
    door.enable_mfa_device(
        UserName=admin.name, SerialNumber=serial, AuthenticationCode1=code_at(seed, step - 1), AuthenticationCode2=code_at(seed, step)
    )
    assert estate.sts(admin).get_session_token(SerialNumber=serial, TokenCode=code_at(seed, step))


def test_simulation(estate, admin):
    person = estate.user(
        estate.allow(["s3:GetObject", "sts:AssumeRole"]),
        estate.deny("s3:*", "arn:aws:s3:::secret/*"),
        estate.allow("sqs:*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
    )
    iam = iam_of(estate, admin)

    def decide(action, resource="*", **entries):
        context = [{"ContextKeyName": key, "ContextKeyValues": [value], "ContextKeyType": "string"} for key, value in entries.items()]
        answer = iam.simulate_principal_policy(
            PolicySourceArn=person.arn, ActionNames=[action], ResourceArns=[resource], ContextEntries=context
        )
        assert answer["IsTruncated"] is False
        return answer["EvaluationResults"][0]

    assert decide("s3:GetObject", "arn:aws:s3:::open/x")["EvalDecision"] == "allowed"
    assert decide("s3:GetObject", "arn:aws:s3:::secret/x")["EvalDecision"] == "explicitDeny"
    assert decide("s3:PutObject")["EvalDecision"] == "implicitDeny"
    assert decide("sqs:ListQueues")["MissingContextValues"] == ["aws:MultiFactorAuthPresent"]
    assert decide("sqs:ListQueues", **{"aws:MultiFactorAuthPresent": "true"})["EvalDecision"] == "allowed"
    allowed = decide("sts:AssumeRole", f"arn:aws:iam::{estate.away}:role/trusts-nobody")
    assert (allowed["EvalDecision"], allowed["EvalActionName"]) == ("allowed", "sts:AssumeRole")
    assert allowed["MatchedStatements"][0]["SourcePolicyId"] == f"user_{person.name}_own"
    assert iam.get_context_keys_for_principal_policy(PolicySourceArn=person.arn)["ContextKeyNames"] == ["aws:MultiFactorAuthPresent"]
    assert (
        estate.refused(lambda: iam.simulate_principal_policy(PolicySourceArn=person.arn + "x", ActionNames=["s3:GetObject"])).code
        == "NoSuchEntity"
    )


def test_simulation_of_several_actions_and_of_a_document(estate, admin):
    iam = iam_of(estate, admin)
    role = estate.role(estate.trusting("*"), estate.allow("s3:Get*"), account=estate.home)
    answer = iam.simulate_principal_policy(
        PolicySourceArn=role, ActionNames=["s3:GetObject", "s3:PutObject"], ResourceArns=["arn:aws:s3:::a/b", "arn:aws:s3:::c/d"]
    )
    assert [result["EvalDecision"] for result in answer["EvaluationResults"]] == ["allowed", "allowed", "implicitDeny", "implicitDeny"]
    document = json.dumps(estate.policy(estate.allow("ec2:*")))
    custom = iam.simulate_custom_policy(PolicyInputList=[document], ActionNames=["ec2:RunInstances"])
    assert custom["EvaluationResults"][0]["EvalDecision"] == "allowed"


def test_last_accessed(estate, admin, dev):
    role = estate.role(estate.trusting({"AWS": estate.home}), estate.allow(["sqs:*", "sns:*"]), account=estate.home)
    estate.aws.client("sqs", estate.assume(admin, role)).list_queues()
    iam = iam_of(estate, admin)
    job = iam.generate_service_last_accessed_details(Arn=role)["JobId"]
    details = iam.get_service_last_accessed_details(JobId=job)
    assert details["JobStatus"] == "COMPLETED"
    services = {one["ServiceNamespace"]: one for one in details["ServicesLastAccessed"]}
    assert set(services) == {"sqs", "sns"}
    assert services["sqs"]["LastAuthenticatedEntity"] == role
    assert services["sns"]["TotalAuthenticatedEntities"] == 0
    refusal = estate.refused(lambda: iam.get_service_last_accessed_details(JobId="00000000-0000-0000-0000-000000000000"))
    assert (refusal.code, refusal.status) == ("NoSuchEntity", 404)
    assert estate.refused(lambda: iam.generate_service_last_accessed_details(Arn=role + "x")).code == "NoSuchEntity"


def test_authorization_details_and_aliases_are_of_the_callers_account(estate, admin):
    role = estate.role(estate.trusting("*"), account=estate.home)
    estate.role(estate.trusting("*"), account=estate.away)
    iam = iam_of(estate, admin)
    details = iam.get_account_authorization_details()
    assert [one["Arn"] for one in details["RoleDetailList"]] == [role]
    assert admin.arn in [one["Arn"] for one in details["UserDetailList"]]
    iam.create_account_alias(AccountAlias="our-alias")
    assert iam.list_account_aliases()["AccountAliases"] == ["our-alias"]
    assert estate.door(estate.away).list_account_aliases()["AccountAliases"] == []


def test_a_boundary_of_a_user_can_be_put_and_taken(estate, admin):
    iam, boundary = iam_of(estate, admin), estate.managed(estate.allow("s3:*"), account=estate.home)
    person = estate.user(estate.allow("*"))
    iam.put_user_permissions_boundary(UserName=person.name, PermissionsBoundary=boundary)
    assert iam.get_user(UserName=person.name)["User"]["PermissionsBoundary"]["PermissionsBoundaryArn"] == boundary
    assert "no permissions boundary" in estate.refused(estate.aws.client("sqs", person.key).list_queues).message
    iam.delete_user_permissions_boundary(UserName=person.name)
    assert "PermissionsBoundary" not in iam.get_user(UserName=person.name)["User"]
    assert estate.aws.client("sqs", person.key).list_queues()


def test_a_role_remembers_when_it_was_used(estate, admin):
    role = estate.role(estate.trusting({"AWS": estate.home}), estate.allow("*"), account=estate.home)
    estate.aws.client("sqs", estate.assume(admin, role)).list_queues()
    assert iam_of(estate, admin).get_role(RoleName=role.rsplit("/", 1)[1])["Role"]["RoleLastUsed"]["LastUsedDate"]


@pytest.mark.parametrize(
    ("operation", "parameters", "expected"),
    [
        ("get_role", {"RoleName": "zip"}, ("NoSuchEntity", 404, "The role with name zip cannot be found.")),
        ("get_user", {"UserName": "zip"}, ("NoSuchEntity", 404, "The user with name zip cannot be found.")),
        ("get_group", {"GroupName": "zip"}, ("NoSuchEntity", 404, "The group with name zip cannot be found.")),
        (
            "get_role_policy",
            {"RoleName": "{role}", "PolicyName": "zip"},
            ("NoSuchEntity", 404, "The role policy with name zip cannot be found."),
        ),
        (
            "get_user_policy",
            {"UserName": "{user}", "PolicyName": "zip"},
            ("NoSuchEntity", 404, "The user policy with name zip cannot be found."),
        ),
        ("create_user", {"UserName": "{user}"}, ("EntityAlreadyExists", 409, "User with name {user} already exists.")),
        ("create_role", {"RoleName": "a b", "AssumeRolePolicyDocument": "{{}}"}, ("ValidationError", 400, BAD_NAME.format("roleName"))),
        ("create_user", {"UserName": "a/b"}, ("ValidationError", 400, BAD_NAME.format("userName"))),
        ("delete_user", {"UserName": "{user}"}, ("DeleteConflict", 409, "Cannot delete entity, must delete access keys first.")),
    ],
)
def test_iam_refuses_in_its_own_words(estate, admin, operation, parameters, expected):
    person, role = estate.user(), estate.role(estate.trusting("*"), account=estate.home).rsplit("/", 1)[1]
    names = {"user": person.name, "role": role}
    call = getattr(iam_of(estate, admin), operation)
    refused = estate.refused(lambda: call(**{key: value.format(**names) for key, value in parameters.items()}))
    assert (refused.code, refused.status, refused.message) == (*expected[:2], expected[2].format(**names))
