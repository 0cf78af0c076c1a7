"""One session, hop by hop: what is kept is used, what is missing is got once, a code is asked where one is needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar

from tui_app.clock import typed_duration
from tui_app.errors import Cancelled, NeedsPerson, Refused, RoledeckError, SessionExpired, WrongIdentity
from tui_app.model import CHAIN_LIMIT, AccessKey, Identity, Session
from tui_app.secret import Secret
from tui_app.sessions.cache import kept_record
from tui_app.sessions.codes import CodeRequest, GoesInto, Retry
from tui_app.sessions.consent import Program
from tui_app.sessions.identity import account_of, check_identity
from tui_app.sessions.locks import held
from tui_app.sessions.new_records import UNVERIFIED, Given, hop_record, mfa_record, start_record
from tui_app.sessions.plan import Plan, PlannedHop, Wanted
from tui_app.sessions.record import Record, digest
from tui_app.sessions.renewal import renewal_due
from tui_app.sessions.request import hop_request
from tui_app.sessions.start import PERMISSION_SET, PlannedStart
from tui_app.sessions.sts import assume_role, get_session_token
from tui_app.sessions.tools import Tools

_AGE_MATTERS = frozenset({"assume_role", "no_trust", "denied", "deny_trust"})
"""Refusals that a role with a condition on the code's age gives to an MFA session."""
_TOO_LONG = frozenset({"over_maximum", "over_chain"})

Step = TypeVar("Step", PlannedHop, PlannedStart)

START = -1
"""The place of the source's own role, before the first hop."""


class Obtaining:
    """One call of the broker: a plan carried out for one person. `progress` gets a line at each step; `stop` ends it between steps."""

    def __init__(self, tools: Tools, plan: Plan, wanted: Wanted, stop: Callable[[], bool], progress: Callable[[str], None]) -> None:
        self._tools = tools
        self._plan = plan
        self._wanted = wanted
        self._stop = stop
        self._progress = progress
        self._started = tools.clock()
        self._last = len(plan.hops) - 1
        self._dropped = False

    def session(self) -> Session:
        """The verified session of the plan's role; kept already where `from_cache` says so."""
        record = self._hop(self._last)
        new = record.issued >= self._started
        return record.session(from_cache=not new)

    def _hop(self, number: int, *, quiet: bool = False) -> Record:
        """The verified session of a hop, kept or new; `quiet` asks nobody."""
        return self._verified(self._kept_or_new(number, quiet=quiet))

    def _step(self, number: int) -> PlannedHop | PlannedStart:
        start = self._plan.start
        return start if number == START and start is not None else self._plan.hops[number]

    def _kept_or_new(self, number: int, *, quiet: bool) -> Record:
        step, fresh = self._step(number), self._wanted.fresh and number == self._last
        kept = None if fresh else kept_record(self._tools.cache, step, exact=number == self._last and self._wanted.duration is not None)
        if kept is None:
            return self._new(number, None, quiet=quiet)
        if not renewal_due(kept.session(from_cache=True), self._tools.clock()) or kept.renews == "asks":
            return kept
        try:
            # what is still good is renewed only where that needs nobody
            return self._new(number, kept, quiet=True)
        except (Cancelled, WrongIdentity):
            raise
        except RoledeckError:
            return kept

    def _new(self, number: int, kept: Record | None, *, quiet: bool) -> Record:
        self._breathe()
        step = self._step(number)
        if isinstance(step, PlannedStart):
            return self._once(step, number, None, kept)
        if number == 0 and self._plan.strategy == "direct":
            _refuse_quiet(quiet=quiet)
            return self._direct(step, kept, self._plan.why)
        parent = self._parent(number, quiet=quiet)
        try:
            return self._once(step, number, parent, kept)
        except SessionExpired:
            if parent is None or self._dropped or parent.issued >= self._started:
                raise
            # AWS no longer takes what was kept: revoked, or the clocks differ. Once, start over from the step before.
            self._dropped = True
            self._tools.cache.remove(parent.name)
            return self._new(number, kept, quiet=quiet)
        except Refused as refusal:
            if number == 0 and not quiet and self._fresh_code_may_help(refusal, parent):
                return self._after_refusal(step, refusal)
            raise

    def _parent(self, number: int, *, quiet: bool) -> Record | None:
        """The session that assumes hop `number`; None where the source's own keys do."""
        if number > 0 or self._plan.start is not None:
            return self._hop(number - 1, quiet=quiet)
        return self._mfa_session(quiet=quiet) if self._plan.strategy == "session" else None

    def _once(self, step: PlannedHop | PlannedStart, number: int, parent: Record | None, kept: Record | None) -> Record:
        with held(self._tools.cache.folder, step.name, self._waiting()):
            found = self._found(step, kept, fresh=self._wanted.fresh and number == self._last)
            if found is not None:
                return found
            if isinstance(step, PlannedStart):
                return self._begin(self._as_learned(step))
            key = parent.credentials.key if parent else self._tools.source()
            return self._assume(self._as_learned(step), number, key, parent)

    def _waiting(self) -> Callable[[], bool]:
        """What is asked while another window has the lock: whether to stop; the first time it is told what is waited for."""
        told: list[bool] = []

        def look() -> bool:
            if not told:
                told.append(True)
                self._progress("Another window is getting the same session")
            return self._stop()

        return look

    def _as_learned(self, step: Step) -> Step:
        """The step with no more than the role grants, which another window may have learned since the plan was made."""
        maximum = self._tools.lessons.maximum(step.role_arn if isinstance(step, PlannedStart) else step.hop.role.arn)
        return step if maximum is None or step.duration <= maximum else _lasting(step, maximum)

    def _found(self, step: PlannedHop | PlannedStart, kept: Record | None, *, fresh: bool) -> Record | None:
        """What another window has got in the meantime, if it is as new as what is wanted here."""
        return self._got(self._as_learned(step).name, kept, fresh=fresh)

    def _got(self, name: str, kept: Record | None, *, fresh: bool) -> Record | None:
        record = self._tools.cache.get(name)
        if record is None or (fresh and record.issued < self._started):
            return None
        return record if kept is None or record.issued > kept.issued else None

    def _begin(self, step: PlannedStart) -> Record:
        """The session that the source itself gives."""
        self._breathe()
        self._progress(f"Getting the credentials of {step.role_arn.rpartition('/')[2]}")
        try:
            credentials, identity = self._tools.begin(step)
        except Refused as refusal:
            if refusal.cause not in _TOO_LONG or step.duration <= CHAIN_LIMIT:
                raise
            self._tools.lessons.learn(step.role_arn, maximum=CHAIN_LIMIT)
            return self._begin(_lasting(step, CHAIN_LIMIT))
        given = Given(credentials, identity, self._tools.clock())
        return self._verified(start_record(given, step, self._plan, self._tools.start_key()))

    def _assume(self, step: PlannedHop, number: int, key: AccessKey, parent: Record | None, code: Secret | None = None) -> Record:
        self._breathe()
        role = step.hop.role
        self._progress(f"Assuming {role.account.label}/{role.short_name}")
        request = hop_request(step, self._external_id(step), self._plan.serial, code)
        request.check(role.origins)
        try:
            credentials, identity = assume_role(self._tools.door, key, request, self._tools.region(step))
        except Refused as refusal:
            if refusal.cause not in _TOO_LONG or step.duration <= CHAIN_LIMIT:
                raise
            return self._assume(self._shortened(step, refusal, code), number, key, parent)
        given = Given(credentials, identity, self._tools.clock())
        record = hop_record(given, step, number, self._plan, parent, with_code=code is not None)
        if code is not None:
            # a spent code must not be lost, whatever happens next
            record = self._tools.cache.put(record)
        return self._verified(record)

    def _shortened(self, step: PlannedHop, refusal: Refused, code: Secret | None) -> PlannedHop:
        self._tools.lessons.learn(step.hop.role.arn, maximum=CHAIN_LIMIT)
        shorter = _lasting(step, CHAIN_LIMIT)
        if code is not None:
            raise Retry(
                f"{step.hop.role.short_name} refused {typed_duration(step.duration)}, so 1h is asked for now; the code went with it.",
                shorter,
            ) from refusal
        return shorter

    def _external_id(self, step: PlannedHop) -> Secret | None:
        asked, role = step.hop.request, step.hop.role
        if asked.external_id is not None or not asked.external_id_command:
            return asked.external_id
        setting = "external_id_command"
        program = Program(setting, asked.external_id_command, role.key, role.origins.get(setting))
        return Secret(self._tools.programs.output(program).strip())

    def _verified(self, record: Record) -> Record:
        """The session once GetCallerIdentity has named it; one that was kept just before a crash has not been asked about yet."""
        if record.identity.verified != UNVERIFIED:
            return record
        return self._tools.cache.put(record.verified(self._verify(record)))

    def _verify(self, record: Record) -> Identity:
        self._progress("Verifying the identity")
        identity = self._tools.door.caller_identity(record.credentials.key, record.identity.region)
        try:
            check_identity(record.role_arn, identity, permission_set=record.hops == 0 and self._plan.chain.source.kind == PERMISSION_SET)
        except WrongIdentity:
            self._tools.cache.remove(record.name)
            self._tools.door.forget(record.credentials.key.id)
            raise
        return identity

    def _mfa_session(self, *, quiet: bool) -> Record:
        name = self._plan.mfa_name
        renew = self._wanted.fresh_code
        kept = None if renew else self._tools.cache.get(name)
        if kept is not None:
            return kept
        _refuse_quiet(quiet=quiet)

        duration = self._plan.mfa_duration
        asking = self._asking("sts:GetSessionToken", duration, self._tools.covers(), self._plan.why)
        return self._tools.desk.with_code(asking, name, partial(self._got, name, None, fresh=renew), self._start_mfa_session, self._stop)

    def _start_mfa_session(self, code: Secret) -> Record:
        plan, tools = self._plan, self._tools
        self._progress("Starting an MFA session")
        region = tools.region(plan.hops[0])
        credentials = get_session_token(tools.door, tools.source(), plan.serial, code, plan.mfa_duration, region)
        given = Given(credentials, Identity("", "", "", UNVERIFIED), tools.clock())
        return tools.cache.put(mfa_record(given, plan, plan.mfa_duration))

    def _direct(self, step: PlannedHop, kept: Record | None, why: str) -> Record:
        """The first hop with the code in AssumeRole itself."""
        fresh = self._wanted.fresh and self._last == 0
        while True:
            asking = self._asking("sts:AssumeRole", step.duration, 1, why)
            try:
                return self._tools.desk.with_code(
                    asking,
                    step.name,
                    partial(self._found, step, kept, fresh=fresh),
                    partial(self._assume_with_code, step),
                    self._stop,
                )
            except Retry as retry:
                step, why = retry.step, retry.why

    def _assume_with_code(self, step: PlannedHop, code: Secret) -> Record:
        return self._assume(self._as_learned(step), 0, self._tools.source(), None, code)

    def _fresh_code_may_help(self, refusal: Refused, parent: Record | None) -> bool:
        """Whether the role may be one that looks at the code's age: an older MFA session, under `auto`, and a plain denial."""
        if self._plan.strategy != "session" or parent is None or not self._plan.may_switch:
            return False
        return refusal.cause in _AGE_MATTERS and parent.issued < self._started

    def _after_refusal(self, step: PlannedHop, refusal: Refused) -> Record:
        role = step.hop.role
        why = f"{role.short_name} refused the MFA session; it may want a code that is younger."
        try:
            record = self._direct(step, None, why)
        except Cancelled:
            raise refusal from None
        except NeedsPerson as nobody:
            refusal.next_step = f"It may want a code that is younger than the MFA session. {nobody.next_step}".strip()
            raise refusal from None
        self._tools.lessons.learn(role.arn, direct=True)
        return record

    def _asking(self, goes_into: GoesInto, duration: int, covers: int, why: str) -> CodeRequest:
        plan = self._plan
        return CodeRequest(
            serial=plan.serial,
            device_account=account_of(plan.serial),
            source_profile=plan.chain.source.profile or "",
            role=plan.chain.role,
            goes_into=goes_into,
            duration=duration,
            covers=covers,
            why=why,
            hops=tuple(f"{hop.hop.role.account.label}/{hop.hop.role.short_name}" for hop in plan.hops),
            external_id=any(hop.hop.request.external_id or hop.hop.request.external_id_command for hop in plan.hops),
        )

    def _breathe(self) -> None:
        if self._stop():
            raise Cancelled("Cancelled.")


def _lasting(step: Step, seconds: int) -> Step:
    """The step with another duration, and so under another name."""
    return replace(step, duration=seconds, name=digest(step.family, seconds))


def _refuse_quiet(*, quiet: bool) -> None:
    if quiet:
        raise NeedsPerson("Renewing needs a code.", "Assume the role again.")
