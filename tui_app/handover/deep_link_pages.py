"""The console's pages as data: one for each service, and one for each kind of resource that an ARN can name."""

from __future__ import annotations

from collections.abc import Mapping

from tui_app.values import frozen


@frozen
class Page:
    """A page by its path, query and fragment, with `{name}` where a part of the ARN goes; `everywhere`: its service has no regions."""

    path: str
    fragment: str = ""
    query: str = ""
    everywhere: bool = False


def _home(name: str, fragment: str = "", *, everywhere: bool = False) -> Page:
    return Page(f"/{name}/home", fragment, everywhere=everywhere)


SERVICES: Mapping[str, Page] = {
    "home": _home("console"),
    "acm": _home("acm"),
    "apigateway": Page("/apigateway/main/apis"),
    "athena": _home("athena"),
    "autoscaling": _home("ec2", "AutoScalingGroups:"),
    "backup": _home("backup"),
    "batch": _home("batch"),
    "bedrock": _home("bedrock"),
    "billing": _home("billing", everywhere=True),
    "cloudformation": _home("cloudformation"),
    "cloudfront": Page("/cloudfront/v4/home", everywhere=True),
    "cloudshell": _home("cloudshell"),
    "cloudtrail": _home("cloudtrail"),
    "cloudwatch": _home("cloudwatch"),
    "codebuild": _home("codesuite/codebuild"),
    "codepipeline": _home("codesuite/codepipeline"),
    "cognito": _home("cognito/v2"),
    "config": _home("config"),
    "costexplorer": _home("cost-management", "/cost-explorer", everywhere=True),
    "dynamodb": _home("dynamodbv2"),
    "ec2": _home("ec2", "Home:"),
    "ecr": Page("/ecr/repositories"),
    "ecs": Page("/ecs/v2/clusters"),
    "efs": _home("efs"),
    "eks": _home("eks"),
    "elasticache": _home("elasticache"),
    "elasticbeanstalk": _home("elasticbeanstalk"),
    "elb": _home("ec2", "LoadBalancers:"),
    "emr": _home("emr"),
    "eventbridge": _home("events"),
    "glue": _home("glue"),
    "guardduty": _home("guardduty"),
    "iam": _home("iam", "/home", everywhere=True),
    "inspector": _home("inspector/v2"),
    "kinesis": _home("kinesis"),
    "kms": _home("kms"),
    "lambda": _home("lambda", "/functions"),
    "logs": _home("cloudwatch", "logsV2:log-groups"),
    "opensearch": _home("aos"),
    "organizations": Page("/organizations/v2/home", everywhere=True),
    "parameters": Page("/systems-manager/parameters"),
    "ram": _home("ram"),
    "rds": _home("rds"),
    "redshift": _home("redshiftv2"),
    "route53": Page("/route53/v2/home", everywhere=True),
    "s3": Page("/s3/buckets"),
    "sagemaker": _home("sagemaker"),
    "secretsmanager": Page("/secretsmanager/listsecrets"),
    "securityhub": _home("securityhub"),
    "servicequotas": _home("servicequotas"),
    "ses": _home("ses"),
    "sns": _home("sns/v3"),
    "sqs": _home("sqs/v3"),
    "ssm": _home("systems-manager"),
    "sso": _home("singlesignon"),
    "stepfunctions": _home("states"),
    "support": _home("support", everywhere=True),
    "trustedadvisor": _home("trustedadvisor", everywhere=True),
    "vpc": _home("vpcconsole"),
    "waf": Page("/wafv2/homev2"),
}

ALIASES: Mapping[str, str] = {
    "alb": "elb",
    "aos": "opensearch",
    "apigw": "apigateway",
    "asg": "autoscaling",
    "beanstalk": "elasticbeanstalk",
    "bill": "billing",
    "ce": "costexplorer",
    "cf": "cloudfront",
    "cfn": "cloudformation",
    "console": "home",
    "cost": "costexplorer",
    "ct": "cloudtrail",
    "cw": "cloudwatch",
    "cwl": "logs",
    "db": "rds",
    "ddb": "dynamodb",
    "dns": "route53",
    "dynamo": "dynamodb",
    "eb": "eventbridge",
    "es": "opensearch",
    "events": "eventbridge",
    "gd": "guardduty",
    "identitycenter": "sso",
    "lb": "elb",
    "loggroups": "logs",
    "nlb": "elb",
    "org": "organizations",
    "param": "parameters",
    "params": "parameters",
    "quotas": "servicequotas",
    "r53": "route53",
    "secrets": "secretsmanager",
    "sfn": "stepfunctions",
    "sm": "secretsmanager",
    "stacks": "cloudformation",
    "states": "stepfunctions",
    "stepfn": "stepfunctions",
    "systems-manager": "ssm",
    "ta": "trustedadvisor",
    "trail": "cloudtrail",
    "wafv2": "waf",
}

_ROLE = Page("/iam/home", "/roles/details/{name}", "", everywhere=True)
_BUCKET = "/s3/buckets/{bucket}"

PAGES: Mapping[str, tuple[tuple[Page, str], ...]] = {
    "s3": (
        (Page(_BUCKET, query="tab=objects"), r"(?P<bucket>[^/:]+)"),
        (Page(_BUCKET, query="prefix={prefix}&tab=objects"), r"(?P<bucket>[^/:]+)/(?P<prefix>.*/)"),
        (Page("/s3/object/{bucket}", query="prefix={object}"), r"(?P<bucket>[^/:]+)/(?P<object>.+)"),
    ),
    "ec2": (
        (_home("ec2", "InstanceDetails:instanceId={id}"), r"instance/(?P<id>i-\w+)"),
        (_home("ec2", "VolumeDetails:volumeId={id}"), r"volume/(?P<id>vol-\w+)"),
        (_home("ec2", "SecurityGroup:groupId={id}"), r"security-group/(?P<id>sg-\w+)"),
        (_home("vpcconsole", "VpcDetails:VpcId={id}"), r"vpc/(?P<id>vpc-\w+)"),
        (_home("vpcconsole", "SubnetDetails:subnetId={id}"), r"subnet/(?P<id>subnet-\w+)"),
    ),
    "lambda": ((_home("lambda", "/functions/{name}?tab=code"), r"function:(?P<name>[^:]+)(?::.*)?"),),
    "iam": (
        (Page("/iam/home", "/roles/details/{name}?section=permissions", everywhere=True), r"role/(?:.*/)?(?P<name>[^/]+)"),
        (Page("/iam/home", "/users/details/{name}?section=permissions", everywhere=True), r"user/(?:.*/)?(?P<name>[^/]+)"),
        (Page("/iam/home", "/policies/details/{arn}?section=permissions", everywhere=True), r"policy/.+"),
    ),
    "sts": ((_ROLE, r"assumed-role/(?P<name>[^/]+)/.+"),),
    "dynamodb": ((_home("dynamodbv2", "table?name={name}"), r"table/(?P<name>[^/]+)(?:/.*)?"),),
    "rds": (
        (_home("rds", "database:id={name};is-cluster=false"), r"db:(?P<name>[^:]+)"),
        (_home("rds", "database:id={name};is-cluster=true"), r"cluster:(?P<name>[^:]+)"),
    ),
    "cloudformation": ((_home("cloudformation", "/stacks/stackinfo?stackId={arn}"), r"stack/.+"),),
    "cloudwatch": ((_home("cloudwatch", "alarmsV2:alarm/{name}"), r"alarm:(?P<name>.+)"),),
    "logs": ((_home("cloudwatch", "logsV2:log-groups/log-group/{name_twice}"), r"log-group:(?P<name>[^:]+)(?::.*)?"),),
    "sns": ((_home("sns/v3", "/topic/{arn}"), r"[^:]+"),),
    "sqs": ((_home("sqs/v3", "/queues/{queue}"), r"[^:/]+"),),
    "elasticfilesystem": ((_home("efs", "/file-systems/{id}"), r"file-system/(?P<id>fs-\w+)"),),
    "kms": ((_home("kms", "/kms/keys/{id}"), r"key/(?P<id>[\w-]+)"),),
    "secretsmanager": ((Page("/secretsmanager/secret", query="name={name}"), r"secret:(?P<name>.+)"),),
    "states": ((_home("states", "/statemachines/view/{arn}"), r"stateMachine:[^:]+"),),
    "ecs": (
        (Page("/ecs/v2/clusters/{name}"), r"cluster/(?P<name>[^/]+)"),
        (Page("/ecs/v2/clusters/{cluster}/services/{name}"), r"service/(?P<cluster>[^/]+)/(?P<name>[^/]+)"),
    ),
    "eks": ((_home("eks", "/clusters/{name}"), r"cluster/(?P<name>[^/]+)"),),
    "ecr": ((Page("/ecr/repositories/private/{account}/{name}"), r"repository/(?P<name>.+)"),),
    "cloudfront": ((Page("/cloudfront/v4/home", "/distributions/{id}", everywhere=True), r"distribution/(?P<id>\w+)"),),
    "route53": ((Page("/route53/v2/hostedzones", "ListRecordSets/{id}", everywhere=True), r"hostedzone/(?P<id>\w+)"),),
}
"""By the service of the ARN: pages, and what the ARN's last part must look like; the first that fits is taken."""
