"""The lines of a table: which columns fit, heads with the mark of the order, rows. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len

from tui_app.explorer.labels import told_apart
from tui_app.ui.draw import fit, line
from tui_app.ui.explorer.grid import Grid
from tui_app.ui.glyphs import DENIED
from tui_app.ui.theme import Part, Row

WIDEST = (44, 28, 20)
"""Columns; what is longer is cut in its middle, the shorter the less room there is."""
FIRST_LEAST, FIRST_MOST = 16, 64
OWNER = 20
"""How many columns the name of a role is cut to where there is little room."""
SMALLEST = 10
"""Below this a column at the right edge is not begun."""
GAP = 2
MARK = 6
"""Columns that the mark of what is further to the right takes in the heads."""

TO_THE_MINUTE, TO_THE_DAY = len("2026-11-21 17:12"), len("2026-11-21")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?")

CHANGED, ADDED = "*", "+"
"""Beside a cell that the last reload changed, and before its row; before a row that is new."""


class Mark(NamedTuple):
    """What a reload did to a row: the sign before it, and the numbers of the columns whose cells it changed."""

    sign: str
    columns: frozenset[int] = frozenset()


class Laid(NamedTuple):
    """The columns that fit, each with its width; how many are to the left and to the right of them."""

    columns: tuple[tuple[int, int], ...]
    left: int
    right: int


def lay_out(grid: Grid, visible: Sequence[int], offset: int, width: int) -> Laid:
    """The first column always, then as many as fit, beginning after `offset` others; long ones are made shorter before one is left out.

    Whose the rows are stays beside the first.
    """
    whose = visible[1] if len(visible) > 1 and grid.heads[visible[1]].owners else 0
    if not whose:
        return _lay_out(grid, visible, offset, width)
    others = [visible[0], *visible[2:]]
    for size in dict.fromkeys((_width(grid, whose), _owners_width(grid, whose))):
        laid = _lay_out(grid, others, offset, width - size - GAP)
        if not laid.left and not laid.right:
            break
    first, *rest = laid.columns
    return laid._replace(columns=(first, (whose, size), *rest))


def _owners_width(grid: Grid, number: int) -> int:
    """How wide a column of roles is where there is little room."""
    head = grid.heads[number]
    return max(map(cell_len, (*told_apart(head.owners, OWNER), f"{head.title} ↓" if number == grid.sort else head.title)))


def _lay_out(grid: Grid, visible: Sequence[int], offset: int, width: int) -> Laid:
    room = width - 4
    others = list(visible[1:])
    offset = max(0, min(offset, len(others) - 1))
    first = min(FIRST_MOST, _width(grid, 0))
    least = min(first, max(OWNER, room * 2 // 7) if grid.heads[0].owners else max(FIRST_LEAST, room * 2 // 5))
    for widest in WIDEST:
        wanted = [(number, min(widest, _width(grid, number))) for number in others[offset:]]
        need = sum(size + GAP for _, size in wanted)
        if least + need <= room:
            first = min(first, room - need)
            wanted = _grown(grid, wanted, room - need - first)
            need = sum(size + GAP for _, size in wanted)
            spare = 0 if grid.heads[0].right else max(0, min(room - need, FIRST_MOST) - first)
            return Laid(((0, (first + spare) if wanted else max(first, room)), *wanted), offset, 0)
    return _cut(grid, wanted, offset, least, room - MARK)


def _grown(grid: Grid, wanted: Sequence[tuple[int, int]], spare: int) -> list[tuple[int, int]]:
    """The columns, those that were made shorter longer again by the room that is left."""
    grown = []
    for number, size in wanted:
        more = max(0, min(spare, _width(grid, number) - size))
        grown.append((number, size + more))
        spare -= more
    return grown


def _width(grid: Grid, number: int) -> int:
    """How wide a column would like to be; the one sorted by has the mark of it in its head."""
    return max(grid.widths[number], len(grid.heads[number].title) + 2) if number == grid.sort else grid.widths[number]


def _cut(grid: Grid, wanted: Sequence[tuple[int, int]], offset: int, first: int, room: int) -> Laid:
    """As many columns as there is room for; a last one of words may be cut."""
    kept: list[tuple[int, int]] = []
    left = room - first
    for number, size in wanted:
        taken = size if size + GAP <= left else 0 if grid.heads[number].right else left - GAP
        if taken < min(size, SMALLEST):
            break
        kept.append((number, taken))
        left -= taken + GAP
    return Laid(((0, first + max(0, left if not grid.heads[0].right else 0)), *kept), offset, len(wanted) - len(kept))


def head_row(grid: Grid, laid: Laid, width: int, *, tall: bool = False) -> Row:
    """The heads over their columns; the one sorted by says which way. `tall`: only the second line of them."""
    parts: list[Part] = [("  ", "")]
    for number, size in laid.columns:
        head = grid.heads[number]
        sorted_by = number == grid.sort
        text = head.title + (" ↓" if grid.down else " ↑") if sorted_by else in_two(head.title)[1] if tall else head.title
        shown = fit(text, size)
        parts += [(shown.rstrip().rjust(size) if head.right else shown, "bold muted" if sorted_by else "faint"), (" " * GAP, "")]
    right: list[Part] = [(f"→ {laid.right}  ", "faint")] if laid.right else [(f"← {laid.left}  ", "faint")] if laid.left else []
    return line(width, parts[:-1], right)


def in_two(title: str) -> tuple[str, str]:
    """A head on two lines, the longer of which is as short as can be."""
    words = title.split(" ")
    ways = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(len(words))]
    return min(ways, key=lambda way: max(map(cell_len, way)))


def tall_head_rows(grid: Grid, laid: Laid, width: int) -> list[Row]:
    """The heads on two lines, where figures stand closer than their heads are long; the one sorted by is whole, on the lower line."""
    upper: list[Part] = [("  ", "")]
    for number, size in laid.columns:
        head = grid.heads[number]
        text = "" if number == grid.sort else in_two(head.title)[0]
        shown = fit(text, size)
        upper += [(shown.rstrip().rjust(size) if head.right else shown, "faint"), (" " * GAP, "")]
    return [line(width, upper[:-1]), head_row(grid, laid, width, tall=True)]


def grid_row(  # noqa: PLR0913 - the row, where it is drawn, and what sets it apart
    cells: Sequence[str], grid: Grid, laid: Laid, width: int, *, here: str = "", faded: bool = False, mark: Mark | None = None
) -> Row:
    """A row. `here` is `focused` or `unfocused` under the cursor."""
    lead = "▸" if here == "unfocused" else " "
    parts: list[Part] = [(mark.sign, "bold text"), (lead, "bold accent")] if mark else [(f"{lead} ", "bold accent")]
    for number, size in laid.columns:
        text = grid.heads[number].drawn(cells[number], size)
        shown = fit(text, size).rstrip().rjust(size) if grid.heads[number].right else _cut_to(text, size, number)
        if mark and number in mark.columns:
            parts += _changed(shown)
        else:
            bold = bool(here) or (mark is not None and mark.sign == ADDED)
            parts.append((shown + " " * GAP, _ink(text, here=bold, faded=faded, told=number == 0 or grid.heads[number].told)))
    return line(width, parts, on="cursor" if here == "focused" else "")


def _cut_to(text: str, size: int, column: int) -> str:
    """A cell cut in its middle; a moment loses its seconds or its time of day instead, and is still true. No name is taken for one."""
    if column and size < len(text) and _MOMENT.fullmatch(text):
        kept = next((length for length in (TO_THE_MINUTE, TO_THE_DAY) if length <= size), 0)
        if kept:
            return text[:kept].ljust(size)
    return fit(text, size, cut="middle")


def _changed(shown: str) -> list[Part]:
    """A cell that was changed: underlined, and marked in the gap behind it, so that no colour is needed to see it."""
    text = shown.strip()
    before, after = len(shown) - len(shown.lstrip()) if text else 0, len(shown) - len(shown.rstrip())
    return [(" " * before, ""), (text, "bold underline text"), (CHANGED, "bold text"), (" " * (after + GAP - 1), "")]


def _ink(text: str, *, here: bool, faded: bool, told: bool) -> str:
    if faded:
        return "faint"
    if text.startswith(DENIED) or text in ("0", "—", "…"):
        return "muted"
    if told or here:
        return "bold text" if here else "text"
    return "bold text" if text in ("only here", "differs") else "muted"
