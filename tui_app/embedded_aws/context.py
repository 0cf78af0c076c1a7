"""The condition context of a request: the keys that policies may ask for, as AWS fills them in.

Facts: "AWS global condition context keys" and "Available keys for AWS STS" of the IAM user guide. A key that does not apply is absent:
`aws:MultiFactorAuthPresent` for long-term keys above all.
"""

from __future__ import annotations

from typing import Any

from tui_app.clock import rfc3339
from tui_app.embedded_aws.callers import Caller, iam_of, role_by_arn
from tui_app.embedded_aws.organization import organization_of, path_of
from tui_app.embedded_aws.wire import AwsRequest
from tui_app.policy.patterns import Value

_TYPES = {"user": "User", "mfa": "User", "role": "AssumedRole", "federated": "FederatedUser", "root": "Account"}
_S3_QUERY = {"prefix": "s3:prefix", "delimiter": "s3:delimiter", "max-keys": "s3:max-keys", "versionId": "s3:versionid"}


def context_of(request: AwsRequest, caller: Caller, now: float, organizations: dict[str, str]) -> dict[str, Value]:
    """The keys of any request, in lower case. `organizations` goes before what moto's Organizations knows."""
    context: dict[str, Value] = {
        "aws:currenttime": rfc3339(now),
        "aws:epochtime": str(int(now)),
        "aws:sourceip": request.ip,
        "aws:useragent": request.header("user-agent"),
        "aws:securetransport": "true" if request.environ.get("wsgi.url_scheme") == "https" else "false",
        "aws:requestedregion": request.region,
        "aws:viaawsservice": "false",
        "aws:principalisawsservice": "false",
        "aws:principalaccount": caller.account,
        "aws:principalarn": caller.role_arn or caller.arn,
        "aws:principaltype": _TYPES[caller.kind],
        "aws:userid": caller.user_id,
    }
    if request.header("referer"):
        context["aws:referer"] = request.header("referer")
    if organization := organizations.get(caller.account) or organization_of(caller.account):
        context["aws:principalorgid"] = organization
        if path := path_of(caller.account):
            context["aws:principalorgpaths"] = (path,)
    context |= _of_caller(caller, now)
    if request.service == "s3":
        context |= {key: request.query[name] for name, key in _S3_QUERY.items() if name in request.query}
    return context


def _of_caller(caller: Caller, now: float) -> dict[str, Value]:
    context: dict[str, Value] = {f"aws:principaltag/{key.lower()}": value for key, value in principal_tags(caller).items()}
    if caller.kind in ("user", "mfa"):
        context["aws:username"] = caller.name
    if caller.temporary:
        context["aws:tokenissuetime"] = rfc3339(caller.issued)
        context["aws:multifactorauthpresent"] = "true" if caller.mfa_at is not None else "false"
    if caller.mfa_at is not None:
        context["aws:multifactorauthage"] = str(max(0, int(now - caller.mfa_at)))
    if caller.source_identity:
        context["aws:sourceidentity"] = caller.source_identity
    return context


def principal_tags(caller: Caller) -> dict[str, str]:
    """The tags of the user or the role, and over them those of the session."""
    if caller.kind in ("user", "mfa", "federated"):
        backend = iam_of(caller.account, caller.partition)
        user = backend.users.get(caller.name)
        tags = list((user.tags if user is not None else None) or [])
    elif caller.kind == "role":
        tags = tags_of_role(role_by_arn(caller.role_arn))
    else:
        tags = []
    return {str(tag["Key"]): str(tag["Value"]) for tag in tags} | caller.tags


def tags_of_role(role: Any | None) -> list[dict[str, str]]:
    """The tags of moto's role, which keeps them as a list or as a mapping."""
    tags = getattr(role, "tags", None) or []
    if isinstance(tags, dict):
        return [tag if isinstance(tag, dict) else {"Key": key, "Value": tag} for key, tag in tags.items()]
    return list(tags)
