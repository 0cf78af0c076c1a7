from __future__ import annotations

import json
from functools import partial

import jsonschema
import pytest

from tui_app.embedded_aws.world.estates import BUCKETS, HOME

PLAIN = {"type": ["string", "number", "boolean", "null"]}
TEXTS = {"type": "array", "items": {"type": "string"}}
ROLE = "sandbox/ReadOnly"
VIEW = {
    "type": "object",
    "required": ["view", "service", "region", "state", "count", "more", "columns", "rows", "message"],
    "properties": {
        "view": {"type": "string"},
        "service": {"type": "string"},
        "region": {"type": "string", "minLength": 1},
        "state": {"enum": ["ok", "denied", "error", "off"]},
        "count": {"type": ["integer", "null"]},
        "more": {"type": "boolean"},
        "columns": TEXTS,
        "rows": {"type": "array", "items": {"type": "array", "items": PLAIN}},
        "tags": {"type": "array", "items": {"type": "object", "additionalProperties": {"type": "string"}}},
        "note": {"type": ["string", "null"]},
        "message": {"type": "string"},
    },
}
SCHEMA = {
    "type": "object",
    "required": ["identity", "views"],
    "properties": {
        "identity": {
            "type": "object",
            "required": ["account", "arn"],
            "properties": {"account": {"pattern": "^[0-9]{12}$"}, "arn": {"pattern": "^arn:aws:sts::"}},
        },
        "views": {"type": "array", "items": VIEW, "minItems": 1},
    },
}


@pytest.fixture
def roledeck(here):
    return partial(here, "resources")


def test_the_json_answer_keeps_its_schema_and_names_who_was_answered(roledeck):
    code, out, err = roledeck(ROLE, "--json", "--service", "s3", "--service", "sqs")
    answer = json.loads(out)
    assert (code, err) == (0, "")
    jsonschema.validate(answer, SCHEMA)
    assert answer["identity"]["account"] == "999900001111"
    assert ":assumed-role/ReadOnly/" in answer["identity"]["arn"]
    buckets, queues = answer["views"]
    assert (buckets["view"], buckets["service"], buckets["region"], buckets["state"]) == ("s3-buckets", "s3", "global", "ok")
    assert {row[0] for row in buckets["rows"]} == {text.split()[0] for text in BUCKETS["sandbox"]}
    assert buckets["count"] == len(buckets["rows"])
    assert (queues["region"], queues["more"]) == (HOME, False)


def test_a_denied_view_is_an_answer_not_a_failure(roledeck):
    code, out, _ = roledeck("usage/SessionStoreReader", "--json", "--service", "sqs", "--service", "dynamodb")
    answer = json.loads(out)
    jsonschema.validate(answer, SCHEMA)
    denied, tables = answer["views"]
    assert code == 0
    assert (denied["state"], denied["count"], denied["rows"]) == ("denied", None, [])
    assert denied["action"] == "sqs:ListQueues"
    assert "is not authorized to perform: sqs:" in denied["message"].lower()
    assert ["dynamodb-session-store-test"] in tables["rows"]


def test_several_regions_are_asked_and_told_apart(roledeck):
    _, out, _ = roledeck(ROLE, "--json", "--service", "logs", "--region", "us-east-1", "--region", "eu-west-1")
    views = json.loads(out)["views"]
    assert [view["region"] for view in views] == ["us-east-1", "eu-west-1"]
    assert {row[0] for row in views[0]["rows"]} != {row[0] for row in views[1]["rows"]}


def test_several_roles_are_a_list_each_with_its_own_identity(roledeck):
    _, out, _ = roledeck(ROLE, "usage/SessionStoreReader", "--json", "--service", "dynamodb")
    answers = json.loads(out)
    assert [answer["identity"]["account"] for answer in answers] == ["999900001111", "888899990000"]


def test_the_text_is_a_quiet_table_with_a_stamp_at_its_foot(roledeck):
    code, out, _ = roledeck(ROLE, "--service", "s3")
    lines = out.rstrip().splitlines()
    assert code == 0
    assert lines[0] == "sandbox  ReadOnly  999900001111"
    assert lines[2] == "S3 buckets  2"
    assert lines[4].split() == ["Name", "Region", "Created"]
    assert {line.split()[0] for line in lines[5:7]} == {text.split()[0] for text in BUCKETS["sandbox"]}
    assert lines[-1].startswith("Answered to arn:aws:sts::999900001111:assumed-role/ReadOnly/")
    assert ", one call, " in lines[-1]


def test_without_a_service_every_view_is_on_one_sheet(roledeck):
    code, out, _ = roledeck("usage/SessionStoreReader")
    assert code == 0
    assert "⊘ denied  s3:ListAllMyBuckets" in out
    assert "1 readable, 26 denied" in out
    assert "DynamoDB tables" in out


def test_an_unknown_service_is_a_usage_error_with_the_nearest(roledeck):
    code, out, err = roledeck(ROLE, "--service", "dynamo")
    assert (code, out) == (2, "")
    assert err == "There is no view or service 'dynamo'. Did you mean dynamodb?\n"


def test_a_role_that_aws_refuses_is_exit_4_and_no_half_answer(roledeck):
    code, out, err = roledeck("sandbox/PowerUser", "--json", "--service", "s3")
    assert (code, out) == (4, "")
    assert err.count("\n") == 1


def test_a_session_that_ended_meanwhile_is_exit_4(aws, roledeck):
    roledeck(ROLE, "--json", "--service", "s3")
    aws.advance(7200)
    code, out, _ = roledeck(ROLE, "--json", "--service", "s3")
    assert code == 4
    assert json.loads(out)["views"][0]["cause"] == "expired"


def test_out_of_reach_for_all_is_exit_5_for_some_is_0(aws, roledeck):
    roledeck(ROLE, "--json", "--service", "s3")
    aws.fault("drop", "sqs:ListQueues", times=9)
    assert roledeck(ROLE, "--json", "--service", "sqs")[0] == 5
    aws.fault("drop", "sqs:ListQueues", times=9)
    code, out, _ = roledeck(ROLE, "--json", "--service", "sqs", "--view", "sns-topics")
    assert code == 0
    assert [view["state"] for view in json.loads(out)["views"]] == ["error", "ok"]


def test_views_lists_them_without_asking_anyone(aws, here):
    before = len(aws.calls())
    code, out, _ = here("views", "--json")
    assert code == 0
    listed = json.loads(out)
    assert len(listed) >= 60
    assert {"name", "title", "group", "service", "operation", "action", "scope", "columns"} <= set(listed[0])
    assert "s3:ListAllMyBuckets" in here("views")[1]
    assert len(aws.calls()) == before


def test_one_refused_role_of_several_loses_nothing_of_the_others(roledeck):
    code, out, err = roledeck(ROLE, "sandbox/PowerUser", "--json", "--service", "s3")
    assert code == 4
    assert [document["identity"]["account"] for document in json.loads(out)] == ["999900001111"]
    assert "PowerUser" in err
    assert err.count("\n") == 1


def test_several_roles_are_one_sheet_that_marks_what_differs(roledeck):
    code, out, _ = roledeck(ROLE, "staging/ReadOnly", "usage/SessionStoreReader")
    lines = {line.split("  ")[0]: line for line in out.splitlines()}
    assert code == 0
    assert lines["View"].split() == ["View", "sandbox/ReadOnly", "staging/ReadOnly", "usage/SessionStoreReader"]
    assert lines["S3 buckets"].split()[2:] == ["2", "2", "⊘", "denied", "≠"]
    assert not lines["Organization"].endswith("≠")
    assert out.count("Answered to arn:aws:sts::") == 3


def test_rows_of_several_roles_are_in_one_table_that_says_who_sees_them(roledeck):
    code, out, _ = roledeck(ROLE, "usage/SessionStoreReader", "--view", "dynamodb-tables", "--view", "sqs-queues")
    assert code == 0
    assert next(line.split() for line in out.splitlines() if "sandbox-orders" in line) == [ROLE, "sandbox-orders"]
    assert "usage/SessionStoreReader  dynamodb-session-store-test" in out
    assert "usage/SessionStoreReader  ⊘ denied  sqs:ListQueues" in out


def test_a_view_inside_another_is_opened_at_a_row(roledeck):
    code, out, _ = roledeck(ROLE, "--json", "--view", "ecs-tasks", "--in", "sandbox", "--in", "web")
    (view,) = json.loads(out)["views"]
    assert (code, view["view"], view["state"], view["region"]) == (0, "ecs-tasks", "ok", HOME)
    assert {row[1] for row in view["rows"]} == {"RUNNING"}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--view", "ecs-tasks"], "ecs-tasks lies in ecs-clusters."),
        (["--view", "s3-buckets", "--in", "x"], "s3-buckets lies in no other view."),
        (["--view", "s3-objects", "--view", "s3-buckets", "--in", "x"], "--in and views inside others go with one --view."),
        (["--in", "x"], "--in and views inside others go with one --view."),
        (["--view", "s3-objects", "--in", "no-such-bucket"], "There is no no-such-bucket in s3-buckets of eu-west-1. --view s3-b"),
        (["--view", "sqs-queue"], "There is no view 'sqs-queue'. Did you mean sqs-queues?"),
    ],
)
def test_a_view_that_cannot_be_opened_so_is_a_usage_error(roledeck, words, sentence):
    code, out, err = roledeck(ROLE, *words)
    assert (code, out) == (2, "")
    assert sentence in err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--every-view", "--view", "s3-buckets"], "--every-view counts all views, and --view names some. Say one of them."),
        (["--every-view", "--service", "s3"], "--every-view counts all views, and --service names some."),
        (["--every-view", "--service", "s3", "--view", "sqs-queues", "--json"], "--every-view counts all views, and --view names some."),
        (["--service", "ec2", "--csv"], "--csv writes the rows of one view"),
    ],
)
def test_options_that_contradict_each_other_are_refused_before_anybody_is_asked(aws, roledeck, words, sentence):
    before = len(aws.calls())
    code, out, err = roledeck(ROLE, *words)
    assert (code, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1
    assert len(aws.calls()) == before


def test_csv_is_one_table_of_rows_or_the_sheet(roledeck):
    _, rows, _ = roledeck(ROLE, "staging/ReadOnly", "--csv", "--view", "sqs-queues")
    lines = rows.splitlines()
    assert lines[0] == "Account,Identity,Region,Name,URL,ARN"
    assert {line.split(",")[0] for line in lines[1:]} == {"999900001111", "555566667777"}
    _, sheet, _ = roledeck("usage/SessionStoreReader", "--csv")
    assert sheet.splitlines()[0] == "Account,Identity,View,Region,State,Count,More,Action,Denied by,Message"
    assert ",s3-buckets,global,denied,,no,s3:ListAllMyBuckets," in sheet


def test_all_regions_are_the_enabled_ones_and_what_is_off_is_said(roledeck):
    _, out, _ = roledeck(ROLE, "--json", "--view", "streams", "--region", "all", "--region", "me-south-1")
    views = {view["region"]: view for view in json.loads(out)["views"]}
    assert {"eu-west-1", "us-east-1", "eu-south-1"} <= set(views)
    assert "af-south-1" not in views
    assert (views["me-south-1"]["state"], views["me-south-1"]["cause"]) == ("off", "region_off")
    assert [row[0] for row in views["us-east-1"]["rows"]] == ["sandbox-edge-logs"]


@pytest.mark.parametrize(
    ("region", "sentence"),
    [
        ("mars-1", "mars-1 is no region of AWS."),
        ("EU-WEST-1", "EU-WEST-1 is no region of AWS. Did you mean eu-west-1?"),
        ("eu-west-1;ls", "Did you mean eu-west-1?"),
    ],
)
def test_what_cannot_be_a_region_is_a_usage_error(roledeck, region, sentence):
    code, out, err = roledeck(ROLE, "--view", "sqs-queues", "--region", region)
    assert (code, out) == (2, "")
    assert sentence in err


def test_a_region_of_another_partition_is_said_to_be_elsewhere(roledeck):
    code, out, _ = roledeck(ROLE, "--json", "--view", "sqs-queues", "--region", "cn-north-1")
    (view,) = json.loads(out)["views"]
    assert (code, view["state"], view["message"]) == (0, "off", "cn-north-1 lies in aws-cn, and this session belongs to aws.")


def test_a_region_that_is_off_takes_nothing_from_what_belongs_to_the_whole_account(roledeck):
    code, out, _ = roledeck(ROLE, "--json", "--region", "af-south-1", "--view", "s3-buckets", "--view", "iam-roles", "--view", "vpcs")
    assert code == 0
    assert [view["state"] for view in json.loads(out)["views"]] == ["ok", "ok", "off"]


def test_the_same_role_twice_is_one_column_and_two_answers(roledeck):
    _, out, _ = roledeck(ROLE, ROLE, "--view", "s3-buckets")
    assert out.count("Answered to") == 1
    _, sheet, _ = roledeck(ROLE, ROLE, "--csv", "--view", "s3-buckets")
    assert len(sheet.splitlines()) == 1 + len(BUCKETS["sandbox"])
    _, answers, _ = roledeck(ROLE, ROLE, "--json", "--view", "s3-buckets")
    assert len(json.loads(answers)) == 2


def test_each_row_has_its_page_of_the_console(roledeck):
    _, out, _ = roledeck(ROLE, "--json", "--view", "s3-buckets", "--view", "account-aliases", "--view", "vpcs")
    buckets, aliases, vpcs = json.loads(out)["views"]
    for (name, region, *_), link in zip(buckets["rows"], buckets["links"], strict=True):
        assert link == f"https://{region}.console.aws.amazon.com/s3/buckets/{name}?region={region}&tab=objects"
    assert all(link.startswith("https://us-east-1.console.aws.amazon.com/iam/home") for link in aliases["links"])
    assert [link.rpartition("=")[2] for link in vpcs["links"]] == vpcs["ids"]


def test_the_link_of_an_object_survives_any_name(aws, roledeck):
    s3 = aws.seed("999900001111")("s3")
    key = "überblick & co/=1 [red].txt"
    s3.put_object(Bucket="sandbox-assets", Key=key, Body=b"x")
    try:
        _, out, _ = roledeck(ROLE, "--json", "--view", "s3-objects", "--in", "sandbox-assets", "--in", "überblick & co/")
    finally:
        s3.delete_object(Bucket="sandbox-assets", Key=key)
    (view,) = json.loads(out)["views"]
    assert view["ids"] == [key]
    assert view["links"][0].endswith("&prefix=%C3%BCberblick%20%26%20co%2F%3D1%20%5Bred%5D.txt")


def test_a_session_that_was_revoked_is_offered_anew(aws, roledeck):
    iam = aws.seed("999900001111")("iam")
    name = "AWSRevokeOlderSessions"
    roledeck(ROLE, "--json", "--view", "sqs-queues")
    condition = {"DateLessThan": {"aws:TokenIssueTime": "2100-01-01T00:00:00Z"}}
    statement = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition}
    iam.put_role_policy(
        RoleName="ReadOnly", PolicyName=name, PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    )
    try:
        code, out, err = roledeck(ROLE, "--json", "--view", "sqs-queues", "--view", "vpcs")
        fresh = roledeck(ROLE, "--json", "--view", "sqs-queues", "--fresh")[2]
    finally:
        iam.delete_role_policy(RoleName="ReadOnly", PolicyName=name)
    assert (code, {view["denied_by"] for view in json.loads(out)["views"]}) == (0, {"explicit deny in the role's own policies"})
    assert "--fresh begins one that is not" in err
    assert "--fresh" not in fresh


def test_all_pages_are_read_when_asked_for(roledeck):
    role = "production/cross-account/CrossAccountDeveloperRole"
    _, out, _ = roledeck(role, "--json", "--view", "log-groups", "--all-pages", "--region", HOME)
    (view,) = json.loads(out)["views"]
    assert (view["count"], view["more"]) == (52, False)


def test_views_tell_what_they_ask_and_how_rows_are_named(here):
    views = {view["name"]: view for view in json.loads(here("views", "--json")[1])}
    assert (views["vpcs"]["id"], views["vpcs"]["console"]) == ("VpcId", "vpc")
    assert views["vpcs"]["arn"] == "arn:{partition}:ec2:{region}:{account}:vpc/{VpcId}"
    assert "elbv2 DescribeLoadBalancers" in here("views")[1]
