"""A table of any length in plain lists: sorted, filtered, and a cursor that stays on its row. Knows neither AWS nor the screen."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from rich.cells import cell_len

from tui_app.ui.explorer.filtering import Finding, Haystacks, Head, Term, Terms, column_called, narrows, terms_of
from tui_app.ui.explorer.ordering import STEP, Ordering, Plain, rows_of

__all__ = ["AT_ONCE", "Chunk", "Grid", "Head", "Key", "Plain", "Term", "column_called", "terms_of"]

AT_ONCE = 2 * STEP
"""Rows up to which a table is sorted or laid out in one go; what takes longer is done in steps, so that no key waits for it."""
SCREENFUL = 200
"""Rows below the cursor that no screen shows all of: when so many are found, a filter's answer is drawn, and the rest is found later."""


Replacing = Generator[None, None, list[Sequence[Any]]]
"""Steps that put other rows in the place of those there are, and give these back to be let go."""


class Key(NamedTuple):
    """What a row is known by: whose it is, by number, where it lies, its id, and which of several with the same id it is."""

    owner: int
    region: str
    id: str
    number: int = 0


class Chunk(NamedTuple):
    """Rows to add, all lists of one length: what they are known by, their cells, the same for sorting, and what a filter looks at."""

    keys: list[Key]
    cells: list[tuple[str, ...]]
    values: list[tuple[Plain, ...]]
    haystacks: list[str]


class Grid:
    """The rows, in the order shown. `at` is the cursor's place among the `shown` rows, each of which is an index of `cells`.

    `wanted` is the column to sort by and which way; it differs from `sort` and `down` while a long table is being sorted. While there is
    a `finding`, the `shown` rows are the first of those that the filter lets through, and `find_more` finds others.
    """

    def __init__(self, heads: Sequence[Head]) -> None:
        self.heads = tuple(heads)
        self.sort, self.down = -1, False
        self.wanted = (-1, False)
        self.query = ""
        self.at = 0
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
        self._wider: list[tuple[Terms, Sequence[int]]] = []
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
        self.widths = [max(known, _widest(column)) for known, column in zip(self.widths, columns, strict=True)]
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
        row = self.row
        for number, word in words.items():
            cells, values, text = self.cells[number], self.values[number], self.haystacks[number]
            self.cells[number] = (*cells[:column], word, *cells[column + 1 :])
            self.values[number] = (*values[:column], word, *values[column + 1 :])
            self.haystacks[number] = text[: len(text) - len(cells[column].casefold())] + word.casefold()
        self.widths[column] = max(self.widths[column], _widest(list(words.values())))
        self._wider.clear()
        if self.terms:
            self._some, self.finding = None, None
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
        self.__dict__.update({**fresh.__dict__, "at": max(0, min(len(fresh.shown) - 1, place))})
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
        """Move the cursor."""
        while self.at + rows >= len(self.shown) and self.find_more():
            pass
        self.at = max(0, min(len(self.shown) - 1, self.at + rows))

    def set_query(self, query: str) -> None:
        """Filter, and find all rows at once."""
        self.look_for(query)
        self.find_all()

    def look_for(self, query: str) -> None:
        """Filter; of a long table only the first rows are found at once, see `find_more`.

        Letters that narrow a filter look only at what it left, and taking them back looks at nothing again.
        """
        row, terms = self.row, terms_of(query, self.heads)
        if self.finding is None:
            self._wider.append((self.terms, self.shown))
        while self._wider and not narrows(self._wider[-1][0], terms):
            self._wider.pop()
        known, among = self._wider[-1] if self._wider else ((), self.order)
        if known == terms and self._wider:
            self._wider.pop()
        self.query, self.terms, self._some = query, terms, None
        self._show(among, [term for term in terms if term not in known], row, 0)

    def _show(self, among: Sequence[int], terms: Sequence[Term], row: int, place: int) -> None:
        """Show those of some rows that the terms let through, the cursor on its row, else on a place."""
        self.finding = Finding(self._looked_in, terms, among) if terms else None
        self.shown = among
        if self.finding is not None:
            self.shown = self.finding.found
            at = among.index(row) if row >= 0 and self._looked_in.matching(self.terms, (row,)) else -1
            self._find_first(self.finding, at)
        self._put_cursor(row, place)

    def _find_first(self, finding: Finding, at: int) -> None:
        """Look through the rows up to the cursor's, and then for what fills the screen below it, as far as that takes but a moment."""
        # in one piece, as nothing can be drawn before the cursor's place is known
        if at >= 0:
            finding.go_on(at + 1)
        enough, until = len(finding.found) + SCREENFUL, finding.looked_through + AT_ONCE
        while not finding.ended and len(finding.found) < enough and finding.looked_through < until:
            finding.go_on()
        if finding.ended:
            self.finding = None

    def find_more(self) -> bool:
        """Look through some more rows for those that the filter lets through; whether any are left."""
        if self.finding is not None:
            self.finding.go_on()
            if self.finding.ended:
                self.finding = None
        return self.finding is not None

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
        self.at = max(0, min(len(self.shown) - 1, place))
        if row < 0 or self.row == row:
            return
        if self.sort < 0 and not self.down and not isinstance(self.shown, range):
            at = bisect_left(self.shown, row)
            self.at = at if at < len(self.shown) and self.shown[at] == row else self.at
            return
        try:
            self.at = self.shown.index(row)
        except ValueError:
            return


def _unsorted(count: int, *, down: bool) -> range:
    return range(count - 1, -1, -1) if down else range(count)


def _widest(column: Sequence[str]) -> int:
    """How many columns of the terminal the widest cell takes; most text is ASCII, where that is its length."""
    return max(map(len, column)) if "".join(column).isascii() else max(map(cell_len, column))
