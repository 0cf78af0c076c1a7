"""How the role is reached: source, calls and hops, drawn downwards, with where a code is asked and how long each hop lasts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tui_app.arns import account_of
from tui_app.clock import clock_time, time_left, typed_duration
from tui_app.model import Source
from tui_app.sessions.identity import name_of
from tui_app.sessions.renewal import renewal_due_at
from tui_app.sessions.start import CALLS
from tui_app.text import clean
from tui_app.ui.draw import BLANK, GAP, cells, line, paragraph, wrapped
from tui_app.ui.glyphs import STATES
from tui_app.ui.panes.context import Pane
from tui_app.ui.theme import Part, Row

if TYPE_CHECKING:
    from tui_app.sessions.broker import Plan, PlannedHop
    from tui_app.sessions.start import PlannedStart

_KINDS = {
    "static": "access key",
    "sso": "Identity Center sign-in",
    "process": "credential_process",
    "web_identity": "web identity token",
    "environment": "environment variables",
    "instance": "EC2 instance role",
    "container": "container role",
    "login": "console sign-in",
    "missing": "not found",
}
_RAIL: Part = ("  │  ", "line")
_NO_RAIL: Part = ("     ", "line")


def chain_rows(pane: Pane) -> list[Row]:
    """The Chain tab."""
    plan = pane.plan
    if plan is None:
        return [line(pane.width, [(f"  {pane.spinner} ", "accent"), ("Reading the chain", "muted")])]
    rows = _problems(pane, plan)
    rows += _source_node(pane, plan.chain.source)
    if plan.start is not None:
        rows += _start_node(pane, plan, plan.start)
    mfa = plan.strategy == "session" and plan.hops
    if mfa:
        rows += _mfa_node(pane, plan)
    for index, hop in enumerate(plan.hops):
        rows += _hop_node(pane, plan, hop, last=index == len(plan.hops) - 1)
    for note in plan.chain.notes:
        rows += [BLANK, *paragraph(pane.width, clean(note), "muted")]
    return [*rows, *_renewal(pane)]


def _problems(pane: Pane, plan: Plan) -> list[Row]:
    rows: list[Row] = []
    for problem in plan.chain.problems:
        rows += paragraph(pane.width, clean(problem.message), "bold text", lead=("✕ ", "bold wrong"))
        where = pane.place(problem.where, pane.width - 6)
        rows += [line(pane.width, [("    ", ""), (where, "faint")])] if where else []
        rows += paragraph(pane.width, clean(problem.mend), "text", margin=4) if problem.mend else []
        rows.append(BLANK)
    return rows


def _node(pane: Pane, mark: Part, name: str, time: Part, note: str, *, rail: bool) -> list[Row]:
    return [
        line(pane.width, [GAP, (f"{mark[0]}  ", mark[1]), (name, "bold text")], [time, GAP]),
        line(pane.width, [_RAIL if rail else _NO_RAIL, (note, "muted")]),
    ]


def _call(pane: Pane, name: str, notes: list[Part]) -> list[Row]:
    """A call: its notes beside it, or below it where they do not fit."""
    rail = line(pane.width, [("  │", "line")])
    beside: list[Part] = [("  ▼  ", "muted"), (name, "text"), ("   ", ""), *notes]
    if cells(beside) <= pane.width - 1:
        return [rail, line(pane.width, beside), rail]
    words = "".join(text for text, _ in notes)
    return [
        rail,
        line(pane.width, beside[:2]),
        *(line(pane.width, [_RAIL, (text, "muted")]) for text in wrapped(words, pane.width - 7)),
        rail,
    ]


def _source_node(pane: Pane, source: Source) -> list[Row]:
    name = clean(source.profile or _KINDS.get(source.kind, source.kind))
    kind = _KINDS.get(source.kind, source.kind)
    where = pane.place(source.origin, pane.width - len(kind) - 9)
    time: Part = ("long-term", "muted") if source.kind == "static" and not (source.access_key and source.access_key.token) else ("", "")
    mark: Part = ("✕", "bold wrong") if source.kind == "missing" else ("■", "muted")
    return _node(pane, mark, name, time, f"{kind}  {where}".rstrip(), rail=True)


def _start_node(pane: Pane, plan: Plan, start: PlannedStart) -> list[Row]:
    """The role that the source itself is."""
    duration = f"{typed_duration(start.duration)}, " if start.duration else ""
    session = None if plan.hops else pane.session
    until = session.credentials.expires if session else start.cached_until
    mark, time = _alive(until, pane.now) if until and until > pane.now else ((STATES["never"][0], "faint"), ("—", "faint"))
    account = account_of(start.role_arn)
    name = "  ".join(filter(None, (_account_name(pane, account), clean(name_of(start.role_arn)))))
    notes: list[Part] = [(f"{duration}{clean(start.why_duration)}", "muted")]
    rows = [*_call(pane, CALLS[plan.chain.source.kind], notes), *_node(pane, mark, name, time, clean(account), rail=bool(plan.hops))]
    return rows + _notes(pane, start.notes, last=not plan.hops)


def _mfa_node(pane: Pane, plan: Plan) -> list[Row]:
    serial = plan.serial
    device, account = clean(serial.rpartition(":")[2]), clean(account_of(serial))
    alive = [item for item in pane.store.mfa_sessions if item.serial == serial and item.credentials.left(pane.now) > 0]
    asks = any(hop.asks_for_code for hop in plan.hops)
    until = alive[0].credentials.expires if alive else plan.mfa_until or 0.0
    if until > pane.now:
        mark, time = _alive(until, pane.now)
    else:
        mark, time = (STATES["never"][0], "faint"), ("asks for a code" if asks else "—", "accent" if asks else "faint")
    notes: list[Part] = [(f"one code, {typed_duration(plan.mfa_duration)}   {device}", "muted")]
    who = device.partition("/")[2] or device
    return [
        *_call(pane, "GetSessionToken", notes),
        *_node(pane, mark, "MFA session", time, f"{who} @ {_account_name(pane, account)}", rail=True),
    ]


def _account_name(pane: Pane, account: str) -> str:
    return next((entry.account for entry in pane.store.entries if entry.account_id == account), account)


def _alive(until: float, now: float) -> tuple[Part, Part]:
    glyph, ink = STATES["expiring" if until - now < 15 * 60 else "live"]
    return (glyph, f"bold {ink}"), (time_left(until - now), f"bold {ink}")


def _hop_node(pane: Pane, plan: Plan, planned: PlannedHop, *, last: bool) -> list[Row]:
    role = planned.hop.role
    why = clean(planned.why_duration)
    notes: list[Part] = [(typed_duration(planned.duration) + (f", {why}" if why else ""), "muted")]
    if planned.asks_for_code and plan.strategy == "direct":
        notes.append((f"   asks for a code of {clean((planned.mfa_serial or '').rpartition(':')[2])}", "accent"))
    session = pane.store.live(role.key, pane.now)
    until = session.credentials.expires if session else planned.cached_until
    if until and until > pane.now:
        mark, time = _alive(until, pane.now)
    else:
        mark, time = (STATES["never"][0], "faint"), ("—", "faint")
    where = pane.place(role.origin, pane.width - 24)
    name = "  ".join(filter(None, (clean(role.account.label), clean(role.short_name))))
    rows = [*_call(pane, "AssumeRole", notes), *_node(pane, mark, name, time, f"{clean(role.account.id)}  {where}".strip(), rail=not last)]
    return rows + _notes(pane, planned.notes, last=last)


def _notes(pane: Pane, notes: Iterable[str], *, last: bool) -> list[Row]:
    edge = _NO_RAIL if last else _RAIL
    return [line(pane.width, [edge, (text, "muted")]) for note in notes for text in wrapped(clean(note, 512), pane.width - 7)]


def _renewal(pane: Pane) -> list[Row]:
    session = pane.session
    if not session:
        return []
    at = clock_time(renewal_due_at(session), pane.now)
    words = f"   {pane.entry.role} at {at}, {'no code needed' if session.renews == 'itself' else 'asks for a code'}"
    return [BLANK, line(pane.width, [("  Next renewal", "bold text"), (words, "muted")])]
