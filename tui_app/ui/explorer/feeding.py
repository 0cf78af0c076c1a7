"""What a first sight was answered goes into the tables: as its answers come, and not more at once than a key may wait for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_app.ui.explorer.asking_tables import of_this, remembered, take_into

if TYPE_CHECKING:
    from tui_app.explorer.results import ViewResult
    from tui_app.ui.explorer.among import Among
    from tui_app.ui.explorer.places import Table

FED = 200
"""Rows that a drawing takes from a first sight before it leaves other places to the next one: a few milliseconds."""


def feed(screen: Among, table: Table) -> None:
    """Give a table the answers that the first sight has for it, and what was seen the last time."""
    if table.opened is not None:
        return
    table.expected.clear()
    left = FED
    for number, visitor in enumerate(table.visitors):
        sight = screen.sight(visitor)
        table.expected |= {(number, region) for region in sight.awaited(table.view)} if sight else set()
        for region in ("global", *table.regions):
            place, named = (number, region), (table.view.name, region)
            result = of_this(table, sight.results.get(named)) if sight else None
            known = table.results.get(place)
            # not by their times, as the clock may have been set back
            if result is not None and result is not known and result is not table.fed.get(place):
                if left <= 0:
                    table.expected.add(place)
                    screen.update_soon()
                    continue
                left -= result.count
                table.progress, table.fed[place] = "", result
                at = table.answered_at(place) if known is not None else result.at
                if take_into(table, number, result, known, _before_further_pages) and table.results[place].state == "ok":
                    table.note_tail(place, result.count, at)
            elif result is None and known is None and sight and (old := of_this(table, sight.before.get(named))):
                table.remember(number, old)
    if not table.known():
        remembered(screen.deck, table)


def _before_further_pages(known: ViewResult, first: ViewResult) -> ViewResult:
    """A first page in the place of the one before it; the rows that a person has paged to stay behind it, all of them where it failed."""
    from tui_app.explorer.again import with_rest
    from tui_app.explorer.results import renewed

    if first.state == "error":
        return renewed(known, first)
    if first.state != "ok" or first.next is None or known.count <= first.count:
        return first
    return with_rest(known, first)
