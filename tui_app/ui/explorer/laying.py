"""From answers to the rows of a table: what each is known by, its cells, what a filter looks at, what differs between roles."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from tui_app.text import clean
from tui_app.ui.explorer.filtering import SEPARATOR, folded
from tui_app.ui.explorer.grid import Chunk, Key

if TYPE_CHECKING:
    from tui_app.explorer.results import ViewResult

Place = tuple[int, str]
"""Who was asked, by number, and the region."""
Shown = Sequence[tuple[Place, "ViewResult"]]
Comparable = Mapping[str, Mapping[int, bool]]
"""By region: the roles that were shown it, and whether that was all of it."""
ONLY, DIFFERS, SO_FAR = "only here", "differs", " so far"
DIFFERENCE_AT = 2
"""The column of the difference; before it are the row's name and whose it is."""
STEP = 2_000
"""Rows that are laid out in one step: a few milliseconds."""
NOTHING = Chunk([], [], [], [])
Cell = TypeVar("Cell")


class Laying:
    """Rows in the order they were laid out. `results` are those that they are of, `laid` how many rows of each are in the table.

    `only`: none that all were shown alike.
    """

    def __init__(self, labels: Sequence[str], tags: Sequence[str], *, with_region: bool) -> None:
        self.labels, self.tags, self.with_region = labels, tags, with_region
        self.results: dict[Place, ViewResult] = {}
        self.laid: dict[Place, int] = {}
        self.differences = Differences({})
        self.only = False
        self._starts: list[int] = []
        self._runs: list[tuple[Place, int]] = []
        self._count = 0
        self._names: dict[Place, dict[str, int]] = {}

    def chunks(self, shown: Shown) -> Iterator[Chunk]:
        """All rows of some results, in steps."""
        for place, result in shown:
            yield from self.further(place, result)

    def further(self, place: Place, result: ViewResult) -> Iterator[Chunk]:
        """The rows of a result that are not in the table yet, in steps."""
        for at, chunk in self._pieces(place, result):
            self._put_down(place, at, len(chunk.keys))
            yield chunk

    def compared(self, shown: Shown, *, only: bool) -> Iterator[Chunk]:
        """All rows with what differs between roles, in steps, the first of which bring none; `only`: none that all were shown alike."""
        self.only = only
        pieces: list[tuple[Place, int, Chunk]] = []
        cells: list[tuple[str, ...]] = []
        for place, result in shown:
            for at, chunk in self._pieces(place, result):
                self.differences.enter(chunk.keys)
                cells += chunk.cells
                pieces.append((place, at, chunk))
                yield NOTHING
        for place, at, chunk in pieces:
            words = [self.differences.word(key, cells) for key in chunk.keys]
            kept = [number for number, word in enumerate(words) if word or not only]
            for number in kept if only else ():
                self._put_down(place, at + number, 1)
            if not only:
                self._put_down(place, at, len(words))
            yield Chunk(
                [chunk.keys[number] for number in kept],
                [with_word(chunk.cells[number], words[number]) for number in kept],
                [with_word(chunk.values[number], words[number]) for number in kept],
                [f"{chunk.haystacks[number]}{SEPARATOR}{words[number]}" for number in kept],
            )

    def where(self, row: int) -> tuple[Place, int]:
        """The place of a row's result, and its index there."""
        run = bisect_right(self._starts, row) - 1
        place, start = self._runs[run]
        return place, start + row - self._starts[run]

    def held_besides(self, other: Laying) -> list[Sequence[Any]]:
        """The rows of the answers that are not in another laying, all that is of them."""
        gone = [result for place, result in self.results.items() if other.results.get(place) is not result]
        return [rows for one in gone for rows in (one.rows, one.values, one.ids, one.arns, one.tags, one.raw)]

    def _pieces(self, place: Place, result: ViewResult) -> Iterator[tuple[int, Chunk]]:
        self.results[place] = result
        start = self.laid.get(place, 0)
        for at in range(start, len(result.rows), STEP):
            self.laid[place] = min(at + STEP, len(result.rows))
            yield at, self._chunk(place, result, at, self.laid[place])

    def _put_down(self, place: Place, start: int, count: int) -> None:
        """So many rows of a result are the next of the table."""
        self._starts.append(self._count)
        self._runs.append((place, start))
        self._count += count

    def _chunk(self, place: Place, result: ViewResult, start: int, end: int) -> Chunk:
        number, region = place
        cells, values = list(result.rows[start:end]), list(result.values[start:end])
        extra = ((self.labels[number], "") if self.labels else ()) + ((region,) if self.with_region else ())
        if extra:
            cells = [(*row[:1], *extra, *row[1:]) for row in cells]
            values = [(*row[:1], *extra, *row[1:]) for row in values]
        tags = result.tags[start:end] if result.tags else ()
        if self.tags:
            tagged = [tuple(clean(tags[at].get(tag, "")) if tags else "" for tag in self.tags) for at in range(end - start)]
            cells = [(*row, *more) for row, more in zip(cells, tagged, strict=True)]
            values = [(*row, *more) for row, more in zip(values, tagged, strict=True)]
        return Chunk(self._keys(place, result.ids[start:end], start), cells, values, _haystacks(cells, tags))

    def _keys(self, place: Place, ids: Sequence[str], start: int) -> list[Key]:
        """What the rows are known by; of several with the same id each has its number, over all pages."""
        owner, region = place
        names, keys = self._names.setdefault(place, {}), []
        for index, id_ in enumerate(ids, start):
            name = id_ or str(index)
            number = names[name] = names.get(name, -1) + 1
            keys.append(Key(owner, region, name, number))
        return keys


def _haystacks(cells: Sequence[tuple[str, ...]], tags: Sequence[Mapping[str, str]]) -> list[str]:
    """All of a row's cells and tags, as they are compared."""
    texts = list(map(SEPARATOR.join, cells))
    if any(tags):
        pairs = (SEPARATOR.join(("", *[f"{key}={clean(value)}" for key, value in some.items()])) for some in tags)
        texts = [text + more for text, more in zip(texts, pairs, strict=True)]
    return folded(texts)


Same = tuple[str, str, int]
"""What is one thing for all who were shown it: region, id, and which of several with the same id."""


class Differences:
    """Which rows of several roles are one thing, and what each row's column says of it."""

    def __init__(self, comparable: Comparable) -> None:
        self.comparable = comparable
        self._rows: dict[Same, list[int]] = {}
        self._count = 0

    def enter(self, keys: Sequence[Key]) -> set[Same]:
        """The next rows of the table; the things that they are."""
        entered: set[Same] = set()
        for row, key in enumerate(keys, self._count):
            same = (key.region, key.id, key.number)
            self._rows.setdefault(same, []).append(row)
            entered.add(same)
        self._count += len(keys)
        return entered

    def rows(self, same: Same) -> Sequence[int]:
        """The rows that are one thing."""
        return self._rows[same]

    def word(self, key: Key, cells: Sequence[tuple[str, ...]]) -> str:
        """What is said of a row; `cells` are those of all rows of the table."""
        rows = self._rows[key.region, key.id, key.number]
        shown = self.comparable.get(key.region, {})
        if len(shown) < 2:  # noqa: PLR2004 - two to compare
            return ""
        if len(rows) == 1:
            return ONLY if all(whole for number, whole in shown.items() if number != key.owner) else ONLY + SO_FAR
        seen = {(*cells[row][:1], *cells[row][DIFFERENCE_AT + 1 :]) for row in rows}
        if len(seen) > 1:
            return DIFFERS
        if len(rows) == len(shown):
            return ""
        return f"{len(rows)} of {len(shown)}{'' if all(shown.values()) else SO_FAR}"


def with_word(row: tuple[Cell, ...], word: Cell) -> tuple[Cell, ...]:
    """A row whose column of the difference says `word`."""
    return (*row[:DIFFERENCE_AT], word, *row[DIFFERENCE_AT + 1 :])
