"""Rows that are made when somebody looks at them: a first sight counts thousands, of which the screen shows a few."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar, overload

from tui_app.explorer.piles import Pile

T = TypeVar("T")


class Late(Sequence[T]):
    """So many items, made all at once when the first of them is looked at, on whichever thread; it equals a tuple of the same."""

    __slots__ = ("_count", "_items", "_make")

    def __init__(self, count: int, make: Callable[[], tuple[T, ...]]) -> None:
        self._count = count
        self._items: tuple[T, ...] | None = None
        self._make: Callable[[], tuple[T, ...]] | None = make

    @property
    def is_made(self) -> bool:
        """Whether somebody has looked."""
        return self._items is not None

    def _all(self) -> tuple[T, ...]:
        make = self._make
        if self._items is None and make is not None:
            # two threads may both make them, and make the same
            self._items = make()
            self._make = None
        return self._items or ()

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[T, ...]: ...
    def __getitem__(self, at: int | slice) -> T | tuple[T, ...]:
        return self._all()[at]

    def __iter__(self) -> Iterator[T]:
        return iter(self._all())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (Late, Pile, tuple)):
            return NotImplemented
        return self is other or (len(self) == len(other) and self._all() == tuple(other))

    def __hash__(self) -> int:
        return hash(self._all())

    def __repr__(self) -> str:
        return repr(self._all())
