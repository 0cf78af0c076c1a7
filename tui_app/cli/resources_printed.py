"""What `roledeck resources` prints: the sheet or the rows of one role, those of several side by side, CSV, JSON."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from tui_app.cli.inks import terminal_width
from tui_app.cli.resources_json import document
from tui_app.cli.resources_seen import Seen
from tui_app.explorer import sheet
from tui_app.text import clean, plural

if TYPE_CHECKING:
    from tui_app.cli.context import Context
    from tui_app.explorer.labels import Named
    from tui_app.explorer.results import ViewResult


def print_seen(options: argparse.Namespace, context: Context, seen: Sequence[Seen]) -> None:
    """As text, one CSV table, or JSON: an object for one role, a list for several."""
    with_rows = bool(options.service or options.view)
    if options.json:
        documents = [document(one.session, one.results) for one in seen]
        context.json(documents if len(options.roles) > 1 else documents[0])
        return
    seen = tuple({(one.session.identity.arn, one.session.identity.account): one for one in reversed(seen)}.values())[::-1]
    if options.csv:
        context.out(_csv(seen, with_rows=with_rows).rstrip("\n"))
        for line in _lacking(options, seen) if with_rows else ():
            context.note(line)
    elif len(seen) == 1:
        context.out("\n".join(_text(seen[0], with_rows=with_rows)))
    else:
        context.out("\n".join(_side_by_side(seen, with_rows=with_rows)))


def _csv(seen: Sequence[Seen], *, with_rows: bool) -> str:
    from tui_app.explorer.export import rows_as_csv, sheet_as_csv

    results = [result for one in seen for result in one.results]
    return rows_as_csv(results) if with_rows else sheet_as_csv(results)


def _lacking(options: argparse.Namespace, seen: Sequence[Seen]) -> Iterator[str]:
    """What a CSV of rows cannot say of itself: which answers are not there, or not whole, and why."""
    for one in seen:
        who = (clean(f"{one.role.account.label}/{one.role.short_name}"),) if len(seen) > 1 else ()
        for result in one.results:
            why = _why_not_whole(result, all_pages=options.all_pages)
            if why:
                yield f"{', '.join((*who, result.view.title, clean(result.region)))}: {why}"


def _why_not_whole(result: ViewResult, *, all_pages: bool) -> str:
    """Why rows are missing, in a sentence; an empty text where none are."""
    first = f"only the first {plural(result.count, 'row')}" if result.rows else ""
    if result.state == "denied":
        denied = ", ".join(filter(None, (f"{result.action} is denied", result.denied_by)))
        return f"{first}; {denied}." if first else f"{denied}."
    if result.state != "ok":
        return f"{first}. {result.message}" if first else result.message
    if result.more:
        return f"{first or 'no rows'}, and there is more.{'' if all_pages else ' --all-pages takes every page.'}"
    return result.note


def _text(one: Seen, *, with_rows: bool) -> list[str]:
    lines = [sheet.GAP.join((clean(one.role.account.label), clean(one.role.short_name), one.session.identity.account)), ""]
    if with_rows:
        for result in one.results:
            lines += [*sheet.table(result, terminal_width()), ""]
    else:
        lines += [*sheet.overview(one.results), ""]
    return [*lines, _stamp(one)]


def _side_by_side(seen: Sequence[Seen], *, with_rows: bool) -> list[str]:
    """One sheet or one table a view for all roles, then who was answered."""
    from tui_app.explorer.compare import side_by_side, who
    from tui_app.explorer.side_sheet import counts, side_table

    answered = [one for one in seen if one.results]
    names = dict(zip((who(one.results[0]) for one in answered), _names(answered), strict=True))
    results = [result for one in seen for result in one.results]
    lines: list[str] = []
    if with_rows:
        ordered = sorted(results, key=lambda result: [result.view for result in results].index(result.view))
        for _, members in groupby(ordered, key=lambda result: result.view.name):
            side = side_by_side(tuple(members))
            lines += [*side_table(side, tuple(names[person] for person in side.identities), terminal_width()), ""]
    else:
        lines += [*counts(results, tuple(names.values()), terminal_width()), ""]
    return [*lines, *(_stamp(one) for one in answered)]


def _names(seen: Sequence[Seen]) -> list[Named]:
    """What the roles are called; two sessions of one role, or of two accounts with one name, by their keys too."""
    from tui_app.explorer.labels import Named

    plain = [Named(clean(one.role.account.label), clean(one.role.short_name)) for one in seen]
    return [
        replace(name, role=f"{name.role} {clean(one.role.key)}") if plain.count(name) > 1 else name
        for name, one in zip(plain, seen, strict=True)
    ]


def _stamp(one: Seen) -> str:
    return sheet.stamp(one.results, one.calls, one.throttles)
