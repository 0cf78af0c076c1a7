"""The world tells its stories: who gets in, who does not, and why."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from tui_app import paths
from tui_app.embedded_aws.world.accounts import ACCOUNTS, MANAGEMENT
from tui_app.embedded_aws.world.people import DEV_USER
from tui_app.embedded_aws.world.roles import EXTERNAL_ID, ROLES, SESSION_TABLE

SERIAL = DEV_USER.serial
CROSS = "arn:aws:iam::111122223333:role/cross-account/CrossAccountDeveloperRole"
ADMIN = "arn:aws:iam::111122223333:role/AdminRole"


def refusal(call, *arguments, **more):
    with pytest.raises(ClientError) as caught:
        call(*arguments, **more)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_dev_user_is_who_the_design_says(aws):
    identity = aws.client("sts").get_caller_identity()
    assert identity["Arn"] == "arn:aws:iam::444455556666:user/DevUser"
    assert identity["UserId"].startswith("AIDA")


def test_the_developer_role_wants_its_external_id_and_reads_production(aws):
    assert refusal(aws.assume, CROSS)[0] == "AccessDenied"
    assert refusal(aws.assume, CROSS, ExternalId="UniqueExternalId12346")[0] == "AccessDenied"
    session = aws.assume(CROSS, ExternalId=EXTERNAL_ID, DurationSeconds=4 * 3600)
    s3 = aws.client("s3", session)
    assert len(s3.list_buckets()["Buckets"]) == 10
    s3.put_object(Bucket="dev-assets", Key="from-a-test", Body=b"x")
    code, _ = refusal(s3.put_object, Bucket="prod-web-fonts", Key="from-a-test", Body=b"x")
    assert code == "AccessDenied"


def test_people_and_secrets_are_hidden_from_the_developer_role(aws):
    session = aws.assume(CROSS, ExternalId=EXTERNAL_ID)
    assert refusal(aws.client("iam", session).list_users)[0] == "AccessDenied"
    assert refusal(aws.client("secretsmanager", session).list_secrets)[0] == "AccessDeniedException"
    assert refusal(aws.client("organizations", session).list_accounts)[0] == "AccessDeniedException"


def test_admin_wants_a_code_less_than_an_hour_old(aws):
    assert refusal(aws.assume, ADMIN)[0] == "AccessDenied"
    aws.assume(ADMIN, SerialNumber=SERIAL, TokenCode=aws.code())
    mfa = aws.client("sts").get_session_token(SerialNumber=SERIAL, TokenCode=aws.code(), DurationSeconds=8 * 3600)["Credentials"]
    aws.assume(ADMIN, mfa)
    aws.advance(3601)
    assert refusal(aws.assume, ADMIN, mfa)[0] == "AccessDenied"
    aws.assume("arn:aws:iam::222233334444:role/AdministratorAccess", mfa)


@pytest.mark.parametrize(
    "role",
    [
        "222233334444:role/AdministratorAccess",
        "555566667777:role/Deployer",
        "777700001111:role/NetworkAdmin",
    ],
)
def test_roles_with_a_device_in_the_config_want_a_code(aws, role):
    arn = f"arn:aws:iam::{role}"
    assert refusal(aws.assume, arn)[0] == "AccessDenied"
    aws.assume(arn, SerialNumber=SERIAL, TokenCode=aws.code())


def test_the_contractor_gets_in_only_while_a_contract_runs(aws):
    base = "arn:aws:iam::555566667777:role/contractors/"
    aws.assume(f"{base}ContractorRole", "contractor")
    assert refusal(aws.assume, f"{base}ContractorRole-2024", "contractor")[0] == "AccessDenied"
    assert refusal(aws.assume, f"{base}ContractorRole")[0] == "AccessDenied"


def test_a_role_for_a_network_looks_at_the_address(aws):
    aws.assume("arn:aws:iam::444455556666:role/LocalNetworkOnly")
    assert refusal(aws.assume, "arn:aws:iam::444455556666:role/OfficeNetworkOnly")[0] == "AccessDenied"


@pytest.mark.parametrize(
    ("way", "end"),
    [
        ("777700001111:role/Hub", "777788889999:role/ReadOnly"),
        ("444455556666:role/service-role/lambda-exec", "333344445555:role/ExternalAccountRole"),
        ("777700001111:role/Hub", f"{MANAGEMENT}:role/OrganizationReader"),
    ],
)
def test_some_roles_are_reached_in_two_hops_only(aws, way, end):
    target = f"arn:aws:iam::{end}"
    assert refusal(aws.assume, target)[0] == "AccessDenied"
    last = aws.assume(target, aws.assume(f"arn:aws:iam::{way}"))
    assert aws.client("sts", last).get_caller_identity()["Account"] == end[:12]


def test_the_session_store_belongs_to_its_role(aws):
    session = aws.assume("arn:aws:iam::888899990000:role/SessionStoreReader")
    dynamodb = aws.client("dynamodb", session)
    dynamodb.put_item(TableName=SESSION_TABLE, Item={"id": {"S": "one"}, "ttl": {"N": "1"}})
    assert dynamodb.get_item(TableName=SESSION_TABLE, Key={"id": {"S": "one"}})["Item"]["ttl"] == {"N": "1"}
    assert refusal(dynamodb.scan, TableName="usage-records")[0] == "AccessDeniedException"


@pytest.mark.parametrize(
    ("role", "more"),
    [
        ("999900001111:role/PowerUser", {}),
        ("999900001111:role/LegacyDeployer", {}),
        ("999900001111:role/partners/PartnerUpload", {"ExternalId": "northwind-2025"}),
        ("555566667777:role/DatabaseAdmin", {}),
    ],
)
def test_roles_that_must_fail_fail_without_saying_why(aws, role, more):
    code, message = refusal(aws.assume, f"arn:aws:iam::{role}", **more)
    assert code == "AccessDenied"
    assert "sts:AssumeRole on resource" in message
    assert "service control policy" not in message


def test_a_service_control_policy_is_named(aws):
    code, message = refusal(aws.assume, "arn:aws:iam::999900001111:role/OrganizationAccountAccessRole")
    assert code == "AccessDenied"
    assert "explicit deny in a service control policy" in message


def test_too_long_a_duration_is_refused_and_an_hour_is_not(aws):
    arn = "arn:aws:iam::666677778888:role/DatabaseMigrationOperator-eu"
    code, message = refusal(aws.assume, arn, DurationSeconds=4 * 3600)
    assert (code, "MaxSessionDuration" in message) == ("ValidationError", True)
    aws.assume(arn, DurationSeconds=3600)


def test_a_service_control_policy_keeps_workloads_in_their_regions(aws):
    session = aws.assume("arn:aws:iam::555566667777:role/ReadOnly")
    assert aws.client("ec2", session, "eu-west-1").describe_instances()["Reservations"]
    assert refusal(aws.client("ec2", session, "ap-south-1").describe_instances)[0] == "UnauthorizedOperation"


def test_the_demos_config_names_what_the_world_has():
    with Path(paths.sample("demo.toml")).open("rb") as file:
        config = tomllib.load(file)
    names = {account.id: account.name for account in ACCOUNTS}
    known = {role.arn for role in ROLES}
    written = {f"arn:aws:iam::{account['id']}:role/{role['name']}" for account in config["account"] for role in account.get("role", ())}
    assert {account["id"]: account["name"] for account in config["account"]}.items() <= names.items()
    assert written - known == {"arn:aws:iam::999900001111:role/LegacyDeployer"}


def test_roles_have_descriptions_and_accounts_have_aliases(aws):
    found = aws.seed("111122223333")("iam").get_paginator("list_roles").paginate().build_full_result()["Roles"]
    described = {role["RoleName"] for role in found if role.get("Description")}
    assert {role.name for role in ROLES if role.account == "111122223333"} <= described
    tags = aws.seed("111122223333")("iam").list_role_tags(RoleName="CrossAccountDeveloperRole")["Tags"]
    assert {"Key": "team", "Value": "platform"} in tags
    assert {account.id: aws.seed(account.id)("iam").list_account_aliases()["AccountAliases"] for account in ACCOUNTS} == {
        account.id: [account.alias] for account in ACCOUNTS
    }


def test_the_management_account_lists_the_organization_a_page_of_twenty_at_most(aws):
    hub = aws.assume("arn:aws:iam::777700001111:role/Hub")
    reader = aws.assume(f"arn:aws:iam::{MANAGEMENT}:role/OrganizationReader", hub)
    organizations = aws.client("organizations", reader)
    first = organizations.list_accounts(MaxResults=5)
    assert len(first["Accounts"]) == 5
    everything = organizations.get_paginator("list_accounts").paginate(PaginationConfig={"PageSize": 5}).build_full_result()["Accounts"]
    assert [account["Name"] for account in everything] == [account.name for account in ACCOUNTS]
    assert refusal(organizations.list_accounts, MaxResults=20, NextToken="x")[0] == "InvalidInputException"
