"""The words of a table's filter, and which rows they let through: each word is one pass in C over what a row is looked for in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import compress, repeat
from operator import contains, itemgetter, not_
from typing import TypeVar

from tui_app.explorer.labels import Named, told_apart
from tui_app.ui.explorer.ordering import rows_of
from tui_app.values import frozen

STEP = 1_000
"""Rows that are looked through in one step: a tenth of a millisecond."""
SEPARATOR = "\x1f"
"""Between the cells of a haystack; cleaned text has none."""
T = TypeVar("T")


@frozen
class Head:
    """The head of a column; `right` where figures stand below it, `told` where these are what the table is about.

    `word` is what a filter calls it. `owners` are the roles that stand below it, where that is whose the rows are.
    """

    title: str
    right: bool = False
    told: bool = False
    owners: tuple[Named, ...] = ()

    def drawn(self, text: str, size: int) -> str:
        """A cell as it is drawn in so many columns: no two roles read alike."""
        if not self.owners:
            return text
        wholes = (f"{name.account} {name.role}" for name in self.owners)
        return dict(zip(wholes, told_apart(self.owners, size), strict=True)).get(text, text)

    @property
    def word(self) -> str:
        """The title as one lower-case word."""
        return self.title.casefold().replace(" ", "")


@frozen
class Term:
    """One word of a filter: its text, the column it is about (-1: any), and whether it keeps rows away."""

    text: str
    column: int = -1
    excludes: bool = False


Terms = tuple[Term, ...]


def terms_of(query: str, heads: Sequence[Head]) -> Terms:
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


def narrows(before: Terms, now: Terms) -> bool:
    """Whether everything that `now` lets through was let through `before`."""
    if len(now) < len(before):
        return False
    return all(
        old == new or (not old.excludes and not new.excludes and old.column == new.column and old.text in new.text)
        for old, new in zip(before, now, strict=False)
    )


def folded(texts: Sequence[str]) -> list[str]:
    """Each text as it is compared; all of them folded as one, which takes a third of the time."""
    whole = "\x1e".join(texts).casefold().split("\x1e")
    return whole if len(whole) == len(texts) else [text.casefold() for text in texts]


class Haystacks:
    """What the rows are looked for in: all that a row says as one text, or one of its cells."""

    def __init__(self, texts: list[str], cells: list[tuple[str, ...]]) -> None:
        self._texts, self._cells = texts, cells

    def matching(self, terms: Iterable[Term], rows: Sequence[int]) -> Sequence[int]:
        """Those of the rows that all of the terms let through, in the same order."""
        found = rows
        # words first: a column has to be folded before it is looked at
        for term in sorted(terms, key=lambda term: term.column >= 0):
            texts = _at(found, self._texts) if term.column < 0 else folded(list(map(itemgetter(term.column), _at(found, self._cells))))
            holds: Iterable[bool] = map(contains, texts, repeat(term.text))
            found = rows_of(compress(found, map(not_, holds) if term.excludes else holds))
        return found


def _at(rows: Sequence[int], items: list[T]) -> Iterable[T]:
    """The items of some rows; rows that follow each other as one piece."""
    return items[rows.start : rows.stop] if isinstance(rows, range) and rows.step == 1 else map(items.__getitem__, rows)


class Finding:
    """Rows looked through outwards from a place, a step at a time.

    `found` are those that the terms let through, with none left out between them; `above` of them lie above that place.
    """

    def __init__(self, haystacks: Haystacks, terms: Iterable[Term], among: Sequence[int], place: int = 0) -> None:
        self.found = rows_of()
        self.above = 0
        self._haystacks, self._terms, self._among = haystacks, tuple(terms), among
        self._first = self._end = place

    def from_end(self, *, above: bool) -> Finding:
        """The same begun anew at the first row, else behind the last."""
        return Finding(self._haystacks, self._terms, self._among, 0 if above else len(self._among))

    def has_left(self, *, above: bool) -> bool:
        """Whether there are rows above, else below, those that are looked through."""
        return self._first > 0 if above else self._end < len(self._among)

    @property
    def ended(self) -> bool:
        """Whether `found` are all there are."""
        return not self.has_left(above=True) and not self.has_left(above=False)

    def begin(self, enough: int, most: int) -> None:
        """Look each way until enough rows are found there, or so many are looked through."""
        for above in (False, True):
            found, rows = len(self.found), 0
            while self.has_left(above=above) and len(self.found) - found < enough and rows < most:
                self.go_on(above=above)
                rows += STEP

    def go_on(self, *, above: bool) -> None:
        """Look through as many of the next rows above, else below, as one step has."""
        if above:
            end, self._first = self._first, max(0, self._first - STEP)
            found = rows_of(self._matching(self._first, end))
            self.found[:0] = found
            self.above += len(found)
        else:
            start, self._end = self._end, min(len(self._among), self._end + STEP)
            self.found.extend(self._matching(start, self._end))

    def _matching(self, start: int, end: int) -> Sequence[int]:
        return self._haystacks.matching(self._terms, self._among[start:end])
