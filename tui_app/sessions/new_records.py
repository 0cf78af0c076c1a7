"""Sessions that AWS has just given, as the records that are kept."""

from __future__ import annotations

from tui_app.clock import clock_time
from tui_app.errors import RoledeckError
from tui_app.model import Credentials, Identity, Renews
from tui_app.sessions.plan import Plan, PlannedHop
from tui_app.sessions.record import Record
from tui_app.sessions.renewal import lead
from tui_app.sessions.start import PlannedStart
from tui_app.values import frozen

UNVERIFIED = 0.0


@frozen
class Given:
    """What AWS gave, and when; the identity is what it said by the way, or what was asked for.

    `with_code`: a code went with it. `alone`: an agreed program gives the next one, so that renewing needs nobody.
    """

    credentials: Credentials
    identity: Identity
    now: float
    with_code: bool = False
    alone: bool = False

    def lasting(self) -> Credentials:
        """The credentials, unless this machine's clock says that they are over already.

        Raises:
            RoledeckError: it says so.
        """
        if self.credentials.expires > self.now:
            return self.credentials
        raise RoledeckError(
            f"AWS gave a session until {clock_time(self.credentials.expires, self.now)}, which is past by this machine's clock.",
            "Set the clock, then try again.",
        )


def start_record(given: Given, step: PlannedStart, plan: Plan, role_key: str) -> Record:
    """The session of the source's own role."""
    credentials = given.lasting()
    return Record(
        kind="role",
        name=step.name,
        family=step.family,
        credentials=credentials,
        issued=given.now,
        duration=step.duration or max(0, round(credentials.expires - given.now)),
        identity=given.identity,
        role_arn=step.role_arn,
        role_key=role_key,
        source_profile=plan.chain.source.profile or "",
        hops=0,
    )


def hop_record(given: Given, step: PlannedHop, number: int, plan: Plan, parent: Record | None) -> Record:
    """The session of a hop, counted from 0; `parent` is the one that assumed it."""
    credentials, role = given.lasting(), step.hop.role
    return Record(
        kind="role",
        name=step.name,
        family=step.family,
        credentials=credentials,
        issued=given.now,
        duration=step.duration,
        identity=given.identity,
        role_arn=role.arn,
        role_key=role.key,
        source_profile=plan.chain.source.profile or "",
        serial=plan.serial,
        hops=number + 1,
        source_of_code="code" if given.with_code else parent.source_of_code if parent else "none",
        renews=_renews(given, parent),
    )


def mfa_record(given: Given, plan: Plan) -> Record:
    """The MFA session of a user."""
    return Record(
        kind="mfa",
        name=plan.mfa_name,
        family=plan.mfa_name,
        credentials=given.lasting(),
        issued=given.now,
        duration=plan.mfa_duration,
        identity=given.identity,
        source_profile=plan.chain.source.profile or "",
        serial=plan.serial,
        hops=0,
        source_of_code="mfa_session",
        renews="itself" if given.alone else "asks",
    )


def _renews(given: Given, parent: Record | None) -> Renews:
    if given.alone:
        return "itself"
    if given.with_code:
        return "asks"
    if parent is None or (parent.kind == "role" and parent.renews == "itself"):
        return "itself"
    expires = given.credentials.expires
    return "itself" if parent.expires > expires - lead(expires - given.now) else "asks"
