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

    Whole, with `joint` between account and role, where that fits, or with a little cut out where that is enough; else only what tells
    them apart, cut in its middle; numbered where nothing else is left.
    """
    whole = tuple(f"{name.account}{joint}{name.role}" for name in names)
    nearly = tuple(_nearly_whole(name, width, joint) for name in names)
    parts = tuple(found for found in (_accounts(names), _roles(names), _own_part(names, whole)) if _distinct(found)) or (whole,)
    for found in (whole, nearly, *parts):
        if _distinct(found) and all(cells(text) <= width for text in found):
            return found
    for found in parts:
        cut = tuple(middle_cells(text, width) for text in found)
        if _distinct(cut):
            return cut
    return tuple(_numbered(number, text, width) for number, text in enumerate(parts[-1], 1))


def _nearly_whole(name: Named, width: int, joint: str) -> str:
    """Account and role, the longer of them cut in its middle where it keeps two thirds of itself; else whole."""
    longer = max(name.role, name.account, key=cells)
    size = cells(longer)
    room = width - cells(f"{name.account}{joint}{name.role}") + size
    if room >= size or 3 * room < 2 * size:
        return f"{name.account}{joint}{name.role}"
    cut = middle_cells(longer, room)
    return f"{name.account}{joint}{cut}" if longer == name.role else f"{cut}{joint}{name.role}"


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
