"""The catalog's roles in their order, a profile's made when it is first looked at: of ten thousand, most commands want one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar, overload

from tui_app.catalog.ini_file import Section
from tui_app.model import Role

T = TypeVar("T")


class Later(Sequence[T], Generic[T]):
    """A tuple that is made when somebody looks into it."""

    def __init__(self, make: Callable[[], tuple[T, ...]]) -> None:
        self._make = make
        self._made: tuple[T, ...] | None = None

    @property
    def all(self) -> tuple[T, ...]:
        """The values."""
        if self._made is None:
            self._made = self._make()
        return self._made

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[T, ...]: ...
    def __getitem__(self, place: int | slice) -> T | tuple[T, ...]:
        return self.all[place]

    def __len__(self) -> int:
        return len(self.all)

    def __iter__(self) -> Iterator[T]:
        return iter(self.all)

    def __eq__(self, other: object) -> bool:
        return self.all == tuple(other) if isinstance(other, Sequence) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.all)

    def __repr__(self) -> str:
        return repr(self.all)


class Roles(Later[Role]):
    """`own`, then one of each section by `make`, then `others`. `keys[i]` is the key of role `i`, and making none of them."""

    def __init__(self, own: Sequence[Role], sections: Sequence[Section], make: Callable[[Section], Role], others: Sequence[Role]) -> None:
        super().__init__(self._everyone)
        self._found: list[Role | None] = [*own, *[None] * len(sections), *others]
        self._sections, self._first, self._of_section = sections, len(own), make
        self.keys = [*[role.key for role in own], *[section.name for section in sections], *[role.key for role in others]]

    def one(self, place: int) -> Role:
        """The role at that place."""
        role = self._found[place]
        if role is None:
            role = self._found[place] = self._of_section(self._sections[place - self._first])
        return role

    @overload
    def __getitem__(self, place: int) -> Role: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Role, ...]: ...
    def __getitem__(self, place: int | slice) -> Role | tuple[Role, ...]:
        return self.one(range(len(self._found))[place]) if isinstance(place, int) else self.all[place]

    def __len__(self) -> int:
        return len(self._found)

    def _everyone(self) -> tuple[Role, ...]:
        return tuple([self.one(place) if role is None else role for place, role in enumerate(self._found)])
