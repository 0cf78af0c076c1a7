"""The commands that move a cursor among the resources, for every screen of theirs. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

_FAR = 10**6
"""More rows than any table has."""
_ROWS = {"move.up": -1, "move.down": 1, "move.first": -_FAR, "move.last": _FAR}
_PAGES = {"move.page_up": -1, "move.page_down": 1}


def moves(by_rows: Callable[[int], None], by_pages: Callable[[int], None]) -> Mapping[str, Callable[[], None]]:
    """What each of these commands does, where one function moves by so many rows and another by so many screenfuls."""
    rows = {command: partial(by_rows, count) for command, count in _ROWS.items()}
    return rows | {command: partial(by_pages, count) for command, count in _PAGES.items()}
