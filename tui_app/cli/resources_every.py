"""`roledeck resources ROLE --view V --every 10s`: the rows again and again, with marks at what changed, until Ctrl-C."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from tui_app.cli.inks import Inks
from tui_app.cli.resources_json import document
from tui_app.cli.several_roles import first_of
from tui_app.errors import OutOfReach, RoledeckError, UsageError
from tui_app.explorer import sheet
from tui_app.explorer.again import Pace, interval, may_be_asked, said
from tui_app.explorer.changes import Changes, compare, counted
from tui_app.explorer.results import ViewResult
from tui_app.explorer.view import View
from tui_app.text import clean, plural

if TYPE_CHECKING:
    from tui_app.cli.context import Context
    from tui_app.cli.resources_seen import Seen

Look = Callable[[], "tuple[list[Seen], list[RoledeckError]]"]
Place = tuple[str, str, str]
"""Whose answer, of which view, and where."""
CHANGED, ADDED, GONE = "*", "+", "-"
NAMED = 3
_REFUSED = 4
_TOP, _REST = "\x1b[H", "\x1b[J"
"""To the upper left corner; and away with everything from here on."""


def run_every(options: argparse.Namespace, context: Context, views: Sequence[View], look: Look) -> int:
    """Look, show, wait, until Ctrl-C or until nothing of it may be asked any more.

    Raises:
        UsageError: no time, or one that is too short or too long; no view; nothing that can show it.
    """
    pace = Pace(_seconds(options))
    _check(options, context, views, pace.every)
    marks = _Marks()
    while True:
        seen, failures = look()
        trouble = next((failure for failure in failures), None)
        if not seen and not (marks.known and isinstance(trouble, OutOfReach)):
            raise first_of(failures, context)
        results = [result for one in seen for result in one.results]
        if seen:
            marks.note(results)
        well = bool(results) and not any(result.state == "error" for result in results) and not any(one.throttles for one in seen)
        pace = pace.after(well=well)
        if options.json:
            _print_line(context, seen, many=len(options.roles) > 1)
        elif seen:
            _draw(context, seen, marks, pace)
        for failure in failures:
            context.note(failure.sentence())
        if results and not any(map(may_be_asked, results)):
            return _ended(context, seen, results[0])
        time.sleep(pace.pause)


def _ended(context: Context, seen: Sequence[Seen], refused: ViewResult) -> int:
    """Say why nothing of it is asked again; the exit code."""
    why = f"{clean(refused.action)} is denied." if refused.state == "denied" else clean(refused.message)
    context.note(f"Nothing of it is asked again: {why}")
    for one in seen:
        if one.may_be_revoked:
            context.note(one.revoked_note())
    return _REFUSED if refused.state == "denied" else 1


def _seconds(options: argparse.Namespace) -> int:
    try:
        return interval(options.every)
    except ValueError as error:
        raise UsageError(f"--every {clean(options.every, 40)}: {error}") from None


def _check(options: argparse.Namespace, context: Context, views: Sequence[View], every: int) -> None:
    """Whether it can be shown, and whether the person means to pay for it."""
    if not options.service and not options.view:
        raise UsageError("--every shows the rows of a view again and again, and none is named.", "Name one with --view.")
    if options.csv:
        raise UsageError("--csv is one table, and --every makes many.", "Take --json: one document a line.")
    if not options.json and (not sys.stdout.isatty() or context.environ.get("TERM", "") in {"", "dumb"}):
        raise UsageError("--every draws on a terminal, and stdout is none that can place text.", "Take --json: one document a line.")
    charged = [view for view in views if view.charged]
    if charged:
        names, calls = ", ".join(view.name for view in charged), 3600 // every * sum(view.calls for view in charged)
        question = f"{charged[0].charged}. {names} every {said(every)} is at least {calls:,} calls an hour. Begin?"
        if not context.confirm(question):
            raise UsageError("Nothing was asked.")


class _Marks:
    """What was shown last, and what the last change was."""

    def __init__(self) -> None:
        self.known: dict[Place, ViewResult] = {}
        self.changes: dict[Place, Changes] = {}
        self.at = ""

    def note(self, results: Sequence[ViewResult]) -> None:
        """Compare with what was shown last; what changed nothing leaves the marks where they are."""
        now = {_place(result): result for result in results}
        found = {place: compare(self.known[place], result) for place, result in now.items() if place in self.known}
        if any(found.values()):
            self.changes, self.at = found, f"{datetime.fromtimestamp(max(result.at for result in results)):%H:%M:%S}"  # noqa: DTZ006 - shown in local time
        else:
            self.changes = {place: found[place].carried(changes) for place, changes in self.changes.items() if place in found}
        self.known |= now


def _place(result: ViewResult) -> Place:
    return result.identity.arn, result.view.name, f"{result.region} {sorted(result.asked.items())}"


def _draw(context: Context, seen: Sequence[Seen], marks: _Marks, pace: Pace) -> None:
    size, inks = shutil.get_terminal_size(), Inks(context.environ)
    changed = counted(list(marks.changes.values()))
    told = f"{changed} at {marks.at}" if changed else "nothing has changed yet"
    slower = f", next in {pace.pause} s" if pace.failures else ""
    lines = [f"Every {said(pace.every)}{slower}, until Ctrl-C.  {told}", ""]
    for one in seen:
        lines += [clean(f"{one.role.account.label}  {one.role.short_name}  {one.session.identity.account}"), ""]
        for result in one.results:
            lines += [*_table(result, marks.changes.get(_place(result)), size.columns, inks), ""]
        lines += [sheet.stamp(one.results, one.calls, one.throttles), ""]
    room = max(1, size.lines - 2)
    below = len(lines) - 1 - room
    shown = [*lines[:room], f"{below} lines more"] if below > 0 else lines[:-1]
    context.out(_TOP + "\n".join(f"{line}\x1b[K" for line in shown) + _REST)
    context.flush()


def _table(result: ViewResult, changes: Changes | None, width: int, inks: Inks) -> list[str]:
    """The table with a sign before each row that changed or is new, an asterisk behind each cell that changed, and what is gone."""
    if not result.rows:
        return sheet.table(result, width)
    changes = changes or Changes({}, frozenset(), (), ())
    rows = tuple(
        tuple(f"{text}{CHANGED}" if number in changes.changed.get(index, ()) else text for number, text in enumerate(row))
        for index, row in enumerate(result.rows)
    )
    lines = sheet.table(replace(result, rows=rows), width - 2)
    first = next((number for number, text in enumerate(lines) if not text), 0) + 2
    for index in range(result.count):
        sign = CHANGED if index in changes.changed else ADDED if index in changes.added else ""
        at = first + index
        lines[at] = inks.paint(f"{sign} {lines[at]}", "strong") if sign else f"  {lines[at]}"
    lines[first - 1] = f"  {lines[first - 1]}"
    if changes.gone:
        more = f" and {len(changes.gone) - NAMED} more" if len(changes.gone) > NAMED else ""
        lines += ["", f"{GONE} {plural(len(changes.gone), 'row')} gone: {', '.join(changes.gone[:NAMED])}{more}"]
    return lines


def _print_line(context: Context, seen: Sequence[Seen], *, many: bool) -> None:
    """One answer on one line, and out with it."""
    documents = [document(one.session, one.results) for one in seen]
    if documents:
        context.out(json.dumps(documents if many else documents[0]))
        context.flush()
