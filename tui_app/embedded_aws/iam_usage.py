"""Service last accessed details: which services a principal may use, and when it last did, by the calls that the gate has seen."""

from __future__ import annotations

import uuid

from tui_app.clock import rfc3339
from tui_app.embedded_aws.actions import iam_action
from tui_app.embedded_aws.callers import Caller
from tui_app.embedded_aws.ledger import Ledger
from tui_app.embedded_aws.simulation import policies_of
from tui_app.embedded_aws.wire import IAM_NAMESPACE, Answer, AwsError, AwsRequest, elements, query_answer

_NAMES = {
    "cloudformation": "AWS CloudFormation", "cloudwatch": "Amazon CloudWatch", "dynamodb": "Amazon DynamoDB", "ec2": "Amazon EC2",
    "ecs": "Amazon Elastic Container Service", "iam": "AWS Identity and Access Management", "lambda": "AWS Lambda",
    "logs": "Amazon CloudWatch Logs", "rds": "Amazon RDS", "s3": "Amazon S3", "sns": "Amazon SNS", "sqs": "Amazon SQS",
    "sts": "AWS Security Token Service",
}  # fmt: skip
_jobs: dict[str, tuple[str, float, str]] = {}


def generate(request: AwsRequest, caller: Caller, ledger: Ledger) -> Answer:
    """GenerateServiceLastAccessedDetails: a job that is done at once."""
    arn = request.params.get("Arn", "")
    policies_of(arn, caller)
    job = str(uuid.uuid4())
    _jobs[job] = (arn, ledger.now(), request.params.get("Granularity", "SERVICE_LEVEL"))
    return query_answer(request, elements({"JobId": job}), IAM_NAMESPACE)


def get(request: AwsRequest, caller: Caller, ledger: Ledger) -> Answer:
    """GetServiceLastAccessedDetails of a job of this account."""
    job = request.params.get("JobId", "")
    arn, begun, granularity = _jobs.get(job, ("", 0.0, ""))
    if not arn or arn.split(":")[4] != caller.account:
        raise AwsError("NoSuchEntity", f"Cannot find Job [{job}]", 404)
    used = _used(arn, ledger)
    listed = sorted(_allowed(arn, caller) | set(used))
    services = [_service(name, used.get(name), arn) for name in listed]
    answer = {
        "JobStatus": "COMPLETED",
        "JobType": granularity,
        "JobCreationDate": rfc3339(begun),
        "ServicesLastAccessed": services,
        "JobCompletionDate": rfc3339(begun),
        "IsTruncated": False,
    }
    return query_answer(request, elements(answer), IAM_NAMESPACE)


def _service(name: str, last: tuple[float, str] | None, arn: str) -> dict[str, object]:
    service: dict[str, object] = {
        "ServiceName": _NAMES.get(name, name),
        "ServiceNamespace": name,
        "TotalAuthenticatedEntities": int(last is not None),
    }
    if last is not None:
        service |= {"LastAuthenticated": rfc3339(last[0]), "LastAuthenticatedEntity": arn, "LastAuthenticatedRegion": last[1]}
    return service


def _used(arn: str, ledger: Ledger) -> dict[str, tuple[float, str]]:
    """Service to when and in which region; sessions count for their role."""
    found: dict[str, tuple[float, str]] = {}
    for event in ledger.trail.events(arn.split(":")[4]):
        identity = event.record["userIdentity"]
        issuer = identity.get("sessionContext", {}).get("sessionIssuer", {})
        if arn in (identity.get("arn"), issuer.get("arn")):
            found[event.source.split(".")[0]] = (event.at, event.region)
    return {iam_action(name, "").rstrip(":"): value for name, value in found.items()}


def _allowed(arn: str, caller: Caller) -> set[str]:
    """The services that the principal's policies name; those of a plain `*` are the common ones."""
    patterns = [
        action
        for item in policies_of(arn, caller)
        for one in item.policy.statements
        if one.effect == "Allow"
        for action in one.actions or ()
    ]
    named = {pattern.split(":")[0].lower() for pattern in patterns if ":" in pattern}
    return {name for name in named if "*" not in name} | (set(_NAMES) if "*" in patterns else set())
