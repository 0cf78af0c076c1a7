"""A table of any length in plain lists: sorted, filtered, and a cursor that stays on its row. Knows neither AWS nor the screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tui_app.values import frozen

Plain = str | int | float | bool | None


class Key(NamedTuple):
    """What a row is known by: whose it is, by number, where it lies, its id, and which of several with the same id it is."""

    owner: int
    region: str
    id: str
    number: int = 0


@frozen
class Head:
    """The head of a column; `right` where figures stand below it. `word` is what a filter calls it."""

    title: str
    right: bool = False

    @property
    def word(self) -> str:
        """The title as one lower-case word."""
        return self.title.casefold().replace(" ", "")


class Chunk(NamedTuple):
    """Rows to add, all lists of one length: what they are known by, their cells, the same for sorting, and what a filter looks at."""

    keys: list[Key]
    cells: list[tuple[str, ...]]
    values: list[tuple[Plain, ...]]
    haystacks: list[str]


@frozen
class Term:
    """One word of a filter: its text, the column it is about (-1: any), and whether it keeps rows away."""

    text: str
    column: int = -1
    excludes: bool = False


class Grid:
    """The rows, in the order shown. `at` is the cursor's place among the `shown` rows, each of which is an index of `cells`."""

    def __init__(self, heads: Sequence[Head]) -> None:
        self.heads = tuple(heads)
        self.sort, self.down = -1, False
        self.query = ""
        self.at = 0
        self.terms: tuple[Term, ...] = ()
        self.start()

    def start(self) -> None:
        """Forget all rows."""
        self.keys: list[Key] = []
        self.cells: list[tuple[str, ...]] = []
        self.values: list[tuple[Plain, ...]] = []
        self.haystacks: list[str] = []
        self.widths = [len(head.title) for head in self.heads]
        self.order: Sequence[int] = range(0)
        self.shown: Sequence[int] = range(0)

    def add(self, chunk: Chunk) -> None:
        """More rows; the cursor stays on its row."""
        cursor = self.cursor
        self.keys += chunk.keys
        self.cells += chunk.cells
        self.values += chunk.values
        self.haystacks += chunk.haystacks
        if chunk.cells:
            columns = zip(*chunk.cells, strict=True)
            self.widths = [max(known, *map(len, column)) for known, column in zip(self.widths, columns, strict=True)]
        self._arrange(cursor)

    def replace(self, heads: Sequence[Head], chunks: Iterable[Chunk]) -> None:
        """Other rows, perhaps under other heads; the cursor stays on its row where that is still there, else in its place."""
        cursor, place = self.cursor, self.at
        sorted_by = self.heads[self.sort].title if self.sort >= 0 else None
        self.heads = tuple(heads)
        self.sort = next((number for number, head in enumerate(self.heads) if head.title == sorted_by), -1)
        self.terms = terms_of(self.query, self.heads)
        self.start()
        for chunk in chunks:
            self.add(chunk)
        self._put_cursor(cursor, place)

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
        self.at = max(0, min(len(self.shown) - 1, self.at + rows))

    def set_query(self, query: str) -> None:
        """Filter; letters that narrow a filter look only at what it left."""
        cursor, terms = self.cursor, terms_of(query, self.heads)
        among = self.shown if _narrows(self.terms, terms) else self.order
        self.query, self.terms = query, terms
        self.shown = self._matching(among)
        self._put_cursor(cursor, 0)

    def sort_by(self, column: int, *, down: bool = False) -> None:
        """Sort by a column; -1 is AWS's own order."""
        cursor = self.cursor
        self.sort, self.down = column, down
        self._arrange(cursor)

    def step_sort(self, step: int, among: Sequence[int]) -> None:
        """Sort by the next of the columns that are shown; after the last one comes AWS's own order."""
        places = [-1, *among]
        at = places.index(self.sort) if self.sort in places else 0
        self.sort_by(places[(at + step) % len(places)])

    def _arrange(self, cursor: Key | None) -> None:
        self.order = range(len(self.cells))
        if self.sort >= 0:
            self.order = _sorted([values[self.sort] for values in self.values], down=self.down)
        elif self.down:
            self.order = range(len(self.cells) - 1, -1, -1)
        self.shown = self._matching(self.order)
        self._put_cursor(cursor, self.at)

    def _matching(self, rows: Sequence[int]) -> Sequence[int]:
        haystacks, cells = self.haystacks, self.cells
        for term in self.terms:
            text, column = term.text, term.column
            if column >= 0:
                rows = [row for row in rows if (text in cells[row][column].casefold()) is not term.excludes]
            elif term.excludes:
                rows = [row for row in rows if text not in haystacks[row]]
            else:
                rows = [row for row in rows if text in haystacks[row]]
        return rows

    def _put_cursor(self, cursor: Key | None, place: int) -> None:
        self.at = max(0, min(len(self.shown) - 1, place))
        if cursor is None or (self.shown and self.keys[self.shown[self.at]] == cursor):
            return
        try:
            self.at = self.shown.index(self.keys.index(cursor))
        except ValueError:
            return


def terms_of(query: str, heads: Sequence[Head]) -> tuple[Term, ...]:
    """The words of a filter: `name`, `column:value`, `!word`. What names no column is looked for as it stands, as ARNs have colons."""
    terms = []
    for word in query.casefold().split():
        excludes = word.startswith("!") and len(word) > 1
        text = word[1:] if excludes else word
        name, colon, value = text.partition(":")
        column = column_called(name, heads) if colon and name else -1
        if column >= 0 and value:
            terms.append(Term(value, column, excludes))
        elif column < 0:
            terms.append(Term(text, -1, excludes))
    return tuple(terms)


def column_called(word: str, heads: Sequence[Head]) -> int:
    """The column that a filter's word means: its whole title, else the first that begins so; -1 for none."""
    words = [head.word for head in heads]
    if word in words:
        return words.index(word)
    return next((number for number, title in enumerate(words) if title.startswith(word)), -1)


def _narrows(before: Sequence[Term], now: Sequence[Term]) -> bool:
    """Whether everything that `now` lets through was let through `before`."""
    if len(now) < len(before):
        return False
    return all(
        old == new or (not old.excludes and not new.excludes and old.column == new.column and old.text in new.text)
        for old, new in zip(before, now, strict=False)
    )


def _sorted(values: Sequence[Plain], *, down: bool) -> list[int]:
    """The rows in the order of their values: figures before words, and what is not there last, whichever way round."""
    figures: list[int] = []
    words: list[int] = []
    nothing: list[int] = []
    for row, value in enumerate(values):
        (nothing if value is None or value == "" else figures if isinstance(value, (int, float)) else words).append(row)
    folded = [value.casefold() if isinstance(value, str) else "" for value in values] if words else []
    figures.sort(key=values.__getitem__, reverse=down)  # type: ignore[arg-type]  # only figures are among them
    words.sort(key=folded.__getitem__, reverse=down)
    return [*words, *figures, *nothing] if down else [*figures, *words, *nothing]
