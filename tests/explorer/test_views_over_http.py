from __future__ import annotations

import pytest

from tui_app.aws.door import AwsDoor
from tui_app.embedded_aws.world.estates import BUCKETS, ESTATES, HOME, OVERSEAS, ZONES
from tui_app.embedded_aws.world.furnishings import DISTRIBUTIONS, FURNISHINGS, PREFIXES
from tui_app.errors import UsageError
from tui_app.explorer.asking import Asker, Asking, Tally
from tui_app.explorer.denied import request_for_administrator
from tui_app.explorer.descend import fetch_in
from tui_app.explorer.fetch import fetch_first_sight, fetch_pages
from tui_app.explorer.regions import enabled_regions
from tui_app.explorer.sheet import overview, table
from tui_app.explorer.trust import read_trust
from tui_app.explorer.views import FIRST_SIGHT, SUB_VIEWS, VIEWS, views_called
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
FURNISHING_OF = {
    "auto-scaling-groups": "scaling_groups",
    "launch-templates": "templates",
    "volumes": "volumes",
    "snapshots": "snapshots",
    "images": "images",
    "key-pairs": "key_pairs",
    "batch-environments": "environments",
    "batch-queues": "job_queues",
    "build-projects": "builds",
    "nat-gateways": "gateways",
    "elastic-ips": "gateways",
    "internet-gateways": "internet_gateways",
    "vpc-endpoints": "endpoints",
    "target-groups": "targets",
    "classic-load-balancers": "classic",
    "http-apis": "http_apis",
    "certificates": "certificates",
    "rds-clusters": "database_clusters",
    "rds-snapshots": "database_snapshots",
    "file-systems": "file_systems",
    "cache-clusters": "caches",
    "search-domains": "domains",
    "streams": "streams",
    "delivery-streams": "deliveries",
    "athena-workgroups": "workgroups",
    "redshift-clusters": "warehouses",
    "trails": "trails",
    "config-recorders": "recorders",
    "config-rules": "checks",
    "backup-vaults": "vaults",
    "backup-plans": "plans",
    "event-rules": "rules",
    "event-buses": "buses",
    "schedules": "schedules",
}
"""The same for what every account has besides."""
NEVER_EMPTY = {"events", "regions", "subnets", "route-tables", "network-interfaces", "kms-keys", "subscriptions", "dashboards"}
ALSO_THERE = {
    "vpcs": {""},
    "security-groups": {"default"},
    "athena-workgroups": {"primary"},
    "event-buses": {"default"},
    "volumes": {""},
    "snapshots": {""},
    "rds-snapshots": {"rds:"},
}
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


def asker(door, session, **how) -> Asker:
    return Asker(session, Asking(door, **how))


def look(door, session, views=VIEWS, regions=(HOME,)):
    found = fetch_first_sight(asker(door, session), regions, lambda _: None, views=views)
    return {(result.view.name, result.region): result for result in found}


def names(texts) -> set[str]:
    return {text.split()[0] for text in texts}


@pytest.mark.parametrize(("account", "name"), [(SANDBOX, "sandbox"), (STAGING, "staging")])
def test_every_view_lists_what_lies_in_its_account_and_region(account, name, become, door):
    session = become(f"arn:aws:iam::{account}:role/ReadOnly")
    found = look(door, session, regions=(HOME, OVERSEAS))
    assert {result.identity for result in found.values()} == {session.identity}
    for view, kind in ESTATE_OF.items():
        for region in (HOME, OVERSEAS):
            _lists(found[view, region], names(getattr(ESTATES[account][region], kind)))
    for view, kind in FURNISHING_OF.items():
        for region in (HOME, OVERSEAS):
            _lists(found[view, region], names(getattr(FURNISHINGS[account][region], kind)))
    assert [view for view in NEVER_EMPTY if not any(found[view, where].rows for where in (HOME, "global") if (view, where) in found)] == []
    (distribution,) = found["distributions", "global"].rows
    assert distribution[2] == DISTRIBUTIONS[account]
    assert {row[0] for row in found["iam-groups", "global"].rows} == {f"{PREFIXES[account]}-operators"}
    assert {row[0] for row in found["iam-policies", "global"].rows} == {f"{PREFIXES[account]}-metrics"}
    assert f"{PREFIXES[account]}-robot" in {row[0] for row in found["iam-users", "global"].rows}
    assert {view.name for view in VIEWS} == {name for name, _ in found}
    buckets = found["s3-buckets", "global"]
    assert {row[0] for row in buckets.rows} == names(BUCKETS[name])
    assert {row[0].rstrip(".") for row in found["route53-zones", "global"].rows} == names(ZONES[name])
    aliases = {row[0] for row in found["kms-aliases", HOME].rows}
    assert {f"alias/{key}" for key in ESTATES[account][HOME].keys} <= aliases
    assert "ReadOnly" in {row[0] for row in found["iam-roles", "global"].rows}
    (summary,) = found["account-summary", "global"].values
    assert summary[2] == found["iam-roles", "global"].count


def _lists(result, wanted):
    assert result.state == "ok", (result.view.name, result.region, result.message)
    also = ALSO_THERE.get(result.view.name, set())
    there = {row[0] for row in result.rows if row[0] not in also and not (row[0] and row[0].startswith("rds:"))}
    assert there == wanted, (result.view.name, result.region)
    if result.view.name not in {"rest-apis", "http-apis", "images", "snapshots"}:  # whose ARNs name no account
        assert all(result.identity.account in arn for arn in result.arns if arn), result.view.name


SUB_VIEW_AT = {
    "role-policies": ("ReadOnly",),
    "role-inline-policies": ("app-functions",),
    "user-access-keys": ("sandbox-robot",),
    "user-policies": ("sandbox-robot",),
    "user-inline-policies": ("sandbox-robot",),
    "group-members": ("sandbox-operators",),
    "stack-resources": ("sandbox-network",),
    "security-group-rules": ("web",),
    "zone-records": ("sandbox.example.com.",),
    "listeners": ("sandbox",),
    "targets": ("sandbox-web",),
    "s3-objects": ("sandbox-assets",),
    "dynamodb-table": ("sandbox-orders",),
    "ecs-services": ("sandbox",),
    "ecs-tasks": ("sandbox", "web"),
    "eks-cluster": ("experiments",),
    "eks-nodegroups": ("experiments",),
    "executions": ("sandbox-fulfil-order",),
    "ecr-images": ("sandbox/web",),
    "log-streams": ("/sandbox/api",),
    "log-lines": ("/sandbox/api", "2026/11/20/main"),
    "queue-attributes": ("sandbox-orders",),
    "topic-subscriptions": ("sandbox-events",),
}


def test_every_sub_view_lists_what_lies_in_its_row(become, door):
    session = become(f"arn:aws:iam::{SANDBOX}:role/ReadOnly")
    assert set(SUB_VIEW_AT) == {view.name for view in SUB_VIEWS}
    for view in SUB_VIEWS:
        (result,) = fetch_in(asker(door, session), view, SUB_VIEW_AT[view.name], (HOME,))
        assert (result.state, result.note) == ("ok", ""), (view.name, result.message, result.aws_message)
        assert result.rows, view.name
        assert result.identity == session.identity
    assert "made up for the demo" not in repr(result)


def test_a_sub_view_that_is_denied_is_denied_though_its_parent_is_not(aws, become, door):
    session = become(f"arn:aws:iam::{USAGE}:role/SessionStoreReader")
    (table,) = (view for view in SUB_VIEWS if view.name == "dynamodb-table")
    (mine,) = fetch_in(asker(door, session), table, ["dynamodb-session-store-test"], (HOME,))
    assert (mine.state, mine.rows[0][4]) == ("ok", "id")
    (other,) = fetch_in(asker(door, session), table, ["usage-records"], (HOME,))
    assert (other.state, other.action) == ("denied", "dynamodb:DescribeTable")
    assert other.refusal.resource.endswith(":table/usage-records")
    text = request_for_administrator(other)
    assert "dynamodb:DescribeTable" in text
    assert session.identity.arn in text


def test_access_keys_are_told_by_their_ending_alone(become, door):
    (keys,) = (view for view in SUB_VIEWS if view.name == "user-access-keys")
    (result,) = fetch_in(asker(door, become(f"arn:aws:iam::{SANDBOX}:role/ReadOnly")), keys, ["sandbox-robot"], (HOME,))
    assert "AKIA" not in repr((result, result.raw, result.document(0)))
    assert result.rows[0][0].startswith("…")


def test_all_pages_of_a_view_are_there_when_asked_for(become, door):
    role = f"arn:aws:iam::{PRODUCTION}:role/cross-account/CrossAccountDeveloperRole"
    session, tally = become(role, ExternalId="UniqueExternalId12345"), Tally()
    (first,) = look(door, session, views=views_called("log-groups")).values()
    whole = fetch_pages(asker(door, session, tally=tally), first)
    assert (first.count_text, whole.count_text, tally.calls) == ("50+", "52", 1)
    assert whole.ids[:50] == first.ids


def test_regions_that_are_off_are_known_and_said(become, door):
    session = become(f"arn:aws:iam::{SANDBOX}:role/ReadOnly")
    known = enabled_regions(door, session)
    assert (known.told_by, HOME in known.enabled, "af-south-1" in known.off) == ("account:ListRegions", True, True)
    views = (*views_called("sqs"), *views_called("alarms"), *views_called("vpcs"))
    found = look(door, session, views=views, regions=(HOME, "af-south-1"))
    assert {result.cause for (_, region), result in found.items() if region == "af-south-1"} == {"region_off"}
    assert {result.state for (_, region), result in found.items() if region == HOME} == {"ok"}


def test_views_of_the_whole_account_are_asked_at_home_wherever_one_looks(become, door):
    session = become(f"arn:aws:iam::{SANDBOX}:role/ReadOnly")
    views = tuple(view for view in VIEWS if view.scope == "global")
    found = look(door, session, views=views, regions=("af-south-1",))
    assert {name: result.cause for (name, _), result in found.items() if result.state != "ok"} == {"organization-accounts": "denied"}
    assert found["s3-buckets", "global"].rows
    assert found["dashboards", "global"].rows


def test_a_throttle_is_waited_out_and_counted(aws, become, door):
    session, tally, heard = become(f"arn:aws:iam::{SANDBOX}:role/ReadOnly"), Tally(), []
    aws.fault("throttle", "sqs:ListQueues", times=2)
    patient = asker(door, session, tally=tally, on_retry=heard.append)
    (result,) = fetch_first_sight(patient, (HOME,), lambda _: None, views=views_called("sqs"))
    assert (result.state, tally.calls, tally.throttles) == ("ok", 3, 2)
    assert len(heard) == 2


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
    assert f"1 readable, {len(VIEWS) - 1} denied" in lines
    assert len(FIRST_SIGHT) < len(VIEWS)


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
        ("500", "broken"),
        ("html", "not_aws"),
        ("truncate", "out_of_reach"),
        ("garbage", "not_aws"),
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


@pytest.mark.parametrize("view", ["s3-buckets", "sns-topics", "vpcs", "iam-roles", "lambda-functions"])
def test_a_page_of_html_is_no_empty_answer_whatever_the_protocol(view, aws, become, door):
    session = become(f"arn:aws:iam::{SANDBOX}:role/ReadOnly")
    (wanted,) = views_called(view)
    aws.fault("html", wanted.operation, times=9)
    (found,) = look(door, session, views=(wanted,)).values()
    assert (found.state, found.cause) == ("error", "not_aws")


@pytest.mark.parametrize(("kind", "cause"), [("truncate", "out_of_reach"), ("garbage", "not_aws"), ("html", "not_aws")])
@pytest.mark.parametrize("view", ["alarms", "s3-buckets", "sqs-queues", "rest-apis"])
def test_a_broken_answer_is_never_an_empty_table(kind, cause, view, aws, become, door):
    session = become(f"arn:aws:iam::{SANDBOX}:role/ReadOnly")
    (wanted,) = (known for known in VIEWS if known.name == view)
    aws.fault(kind, wanted.operation, times=9)
    (found,) = look(door, session, views=(wanted,)).values()
    assert (found.state, found.cause) == ("error", cause)


def test_a_row_that_is_not_there_is_said_and_never_taken_for_the_one_above(aws, become, door):
    session = become(f"arn:aws:iam::{SANDBOX}:role/ReadOnly")
    named = {view.name: view for view in SUB_VIEWS}
    with pytest.raises(UsageError, match="no no-such-folder/ in sandbox-assets in s3-buckets"):
        fetch_in(asker(door, session), named["s3-objects"], ["sandbox-assets", "no-such-folder/"], (HOME,))
    with pytest.raises(UsageError) as near:
        fetch_in(asker(door, session), named["s3-objects"], ["sandbox-asset"], (HOME,))
    assert near.value.next_step == "Did you mean sandbox-assets?"
    with pytest.raises(UsageError, match="row without a name"):
        fetch_in(asker(door, session), named["s3-objects"], [""], (HOME,))
    ec2 = aws.seed(SANDBOX)("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.77.0.0/16")["Vpc"]["VpcId"]
    try:
        with pytest.raises(UsageError, match="default in security-groups") as several:
            fetch_in(asker(door, session), named["security-group-rules"], ["default"], (HOME,))
    finally:
        ec2.delete_vpc(VpcId=vpc)
    assert several.value.next_step.startswith("Name one by its id: sg-")


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
