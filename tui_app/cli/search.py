"""`roledeck search WORDS…`: resources of every live session at once, by AWS's own engines, and which engine answered whom."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui_app.cli.arguments import Parser, add_session_arguments
from tui_app.cli.inks import terminal_width
from tui_app.cli.regions import check_regions
from tui_app.cli.several_roles import each_once, first_of, whose
from tui_app.errors import NeedsPerson, RoledeckError, UsageError
from tui_app.explorer.asking import Asking, Tally
from tui_app.explorer.estate.answers import Part, Searcher, merged
from tui_app.explorer.estate.query import Query, parse
from tui_app.text import clean, plural

if TYPE_CHECKING:
    from tui_app.cli.context import Context
    from tui_app.model import Role, Session

_EXCLUDING = re.compile(r"-[^-]")
"""A word that begins with a minus is one that excludes, as in Resource Explorer itself."""
_EXIT_CODES = (("expired", 4), ("denied", 4), ("out_of_reach", 5), ("broken", 5), ("not_aws", 5), ("throttled", 5))
_WORDS_REFUSED = "ValidationException"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """WORDS…, who searches, where, how to answer, and what every command that takes a role takes."""
    if isinstance(parser, Parser):
        parser.intermixed = True
        parser._negative_number_matcher = _EXCLUDING  # noqa: SLF001 - argparse has no other way to let words begin so
    parser.add_argument(
        "words", nargs="+", metavar="WORDS", help="names, ids, ARNs, and filters: service: region: resourcetype: tag:key=value tag:none -…"
    )
    parser.add_argument(
        "--with",
        action="append",
        default=[],
        dest="roles",
        metavar="ROLE",
        help="search with this role, not every live session (repeatable)",
    )
    parser.add_argument("--region", action="append", default=[], metavar="R", help="only what lies in this region (repeatable)")
    parser.add_argument("--all-pages", action="store_true", help="every page, not only the first thousand")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one object: who answered, and the resources")
    form.add_argument("--csv", action="store_true", help="a line for each resource; who answered goes to stderr")
    add_session_arguments(parser)


def run(options: argparse.Namespace, context: Context) -> int:
    """Search with everybody at once; a role that is refused is told of, and loses nobody else's rows."""
    _check_sessions(options)
    query = parse(" ".join(options.words))
    check_regions(options.region, context)
    searchers, failures = _searchers(options, context)
    for doubt in query.doubts:
        context.note(doubt)
    tally = Tally()
    parts = _found(options, context, searchers, query, tally)
    for failure in failures:
        context.note(failure.sentence())
    _print(options, context, query, parts, tally)
    return failures[0].exit_code if failures else exit_code(parts)


def _check_sessions(options: argparse.Namespace) -> None:
    """Refuse what is said of new sessions where none is made.

    Raises:
        UsageError: no role is named.
    """
    said = [name for name in ("duration", "fresh", "via") if getattr(options, name)]
    if said and not options.roles:
        raise UsageError(f"--{said[0]} goes with --with ROLE.", "Without a role the live sessions search as they are.")


def exit_code(parts: Sequence[Part]) -> int:
    """0 where anybody was answered; else what kept all of them from answering."""
    if any(part.state == "ok" or part.found for part in parts):
        return 0
    causes = {part.cause for part in parts}
    if any(part.refusal and part.refusal.code == _WORDS_REFUSED for part in parts):
        return 4
    return next((code for cause, code in _EXIT_CODES if cause in causes), 1)


def _searchers(options: argparse.Namespace, context: Context) -> tuple[list[Searcher], list[RoledeckError]]:
    """The roles asked for, each with a session, and why others have none; without any asked for, whoever has a live session.

    Raises:
        RoledeckError: nobody can search.
    """
    if not options.roles:
        return _live(options, context), []
    from dataclasses import replace

    wanted = replace(context.wanted(options), region=None)  # --region is where to look; the role may be somebody where it cannot look
    roles = each_once([context.find_role(name, options.via) for name in options.roles])
    found: list[Searcher] = []
    failures: list[RoledeckError] = []
    for role in roles:
        try:
            found.append(_searcher(options, context, role.key, context.broker.obtain(role, wanted, context.ask_code), role))
        except RoledeckError as failure:
            failures.append(whose(failure, role, roles))
    if not found:
        raise first_of(failures, context)
    return found, failures


def _live(options: argparse.Namespace, context: Context) -> list[Searcher]:
    sessions = context.broker.sessions()
    if not sessions:
        raise NeedsPerson(
            "No role has a live session, so nobody can search.", "Get one with roledeck assume ROLE, or name a role: --with ROLE."
        )
    found = [(session, context.catalog.role(session.role_key)) for session in sessions]
    return [_searcher(options, context, session.role_key, session, role) for session, role in found]


def _searcher(options: argparse.Namespace, context: Context, key: str, session: Session, role: Role | None) -> Searcher:
    from tui_app.explorer.estate.search import searcher_of
    from tui_app.explorer.regions import own_regions

    asked = tuple(dict.fromkeys(filter(None, options.region)))
    regions = asked or own_regions(context.catalog, role, session, context.environ)
    return searcher_of(key, session, role, regions, only=bool(asked))


def _found(options: argparse.Namespace, context: Context, searchers: Sequence[Searcher], query: Query, tally: Tally) -> tuple[Part, ...]:
    from tui_app.explorer.estate.search import all_pages, search_estate

    how = Asking(context.door, tally=tally)
    parts = search_estate(how, searchers, query, lambda _part, _progress: None)
    if options.all_pages:
        by_key = {searcher.key: searcher for searcher in searchers}
        parts = tuple(all_pages(how, part, by_key[part.searcher], query) for part in parts)
    return parts


def _print(options: argparse.Namespace, context: Context, query: Query, parts: Sequence[Part], tally: Tally) -> None:
    from tui_app.clock import wall_clock
    from tui_app.explorer.estate.reports import document, rows_as_csv, table
    from tui_app.explorer.estate.words import lines_of

    names = {account.id: account.label for account in context.catalog.accounts if account.label != account.id}
    if options.json:
        context.json(document(query, parts, merged(parts), names))
    elif options.csv:
        context.out(rows_as_csv(merged(parts), names).rstrip("\n"))
        for line in lines_of(parts, wall_clock()):
            context.note(line.text())
    else:
        context.out("\n".join(table(parts, names, wall_clock(), terminal_width())))
        slowed = f", {plural(tally.throttles, 'throttle')}" if tally.throttles else ""
        context.out(f"\n{plural(tally.calls, 'call')}{slowed}, searched for {clean(query.text) or 'everything'}")
