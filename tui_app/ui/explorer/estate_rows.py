"""The rows round a search: the words, how far it is, who answered by which engine, and the stamp. Pure."""

from __future__ import annotations

from tui_app.explorer.asking import Tally
from tui_app.explorer.estate.answers import Found
from tui_app.explorer.estate.words import Line, lines_of
from tui_app.text import clean, plural
from tui_app.ui.draw import BLANK, cells, fit, key_cap, line, paragraph
from tui_app.ui.explorer.grid import Grid
from tui_app.ui.explorer.searching import Search
from tui_app.ui.explorer.told import no_match_rows, said_of
from tui_app.ui.theme import Part, Row
from tui_app.ui.widgets.paper import TextField

HINTS = (
    "a name, id or ARN; service:lambda  tag:team=payments  tag:none  region:eu-west-1  -exclude",
    "a name, id or ARN; service:lambda  tag:team=payments  -exclude",
    "a name or id; service:lambda  -exclude",
)
"""What may be typed; the longest that there is room for."""
ENGINES = (
    "Every role with a live session is asked, each by the engine that its account has: Resource Explorer where it has an index,"
    " the tagging API elsewhere, which knows tagged resources only."
)
WORDS = (
    "Words are looked for in names, ids, ARNs, kinds and tags; any of them will do, and what has more of them comes first."
    " Filters have to hold, all of them."
)
WIDE = 100
"""From which width the footer has room for the key that shows them in full."""
FEW, MANY = 5, 8
"""Lines about who answered on a small terminal, and on one with room."""


def words_row(width: int, field: TextField, spinner: str, *, typing: bool, search: Search | None) -> Row:
    """The field with the words, and how far the search is."""
    before, after = clean(field.text[: field.at]), clean(field.text[field.at :])
    parts: list[Part] = [("  Search  ", "bold accent" if typing else "muted")]
    if typing and not field.text:
        room = width - cells(parts) - 3
        parts += [("▏", "bold text"), (next((hint for hint in HINTS if len(hint) <= room), HINTS[-1]), "faint")]
    else:
        parts += [(before, "bold text"), ("▏" if typing else "", "bold accent"), (after, "bold text")]
    return line(width, parts, [(f"{far(search, spinner)}  ", "muted")] if search and search.running else [])


def far(search: Search, spinner: str) -> str:
    """`⠋ 3 of 8 answered`, or what AWS asks for."""
    return f"{spinner} {search.said or f'{search.progress.answered} of {search.progress.expected} answered'}"


def count_parts(search: Search | None, grid: Grid, field: TextField, who: int, *, filtering: bool) -> list[Part]:
    """How much was found, and the filter over it."""
    if search is None:
        return [(f"  {plural(who, 'role')} with a live session will be asked", "muted")]
    total = len(grid.cells)
    counted = f"  {total:,}{'+' if search.more else ''} found"
    if grid.terms:
        counted = f"  {len(grid.shown):,} of {total:,}"
    parts: list[Part] = [(counted, "bold text")]
    if filtering or grid.query:
        parts += [
            ("   / ", "bold accent"),
            (clean(field.text if filtering else grid.query), "bold text"),
            ("▏" if filtering else "", "text"),
        ]
    return parts


def filter_parts(grid: Grid, key: str, *, filtering: bool) -> list[Part]:
    """The key of the filter, where there are rows and none is typed."""
    return [(key, "bold accent"), (" filter  ", "faint")] if grid.cells and key and not filtering and not grid.query else []


def instead_rows(search: Search | None, grid: Grid, width: int, spinner: str) -> list[Row]:
    """What stands where there is no row: why not, and what to do."""
    if search is None:
        facts = (ENGINES, WORDS)
        return [BLANK, *(row for fact in facts for row in (*paragraph(width, fact, "muted"), BLANK))]
    if search.running:
        return [BLANK, line(width, [(f"  {spinner} ", "accent"), ("Asking AWS", "muted")])]
    if grid.terms and grid.cells:
        return no_match_rows("row", grid.query, len(grid.cells), width)
    if not search.parts:
        return [BLANK, line(width, [(f"  {search.said or 'Nobody was asked.'}", "bold text")])]
    return [BLANK, line(width, [("  Nothing was found.", "bold text")]), *paragraph(width, "Below is who was asked, and how.", "muted")]


def answer_rows(search: Search | None, width: int, now: float, most: int, key: str) -> list[Row]:
    """What is to be said, and who answered by which engine, one line each; `key` shows all of them in full."""
    if search is None:
        return []
    lines = lines_of(search.parts, now)
    said = [BLANK, *paragraph(width, search.said, "text")] if search.said and not search.running else []
    if not lines:
        return said
    shown = lines if len(lines) <= most else lines[: most - 1]
    rows = [*said, BLANK, *(_answer(width, one) for one in shown)]
    left: list[Part] = [(f"  and {len(lines) - len(shown)} more  ", "faint")] if len(shown) < len(lines) else [("  ", "")]
    if len(shown) < len(lines) or (width < WIDE and any(_room_of(width, one) < 0 for one in lines)):
        rows.append(line(width, [*left, *key_cap(key, "who answered")]))
    return rows


def _room_of(width: int, one: Line) -> int:
    """How many columns a line has to spare; less than none where it is cut."""
    return width - cells([(f"  {one.who} · {one.how}  {one.outcome}  ", "")])


def _answer(width: int, one: Line) -> Row:
    room = max(16, min(cells([(one.outcome, "")]), (width - 6) * 3 // 5))
    outcome = fit(one.outcome, room).rstrip()
    ink = "muted" if one.cause else "text"
    return line(width, [("  ", ""), (one.who, "text"), (f" · {one.how} ", "faint")], [(f" {outcome}", ink), ("  ", "")])


def full_rows(search: Search, width: int, now: float) -> list[Row]:
    """Who answered by which engine, nothing of it cut."""
    rows: list[Row] = []
    for one in lines_of(search.parts, now):
        rows += [BLANK, line(width, [(f"  {one.who}", "bold text")])]
        rows += [*paragraph(width, one.how, "muted"), *paragraph(width, one.outcome, "text")]
    return rows


def stamp_row(search: Search | None, tally: Tally, width: int, found: Found | None) -> Row:
    """The ARN under the cursor, and the calls so far."""
    left: list[Part] = [("  ", ""), (clean(found.arn, 2048), "faint")] if found else []
    right = [(f"  {said_of(tally)} in all  ", "faint")] if search else []
    room = max(0, width - cells(right) - 2)
    return line(width, [left[0], (fit(left[1][0], room, cut="middle").rstrip(), "faint")] if left else [], right)
