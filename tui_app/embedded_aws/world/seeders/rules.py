"""Trails, recorders, checks, vaults, plans; event rules, buses, schedules, dashboards, subscriptions."""

from __future__ import annotations

import json
from dataclasses import replace

from tui_app.embedded_aws.upstream import ONE_REGION
from tui_app.embedded_aws.world.estates import BUCKETS
from tui_app.embedded_aws.world.seeders.place import Place, given

_DASHBOARD = json.dumps({"widgets": []})


def trails(place: Place) -> None:
    """CloudTrail trails of one region, into the account's first bucket."""
    cloudtrail = place.backend("cloudtrail")
    bucket = BUCKETS[place.account.name][0].split()[0]
    for name in place.furnishing.trails:
        given(
            cloudtrail.create_trail,
            name=name,
            bucket_name=bucket,
            is_global=True,
            is_multi_region=False,
            log_validation=True,
            is_org_trail=False,
            tags_list=[],
        )


def recorders(place: Place) -> None:
    """Config recorders, and a rule that they are checked by."""
    config = place.backend("config")
    for name in place.furnishing.recorders:
        group = {"allSupported": True, "includeGlobalResourceTypes": True}
        config.put_configuration_recorder({"name": name, "roleARN": place.role("workflows"), "recordingGroup": group})
    for line in place.furnishing.checks:
        name, identifier = line.split()
        config.put_config_rule({"ConfigRuleName": name, "Source": {"Owner": "AWS", "SourceIdentifier": identifier}})


def vaults(place: Place) -> None:
    """Backup vaults and plans."""
    backup = place.backend("backup")
    for name in place.furnishing.vaults:
        backup.create_backup_vault(name, {}, "", "")
    for name in place.furnishing.plans:
        rule = {"RuleName": "daily", "TargetBackupVaultName": place.furnishing.vaults[0], "ScheduleExpression": "cron(0 3 * * ? *)"}
        backup.create_backup_plan({"BackupPlanName": name, "Rules": [rule]}, {}, "")


def event_rules(place: Place) -> None:
    """EventBridge rules of the default bus, and buses."""
    events = place.backend("events")
    for name in place.furnishing.rules:
        events.put_rule(name, scheduled_expression="rate(1 day)", state="ENABLED", description=f"{name.replace('-', ' ').capitalize()}.")
    for name in place.furnishing.buses:
        events.create_event_bus(name)


def schedules(place: Place) -> None:
    """Schedules of the default group."""
    scheduler = place.backend("scheduler")
    for name in place.furnishing.schedules:
        target = {"Arn": f"arn:aws:lambda:{place.region}:{place.account.id}:function:rotate", "RoleArn": place.role("workflows")}
        given(
            scheduler.create_schedule,
            name=name,
            group_name="default",
            flexible_time_window={"Mode": "OFF"},
            schedule_expression="rate(1 day)",
            state="ENABLED",
            target=target,
        )


def dashboards(place: Place) -> None:
    """CloudWatch dashboards, which belong to no region (see `upstream`)."""
    cloudwatch = replace(place, region=ONE_REGION).backend("cloudwatch")
    for name in place.furnishing.dashboards:
        cloudwatch.put_dashboard(name, _DASHBOARD)


def subscriptions(place: Place) -> None:
    """Queues that hear the first topic."""
    sns = place.backend("sns")
    for name in place.furnishing.subscribed if place.estate.topics else ():
        topic = f"arn:aws:sns:{place.region}:{place.account.id}:{place.estate.topics[0]}"
        sns.subscribe(topic, f"arn:aws:sqs:{place.region}:{place.account.id}:{name}", "sqs")
