from __future__ import annotations

import json

import jsonschema
import pytest

from tui_app.cli.main import dispatch
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
def roledeck(environ, capsys):
    def run(*words: str) -> tuple[int, str, str]:
        code = dispatch(["resources", *words], dict(environ))
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


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
    code, out, _ = roledeck(ROLE, "--json", "--service", "sqs", "--service", "sns")
    assert code == 0
    assert [view["state"] for view in json.loads(out)["views"]] == ["error", "ok"]


def test_views_lists_them_without_asking_anyone(aws, environ, capsys):
    before = len(aws.calls())
    assert dispatch(["views", "--json"], dict(environ)) == 0
    listed = json.loads(capsys.readouterr().out)
    assert len(listed) >= 22
    assert {"name", "title", "group", "service", "operation", "action", "scope", "columns"} <= set(listed[0])
    assert dispatch(["views"], dict(environ)) == 0
    assert "s3:ListAllMyBuckets" in capsys.readouterr().out
    assert len(aws.calls()) == before


def test_one_refused_role_of_several_loses_nothing_of_the_others(roledeck):
    code, out, err = roledeck(ROLE, "sandbox/PowerUser", "--json", "--service", "s3")
    assert code == 4
    assert [document["identity"]["account"] for document in json.loads(out)] == ["999900001111"]
    assert "PowerUser" in err
    assert err.count("\n") == 1
