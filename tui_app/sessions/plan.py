"""What would happen for a role, before it happens: strategy, durations and why, names, where a code is asked. Contacts nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from tui_app.clock import typed_duration
from tui_app.model import CHAIN_LIMIT, DEFAULT_DURATION, Chain, Hop, MfaStrategy, Source
from tui_app.sessions.record import digest
from tui_app.sessions.session_names import session_name
from tui_app.sessions.start import PlannedStart, planned_start
from tui_app.sessions.wanted import Ground, Wanted
from tui_app.values import frozen

Strategy = Literal["none", "session", "direct"]
SESSION_NAME_TEMPLATE = "{user}"
_TEMPORARY = "ASIA"
_ROLE_SOURCES = frozenset({"sso", "web_identity", "instance", "container", "login"})
"""Kinds of sources whose keys are a role's session already."""
_PLACES: Mapping[str, tuple[str, ...]] = {
    "container": ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"),
    "instance": ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "HOSTNAME"),
}
"""Variables that tell one container, or one machine, from another where both share a home."""
_ONE_CODE = "One code serves every role of this user."
_SET: Mapping[MfaStrategy, str] = {
    "session": f'mfa = "session" is set. {_ONE_CODE}',
    "direct": 'mfa = "direct" is set: the code goes into AssumeRole itself.',
}


@frozen
class PlannedHop:
    """One AssumeRole as it would be sent. `duration` in seconds, `cached_until` epoch seconds of a session that is still good.

    `name` and `family` file its session; `family` leaves the duration out.
    """

    hop: Hop
    session_name: str
    duration: int
    why_duration: str
    asks_for_code: bool
    mfa_serial: str | None
    cached_until: float | None
    notes: tuple[str, ...]
    name: str = ""
    family: str = ""


@frozen
class Plan:
    """The chain with its strategy. `mfa_name` files the MFA session, `mfa_until` is its end where one is live.

    `why` says in one sentence why the strategy is what it is.
    """

    chain: Chain
    strategy: Strategy
    hops: tuple[PlannedHop, ...]
    serial: str = ""
    mfa_name: str = ""
    mfa_until: float | None = None
    mfa_duration: int = 0
    why: str = ""
    may_switch: bool = False
    """Whether the strategy was chosen (`auto`), so that a role's refusal may change it."""
    start: PlannedStart | None = None
    """The role that the source itself is; it comes before the first hop."""

    @property
    def target(self) -> PlannedHop | PlannedStart | None:
        """What gives the role its session: the last hop, else the source; None where the files do not resolve."""
        return self.hops[-1] if self.hops else self.start


def make_plan(chain: Chain, wanted: Wanted, ground: Ground) -> Plan:
    """The plan without what is kept; `planning` adds that."""
    serial = _serial(chain)
    strategy, why = _strategy(chain, wanted, serial, ground)
    start = planned_start(chain, wanted, ground)
    beginning = _beginning(chain.source, serial, start, ground)
    hops = tuple(_hop(chain, number, wanted, ground, strategy, beginning) for number in range(len(chain.hops)))
    mfa_name = _mfa_name(chain.source, serial, ground) if serial else ""
    mfa_session = ground.defaults.mfa_session
    return Plan(chain, strategy, hops, serial, mfa_name, None, mfa_session, why, _said(chain) == "auto", start)


def long_term(source: Source) -> bool:
    """Whether the source is an IAM user's own keys, the only ones that a code can go with."""
    key = source.access_key
    return source.kind in {"static", "environment"} and key is not None and key.token is None and not key.id.startswith(_TEMPORARY)


def _serial(chain: Chain) -> str:
    """The device whose code goes into the first call; the chain has found it among role, source and defaults."""
    return (chain.hops[0].request.mfa_serial or "") if chain.hops and long_term(chain.source) else ""


def _strategy(chain: Chain, wanted: Wanted, serial: str, ground: Ground) -> tuple[Strategy, str]:
    if not serial:
        return "none", "No MFA device is set, or the source is not an IAM user's keys."
    first, said = chain.hops[0], _said(chain)
    if said != "auto":
        return said, _SET[said]
    if wanted.fresh_code:
        return "direct", "A fresh code was asked for."
    asked = _asked(first, wanted if len(chain.hops) == 1 else Wanted())
    if min(asked, ground.lessons.maximum(first.role.arn) or asked) > CHAIN_LIMIT:
        return "direct", "More than 1h is asked for, which an MFA session cannot give."
    if ground.lessons.wants_direct(first.role.arn):
        return "direct", f"{first.role.short_name} has refused an MFA session before."
    return "session", _ONE_CODE


def _said(chain: Chain) -> MfaStrategy:
    return (chain.hops[0].request.mfa if chain.hops else None) or "auto"


def _asked(hop: Hop, wanted: Wanted) -> int:
    return wanted.duration or hop.request.duration or DEFAULT_DURATION


def _hop(chain: Chain, number: int, wanted: Wanted, ground: Ground, strategy: Strategy, beginning: _Beginning) -> PlannedHop:
    hop, last = chain.hops[number], number == len(chain.hops) - 1
    own = wanted if last else Wanted()
    duration, why = _duration(chain, number, _asked(hop, own), strategy, ground.lessons.maximum(hop.role.arn))
    if not why:
        why = "as set" if own.duration or hop.request.duration else "AWS's default"
    template = hop.request.session_name or SESSION_NAME_TEMPLATE
    family = digest("role", *beginning.filed[:3], _steps(chain, number), *beginning.filed[3:])
    first = number == 0
    return PlannedHop(
        hop=hop,
        session_name=session_name(template, hop.role.name, ground.environ, ground.clock()),
        duration=duration,
        why_duration=why,
        asks_for_code=first and strategy != "none",
        mfa_serial=(beginning.serial or None) if first else None,
        cached_until=None,
        notes=_notes(chain, number),
        name=digest(family, duration),
        family=family,
    )


def _duration(chain: Chain, number: int, asked: int, strategy: Strategy, maximum: int | None) -> tuple[int, str]:
    """What a hop gets of what is asked, and why it is less; no reason where it is all of it."""
    if number > 0 and asked > CHAIN_LIMIT:
        return CHAIN_LIMIT, f"{typed_duration(asked)} asked, capped at 1h: a role that is assumed by a role lasts at most that."
    if number == 0 and strategy == "session" and asked > CHAIN_LIMIT:
        return CHAIN_LIMIT, f"{typed_duration(asked)} asked, capped at 1h: an MFA session gives at most that."
    if number == 0 and asked > CHAIN_LIMIT and not long_term(chain.source) and chain.source.kind in _ROLE_SOURCES:
        return CHAIN_LIMIT, f"{typed_duration(asked)} asked, capped at 1h: the source is a role session itself."
    if maximum is not None and asked > maximum:
        return maximum, f"{typed_duration(asked)} asked, but the role refused more than {typed_duration(maximum)}."
    return asked, ""


def _notes(chain: Chain, number: int) -> tuple[str, ...]:
    notes = list(chain.notes) if number == len(chain.hops) - 1 else []
    if number == 0 and chain.hops[0].request.mfa_serial and not long_term(chain.source):
        notes.append("Its mfa_serial is not used: only an IAM user's own keys can carry a code.")
    return tuple(notes)


@frozen
class _Beginning:
    """What every hop of a chain has in common: the device, and what tells one source from another in the name of a session."""

    serial: str
    filed: tuple[object, ...]


def _beginning(source: Source, serial: str, start: PlannedStart | None, ground: Ground) -> _Beginning:
    key_id = source.access_key.id if source.access_key else ""
    if start is not None:
        place = start.family
    else:
        place = digest(*(ground.environ.get(name, "") for name in _PLACES[source.kind])) if source.kind in _PLACES else ""
    return _Beginning(serial, (source.kind, source.profile or "", key_id, serial, ground.endpoint, *([place] if place else [])))


def _steps(chain: Chain, number: int) -> list[list[object]]:
    return [
        [
            hop.role.arn,
            hop.request.session_name or "",
            hop.request.source_identity or "",
            [list(tag) for tag in hop.request.tags],
            list(hop.request.transitive_tags),
            hop.request.policy or "",
            list(hop.request.policy_arns),
        ]
        for hop in chain.hops[: number + 1]
    ]


def _mfa_name(source: Source, serial: str, ground: Ground) -> str:
    return digest("mfa", source.profile or "", source.access_key.id if source.access_key else "", serial, ground.endpoint)


def with_cached(hop: PlannedHop, until: float | None) -> PlannedHop:
    """The hop with the end of its live session, for which no code is asked."""
    return replace(hop, cached_until=until, asks_for_code=hop.asks_for_code and until is None)
