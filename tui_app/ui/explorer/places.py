"""One view as some identities were shown it: its answers as the rows of a table, laid out in steps where they are many."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from tui_app.text import clean
from tui_app.ui.explorer.answers import Answers, Opened, Visitor
from tui_app.ui.explorer.filtering import SEPARATOR
from tui_app.ui.explorer.grid import AT_ONCE, Chunk, Grid, Head, Replacing
from tui_app.ui.explorer.laying import DIFFERENCE_AT, Differences, Laying, Place, Shown
from tui_app.ui.explorer.letting_go import let_go

if TYPE_CHECKING:
    from tui_app.explorer.results import ViewResult
    from tui_app.explorer.view import View
    from tui_app.ui.explorer.saving import Writing

__all__ = ["ROLE", "Opened", "Table", "Visitor"]

ROLE, DIFFERENCE, REGION = Head("Role"), Head("Difference"), Head("Region")


class Table(Answers):
    """The rows of all answers, as far as they are laid out, with their order, filter and columns."""

    def __init__(self, view: View, visitors: tuple[Visitor, ...], regions: tuple[str, ...], opened: Opened | None = None) -> None:
        super().__init__(view, visitors, regions, opened)
        self.writing: Writing | None = None
        """The file that is being written of it."""
        self.hidden: set[str] = set()
        self.tags: tuple[str, ...] = ()
        self.offset = 0
        self.differences = False
        self.grid = Grid(self.heads())
        self.unfinished: Iterator[None] | None = None
        self.worked_off = False
        self.spared = 0
        self._rebuilds, self._again = False, False
        self._laying = self._new_laying()

    def heads(self) -> tuple[Head, ...]:
        """Name, whose and where if that is a question, the other columns, chosen tags."""
        first, *others = (Head(column.title, column.right) for column in self.view.columns)
        whose = replace(ROLE, owners=tuple(visitor.named for visitor in self.visitors))
        added = ([whose, DIFFERENCE] if self.beside else []) + ([REGION] if self._shows_region() else [])
        titles = {first.title, *(head.title for head in (*added, *others))}
        tags = (Head(f"{clean(tag)} (tag)" if tag in titles else clean(tag)) for tag in self.tags)
        return (first, *added, *others, *tags)

    def _shows_region(self) -> bool:
        several = self.view.scope != "global" and self.opened is None and len(self.regions) > 1
        return several and REGION.title not in self.view.heads

    def take(self, number: int, result: ViewResult) -> None:
        """A result, also one in the place of an earlier one.

        Raises:
            WrongIdentity: it was answered to somebody else than this table is of, or by another view.
        """
        place = self.note(number, result)
        if not self._goes_on(place, result):
            self._lay_out_again()

    def remember(self, number: int, result: ViewResult) -> None:
        """What was seen last, until it is answered anew; nothing of another identity."""
        if self.note_seen(number, result):
            self._lay_out_again()

    def rebuild(self) -> None:
        """Lay out all rows again, with other columns or only with differences; many rows in steps, see `go_on`."""
        self._again = True
        self._lay_out_again()

    def sort_by(self, column: int, *, down: bool = False) -> None:
        """Sort; many rows in steps, see `go_on`."""
        self.grid.wanted = (column, down)
        if self._rebuilds:
            return
        self.unfinished = self.grid.sorting(column, down)
        if len(self.grid.cells) <= AT_ONCE:
            self.go_on()

    def filter_by(self, query: str) -> None:
        """Filter; of many rows only the first are found at once, see `go_on`."""
        self.grid.look_for(query)
        if len(self.grid.cells) <= AT_ONCE:
            self.grid.find_all()

    @property
    def settled(self) -> bool:
        """Whether everything is in its place, and all that the filter lets through is found."""
        return self.unfinished is None and self.grid.finding is None

    def go_on(self, seconds: float = math.inf) -> bool:
        """Work for about so long on what is unfinished; whether nothing is any more. The table can be used at any moment."""
        end = time.perf_counter() + seconds
        while not self.settled:
            # somebody is looking at what a filter finds
            if not self.grid.find_more():
                self._next_step()
            if time.perf_counter() > end:
                break
        return self.settled

    def _next_step(self) -> None:
        if self.unfinished is not None and next(self.unfinished, self) is self:
            self.unfinished, self._rebuilds = None, False

    def _lay_out_again(self) -> None:
        count = sum(len(result.rows) for _, result in self.known())
        if not self._rebuilds or count <= AT_ONCE:
            self.unfinished, self._rebuilds = self._rebuilding(), True
        if count <= AT_ONCE:
            self.go_on()

    def _rebuilding(self) -> Iterator[None]:
        """Lay out all rows again in steps, and what came meanwhile; the rows there are stay until then, where there are any."""
        while True:
            self._again = False
            shown, laying = self.known(), self._new_laying()
            if self.beside:
                laying.differences = Differences(self.comparable)
                held = yield from self.grid.replacing(self.heads(), laying.compared(shown, only=self.differences))
            elif self.grid.cells:
                held = yield from self.grid.replacing(self.heads(), laying.chunks(shown))
            else:
                held = yield from self._filling(laying, shown)
            # in the same step as the rows: each is known by its own answer
            held, self._laying = [*held, *self._laying.held_besides(laying)], laying
            yield from self.grid.sorting_as_wanted()
            yield from let_go(held)
            yield from self.grid.sorting_as_wanted()
            if self._is_up_to_date():
                break

    def _filling(self, laying: Laying, shown: Shown) -> Replacing:
        """Rows into an empty table: they are seen as they come."""
        self._laying = laying
        self.grid.replace(self.heads(), ())
        for chunk in laying.chunks(shown):
            self.grid.add(chunk)
            yield
        return []

    def _is_up_to_date(self) -> bool:
        """Whether all that is known is in the table; pages that came while it was laid out are added."""
        known, laid = dict(self.known()), self._laying.results
        if self._again or known.keys() != laid.keys():
            return False
        return all(laid[place] is result or self._goes_on(place, result) for place, result in known.items())

    def _new_laying(self) -> Laying:
        labels = [visitor.label for visitor in self.visitors] if self.beside else ()
        return Laying(labels, self.tags, with_region=self._shows_region())

    def _goes_on(self, place: Place, result: ViewResult) -> bool:
        """Add only the rows that are not in the table; False where those before them are not the same."""
        laying, known = self._laying, self._laying.results.get(place)
        had = laying.laid.get(place, 0)
        if known is None:
            # the first answer of a place is the last of the table, where nothing that was seen before stands behind it
            same = not self.beside and not self._rebuilds and place == next(reversed(self.results))
        else:
            # a page behind rows that stay leaves the first and the last of these; a reload of the first pages leaves only the last
            same = 0 < had == len(known.raw) <= len(result.raw) and all(result.raw[at] is known.raw[at] for at in (0, had - 1))
        if not same or len(result.rows) - had > AT_ONCE or (self.before and known is None):
            return False
        if self.beside:
            return self._compares_on(place, result)
        for chunk in laying.further(place, result):
            self.grid.add(chunk)
        laying.results[place] = result
        return True

    def _compares_on(self, place: Place, result: ViewResult) -> bool:
        """The same with several roles: further rows also change what is said of those of the others."""
        laying, grid = self._laying, self.grid
        comparable = self.comparable
        if laying.only or laying.differences.comparable != comparable or grid.wanted[0] == DIFFERENCE_AT:
            return len(result.rows) == laying.laid[place] and laying.differences.comparable == comparable
        for chunk in laying.further(place, result):
            entered = laying.differences.enter(chunk.keys)
            grid.add(Chunk(chunk.keys, chunk.cells, chunk.values, [f"{text}{SEPARATOR}" for text in chunk.haystacks]))
            rows = [row for same in entered for row in laying.differences.rows(same)]
            words = {row: laying.differences.word(grid.keys[row], grid.cells) for row in rows}
            grid.change({row: word for row, word in words.items() if word != grid.cells[row][DIFFERENCE_AT]}, DIFFERENCE_AT)
        laying.results[place] = result
        return True

    def under_cursor(self) -> tuple[ViewResult, int] | None:
        """The result that the row under the cursor is of, and its index there."""
        row = self.grid.row
        return self.of_row(row) if row >= 0 else None

    def shown_rows(self) -> Iterator[tuple[ViewResult, int]]:
        """All rows that the filter lets through now, in the order shown: the results that they are of, and their indexes there."""
        self.grid.find_all()
        return map(partial(_of_row, self._laying), self.grid.shown)

    def of_row(self, row: int) -> tuple[ViewResult, int]:
        """The result that a row is of, and its index there."""
        return _of_row(self._laying, row)

    def is_faded(self, row: int) -> bool:
        """Whether the row was seen before, and is not answered anew yet."""
        if not (self.before or self.asked or self.tails):
            return False
        place, index = self._laying.where(row)
        tail = self.tails.get(place)
        return place in self.before or self.is_asked_anew(place) or (tail is not None and tail.start <= index < tail.end)

    def visible(self) -> list[int]:
        """The columns that are not hidden, by number; the first is never."""
        return [number for number, head in enumerate(self.grid.heads) if number == 0 or head.title not in self.hidden]


def _of_row(laying: Laying, row: int) -> tuple[ViewResult, int]:
    place, index = laying.where(row)
    return laying.results[place], index
