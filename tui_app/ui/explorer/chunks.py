"""Rows as they come into a table, and what each is known by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len

from tui_app.ui.explorer.ordering import Plain


class Key(NamedTuple):
    """What a row is known by: whose it is, by number, where it lies, its id, and which of several with the same id it is."""

    owner: int
    region: str
    id: str
    number: int = 0


class Chunk(NamedTuple):
    """Rows to add, all lists of one length: what they are known by, their cells, the same for sorting, and what a filter looks at."""

    keys: list[Key]
    cells: list[tuple[str, ...]]
    values: list[tuple[Plain, ...]]
    haystacks: list[str]


def widest(column: Sequence[str]) -> int:
    """How many columns of the terminal the widest cell takes; most text is ASCII, where that is its length."""
    return max(map(len, column)) if "".join(column).isascii() else max(map(cell_len, column))
