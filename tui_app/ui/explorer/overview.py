"""The list of all views with their counts: of one role by region, of several side by side. Denied is an answer, never red, 0 or blank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from tui_app.text import clean, middle
from tui_app.ui.draw import BLANK, fit, key_cap, line
from tui_app.ui.explorer.count_columns import GLOBAL, TITLE, Columns, Counts, columns_of, heads_row
from tui_app.ui.explorer.places import Visitor
from tui_app.ui.explorer.told import no_match_rows
from tui_app.ui.glyphs import DENIED
from tui_app.ui.sight import Sight
from tui_app.ui.theme import Part, Row
from tui_app.values import frozen

if TYPE_CHECKING:
    from tui_app.explorer.results import ViewResult
    from tui_app.explorer.view import View

MORE = "More"
_WORDS = {"expired": "expired", "throttled": "slowed", "out_of_reach": "no net", "not_aws": "not AWS", "no_region": "no region"}


class Listed(NamedTuple):
    """The rows, which of them are views, those views, and what it was drawn from."""

    rows: list[Row]
    choices: list[int]
    views: list[View]
    seen: Overview | None = None


@frozen
class Overview:
    """What the list is drawn from: who looks, what each was shown, all views there are, and where the cursor is."""

    visitors: tuple[Visitor, ...]
    sights: tuple[Sight | None, ...]
    views: tuple[View, ...]
    at: int = 0
    focused: bool = True
    query: str = ""
    typing: bool = False
    spinner: str = "◌"
    airy: bool = True
    renew_key: str = "r"
    passed: int = 0
    """How many columns of counts are to the left of those that are shown."""

    @property
    def first(self) -> tuple[View, ...]:
        """The views of the first sight, as they are written now."""
        now = {view.name: view for view in self.views}
        return tuple(now.get(view.name, view) for view in next((sight.views for sight in self.sights if sight), ()))

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions that were looked in."""
        return next((sight.regions for sight in self.sights if sight), ())

    def columns(self, width: int) -> Columns:
        """The columns of counts that have room."""
        return columns_of(self.visitors, self.regions, self.passed, width)


def overview_rows(seen: Overview, width: int) -> Listed:
    """All views in their groups; those that are asked only on demand follow."""
    columns = seen.columns(width)
    rows: list[Row] = [*([BLANK] if seen.airy else []), _totals(seen, width), *([BLANK] if seen.airy else []), heads_row(columns, width)]
    choices: list[int] = []
    views: list[View] = []
    asked = {view.name for view in seen.first}
    others = [view for view in seen.views if view.name not in asked]
    groups = [(group, list(members)) for group, members in groupby(seen.first, key=lambda view: view.group)]
    for group, members in [*groups, (MORE, others)]:
        found = [view for view in members if _matches(view, seen.query)]
        if not found:
            continue
        note: list[Part] = [("   asked when opened", "faint")] if group == MORE else []
        rows += [*([BLANK] if seen.airy else []), line(width, [(f"  {clean(group)}", "bold text"), *note])]
        for view in found:
            choices.append(len(rows))
            rows.append(_row(seen, view, width, columns.shown, here=len(views) == seen.at, asked=view.name in asked))
            views.append(view)
    if not views:
        rows += no_match_rows("view", seen.query, len(seen.views), width)
    return Listed(rows, choices, views, seen)


def with_cursor(listed: Listed, at: int, width: int) -> Listed:
    """The same list with the cursor on another view: two rows are made anew, so that a key does not wait for seventy."""
    if listed.seen is None or not 0 <= at < len(listed.views):
        return listed
    seen, rows = replace(listed.seen, at=at), list(listed.rows)
    places = seen.columns(width).shown
    for number in {listed.seen.at, at}:
        if 0 <= number < len(listed.views):
            view = listed.views[number]
            rows[listed.choices[number]] = _row(seen, view, width, places, here=number == at, asked=view in seen.first)
    return listed._replace(rows=rows, seen=seen)


def _matches(view: View, query: str) -> bool:
    words = f"{view.title} {view.name} {view.service} {view.action} {' '.join(view.words)} {view.group}".casefold()
    return all(word in words for word in query.casefold().split())


def _totals(seen: Overview, width: int) -> Row:
    found = [result for sight in seen.sights if sight for result in sight.results.values()]
    counted = [(sum(result.state == state for result in found), word) for state, word in _STATES]
    words = ", ".join(f"{count} {word}" for count, word in counted if count or word == "readable")
    expected = sum(sight.expected for sight in seen.sights if sight)
    running = any(sight.running for sight in seen.sights if sight)
    if seen.query or seen.typing:
        under_way: list[Part] = [(f"{seen.spinner} ", "accent"), (f"{len(found)} of {expected}  ", "muted")] if running else []
        field: list[Part] = [("  / ", "bold accent"), (clean(seen.query), "bold text"), ("▏" if seen.typing else "", "bold text")]
        return line(width, field, under_way)
    if running:
        told = next((sight.progress for sight in seen.sights if sight and sight.progress), "")
        far = f"{len(found)} of {expected}" + (f", {told}" if told else f": {words}")
        return line(width, [(f"  {seen.spinner} ", "accent"), (far, "muted")])
    problem = next((sight.problem for sight in seen.sights if sight and sight.problem), "")
    stopped = f", stopped at {len(found)} of {expected}" if len(found) < expected else ""
    over = [visitor.label for visitor, sight in zip(seen.visitors, seen.sights, strict=True) if sight and sight.has_ended]
    if not problem and over:
        whose = f" of {', '.join(over)}" if len(seen.visitors) > 1 else ""
        said = f"The session{whose} has ended   "
        return line(width, [("  ○ ", "bold soon"), (said, "soon"), *key_cap(seen.renew_key, "renew and go on")])
    return line(width, [("  Resources", "bold text"), (f"   {problem or words + stopped}", "muted")])


_STATES = (("ok", "readable"), ("denied", "denied"), ("off", "not here"), ("error", "failed"))


def _row(seen: Overview, view: View, width: int, places: Sequence[Counts], *, here: bool, asked: bool) -> Row:
    found = [result for sight in seen.sights if sight for result in _results(sight.results, sight, view)]
    denied = bool(found) and all(result.state == "denied" for result in found)
    ink = "bold text" if here else "muted" if denied or not found else "text"
    parts: list[Part] = [("▸ " if here and not seen.focused else "  ", "bold accent"), (fit(clean(view.title), TITLE), ink)]
    if denied and len(seen.visitors) == 1:
        word = f" {DENIED} denied"
        parts += [(word, "muted"), (f"  {middle(clean(found[0].action), width - TITLE - len(word) - 5)}", "faint")]
    elif not found and not asked:
        parts.append((f"  {clean(view.charged) or clean(view.group)}", "faint"))
    else:
        parts += _cells(seen, view, places, here=here)
    return line(width, parts, on="cursor" if here and seen.focused else "")


def _cells(seen: Overview, view: View, places: Sequence[Counts], *, here: bool) -> list[Part]:
    parts: list[Part] = []
    if len(seen.visitors) > 1:
        marks = [_sum(seen, view, number) for number in range(len(seen.visitors))]
        differ = len({text for text, _ in marks if text not in ("", "◌")}) > 1
        for place in places:
            text, ink = marks[place.visitor]
            parts.append((text.rjust(place.size), "bold text" if differ and ink == "text" else ink))
        return parts
    for place in places:
        if (place.region == GLOBAL) != (view.scope == GLOBAL):
            parts.append((" " * place.size, ""))
            continue
        text, ink = _mark(seen, seen.sights[0], view, place.region)
        parts.append((text.rjust(place.size), "bold text" if here and ink == "text" else ink))
    return parts


def _results(results: Mapping[tuple[str, str], ViewResult], sight: Sight, view: View) -> list[ViewResult]:
    places = (GLOBAL,) if view.scope == GLOBAL else sight.regions
    return [result for place in places if (result := results.get((view.name, place))) is not None]


def _mark(seen: Overview, sight: Sight | None, view: View, region: str) -> Part:
    """A count and its ink; greyed where it is of the last time."""
    if sight is None:
        return "—", "faint"
    result = sight.results.get((view.name, region))
    if result is None:
        old = sight.before.get((view.name, region))
        if old is not None and (old.state == "ok" or old.rows):
            return old.count_text, "faint"
        return (seen.spinner, "accent") if sight.running else ("—", "faint")
    return mark_of(result)


def mark_of(result: ViewResult) -> Part:
    """The one cell of a result, and its ink."""
    if result.state == "ok" or result.rows:
        if result.state != "ok":
            return f"{result.count_text} old", "soon"
        return result.count_text, "muted" if result.count == 0 else "text"
    if result.state == "denied":
        return DENIED, "muted"
    return ("—", "faint") if result.state == "off" else (_WORDS.get(result.cause, "failed"), "soon")


def _sum(seen: Overview, view: View, number: int) -> Part:
    sight = seen.sights[number]
    if sight is None:
        return "—", "faint"
    found = _results(sight.results, sight, view)
    old = [] if found else [result for result in _results(sight.before, sight, view) if result.state == "ok" or result.rows]
    if old:
        return summed(old, "")[0], "faint"
    return summed(found, seen.spinner if sight.running else "—")


def summed(results: Sequence[ViewResult], nothing: str) -> Part:
    """One cell for a view in all regions: the sum of what could be counted, else why there is none."""
    if not results:
        return nothing, "accent" if nothing != "—" else "faint"
    counted = [result for result in results if result.state == "ok" or result.rows]
    if not counted:
        return mark_of(results[0])
    count, more = sum(result.count for result in counted), any(result.more or result.state != "ok" for result in counted)
    return f"{count}+" if more else str(count), "text" if count else "muted"
