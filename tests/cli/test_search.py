"""`roledeck search`: who is asked, what is printed, and how it ends."""

from __future__ import annotations

import csv
import io
import json

import jsonschema
import pytest

TEXT, MAYBE = {"type": "string"}, {"type": ["string", "null"]}
TEXTS = {"type": "array", "items": TEXT}
ACCOUNT = {"type": "string", "pattern": "^[0-9]{12}$"}
ENGINE = {"enum": ["resource-explorer", "tagging"]}
ANSWER = {
    "type": "object",
    "required": ["role", "account", "arn", "engine", "region", "reach", "regions", "state", "count", "more", "message"],
    "properties": {
        "role": TEXT,
        "account": ACCOUNT,
        "arn": {"type": "string", "pattern": "^arn:aws:sts::"},
        "engine": ENGINE,
        "region": MAYBE,
        "reach": {"enum": ["organization", "aggregator", "local", "region"]},
        "regions": TEXTS,
        "view": MAYBE,
        "state": {"enum": ["ok", "denied", "error", "off"]},
        "cause": MAYBE,
        "count": {"type": ["integer", "null"]},
        "more": {"type": "boolean"},
        "looked_through": {"type": ["integer", "null"]},
        "index_state": MAYBE,
        "index_since": MAYBE,
        "note": MAYBE,
        "message": TEXT,
        "action": MAYBE,
        "denied_by": MAYBE,
        "request_id": MAYBE,
    },
    "additionalProperties": False,
}
RESOURCE = {
    "type": "object",
    "required": ["arn", "name", "id", "service", "type", "region", "account", "account_name", "last_reported", "tags", "found_by"],
    "properties": {
        "arn": {"type": "string", "pattern": "^arn:"},
        "name": TEXT,
        "id": TEXT,
        "service": TEXT,
        "type": TEXT,
        "region": TEXT,
        "account": ACCOUNT,
        "account_name": MAYBE,
        "last_reported": MAYBE,
        "tags": {"type": "object", "additionalProperties": TEXT},
        "found_by": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["role", "account", "arn", "engine"],
                "properties": {"role": TEXT, "account": ACCOUNT, "arn": TEXT, "engine": ENGINE},
            },
        },
    },
    "additionalProperties": False,
}
SCHEMA = {
    "type": "object",
    "required": ["query", "complete", "answers", "resources"],
    "properties": {
        "query": TEXT,
        "complete": {"type": "boolean"},
        "answers": {"type": "array", "items": ANSWER, "minItems": 1},
        "resources": {"type": "array", "items": RESOURCE},
    },
    "additionalProperties": False,
}
DEVELOPER, STAGING, SANDBOX = "production/cross-account/CrossAccountDeveloperRole", "staging-readonly", "sandbox/ReadOnly"


@pytest.fixture
def roledeck(here):
    """In this process, as most of these tests look at nothing but the answer."""
    return here


def test_every_live_session_is_asked_each_by_the_engine_its_account_has(roledeck):
    for role in (DEVELOPER, STAGING, SANDBOX):
        assert roledeck("assume", role)[0] == 0
    code, out, err = roledeck("search", "service:lambda", "resize", "--json")
    answer = json.loads(out)
    assert (code, err) == (0, "")
    jsonschema.validate(answer, SCHEMA)
    assert {(one["account"], one["engine"], one["reach"]) for one in answer["answers"]} >= {
        ("111122223333", "resource-explorer", "aggregator"),
        ("555566667777", "resource-explorer", "local"),
        ("999900001111", "tagging", "region"),
    }
    assert {one["name"] for one in answer["resources"]} == {"resize-images", "staging-resize-images", "sandbox-resize-images"}
    assert {one["account_name"] for one in answer["resources"]} == {"production", "staging", "sandbox"}
    assert answer["complete"]


def test_without_a_live_session_it_says_what_to_do_and_asks_nobody(aws, roledeck):
    before = len(aws.calls("ListIndexes"))
    code, out, err = roledeck("search", "orders")
    assert (code, out) == (3, "")
    assert "roledeck assume ROLE" in err
    assert "--with ROLE" in err
    assert len(aws.calls("ListIndexes")) == before


def test_a_role_that_is_named_is_assumed_and_alone_asked(roledeck):
    assert roledeck("assume", SANDBOX)[0] == 0
    code, out, _ = roledeck("search", "orders", "--with", DEVELOPER)
    assert code == 0
    assert "production/CrossAccountDeveloperRole · Resource Explorer, aggregator in eu-west-1, all indexed regions · " in out
    assert "sandbox" not in out
    assert "Name" in out.splitlines()[0]


def test_a_role_that_cannot_be_had_is_told_and_loses_nobody_elses_rows(roledeck):
    code, out, err = roledeck("search", "orders", "--with", DEVELOPER, "--with", "sandbox/PowerUser", "--json")
    answer = json.loads(out)
    assert code == 4
    assert "PowerUser" in err
    assert answer["resources"]


def test_only_the_regions_asked_for(roledeck):
    _, out, _ = roledeck("search", "service:lambda", "--with", DEVELOPER, "--region", "us-east-1", "--json")
    assert {one["region"] for one in json.loads(out)["resources"]} == {"us-east-1"}


@pytest.mark.parametrize(
    ("region", "sentence"),
    [
        ("nowhere", "nowhere is no region of AWS. A region is written like eu-west-1.\n"),
        ("eu-wets-1", "botocore knows no region eu-wets-1. Did you mean"),
    ],
)
def test_a_region_that_cannot_be_is_told(roledeck, region, sentence):
    code, out, err = roledeck("search", "orders", "--with", DEVELOPER, "--region", region)
    assert sentence in err
    assert (code, out) == (2, "") or region != "nowhere"


def test_a_word_that_excludes_is_no_option(roledeck):
    code, out, _ = roledeck("search", "orders", "-service:sqs", "--with", DEVELOPER, "--json")
    answer = json.loads(out)
    assert code == 0
    assert answer["query"] == "orders -service:sqs"
    assert answer["resources"]
    assert "sqs" not in {one["service"] for one in answer["resources"]}


def test_csv_has_the_rows_and_stderr_who_answered(roledeck):
    code, out, err = roledeck("search", "orders", "--with", DEVELOPER, "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    assert {row["Account"] for row in rows} == {"111122223333"}
    assert all(row["ARN"].startswith("arn:") and row["Engine"] == "resource-explorer" for row in rows)
    assert "aggregator in eu-west-1" in err


def test_all_refused_is_a_refusal_with_who_refused(roledeck):
    code, out, _ = roledeck("search", "orders", "--with", "usage/SessionStoreReader")
    assert code == 4
    assert "⊘ denied resource-explorer-2:ListIndexes" in out
    assert "⊘ denied tag:GetResources" in out


def test_words_that_aws_refuses(roledeck):
    code, out, err = roledeck("search", "servce:lambda", "--with", DEVELOPER)
    assert code == 4
    assert "at word 1, 'servce:lambda'" in out
    assert "Did you mean service:?" in err


@pytest.mark.parametrize(("words", "said"), [(['"open'], "not closed"), (["x" * 1300], "1,280"), ([], "needs WORDS")])
def test_words_that_are_none(roledeck, words, said):
    code, out, err = roledeck("search", *words, "--with", DEVELOPER)
    assert (code, out) == (2, "")
    assert said in err


@pytest.mark.parametrize("words", [("--fresh",), ("--duration", "15m"), ("--via", "dev"), ("--fresh", "--via", "dev")])
def test_what_is_said_of_new_sessions_goes_with_a_role(aws, roledeck, words):
    assert roledeck("assume", SANDBOX)[0] == 0
    before = len(aws.calls())
    code, out, err = roledeck("search", "orders", *words)
    assert (code, out) == (2, "")
    assert err == f"{words[0]} goes with --with ROLE. Without a role the live sessions search as they are.\n"
    assert len(aws.calls()) == before


def test_a_page_of_html_is_out_of_reach(aws, roledeck):
    assert roledeck("assume", DEVELOPER)[0] == 0
    aws.fault("html", "resource-explorer-2:", 9)
    aws.fault("html", "tagging:", 9)
    code, out, _ = roledeck("search", "orders")
    assert code == 5
    assert "not an answer of AWS" in out


def test_hostile_names_reach_no_terminal_and_no_formula(aws, roledeck):
    from tests.ui.hostile_text import HOSTILE

    hostile = next(text for text in HOSTILE if "\x1b" in text)
    topics = aws.seed("999900001111")("sns")
    made = topics.create_topic(Name="estate-hostile", Tags=[{"Key": "Name", "Value": f"={hostile}"[:200]}])
    for form in ((), ("--csv",), ("--json",)):
        code, out, err = roledeck("search", "estate-hostile", "--with", SANDBOX, *form)
        assert code == 0
        assert "estate-hostile" in out
        assert "\x1b" not in out + err
        assert ",=" not in out
    topics.delete_topic(TopicArn=made["TopicArn"])  # other tests know every topic of the account
