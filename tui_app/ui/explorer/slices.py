"""Work on long tables between the keys: a few milliseconds at a time, so that no key waits until a hundred thousand rows are in order."""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui_app.ui.explorer.among import Among
    from tui_app.ui.explorer.places import Table
    from tui_app.ui.explorer.screen import Explorer

SLICE, PAUSE = 0.005, 0.001
"""Seconds of work, and those in which keys are answered and the screen is drawn."""
SHOWN_EVERY = 0.15
"""Seconds after which rows that have come into an empty table are drawn."""
MANY = 5_000
"""So many rows more take the collector of garbage a time that one would notice."""


def work_off(screen: Among, table: Table | None) -> None:
    """Finish what a table has begun; draws it when it is done. Called at any time, does nothing where nothing is to be done."""
    if table is None:
        return
    _spare_collector(table)
    if table.unfinished is None or table.worked_off:
        return
    table.worked_off = True
    drawn = time.perf_counter()

    def slice_() -> None:
        nonlocal drawn
        finished = table.go_on(SLICE)
        _spare_collector(table, always=True)
        if finished or time.perf_counter() - drawn > SHOWN_EVERY:
            drawn = time.perf_counter()
            screen.update_soon()
        if finished:
            table.worked_off = False
        else:
            screen.set_timer(PAUSE, slice_)

    screen.set_timer(PAUSE, slice_)


def _spare_collector(table: Table, *, always: bool = False) -> None:
    """Leave rows out of the search for garbage: they have no circles, and going through a hundred thousand holds every key for 200 ms."""
    rows = len(table.grid.cells)
    if always or rows - table.spared >= MANY:
        table.spared = rows
        gc.collect(0)
        gc.freeze()


def let_go(screen: Explorer) -> None:
    """Free the rows of a screen that is gone, which no collector would look for."""
    for table in {*screen.tables.values(), *screen.trail}:
        table.unfinished = None
    screen.tables.clear()
    screen.trail.clear()
    screen.detail, screen.body.grid, screen.body.is_faded = None, None, lambda _: False
