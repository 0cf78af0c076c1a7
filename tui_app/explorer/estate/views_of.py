"""The view that lists resources of a kind, and what a row of it is filtered by. Data."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tui_app.explorer.estate.answers import Found

VIEW_OF: Mapping[str, str] = MappingProxyType(
    {
        "acm:certificate": "certificates",
        "apigateway:apis": "http-apis",
        "apigateway:restapis": "rest-apis",
        "athena:workgroup": "athena-workgroups",
        "autoscaling:autoScalingGroup": "auto-scaling-groups",
        "backup:backup-plan": "backup-plans",
        "backup:backup-vault": "backup-vaults",
        "batch:compute-environment": "batch-environments",
        "batch:job-queue": "batch-queues",
        "cloudformation:stack": "cloudformation-stacks",
        "cloudfront:distribution": "distributions",
        "cloudtrail:trail": "trails",
        "cloudwatch:alarm": "alarms",
        "cloudwatch:dashboard": "dashboards",
        "codebuild:project": "build-projects",
        "config:config-rule": "config-rules",
        "dynamodb:table": "dynamodb-tables",
        "ec2:elastic-ip": "elastic-ips",
        "ec2:image": "images",
        "ec2:instance": "ec2-instances",
        "ec2:internet-gateway": "internet-gateways",
        "ec2:key-pair": "key-pairs",
        "ec2:launch-template": "launch-templates",
        "ec2:natgateway": "nat-gateways",
        "ec2:network-interface": "network-interfaces",
        "ec2:route-table": "route-tables",
        "ec2:security-group": "security-groups",
        "ec2:snapshot": "snapshots",
        "ec2:subnet": "subnets",
        "ec2:volume": "volumes",
        "ec2:vpc": "vpcs",
        "ec2:vpc-endpoint": "vpc-endpoints",
        "ecr:repository": "ecr-repositories",
        "ecs:cluster": "ecs-clusters",
        "eks:cluster": "eks-clusters",
        "elasticache:cluster": "cache-clusters",
        "elasticfilesystem:file-system": "file-systems",
        "elasticloadbalancing:loadbalancer": "classic-load-balancers",
        "elasticloadbalancing:loadbalancer/app": "load-balancers",
        "elasticloadbalancing:loadbalancer/gwy": "load-balancers",
        "elasticloadbalancing:loadbalancer/net": "load-balancers",
        "elasticloadbalancing:targetgroup": "target-groups",
        "es:domain": "search-domains",
        "events:event-bus": "event-buses",
        "events:rule": "event-rules",
        "firehose:deliverystream": "delivery-streams",
        "iam:group": "iam-groups",
        "iam:policy": "iam-policies",
        "iam:role": "iam-roles",
        "iam:user": "iam-users",
        "kinesis:stream": "streams",
        "kms:alias": "kms-aliases",
        "kms:key": "kms-keys",
        "lambda:function": "lambda-functions",
        "logs:log-group": "log-groups",
        "rds:cluster": "rds-clusters",
        "rds:db": "rds-databases",
        "rds:snapshot": "rds-snapshots",
        "redshift:cluster": "redshift-clusters",
        "route53:hostedzone": "route53-zones",
        "s3:bucket": "s3-buckets",
        "scheduler:schedule": "schedules",
        "secretsmanager:secret": "secrets",
        "sns:topic": "sns-topics",
        "sqs:queue": "sqs-queues",
        "ssm:parameter": "ssm-parameters",
        "states:stateMachine": "step-functions",
    }
)
"""By `service:kind`, as ARNs name it."""


def view_of(found: Found, kind_of_arn: str) -> str:
    """The name of the view that has it, by its ARN, else by the kind that AWS told; empty where there is none."""
    return VIEW_OF.get(kind_of_arn) or VIEW_OF.get(found.type, "")


def row_words(found: Found) -> str:
    """What the table of that view is filtered by, to come to its row: the last part of the id, which its name or ARN ends with.

    The six characters that AWS adds to a secret are left out, as the list of secrets shows its name without them.
    """
    last = (found.id.rstrip("/").rpartition("/")[2] or found.id).rpartition(":")[2]
    if found.service == "secretsmanager" and "-" in last:
        last = last.rpartition("-")[0]
    if found.service == "cloudformation":
        last = found.id.split("/")[0]
    return last.split()[0].lstrip("!") if last.split() else ""
