"""The functions of each service: put an account's estate into moto's backend of that service, when the service is first asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from tui_app.embedded_aws.world.seeders import compute, data, inside, machines, network, people, reach, rules, signals, stores
from tui_app.embedded_aws.world.seeders.place import Place

Seeder = Callable[[Place], None]

SEEDERS: Mapping[str, tuple[Seeder, ...]] = MappingProxyType(
    {
        "iam": (people.groups_and_policies,),
        "s3": (data.buckets,),
        "dynamodb": (data.tables,),
        "rds": (data.databases, stores.databases_more),
        "secretsmanager": (data.secrets,),
        "ssm": (data.parameters,),
        "kms": (data.keys,),
        "efs": (stores.file_systems,),
        "elasticache": (stores.caches,),
        "opensearch": (stores.domains,),
        "kinesis": (stores.streams,),
        "firehose": (stores.deliveries,),
        "athena": (stores.workgroups,),
        "redshift": (stores.warehouses,),
        "ec2": (network.machines_and_networks, machines.around_machines),
        "elbv2": (network.balancers, reach.targets, reach.classic),
        "route53": (network.zones,),
        "apigateway": (network.apis, reach.http_apis),
        "acm": (reach.certificates,),
        "cloudfront": (reach.distributions,),
        "autoscaling": (machines.scaling_groups,),
        "batch": (machines.batches,),
        "codebuild": (machines.builds,),
        "lambda": (compute.functions,),
        "ecs": (compute.clusters, inside.tasks),
        "eks": (compute.kubernetes, inside.nodegroups),
        "cloudformation": (compute.stacks,),
        "stepfunctions": (compute.state_machines, inside.executions),
        "ecr": (compute.images, inside.pushed),
        "cloudwatch": (signals.alarms, rules.dashboards),
        "logs": (signals.logs, inside.log_lines),
        "sqs": (signals.queues,),
        "sns": (signals.topics, rules.subscriptions),
        "events": (rules.event_rules,),
        "scheduler": (rules.schedules,),
        "cloudtrail": (rules.trails,),
        "config": (rules.recorders,),
        "backup": (rules.vaults,),
    }
)
"""By moto's name of the service."""

GLOBAL = frozenset({"s3", "route53", "iam", "cloudfront"})
"""Seeded once an account, not once a region."""

EVERYWHERE = frozenset({"s3"})
"""Seeded in all accounts at once: a bucket is reached from any of them."""

NEEDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "elbv2": ("ec2",),
        "eks": ("ec2",),
        "rds": ("ec2",),
        "route53": ("ec2",),
        "autoscaling": ("ec2",),
        "batch": ("ec2",),
        "ecs": ("ec2",),
        "cloudtrail": ("s3",),
    }
)
"""What has to be there before a service can be seeded."""

BY_SIGNING_NAME: Mapping[str, str] = MappingProxyType(
    {
        "elasticloadbalancing": "elbv2",
        "monitoring": "cloudwatch",
        "states": "stepfunctions",
        "s3express": "s3",
        "s3control": "s3",
        "elasticfilesystem": "efs",
        "es": "opensearch",
    }
)
"""The seeder of a signing name that is not moto's own name."""
