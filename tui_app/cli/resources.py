"""`roledeck resources ROLE…`: a first sight of what each role can see, or the rows of views; several roles side by side."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from tui_app.cli.arguments import add_session_arguments
from tui_app.cli.resources_json import document
from tui_app.cli.resources_seen import Seen
from tui_app.errors import RoledeckError, UsageError
from tui_app.explorer import sheet
from tui_app.explorer.fetch import Tally, ViewResult, fetch_first_sight, fetch_pages, regions_of
from tui_app.explorer.view import View
from tui_app.model import Role, Session
from tui_app.text import clean, nearest

if TYPE_CHECKING:
    from tui_app.cli.context import Context

EXIT_CODES = {"expired": 4, "out_of_reach": 5, "broken": 5, "not_aws": 5}
ALL_REGIONS = "all"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """ROLE…, what to look at, where, how to answer, and what every command that takes a role takes."""
    parser.add_argument("roles", nargs="+", metavar="ROLE", help="profile, account/role or ARN; several are shown side by side")
    parser.add_argument("--service", action="append", default=[], metavar="S", help="the rows of this service's views (repeatable)")
    parser.add_argument(
        "--view", action="append", default=[], metavar="V", help="the rows of this view; roledeck views lists them (repeatable)"
    )
    parser.add_argument(
        "--in",
        action="append",
        default=[],
        dest="inside",
        metavar="ROW",
        help="the row that the view is opened at, by name or id (repeatable)",
    )
    parser.add_argument("--every-view", action="store_true", help="count all views, not only those of the first sight")
    parser.add_argument(
        "--region", action="append", default=[], metavar="R", help="look in this region; all: every enabled one (repeatable)"
    )
    parser.add_argument("--all-pages", action="store_true", help="every page, not only the first")
    parser.add_argument("--every", metavar="TIME", help="the rows again and again, what changed marked, until Ctrl-C: 10s, 5m")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one object for one role, a list of them for several")
    form.add_argument("--csv", action="store_true", help="the rows of one view, or without one what each role can see")
    add_session_arguments(parser)


def run(options: argparse.Namespace, context: Context) -> int:
    """Look with each role in turn and print what they saw; a refused view is part of the answer, not a failure.

    Of several roles, one that cannot be assumed is told on stderr and decides the exit code; the others are shown.
    """
    wanted = replace(context.wanted(options), region=None)  # --region is where to look; the role may be somebody where it cannot look
    every_region = ALL_REGIONS in options.region
    options.region = [region for region in options.region if region != ALL_REGIONS]
    _check_regions(options.region, context)
    views = _views(options, context)
    roles = [context.find_role(name, options.via) for name in options.roles]

    def look() -> tuple[list[Seen], list[RoledeckError]]:
        nonlocal wanted
        seen: list[Seen] = []
        failures: list[RoledeckError] = []
        for role in roles:
            try:
                session = context.broker.obtain(role, wanted, context.ask_code)
            except RoledeckError as failure:
                failures.append(failure)
                continue
            places = _every_region(options, context, role, session) if every_region else (regions_of(role, session, options.region), ())
            seen.append(_look(options, context, Seen(role, session), views, *places))
        wanted = replace(wanted, fresh=False)  # --fresh is meant once, however often is looked
        return seen, failures

    if options.every is not None:
        from tui_app.cli.resources_every import run_every

        return run_every(options, context, views, look)
    seen, failures = look()
    if not seen:
        raise failures[0]
    return _tell(options, context, seen, failures)


def _tell(options: argparse.Namespace, context: Context, seen: Sequence[Seen], failures: Sequence[RoledeckError]) -> int:
    """Print what was seen, and who could not look; the exit code."""
    for refused in failures:
        context.note(refused.sentence())
    for one in seen:
        if may_be_revoked(one.session, one.results):
            who = clean(f"{one.role.account.label}/{one.role.short_name}")
            context.note(f"An explicit Deny forbids {who} all of it. If its sessions have been revoked, --fresh begins one that is not.")
    _print(options, context, seen, many=len(options.roles) > 1)
    return failures[0].exit_code if failures else exit_code([result for one in seen for result in one.results])


def may_be_revoked(session: Session, results: Sequence[ViewResult]) -> bool:
    """Whether all that was asked is refused as after AWSRevokeOlderSessions, and by a session from before this command.

    The policy denies everything to sessions issued before a moment (IAM user guide, "Revoke IAM role temporary credentials").
    """
    return bool(results) and session.from_cache and all(result.refusal and result.refusal.explicit for result in results)


def exit_code(results: Sequence[ViewResult]) -> int:
    """0 where any view was answered, if only with a denial; else what kept all of them from answering."""
    causes = {result.cause for result in results if result.state == "error"}
    if not results or len([result for result in results if result.state == "error"]) < len(results):
        return 0
    return next((EXIT_CODES[cause] for cause in EXIT_CODES if cause in causes), 1)


def _check_regions(regions: Sequence[str], context: Context) -> None:
    """Refuse what cannot be a region, and note one that botocore has not heard of: it may be newer than botocore.

    Raises:
        UsageError: no partition has regions of such a name.
    """
    if not any(regions):
        return
    from tui_app.aws.partitions import PARTITIONS, partition_of_region

    known = [region for partition in PARTITIONS for region in context.door.regions(partition.id)]
    for region in filter(None, regions):
        if region in known:
            continue
        near = nearest(region.casefold(), known)
        hint = f"Did you mean {near}?" if near else "A region is written like eu-west-1; all stands for every enabled one."
        if partition_of_region(region) is None:
            raise UsageError(f"{clean(region, 64)} is no region of AWS.", hint)
        context.note(f"botocore knows no region {clean(region, 64)}. {hint}")


def _views(options: argparse.Namespace, context: Context) -> tuple[View, ...]:
    """The views that the options name.

    Raises:
        UsageError: there is none of that name, or `--in` does not fit it.
    """
    from tui_app.explorer.own_views import doubts, first_sight_of, own_views
    from tui_app.explorer.views import SUB_VIEWS, VIEWS

    explorer = context.catalog.settings.explorer
    own, problems = own_views(explorer)
    for problem in problems:
        context.note(f"{problem.where}: {problem.message} {problem.mend}".strip())
    found = [view for word in options.service for view in _called(word, (*VIEWS, *own))]
    found += [view for word in options.view for view in _called(word, (*VIEWS, *own, *SUB_VIEWS), exact=True)]
    views = tuple(dict.fromkeys(found))
    below = [view for view in views if view.parents]
    if (options.inside or below) and len(views) != 1:
        raise UsageError("--in and views inside others go with one --view.", "roledeck views shows what lies in what.")
    if below:
        from tui_app.explorer.descend import way_to

        way_to(views[0], len(options.inside))
    elif options.inside:
        raise UsageError(f"{views[0].name} lies in no other view.", "Leave --in out.")
    if not views:
        views = (*VIEWS, *own) if options.every_view else first_sight_of(explorer)[0]
    for doubt in doubts(explorer, views):
        context.note(f"{doubt.where}: {doubt.message} {doubt.mend}")
    return views


def _called(word: str, among: tuple[View, ...], *, exact: bool = False) -> tuple[View, ...]:
    from tui_app.explorer.views import known_words, views_called

    called = tuple(view for view in among if view.name == word.casefold()) if exact else views_called(word, among)
    if not called:
        known = [view.name for view in among] if exact else known_words(among)
        near = nearest(word.casefold(), known)
        hint = f"Did you mean {near}?" if near else "roledeck views lists them."
        raise UsageError(f"There is no view {'' if exact else 'or service '}{clean(word)!r}.", hint)
    return called


def _look(
    options: argparse.Namespace, context: Context, who: Seen, views: tuple[View, ...], regions: tuple[str, ...], off: tuple[str, ...]
) -> Seen:
    tally = Tally()
    if options.inside:
        from tui_app.explorer.descend import fetch_in

        results = fetch_in(views[0], options.inside, context.door, who.session, regions, tally=tally)
    else:
        results = fetch_first_sight(context.door, who.session, regions, _unheard, views=views, tally=tally, off=off)
    if options.all_pages:
        results = tuple(fetch_pages(result, context.door, who.session, tally=tally) for result in results)
    return replace(who, results=results, calls=tally.calls, throttles=tally.throttles)


def _every_region(options: argparse.Namespace, context: Context, role: Role, session: Session) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The enabled regions, the role's own first, and those known to be off."""
    from tui_app.explorer.regions import enabled_regions

    known = enabled_regions(context.door, session)
    if not known.told_by:
        context.note("AWS does not say which regions are enabled, so all that botocore knows are asked.")
    home = tuple(region for region in regions_of(role, session)[:1] if region in known.enabled)
    return tuple(dict.fromkeys((*home, *options.region, *known.enabled))), known.off


def _print(options: argparse.Namespace, context: Context, seen: Sequence[Seen], *, many: bool) -> None:
    with_rows = bool(options.service or options.view)
    if options.json:
        documents = [document(one.session, one.results) for one in seen]
        context.json(documents if many else documents[0])
        return
    seen = tuple({(one.session.identity.arn, one.session.identity.account): one for one in reversed(seen)}.values())[::-1]
    if options.csv:
        context.out(_csv(seen, with_rows=with_rows).rstrip("\n"))
    elif len(seen) == 1:
        context.out("\n".join(_text(seen[0], with_rows=with_rows)))
    else:
        context.out("\n".join(_side_by_side(seen, with_rows=with_rows)))


def _csv(seen: Sequence[Seen], *, with_rows: bool) -> str:
    """One table.

    Raises:
        UsageError: rows of several views, which have different columns.
    """
    from tui_app.explorer.export import rows_as_csv, sheet_as_csv

    results = [result for one in seen for result in one.results]
    views = list(dict.fromkeys(result.view.name for result in results))
    if not with_rows:
        return sheet_as_csv(results)
    if len(views) > 1:
        raise UsageError(f"--csv writes the rows of one view, and these are {len(views)}.", f"Name one with --view: {', '.join(views)}.")
    return rows_as_csv(results)


def _text(one: Seen, *, with_rows: bool) -> list[str]:
    lines = [sheet.GAP.join((clean(one.role.account.label), clean(one.role.short_name), one.session.identity.account)), ""]
    if with_rows:
        for result in one.results:
            lines += [*sheet.table(result, _width()), ""]
    else:
        lines += [*sheet.overview(one.results), ""]
    return [*lines, _stamp(one)]


def _side_by_side(seen: Sequence[Seen], *, with_rows: bool) -> list[str]:
    """One sheet or one table a view for all roles, then who was answered."""
    from tui_app.explorer.compare import side_by_side, who
    from tui_app.explorer.side_sheet import counts, side_table

    labels = {who(one.results[0]): clean(f"{one.role.account.label}/{one.role.short_name}") for one in seen if one.results}
    results = [result for one in seen for result in one.results]
    lines: list[str] = []
    if with_rows:
        ordered = sorted(results, key=lambda result: [result.view for result in results].index(result.view))
        for _, members in groupby(ordered, key=lambda result: result.view.name):
            side = side_by_side(tuple(members))
            lines += [*side_table(side, [labels[person] for person in side.identities], _width()), ""]
    else:
        lines += [*counts(results, list(labels.values())), ""]
    return [*lines, *(_stamp(one) for one in seen if one.results)]


def _stamp(one: Seen) -> str:
    return sheet.stamp(one.results, one.calls, one.throttles)


def _width() -> int | None:
    return os.get_terminal_size().columns if sys.stdout.isatty() else None


def _unheard(_result: ViewResult) -> None:
    """The command prints when all are there."""
