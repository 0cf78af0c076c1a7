"""`roledeck sessions`: live sessions and MFA sessions, or the journal of who became what."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tui_app.arns import account_of
from tui_app.cli.context import Context
from tui_app.clock import clock_time, parse_moment, rfc3339, time_left, typed_duration, wall_clock
from tui_app.model import MfaSession, Renews, Session, SsoSession
from tui_app.sessions.identity import name_of
from tui_app.text import clean

if TYPE_CHECKING:
    from tui_app.sessions.sign_in.token_files import SsoToken

_RENEWS = {"itself": "renews itself", "asks": "renewing asks for a code"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--json` and `--history`."""
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    parser.add_argument("--history", action="store_true", help="the journal instead: who became what, when, how it was handed over")


def run(options: argparse.Namespace, context: Context) -> int:
    """List them, the longest-lived first."""
    if options.history:
        return _history(options, context)
    roles, mfa, signed_in = context.broker.sessions(), context.broker.mfa_sessions(), _signed_in(context)
    if options.json:
        context.json([*map(_role_answer, roles), *map(_mfa_answer, mfa), *(_sso_answer(*one) for one in signed_in)])
        return 0
    now = wall_clock()
    lines = [
        *(_role_line(session, now) for session in roles),
        *(_mfa_line(session, now) for session in mfa),
        *(_sso_line(*one, now) for one in signed_in),
    ]
    for line in lines:
        context.out(line)
    if not lines:
        context.note("No live sessions. `roledeck assume ROLE` gets one.")
    return 0


def _history(options: argparse.Namespace, context: Context) -> int:
    entries = context.broker.journal.entries()
    if options.json:
        context.json(list(entries))
        return 0
    now = wall_clock()
    for entry in entries:
        context.out(_event_line(entry, now))
    if not entries:
        context.note("The journal is empty.")
    return 0


def _role_answer(session: Session) -> dict[str, str]:
    return {
        "account": session.identity.account,
        "role": name_of(session.role_arn),
        "arn": session.identity.arn,
        "expires": rfc3339(session.credentials.expires),
        "kind": "role",
        "renews": session.renews,
        "role_arn": session.role_arn,
        "name": session.role_key,
        "source": session.source_profile,
    }


def _mfa_answer(session: MfaSession) -> dict[str, str]:
    return {
        "account": account_of(session.serial),
        "role": "",
        "arn": session.serial,
        "expires": rfc3339(session.credentials.expires),
        "kind": "mfa",
        "renews": session.renews,
        "source": session.source_profile,
    }


def _signed_in(context: Context) -> list[tuple[SsoSession, SsoToken]]:
    """The live sign-ins, the longest-lived first."""
    from tui_app.sessions.sign_in.tokens import live_token

    found = ((sign_in, live_token(sign_in, context.environ, wall_clock)) for sign_in in context.catalog.sign_ins.values())
    return sorted(((sign_in, token) for sign_in, token in found if token), key=lambda one: -one[1].expires)


def _sso_renews(token: SsoToken) -> Renews:
    return "itself" if token.renews(wall_clock()) else "asks"


def _sso_answer(sign_in: SsoSession, token: SsoToken) -> dict[str, str]:
    return {
        "account": "",
        "role": "",
        "arn": "",
        "expires": rfc3339(token.expires),
        "kind": "sso",
        "renews": _sso_renews(token),
        "name": sign_in.key,
        "start_url": sign_in.start_url,
        "region": sign_in.region,
    }


def _sso_line(sign_in: SsoSession, token: SsoToken, now: float) -> str:
    renews = "renews itself" if _sso_renews(token) == "itself" else "then you sign in again"
    return f"{time_left(token.left(now)):>8}  signed in to {clean(sign_in.key, 256)}  {renews}  {clean(sign_in.start_url, 256)}"


def _role_line(session: Session, now: float) -> str:
    return f"{time_left(session.left(now)):>8}  {clean(session.role_key)}  {_RENEWS[session.renews]}  {clean(session.identity.arn, 2048)}"


def _mfa_line(session: MfaSession, now: float) -> str:
    left = time_left(session.credentials.left(now))
    return f"{left:>8}  MFA session of {clean(session.source_profile)}  {_RENEWS[session.renews]}  {clean(session.serial)}"


def _event_line(entry: Mapping[str, Any], now: float) -> str:
    moment = clock_time(parse_moment(str(entry["at"])), now)
    duration = entry.get("duration")
    facts = (
        entry.get("role") or entry.get("role_arn") or "",
        entry.get("arn", ""),
        typed_duration(duration) if isinstance(duration, int) else "",
        entry.get("how", ""),
    )
    return "  ".join(clean(text, 2048) for text in (f"{moment:>9}", f"{entry['event']:8}", *facts) if text)
