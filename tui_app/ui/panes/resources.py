"""What the identity can see: every view with its counts, opened views with their rows. Denied is an answer, never red, 0 or blank."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from tui_app.text import clean, middle, plural
from tui_app.ui.draw import BLANK, cells, fit, keys_row, line, paragraph
from tui_app.ui.glyphs import DENIED
from tui_app.ui.panes.context import Pane
from tui_app.ui.sight import Sight
from tui_app.ui.theme import Part, Row

if TYPE_CHECKING:
    from tui_app.explorer.fetch import ViewResult
    from tui_app.explorer.view import View

GLOBAL = "global"
TITLE = 18
GLOBAL_WIDTH = 7
_WORDS = {"expired": "expired", "throttled": "slowed down", "out_of_reach": "out of reach", "failed": "failed"}


class Sheet(NamedTuple):
    """The rows of the tab, which of them are views, and those views' names."""

    rows: list[Row]
    choices: list[int]
    names: list[str]


def resources_rows(pane: Pane) -> Sheet:
    """The Resources tab."""
    session = pane.session
    sight = pane.findings.sight_of(pane.entry.key, session)
    if session is None:
        rows = [line(pane.width, [("  No session, so nothing to ask with.", "bold text")]), BLANK]
        return Sheet([*rows, *keys_row(pane.width, [(pane.key("role.assume"), "assume")], 2)], [], [])
    if sight is None:
        rows = [line(pane.width, [("  Not looked at yet.", "bold text")]), BLANK]
        return Sheet([*rows, *keys_row(pane.width, [(pane.key("look.resources"), "one page each of about 20 views")], 2)], [], [])
    return _sheet(pane, sight)


def _sheet(pane: Pane, sight: Sight) -> Sheet:
    places = _places(sight, pane.width)
    rows: list[Row] = [_totals(pane, sight), BLANK, _heads(pane.width, places)]
    choices: list[int] = []
    names: list[str] = []
    for group, views in groupby(sight.views, key=lambda view: view.group):
        rows += [BLANK, line(pane.width, [(f"  {group}", "bold text")])]
        for view in views:
            here = pane.focused and len(names) == pane.cursor
            choices.append(len(rows))
            names.append(view.name)
            rows.append(_view_row(pane, sight, view, places, here=here))
            if (pane.entry.key, view.name) in pane.findings.opened:
                rows += _opened(pane, sight, view)
    return Sheet(rows, choices, names)


def _places(sight: Sight, width: int) -> tuple[str, ...]:
    """Global and the regions that there is room for."""
    room, shown = width - 2 - TITLE - GLOBAL_WIDTH - 1, list[str]()
    for region in sight.regions:
        room -= _size(region)
        if shown and room < 0:
            break
        shown.append(region)
    return (GLOBAL, *shown)


def _size(place: str) -> int:
    return GLOBAL_WIDTH if place == GLOBAL else max(10, len(place) + 2)


def _totals(pane: Pane, sight: Sight) -> Row:
    found = list(sight.results.values())
    expected = sum(1 if view.scope == GLOBAL else len(sight.regions) for view in sight.views)
    words = [f"{sum(result.state == 'ok' for result in found)} readable", f"{sum(result.state == 'denied' for result in found)} denied"]
    failed = sum(result.state == "error" for result in found)
    words += [f"{failed} failed"] if failed else []
    left = expected - len(found)
    if sight.running and left:
        return line(pane.width, [(f"  {pane.spinner} ", "accent"), (", ".join([*words, f"{left} on its way"]), "muted")])
    hidden = len(sight.regions) - (len(_places(sight, pane.width)) - 1)
    words += [f"{plural(hidden, 'region')} without a column"] if hidden else []
    return line(pane.width, [(f"  {', '.join(words)}", "muted")])


def _heads(width: int, places: tuple[str, ...]) -> Row:
    names = "".join(("Global" if place == GLOBAL else clean(place)).rjust(_size(place)) for place in places)
    return line(width, [("  " + fit("View", TITLE), "faint"), (names, "faint")])


def _view_row(pane: Pane, sight: Sight, view: View, places: tuple[str, ...], *, here: bool) -> Row:
    found = [sight.results.get((view.name, place)) for place in ((GLOBAL,) if view.scope == GLOBAL else sight.regions)]
    denied = bool(found) and all(result is not None and result.state == "denied" for result in found)
    ink = "bold text" if here else "muted" if denied else "text"
    parts: list[Part] = [("▸ " if here else "  ", "bold accent"), (fit(clean(view.title), TITLE), ink)]
    if denied:
        word = f" {DENIED} denied"
        parts += [(word, "muted"), (f"  {middle(clean(view.action), pane.width - TITLE - len(word) - 6)}", "faint")]
    else:
        for place in places:
            size = _size(place)
            asked = (place == GLOBAL) == (view.scope == GLOBAL)
            parts.append(
                _cell(pane, sight.results.get((view.name, place)), size, running=sight.running, here=here) if asked else (" " * size, "")
            )
    return line(pane.width, parts, on="cursor" if here else "")


def _cell(pane: Pane, result: ViewResult | None, size: int, *, running: bool, here: bool) -> Part:
    if result is None:
        return (pane.spinner if running else "—").rjust(size), "accent" if running else "faint"
    if result.state == "ok":
        return result.count_text.rjust(size), "muted" if result.count == 0 else "bold text" if here else "text"
    if result.state == "denied":
        return DENIED.rjust(size), "muted"
    return ("—" if result.state == "off" else _WORDS.get(result.cause, "failed")).rjust(size), "faint" if result.state == "off" else "soon"


def _opened(pane: Pane, sight: Sight, view: View) -> list[Row]:
    rows: list[Row] = []
    places = [GLOBAL] if view.scope == GLOBAL else list(sight.regions)
    for place in places:
        result = sight.results.get((view.name, place))
        if result is None:
            waits: list[Part] = [(f"    {pane.spinner} ", "accent"), ("on its way", "muted")]
            rows.append(line(pane.width, waits if sight.running else [("    not asked", "muted")]))
            continue
        if len(places) > 1:
            rows.append(line(pane.width, [("    ", ""), (clean(place), "faint")]))
        if result.state != "ok":
            rows += paragraph(pane.width, clean(result.message or "denied"), "muted", margin=4)
            rows += paragraph(pane.width, clean(result.denied_by), "faint", margin=4) if result.denied_by else []
        elif not result.rows:
            rows.append(line(pane.width, [("    none", "muted")]))
        else:
            rows += _table(pane.width, result)
    return rows


def _table(width: int, result: ViewResult) -> list[Row]:
    """As many columns as fit; the first, which names the thing, gets the room and is cut in its middle."""
    room = width - 4 - 1
    sizes = [max(len(head), *(len(row[index]) for row in result.rows)) for index, head in enumerate(result.columns)]
    shown, used = 1, min(sizes[0], room)
    while shown < len(sizes) and used + 2 + sizes[shown] <= room:
        used += 2 + sizes[shown]
        shown += 1
    if shown == 1 and len(sizes) > 1 and room - 2 - sizes[1] >= 16:  # noqa: PLR2004 - the name can still be told apart
        shown, sizes[0] = 2, room - 2 - sizes[1]
    sizes[0] = min(sizes[0], room)

    def laid(values: tuple[str, ...], first: str, other: str) -> Row:
        parts: list[Part] = [("    ", "")]
        for index in range(shown):
            right = result.view.columns[index].right
            text = clean(values[index])
            value = text.rjust(sizes[index]) if right else fit(text, sizes[index], cut="middle")
            parts += [(value, first if index == 0 else other), ("  ", "")]
        return line(width, parts if cells(parts) <= width else parts[:-1])

    rows = [laid(result.columns, "faint", "faint"), *(laid(row, "text", "muted") for row in result.rows)]
    if result.more:
        rows.append(line(width, [("    there is more than this page", "muted")]))
    return rows


def stamp_rows(pane: Pane) -> list[Row]:
    """Who was answered: role and session, account, calls and time. Without a sight of this very identity, nothing."""
    session = pane.session
    sight = pane.findings.sight_of(pane.entry.key, session)
    if not sight or not session or not sight.results:
        return []
    who = clean(sight.identity.partition("assumed-role/")[2] or sight.identity)
    last = max(result.at for result in sight.results.values())
    account = clean(session.identity.account)
    name = f"{pane.entry.account} " if pane.entry.account != account else ""
    calls = "one call" if len(sight.results) == 1 else f"{len(sight.results)} calls"
    return [
        line(pane.width, [("  Answered to ", "faint"), (fit(who, pane.width - 16, cut="middle").rstrip(), "text")]),
        line(pane.width, [(f"  {name}{account}", "text"), (f"   {calls}", "faint")], [(_clock(last), "faint"), ("  ", "")]),
    ]


def _clock(moment: float) -> str:
    from datetime import datetime

    return f"{datetime.fromtimestamp(moment):%H:%M:%S}"  # noqa: DTZ006 - shown in local time
