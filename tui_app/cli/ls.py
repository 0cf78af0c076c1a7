"""`roledeck ls [QUERY]`: accounts and roles by environment, with state and time left, from files and the session cache."""

from __future__ import annotations

import argparse
import os
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from tui_app.catalog.discovered import sso_session_of
from tui_app.catalog.names import FIRST_STEPS
from tui_app.catalog.query import advice
from tui_app.catalog.search import Search, Standing, haystacks_of
from tui_app.cli.context import Context
from tui_app.cli.inks import Inks
from tui_app.cli.places import told
from tui_app.clock import ago, rfc3339, time_left, wall_clock
from tui_app.errors import RoledeckError
from tui_app.model import Role, State, session_state
from tui_app.text import cells, clean, padded, plural
from tui_app.values import frozen

_RANKS = {"prod": 0, "production": 0, "staging": 1, "dev": 2, "development": 2, "shared": 3}
_PRODUCTION = frozenset({"prod", "production"})
_OTHER = "other"
_GAP, _MARGIN = "  ", "  "
_PROBLEMS_SHOWN = 5
_COLUMNS = 4
_NARROWEST = (12, 12, 12, 8)
"""Account, role, profile and via are not cut below this."""
_GIVES_WAY = (1, 3, 0, 2)
"""Which of them is cut first: the role, via, the account, and what one types last."""
_WIDER = 3

NOT_REMEMBERED: Mapping[str, float] = {}


@frozen
class Listed:
    """A role with what is known of its session; `expires` in epoch seconds."""

    role: Role
    state: State
    expires: float | None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """QUERY, `--json`, `--names`."""
    parser.add_argument(
        "query",
        nargs="*",
        metavar="QUERY",
        help="words in any order; env: role: account: id: tag: region: via: profile: state: is: before one look there alone, "
        "! before one leaves out what has it (in quotes for the shell: '!env:prod'), \"\" keep spaces",
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
        seen = {one.path: one.at for one in context.catalog.discovered}
        context.json([document(item, seen) for item in listed])
    else:
        _table(listed, context)
        if not listed:
            _nothing(query, context)
    if not options.names:
        _tell_age(context)
        _tell_problems(context)
    return 0


def document(item: Listed, seen: Mapping[str, float] = NOT_REMEMBERED) -> Mapping[str, object]:
    """One role of the `--json` answer; `seen` has the moments at which Identity Center told of remembered roles, by file."""
    at = seen.get(item.role.origin.path) if item.role.origin else None
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
        **({} if at is None else {"seen": rfc3339(at)}),
    }


def _names(context: Context) -> int:
    from tui_app.catalog.quick import names_fast

    for name in names_fast(context.environ):
        context.out(clean(name))
    return 0


def _matching(context: Context, query: str) -> list[Listed]:
    listed = _all(context)
    if not query:
        return listed
    search, standing = _search(context)
    return [listed[number] for number in search(query, [item.state for item in listed], standing)]


def _all(context: Context) -> list[Listed]:
    expiries, now = _expiries(context), wall_clock()
    return [_listed(role, expiries, now) for role in context.catalog.roles]


def _search(context: Context) -> tuple[Search, Standing]:
    """The search over all roles, and what goes first among equals."""
    from tui_app.catalog.favourites import read_favourites
    from tui_app.catalog.recents import by_weight, read_recents

    roles = context.catalog.roles
    rows = {role.key: number for number, role in enumerate(roles)}
    favourites, recents = read_favourites(context.environ), by_weight(read_recents(context.environ), wall_clock())
    return Search(haystacks_of(roles)), Standing(*([rows[key] for key in keys if key in rows] for keys in (favourites, recents)))


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
    named = _told_apart(listed)
    table = [_cells(item, named) for item in listed]
    last = max((len(_left(item, inks, now)) for item in listed), default=0)
    widths = [max((cells(row[column]) for row in table), default=0) for column in range(_COLUMNS)]
    if inks.terminal:
        widths = _fitted(widths, os.get_terminal_size().columns - len(_MARGIN) - len("● ") - last)

    def line(item: Listed) -> str:
        row = "".join(padded(text, width) + _GAP for text, width in zip(_cells(item, named), widths, strict=True) if width)
        left = inks.paint(_left(item, inks, now).rjust(last), item.state)
        return f"{_MARGIN}{inks.paint(inks.sign(item.state), item.state)} {row}{left}"

    return line


def _fitted(widths: Sequence[int], room: int) -> list[int]:
    """Widths that fit, each with its gap: columns are cut in turn; where that does not do, via goes, then the account, then the profile."""
    fitted = list(widths)
    for column in _GIVES_WAY:
        too_much = _taken(fitted) - room
        fitted[column] -= max(0, min(too_much, fitted[column] - _NARROWEST[column]))
    for column in (3, 0, 2):
        if _taken(fitted) > room:
            fitted[column] = 0
    fitted[1] = max(1, fitted[1] - max(0, _taken(fitted) - room))
    return fitted


def _taken(widths: Sequence[int]) -> int:
    return sum(width + len(_GAP) for width in widths if width)


def _cells(item: Listed, named: Mapping[str, tuple[str, str]]) -> tuple[str, str, str, str]:
    role = item.role
    account, name = named[role.key]
    return clean(account), clean(name), clean(role.profile or ""), clean(sso_session_of(role.via) or role.via)


def _told_apart(listed: Sequence[Listed]) -> Mapping[str, tuple[str, str]]:
    """Account and role of each row by its key: with the account's id where two are called the same, with the path where two roles are."""
    ids: dict[str, set[str]] = defaultdict(set)
    paths: dict[tuple[str, str], set[str]] = defaultdict(set)
    roles = [item.role for item in listed]
    for role in roles:
        ids[role.account.label].add(role.account.id)
        paths[role.account.id, role.short_name].add(role.name)
    return {
        role.key: (
            role.account.label if len(ids[role.account.label]) == 1 else f"{role.account.label} {role.account.id}",
            role.short_name if len(paths[role.account.id, role.short_name]) == 1 else role.name,
        )
        for role in roles
    }


def _left(item: Listed, inks: Inks, now: float) -> str:
    if item.state in {"live", "expiring"} and item.expires is not None:
        return time_left(item.expires - now)
    return inks.dash() if item.state == "never" else item.state


def _nothing(query: str, context: Context) -> None:
    if context.catalog.roles:
        context.note(f'No role matches "{clean(query)}". `roledeck ls` shows all {len(context.catalog.roles):,}.')
        if hint := advice(query):
            context.note(hint)
        search, standing = _search(context)
        wider = search.without_each(query, [item.state for item in _all(context)], standing)[:_WIDER]
        if wider:
            context.note("Without " + "; without ".join(f"{clean(part)}: {plural(count, 'role')}" for part, count in wider) + ".")
    else:
        context.note(f"No file names a role yet. {FIRST_STEPS}")


def _tell_age(context: Context) -> None:
    """How old what Identity Center told is; said to people only."""
    if Inks(context.environ).terminal:
        for one in context.catalog.discovered:
            found = f"{plural(len(one.roles), 'role')} in {plural(len(one.accounts), 'account')}"
            context.note(f"{clean(one.sso_session)}: {found}, looked up {ago(wall_clock() - one.at)}. `roledeck import` asks again.")


def _tell_problems(context: Context) -> None:
    problems = context.catalog.problems
    for problem in problems[:_PROBLEMS_SHOWN]:
        context.note(told(problem, context.environ))
    if len(problems) > _PROBLEMS_SHOWN:
        context.note(f"and {plural(len(problems) - _PROBLEMS_SHOWN, 'more problem')} in the files.")
