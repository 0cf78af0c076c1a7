"""`roledeck ls [QUERY]`: accounts and roles by environment, with state and time left, from files and the session cache."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Mapping, Sequence

from tui_app import paths
from tui_app.catalog.search import filter_roles, haystacks_of
from tui_app.cli.context import Context
from tui_app.cli.inks import Inks
from tui_app.clock import rfc3339, time_left, wall_clock
from tui_app.errors import RoledeckError
from tui_app.model import Origin, Problem, Role, State, session_state
from tui_app.text import clean, middle, plural
from tui_app.values import frozen

_RANKS = {"prod": 0, "production": 0, "staging": 1, "dev": 2, "development": 2, "shared": 3}
_PRODUCTION = frozenset({"prod", "production"})
_OTHER = "other"
_GAP, _MARGIN = "  ", "  "
_PROBLEMS_SHOWN = 5
_NARROWEST = (12, 12, 0, 8)
"""Account, role, profile and via are not cut below this."""


@frozen
class Listed:
    """A role with what is known of its session; `expires` in epoch seconds."""

    role: Role
    state: State
    expires: float | None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """QUERY, `--json`, `--names`."""
    parser.add_argument(
        "query", nargs="*", metavar="QUERY", help="words in any order, also env:prod role:admin account:pay via:dev state:live"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="answer as JSON")
    form.add_argument("--names", action="store_true", help="only the names, one a line, as other commands take them")


def run(options: argparse.Namespace, context: Context) -> int:
    """Print the roles that match, best first in each environment; no match is an empty answer, not a failure."""
    query = " ".join(options.query)
    if options.names and not query:
        return _names(context)
    listed = _matching(context, query)
    if options.names:
        for item in listed:
            context.out(clean(item.role.key))
    elif options.json:
        context.json([document(item) for item in listed])
    else:
        _table(listed, context)
        if not listed:
            _nothing(query, context)
    if not options.names:
        _tell_problems(context)
    return 0


def document(item: Listed) -> Mapping[str, object]:
    """One role of the `--json` answer."""
    role, account = item.role, item.role.account
    return {
        "account": {"id": account.id, "name": account.name, "environment": account.environment},
        "role": role.name,
        "profile": role.profile,
        "arn": role.arn,
        "via": role.via,
        "state": item.state,
        "expires": None if item.expires is None else rfc3339(item.expires),
        "from": str(role.origin) if role.origin else "",
        "name": role.key,
    }


def _names(context: Context) -> int:
    from tui_app.catalog.quick import names_fast

    for name in names_fast(context.environ):
        context.out(clean(name))
    return 0


def _matching(context: Context, query: str) -> list[Listed]:
    roles = context.catalog.roles
    expiries, now = _expiries(context), wall_clock()
    listed = [_listed(role, expiries, now) for role in roles]
    if not query:
        return listed
    found = filter_roles(haystacks_of(roles), query, [item.state for item in listed])
    return [listed[number] for number in found]


def _listed(role: Role, expiries: Mapping[str, float], now: float) -> Listed:
    expires = expiries.get(role.key)
    return Listed(role, session_state(expires, now), expires)


def _expiries(context: Context) -> Mapping[str, float]:
    """The end of each role's longest session by the role's key; without a cache that can be read there are none."""
    try:
        sessions = context.broker.known()
    except RoledeckError as failure:
        context.note(clean(failure.sentence()))
        return {}
    ends: dict[str, float] = {}
    for session in sessions:
        ends[session.role_key] = max(session.credentials.expires, ends.get(session.role_key, 0.0))
    return ends


def _table(listed: Sequence[Listed], context: Context) -> None:
    inks, now = Inks(context.environ), wall_clock()
    groups: dict[str, list[Listed]] = {}
    for item in listed:
        groups.setdefault(item.role.account.environment, []).append(item)
    line = _columns(listed, inks, now)
    for number, environment in enumerate(sorted(groups, key=_order)):
        if number:
            context.out("")
        live = sum(item.state in {"live", "expiring"} for item in groups[environment])
        heading = inks.paint(clean(environment or _OTHER), "prod" if environment in _PRODUCTION else "strong")
        count = plural(len(groups[environment]), "role") + (f", {live} live" if live else "")
        context.out(f"{heading}{_GAP}{inks.paint(count, 'muted')}")
        for item in groups[environment]:
            context.out(line(item))


def _order(environment: str) -> tuple[bool, int, str]:
    return (not environment, _RANKS.get(environment.casefold(), len(_RANKS)), environment)


def _columns(listed: Sequence[Listed], inks: Inks, now: float) -> Callable[[Listed], str]:
    """A row as text: sign, account, role, profile where there are any, via, state or time left."""
    cells = [_cells(item) for item in listed]
    words = [_left(item, inks, now) for item in listed]
    last = max(map(len, words), default=0)
    widths = [max((len(row[column]) for row in cells), default=0) for column in range(len(_NARROWEST))]
    if inks.terminal:
        room = os.get_terminal_size().columns - len(_MARGIN) - len("● ") - last - len(_GAP) * sum(width > 0 for width in widths)
        widths = _fitted(widths, room)

    def line(item: Listed) -> str:
        row = _GAP.join(middle(text, width).ljust(width) for text, width in zip(_cells(item), widths, strict=True) if width)
        left = inks.paint(_left(item, inks, now).rjust(last), item.state)
        return f"{_MARGIN}{inks.paint(inks.sign(item.state), item.state)} {row}{_GAP}{left}"

    return line


def _fitted(widths: Sequence[int], room: int) -> list[int]:
    """Widths that fit: first the role gives way, then via, then the account; what one types is never cut."""
    fitted = list(widths)
    for column in (1, 3, 0):
        too_much = sum(fitted) - room
        fitted[column] -= max(0, min(too_much, fitted[column] - _NARROWEST[column]))
    return fitted


def _cells(item: Listed) -> tuple[str, str, str, str]:
    role = item.role
    return clean(role.account.label), clean(role.short_name), clean(role.profile or ""), clean(role.via)


def _left(item: Listed, inks: Inks, now: float) -> str:
    if item.state in {"live", "expiring"} and item.expires is not None:
        return time_left(item.expires - now)
    return inks.dash() if item.state == "never" else item.state


def _nothing(query: str, context: Context) -> None:
    if context.catalog.roles:
        context.note(f'No role matches "{clean(query)}". `roledeck ls` shows all {len(context.catalog.roles)}.')
    else:
        context.note("No file names a role yet. Write one into config.toml, or look round with `roledeck demo`.")


def _tell_problems(context: Context) -> None:
    problems = context.catalog.problems
    for problem in problems[:_PROBLEMS_SHOWN]:
        context.note(told(problem, context))
    if len(problems) > _PROBLEMS_SHOWN:
        context.note(f"and {plural(len(problems) - _PROBLEMS_SHOWN, 'more problem')} in the files.")


def told(problem: Problem, context: Context) -> str:
    """A problem on one line: where, what, and what to do."""
    where = problem.where
    place = str(Origin(paths.shown(where.path, context.environ), where.line)) + _GAP if where else ""
    return clean(f"{place}{problem.message} {problem.mend}".rstrip())
