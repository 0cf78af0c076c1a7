"""How the explorer stands: what its list is drawn from, which commands apply, whether AWS is being asked, whose session is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_app.ui.commands import Situation, first_key
from tui_app.ui.explorer.overview import Overview

if TYPE_CHECKING:
    from tui_app.ui.explorer.screen import Explorer


def overview(screen: Explorer) -> Overview:
    """What the list of views is drawn from."""
    sights = tuple(screen.sight(visitor) for visitor in screen.visitors)
    return Overview(
        screen.visitors,
        sights,
        screen.all_views,
        screen.views.at,
        screen.part == "views",
        screen.views.words,
        screen.typing and screen.part == "views",
        screen.spinner(),
        screen.airy,
        first_key("explore.renew", screen.deck.keys),
        screen.views.passed,
    )


def situation(screen: Explorer) -> Situation:
    """What decides which commands apply now."""
    table = screen.table
    row = screen.part in ("rows", "details") and (screen.detail is not None or (table is not None and table.grid.row >= 0))
    refusals = table.refusals if table is not None else []
    return Situation(
        place="explorer",
        part=screen.part,
        row=row,
        refused=screen.part == "rows" and table is not None and bool(table.grid.cells and refusals),
        empty=screen.part == "rows" and table is not None and not table.grid.cells and not table.pending,
        filtering=screen.typing,
        sideways=(screen.part == "rows" and screen.body.hides_columns) or (screen.part == "views" and screen.views.hides_columns),
        unasked=screen.part == "rows" and table is not None and table.unasked,
        more=table is not None and screen.part == "rows" and bool(table.next_pages),
        denied=screen.part in ("rows", "refusals") and not row and any(item.cause == "denied" for _, item in refusals),
        ended=bool(ended_keys(screen)),
        differences=table is not None and table.differences,
        beside=len(screen.visitors) > 1,
        working=working(screen),
        reloads=screen.table in screen.reloads,
        filtered=bool(screen.views.words if screen.part == "views" else table and table.grid.query),
        narrow=not screen.split,
    )


def working(screen: Explorer) -> bool:
    """Whether AWS is being asked, or a file written."""
    sights = (screen.sight(visitor) for visitor in screen.visitors)
    return any(sight.running for sight in sights if sight) or bool(screen.table and (screen.table.pending or screen.table.writing))


def ended_keys(screen: Explorer) -> list[str]:
    """The roles whose session is over while they are looked at."""
    store, table = screen.deck.store, screen.table
    now = store.clock()
    over = [visitor.key for visitor in screen.visitors if store.live(visitor.key, now) is None]
    if not over and table is not None and table.ended:
        over = [visitor.key for visitor in table.over]
    if not over:
        sights = ((visitor.key, screen.sight(visitor)) for visitor in screen.visitors)
        over = [key for key, sight in sights if sight and any(result.cause == "expired" for result in sight.results.values())]
    return list(dict.fromkeys(over))
