"""What differs between two answers of one view: the rows that changed, are new, or are gone. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tui_app.explorer.results import ViewResult, check_same
from tui_app.text import clean
from tui_app.values import frozen

_Name = tuple[object, ...]


@frozen
class Changes:
    """What a later answer says otherwise than the one before.

    `changed` has, for the index of each row of the later answer that changed, the numbers of its cells that did: the view's columns, and
    after them the tags that were asked about. `added` are the indexes of new rows, `gone` the names of rows that are no more. `pairs` has
    for each row of the later answer the index of the same row in the earlier one, -1 where there is none.
    """

    changed: Mapping[int, frozenset[int]]
    added: frozenset[int]
    gone: tuple[str, ...]
    pairs: Sequence[int]

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.changed or self.added or self.gone)

    def carried(self, earlier: Changes) -> Changes:
        """The marks of an earlier comparison on the rows of the later answer, wherever they stand now."""
        changed = {index: earlier.changed[was] for index, was in enumerate(self.pairs) if was in earlier.changed}
        added = frozenset(index for index, was in enumerate(self.pairs) if was in earlier.added)
        return Changes(changed, added, earlier.gone, self.pairs)


def compare(before: ViewResult, now: ViewResult, tags: Sequence[str] = ()) -> Changes:
    """What differs. Rows are the same where their ids are; among several with one id, first those that are alike, then in their order.

    A row without an id is known by its cells. A cell has changed where both what it shows and what lies behind it are others, so that an
    age which grows by itself is no change. Where either answer goes on, rows beyond the last that both have are neither new nor gone:
    they may only have slipped over the end of the page. An answer that brought no rows of its own changes nothing.

    Raises:
        WrongIdentity: they were answered to two identities, or by two views or regions.
    """
    check_same(before, now)
    if now.state != "ok" or (before.state != "ok" and not before.rows):
        return Changes({}, frozenset(), (), range(now.count) if now.rows == before.rows else [-1] * now.count)
    pairs = paired(before, now)
    kept = [index for index, was in enumerate(pairs) if was >= 0]
    last_now = kept[-1] if before.more and kept else now.count
    last_before = max(pairs, default=-1) if now.more else before.count
    there = set(pairs)
    return Changes(
        dict(_changed(before, now, pairs, tags)),
        frozenset(index for index, was in enumerate(pairs) if was < 0 and index < last_now),
        tuple(_called(before, index) for index in range(before.count) if index not in there and index < last_before),
        pairs,
    )


def counted(all_changes: Sequence[Changes]) -> str:
    """How many rows differ, in words: `3 changed, 1 new, 1 gone`; empty where none does."""
    figures = (
        (sum(len(changes.changed) for changes in all_changes), "changed"),
        (sum(len(changes.added) for changes in all_changes), "new"),
        (sum(len(changes.gone) for changes in all_changes), "gone"),
    )
    return ", ".join(f"{count:,} {word}" for count, word in figures if count)


def same_row(before: ViewResult, index: int, now: ViewResult) -> int | None:
    """Where a row of the earlier answer stands in the later one; None where it is no more."""
    pairs = paired(before, now)
    return next((at for at, was in enumerate(pairs) if was == index), None)


def paired(before: ViewResult, now: ViewResult) -> list[int]:
    """For each row of the later answer the index of the same row in the earlier one, -1 where there is none."""
    mine, theirs = _by_name(before), _by_name(now)
    pairs = [-1] * now.count
    for name, later in theirs.items():
        earlier = mine.get(name)
        if earlier is None:
            continue
        if len(later) == len(earlier) == 1:
            pairs[later[0]] = earlier[0]
        else:
            for index, was in _matched(before, now, earlier, later):
                pairs[index] = was
    return pairs


def _by_name(result: ViewResult) -> dict[_Name | str, list[int]]:
    found: dict[_Name | str, list[int]] = {}
    for index, name in enumerate(result.ids):
        found.setdefault(name or (result.rows[index], result.values[index]), []).append(index)
    return found


def _matched(before: ViewResult, now: ViewResult, earlier: list[int], later: list[int]) -> Iterator[tuple[int, int]]:
    """Of several rows with one id, those that are alike, then the others in their order."""
    alike: dict[_Name, list[int]] = {}
    for was in reversed(earlier):
        alike.setdefault(before.values[was], []).append(was)
    left, others = set(earlier), list[int]()
    for index in later:
        found = alike.get(now.values[index])
        if found:
            was = found.pop()
            left.discard(was)
            yield index, was
        else:
            others.append(index)
    yield from zip(others, sorted(left), strict=False)


def _changed(before: ViewResult, now: ViewResult, pairs: Sequence[int], tags: Sequence[str]) -> Iterator[tuple[int, frozenset[int]]]:
    known = {title: number for number, title in enumerate(before.columns)}
    columns = [(number, known[title]) for number, title in enumerate(now.columns) if title in known]
    as_before = before.columns == now.columns
    for index, was in enumerate(pairs):
        if was < 0:
            continue
        numbers = () if as_before and before.rows[was] == now.rows[index] else _cells(before, was, now, index, columns)
        others = _tags(before, was, now, index, tags) if tags else ()
        if numbers or others:
            yield index, frozenset((*numbers, *others))


def _cells(before: ViewResult, was: int, now: ViewResult, index: int, columns: Sequence[tuple[int, int]]) -> list[int]:
    old, new, old_values, new_values = before.rows[was], now.rows[index], before.values[was], now.values[index]
    return [number for number, known in columns if old[known] != new[number] and old_values[known] != new_values[number]]


def _tags(before: ViewResult, was: int, now: ViewResult, index: int, tags: Sequence[str]) -> list[int]:
    old, new = (result.tags[at] if result.tags else {} for result, at in ((before, was), (now, index)))
    first = len(now.columns)
    return [first + number for number, tag in enumerate(tags) if old.get(tag, "") != new.get(tag, "")]


def _called(result: ViewResult, index: int) -> str:
    """What a person calls a row."""
    return clean(result.ids[index] or next(filter(None, result.rows[index]), "a row without a name"))
