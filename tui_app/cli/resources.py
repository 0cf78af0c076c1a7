"""`roledeck resources ROLE…`: a first sight of what each role can see, or the rows of views; several roles side by side."""

from __future__ import annotations

import argparse
from collections.abc import Container, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tui_app.cli.arguments import FRESH, add_session_arguments
from tui_app.cli.places import told
from tui_app.cli.regions import check_regions
from tui_app.cli.resources_printed import print_seen
from tui_app.cli.resources_seen import Seen
from tui_app.cli.several_roles import each_once, first_of, whose
from tui_app.errors import RoledeckError, UsageError
from tui_app.explorer.asking import Asker, Asking, Tally
from tui_app.explorer.fetch import fetch_first_sight, fetch_pages, regions_of
from tui_app.explorer.regions import own_regions, same_for_all
from tui_app.explorer.results import ViewResult
from tui_app.explorer.view import View
from tui_app.model import Role
from tui_app.text import clean, nearest

if TYPE_CHECKING:
    from tui_app.cli.context import Context
    from tui_app.sessions.broker import Wanted

EXIT_CODES = {"expired": 4, "out_of_reach": 5, "broken": 5, "not_aws": 5, "throttled": 5}
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
        "--region",
        action="append",
        default=[],
        metavar="R",
        help="look in this region; all: every enabled one (repeatable); without it the roles' own, and several roles in the same ones",
    )
    parser.add_argument("--all-pages", action="store_true", help="every page, not only the first")
    parser.add_argument("--every", metavar="TIME", help="the rows again and again, what changed marked, until Ctrl-C: 10s, 5m")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one object for one role, a list of them for several")
    form.add_argument("--csv", action="store_true", help="the rows of one view, or without one what each role can see")
    add_session_arguments(parser, fresh=f"{FRESH}; with --every at the first look only, later ones renew what has ended")


def run(options: argparse.Namespace, context: Context) -> int:
    """Look with each role in turn and print what they saw; a refused view is part of the answer, not a failure.

    Of several roles, one that cannot be assumed is told on stderr and decides the exit code; the others are shown.
    """
    every_region = ALL_REGIONS in options.region
    options.region = [region for region in options.region if region != ALL_REGIONS]
    check_regions(options.region, context, f"; {ALL_REGIONS} stands for every enabled one")
    views = _views(options, context)
    look = _Look(options, context, views, every_region=every_region)
    if options.every is not None:
        from tui_app.cli.resources_every import run_every

        return run_every(options, context, views, look)
    seen, failures = look()
    if not seen:
        raise first_of(failures, context)
    return _tell(options, context, seen, failures)


class _Look:
    """Looks with each role, as often as it is called, and gives what they saw and why others could not look."""

    def __init__(self, options: argparse.Namespace, context: Context, views: tuple[View, ...], *, every_region: bool) -> None:
        self._options, self._context, self._views, self._every_region = options, context, views, every_region
        # where to look is no matter of the session; the role may be somebody where it cannot look
        self._wanted = replace(context.wanted(options), region=None)
        self._roles = [context.find_role(name, options.via) for name in options.roles]
        self._over: set[str] = set()
        """The roles whose sessions AWS called over at the last look."""

    def __call__(self) -> tuple[list[Seen], list[RoledeckError]]:
        obtained, failures = _obtained(each_once(self._roles), self._wanted, self._over, self._context)
        self._wanted = replace(self._wanted, fresh=False)  # --fresh is meant once, however often is looked
        known = [_own_regions(self._context, one) for one in obtained]
        seen = [self._seen(one, known) for one in obtained]
        # the next look begins with a new session, but not where a new one was over as soon as it was there
        self._over = {one.role.key for one in seen if any(result.cause == "expired" for result in one.results)} - self._over
        by_key = {one.role.key: one for one in seen}
        return [by_key[role.key] for role in self._roles if role.key in by_key], failures

    def _seen(self, who: Seen, known: Sequence[tuple[str, ...]]) -> Seen:
        tally = Tally()
        asker = Asker(who.session, Asking(self._context.door, tally=tally))
        results = _look(self._options, asker, self._views, *self._places(who, known, tally))
        return replace(who, results=results, calls=tally.calls, throttles=tally.throttles)

    def _places(self, who: Seen, known: Sequence[tuple[str, ...]], tally: Tally) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Where to look, and which regions are known to be off; `known` is where each role is looked at by itself."""
        if self._every_region:
            return _every_region(self._options, self._context, who, tally)
        named = tuple(self._options.region) or same_for_all(known, who.session.identity.arn)
        return regions_of(who.role, who.session, named), ()


def _obtained(roles: Sequence[Role], wanted: Wanted, over: Container[str], context: Context) -> tuple[list[Seen], list[RoledeckError]]:
    """Each role with its session, a new one where AWS said that the last was `over`, and why others have none."""
    obtained: list[Seen] = []
    failures: list[RoledeckError] = []
    for role in roles:
        try:
            asked = replace(wanted, fresh=True) if role.key in over else wanted
            obtained.append(Seen(role, context.broker.obtain(role, asked, context.ask_code)))
        except RoledeckError as failure:
            failures.append(whose(failure, role, roles))
    return obtained, failures


def _tell(options: argparse.Namespace, context: Context, seen: Sequence[Seen], failures: Sequence[RoledeckError]) -> int:
    """Print what was seen, and who could not look; the exit code."""
    for refused in failures:
        context.note(refused.sentence())
    for one in seen:
        if one.may_be_revoked:
            context.note(one.revoked_note())
    print_seen(options, context, seen)
    return failures[0].exit_code if failures else exit_code([result for one in seen for result in one.results])


def exit_code(results: Sequence[ViewResult]) -> int:
    """0 where any view was answered, if only with a denial; else what kept all of them from answering."""
    causes = {result.cause for result in results if result.state == "error"}
    if not results or len([result for result in results if result.state == "error"]) < len(results):
        return 0
    return next((EXIT_CODES[cause] for cause in EXIT_CODES if cause in causes), 1)


def _views(options: argparse.Namespace, context: Context) -> tuple[View, ...]:
    """The views that the options name.

    Raises:
        UsageError: there is none of that name, or the options contradict each other.
    """
    from tui_app.explorer.own_views import doubts, first_sight_of, own_views
    from tui_app.explorer.views import SUB_VIEWS, VIEWS

    named, explorer = _named_by(options), context.catalog.settings.explorer
    own, problems = own_views(explorer)
    for problem in problems:
        context.note(told(problem, context.environ))
    found = [view for word in options.service for view in _called(word, (*VIEWS, *own))]
    found += [view for word in options.view for view in _called(word, (*VIEWS, *own, *SUB_VIEWS), exact=True)]
    views = tuple(dict.fromkeys(found))
    _check_fit(options, views)
    if not named:
        views = (*VIEWS, *own) if options.every_view else first_sight_of(explorer)[0]
    for doubt in doubts(explorer, views):
        context.note(told(doubt, context.environ))
    return views


def _named_by(options: argparse.Namespace) -> str:
    """The option that names views; an empty text where all of the first sight are meant.

    Raises:
        UsageError: all views are asked for, and some.
    """
    named = "--view" if options.view else "--service" if options.service else ""
    if options.every_view and named:
        raise UsageError(f"--every-view counts all views, and {named} names some.", "Say one of them.")
    return named


def _check_fit(options: argparse.Namespace, views: Sequence[View]) -> None:
    """Whether what is said of the views fits the ones that are named.

    Raises:
        UsageError: `--in` does not, or `--csv`, as several views have different columns.
    """
    below = [view for view in views if view.parents]
    if (options.inside or below) and len(views) != 1:
        raise UsageError("--in and views inside others go with one --view.", "roledeck views shows what lies in what.")
    if below:
        from tui_app.explorer.descend import way_to

        way_to(views[0], len(options.inside))
    elif options.inside:
        raise UsageError(f"{views[0].name} lies in no other view.", "Leave --in out.")
    if options.csv and len(views) > 1:
        names = ", ".join(view.name for view in views)
        raise UsageError(f"--csv writes the rows of one view, and these are {len(views)}.", f"Name one with --view: {names}.")


def _called(word: str, among: tuple[View, ...], *, exact: bool = False) -> tuple[View, ...]:
    from tui_app.explorer.views import known_words, views_called

    called = tuple(view for view in among if view.name == word.casefold()) if exact else views_called(word, among)
    if not called:
        known = [view.name for view in among] if exact else known_words(among)
        near = nearest(word.casefold(), known)
        hint = f"Did you mean {near}?" if near else "roledeck views lists them."
        if exact and views_called(word, among):
            hint = f"--service {clean(word)} takes all views of that name."
        raise UsageError(f"There is no view {'' if exact else 'or service '}{clean(word)!r}.", hint)
    return called


def _look(
    options: argparse.Namespace, asker: Asker, views: tuple[View, ...], regions: tuple[str, ...], off: tuple[str, ...]
) -> tuple[ViewResult, ...]:
    if options.inside:
        from tui_app.explorer.descend import fetch_in

        results = fetch_in(asker, views[0], options.inside, regions)
    else:
        results = fetch_first_sight(asker, regions, _unheard, views=views, off=off)
    return tuple(fetch_pages(asker, result) for result in results) if options.all_pages else results


def _own_regions(context: Context, who: Seen) -> tuple[str, ...]:
    return own_regions(context.catalog, who.role, who.session, context.environ)


def _every_region(options: argparse.Namespace, context: Context, who: Seen, tally: Tally) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The enabled regions, the role's own first, and those known to be off."""
    from tui_app.explorer.regions import enabled_regions

    known = enabled_regions(context.door, who.session, tally=tally)
    if not known.told_by:
        context.note("AWS does not say which regions are enabled, so all that botocore knows are asked.")
    home = tuple(region for region in _own_regions(context, who)[:1] if region in known.enabled)
    return tuple(dict.fromkeys((*home, *options.region, *known.enabled))), known.off


def _unheard(_result: ViewResult) -> None:
    """The command prints when all are there."""
