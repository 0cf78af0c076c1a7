"""`roledeck chain ROLE`: every step from the source to the role before it is taken. Contacts and runs nothing."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping

from tui_app.arns import account_of
from tui_app.cli.arguments import add_role_arguments
from tui_app.cli.context import Context
from tui_app.cli.inks import Inks
from tui_app.cli.places import place, told
from tui_app.clock import rfc3339, time_left, typed_duration, wall_clock
from tui_app.model import Problem, Role, session_state
from tui_app.sessions.broker import Plan, PlannedHop
from tui_app.sessions.identity import name_of
from tui_app.sessions.start import CALLS, PlannedStart
from tui_app.text import clean

_KINDS: Mapping[str, str] = {
    "static": "access key",
    "sso": "IAM Identity Center",
    "process": "credential_process",
    "web_identity": "web identity token",
    "environment": "environment variables",
    "instance": "EC2 instance role",
    "container": "container credentials",
    "login": "aws login",
    "missing": "no credentials",
}
_WIDTH = 72
"""Where the last column ends."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """ROLE and its options, `--json`."""
    add_role_arguments(parser)
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    parser.epilog = (
        "Exit code: 0 when the plan is told, also where it ends in problems, as nothing was tried: they are the answer. "
        "In a script, look at `problems` of --json; roledeck assume exits 6 for such a role."
    )


def run(options: argparse.Namespace, context: Context) -> int:
    """Print the plan. A chain that does not resolve is an answer too: it says what stops it, and the exit code is 0."""
    role = context.find_role(options.role, options.via)
    plan = context.broker.plan(role, context.wanted(options))
    if options.json:
        context.json(document(plan))
        return 0
    for line in _drawn(plan, context):
        context.out(line.rstrip())
    return 0


def document(plan: Plan) -> Mapping[str, object]:
    """The `--json` answer."""
    chain = plan.chain
    return {
        "role": {"arn": chain.role.arn, "account": chain.role.account.id, "name": chain.role.name},
        "source": {
            "kind": chain.source.kind,
            "profile": chain.source.profile,
            "from": str(chain.source.origin) if chain.source.origin else None,
            **_start(plan),
        },
        "strategy": plan.strategy,
        "why_strategy": plan.why,
        "mfa_session_until": None if plan.mfa_until is None else rfc3339(plan.mfa_until),
        "hops": [_hop(step) for step in plan.hops],
        "notes": [*chain.notes, *(plan.start.notes if plan.start else ())],
        "problems": [_problem(problem) for problem in chain.problems],
    }


def _start(plan: Plan) -> Mapping[str, object]:
    """What a source that is a role itself gives; nothing for a source of keys."""
    start = plan.start
    if start is None:
        return {}
    until = None if start.cached_until is None else rfc3339(start.cached_until)
    return {"role_arn": start.role_arn, "duration": start.duration or None, "why_duration": start.why_duration, "cached_until": until}


def _hop(step: PlannedHop) -> Mapping[str, object]:
    role, request = step.hop.role, step.hop.request
    return {
        "role_arn": role.arn,
        "via": step.hop.via,
        "session_name": step.session_name,
        "external_id": bool(request.external_id) or bool(request.external_id_command),
        "mfa_serial": step.mfa_serial or None,
        "duration": step.duration,
        "why_duration": step.why_duration,
        "asks_for_code": step.asks_for_code,
        "cached_until": None if step.cached_until is None else rfc3339(step.cached_until),
        "notes": list(step.notes),
        "from": {name: str(origin) for name, origin in role.origins.items() if name != "role" and origin.line},
    }


def _problem(problem: Problem) -> Mapping[str, str]:
    return {
        "kind": problem.kind,
        "message": clean(problem.message),
        "where": str(problem.where) if problem.where else "",
        "mend": clean(problem.mend),
    }


def _drawn(plan: Plan, context: Context) -> Iterator[str]:
    """The chain from top to bottom: the source, then each call and what it gives."""
    inks, now = Inks(context.environ), wall_clock()
    _chain, line = plan.chain, inks.sign("line")
    yield from _source(plan, inks, context)
    if plan.start is not None:
        yield from _started(plan, plan.start, inks, context)
    if plan.strategy == "session" and plan.hops:
        yield from (line, _call("GetSessionToken", f"one code, {typed_duration(plan.mfa_duration)}", _device(plan), inks), line)
        yield _end(inks, plan.mfa_until, "MFA session", now)
        yield f"{line} one code for every role of this user"
    for number, step in enumerate(plan.hops, 1):
        code = f"asks for a code, {_device(plan)}" if step.asks_for_code and plan.strategy == "direct" else ""
        yield from (line, _call("AssumeRole", f"{typed_duration(step.duration)}, {step.why_duration}", code, inks), line)
        role = step.hop.role
        yield _end(inks, step.cached_until, f"{clean(role.account.label)}  {clean(role.short_name)}", now)
        margin = " " if number == len(plan.hops) else line
        yield f"{margin} {_where(role, context)}"
        yield from (f"{margin} {clean(note)}" for note in step.notes)
    yield from _ending(plan, inks, context)


def _source(plan: Plan, inks: Inks, context: Context) -> Iterator[str]:
    source = plan.chain.source
    unknown = plan.hops[0].hop.via if plan.hops else ""
    term = "temporary" if source.access_key and source.access_key.token else "long-term" if source.access_key else ""
    name = clean(source.profile or (unknown if source.kind == "missing" else _KINDS[source.kind]) or "?")
    yield f"{inks.sign('source')} {_spread(inks.paint(name, 'strong'), len(name), term)}"
    written = f"  {place(source.origin, context.environ)}" if source.origin else ""
    yield f"{inks.sign('line') if plan.target else ' '} {_KINDS[source.kind]}{written}"


def _started(plan: Plan, start: PlannedStart, inks: Inks, context: Context) -> Iterator[str]:
    line = inks.sign("line")
    call = CALLS[plan.chain.source.kind]
    duration = f"{typed_duration(start.duration)}, " if start.duration else ""
    account, name = account_of(start.role_arn), name_of(start.role_arn)
    yield from (line, _call(call, f"{duration}{clean(start.why_duration)}", "", inks), line)
    label = next((clean(known.label) for known in context.catalog.accounts if known.id == account), clean(account))
    yield _end(inks, start.cached_until, f"{label}  {clean(name)}", wall_clock())
    margin = line if plan.hops else " "
    yield f"{margin} {clean(account)}"
    yield from (f"{margin} {clean(note, 512)}" for note in start.notes)


def _call(call: str, how: str, code: str, inks: Inks) -> str:
    return f"{inks.sign('down')} {inks.paint(call, 'strong')}  {how}" + (f"  {code}" if code else "")


def _end(inks: Inks, until: float | None, name: str, now: float) -> str:
    """What a call gives, with its sign and the time left of the session that is kept."""
    state = session_state(until, now)
    left = inks.dash() if until is None else time_left(until - now)
    room = " " * max(2, _WIDTH - 2 - len(name) - len(left))
    return f"{inks.paint(inks.sign(state), state)} {inks.paint(name, 'strong')}{room}{inks.paint(left, state)}"


def _spread(text: str, length: int, end: str) -> str:
    return text + " " * max(2, _WIDTH - 2 - length - len(end)) + end if end else text


def _device(plan: Plan) -> str:
    return clean(plan.serial.rpartition(":")[2] or plan.serial)


def _where(role: Role, context: Context) -> str:
    facts = [clean(role.account.id), place(role.origin, context.environ)]
    return "  ".join(fact for fact in facts if fact)


def _ending(plan: Plan, inks: Inks, context: Context) -> Iterator[str]:
    chain = plan.chain
    yield from (clean(note) for note in ([""] if chain.notes and not plan.hops else []))
    yield from (clean(note) for note in (chain.notes if not plan.hops else ()))
    if chain.problems:
        yield ""
        yield from (f"{inks.paint(inks.sign('failed'), 'failed')} {told(problem, context.environ)}" for problem in chain.problems)
    elif plan.hops:
        asks = any(step.asks_for_code for step in plan.hops)
        yield ""
        yield (
            f"{plan.why} A code is {'asked for' if asks else 'not needed'} now."
            if plan.why
            else f"A code is {'asked for' if asks else 'not needed'}."
        )
