"""A description in the place of the table: its first screenfuls at once, the rest between the keys, and nothing of it twice."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from tui_app.ui.draw import BLANK
from tui_app.ui.explorer.describing import FORMATS, detail_lines
from tui_app.ui.explorer.slices import PAUSE, SLICE

if TYPE_CHECKING:
    from tui_app.explorer.results import ViewResult
    from tui_app.ui.explorer.screen import Explorer
    from tui_app.ui.theme import Row

BATCH = 50
"""Rows between two looks at the clock."""


class Described:
    """The rows of the description that is looked at, as far as they are made."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._result: ViewResult | None = None
        self._place = (-1, -1, -1)
        self._document: Any = None
        self._lines: Iterator[Row] = iter(())

    def show(self, screen: Explorer, result: ViewResult, index: int) -> None:
        """Show a row's description; what has been made of it is not made again."""
        place = (index, screen.form, screen.body.size.width)
        if self._result is not result or self._place[0] != index:
            self._document = result.document(index)
        if self._result is not result or self._place != place:
            self._result, self._place, self.rows = result, place, [BLANK]
            self._lines = detail_lines(self._document, FORMATS[screen.form], screen.body.size.width)
            self._make(screen, self._lines)
        screen.body.show_rows(self.rows)

    def _make(self, screen: Explorer, lines: Iterator[Row]) -> None:
        """Make rows for a moment, and go on later, unless something else is looked at by then."""
        if lines is not self._lines:
            return
        if screen.detail is None:
            self._result = None
            return
        end = time.perf_counter() + SLICE
        while time.perf_counter() < end:
            made = list(islice(lines, BATCH))
            self.rows += made
            if len(made) < BATCH:
                screen.body.show_rows(self.rows)
                return
        screen.body.show_rows(self.rows)
        screen.set_timer(PAUSE, lambda: self._make(screen, lines))
