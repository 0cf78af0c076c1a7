"""The calls that a plan makes to AWS: each gives a session, which is verified before anybody uses it, and kept."""

from __future__ import annotations

from collections.abc import Callable

from tui_app.clock import typed_duration
from tui_app.errors import Cancelled, Refused, WrongIdentity
from tui_app.model import CHAIN_LIMIT, AccessKey, Credentials, Identity
from tui_app.secret import Secret
from tui_app.sessions.codes import Retry
from tui_app.sessions.device import Codes
from tui_app.sessions.identity import check_identity
from tui_app.sessions.lasting import TOO_LONG, as_granted, lasting
from tui_app.sessions.locks import Stop
from tui_app.sessions.new_records import UNVERIFIED, Given, hop_record, mfa_record, start_record
from tui_app.sessions.plan import Plan, PlannedHop
from tui_app.sessions.record import Record
from tui_app.sessions.request import external_id_of, hop_request
from tui_app.sessions.start import LOGIN, PERMISSION_SET, PlannedStart
from tui_app.sessions.sts import assume_role, get_session_token
from tui_app.sessions.tools import Tools
from tui_app.text import clean


class Calls:
    """`progress` gets a line before each call; `stop` ends the work between two calls.

    `verified_here` are the ids of the keys that were verified here; what another window got meanwhile is kept already.
    """

    def __init__(self, tools: Tools, plan: Plan, codes: Codes, stop: Stop, progress: Callable[[str], None]) -> None:
        self.verified_here: set[str] = set()
        self._tools = tools
        self._plan = plan
        self._codes = codes
        self._stop = stop
        self._progress = progress

    def begin(self, step: PlannedStart) -> Record:
        """The session that the source itself gives."""
        self.check_cancelled()
        self._progress(f"Getting the credentials of {step.role_arn.rpartition('/')[2]}")
        try:
            credentials, identity = self._tools.begin(step)
        except Refused as refusal:
            if refusal.cause not in TOO_LONG or step.duration <= CHAIN_LIMIT:
                raise
            self._tools.lessons.learn(step.role_arn, maximum=CHAIN_LIMIT)
            return self.begin(lasting(step, CHAIN_LIMIT))
        given = Given(credentials, identity, self._tools.clock())
        return self.verified(start_record(given, step, self._plan, self._tools.start_key()))

    def assume(
        self,
        step: PlannedHop,
        number: int,
        key: AccessKey,
        parent: Record | None,
        code: Secret | None = None,
        patience: float | None = None,
    ) -> Record:
        """The session of a hop, counted from 0, that `key` assumes; `parent` is the session it belongs to, `patience` is in seconds.

        Raises:
            Retry: the role grants less than was asked for, and the code is spent.
        """
        self.check_cancelled()
        role = step.hop.role
        self._progress(f"Assuming {role.account.label}/{role.short_name}")
        request = hop_request(step, external_id_of(step.hop, self._tools.programs), self._codes.serial, code)
        request.check(role.origins)
        try:
            credentials, identity = assume_role(self._tools.door, key, request, self._tools.region(step), patience)
        except Refused as refusal:
            if refusal.cause not in TOO_LONG or step.duration <= CHAIN_LIMIT:
                raise
            return self.assume(self._shortened(step, refusal, code), number, key, parent, patience=patience)
        record = hop_record(self._given(credentials, identity, with_code=code is not None), step, number, self._plan, parent)
        if code is not None:
            # a spent code must not be lost, whatever happens next
            record = self._tools.cache.put(record)
        return self.verified(record)

    def assume_with_code(self, step: PlannedHop, code: Secret) -> Record:
        """The session of the first hop, the code in AssumeRole itself.

        Raises:
            Retry: as in `assume`.
        """
        return self.assume(as_granted(step, self._tools.lessons), 0, self._tools.source(), None, code)

    def start_mfa_session(self, code: Secret) -> Record:
        """The MFA session of the source's user."""
        plan, tools = self._plan, self._tools
        self._progress("Starting an MFA session")
        region = tools.region(plan.hops[0])
        credentials = get_session_token(tools.door, tools.source(), self._codes.serial, code, plan.mfa_duration, region)
        return tools.cache.put(mfa_record(self._given(credentials, Identity("", "", "", UNVERIFIED)), plan))

    def verified(self, record: Record) -> Record:
        """The session once GetCallerIdentity has named it; one that was kept just before a crash has not been asked about yet."""
        if record.identity.verified != UNVERIFIED:
            return record
        verified = self._tools.cache.put(record.verified(self._verify(record)))
        self.verified_here.add(record.credentials.key.id)
        return verified

    def alone(self) -> bool:
        """Whether an agreed program gives the codes of the plan's device."""
        return self._plan.serial != "" and self._tools.alone() is not None

    def check_cancelled(self) -> None:
        """Go on only while somebody wants the answer.

        Raises:
            Cancelled: nobody does.
        """
        if self._stop():
            raise Cancelled("Cancelled.")

    def _given(self, credentials: Credentials, identity: Identity, *, with_code: bool = False) -> Given:
        return Given(credentials, identity, self._tools.clock(), with_code=with_code, alone=self.alone())

    def _shortened(self, step: PlannedHop, refusal: Refused, code: Secret | None) -> PlannedHop:
        self._tools.lessons.learn(step.hop.role.arn, maximum=CHAIN_LIMIT)
        shorter = lasting(step, CHAIN_LIMIT)
        if code is not None:
            raise Retry(
                f"{step.hop.role.short_name} refused {typed_duration(step.duration)}, so 1h is asked for now; the code went with it.",
                shorter,
            ) from refusal
        return shorter

    def _verify(self, record: Record) -> Identity:
        self._progress("Verifying the identity")
        identity = self._tools.door.caller_identity(record.credentials.key, record.identity.region)
        try:
            check_identity(record.role_arn, identity, permission_set=record.hops == 0 and self._plan.chain.source.kind == PERMISSION_SET)
        except WrongIdentity as wrong:
            self._tools.cache.remove(record.name)
            self._tools.door.forget(record.credentials.key.id)
            if record.hops == 0 and self._plan.chain.source.kind == LOGIN:
                wrong.next_step = f"Nothing was handed over; sign in again with `aws login --profile {clean(record.source_profile, 256)}`."
            raise
        return identity
