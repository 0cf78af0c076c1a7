"""A description in the place of the table: read on a thread if it is huge, its first screenfuls at once, the rest between the keys."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from tui_app.text import clean
from tui_app.ui.compat import ring_once
from tui_app.ui.draw import BLANK, line
from tui_app.ui.explorer.describing import FORMATS, detail_lines
from tui_app.ui.explorer.slices import PAUSE, SLICE
from tui_app.ui.jobs import Job, Outcome

if TYPE_CHECKING:
    from tui_app.explorer.results import ViewResult
    from tui_app.ui.explorer.screen import Explorer
    from tui_app.ui.theme import Row

BATCH = 50
"""Rows between two looks at the clock."""
LONG = 2_000
"""So many parts take a few milliseconds to read."""
NOT_READ = object()


def is_long(value: Any) -> bool:
    """Whether something has more than `LONG` parts; no more of them than that are looked at."""
    parts, seen = [value], 0
    while parts and seen <= LONG:
        part = parts.pop()
        inner = part.values() if isinstance(part, Mapping) else part if isinstance(part, (list, tuple)) else ()
        parts += islice(inner, LONG)
        seen += 1
    return seen > LONG


class Described:
    """The rows of the description that is looked at, as far as they are made."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._result: ViewResult | None = None
        self._index = -1
        self._drawn = (-1, -1)
        self._document: Any = NOT_READ
        self._lines: Iterator[Row] = iter(())

    def show(self, screen: Explorer, result: ViewResult, index: int) -> None:
        """Show a row's description; what has been made of it is not made again."""
        form, width = screen.form, screen.body.size.width
        if self._result is not result or self._index != index:
            self._result, self._index, self._drawn = result, index, (-1, -1)
            self._lines = iter(())  # nothing more of another row is made
            self._read(screen, result, index)
        if self._document is NOT_READ:
            self.rows = [BLANK, line(width, [("  Reading the description", "muted")])]
        elif self._drawn != (form, width):
            self._drawn, self.rows = (form, width), [BLANK]
            self._lines = detail_lines(self._document, FORMATS[form], width)
            self._make(screen, self._lines)
        screen.body.show_rows(self.rows)

    def _read(self, screen: Explorer, result: ViewResult, index: int) -> None:
        """Take the description out of the answer; a huge one on a thread."""
        if not is_long(result.raw[index]):
            self._document = result.document(index)
            return
        self._document = NOT_READ

        def work(job: Job) -> Any:
            del job
            return result.document(index)

        def done(outcome: Outcome[Any]) -> None:
            if self._result is result and self._index == index:
                self._document = clean(outcome.error.sentence()) if outcome.error else outcome.value
                screen.update_soon()

        screen.deck.jobs.start("read the description", work, done)

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
        ring_once(screen, PAUSE, lambda: self._make(screen, lines))
