"""One function a service: puts an account's estate into moto's backend of that service, when the service is first asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from tui_app.embedded_aws.world.seeders import compute, data, network, signals
from tui_app.embedded_aws.world.seeders.place import Place

Seeder = Callable[[Place], None]

SEEDERS: Mapping[str, Seeder] = MappingProxyType(
    {
        "s3": data.buckets,
        "dynamodb": data.tables,
        "rds": data.databases,
        "secretsmanager": data.secrets,
        "ssm": data.parameters,
        "kms": data.keys,
        "ec2": network.machines_and_networks,
        "elbv2": network.balancers,
        "route53": network.zones,
        "apigateway": network.apis,
        "lambda": compute.functions,
        "ecs": compute.clusters,
        "eks": compute.kubernetes,
        "cloudformation": compute.stacks,
        "stepfunctions": compute.state_machines,
        "ecr": compute.images,
        "cloudwatch": signals.alarms,
        "logs": signals.logs,
        "sqs": signals.queues,
        "sns": signals.topics,
    }
)
"""By moto's name of the service."""

GLOBAL = frozenset({"s3", "route53"})
"""Seeded once an account, not once a region."""

EVERYWHERE = frozenset({"s3"})
"""Seeded in all accounts at once: a bucket is reached from any of them."""

NEEDS: Mapping[str, tuple[str, ...]] = MappingProxyType({"elbv2": ("ec2",), "eks": ("ec2",), "rds": ("ec2",), "route53": ("ec2",)})

BY_SIGNING_NAME: Mapping[str, str] = MappingProxyType(
    {"elasticloadbalancing": "elbv2", "monitoring": "cloudwatch", "states": "stepfunctions", "s3express": "s3", "s3control": "s3"}
)
"""The seeder of a signing name that is not moto's own name."""
