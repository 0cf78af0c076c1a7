"""A search's answer as JSON, as CSV and as a quiet text table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tui_app.clock import rfc3339
from tui_app.explorer.estate.answers import Found, Part, merged
from tui_app.explorer.estate.query import Query
from tui_app.explorer.estate.words import lines_of
from tui_app.explorer.export import as_csv
from tui_app.explorer.sheet import row_line, widths_within
from tui_app.text import cells, clean

HEADS = ("Name", "Type", "Region", "Account", "Found by")
CSV_HEADS = ("Account", "Account name", "Region", "Service", "Type", "Name", "Id", "ARN", "Last reported", "Tags", "Found by", "Engine")
Names = Mapping[str, str]
"""What accounts are called, by their ids."""


def document(query: Query, parts: Sequence[Part], found: Sequence[Found], names: Names, *, whole: bool = True) -> Mapping[str, Any]:
    """The `--json` answer: the words, who answered and how, and the resources; not `whole` where not everybody was waited for."""
    return {
        "query": query.text,
        "complete": whole and all(part.state == "ok" and not part.more for part in parts),
        "answers": [_answer(part) for part in parts],
        "resources": [_resource(one, names) for one in found],
    }


def _answer(part: Part) -> Mapping[str, Any]:
    refusal = part.refusal
    return {
        "role": part.label,
        "account": part.identity.account,
        "arn": part.identity.arn,
        "engine": part.engine,
        "region": part.region or None,
        "reach": part.reach,
        "regions": list(part.regions),
        "view": part.view or None,
        "state": part.state,
        "cause": part.cause or None,
        "count": len(part.found) if part.state == "ok" or part.found else None,
        "more": part.more,
        "looked_through": part.looked if part.engine == "tagging" else None,
        "index_state": part.index.state or None,
        "index_since": rfc3339(part.index.since) if part.index.since is not None else None,
        "note": part.note or None,
        "message": part.message,
        "action": (refusal.action or None) if refusal else None,
        "denied_by": (refusal.denied_by or None) if refusal else None,
        "request_id": (refusal.request_id or None) if refusal else None,
    }


def _resource(found: Found, names: Names) -> Mapping[str, Any]:
    return {
        "arn": found.arn,
        "name": found.name,
        "id": found.id,
        "service": found.service,
        "type": found.type,
        "region": found.region,
        "account": found.account,
        "account_name": names.get(found.account),
        "last_reported": rfc3339(found.reported) if found.reported is not None else None,
        "tags": dict(found.tags),
        "found_by": [
            {"role": one.label, "account": one.identity.account, "arn": one.identity.arn, "engine": one.engine} for one in found.finders
        ],
    }


def rows_as_csv(found: Sequence[Found], names: Names) -> str:
    """A line for each resource, safe to open in a spreadsheet."""
    return as_csv(CSV_HEADS, [_line(one, names) for one in found])


def _line(found: Found, names: Names) -> Sequence[str]:
    return (
        found.account,
        names.get(found.account, ""),
        found.region,
        found.service,
        found.type,
        found.name,
        found.id,
        found.arn,
        rfc3339(found.reported) if found.reported is not None else "",
        ", ".join(f"{key}={value}" for key, value in found.tags.items()),
        found_by(found),
        ", ".join(dict.fromkeys(one.engine for one in found.finders)),
    )


def found_by(found: Found) -> str:
    """The roles that were told of it."""
    return ", ".join(dict.fromkeys(one.label for one in found.finders))


def table(parts: Sequence[Part], names: Names, now: float, width: int | None = None) -> list[str]:
    """The resources under their heads, then who answered; at most `width` characters wide where a terminal says so."""
    found = merged(parts)
    rows = [_cells(one, names) for one in found]
    lines = [line.text() for line in lines_of(parts, now)]
    if not rows:
        return ["Nothing was found.", "", *lines]
    widths = widths_within([max(map(cells, column)) for column in zip(HEADS, *rows, strict=True)], width)
    right = [False] * len(HEADS)
    return [*(row_line(row, widths, right) for row in (HEADS, *rows)), "", *lines]


def _cells(found: Found, names: Names) -> tuple[str, ...]:
    shown = (shown_name(found), found.type, found.region, names.get(found.account) or found.account, found_by(found))
    return tuple(clean(cell) for cell in shown)


def shown_name(found: Found) -> str:
    """The name, and the id where that is something else."""
    return found.id if found.name == found.id else f"{found.name} ({found.id})"
