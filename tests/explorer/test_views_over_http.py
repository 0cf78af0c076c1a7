from __future__ import annotations

import pytest

from tui_app.aws.door import AwsDoor
from tui_app.embedded_aws.world.estates import BUCKETS, ESTATES, HOME, OVERSEAS, ZONES
from tui_app.explorer.fetch import fetch_first_sight
from tui_app.explorer.sheet import overview, table
from tui_app.explorer.trust import read_trust
from tui_app.explorer.views import VIEWS, views_called
from tui_app.model import AccessKey, Account, Credentials, Role, Session
from tui_app.secret import Secret

SANDBOX, STAGING, USAGE, PRODUCTION = "999900001111", "555566667777", "888899990000", "111122223333"
ESTATE_OF = {
    "ec2-instances": "instances",
    "vpcs": "vpcs",
    "security-groups": "groups",
    "lambda-functions": "functions",
    "ecs-clusters": "clusters",
    "eks-clusters": "kubernetes",
    "cloudformation-stacks": "stacks",
    "step-functions": "machines",
    "ecr-repositories": "images",
    "dynamodb-tables": "tables",
    "rds-databases": "databases",
    "secrets": "secrets",
    "ssm-parameters": "parameters",
    "load-balancers": "balancers",
    "rest-apis": "apis",
    "alarms": "alarms",
    "log-groups": "logs",
    "sqs-queues": "queues",
    "sns-topics": "topics",
}
"""Views whose first column is the name that the world gave."""
ALSO_THERE = {"vpcs": {""}, "security-groups": {"default"}, "kms-aliases": None}
"""What AWS itself puts into every account."""


@pytest.fixture
def door(aws):
    return AwsDoor(aws.url)


@pytest.fixture
def become(aws, door):
    def become(role_arn: str, **more) -> Session:
        made = aws.assume(role_arn, **more)
        key = AccessKey(made["AccessKeyId"], Secret(made["SecretAccessKey"]), Secret(made["SessionToken"]))
        identity = door.caller_identity(key, HOME)
        return Session(role_arn, role_arn, Credentials(key, made["Expiration"].timestamp()), identity, 0.0, 3600, 1)

    return become


def look(door, session, views=VIEWS, regions=(HOME,)):
    return {(result.view.name, result.region): result for result in fetch_first_sight(door, session, regions, lambda _: None, views=views)}


def names(texts) -> set[str]:
    return {text.split()[0] for text in texts}


@pytest.mark.parametrize(("account", "name"), [(SANDBOX, "sandbox"), (STAGING, "staging")])
def test_every_view_lists_what_lies_in_its_account_and_region(account, name, become, door):
    session = become(f"arn:aws:iam::{account}:role/ReadOnly")
    found = look(door, session, regions=(HOME, OVERSEAS))
    assert {result.identity for result in found.values()} == {session.identity}
    for view, kind in ESTATE_OF.items():
        for region in (HOME, OVERSEAS):
            result = found[view, region]
            assert result.state == "ok", (view, region, result.message)
            there = {row[0] for row in result.rows} - ALSO_THERE.get(view, set())
            assert there == names(getattr(ESTATES[account][region], kind)), (view, region)
            assert all(account in arn for arn in result.arns if arn and view not in {"ssm-parameters", "rest-apis"}), view
    buckets = found["s3-buckets", "global"]
    assert {row[0] for row in buckets.rows} == names(BUCKETS[name])
    assert {row[0].rstrip(".") for row in found["route53-zones", "global"].rows} == names(ZONES[name])
    aliases = {row[0] for row in found["kms-aliases", HOME].rows}
    assert {f"alias/{key}" for key in ESTATES[account][HOME].keys} <= aliases
    assert "ReadOnly" in {row[0] for row in found["iam-roles", "global"].rows}
    (summary,) = found["account-summary", "global"].values
    assert summary[2] == found["iam-roles", "global"].count


def test_what_a_role_may_not_see_is_denied_with_the_action_and_loses_nothing_else(become, door):
    found = look(door, become(f"arn:aws:iam::{USAGE}:role/SessionStoreReader"))
    assert {name for (name, _), result in found.items() if result.state == "ok"} == {"dynamodb-tables"}
    assert {row[0] for row in found["dynamodb-tables", HOME].rows} == names(ESTATES[USAGE][HOME].tables)
    for (name, _), result in found.items():
        if name != "dynamodb-tables":
            assert (result.state, result.cause, result.rows) == ("denied", "denied", ()), (name, result.message, result.aws_message)
            assert result.action in result.message
    assert "AccessDenied" not in found["ec2-instances", HOME].aws_message
    lines = "\n".join(overview(tuple(found.values())))
    assert "1 readable, 26 denied" in lines


def test_an_explicit_deny_names_who_denied_it(become, door):
    role = f"arn:aws:iam::{PRODUCTION}:role/cross-account/CrossAccountDeveloperRole"
    session = become(role, ExternalId="UniqueExternalId12345")
    found = look(door, session, views=(*views_called("iam-users"), *views_called("iam-roles")))
    users = found["iam-users", "global"]
    assert (users.state, users.denied_by) == ("denied", "explicit deny in the role's own policies")
    assert "with an explicit deny" in users.aws_message
    assert found["iam-roles", "global"].state == "ok"


def test_more_than_a_page_is_said(become, door):
    role = f"arn:aws:iam::{PRODUCTION}:role/cross-account/CrossAccountDeveloperRole"
    found = look(door, become(role, ExternalId="UniqueExternalId12345"), views=views_called("log-groups"))
    assert found["log-groups", HOME].count_text == "50+"


def test_a_session_that_ended_is_told_apart_from_a_denial(aws, become, door):
    session = become(f"arn:aws:iam::{SANDBOX}:role/ReadOnly")
    aws.advance(3700)
    found = look(door, session)
    assert {result.cause for result in found.values()} == {"expired"}
    assert {result.state for result in found.values()} == {"error"}


@pytest.mark.parametrize(
    ("kind", "cause"),
    [
        ("500", "out_of_reach"),
        ("html", "out_of_reach"),
        ("truncate", "out_of_reach"),
        ("garbage", "out_of_reach"),
        ("drop", "out_of_reach"),
        ("throttle", "throttled"),
    ],
)
def test_a_fault_of_one_service_loses_no_other_view(kind, cause, aws, become, door):
    session = become(f"arn:aws:iam::{SANDBOX}:role/ReadOnly")
    aws.fault(kind, "sqs:ListQueues", times=9)
    found = look(door, session, views=(*views_called("sqs"), *views_called("sns"), *views_called("s3")))
    assert (found["sqs-queues", HOME].state, found["sqs-queues", HOME].cause) == ("error", cause)
    assert found["sns-topics", HOME].rows
    assert found["s3-buckets", "global"].rows


def test_a_hostile_name_is_shown_cleaned_and_kept_whole(aws, become, door):
    name = "explorer/\u202eevil\x1b]0;owned\x07[red]"
    aws.seed(SANDBOX)("secretsmanager").create_secret(Name=name, SecretString="never shown")
    try:
        found = look(door, become(f"arn:aws:iam::{SANDBOX}:role/ReadOnly"), views=views_called("secrets"))["secrets", HOME]
    finally:
        aws.seed(SANDBOX)("secretsmanager").delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
    assert name in found.ids
    text = "\n".join(table(found))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "evil" in text
    assert "never shown" not in repr(found)


def test_the_trust_policy_is_read_by_the_role_itself(become, door):
    arn = f"arn:aws:iam::{PRODUCTION}:role/cross-account/CrossAccountDeveloperRole"
    session = become(arn, ExternalId="UniqueExternalId12345")
    role = Role("production/x", arn, Account(PRODUCTION), "cross-account/CrossAccountDeveloperRole")
    reading = read_trust(door, role, [session])
    assert reading.why_not == ""
    assert len(reading.statements) == 1
    assert reading.read_by == session.identity


def test_a_role_that_may_not_read_itself_says_so(become, door):
    arn = f"arn:aws:iam::{USAGE}:role/SessionStoreReader"
    reading = read_trust(door, Role("usage/x", arn, Account(USAGE), "SessionStoreReader"), [become(arn)])
    assert reading.policy is None
    assert reading.why_not == "SessionStoreReader may not read it: iam:GetRole is denied."
