"""The `--json` answer of `roledeck resources`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tui_app.aws.partitions import partition_of
from tui_app.errors import RoledeckError
from tui_app.explorer.expressions import look_up
from tui_app.explorer.results import ViewResult
from tui_app.explorer.view import GLOBAL
from tui_app.handover.deep_links import destination
from tui_app.model import Session


def document(session: Session, results: Sequence[ViewResult]) -> Mapping[str, Any]:
    """The answer of one role."""
    return {
        "identity": {"account": session.identity.account, "arn": session.identity.arn},
        "views": [_view(result) for result in results],
    }


def _link(result: ViewResult, number: int) -> str | None:
    """The page of the console that shows a row, else the one that lists its kind; none where the partition has no console."""
    partition = partition_of(result.identity.arn)
    home = result.identity.region if result.region == GLOBAL else result.region
    region = str(look_up("BucketRegion", result.raw[number]) or home)
    for place in filter(None, (result.arns[number], result.view.console)):
        try:
            return destination(partition, place, region).address
        except RoledeckError:
            continue
    return None


def _view(result: ViewResult) -> Mapping[str, Any]:
    refusal = result.refusal
    return {
        "view": result.view.name,
        "title": result.view.title,
        "service": result.service,
        "region": result.region,
        "state": result.state,
        "cause": result.cause or None,
        "count": result.count if result.state == "ok" or result.rows else None,
        "more": result.more,
        "columns": list(result.columns),
        "rows": [list(row) for row in result.values],
        "ids": list(result.ids),
        "arns": list(result.arns),
        "links": [_link(result, number) for number in range(result.count)],
        "tags": [dict(tags) for tags in result.tags],
        "action": result.action,
        "message": result.aws_message or result.message,
        "note": result.note or None,
        "denied_by": result.denied_by or None,
        "explicit": refusal.explicit if refusal and result.state == "denied" else None,
        "principal": (refusal.principal or None) if refusal else None,
        "resource": (refusal.resource or None) if refusal else None,
        "request_id": result.request_id or None,
    }
