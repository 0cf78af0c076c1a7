"""The calls of a search: Resource Explorer and the tagging API, one at a time, asked again where AWS wants to be asked slowly.

Search is sent only to regions that have an index: in others AWS makes an index and a view of its own accord at the first search
("Resource Explorer now provides immediate access", terms and concepts of its user guide), and a look must not change an account.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tui_app.errors import RoledeckError
from tui_app.explorer.asking import Asker, call_patiently
from tui_app.explorer.onward import Onward
from tui_app.explorer.refusals import Refusal, explain
from tui_app.explorer.view import View
from tui_app.values import frozen

PAGE = 1000
"""What Search answers with at most, in one page and in all (botocore's model)."""
TAGGED_PAGE = 100
"""What GetResources answers with at most."""
VIEWS_AT_ONCE = 20
"""What BatchGetView takes."""

_EXPLORER = View("estate", "Resource Explorer", "", "resource-explorer-2", "Search", "resource-explorer-2:Search", "", (), "")
_TAGGING = View("estate", "Tagging API", "", "resourcegroupstaggingapi", "GetResources", "tag:GetResources", "", (), "")


@frozen
class Indexed:
    """The regions that have an index, and which of them aggregates; empty for none."""

    regions: tuple[str, ...] = ()
    aggregator: str = ""


class Stopped(Exception):
    """A call was refused; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.cause)
        self.refusal = refusal


def explorer_call(asker: Asker, region: str, operation: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """One answer of Resource Explorer.

    Raises:
        Stopped: with why not.
    """
    return _called(asker, _EXPLORER, region, operation, parameters, f"resource-explorer-2:{operation}")


def tagging_call(asker: Asker, region: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """One page of GetResources.

    Raises:
        Stopped: with why not.
    """
    return _called(asker, _TAGGING, region, "GetResources", parameters, _TAGGING.action)


def _called(asker: Asker, view: View, region: str, operation: str, parameters: Mapping[str, Any], action: str) -> dict[str, Any]:
    try:
        return call_patiently(asker, view, region, operation, parameters)
    except RoledeckError as failure:
        raise Stopped(explain(failure, action, region)) from None


def indexes(asker: Asker, region: str) -> Indexed:
    """Which regions of the account have an index; any region knows all of them.

    Raises:
        Stopped: with why not.
    """
    found: list[Mapping[str, Any]] = []
    token: str | None = ""
    onward, brought = Onward(), 0
    while onward.leads(token, brought):
        answer = explorer_call(asker, region, "ListIndexes", {"NextToken": token} if token else {})
        page = [index for index in answer.get("Indexes") or () if index.get("Region")]
        found += page
        token, brought = answer.get("NextToken") or None, len(page)
    aggregator = next((str(index["Region"]) for index in found if index.get("Type") == "AGGREGATOR"), "")
    return Indexed(tuple(sorted({str(index["Region"]) for index in found})), aggregator)


def moment(value: object) -> float | None:
    """Epoch seconds of a moment that botocore has read; None for what is none."""
    if not isinstance(value, datetime):
        return None
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
