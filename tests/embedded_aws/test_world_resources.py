"""Every account has resources for every view, put there the first time anyone looks."""

from __future__ import annotations

import pytest

from tui_app.embedded_aws.world.accounts import ACCOUNTS
from tui_app.embedded_aws.world.core import drawn_from
from tui_app.embedded_aws.world.estates import BUCKETS, ESTATES, ZONES
from tui_app.embedded_aws.world.resources import Resources
from tui_app.embedded_aws.world.values import access_key_id, unique_id

# the operation of a view, where its names are, and the field of the estate that they come from
LISTS = {
    "dynamodb": ("list_tables", lambda answer: answer["TableNames"], "tables"),
    "rds": ("describe_db_instances", lambda answer: [one["DBInstanceIdentifier"] for one in answer["DBInstances"]], "databases"),
    "secretsmanager": ("list_secrets", lambda answer: [one["Name"] for one in answer["SecretList"]], "secrets"),
    "ssm": ("describe_parameters", lambda answer: [one["Name"] for one in answer["Parameters"]], "parameters"),
    "kms": ("list_aliases", lambda answer: [one["AliasName"].removeprefix("alias/") for one in answer["Aliases"]], "keys"),
    "ec2": (
        "describe_instances",
        lambda answer: [
            tag["Value"]
            for one in answer["Reservations"]
            for machine in one["Instances"]
            for tag in machine["Tags"]
            if tag["Key"] == "Name"
        ],
        "instances",
    ),
    "lambda": ("list_functions", lambda answer: [one["FunctionName"] for one in answer["Functions"]], "functions"),
    "ecs": ("list_clusters", lambda answer: [arn.rpartition("/")[2] for arn in answer["clusterArns"]], "clusters"),
    "eks": ("list_clusters", lambda answer: answer["clusters"], "kubernetes"),
    "cloudformation": ("describe_stacks", lambda answer: [one["StackName"] for one in answer["Stacks"]], "stacks"),
    "stepfunctions": ("list_state_machines", lambda answer: [one["name"] for one in answer["stateMachines"]], "machines"),
    "ecr": ("describe_repositories", lambda answer: [one["repositoryName"] for one in answer["repositories"]], "images"),
    "elbv2": ("describe_load_balancers", lambda answer: [one["LoadBalancerName"] for one in answer["LoadBalancers"]], "balancers"),
    "apigateway": ("get_rest_apis", lambda answer: [one["name"] for one in answer["items"]], "apis"),
    "cloudwatch": ("describe_alarms", lambda answer: [one["AlarmName"] for one in answer["MetricAlarms"]], "alarms"),
    "logs": ("describe_log_groups", lambda answer: [one["logGroupName"] for one in answer["logGroups"]], "logs"),
    "sqs": ("list_queues", lambda answer: [url.rpartition("/")[2] for url in answer.get("QueueUrls", [])], "queues"),
    "sns": ("list_topics", lambda answer: [one["TopicArn"].rpartition(":")[2] for one in answer["Topics"]], "topics"),
}


@pytest.mark.parametrize("service", LISTS)
def test_each_account_lists_what_its_estate_says(aws, service):
    operation, names, field = LISTS[service]
    for account in ACCOUNTS:
        for region, estate in ESTATES[account.id].items():
            client = aws.seed(account.id, region)(service)
            if client.can_paginate(operation):
                answer = client.get_paginator(operation).paginate().build_full_result()
            else:
                answer = getattr(client, operation)()
            wanted = {line.split()[0] for line in getattr(estate, field)}
            assert wanted <= set(names({"QueueUrls": [], **answer}) if answer else ()), (account.name, region)


def test_buckets_and_zones_lie_in_their_accounts(aws):
    for account in ACCOUNTS:
        door = aws.seed(account.id)
        buckets = {one["Name"]: f"{one['CreationDate']:%Y-%m-%d}" for one in door("s3").list_buckets()["Buckets"]}
        wanted = {line.split()[0]: line.split()[2] for line in BUCKETS[account.name]}
        assert wanted.items() <= buckets.items()
        zones = {one["Name"].rstrip(".") for one in door("route53").list_hosted_zones()["HostedZones"]}
        assert {line.split()[0] for line in ZONES.get(account.name, ())} <= zones


def test_nothing_failed_while_it_was_put_there(aws):
    resources = aws.embedded.service.resources
    resources.ensure_everything()
    assert resources.failures == []


def test_a_broken_service_does_not_hide_the_others(monkeypatch, aws):
    from tui_app.embedded_aws.world import resources as module

    def fail(_place):
        raise TypeError("moto changed")

    monkeypatch.setattr(module, "SEEDERS", {"sqs": (fail,)})
    resources = Resources()
    resources.ensure("sqs", "111122223333")
    assert [(service, account) for service, account, _ in resources.failures][:1] == [("sqs", "production")]


def test_a_new_account_has_nothing_and_may_be_filled(aws):
    door = aws.seed("123412341234")
    assert door("dynamodb").list_tables()["TableNames"] == []
    door("sqs").create_queue(QueueName="mine")
    assert len(door("sqs").list_queues()["QueueUrls"]) == 1


def test_ids_are_the_same_in_every_demo():
    assert access_key_id("444455556666", "DevUser") == "AKIAWO645SY5BSSOBIQA"
    assert unique_id("AROA", "arn:aws:iam::111122223333:role/AdminRole") == unique_id("AROA", "arn:aws:iam::111122223333:role/AdminRole")
    assert len(unique_id("AIDA", "x")) == 21


def test_ids_do_not_depend_on_the_order_of_asking(aws):
    from moto.moto_api._internal import mock_random

    drawn = []
    for _ in range(2):
        with drawn_from("sqs 111122223333"):
            drawn.append(mock_random.uuid4())
        drawn.append(mock_random.uuid4())
    assert drawn[0] == drawn[2]
    assert drawn[1] != drawn[3]


def test_a_list_of_buckets_tells_their_regions(aws):
    buckets = aws.client("s3", aws.assume("arn:aws:iam::999900001111:role/ReadOnly", "dev")).list_buckets(MaxBuckets=100)["Buckets"]
    assert buckets
    assert {bucket["BucketRegion"] for bucket in buckets} <= {"eu-west-1", "us-east-1"}
