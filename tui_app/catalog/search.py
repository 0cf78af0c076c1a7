"""Finding roles as one types: words in any order, `env:prod role:admin tag:team=payments -via:hub`, exact names first.

A query is a few passes of `in` over lists of folded texts, about 1 ms for each word and 10,000 roles; a query that only adds letters to the
one before looks at nothing but that one's answer.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence

from tui_app.catalog.haystacks import Haystacks, haystacks_of, haystacks_of_names
from tui_app.catalog.query import KINDS, MOVING, Part, parse_query
from tui_app.values import frozen

__all__ = ["Search", "Standing", "filter_roles", "haystacks_of", "haystacks_of_names"]

States = Callable[[int], str] | Sequence[str] | None
_EXACT, _START, _WORD, _INSIDE, _ELSEWHERE, _LETTERS = 0, 1, 2, 3, 4, 5
"""How well a word fits: a whole name, the beginning of one, of a word in one, inside one, in another text, its letters in order."""
_STEP = 64
_FIRST = 4096
_SHORTEST_LETTERS = 3
_RANKED = 2000
"""How many rows found by letters are put into an order."""
_LIVE = ("live", "expiring")


@frozen
class Standing:
    """What goes first among equals, as row numbers: favourites in their order, then what was used lately and often."""

    favourites: Sequence[int] = ()
    recents: Sequence[int] = ()

    @property
    def order(self) -> Sequence[int]:
        """All of them, each once."""
        return tuple(dict.fromkeys((*self.favourites, *self.recents)))


NO_STANDING = Standing()


def filter_roles(haystacks: Haystacks, query: str, states: States = None, standing: Standing = NO_STANDING) -> list[int]:
    """The numbers of the rows that match, best first; all of them, in order, for an empty query.

    Every part must be somewhere in the row. A row whose whole name is the query comes first; then each word counts: a whole name, the
    beginning of a name, of a word in it, inside it, in another text. Where no row has the words, rows that have the letters of a word in
    order match instead, the closest first. Among equals `standing` decides, then the order of the rows.
    `states` has each row's state, for `state:`; without it every row is `never`.
    """
    return Search(haystacks)(query, states, standing)


Spans = dict[str, dict[int, int]]
"""Rows that have only the letters of a word, by the word: how well they fit, worse than any word and the worse the farther apart."""


class Search:
    """Queries over the same rows, one after the other as a person types. Not for several threads at once."""

    def __init__(self, haystacks: Haystacks) -> None:
        self.haystacks = haystacks
        self._all = range(len(haystacks))
        self._parts: tuple[Part, ...] = ()
        self._hits: Sequence[int] = self._all
        self._ranked: dict[str, tuple[Sequence[int], list[int]]] = {}
        """The words of the last query, each with the rows that it was held against and how well it fits them."""
        self._literal = True
        """Whether the last answer holds the words themselves, not only their letters."""

    def __call__(self, query: str, states: States = None, standing: Standing = NO_STANDING) -> list[int]:
        """As `filter_roles`."""
        parts = parse_query(query)
        if not parts:
            return list(self._all)
        words = [part.value for part in parts if not part.field and not part.excluded]
        spans: Spans = {}
        hits = self._found(parts, spans, states, standing)
        if not any(part.field in MOVING for part in parts):
            self._parts, self._hits, self._literal = parts, hits, not spans
        if not words:
            return _favoured(hits, [0] * len(hits), standing)
        whole = self.haystacks.exact.get(" ".join(words), ())
        return _favoured(hits, _with_whole(hits, self._scores(hits, words, spans), whole), standing)

    def without_each(self, query: str, states: States = None, standing: Standing = NO_STANDING) -> list[tuple[str, int]]:
        """For a query that finds nothing: how many rows there are without each of its parts, the most first; parts of no help left out."""
        parts = parse_query(query)
        counts = []
        for left_out in parts if len(parts) > 1 else ():
            rest = [part for part in parts if part is not left_out]
            counts.append((left_out.written, len(self._literally(rest, self._all, states, standing))))
        return sorted((item for item in counts if item[1]), key=lambda item: -item[1])

    def _found(self, parts: Sequence[Part], spans: Spans, states: States, standing: Standing) -> Sequence[int]:
        narrows = _narrows(self._parts, parts, literal=self._literal)
        if self._literal or not narrows:
            asked = self._not_asked_before(parts) if narrows else parts
            hits = self._literally(asked, self._hits if narrows else self._all, states, standing)
            if hits or all(part.field or part.excluded for part in parts):
                return hits
        return self._by_letters(parts, self._hits if narrows and not self._literal else self._all, spans, states, standing)

    def _not_asked_before(self, parts: Sequence[Part]) -> list[Part]:
        """Those that the last answer does not hold already."""
        before = len(self._parts)
        return [part for number, part in enumerate(parts) if number >= before or part.value != self._parts[number].value]

    def _literally(self, parts: Iterable[Part], hits: Sequence[int], states: States, standing: Standing) -> Sequence[int]:
        for part in parts:
            hits = self._with(part, hits, states, standing)
        return hits

    def _by_letters(self, parts: Iterable[Part], hits: Sequence[int], spans: Spans, states: States, standing: Standing) -> Sequence[int]:
        for part in parts:
            if part.field or part.excluded or not _has_letters(part.value):
                hits = self._with(part, hits, states, standing)
            else:
                hits = self._with_letters(part.value, hits, spans)
        return hits

    def _with_letters(self, word: str, hits: Sequence[int], spans: Spans) -> Sequence[int]:
        texts, keys, search = self.haystacks.texts, self.haystacks.column("letters"), _letters(word).search
        hits = [number for number in hits if search(keys[number]) or word in texts[number]]
        spans[word] = apart = {}
        # the order of thousands that have some letters in common is of use to nobody
        for number in hits if len(hits) <= _RANKED else ():
            if word not in texts[number] and (found := search(keys[number])):
                start, end = found.span()
                apart[number] = _LETTERS * _STEP + min(_STEP, end - start - len(word))
        return hits

    def _with(self, part: Part, hits: Sequence[int], states: States, standing: Standing) -> Sequence[int]:
        found = self._having(part, hits, states, standing)
        if not part.excluded:
            return found
        gone = set(found)
        return [number for number in hits if number not in gone]

    def _having(self, part: Part, hits: Sequence[int], states: States, standing: Standing) -> Sequence[int]:
        field, value = part.field, part.value
        if not field:
            if value.startswith("arn:"):
                return self._of_arn(value, hits)
            texts = self.haystacks.texts
            return [number for number in hits if value in texts[number]]
        if field in MOVING:
            return _moving(field, value, hits, states, standing)
        column = self.haystacks.column(field)
        if field == "environment":
            return [number for number in hits if column[number].startswith(value)]
        if field == "region" or (field == "tag" and "=" in value):
            value = f"\n{value}"
        return [number for number in hits if value in column[number]]

    def _of_arn(self, value: str, hits: Sequence[int]) -> list[int]:
        """The rows whose ARN begins so; a session's ARN means its role."""
        if ":assumed-role/" in value:
            account, _, rest = value.partition(":assumed-role/")
            number, short = account.rpartition(":")[2], rest.partition("/")[0]
            ids, roles = self.haystacks.column("id"), self.haystacks.column("role")
            return [row for row in hits if ids[row] == number and roles[row].rpartition("/")[2] == short]
        column = self.haystacks.column("arn")
        return [number for number in hits if column[number].startswith(value)]

    def _scores(self, hits: Sequence[int], words: Sequence[str], spans: Spans) -> list[int]:
        scores, before, self._ranked = [0] * len(hits), self._ranked, {}
        for word in words if not spans or len(hits) <= _RANKED else ():
            apart, known = spans.get(word, {}), before.get(word)
            if known is not None and known[0] == hits:
                fits = known[1]
            else:
                fits = self._fits(hits, word) if len(apart) < len(hits) else [0] * len(hits)
            self._ranked[word] = hits, fits
            if apart:
                fits = [apart.get(number, fit) for number, fit in zip(hits, fits, strict=True)]
            scores = [score + fit for score, fit in zip(scores, fits, strict=True)]
        return scores

    def _fits(self, hits: Sequence[int], word: str) -> list[int]:
        heads, words, fits = self.haystacks.heads, self.haystacks.words, list[int]()
        exact, start, begin = f"\n{word}\n", f"\n{word}", f" {word}"
        for number in hits:
            head = heads[number]
            if start in head:
                fits.append((_EXACT if exact in head else _START) * _STEP)
            elif begin in words[number]:
                fits.append(_WORD * _STEP)
            else:
                fits.append((_INSIDE if word in head else _ELSEWHERE) * _STEP)
        return fits


def _narrows(before: Sequence[Part], parts: Sequence[Part], *, literal: bool) -> bool:
    """Whether every row that has `parts` has had what came before: more letters, or more parts behind them."""
    pairs = zip(before, parts, strict=False)
    return len(parts) >= len(before) and all(_continues(old, new, literal=literal) for old, new in pairs)


def _continues(old: Part, new: Part, *, literal: bool) -> bool:
    if (old.field, old.excluded) != (new.field, new.excluded):
        return False
    if old.value == new.value:
        return True
    if old.excluded or old.value.startswith("arn:") or new.value.startswith("arn:"):
        return False
    return new.value.startswith(old.value) and (literal or bool(old.field) or _has_letters(old.value))


def _moving(field: str, value: str, hits: Sequence[int], states: States, standing: Standing) -> Sequence[int]:
    kind = KINDS.get(value) if field == "is" else None
    if field == "is" and kind != "live":
        among = set(standing.favourites if kind == "favourite" else standing.recents if kind == "recent" else ())
        return [number for number in hits if number in among]
    if states is None:
        return hits if field == "state" and "never".startswith(value) else []
    state_of = states if callable(states) else states.__getitem__
    if field == "is":
        return [number for number in hits if state_of(number) in _LIVE]
    return [number for number in hits if state_of(number).startswith(value)]


def _with_whole(hits: Sequence[int], scores: list[int], whole: Iterable[int]) -> list[int]:
    """The scores, rows whose whole name was typed before all others."""
    for number in whole:
        at = bisect_left(hits, number)
        if at < len(hits) and hits[at] == number:
            scores[at] = -1
    return scores


def _favoured(hits: Sequence[int], scores: list[int], standing: Standing) -> list[int]:
    """The hits by their scores; among equals what stands first, then as they come. `hits` are in the order of the rows."""
    order = standing.order[: _FIRST - 1]
    if not order and (not scores or min(scores) == max(scores)):
        return list(hits)
    scores = [score * _FIRST for score in scores]
    for place, number in enumerate(order):
        at = bisect_left(hits, number)
        if at < len(hits) and hits[at] == number:
            scores[at] -= _FIRST - 1 - place
    return [hits[at] for at in sorted(range(len(hits)), key=scores.__getitem__)]


def _has_letters(word: str) -> bool:
    """Whether its letters may be looked for one by one: not one or two, not a number, not an ARN."""
    return len(word) >= _SHORTEST_LETTERS and not word.isdigit() and not word.startswith("arn:")


def _letters(word: str) -> re.Pattern[str]:
    """The letters of `word` in order within one name, each as early as it comes."""
    return re.compile(re.escape(word[0]) + "".join(f"[^{re.escape(letter)}\n]*{re.escape(letter)}" for letter in word[1:]))
