"""What an ARN tells of a resource: service, kind, id, region, account. Pure.

Facts: "Amazon Resource Names (ARNs)" of the IAM user guide; kinds are those that the tagging API takes, `service:kind`.
"""

from __future__ import annotations

import re

from tui_app.explorer.view import GLOBAL
from tui_app.values import frozen

_BARE = {"s3": "bucket", "sqs": "queue", "sns": "topic"}
"""Services whose ARNs name no kind."""
_FIELDS = 6


@frozen
class Named:
    """What stands in an ARN; empty where it is none."""

    service: str = ""
    type: str = ""
    region: str = ""
    account: str = ""
    id: str = ""


def named(arn: str) -> Named:
    """The parts of an ARN: `arn:aws:lambda:eu-west-1:111122223333:function:resize` is a `lambda:function` called `resize`."""
    fields = arn.split(":", _FIELDS - 1)
    if len(fields) < _FIELDS or fields[0] != "arn":
        return Named(id=arn)
    _, _, service, region, account, rest = fields
    kind, name = _kind_and_id(service, rest.lstrip("/").removesuffix(":*"))
    return Named(service, f"{service}:{kind}" if kind else service, region or GLOBAL, account, name)


def _kind_and_id(service: str, rest: str) -> tuple[str, str]:
    if service in _BARE:
        return ("object" if service == "s3" and "/" in rest else _BARE[service]), rest
    found = re.match(r"([^:/]+)[:/](.+)", rest, re.DOTALL)
    if not found:
        return "", rest
    kind, name = found[1], found[2]
    if service == "elasticloadbalancing" and kind in ("loadbalancer", "targetgroup", "listener", "listener-rule") and "/" in name:
        # the last part is a number that AWS draws; application and network load balancers have their kind before their name
        first, *others = name.split("/")
        sort = first in ("app", "net", "gwy")
        return (f"{kind}/{first}" if sort else kind), (others[0] if sort and others else first)
    return kind, name
