"""What has been asked: the list that `/_demo/calls` shows, and the records that CloudTrail looks up."""

from __future__ import annotations

import re
import threading
import uuid
from collections import deque
from dataclasses import field
from typing import Any

from tui_app.arns import account_of
from tui_app.clock import rfc3339
from tui_app.embedded_aws.callers import Caller
from tui_app.embedded_aws.wire import Answer, AwsRequest
from tui_app.values import frozen

KEPT = 5000

# data events and polling that CloudTrail's event history does not keep
_DATA = frozenset(
    [
        "s3:GetObject",
        "s3:PutObject",
        "s3:HeadObject",
        "s3:DeleteObject",
        "s3:DeleteObjects",
        "s3:ListObjects",
        "s3:ListObjectsV2",
        "s3:HeadBucket",
        "lambda:Invoke",
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
        "dynamodb:DeleteItem",
        "dynamodb:Query",
        "dynamodb:Scan",
        "dynamodb:BatchGetItem",
        "dynamodb:BatchWriteItem",
        "dynamodb:TransactGetItems",
        "dynamodb:TransactWriteItems",
        "sqs:SendMessage",
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sns:Publish",
        "logs:PutLogEvents",
        "monitoring:PutMetricData",
        "cloudtrail:LookupEvents",
    ]
)
_READS = ("Get", "List", "Describe", "Lookup", "Head", "Search", "Simulate", "BatchGet", "Decode", "AssumeRole")
_SOURCES = {"monitoring": "monitoring", "access-analyzer": "access-analyzer", "states": "states"}
_HIDDEN = frozenset({"TokenCode", "Action", "Version", "AuthenticationCode1", "AuthenticationCode2", "WebIdentityToken", "SAMLAssertion"})
_KEPT_ELEMENTS = ("AccessKeyId", "Expiration", "AssumedRoleId", "Arn")


@frozen
class TrailEvent:
    """One CloudTrail event of one account's history. `record` is the body of `CloudTrailEvent`."""

    id: str
    at: float  # epoch seconds by the demo's clock
    account: str  # whose history it is in
    region: str
    name: str
    source: str
    username: str
    key_id: str
    read_only: bool
    resources: tuple[tuple[str, str], ...]  # (type, name)
    record: dict[str, Any] = field(repr=False, hash=False)


class Trail:
    """Bounded memory of calls and events; safe for many threads."""

    def __init__(self) -> None:
        self._calls: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._events: deque[TrailEvent] = deque(maxlen=KEPT)
        self._lock = threading.Lock()

    def calls(self) -> list[dict[str, Any]]:
        """`{"at", "service", "action", "account", "arn", "code"}` of each call, oldest first; `code` is empty when it was granted."""
        with self._lock:
            return [dict(call) for call in self._calls]

    def events(self, account: str) -> list[TrailEvent]:
        """The event history of one account, oldest first."""
        with self._lock:
            return [event for event in self._events if event.account == account]

    def note(self, request: AwsRequest, caller: Caller | None, answer: Answer, now: float) -> None:
        """Remember one call once, and its events in the caller's account and in the account of the role that it asked for."""
        if request.noted:
            return
        request.noted = True
        caller = caller or request.claimed
        call = {
            "at": now,
            "service": request.service,
            "action": request.action,
            "account": caller.account if caller else "",
            "arn": caller.arn if caller else "",
            "code": answer.code,
        }
        events = _events(request, caller, answer, now) if caller and request.action else []
        with self._lock:
            self._calls.append(call)
            self._events.extend(events)

    def add(self, event: TrailEvent) -> None:
        """Put an event into an account's history, for worlds that begin with a past."""
        with self._lock:
            self._events.append(event)


def _events(request: AwsRequest, caller: Caller, answer: Answer, now: float) -> list[TrailEvent]:
    if f"{request.service}:{request.action}" in _DATA:
        return []
    target = account_of(_role_asked_for(request))
    shared = str(uuid.uuid4())
    accounts = [caller.account] + ([target] if target.isdigit() and target != caller.account else [])
    return [_event(request, caller, answer, Moment(now, account, shared if len(accounts) > 1 else "")) for account in accounts]


def _role_asked_for(request: AwsRequest) -> str:
    return request.params.get("RoleArn", "") if request.action.startswith("AssumeRole") else ""


def _elements(answer: Answer) -> dict[str, Any] | None:
    """What CloudTrail keeps of an AssumeRole answer: never the secret."""
    found = {name: match[1].decode() for name in _KEPT_ELEMENTS if (match := re.search(rf"<{name}>([^<]+)</{name}>".encode(), answer.body))}
    if answer.code or "AccessKeyId" not in found:
        return None
    return {
        "credentials": {"accessKeyId": found["AccessKeyId"], "expiration": found["Expiration"]},
        "assumedRoleUser": {"assumedRoleId": found.get("AssumedRoleId", ""), "arn": found.get("Arn", "")},
    }


@frozen
class Moment:
    """When, in whose history, and the id that both accounts' records share."""

    at: float
    account: str
    shared: str


def _event(request: AwsRequest, caller: Caller, answer: Answer, moment: Moment) -> TrailEvent:
    record, role_arn = _record(request, caller, answer, moment), _role_asked_for(request)
    resources = (("AWS::IAM::Role", role_arn),) if role_arn else ()
    return TrailEvent(
        record["eventID"], moment.at, moment.account, request.region, request.action, record["eventSource"],
        caller.session_name or caller.name, request.key_id, record["readOnly"], resources, record,
    )  # fmt: skip


def _record(request: AwsRequest, caller: Caller, answer: Answer, moment: Moment) -> dict[str, Any]:
    """CloudTrail's own record of the call (user guide, "CloudTrail record contents")."""
    role_arn = _role_asked_for(request)
    record: dict[str, Any] = {
        "eventVersion": "1.10",
        "userIdentity": identity_record(caller) if moment.account == caller.account else _stranger(caller),
        "eventTime": rfc3339(moment.at),
        "eventSource": f"{_SOURCES.get(request.service, request.service)}.amazonaws.com",
        "eventName": request.action,
        "awsRegion": request.region,
        "sourceIPAddress": request.ip,
        "userAgent": request.header("user-agent"),
        "requestParameters": _parameters(request),
        "responseElements": _elements(answer) if role_arn else None,
        "requestID": request.id,
        "eventID": str(uuid.uuid4()),
        "readOnly": request.action.startswith(_READS),
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": moment.account,
        "eventCategory": "Management",
    }
    if answer.code:
        record |= {"errorCode": answer.code, "errorMessage": answer.message or answer.code}
    if moment.shared:
        record["sharedEventID"] = moment.shared
    if role_arn:
        record["resources"] = [{"accountId": account_of(role_arn), "type": "AWS::IAM::Role", "ARN": role_arn}]
    return record


def identity_record(caller: Caller) -> dict[str, Any]:
    """CloudTrail's `userIdentity` of a caller, as its own account sees it."""
    kinds = {"user": "IAMUser", "mfa": "IAMUser", "role": "AssumedRole", "federated": "FederatedUser", "root": "Root"}
    record: dict[str, Any] = {
        "type": kinds[caller.kind],
        "principalId": caller.user_id,
        "arn": caller.arn,
        "accountId": caller.account,
        "accessKeyId": caller.key_id,
    }
    if caller.kind in ("user", "mfa"):
        record["userName"] = caller.name
    if caller.temporary:
        context: dict[str, Any] = {
            "attributes": {"creationDate": rfc3339(caller.issued), "mfaAuthenticated": "true" if caller.mfa_at is not None else "false"}
        }
        if caller.kind == "role":
            issuer = caller.user_id.split(":")[0]
            context["sessionIssuer"] = {
                "type": "Role", "principalId": issuer, "arn": caller.role_arn, "accountId": caller.account, "userName": caller.name,
            }  # fmt: skip
        if caller.source_identity:
            context["sourceIdentity"] = caller.source_identity
        record["sessionContext"] = context
    return record


def _stranger(caller: Caller) -> dict[str, Any]:
    """The other account sees the caller's account and id only."""
    return {"type": "AWSAccount", "principalId": caller.user_id, "accountId": caller.account}


def _parameters(request: AwsRequest) -> dict[str, Any] | None:
    values: dict[str, Any] = (
        {name: value for name, value in request.params.items() if name not in _HIDDEN} if request.params else request.json
    )
    return {
        name[:1].lower() + name[1:]: int(value) if name == "DurationSeconds" and str(value).isdigit() else value
        for name, value in values.items()
    } or None
