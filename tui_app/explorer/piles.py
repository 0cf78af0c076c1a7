"""Rows of many pages that share one list: a page more costs what the page costs, not what all pages before it cost."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar, overload

T = TypeVar("T")
_LOCK = threading.Lock()


class Pile(Sequence[T]):
    """The first so many items of a list that only ever grows: to whoever has it, it never changes, and equals a tuple of the same."""

    __slots__ = ("_count", "_items")

    def __init__(self, items: list[T], count: int) -> None:
        self._items, self._count = items, count

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[T, ...]: ...
    def __getitem__(self, at: int | slice) -> T | tuple[T, ...]:
        if isinstance(at, slice):
            start, stop, step = at.indices(self._count)
            if step == 1:
                return tuple(self._items[start:stop])
            return tuple(self._items[index] for index in range(start, stop, step))
        index = at + self._count if at < 0 else at
        if not 0 <= index < self._count:
            message = f"{at} of {self._count}"
            raise IndexError(message)
        return self._items[index]

    def __iter__(self) -> Iterator[T]:
        return islice(self._items, self._count)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (Pile, tuple)):
            return NotImplemented
        return len(self) == len(other) and all(mine == theirs for mine, theirs in zip(self, other, strict=True))

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))

    def with_more(self, more: Sequence[T]) -> Pile[T]:
        """These and more; where others have been put on the list already, on a list of its own."""
        with _LOCK:
            items = self._items if len(self._items) == self._count else self._items[: self._count]
            items.extend(more)
            return Pile(items, len(items))


def piled(before: Sequence[T], more: Sequence[T]) -> Sequence[T]:
    """The items of both."""
    if not more:
        return before
    pile: Pile[Any] = before if isinstance(before, Pile) else Pile(list(before), len(before))
    return pile.with_more(more)
