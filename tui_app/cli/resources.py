"""`roledeck resources ROLE…`: a first sight of what each role can see, or the tables of one service."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tui_app.cli.arguments import add_session_arguments
from tui_app.errors import RoledeckError, UsageError
from tui_app.explorer import sheet
from tui_app.explorer.fetch import ViewResult, fetch_first_sight, regions_of
from tui_app.explorer.view import View
from tui_app.explorer.views import VIEWS, known_words, views_called
from tui_app.model import Role, Session
from tui_app.text import clean, nearest

if TYPE_CHECKING:
    from tui_app.cli.context import Context

EXIT_CODES = {"expired": 4, "out_of_reach": 5}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """ROLE…, --service, --region, --json, and what every command that takes a role takes."""
    parser.add_argument("roles", nargs="+", metavar="ROLE", help="profile, account/role or ARN; several are shown one after another")
    parser.add_argument("--service", action="append", default=[], metavar="S", help="only this service or view, with its rows (repeatable)")
    parser.add_argument("--region", action="append", default=[], metavar="R", help="look in this region (repeatable)")
    parser.add_argument("--json", action="store_true", help="one object for one role, a list of them for several")
    add_session_arguments(parser)


def run(options: argparse.Namespace, context: Context) -> int:
    """Look with each role in turn and print what it saw; a refused view is part of the answer, not a failure.

    Of several roles, one that cannot be assumed is told on stderr and decides the exit code; the others are shown.
    """
    views = _views(options.service)
    roles = [context.find_role(name, options.via) for name in options.roles]
    seen: list[tuple[Role, Session, tuple[ViewResult, ...]]] = []
    failures: list[RoledeckError] = []
    for role in roles:
        try:
            session = context.broker.obtain(role, context.wanted(options), context.ask_code)
        except RoledeckError as failure:
            failures.append(failure)
            continue
        results = fetch_first_sight(context.door, session, regions_of(role, session, options.region), _unheard, views=views)
        seen.append((role, session, results))
    if not seen:
        raise failures[0]
    for refused in failures:
        context.note(refused.sentence())
    if options.json:
        documents = [document(session, results) for _, session, results in seen]
        context.json(documents[0] if len(roles) == 1 else documents)
    else:
        sheets = (_text(role, session, results, with_rows=bool(options.service)) for role, session, results in seen)
        context.out("\n\n".join("\n".join(lines) for lines in sheets))
    return failures[0].exit_code if failures else exit_code([result for _, _, results in seen for result in results])


def document(session: Session, results: Sequence[ViewResult]) -> Mapping[str, Any]:
    """The `--json` answer of one role."""
    return {
        "identity": {"account": session.identity.account, "arn": session.identity.arn},
        "views": [
            {
                "view": result.view.name,
                "title": result.view.title,
                "service": result.service,
                "region": result.region,
                "state": result.state,
                "cause": result.cause or None,
                "count": result.count if result.state == "ok" else None,
                "more": result.more,
                "columns": list(result.columns),
                "rows": [list(row) for row in result.values],
                "arns": list(result.arns),
                "action": result.action,
                "message": result.aws_message or result.message,
                "denied_by": result.denied_by or None,
            }
            for result in results
        ],
    }


def exit_code(results: Sequence[ViewResult]) -> int:
    """0 where any view was answered, if only with a denial; else what kept all of them from answering."""
    causes = {result.cause for result in results if result.state == "error"}
    if not results or len([result for result in results if result.state == "error"]) < len(results):
        return 0
    return next((EXIT_CODES[cause] for cause in ("expired", "out_of_reach") if cause in causes), 1)


def _views(words: Sequence[str]) -> tuple[View, ...]:
    if not words:
        return VIEWS
    found: list[View] = []
    for word in words:
        called = views_called(word)
        if not called:
            near = nearest(word.casefold(), known_words())
            hint = f"Did you mean {near}?" if near else "roledeck views lists them."
            raise UsageError(f"There is no view or service {clean(word)!r}.", hint)
        found.extend(called)
    return tuple(dict.fromkeys(found))


def _text(role: Role, session: Session, results: Sequence[ViewResult], *, with_rows: bool) -> list[str]:
    lines = [sheet.GAP.join((clean(role.account.label), clean(role.short_name), session.identity.account)), ""]
    if with_rows:
        width = os.get_terminal_size().columns if sys.stdout.isatty() else None
        for result in results:
            lines += [*sheet.table(result, width), ""]
    else:
        lines += [*sheet.overview(results), ""]
    return [*lines, sheet.stamp(results)]


def _unheard(_result: ViewResult) -> None:
    """The command prints when all are there."""
