"""`roledeck assume ROLE`: get a session, verified and kept."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from tui_app.cli.arguments import add_role_arguments
from tui_app.cli.context import Context
from tui_app.clock import clock_time, rfc3339, time_left, wall_clock
from tui_app.model import Role, Session
from tui_app.text import clean

_CODE_FROM = {"none": "no code was needed", "mfa_session": "from the MFA session", "code": "with a fresh code"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """ROLE and its options."""
    add_role_arguments(parser)
    parser.add_argument("--json", action="store_true", help="answer as JSON")


def run(options: argparse.Namespace, context: Context) -> int:
    """Get the session and say who that is and for how long."""
    role = context.find_role(options.role, options.via)
    session = context.broker.obtain(role, context.wanted(options), context.ask_code, progress=_progress(options, context))
    context.remember(role)
    for warning in context.broker.warnings:
        context.note(warning)
    if options.json:
        context.json(_answer(role, session))
    else:
        context.out(_words(role, session))
    return 0


def _progress(options: argparse.Namespace, context: Context) -> Callable[[str], None]:
    return (lambda _line: None) if options.json or not context.interactive else context.note


def _answer(role: Role, session: Session) -> dict[str, str | int]:
    return {
        "arn": session.identity.arn,
        "account": session.identity.account,
        "role": role.name,
        "expires": rfc3339(session.credentials.expires),
        "hops": session.hops,
        "source_of_code": session.source_of_code,
    }


def _words(role: Role, session: Session) -> str:
    now = wall_clock()
    left, end = time_left(session.left(now)), clock_time(session.credentials.expires, now)
    how = "kept from before" if session.from_cache else _CODE_FROM[session.source_of_code]
    return f"{clean(role.account.label)}/{clean(role.short_name)}  {left} left, until {end} ({how})\n{clean(session.identity.arn, 2048)}"
