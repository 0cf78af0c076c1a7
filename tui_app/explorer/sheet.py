"""Results as quiet text tables, for a terminal without a screen: the sheet of all views, and the table of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from tui_app.explorer.results import ViewResult
from tui_app.explorer.view import GLOBAL, View
from tui_app.text import cells, clean, middle_cells

DENIED = "⊘ denied"
GAP = "  "
OFF = "—"
SHORTEST = 12
"""A column is never cut below this many characters."""

_WORDS = {
    "expired": "expired",
    "throttled": "slowed down",
    "no_region": "no region",
    "out_of_reach": "out of reach",
    "broken": "AWS fault",
    "not_aws": "not AWS",
    "failed": "failed",
}


def overview(results: Sequence[ViewResult]) -> list[str]:
    """Every view on a line with its count in each region, under the heads of their groups; then one line of totals."""
    places = list(dict.fromkeys(result.region for result in sorted(results, key=lambda result: result.region != GLOBAL)))
    by_place = {(result.view.name, result.region): result for result in results}
    views = list(dict.fromkeys(result.view for result in results))
    marks = {key: mark(result) for key, result in by_place.items()}
    title = max([len(view.title) for view in views] + [len("View")])
    widths = [max([len(place), *(len(text) for (_, where), text in marks.items() if where == place)]) for place in places]
    heads = [place.capitalize() if place == GLOBAL else place for place in places]
    lines = [_line(["View", *heads], [title, *widths])]
    for group, members in groupby(views, key=lambda view: view.group):
        lines += ["", group]
        for view in members:
            found = [marks.get((view.name, place), "") for place in places]
            note = _note(view, [by_place[view.name, place] for place in places if (view.name, place) in by_place])
            lines.append((_line([view.title, *found], [title, *widths]) + (GAP + note if note else "")).rstrip())
    return [*lines, "", totals(results)]


def table(result: ViewResult, width: int | None = None) -> list[str]:
    """The rows of one result under its heads, or the sentence that says why there are none; at most `width` characters wide."""
    place = "" if result.region == GLOBAL else f"{GAP}{result.region}"
    heading = f"{result.view.title}{place}"
    why_not = GAP.join(filter(None, (DENIED, result.action, result.denied_by))) if result.state == "denied" else result.message
    if result.state != "ok" and not result.rows:
        return [f"{heading}{GAP}{why_not}"]
    shown = f"{result.count_text}, there is more" if result.more else result.count_text
    if not result.rows:
        return [f"{heading}{GAP}0"]
    widths = widths_within([max(map(cells, column)) for column in zip(result.columns, *result.rows, strict=True)], width)
    right = [column.right for column in result.view.columns]
    lines = [row_line(row, widths, right) for row in (result.columns, *result.rows)]
    notes = [note for note in (result.note, why_not) if note]
    return [f"{heading}{GAP}{shown}", "", *lines, *(["", *notes] if notes else [])]


def stamp(results: Sequence[ViewResult], calls: int = 0, throttles: int = 0) -> str:
    """Who was answered, by how many calls, and when: `Answered to ARN, 3 calls, 12:41:07`; without `calls`, one for each result."""
    last = max(results, key=lambda result: result.at)
    count = calls or len(results)
    made = "one call" if count == 1 else f"{count} calls"
    slowed = f", {throttles} throttled" if throttles else ""
    moment = datetime.fromtimestamp(last.at)  # noqa: DTZ006 - shown in local time
    return f"Answered to {clean(last.identity.arn)}, {made}{slowed}, {moment:%H:%M:%S}"


def totals(results: Sequence[ViewResult]) -> str:
    """How many views could be read and how many not: `18 readable, 3 denied, 1 not here`."""
    words = (("ok", "readable"), ("denied", "denied"), ("off", "not here"), ("error", "failed"))
    counted = [(sum(result.state == state for result in results), word) for state, word in words]
    return ", ".join(f"{count} {word}" for count, word in counted if count or word == "readable")


def mark(result: ViewResult) -> str:
    """The one cell that stands for a result: its count, `⊘ denied`, or a word."""
    if result.state == "ok":
        return result.count_text
    return DENIED if result.state == "denied" else OFF if result.state == "off" else _WORDS.get(result.cause, "failed")


def _note(view: View, results: Sequence[ViewResult]) -> str:
    """What the line adds: the action where the view was denied, else the first sentence of a failure."""
    if any(result.state == "denied" for result in results):
        by = next((result.denied_by for result in results if result.denied_by), "")
        return GAP.join(filter(None, (view.action, by)))
    return next((result.message for result in results if result.message), "")


def _line(line: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = line
    figures = [text.rjust(width) for text, width in zip(rest, widths[1:], strict=True)]
    return (GAP + " ").join([first.ljust(widths[0]), *figures]).rstrip()


def row_line(line: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    """Cells side by side, each cut in its middle to its width."""
    fitted = [(middle_cells(text, width), width, flag) for text, width, flag in zip(line, widths, right, strict=True)]
    spaces = [" " * (width - cells(text)) for text, width, _ in fitted]
    return GAP.join(space + text if flag else text + space for (text, _, flag), space in zip(fitted, spaces, strict=True)).rstrip()


def widths_within(widths: list[int], width: int | None) -> list[int]:
    """The widths, the widest cut until the line fits."""
    fitted = list(widths)
    while width is not None and sum(fitted) + len(GAP) * (len(fitted) - 1) > width and max(fitted) > SHORTEST:
        fitted[fitted.index(max(fitted))] -= 1
    return fitted
