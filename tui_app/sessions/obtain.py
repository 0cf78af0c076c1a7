"""One session, hop by hop: what is kept is used, what is missing is got once, a code is asked where one is needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from tui_app.aws.partitions import sts_region
from tui_app.errors import Cancelled, NeedsPerson, Refused, RoledeckError, SessionExpired, WrongIdentity
from tui_app.model import Session
from tui_app.sessions.cache import kept_record
from tui_app.sessions.calls import Calls
from tui_app.sessions.codes import Retry
from tui_app.sessions.device import Codes
from tui_app.sessions.lasting import as_granted, less_granted
from tui_app.sessions.locks import held
from tui_app.sessions.new_records import hop_record
from tui_app.sessions.plan import Plan, PlannedHop
from tui_app.sessions.record import Record, digest
from tui_app.sessions.renewal import renewal_due
from tui_app.sessions.start import PlannedStart
from tui_app.sessions.tools import Tools
from tui_app.sessions.wanted import Wanted
from tui_app.text import clean

_AGE_MATTERS = frozenset({"assume_role", "no_trust", "denied", "deny_trust"})
"""Refusals that a role with a condition on the code's age gives to an MFA session."""
_GONE = frozenset({"unknown_key", "bad_token"})
"""How AWS refuses a session whose role or user, or the key it came from, is no more."""
_REVOKED = frozenset({"deny_identity", "deny"})
"""How AWS refuses a role's session that AWSRevokeOlderSessions has ended (IAM user guide, "Revoke IAM role temporary credentials")."""

HASTE = 4.0
"""Seconds that AWS is given to answer where what is kept is still good; it is tried again soon anyway."""
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
        self._codes = Codes(tools, plan, stop)
        self._calls = Calls(tools, plan, self._codes, stop, progress)

    def session(self) -> Session:
        """The verified session of the plan's role; kept already where `from_cache` says so."""
        record = self._hop(self._last)
        own = record.issued >= self._started and record.credentials.key.id in self._calls.verified_here
        return record.session(from_cache=not own)

    def _hop(self, number: int, *, quiet: bool = False) -> Record:
        """The verified session of a hop, kept or new; `quiet` asks nobody."""
        return self._calls.verified(self._kept_or_new(number, quiet=quiet))

    def _step(self, number: int) -> PlannedHop | PlannedStart:
        start = self._plan.start
        return start if number == START and start is not None else self._plan.hops[number]

    def _kept_or_new(self, number: int, *, quiet: bool) -> Record:
        step, fresh = self._step(number), self._wanted.fresh and number == self._last
        kept = None if fresh else kept_record(self._tools.cache, step, exact=number == self._last and self._wanted.duration is not None)
        if kept is None:
            return self._borrowed(number) or self._new(number, None, quiet=quiet)
        if not renewal_due(kept.session(from_cache=True), self._tools.clock()):
            return kept
        try:
            # what is still good is renewed only where that needs nobody
            return self._new(number, kept, quiet=True)
        except (Cancelled, WrongIdentity):
            raise
        except RoledeckError:
            # AWS may have kept us waiting until this one was over too
            return kept if self._tools.cache.live(kept) else self._new(number, None, quiet=quiet)

    def _borrowed(self, number: int) -> Record | None:
        """A session that the AWS CLI has kept, once AWS says that it is this role; whatever is odd about it, there is none."""
        step, asked = self._step(number), self._wanted
        if isinstance(step, PlannedStart) or (number == self._last and (asked.fresh or asked.duration is not None)):
            return None
        given = self._tools.borrow(number)
        if given is None:
            return None
        region = sts_region(self._tools.region(step), step.hop.role.arn)
        identity = replace(given.identity, region=region)
        try:
            given = replace(given, identity=identity, with_code=self._plan.strategy != "none", alone=self._calls.alone())
            return self._calls.verified(hop_record(given, step, number, self._plan, None))
        except Cancelled:
            raise
        except RoledeckError:
            return None

    def _new(self, number: int, kept: Record | None, *, quiet: bool) -> Record:
        self._calls.check_cancelled()
        step = self._step(number)
        if isinstance(step, PlannedStart):
            return self._once(step, number, None, kept)
        if number == 0 and self._plan.strategy == "direct":
            return self._direct(step, kept, self._plan.why, quiet=quiet)
        parent = self._parent(number, quiet=quiet)
        try:
            return self._once(step, number, parent, kept)
        except Refused as refusal:
            if parent is not None and self._is_over(refusal, parent):
                self._drop(parent)
                return self._new(number, kept, quiet=quiet)
            if number == 0 and self._fresh_code_may_help(refusal, parent):
                return self._after_refusal(step, refusal, quiet=quiet)
            raise (self._codes.blamed(refusal) if parent is None else refusal) from None

    def _is_over(self, refusal: Refused, parent: Record) -> bool:
        """Whether AWS no longer takes what was kept: revoked, deleted, or the clocks differ; that is started over once."""
        revoked = refusal.cause in _REVOKED and parent.kind == "role"
        gone = isinstance(refusal, SessionExpired) or refusal.cause in _GONE or revoked
        return gone and not self._dropped and parent.issued < self._started

    def _drop(self, parent: Record) -> None:
        self._dropped = True
        self._tools.cache.remove(parent.name)
        self._tools.door.forget(parent.credentials.key.id)
        whose = clean(parent.role_key) if parent.kind == "role" else f"the MFA session of {clean(parent.source_profile)}"
        self._tools.say(f"AWS no longer takes the kept session of {whose}, so it was got anew.")

    def _parent(self, number: int, *, quiet: bool) -> Record | None:
        """The session that assumes hop `number`; None where the source's own keys do."""
        if number > 0 or self._plan.start is not None:
            return self._hop(number - 1, quiet=quiet)
        return self._mfa_session(quiet=quiet) if self._plan.strategy == "session" else None

    def _once(self, step: PlannedHop | PlannedStart, number: int, parent: Record | None, kept: Record | None) -> Record:
        # by the family: another window may know already that the role grants less, and so file the same session under another name
        with held(self._tools.cache.folder, step.family, self._waiting()):
            found = self._found(step, kept, fresh=self._wanted.fresh and number == self._last)
            if found is not None:
                return found
            if isinstance(step, PlannedStart):
                return self._calls.begin(as_granted(step, self._tools.lessons))
            key = parent.credentials.key if parent else self._tools.source()
            return self._calls.assume(as_granted(step, self._tools.lessons), number, key, parent, patience=HASTE if kept else None)

    def _waiting(self) -> Callable[[], bool]:
        """What is asked while another window has the lock: whether to stop; the first time it is told what is waited for."""
        told: list[bool] = []

        def look() -> bool:
            if not told:
                told.append(True)
                self._progress("Another window is getting the same session")
            return self._stop()

        return look

    def _found(self, step: PlannedHop | PlannedStart, kept: Record | None, *, fresh: bool) -> Record | None:
        """What another window has got in the meantime, if it is as new as what is wanted here."""
        maximum = less_granted(step, self._tools.lessons)
        return self._got(step.name if maximum is None else digest(step.family, maximum), kept, fresh=fresh)

    def _got(self, name: str, kept: Record | None, *, fresh: bool) -> Record | None:
        record = self._tools.cache.get(name)
        if record is None or (fresh and record.issued < self._started):
            return None
        return record if kept is None or record.issued > kept.issued else None

    def _mfa_session(self, *, quiet: bool) -> Record:
        name = self._plan.mfa_name
        renew = self._wanted.fresh_code
        kept = None if renew else self._tools.cache.get(name)
        if kept is not None:
            return kept
        desk = self._codes.desk(quiet=quiet)
        asking = self._codes.request("sts:GetSessionToken", self._plan.mfa_duration, self._tools.covers(), self._plan.why)
        return self._codes.with_code(desk, asking, name, partial(self._got, name, None, fresh=renew), self._calls.start_mfa_session)

    def _direct(self, step: PlannedHop, kept: Record | None, why: str, *, quiet: bool) -> Record:
        """The first hop with the code in AssumeRole itself."""
        desk = self._codes.desk(quiet=quiet)
        fresh = self._wanted.fresh and self._last == 0
        while True:
            asking = self._codes.request("sts:AssumeRole", step.duration, 1, why)
            try:
                return self._codes.with_code(
                    desk, asking, step.family, partial(self._found, step, kept, fresh=fresh), partial(self._calls.assume_with_code, step)
                )
            except Retry as retry:
                step, why = retry.step, retry.why

    def _fresh_code_may_help(self, refusal: Refused, parent: Record | None) -> bool:
        """Whether the role may be one that looks at the code's age: an older MFA session, under `auto`, and a plain denial."""
        if self._plan.strategy != "session" or parent is None or not self._plan.may_switch:
            return False
        return refusal.cause in _AGE_MATTERS and parent.issued < self._started

    def _after_refusal(self, step: PlannedHop, refusal: Refused, *, quiet: bool) -> Record:
        role = step.hop.role
        why = f"{role.short_name} refused the MFA session; it may want a code that is younger."
        try:
            record = self._direct(step, None, why, quiet=quiet)
        except Cancelled:
            raise refusal from None
        except NeedsPerson as nobody:
            refusal.next_step = f"It may want a code that is younger than the MFA session. {nobody.next_step}".strip()
            raise refusal from None
        self._tools.lessons.learn(role.arn, direct=True)
        return record
