"""Alarms, log groups, queues, topics."""

from __future__ import annotations

from tui_app.embedded_aws.world.seeders.place import Place


def alarms(place: Place) -> None:
    """CloudWatch alarms, some of them ringing."""
    cloudwatch = place.backend("cloudwatch")
    for line in place.estate.alarms:
        name, namespace, metric, state = line.split()
        cloudwatch.put_metric_alarm(name, namespace, metric, "GreaterThanThreshold", 3, 60, 5.0, "Average", f"{metric} is too high", [], [])
        cloudwatch.set_alarm_state(name, "Threshold crossed" if state == "ALARM" else "Within the threshold", "{}", state)


def logs(place: Place) -> None:
    """Log groups that keep what they have for a month."""
    backend = place.backend("logs")
    for name in place.estate.logs:
        backend.create_log_group(name, {})
        backend.put_retention_policy(name, "30")


def queues(place: Place) -> None:
    """SQS queues."""
    sqs = place.backend("sqs")
    for name in place.estate.queues:
        sqs.create_queue(name)


def topics(place: Place) -> None:
    """SNS topics."""
    sns = place.backend("sns")
    for name in place.estate.topics:
        sns.create_topic(name)
