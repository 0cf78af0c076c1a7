"""The details stay at their row when it is answered anew, however that was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_app.explorer.changes import same_row

if TYPE_CHECKING:
    from tui_app.explorer.results import ViewResult
    from tui_app.ui.explorer.screen import Explorer


def follow(screen: Explorer) -> None:
    """Show the row that is described as it is now; as it was, where it is no more, and not at all where it is denied now."""
    if screen.detail is None or screen.table is None:
        return
    result, index = screen.detail
    now = screen.table.of_now(result)
    if now is None or now is result or now is screen.gone_from:
        return
    if now.state == "denied":
        screen.detail, screen.part = None, "rows"
        return
    at = _place_in(now, result, index)
    if at is None:
        screen.gone_from = now  # looking for it takes its time, and may be asked for once a second
    else:
        screen.detail = (now, at)


def is_gone(screen: Explorer) -> bool:
    """Whether the row that is described is no more."""
    if screen.detail is None or screen.table is None:
        return False
    return screen.gone_from is not None and screen.table.of_now(screen.detail[0]) is screen.gone_from


def _place_in(now: ViewResult, result: ViewResult, index: int) -> int | None:
    """Where the row stands in a later answer; a further page leaves it where it was."""
    if index < now.count and now.raw[index] is result.raw[index]:
        return index
    return same_row(result, index, now)
