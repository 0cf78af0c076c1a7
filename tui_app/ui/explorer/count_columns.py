"""The columns of the list of views: a region of one role, or a role each of several; those without room are reached sideways. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from tui_app.explorer.labels import told_apart
from tui_app.text import clean
from tui_app.ui.draw import cells, fit, line

if TYPE_CHECKING:
    from tui_app.ui.explorer.places import Visitor
    from tui_app.ui.theme import Row

GLOBAL = "global"
TITLE = 20
MARK = 5
"""Columns of the terminal that the mark of what is further to the right takes."""
LEAST, MOST, MARGIN = 8, 24, 2
_GLOBAL_WIDTH, _REGION_WIDTH = 7, 10


class Counts(NamedTuple):
    """A column of counts: its head, its width, and whose and where."""

    head: str
    size: int
    visitor: int
    region: str


class Columns(NamedTuple):
    """Those that are shown, and how many are to the left and to the right of them."""

    shown: tuple[Counts, ...]
    before: int = 0
    after: int = 0


def columns_of(visitors: Sequence[Visitor], regions: Sequence[str], passed: int, width: int) -> Columns:
    """As many as fit beside the views' titles, beginning after `passed` others, or earlier where there is room for all from there."""
    room = width - 2 - TITLE
    made = _by_role(visitors, room) if len(visitors) > 1 else _by_region(regions)
    if sum(column.size for column in made) <= room:
        return Columns(made)
    first = min(passed, _last_start(made, room - MARK))
    shown: list[Counts] = []
    for column in made[first:]:
        if shown and sum(other.size for other in (*shown, column)) > room - MARK:
            break
        shown.append(column)
    return Columns(tuple(shown), first, len(made) - first - len(shown))


def _by_role(visitors: Sequence[Visitor], room: int) -> tuple[Counts, ...]:
    size = max(LEAST, min(MOST, (room - MARGIN) // len(visitors)))
    heads = told_apart(tuple(visitor.named for visitor in visitors), size - 2)
    return tuple(Counts(head, size, number, "") for number, head in enumerate(heads))


def _by_region(regions: Sequence[str]) -> tuple[Counts, ...]:
    named = (Counts(clean(region), max(_REGION_WIDTH, len(region) + 2), 0, region) for region in regions)
    return (Counts("Global", _GLOBAL_WIDTH, 0, GLOBAL), *named)


def _last_start(made: Sequence[Counts], room: int) -> int:
    """The first of the columns that fill the room to the last one."""
    start, taken = len(made) - 1, made[-1].size
    while start and taken + made[start - 1].size <= room:
        start -= 1
        taken += made[start].size
    return start


def heads_row(columns: Columns, width: int) -> Row:
    """The heads over the counts, and how many columns there are on either side."""
    names = "".join(" " * (column.size - cells([(column.head, "")])) + column.head for column in columns.shown)
    sides = ((columns.before, "← "), (columns.after, "→ "))
    hidden = " ".join(f"{arrow}{count}" for count, arrow in sides if count)
    return line(width, [("  " + fit("View", TITLE), "faint"), (names, "faint")], [(f" {hidden}  ", "faint")] if hidden else [])
