"""The lines of a table: which columns fit, heads with the mark of the order, rows. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tui_app.ui.draw import fit, line
from tui_app.ui.explorer.grid import Grid
from tui_app.ui.glyphs import DENIED
from tui_app.ui.theme import Part, Row

WIDEST = (44, 28, 20)
"""Columns; what is longer is cut in its middle, the shorter the less room there is."""
FIRST_LEAST, FIRST_MOST = 16, 64
SMALLEST = 10
"""Below this a column at the right edge is not begun."""
GAP = 2
MARK = 6
"""Columns that the mark of what is further to the right takes in the heads."""


class Laid(NamedTuple):
    """The columns that fit, each with its width; how many are to the left and to the right of them."""

    columns: tuple[tuple[int, int], ...]
    left: int
    right: int


def lay_out(grid: Grid, visible: Sequence[int], offset: int, width: int) -> Laid:
    """The first column always, then as many as fit, beginning after `offset` others; long ones are made shorter before one is left out."""
    room = width - 4
    others = list(visible[1:])
    offset = max(0, min(offset, len(others) - 1))
    first = min(FIRST_MOST, _width(grid, 0))
    least = min(first, max(FIRST_LEAST, room * 2 // 5))
    for widest in WIDEST:
        wanted = [(number, min(widest, _width(grid, number))) for number in others[offset:]]
        need = sum(size + GAP for _, size in wanted)
        if least + need <= room:
            first = min(first, room - need)
            spare = 0 if grid.heads[0].right else max(0, min(room - need, FIRST_MOST) - first)
            return Laid(((0, (first + spare) if wanted else max(first, room)), *wanted), offset, 0)
    return _cut(grid, wanted, offset, least, room - MARK)


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


def head_row(grid: Grid, laid: Laid, width: int) -> Row:
    """The heads over their columns; the one sorted by says which way."""
    parts: list[Part] = [("  ", "")]
    for number, size in laid.columns:
        head = grid.heads[number]
        sorted_by = number == grid.sort
        text = head.title + (" ↓" if grid.down else " ↑") if sorted_by else head.title
        shown = fit(text, size)
        parts += [(shown.rstrip().rjust(size) if head.right else shown, "bold muted" if sorted_by else "faint"), (" " * GAP, "")]
    right: list[Part] = [(f"→ {laid.right} ", "faint")] if laid.right else [(f"← {laid.left} ", "faint")] if laid.left else []
    return line(width, parts[:-1], right)


def grid_row(cells: Sequence[str], grid: Grid, laid: Laid, width: int, *, here: str = "", faded: bool = False) -> Row:
    """A row. `here` is `focused` or `unfocused` under the cursor."""
    parts: list[Part] = [("▸ " if here == "unfocused" else "  ", "bold accent")]
    for number, size in laid.columns:
        text = cells[number]
        shown = fit(text, size).rstrip().rjust(size) if grid.heads[number].right else fit(text, size, cut="middle")
        parts.append((shown + " " * GAP, _ink(text, number, here=bool(here), faded=faded)))
    return line(width, parts, on="cursor" if here == "focused" else "")


def _ink(text: str, number: int, *, here: bool, faded: bool) -> str:
    if faded:
        return "faint"
    if text.startswith(DENIED) or text == "0":
        return "muted"
    if number == 0 or here:
        return "bold text" if here else "text"
    return "bold text" if text in ("only here", "differs") else "muted"
