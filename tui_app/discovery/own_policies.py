"""The roles that one's own policies name: what people do by hand in the IAM console, user, permissions, policy, copy the ARN.

Reads the caller's inline and attached policies, of a user also those of its groups. What may not be read is said.
Boundaries and service control policies are not looked at: they take away, and the role itself has the last word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tui_app.aws.partitions import partition_of
from tui_app.catalog import limits
from tui_app.discovery.identity_center import MOST_PAGES
from tui_app.discovery.patience import Progress, for_each, patiently, unheard
from tui_app.errors import OutOfReach, Refused, SessionExpired
from tui_app.model import AccessKey, Identity
from tui_app.parallel import never
from tui_app.policy.document import Condition, Policy, PolicyError, Statement, parse_policy
from tui_app.policy.evaluate import evaluate
from tui_app.policy.patterns import action_set, plain, resolve
from tui_app.values import frozen

if TYPE_CHECKING:
    from tui_app.aws.door import AwsDoor

ACTION = "sts:AssumeRole"
_WILD = frozenset("*?")


@frozen
class AllowedRole:
    """A role that a policy names in full. `keys` are the condition keys that decide whether it may really be assumed."""

    arn: str
    keys: tuple[str, ...] = ()


@frozen
class Assumable:
    """What policies say of AssumeRole: roles named in full, patterns as they are written, and the roles that a Deny takes away."""

    roles: tuple[AllowedRole, ...]
    patterns: tuple[str, ...]
    denied: tuple[str, ...]


@frozen
class OwnPolicies:
    """`assumable` of the policies of `identity`. `unread` are the sentences about what could not be read; then there may be more roles."""

    identity: Identity
    assumable: Assumable
    unread: tuple[str, ...]


def read_own_policies(
    door: AwsDoor, key: AccessKey, region: str | None, progress: Progress = unheard, cancelled: Callable[[], bool] = never
) -> OwnPolicies:
    """The roles that the policies of the owner of `key` name.

    Raises:
        SessionExpired, Refused, OutOfReach: not even who it is can be had. Cancelled.
    """
    identity = door.caller_identity(key, region)
    reader = _Reader(door, key, identity)
    policies = reader.policies(progress, cancelled)
    return OwnPolicies(identity, assumable(policies, reader.context), tuple(dict.fromkeys(reader.unread)))


def assumable(policies: Iterable[Policy], context: Mapping[str, str]) -> Assumable:
    """What the policies allow, less what they deny whatever the circumstances; `context` has the variables that are known."""
    policies = tuple(policies)
    roles: dict[str, tuple[str, ...]] = {}
    patterns: dict[str, None] = {}
    denied: dict[str, None] = {}
    for policy, statement in _allowing(policies):
        for resource in _resources(policy, statement, context):
            keys = tuple(condition.key for condition in (*statement.conditions, *_conditional_denies(policies, resource, context)))
            if _denied(policies, resource, context):
                denied[resource] = None
            elif not _WILD.isdisjoint(resource) or "${" in resource:
                patterns[resource] = None
            elif limits.split_role_arn(resource) and (resource not in roles or not keys):
                roles[resource] = tuple(dict.fromkeys(keys))
    return Assumable(tuple(AllowedRole(arn, keys) for arn, keys in roles.items()), tuple(patterns), tuple(denied))


def _allowing(policies: Iterable[Policy]) -> Iterator[tuple[Policy, Statement]]:
    for policy in policies:
        for statement in policy.statements:
            if statement.effect == "Allow" and _speaks_of_assuming(statement):
                yield policy, statement


def _speaks_of_assuming(statement: Statement) -> bool:
    if statement.actions is not None:
        return ACTION in action_set(statement.actions)
    return statement.not_actions is not None and ACTION not in action_set(statement.not_actions)


def _resources(policy: Policy, statement: Statement, context: Mapping[str, str]) -> Iterator[str]:
    """The resources as far as they are known; a NotResource leaves anything open."""
    if statement.resources is None:
        yield "*"
        return
    for resource in statement.resources:
        filled = resolve(resource, context) if policy.has_variables else None
        yield resource if filled is None else plain(filled)


def _denied(policies: Iterable[Policy], resource: str, context: Mapping[str, str]) -> bool:
    """Whether a Deny without conditions covers the resource, be it a role or a pattern."""
    return any(_covers(policy, statement, resource, context) for policy, statement in _denying(policies) if not statement.conditions)


def _conditional_denies(policies: Iterable[Policy], resource: str, context: Mapping[str, str]) -> Iterator[Condition]:
    for policy, statement in _denying(policies):
        if statement.conditions and _covers(policy, _bare(statement), resource, context):
            yield from statement.conditions


def _denying(policies: Iterable[Policy]) -> Iterator[tuple[Policy, Statement]]:
    return ((policy, statement) for policy in policies for statement in policy.statements if statement.effect == "Deny")


def _bare(statement: Statement) -> Statement:
    return Statement(
        statement.effect,
        actions=statement.actions,
        not_actions=statement.not_actions,
        resources=statement.resources,
        not_resources=statement.not_resources,
    )


def _covers(policy: Policy, statement: Statement, resource: str, context: Mapping[str, str]) -> bool:
    return evaluate((Policy((statement,), policy.version),), ACTION, resource, context).effect == "deny"


class _Reader:
    """Reads the policies of one caller; `unread` collects what could not be."""

    def __init__(self, door: AwsDoor, key: AccessKey, identity: Identity) -> None:
        self._door = door
        self._key = key
        self._kind, self._name = _holder(identity.arn)
        self._region = partition_of(identity.arn).region
        self.context = {"aws:principalaccount": identity.account, **({"aws:username": self._name} if self._kind == "User" else {})}
        self.unread: list[str] = []

    def policies(self, progress: Progress, cancelled: Callable[[], bool]) -> tuple[Policy, ...]:
        """Every document that may be read."""
        if not self._kind:
            self.unread.append("These credentials are no user's and no role's, so there are no policies to read.")
            return ()
        holders = [(self._kind, self._name)]
        if self._kind == "User":
            holders += [
                ("Group", name) for name in self._listed("ListGroupsForUser", "Groups", {"UserName": self._name}, "GroupName", cancelled)
            ]
        wanted = [document for holder in holders for document in self._named_by(*holder, cancelled)]
        progress(0, len(wanted))
        answers = for_each(wanted, lambda one, ended: self._document(*one, ended), progress, cancelled)
        return tuple(policy for policy in answers if policy is not None)

    def _named_by(self, kind: str, name: str, cancelled: Callable[[], bool]) -> Iterator[tuple[str, str, str]]:
        """Kind of holder, holder and name of each inline policy; for a managed one the kind is empty and the name its ARN."""
        who = {f"{kind}Name": name}
        for policy in self._listed(f"List{kind}Policies", "PolicyNames", who, "", cancelled):
            yield kind, name, policy
        for arn in self._listed(f"ListAttached{kind}Policies", "AttachedPolicies", who, "PolicyArn", cancelled):
            yield "", name, arn

    def _document(self, kind: str, name: str, policy: str, cancelled: Callable[[], bool]) -> Policy | None:
        if kind:
            answer = self._asked(f"Get{kind}Policy", {f"{kind}Name": name, "PolicyName": policy}, policy, cancelled)
            return self._parsed(answer.get("PolicyDocument"), policy)
        facts = self._asked("GetPolicy", {"PolicyArn": policy}, policy, cancelled).get("Policy")
        version = facts.get("DefaultVersionId") if isinstance(facts, Mapping) else None
        if not isinstance(version, str):
            return None
        content = self._asked("GetPolicyVersion", {"PolicyArn": policy, "VersionId": version}, policy, cancelled).get("PolicyVersion")
        return self._parsed(content.get("Document") if isinstance(content, Mapping) else None, policy)

    def _parsed(self, document: Any, name: str) -> Policy | None:
        if document is None:
            return None
        try:
            return parse_policy(document)
        except PolicyError:
            self.unread.append(f"The policy {name} cannot be understood.")
            return None

    def _listed(self, operation: str, name: str, who: Mapping[str, str], part: str, cancelled: Callable[[], bool]) -> list[str]:
        """The texts of a paged list; of a list of tables that part of each."""
        found: list[str] = []
        more: dict[str, str] = {}
        for _ in range(MOST_PAGES):
            answer = self._asked(operation, {**who, **more}, next(iter(who.values())), cancelled)
            items = answer.get(name) or []
            found += [str(item.get(part, "")) if part else str(item) for item in items if not part or isinstance(item, Mapping)]
            if not answer.get("IsTruncated") or not answer.get("Marker"):
                break
            more = {"Marker": str(answer["Marker"])}
        return found

    def _asked(self, operation: str, parameters: Mapping[str, str], what: str, cancelled: Callable[[], bool]) -> dict[str, Any]:
        """The answer, or none and a sentence about it."""
        try:
            return patiently(
                lambda: self._door.call("iam", operation, region=self._region, key=self._key, parameters=parameters), cancelled
            )
        except SessionExpired:
            raise
        except (Refused, OutOfReach) as failure:
            why = "was refused" if isinstance(failure, Refused) else "got no answer"
            self.unread.append(f"iam:{operation} on {what} {why}.")
            return {}


def _holder(arn: str) -> tuple[str, str]:
    """`User` or `Role` with its name, from an ARN of GetCallerIdentity; two empty texts for root and federated users."""
    kind, _, rest = arn.split(":", 5)[-1].partition("/")
    if kind == "user":
        return "User", rest.rpartition("/")[2]
    return ("Role", rest.partition("/")[0]) if kind == "assumed-role" else ("", "")
