"""What `roledeck resources` says beside its answer: whose session failed, what a CSV lacks, and how many calls it took."""

from __future__ import annotations

import json
from functools import partial

import pytest

ROLE, SPARSE, BUSY = "sandbox/ReadOnly", "usage/SessionStoreReader", "production/CrossAccountDeveloperRole"


@pytest.fixture
def roledeck(here):
    return partial(here, "resources")


def test_of_several_roles_each_that_fails_is_named(aws, roledeck):
    aws.fault("throttle", "sts:AssumeRole", times=99)
    code, out, err = roledeck(ROLE, SPARSE, "audit/ReadOnly", "--view", "vpcs")
    assert (code, out) == (5, "")
    said = err.splitlines()
    assert len(said) == 3
    assert {line.partition(": ")[0] for line in said} == {ROLE, SPARSE, "audit/ReadOnly"}


def test_a_failure_that_names_its_role_is_not_given_the_name_twice(roledeck):
    _, _, err = roledeck(ROLE, "shared-services/NetworkAdmin", "--view", "vpcs")
    assert err.count("shared-services/NetworkAdmin wants a code") == 1
    assert err.startswith("shared-services/NetworkAdmin wants")


def test_a_role_that_fails_is_named_in_a_search_too(aws, here):
    here("assume", ROLE)
    aws.fault("throttle", "sts:AssumeRole", times=99)
    code, out, err = here("search", "orders", "--with", ROLE, "--with", SPARSE)
    assert code == 5
    assert "sandbox/ReadOnly" in out
    assert err.startswith(f"{SPARSE}: AWS is answering too many requests")


def test_a_role_named_twice_is_asked_once(aws, roledeck):
    roledeck(ROLE, "--view", "vpcs")
    before = len(aws.calls("DescribeVpcs"))
    _, out, _ = roledeck(ROLE, ROLE, "--view", "vpcs", "--json")
    first, second = json.loads(out)
    assert first == second
    assert len(aws.calls("DescribeVpcs")) == before + 1


def test_the_calls_that_found_out_the_regions_are_counted(aws, roledeck):
    for role in (ROLE, SPARSE):
        roledeck(role, "--view", "vpcs")
        before = len(aws.calls())
        _, out, _ = roledeck(role, "--view", "vpcs", "--region", "all")
        assert f", {len(aws.calls()) - before} calls, " in out.splitlines()[-1]


def test_throttled_to_the_end_is_out_of_reach_for_whatever_command(aws, here):
    here("assume", ROLE)
    aws.fault("throttle", "sqs:ListQueues", times=99)
    assert here("resources", ROLE, "--view", "sqs-queues")[0] == 5


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((SPARSE, "--view", "sqs-queues"), "SQS queues, eu-west-1: sqs:ListQueues is denied, not allowed by the role's own policies.\n"),
        (
            (BUSY, "--view", "log-groups", "--region", "eu-west-1"),
            "Log groups, eu-west-1: only the first 50 rows, and there is more. --all-pages takes every page.\n",
        ),
        (
            (BUSY, SPARSE, "--view", "dynamodb-tables", "--view", "dynamodb-tables", "--region", "af-south-1"),
            "".join(f"{who}, DynamoDB tables, af-south-1: af-south-1 is not enabled for this account.\n" for who in (BUSY, SPARSE)),
        ),
        ((BUSY, "--view", "log-groups", "--region", "eu-west-1", "--all-pages"), ""),
        ((SPARSE,), ""),
    ],
    ids=["denied", "one page", "several roles", "whole", "the sheet says it itself"],
)
def test_what_a_csv_lacks_is_said_beside_it(roledeck, words, said):
    code, out, err = roledeck(*words, "--csv")
    assert (code, err) == (0, said)
    assert out.startswith("Account,Identity,")
