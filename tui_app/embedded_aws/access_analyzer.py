"""Access Analyzer: which roles an account lets outsiders assume, read from the trust policies as they are now."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

from tui_app.clock import rfc3339
from tui_app.embedded_aws.callers import Caller, iam_of
from tui_app.embedded_aws.gate import Gate
from tui_app.embedded_aws.ledger import Ledger
from tui_app.embedded_aws.wire import Answer, AwsError, AwsRequest, json_answer, path_segments
from tui_app.embedded_aws.world.accounts import ACCOUNTS

SERVICE = "access-analyzer"
JSON = "application/json"
SINCE = "2024-03-04T00:00:00Z"
_WORLD = "account-analyzer"


class AccessAnalyzer:
    """Every account of the world has an analyzer in each region; other accounts have those they create."""

    def __init__(self, *, empty: bool) -> None:
        self._seeded = frozenset() if empty else frozenset(account.id for account in ACCOUNTS)
        self._made: dict[tuple[str, str], dict[str, str]] = {}

    def register(self, gate: Gate) -> None:
        """Answer the operations that read findings, and CreateAnalyzer."""
        gate.add_operation(SERVICE, "ListAnalyzers", self._list_analyzers)
        gate.add_operation(SERVICE, "GetAnalyzer", self._get_analyzer)
        gate.add_operation(SERVICE, "CreateAnalyzer", self._create_analyzer)
        gate.add_operation(SERVICE, "ListFindings", self._list_findings)
        gate.add_operation(SERVICE, "ListFindingsV2", self._list_findings)

    def _analyzers(self, account: str, region: str) -> dict[str, str]:
        seeded = {_WORLD: "ACCOUNT"} if account in self._seeded else {}
        return seeded | self._made.get((account, region), {})

    def _list_analyzers(self, request: AwsRequest, caller: Caller, _ledger: Ledger) -> Answer:
        wanted = request.query.get("type", "")
        analyzers = self._analyzers(caller.account, request.region).items()
        return _json(
            {"analyzers": [_analyzer(name, kind, caller.account, request.region) for name, kind in analyzers if wanted in ("", kind)]}
        )

    def _get_analyzer(self, request: AwsRequest, caller: Caller, _ledger: Ledger) -> Answer:
        name = path_segments(request)[-1]
        kind = self._analyzers(caller.account, request.region).get(name)
        if kind is None:
            raise _missing(name)
        return _json({"analyzer": _analyzer(name, kind, caller.account, request.region)})

    def _create_analyzer(self, request: AwsRequest, caller: Caller, _ledger: Ledger) -> Answer:
        name, kind = str(request.json.get("analyzerName", "")), str(request.json.get("type", ""))
        if not name or not kind:
            raise AwsError("ValidationException", "analyzerName and type are required", 400, spelled=True)
        if name in self._analyzers(caller.account, request.region):
            raise AwsError("ConflictException", f"Analyzer {name} already exists", 409, spelled=True)
        self._made.setdefault((caller.account, request.region), {})[name] = kind
        return _json({"arn": _arn(name, caller.account, request.region)})

    def _list_findings(self, request: AwsRequest, caller: Caller, ledger: Ledger) -> Answer:
        asked = request.json
        name = str(asked.get("analyzerArn", "")).rpartition("/")[2]
        if name not in self._analyzers(caller.account, request.region):
            raise _missing(name)
        newer = request.action == "ListFindingsV2"
        found = [
            finding
            for finding in _findings(caller.account, rfc3339(ledger.now()), newer=newer)
            if _wanted(finding, asked.get("filter") or {})
        ]
        first, size = int(asked.get("nextToken") or 0), int(asked.get("maxResults") or 100)
        more = {"nextToken": str(first + size)} if first + size < len(found) else {}
        return _json({"findings": found[first : first + size], **more})


def _findings(account: str, now: str, *, newer: bool) -> Iterator[dict[str, Any]]:
    """One finding for each outside principal of each statement that lets it in; `newer`: as ListFindingsV2 has them."""
    for role in list(iam_of(account).roles.values()):
        for statement in _list(json.loads(role.assume_role_policy_document).get("Statement")):
            for principal in _outsiders(statement, account):
                common = {
                    "id": str(
                        uuid.uuid5(uuid.NAMESPACE_URL, f"{role.arn} {json.dumps(principal)} {json.dumps(statement.get('Condition'))}")
                    ),
                    "resource": role.arn,
                    "resourceType": "AWS::IAM::Role",
                    "resourceOwnerAccount": account,
                    "status": "ACTIVE",
                    "createdAt": SINCE,
                    "analyzedAt": now,
                    "updatedAt": SINCE,
                }
                details = {
                    "principal": principal,
                    "condition": _flat(statement.get("Condition") or {}),
                    "action": _list(statement.get("Action")),
                    "isPublic": principal == {"AWS": "*"},
                }
                yield common | ({"findingType": "ExternalAccess"} if newer else details)


def _outsiders(statement: dict[str, Any], account: str) -> Iterator[dict[str, str]]:
    if statement.get("Effect") != "Allow":
        return
    principal = statement.get("Principal")
    named = {"AWS": "*"} if principal == "*" else principal if isinstance(principal, dict) else {}
    for who in _list(named.get("AWS")):
        if who == "*":
            yield {"AWS": "*"}
        elif account not in who:
            yield {"AWS": who}
    for provider in _list(named.get("Federated")):
        yield {"Federated": provider}


def _flat(condition: dict[str, Any]) -> dict[str, str]:
    return {key: ",".join(map(str, _list(value))) for keys in condition.values() for key, value in keys.items()}


def _wanted(finding: dict[str, Any], criteria: dict[str, Any]) -> bool:
    """Whether all criteria hold: `eq`, `neq` and `contains` lists, and `exists`, on the finding's own fields."""
    return all(_holds(finding.get(field), name, wanted) for field, test in criteria.items() for name, wanted in test.items())


def _holds(value: Any, name: str, wanted: Any) -> bool:
    text = json.dumps(value) if isinstance(value, dict) else str(value).lower() if isinstance(value, bool) else str(value)
    if name == "exists":
        return (value is not None) == bool(wanted)
    if name == "contains":
        return any(part in text for part in wanted)
    return (text in wanted) == (name == "eq")


def _list(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _arn(name: str, account: str, region: str) -> str:
    return f"arn:aws:access-analyzer:{region}:{account}:analyzer/{name}"


def _analyzer(name: str, kind: str, account: str, region: str) -> dict[str, str]:
    return {"arn": _arn(name, account, region), "name": name, "type": kind, "createdAt": SINCE, "status": "ACTIVE"}


def _missing(name: str) -> AwsError:
    return AwsError("ResourceNotFoundException", f"Analyzer {name} does not exist", 404, spelled=True)


def _json(value: object) -> Answer:
    return json_answer(value, content_type=JSON)
