"""Who may become a role: its trust policy, read with a session that is there anyway."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tui_app.arns import account_of
from tui_app.aws.partitions import partition_of
from tui_app.clock import Clock, wall_clock
from tui_app.errors import RoledeckError
from tui_app.explorer.asking import Door
from tui_app.explorer.refusals import explain
from tui_app.model import Identity, Role, Session
from tui_app.policy.document import Policy, PolicyError, parse_policy
from tui_app.policy.words import StatementInWords, trust_in_words
from tui_app.text import clean
from tui_app.values import frozen

ACTION = "iam:GetRole"


@frozen
class TrustReading:
    """A role's trust policy and its statements in words, or one sentence on why it cannot be read from here.

    `read_by` is the identity whose session read it, `at` the time in epoch seconds.
    """

    role_arn: str
    policy: Policy | None = None
    statements: tuple[StatementInWords, ...] = ()
    why_not: str = ""
    read_by: Identity | None = None
    at: float = 0.0


def read_trust(door: Door, role: Role, sessions: Iterable[Session], clock: Clock = wall_clock) -> TrustReading:
    """Read the trust policy of `role` with iam:GetRole: with its own live session, else with another of the same account.

    IAM answers only to principals of the account, so nobody else can be asked.
    """
    if role.arn.startswith("arn:") and ":role/" not in role.arn:
        return TrustReading(role.arn, why_not="Only roles have one; this is whoever signed in.")
    account = account_of(role.arn) or role.account.id
    readers = _readers(role, account, sessions, clock())
    if not readers:
        return TrustReading(role.arn, why_not=f"Only a session in account {clean(account)} can read it, and there is none.")
    why_not = ""
    for session in readers:
        try:
            answer = door.call(
                "iam",
                "GetRole",
                region=session.identity.region or partition_of(role.arn).region,
                key=session.credentials.key,
                parameters={"RoleName": role.short_name},
            )
        except RoledeckError as failure:
            why_not = why_not or _refusal(failure, session)
            continue
        return _reading(role, _document(answer), session.identity, clock())
    return TrustReading(role.arn, why_not=why_not)


def _readers(role: Role, account: str, sessions: Iterable[Session], now: float) -> list[Session]:
    """The live sessions of the account, the role's own first."""
    live = [session for session in sessions if session.left(now) > 0 and session.identity.account == account]
    return sorted(live, key=lambda session: session.role_arn != role.arn)


def _document(answer: Mapping[str, object]) -> object:
    """The trust policy in GetRole's answer, or None: a proxy or an AWS of one's own may answer 200 with anything."""
    found = answer.get("Role")
    return found.get("AssumeRolePolicyDocument") if isinstance(found, dict) else None


def _reading(role: Role, document: object, identity: Identity, now: float) -> TrustReading:
    if not document:
        return TrustReading(role.arn, why_not="AWS answered without a trust policy.", read_by=identity, at=now)
    try:
        policy = parse_policy(document if isinstance(document, dict) else str(document))
    except PolicyError as fault:
        return TrustReading(
            role.arn, why_not=f"AWS answered with a trust policy that cannot be read: {clean(fault)}", read_by=identity, at=now
        )
    return TrustReading(role.arn, policy, trust_in_words(policy), read_by=identity, at=now)


def _refusal(failure: RoledeckError, session: Session) -> str:
    refusal = explain(failure, ACTION, "")
    if refusal.cause != "denied":
        return refusal.sentence
    who = clean(session.identity.arn.partition("assumed-role/")[2].partition("/")[0] or session.identity.arn)
    return f"{who} may not read it: {ACTION} is denied."
