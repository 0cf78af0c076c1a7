"""Work on long tables between the keys: a few milliseconds at a time, so that no key waits until a hundred thousand rows are in order."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from tui_app.ui.compat import ring_once
from tui_app.ui.explorer.screen_body import show_all_found

if TYPE_CHECKING:
    from tui_app.ui.explorer.places import Table
    from tui_app.ui.explorer.screen import Explorer
    from tui_app.ui.explorer.widgets import GridView

SLICE, PAUSE = 0.005, 0.001
"""Seconds of work, and those in which keys are answered and the screen is drawn."""
SHOWN_EVERY = 0.15
"""Seconds after which rows that have come into an empty table are drawn."""
MANY = 5_000
"""So many rows more take the collector of garbage a time that one would notice."""


def work_off(screen: Explorer, table: Table | None) -> None:
    """Finish what a table has begun; draws it when it is done. Called at any time, does nothing where nothing is to be done."""
    if table is None:
        return
    _spare_collector(table)
    if table.settled or table.worked_off:
        return
    table.worked_off = True
    drawn, filters = time.perf_counter(), table.grid.finding is not None

    def slice_() -> None:
        nonlocal drawn, filters
        # also what a key has found to its end since the last slice
        filters, lays_out = filters or table.grid.finding is not None, table.unfinished is not None
        heads = table.grid.heads
        finished = table.go_on(SLICE)
        if filters and table.grid.finding is None and screen.table is table:
            filters = False
            show_all_found(screen)
        if lays_out:
            _spare_collector(table, always=True)
            if table.grid.heads is not heads and screen.table is table:
                screen.update()  # other rows: no two lines on the screen are of two answers
            if finished or time.perf_counter() - drawn > SHOWN_EVERY:
                drawn = time.perf_counter()
                screen.update_soon()
        if finished:
            table.worked_off = False
        else:
            ring_once(screen, PAUSE, slice_)

    # what the key has found already is drawn first
    screen.call_after_refresh(slice_)


def when_settled(screen: Explorer, table: Table, then: Callable[[], None]) -> None:
    """Do something when all rows of a table are in their place; at once where they are."""
    if not screen.is_mounted:
        return
    if table.settled:
        then()
        return
    work_off(screen, table)
    ring_once(screen, SHOWN_EVERY, lambda: when_settled(screen, table, then))


def _spare_collector(table: Table, *, always: bool = False) -> None:
    """Leave rows out of the search for garbage: they have no circles, and going through a hundred thousand holds every key for 200 ms."""
    rows = len(table.grid.cells)
    if always or rows - table.spared >= MANY:
        table.spared = rows
        gc.collect(0)
        gc.freeze()


def free_tables(tables: Iterable[Table], body: GridView) -> None:
    """Free the rows of tables that nobody looks at any more, which no collector would look for."""
    for table in tables:
        table.unfinished = None
    body.grid, body.is_faded = None, lambda _: False
