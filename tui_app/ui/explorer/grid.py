"""A table of any length in plain lists: sorted, filtered, and a cursor that stays on its row. Knows neither AWS nor the screen."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from operator import neg
from typing import Any, NamedTuple

from rich.cells import cell_len

from tui_app.ui.explorer.chunks import Chunk, Key, widest
from tui_app.ui.explorer.filtering import Finding, Haystacks, Head, Term, Terms, column_called, narrows, terms_of
from tui_app.ui.explorer.ordering import STEP, Ordering, Plain, rows_of

__all__ = ["AT_ONCE", "Chunk", "Grid", "Head", "Key", "Plain", "Term", "column_called", "terms_of"]

AT_ONCE = 2 * STEP
"""Rows up to which a table is sorted or laid out in one go; what takes longer is done in steps, so that no key waits for it."""
SCREENFUL = 200
"""Rows that no screen shows all of: when so many are found each way from the cursor, a filter's answer is drawn; others are found later."""


Replacing = Generator[None, None, list[Sequence[Any]]]
"""Steps that put other rows in the place of those there are, and give these back to be let go."""


class Wider(NamedTuple):
    """What a filter with fewer letters let through, and the place that the cursor had there."""

    terms: Terms
    rows: Sequence[int]
    at: int


class Grid:
    """The rows, in the order shown. `at` is the cursor's place among the `shown` rows, each of which is an index of `cells`.

    `wanted` is the column to sort by and which way; it differs from `sort` and `down` while a long table is being sorted. While there is
    a `finding`, the `shown` rows are those round the cursor that the filter lets through, none left out between them, and `find_more` finds
    others above and below. `carried` is how many places these and filters have carried the cursor's row down in all: who scrolls as far
    sees it where it was.
    """

    def __init__(self, heads: Sequence[Head]) -> None:
        self.heads = tuple(heads)
        self.sort, self.down = -1, False
        self.wanted = (-1, False)
        self.query = ""
        self.at = self.carried = 0
        self.terms: Terms = ()
        self.start()

    def start(self) -> None:
        """Forget all rows."""
        self.keys: list[Key] = []
        self.cells: list[tuple[str, ...]] = []
        self.values: list[tuple[Plain, ...]] = []
        self.haystacks: list[str] = []
        self.widths = [cell_len(head.title) for head in self.heads]
        self.order: Sequence[int] = range(0)
        self.shown: Sequence[int] = range(0)
        self._ordering = Ordering(down=self.down)
        self._looked_in = Haystacks(self.haystacks, self.cells)
        self._wider: list[Wider] = []
        self._some: Ordering | None = None
        self.finding: Finding | None = None

    def add(self, chunk: Chunk) -> None:
        """More rows; the cursor stays on its row. Costs what the chunk costs, however many rows there are."""
        row, start = self.row, len(self.cells)
        if not chunk.keys:
            return
        self.find_all()
        self.keys += chunk.keys
        self.cells += chunk.cells
        self.values += chunk.values
        self.haystacks += chunk.haystacks
        columns = zip(*chunk.cells, strict=True)
        self.widths = [max(known, widest(column)) for known, column in zip(self.widths, columns, strict=True)]
        self._wider.clear()
        self._arrange_further(start, self._looked_in.matching(self.terms, range(start, len(self.cells))))
        self._put_cursor(row, self.at)

    def _arrange_further(self, start: int, matching: Sequence[int]) -> None:
        """Put the rows from `start` on into the order, and the `matching` ones of them among those shown."""
        if self.sort >= 0:
            self._ordering.add([values[self.sort] for values in self.values[start:]])
            self.order = self._ordering.rows
            self.shown = self._in_order(matching) if self.terms else self.order
            return
        self.order = _unsorted(len(self.cells), down=self.down)
        if not self.terms:
            self.shown = self.order
        else:
            self.shown = rows_of((*reversed(matching), *self.shown) if self.down else (*self.shown, *matching))

    def _in_order(self, further: Iterable[int]) -> Sequence[int]:
        """The rows that are shown, and further ones, in the order of all."""
        if self._some is None:
            self._some = self._ordering.among(self.shown)
        self._some.put(further)
        return self._some.rows

    def change(self, words: Mapping[int, str], column: int) -> None:
        """Other words in a column of some rows, which stay where they are; that column is the last thing that a filter looks at."""
        if not words:
            return
        self.find_all()
        row = self.row
        for number, word in words.items():
            cells, values, text = self.cells[number], self.values[number], self.haystacks[number]
            self.cells[number] = (*cells[:column], word, *cells[column + 1 :])
            self.values[number] = (*values[:column], word, *values[column + 1 :])
            self.haystacks[number] = text[: len(text) - len(cells[column].casefold())] + word.casefold()
        self.widths[column] = max(self.widths[column], widest(list(words.values())))
        self._wider.clear()
        if self.terms:
            self._some = None
            self.shown = self._looked_in.matching(self.terms, self.order)
            self._put_cursor(row, self.at)

    def replace(self, heads: Sequence[Head], chunks: Iterable[Chunk]) -> None:
        """Other rows, perhaps under other heads; the cursor stays on its row where that is still there, else in its place."""
        for _ in self.replacing(heads, chunks):
            pass

    def replacing(self, heads: Sequence[Head], chunks: Iterable[Chunk]) -> Replacing:
        """The same in steps; the rows there are stay until the end."""
        fresh = Grid(heads)
        for chunk in chunks:
            fresh.add(chunk)
            yield
        while True:
            if (fresh.sort, fresh.down) != (order := self._order_under(fresh.heads)):
                yield from fresh.sorting(*order)
            elif fresh.query != self.query:
                fresh.look_for(self.query)
            elif fresh.find_more():
                yield
            else:
                break
        held: list[Sequence[Any]] = [self.keys, self.haystacks]
        self._become(fresh)
        return held

    def _order_under(self, heads: Sequence[Head]) -> tuple[int, bool]:
        """The order that is wanted, by its column's place among other heads."""
        column, down = self.wanted
        title = self.heads[column].title if 0 <= column < len(self.heads) else None
        return next((number for number, head in enumerate(heads) if head.title == title), -1), down

    def _become(self, fresh: Grid) -> None:
        """Take over all rows of another grid; the cursor looks for its row there."""
        cursor, place = self.cursor, self.at
        self.__dict__.update({**fresh.__dict__, "at": max(0, min(len(fresh.shown) - 1, place)), "carried": self.carried})
        if cursor is not None and self.cursor != cursor:
            try:
                self._put_cursor(self.keys.index(cursor), place)
            except ValueError:
                return

    @property
    def cursor(self) -> Key | None:
        """What the row under the cursor is known by."""
        return self.keys[self.shown[self.at]] if 0 <= self.at < len(self.shown) else None

    @property
    def row(self) -> int:
        """The index of the row under the cursor; -1 where nothing is shown."""
        return self.shown[self.at] if 0 <= self.at < len(self.shown) else -1

    def move(self, rows: int) -> None:
        """Move the cursor; only rows on its way are looked through for those that the filter lets through."""
        above, finding = rows < 0, self.finding
        if finding is not None and abs(rows) >= len(self.cells) and finding.has_left(above=above):
            # to an end of the table: what lies between is found later
            self._show_found(finding.from_end(above=above))
        while (self.at + rows >= len(self.shown) or not self.shown) and self._find(above=False):
            pass
        while (self.at + rows < 0 or not self.shown) and self._find(above=True):
            pass
        self.at = max(0, min(len(self.shown) - 1, self.at + rows))

    def set_query(self, query: str) -> None:
        """Filter, and find all rows at once."""
        self.look_for(query)
        self.find_all()

    def look_for(self, query: str) -> None:
        """Filter; of a long table only the rows round the cursor are found at once, see `find_more`.

        Letters that narrow a filter look only at what it left, and taking them back looks at nothing again.
        """
        row, at, terms = self.row, self.at, terms_of(query, self.heads)
        if self.finding is None:
            self._wider.append(Wider(self.terms, self.shown, at))
        while self._wider and not narrows(self._wider[-1].terms, terms):
            self._wider.pop()
        wider = self._wider[-1] if self._wider else Wider((), self.order, at)
        if wider.terms == terms and self._wider:
            self._wider.pop()
        self.query, self.terms, self._some = query, terms, None
        self._show(wider.rows, [term for term in terms if term not in wider.terms], row, wider.at)
        if row >= 0 and self.row == row:
            self.carried += self.at - at

    def _show(self, among: Sequence[int], terms: Sequence[Term], row: int, near: int) -> None:
        """Show those of some rows that the terms let through, the cursor on its row where that is one of them, perhaps at `near`."""
        stays = row >= 0 and len(self._looked_in.matching(self.terms, (row,))) > 0
        place = self._place_of(row, among, near) if stays else 0
        if terms:
            self._show_found(Finding(self._looked_in, terms, among, place))
        else:
            self.finding, self.shown, self.at = None, among, place

    def _show_found(self, finding: Finding) -> None:
        """Show what is found round the place where a finding begins, as far as that takes but a moment."""
        finding.begin(SCREENFUL, AT_ONCE // 2)
        self.finding, self.shown = None if finding.ended else finding, finding.found
        self.at = max(0, min(len(self.shown) - 1, finding.above))

    def _find(self, *, above: bool) -> bool:
        """Look through some more rows above, else below, those looked through; whether there were any."""
        finding = self.finding
        if finding is None or not finding.has_left(above=above):
            return False
        before = finding.above
        finding.go_on(above=above)
        self.at += finding.above - before
        self.carried += finding.above - before
        if finding.ended:
            self.finding = None
        return True

    def find_more(self) -> bool:
        """Look through some more rows for those that the filter lets through; whether there were any."""
        return self._find(above=False) or self._find(above=True)

    def find_all(self) -> None:
        """Look through all rows that are left."""
        while self.find_more():
            pass

    def sort_by(self, column: int, *, down: bool = False) -> None:
        """Sort by a column; -1 is AWS's own order."""
        for _ in self.sorting(column, down=down):
            pass
        self.find_all()

    def sorting(self, column: int, down: bool = False) -> Iterator[None]:  # noqa: FBT001, FBT002 - what `wanted` holds, in its order
        """The same in steps; the order there is stays until the last, and rows that come meanwhile are in it."""
        self.wanted = (column, down)
        ordering, rows = Ordering(down=down), self.values
        if column >= 0:
            parts = ([values[column] for values in rows[start : start + STEP]] for start in range(0, len(rows), STEP))
            yield from ordering.adding(parts)
            if self.values is not rows:
                return
            ordering.add([values[column] for values in rows[len(ordering) :]])
        row = self.row
        self.sort, self.down, self._ordering = column, down, ordering
        self.order = ordering.rows if column >= 0 else _unsorted(len(self.cells), down=down)
        self._some = None
        self._wider.clear()
        self._show(self.order, self.terms, row, self.at)

    def sorting_as_wanted(self) -> Iterator[None]:
        """Sort in steps, where another order is wanted than there is; also where that changes meanwhile."""
        while (self.sort, self.down) != self.wanted:
            yield from self.sorting(*self.wanted)

    def step_sort(self, step: int, among: Sequence[int]) -> None:
        """Sort by the next of the columns that are shown; after the last one comes AWS's own order."""
        self.sort_by(self.next_sort(step, among))

    def next_sort(self, step: int, among: Sequence[int]) -> int:
        """The column that comes next, or -1."""
        places = [-1, *among]
        at = places.index(self.wanted[0]) if self.wanted[0] in places else 0
        return places[(at + step) % len(places)]

    def _put_cursor(self, row: int, place: int) -> None:
        """Put the cursor on a row, else where nothing of it is shown on a place."""
        found = self._place_of(row, self.shown, place) if row >= 0 else -1
        self.at = found if found >= 0 else max(0, min(len(self.shown) - 1, place))

    def _place_of(self, row: int, among: Sequence[int], near: int) -> int:
        """The place of a row among some that are in the order of all, -1 where it is none of them; `near` is a guess at it."""
        if 0 <= near < len(among) and among[near] == row:
            return near
        if self.sort < 0 and not isinstance(among, range):
            at = bisect_left(among, -row, key=neg) if self.down else bisect_left(among, row)
            return at if at < len(among) and among[at] == row else -1
        try:
            return among.index(row)
        except ValueError:
            return -1


def _unsorted(count: int, *, down: bool) -> range:
    return range(count - 1, -1, -1) if down else range(count)
