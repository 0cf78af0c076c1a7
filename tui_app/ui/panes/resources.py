"""What the identity can see: every view with its counts. Denied is an answer, never red, 0 or blank."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from tui_app.text import clean, middle, plural
from tui_app.ui.draw import BLANK, fit, keys_row, line
from tui_app.ui.glyphs import DENIED
from tui_app.ui.panes.context import Pane
from tui_app.ui.sight import Sight
from tui_app.ui.theme import Part, Row

if TYPE_CHECKING:
    from tui_app.explorer.results import ViewResult
    from tui_app.explorer.view import View

GLOBAL = "global"
TITLE = 18
GLOBAL_WIDTH = 7
_WORDS = {"expired": "expired", "throttled": "slowed down", "out_of_reach": "out of reach", "broken": "AWS fault", "failed": "failed"}


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
        return Sheet([*rows, *keys_row(pane.width, [(pane.key("look.resources"), "one page each of the common views")], 2)], [], [])
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
        told = sight.progress or ", ".join([*words, f"{left} on {'its' if left == 1 else 'their'} way"])
        return line(pane.width, [(f"  {pane.spinner} ", "accent"), (told, "muted")])
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
                _cell(
                    pane,
                    sight.results.get((view.name, place)),
                    sight.before.get((view.name, place)),
                    size,
                    running=sight.running,
                    here=here,
                )
                if asked
                else (" " * size, "")
            )
    return line(pane.width, parts, on="cursor" if here else "")


def _cell(pane: Pane, result: ViewResult | None, before: ViewResult | None, size: int, *, running: bool, here: bool) -> Part:
    """A count; greyed where it is of the last time."""
    if result is None:
        if before is not None and before.state == "ok":
            return before.count_text.rjust(size), "faint"
        return (pane.spinner if running else "—").rjust(size), "accent" if running else "faint"
    if result.state == "ok":
        return result.count_text.rjust(size), "muted" if result.count == 0 else "bold text" if here else "text"
    if result.state == "denied":
        return DENIED.rjust(size), "muted"
    return ("—" if result.state == "off" else _WORDS.get(result.cause, "failed")).rjust(size), "faint" if result.state == "off" else "soon"


def stamp_rows(pane: Pane) -> list[Row]:
    """Who was answered, or asks: role and session, account, calls and time. Without a sight of this very identity, nothing.

    As many rows before the first answer as after it, so that the screen is laid out once.
    """
    session = pane.session
    sight = pane.findings.sight_of(pane.entry.key, session)
    if not sight or not session or not (sight.results or sight.running):
        return []
    who = clean(sight.identity.partition("assumed-role/")[2] or sight.identity)
    account = clean(session.identity.account)
    name = f"{pane.entry.account} " if pane.entry.account != account else ""
    calls = "one call" if len(sight.results) == 1 else f"{len(sight.results)} calls"
    verb = "Answered to" if sight.results else "Asking as"
    when = [(_clock(max(result.at for result in sight.results.values())), "faint"), ("  ", "")] if sight.results else []
    return [
        line(pane.width, [(f"  {verb} ", "faint"), (fit(who, pane.width - 16, cut="middle").rstrip(), "text")]),
        line(pane.width, [(f"  {name}{account}", "text"), (f"   {calls}" if sight.results else "", "faint")], when),
    ]


def _clock(moment: float) -> str:
    from datetime import datetime

    return f"{datetime.fromtimestamp(moment):%H:%M:%S}"  # noqa: DTZ006 - shown in local time
