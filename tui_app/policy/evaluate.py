"""Whether policies allow a request, and if not, which condition failed. Pure; it never raises on a parsed policy.

An explicit Deny wins over every Allow. A trust policy that names the caller grants `direct`ly; one that names only the caller's
account leaves it to that account's own policies: `account` (IAM user guide, policy evaluation logic, cross-account access).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Literal

from tui_app.policy.conditions import holds
from tui_app.policy.document import Condition, Policy, Principals, Statement
from tui_app.policy.patterns import Context, Value, action_set, fits
from tui_app.values import frozen

Effect = Literal["direct", "account", "deny", "none"]
Part = Literal["principal", "action", "resource", "condition"]


@frozen
class Who:
    """The caller as principals see it: every ARN it goes by (user, or role and session), and its account.

    `ids` are its unique ids (`AIDA…`, or `AROA…` of its role). `services` and `federated` are the service names and identity
    providers it comes through; most callers have none.
    """

    arns: frozenset[str]
    account: str
    services: frozenset[str] = frozenset()
    federated: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()


@frozen
class FailedCondition:
    """A condition that kept an Allow from applying, and what the request had instead; `seen` is None for a missing key."""

    statement: Statement
    condition: Condition
    seen: Value | None


@frozen
class Miss:
    """Which part of an Allow statement did not fit the request, the first in the order principal, action, resource, condition."""

    statement: Statement
    part: Part


@frozen
class Decision:
    """The outcome: `direct` and `account` allow, `deny` is an explicit Deny, `none` is no Allow at all."""

    effect: Effect
    statement: Statement | None = None  # the one that decided
    failing: tuple[FailedCondition, ...] = ()
    misses: tuple[Miss, ...] = field(default=(), repr=False)

    @property
    def allowed(self) -> bool:
        """Whether any Allow applied and no Deny did."""
        return self.effect in ("direct", "account")


def evaluate(
    policies: Iterable[Policy],
    action: str,
    resource: str | None,
    context: Mapping[str, Value],
    who: Who | None = None,
) -> Decision:
    """What `policies` together say about `action` on `resource`.

    `resource` None: not known; then any Resource may be meant by an Allow, and only `*` by a Deny. `who` None: the policies are the
    caller's own, and statements have no Principal. `context`: condition keys in any case.
    """
    lowered = {key.lower(): value for key, value in context.items()}
    asked = _Question(action, resource, lowered, who)
    granted: Decision | None = None
    failing: list[FailedCondition] = []
    misses: list[Miss] = []
    for policy in policies:
        for statement in policy.statements:
            level, part, failed = asked.weigh(statement, variables=policy.has_variables)
            if part is None and statement.effect == "Deny":
                return Decision("deny", statement)
            if part is None and level is not None and (granted is None or level == "direct"):
                granted = granted if granted is not None and granted.effect == "direct" else Decision(level, statement)
            if part is not None and statement.effect == "Allow":
                misses.append(Miss(statement, part))
                failing.extend(FailedCondition(statement, one, lowered.get(one.key.lower())) for one in failed)
    return granted or Decision("none", None, tuple(failing), tuple(misses))


@frozen
class _Question:
    action: str
    resource: str | None
    context: Context
    who: Who | None

    def weigh(
        self, statement: Statement, *, variables: bool
    ) -> tuple[Literal["direct", "account"] | None, Part | None, tuple[Condition, ...]]:
        """How directly the statement speaks of the caller; the part that does not fit, None when all do; the conditions that fail."""
        level = _speaks_of(statement, self.who)
        if level is None:
            return None, "principal", ()
        if not _has_action(statement, self.action):
            return level, "action", ()
        if not self._has_resource(statement, variables=variables):
            return level, "resource", ()
        failed = tuple(one for one in statement.conditions if not holds(one, self.context, variables=variables))
        return level, "condition" if failed else None, failed

    def _has_resource(self, statement: Statement, *, variables: bool) -> bool:
        patterns = statement.resources if statement.resources is not None else statement.not_resources
        if patterns is None:
            return True  # trust policies carry no Resource
        if self.resource is None:
            return statement.effect == "Allow" or (statement.resources is not None and "*" in patterns)
        found = [fits(pattern, self.resource, self.context, variables=variables) for pattern in patterns]
        if statement.resources is not None:
            return any(found)
        return None not in found and not any(found)


def _has_action(statement: Statement, action: str) -> bool:
    if statement.actions is not None:
        return action in action_set(statement.actions)
    return statement.not_actions is not None and action not in action_set(statement.not_actions)


def _speaks_of(statement: Statement, who: Who | None) -> Literal["direct", "account"] | None:
    if who is None:
        return "direct"
    if statement.not_principals is not None:
        return None if _excepted(statement.not_principals, who) else "direct"
    return names(statement.principals, who) if statement.principals is not None else None


def _excepted(principals: Principals, who: Who) -> bool:
    """Whether a NotPrincipal leaves the caller out: the caller itself, or its account where nobody of that account is named beside it."""
    level = names(principals, who)
    beside = any(f"::{who.account}:" in one and not names_account(one, who.account) for one in principals.of("AWS"))
    return level == "direct" or (level == "account" and not beside)


def names(principals: Principals, who: Who) -> Literal["direct", "account"] | None:
    """Whether the principals name the caller itself, or its account (by root ARN or bare id); None for neither."""
    listed = principals.of("AWS")
    if "*" in listed or any(one in who.arns or one in who.ids for one in listed):
        return "direct"
    if any(one in who.services for one in principals.of("Service")) or any(one in who.federated for one in principals.of("Federated")):
        return "direct"
    return "account" if any(names_account(one, who.account) for one in listed) else None


def names_account(principal: str, account: str) -> bool:
    """Whether a principal is the account as a whole: `111122223333` or `arn:aws:iam::111122223333:root`."""
    return principal == account or (principal.startswith("arn:") and principal.endswith(f":iam::{account}:root"))
