"""Which resource a request is about, as the ARN that policies name; services that are not listed here are judged without one.

Facts: the resource types of the Service Authorization Reference. An operation that has no resource of its own is about `*`, or about
the pattern that its service checks (`arn:aws:dynamodb:REGION:ACCOUNT:table/*` for ListTables).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tui_app.embedded_aws.callers import Caller, iam_of
from tui_app.embedded_aws.wire import AwsRequest, path_segments
from tui_app.values import frozen

ANY = "*"


@frozen
class Resource:
    """`arn` None: not known. `shown`: what AWS says after `on resource:`, empty when it says nothing."""

    arn: str | None
    shown: str = ""


UNKNOWN = Resource(None)


def resource_of(request: AwsRequest, caller: Caller) -> Resource:
    """The resource of a request, from its parameters."""
    finder = _FINDERS.get(request.service)
    if finder is None:
        return UNKNOWN
    arn = finder(request, _Place(request, caller))
    if arn is None:
        return UNKNOWN
    if request.service == "s3":
        return Resource(arn, f'"{arn}"' if arn != ANY else "")
    return Resource(arn, "" if arn == ANY and request.service not in _SHOW_ANY else arn)


@frozen
class _Place:
    request: AwsRequest
    caller: Caller

    def arn(self, service: str, rest: str, *, regional: bool = True) -> str:
        region = self.request.region if regional else ""
        return f"arn:{self.caller.partition}:{service}:{region}:{self.caller.account}:{rest}"


_SHOW_ANY = frozenset({"lambda", "kms", "iam"})


def _s3(request: AwsRequest, place: _Place) -> str | None:
    bucket, _, key = request.raw_path.lstrip("/").partition("/")
    host = request.header("host").split(":")[0]
    if (found := re.fullmatch(r"(.+?)\.s3[.-].*|(.+)\.localhost", host)) and not re.fullmatch(r"[\d.]+", host):
        bucket, key = found[1] or found[2], request.raw_path.lstrip("/")
    if not bucket:
        return ANY
    if request.service == "s3" and request.raw_path.startswith("/v20180820/"):
        return None
    from urllib.parse import unquote

    arn = f"arn:{place.caller.partition}:s3:::{bucket}"
    return f"{arn}/{unquote(key)}" if key else arn


def _dynamodb(request: AwsRequest, place: _Place) -> str | None:
    table = request.json.get("TableName")
    if not isinstance(table, str):
        batch = request.json.get("RequestItems")
        if isinstance(batch, dict) and len(batch) == 1:
            table = next(iter(batch))
    if isinstance(table, str):
        arn = table if table.startswith("arn:") else place.arn("dynamodb", f"table/{table}")
        index = request.json.get("IndexName")
        return f"{arn}/index/{index}" if isinstance(index, str) else arn
    if isinstance(tagged := request.json.get("ResourceArn"), str):
        return tagged
    return place.arn("dynamodb", "table/*") if request.action == "ListTables" else None


def _lambda(request: AwsRequest, place: _Place) -> str | None:
    parts = path_segments(request)
    for kind, name in (("functions", "function"), ("layers", "layer"), ("event-source-mappings", "event-source-mapping")):
        if kind in parts and parts.index(kind) + 1 < len(parts):
            return _lambda_arn(parts[parts.index(kind) + 1], name, place)
    if len(parts) > 1 and parts[-2] == "tags":
        return parts[-1]
    if isinstance(function := request.json.get("FunctionName"), str):
        return _lambda_arn(function, "function", place)
    return ANY


def _lambda_arn(name: str, kind: str, place: _Place) -> str:
    if name.startswith("arn:"):
        return name
    if found := re.fullmatch(r"(\d{12}):function:(.+)", name):
        return f"arn:{place.caller.partition}:lambda:{place.request.region}:{found[1]}:function:{found[2]}"
    return place.arn("lambda", f"{kind}:{name}")


def _sqs(request: AwsRequest, place: _Place) -> str | None:
    values = {**request.params, **request.json}
    if isinstance(url := values.get("QueueUrl"), str):
        account, _, name = url.rstrip("/").rpartition("/")
        owner = account.rpartition("/")[2]
        owner = owner if re.fullmatch(r"\d{12}", owner) else place.caller.account
        return f"arn:{place.caller.partition}:sqs:{request.region}:{owner}:{name}"
    if isinstance(queue := values.get("QueueName"), str):
        return place.arn("sqs", queue)
    return place.arn("sqs", "")


def _sns(request: AwsRequest, place: _Place) -> str | None:
    for name in ("TopicArn", "TargetArn", "ResourceArn", "SubscriptionArn"):
        if name in request.params:
            return request.params[name]
    return place.arn("sns", request.params.get("Name", "*"))


_IAM_KINDS = (
    ("RoleName", "role", "roles"),
    ("UserName", "user", "users"),
    ("GroupName", "group", "groups"),
    ("InstanceProfileName", "instance-profile", "instance_profiles"),
)
_IAM_GROUP_ACTIONS = frozenset({"AddUserToGroup", "RemoveUserFromGroup"})
_IAM_LISTS = {"ListRoles": "role/", "ListUsers": "user/", "ListGroups": "group/", "ListPolicies": "policy/"}
_IAM_OWN_USER = frozenset({"GetUser", "ListAccessKeys", "ListMFADevices", "ChangePassword", "CreateAccessKey", "ListSigningCertificates"})


def _iam(request: AwsRequest, place: _Place) -> str | None:
    params = request.params
    if request.action.endswith("MFADevice") and "SerialNumber" in params and "UserName" not in params:
        return params["SerialNumber"]
    for name, kind, table in _IAM_KINDS:
        if name in params and not (request.action in _IAM_GROUP_ACTIONS and name == "UserName"):
            return place.arn("iam", kind + _iam_path(params, table, params[name], place.caller) + params[name], regional=False)
    return params.get("PolicyArn") or params.get("PolicySourceArn") or _iam_unnamed(request, place)


def _iam_unnamed(request: AwsRequest, place: _Place) -> str:
    params = request.params
    if request.action == "CreateVirtualMFADevice":
        return place.arn("iam", f"mfa{params.get('Path', '/')}{params.get('VirtualMFADeviceName', '')}", regional=False)
    if request.action == "CreatePolicy":
        return place.arn("iam", f"policy{params.get('Path', '/')}{params.get('PolicyName', '')}", regional=False)
    if request.action in _IAM_LISTS:
        return place.arn("iam", _IAM_LISTS[request.action], regional=False)
    if request.action in _IAM_OWN_USER and place.caller.kind in ("user", "mfa"):
        return place.caller.arn
    return params.get("Arn") or ANY


def _iam_path(params: dict[str, str], table: str, name: str, caller: Caller) -> str:
    """The path of an existing role or user, else the one that is asked for."""
    entries: dict[str, Any] = getattr(iam_of(caller.account, caller.partition), table)
    found = entries.get(name) or next((one for one in list(entries.values()) if one.name == name), None)
    return str(found.path) if found is not None else params.get("Path", "/")


def _secrets(request: AwsRequest, place: _Place) -> str | None:
    secret = request.json.get("SecretId") or request.json.get("Name")
    if not isinstance(secret, str):
        return ANY
    if secret.startswith("arn:"):
        return secret
    return place.arn("secretsmanager", f"secret:{secret}-{_secret_suffix(secret, request.region, place.caller.account)}")


def _secret_suffix(name: str, region: str, account: str) -> str:
    """The six random characters of an existing secret's ARN."""
    from moto.secretsmanager.models import secretsmanager_backends

    backend = secretsmanager_backends[account].get(region)
    found = backend.secrets.get(name) if backend is not None else None
    return str(found.arn).rsplit("-", 1)[-1] if found is not None else "??????"


def _named(service: str, *shapes: tuple[str, str]) -> Callable[[AwsRequest, _Place], str | None]:
    """A finder that takes the first parameter there is and puts it into its shape; an ARN is taken as it is."""

    def find(request: AwsRequest, place: _Place) -> str | None:
        values = {**request.params, **request.json}
        for parameter, shape in shapes:
            value = values.get(parameter)
            if isinstance(value, str) and value:
                return value if value.startswith("arn:") else place.arn(service, shape.format(value))
        return ANY if request.action.startswith(("List", "Describe", "Lookup")) else None

    return find


def _ec2(request: AwsRequest, place: _Place) -> str | None:
    if request.action.startswith(("Describe", "Get", "Search")):
        return ANY
    for parameter, kind in (("InstanceId", "instance"), ("VolumeId", "volume"), ("GroupId", "security-group"), ("VpcId", "vpc")):
        found = request.members(parameter) or [value for value in [request.params.get(parameter)] if value]
        if len(found) == 1:
            return place.arn("ec2", f"{kind}/{found[0]}")
    return None


def _sts(request: AwsRequest, place: _Place) -> str | None:
    if request.action == "GetFederationToken":
        return place.arn("sts", f"federated-user/{request.params.get('Name', '')}", regional=False)
    return request.params.get("RoleArn")


_FINDERS: dict[str, Callable[[AwsRequest, _Place], str | None]] = {
    "s3": _s3,
    "dynamodb": _dynamodb,
    "lambda": _lambda,
    "sqs": _sqs,
    "sns": _sns,
    "iam": _iam,
    "ec2": _ec2,
    "secretsmanager": _secrets,
    "kms": _named("kms", ("KeyId", "key/{}")),
    "ssm": _named("ssm", ("Name", "parameter/{}"), ("InstanceId", "managed-instance/{}")),
    "logs": _named("logs", ("logGroupName", "log-group:{}:*")),
    "states": _named("states", ("stateMachineArn", "{}"), ("executionArn", "{}")),
    "kinesis": _named("kinesis", ("StreamARN", "{}"), ("StreamName", "stream/{}")),
    "cloudformation": _named("cloudformation", ("StackName", "stack/{}/*")),
    "rds": _named("rds", ("DBInstanceIdentifier", "db:{}"), ("DBClusterIdentifier", "cluster:{}")),
    "ecr": _named("ecr", ("repositoryName", "repository/{}")),
    "events": _named("events", ("Name", "rule/{}"), ("Rule", "rule/{}")),
    "sts": _sts,
    "cloudtrail": _named("cloudtrail", ("Name", "trail/{}")),
    "resource-explorer-2": _named("resource-explorer-2", ("ViewArn", "view/{}")),
}
