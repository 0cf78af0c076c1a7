"""Short names for roles that stand side by side, no two of which read alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from tui_app.text import cells, middle_cells
from tui_app.values import frozen


@frozen
class Named:
    """A role as people call it: its account and its name."""

    account: str
    role: str


@lru_cache(maxsize=64)
def told_apart(names: tuple[Named, ...], width: int, joint: str = " ") -> tuple[str, ...]:
    """A text for each of them, at most `width` columns wide; no two are alike.

    Whole, with `joint` between account and role, where that fits; else only what tells them apart, cut in its middle; numbered where
    nothing else is left.
    """
    whole = tuple(f"{name.account}{joint}{name.role}" for name in names)
    ways = [found for found in (whole, _accounts(names), _roles(names), _own_part(names, whole)) if _distinct(found)]
    for found in ways:
        if all(cells(text) <= width for text in found):
            return found
    for found in ways[1:] or ways:
        cut = tuple(middle_cells(text, width) for text in found)
        if _distinct(cut):
            return cut
    return tuple(_numbered(number, text, width) for number, text in enumerate(ways[-1] if ways else whole, 1))


def _accounts(names: Sequence[Named]) -> tuple[str, ...]:
    return tuple(name.account for name in names)


def _roles(names: Sequence[Named]) -> tuple[str, ...]:
    return tuple(name.role for name in names)


def _own_part(names: Sequence[Named], whole: Sequence[str]) -> tuple[str, ...]:
    """The account where no other is in it, else the role where no other is called so, else both."""
    accounts, roles = Counter(_accounts(names)), Counter(_roles(names))
    return tuple(
        name.account if accounts[name.account] == 1 else name.role if roles[name.role] == 1 else both
        for name, both in zip(names, whole, strict=True)
    )


def _distinct(texts: Sequence[str]) -> bool:
    return len(set(texts)) == len(texts)


def _numbered(number: int, text: str, width: int) -> str:
    lead = f"{number} " if width > len(str(number)) + 1 else str(number)
    return lead + middle_cells(text, width - len(lead))
