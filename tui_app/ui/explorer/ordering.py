"""The order of a table's rows by one column: a page is merged into it, and a long table is sorted in steps that keep no key waiting."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

Plain = str | int | float | bool | None

STEP = 4_000
"""Rows that are sorted in one step: about three milliseconds."""
_FEW = 16
"""Where the rows there are are so many times those that come, each of these is looked up; else both are merged from end to end."""


def rows_of(rows: Iterable[int] = ()) -> array[int]:
    """Numbers of rows side by side: copied as one piece of memory, where a list would touch every one of a hundred thousand objects."""
    return array("I", rows)


class Ordering:
    """The rows by their values: figures before words, and what is not there last, whichever way round; equals in AWS's own order.

    The lists always go up, and are turned round when they are read; so that equals come out in AWS's order, they are kept the other way.
    """

    def __init__(self, *, down: bool, keys: list[Any] | None = None) -> None:
        self.down = down
        self._keys: list[Any] = [] if keys is None else keys
        self._figures = rows_of()
        self._words = rows_of()
        self._nothing = rows_of()

    @property
    def rows(self) -> array[int]:
        """All rows in their order."""
        if not self.down:
            return self._figures + self._words + self._nothing
        words, figures = self._words[:], self._figures[:]
        words.reverse()
        figures.reverse()
        return words + figures + self._nothing

    def __len__(self) -> int:
        """How many rows are known to it."""
        return len(self._keys)

    def add(self, values: Sequence[Plain]) -> None:
        """Merge further rows, known by their numbers from here on."""
        self._merge(*self._told_apart(values))

    def among(self, rows: Iterable[int]) -> Ordering:
        """The same order with these rows only."""
        made, wanted = Ordering(down=self.down, keys=self._keys), set(rows)
        made._figures, made._words, made._nothing = (
            rows_of(filter(wanted.__contains__, part)) for part in (self._figures, self._words, self._nothing)
        )
        return made

    def put(self, rows: Iterable[int]) -> None:
        """Merge rows that another ordering with the same values has numbered."""
        figures: list[int] = []
        words: list[int] = []
        nothing: list[int] = []
        for row in rows:
            key = self._keys[row]
            (nothing if key is None or key == "" else words if isinstance(key, str) else figures).append(row)
        self._merge(figures, words, nothing)

    def _merge(self, figures: list[int], words: list[int], nothing: list[int]) -> None:
        self._figures = self._with(self._figures, self._sorted(figures))
        self._words = self._with(self._words, self._sorted(words))
        self._nothing.extend(nothing)

    def adding(self, parts: Iterable[Sequence[Plain]]) -> Iterator[None]:
        """The same with many rows in steps, into an order that has none yet."""
        figures: list[array[int]] = []
        words: list[array[int]] = []
        for values in parts:
            some_figures, some_words, nothing = self._told_apart(values)
            for runs, rows in ((figures, some_figures), (words, some_words)):
                runs.append(self._sorted(rows))
                yield
                yield from self._put_together(runs, all_of_them=False)
            self._nothing.extend(nothing)
        for runs in (figures, words):
            yield from self._put_together(runs, all_of_them=True)
        self._figures, self._words = (runs[0] if runs else rows_of() for runs in (figures, words))

    def _put_together(self, runs: list[array[int]], *, all_of_them: bool) -> Iterator[None]:
        """Merge sorted runs, those of like length first, so that each row is merged only a few times."""
        while len(runs) > 1 and (all_of_them or len(runs[-2]) <= len(runs[-1])):
            made = rows_of()
            yield from self._merging(runs[-2], runs[-1], made)
            runs[-2:] = [made]

    def _told_apart(self, values: Sequence[Plain]) -> tuple[list[int], list[int], list[int]]:
        """Number the rows and keep what each is compared by: the rows with figures, with words, with nothing."""
        figures: list[int] = []
        words: list[int] = []
        nothing: list[int] = []
        keys = self._keys
        for row, value in enumerate(values, len(keys)):
            if isinstance(value, str) and value:
                words.append(row)
                keys.append(value.casefold())
            else:
                (nothing if value is None or value == "" else figures).append(row)
                keys.append(value)
        return figures, words, nothing

    def _sorted(self, rows: list[int]) -> array[int]:
        return rows_of(sorted(reversed(rows) if self.down else rows, key=self._keys.__getitem__))

    def _both(self, rows: array[int], added: array[int]) -> array[int]:
        """Two sorted runs as one; sorting recognises them, and compares each row once."""
        return rows_of(sorted(added + rows if self.down else rows + added, key=self._keys.__getitem__))

    def _merging(self, rows: array[int], added: array[int], made: array[int]) -> Iterator[None]:
        """Merge two long runs into `made` in steps: a piece of the one with what belongs before the end of it."""
        key, bisect, done = self._keys.__getitem__, bisect_right if self.down else bisect_left, 0
        for end in range(STEP, len(rows), STEP):
            until = bisect(added, key(rows[end - 1]), done, key=key)
            made += self._both(rows[end - STEP : end], added[done:until])
            done = until
            yield
        made += self._both(rows[max(0, len(rows) - 1) // STEP * STEP :], added[done:])
        yield

    def _with(self, rows: array[int], added: array[int]) -> array[int]:
        """The rows, and those of a page in their places."""
        if not rows or not added:
            return rows or added
        if len(added) * _FEW > len(rows):
            return self._both(rows, added)
        key, bisect, before = self._keys.__getitem__, bisect_left if self.down else bisect_right, 0
        made = rows_of()
        for row in added:
            at = bisect(rows, key(row), before, key=key)
            made += rows[before:at]
            made.append(row)
            before = at
        made += rows[before:]
        return made
