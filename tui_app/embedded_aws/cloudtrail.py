"""CloudTrail LookupEvents over what the gate has noted: newest first, by account and region, one attribute, pages of 50."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tui_app.embedded_aws.callers import Caller
from tui_app.embedded_aws.gate import Gate
from tui_app.embedded_aws.ledger import Ledger
from tui_app.embedded_aws.trail import TrailEvent
from tui_app.embedded_aws.wire import Answer, AwsError, AwsRequest, json_answer

PAGE = 50

_ATTRIBUTES: dict[str, Callable[[TrailEvent, str], bool]] = {
    "EventId": lambda event, value: event.id == value,
    "EventName": lambda event, value: event.name == value,
    "EventSource": lambda event, value: event.source == value,
    "ReadOnly": lambda event, value: str(event.read_only).lower() == value.lower(),
    "Username": lambda event, value: event.username == value,
    "AccessKeyId": lambda event, value: event.key_id == value,
    "ResourceType": lambda event, value: any(kind == value for kind, _ in event.resources),
    "ResourceName": lambda event, value: any(name == value for _, name in event.resources),
}


def register(gate: Gate) -> None:
    """Answer LookupEvents."""
    gate.add_operation("cloudtrail", "LookupEvents", _lookup_events)


def _lookup_events(request: AwsRequest, caller: Caller, ledger: Ledger) -> Answer:
    asked = request.json
    wanted, size = _attribute(asked), asked.get("MaxResults", PAGE)
    if isinstance(size, bool) or not isinstance(size, int) or not 1 <= size <= PAGE:
        raise _complaint(
            "InvalidMaxResultsException", f"A maximum results value of {size} is invalid. Specify max results between 1 and {PAGE}."
        )
    start, end = _time(asked.get("StartTime"), 0), _time(asked.get("EndTime"), ledger.now() + 1)
    if start > end:
        raise _complaint("InvalidTimeRangeException", "The start time occurs after the end time.")
    offset = str(asked.get("NextToken") or "0")
    if not offset.isdigit():
        raise _complaint("InvalidNextTokenException", "Invalid token.")
    found = [
        event
        for event in reversed(ledger.trail.events(caller.account))
        if event.region == request.region and start <= event.at <= end and wanted(event)
    ]
    first = int(offset)
    more = {"NextToken": str(first + size)} if first + size < len(found) else {}
    return json_answer({"Events": [_shown(event) for event in found[first : first + size]], **more})


def _time(value: Any, default: float) -> float:
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _complaint("InvalidTimeRangeException", "A time is a number of seconds.")
    return float(value)


def _attribute(asked: dict[str, Any]) -> Callable[[TrailEvent], bool]:
    if asked.get("EventCategory"):
        return lambda _event: False
    attributes = asked.get("LookupAttributes") or []
    if not attributes:
        return lambda _event: True
    if not isinstance(attributes, list) or len(attributes) != 1 or not isinstance(attributes[0], dict):
        raise _complaint("InvalidLookupAttributesException", "You can specify only one attribute, by a valid key.")
    if attributes[0].get("AttributeKey") not in _ATTRIBUTES:
        raise _complaint("InvalidLookupAttributesException", "You can specify only one attribute, by a valid key.")
    matches, value = _ATTRIBUTES[attributes[0]["AttributeKey"]], str(attributes[0].get("AttributeValue", ""))
    return lambda event: matches(event, value)


def _shown(event: TrailEvent) -> dict[str, Any]:
    return {
        "EventId": event.id,
        "EventName": event.name,
        "ReadOnly": str(event.read_only).lower(),
        "EventTime": event.at,
        "EventSource": event.source,
        "AccessKeyId": event.key_id,
        "Username": event.username,
        "Resources": [{"ResourceType": kind, "ResourceName": name} for kind, name in event.resources],
        "CloudTrailEvent": json.dumps(event.record),
    }


def _complaint(code: str, message: str) -> AwsError:
    return AwsError(code, message, 400, spelled=True)
