"""SimulatePrincipalPolicy and SimulateCustomPolicy: what the policies of a principal say about actions that nobody tried.

As AWS does, it looks at the principal's own policies only: a role's trust policy plays no part, not even for sts:AssumeRole.
"""

from __future__ import annotations

import re
from typing import Any, Literal

from tui_app.arns import parse_arn
from tui_app.embedded_aws.callers import Caller, iam_of, role_by_arn
from tui_app.embedded_aws.context import principal_tags
from tui_app.embedded_aws.documents import document_of, parsed
from tui_app.embedded_aws.ledger import Ledger
from tui_app.embedded_aws.organization import control_policies
from tui_app.embedded_aws.permission import boundary_of
from tui_app.embedded_aws.wire import IAM_NAMESPACE, Answer, AwsError, AwsRequest, elements, query_answer
from tui_app.policy.document import Policy
from tui_app.policy.evaluate import evaluate
from tui_app.policy.patterns import Value
from tui_app.values import frozen

Decision = Literal["allowed", "explicitDeny", "implicitDeny"]


@frozen
class Named:
    """A policy with the name that the answer gives it."""

    name: str
    kind: str
    policy: Policy


@frozen
class _Bounds:
    boundary: Policy | None
    control: tuple[tuple[Policy, ...], ...]


def simulate_principal(request: AwsRequest, caller: Caller, _ledger: Ledger) -> Answer:
    """SimulatePrincipalPolicy of a user, a group or a role."""
    source = request.params.get("PolicySourceArn", "")
    subject = _subject(source, caller)
    bounds = _Bounds(boundary_of(subject) if subject.kind != "root" else None, control_policies(subject.account, "SERVICE_CONTROL_POLICY"))
    extra = [
        Named(f"PolicyInputList.{place}", "IAM Policy", parsed(text)) for place, text in enumerate(request.members("PolicyInputList"), 1)
    ]
    return _answer(request, [*policies_of(source, caller), *extra], _own_keys(subject), bounds)


def simulate_custom(request: AwsRequest, _caller: Caller, _ledger: Ledger) -> Answer:
    """SimulateCustomPolicy of the documents in the request."""
    texts = request.members("PolicyInputList")
    named = [Named(f"PolicyInputList.{place}", "IAM Policy", parsed(text)) for place, text in enumerate(texts, 1)]
    boundary = next((parsed(text) for text in request.members("PermissionsBoundaryPolicyInputList")), None)
    return _answer(request, named, {}, _Bounds(boundary, ()))


def policies_of(arn: str, caller: Caller) -> list[Named]:
    """The named policies of a principal of the caller's account.

    Raises:
        AwsError: NoSuchEntity.
    """
    holders = _holders(arn, caller)
    found = []
    for holder, kind in holders:
        found += [Named(f"{kind.lower()}_{holder.name}_{name}", kind, parsed(text)) for name, text in list(holder.policies.items())]
        found += [Named(str(managed.name), "IAM Policy", document_of(managed)) for managed in list(holder.managed_policies.values())]
    return found


def _holders(arn: str, caller: Caller) -> list[tuple[Any, str]]:
    backend = iam_of(caller.account, caller.partition)
    entity = parse_arn(arn)
    if entity is None or entity.service != "iam":
        raise AwsError("InvalidInput", "Invalid Entity Arn: " + arn, 400)
    if entity.account == caller.account:
        user = next((one for one in list(backend.users.values()) if one.arn == arn), None)
        if user is not None:
            groups = [one for one in list(backend.groups.values()) if any(member.name == user.name for member in list(one.users))]
            return [(user, "User"), *((group, "Group") for group in groups)]
        for kind, entries in (("Role", backend.roles), ("Group", backend.groups)):
            if (holder := next((one for one in list(entries.values()) if one.arn == arn), None)) is not None:
                return [(holder, kind)]
    raise AwsError("NoSuchEntity", f"The entity with arn {arn} cannot be found.", 404)


def _subject(arn: str, caller: Caller) -> Caller:
    """The principal as a caller, for its boundary and its keys; a group has neither."""
    holder, kind = _holders(arn, caller)[0]
    if kind == "Role":
        role = role_by_arn(arn)
        return Caller("role", caller.account, arn, str(getattr(role, "id", "")), holder.name, "", "", caller.partition, role_arn=arn)
    if kind == "User":
        return Caller("user", caller.account, arn, str(holder.id), holder.name, "", "", caller.partition)
    return Caller("root", caller.account, arn, "", holder.name, "", "", caller.partition)


def _own_keys(subject: Caller) -> dict[str, Value]:
    keys: dict[str, Value] = {"aws:principalarn": subject.arn, "aws:principalaccount": subject.account, "aws:userid": subject.user_id}
    if subject.kind == "user":
        keys["aws:username"] = subject.name
    return keys | {f"aws:principaltag/{key.lower()}": value for key, value in principal_tags(subject).items()}


def _answer(request: AwsRequest, named: list[Named], keys: dict[str, Value], bounds: _Bounds) -> Answer:
    context = keys | _given_keys(request)
    resources = request.members("ResourceArns") or ["*"]
    results = [_result(action, resource, named, context, bounds) for action in request.members("ActionNames") for resource in resources]
    if not results:
        raise AwsError("InvalidInput", "ActionNames must contain at least one action.", 400)
    return query_answer(request, elements({"IsTruncated": False, "EvaluationResults": results}), IAM_NAMESPACE)


def _given_keys(request: AwsRequest) -> dict[str, Value]:
    """ContextEntries of the request; a list type stays a list."""
    found: dict[str, Value] = {}
    for entry in request.structures("ContextEntries"):
        values = [value for name, value in sorted(entry.items()) if re.match(r"ContextKeyValues(\.member)?\.\d+$", name)]
        listed = entry.get("ContextKeyType", "string").endswith("List")
        if values:
            found[entry.get("ContextKeyName", "").lower()] = tuple(values) if listed or len(values) > 1 else values[0]
    return found


def _result(action: str, resource: str, named: list[Named], context: dict[str, Value], bounds: _Bounds) -> dict[str, object]:
    if not re.fullmatch(r"[\w-]+:[\w*?-]+|\*", action):
        raise AwsError("InvalidInput", f"Invalid Action Name: {action}", 400)
    decisions = [(item, evaluate((item.policy,), action, resource, context)) for item in named]
    effects = {decision.effect for _, decision in decisions}
    decision: Decision = "explicitDeny" if "deny" in effects else "allowed" if effects & {"direct", "account"} else "implicitDeny"
    deciding = "deny" if decision == "explicitDeny" else "direct"
    matched = [{"SourcePolicyId": item.name, "SourcePolicyType": item.kind} for item, one in decisions if one.effect == deciding]
    answer: dict[str, object] = {"EvalActionName": action, "EvalResourceName": resource}
    details: dict[str, object] = {"MatchedStatements": matched, "MissingContextValues": _missing(named, action, context)}
    if bounds.boundary is not None:
        within = evaluate((bounds.boundary,), action, resource, context)
        details["PermissionsBoundaryDecisionDetail"] = {"AllowedByPermissionsBoundary": within.allowed}
        decision = _narrowed(decision, within.effect)
    if bounds.control:
        effects_above = [evaluate(level, action, resource, context).effect for level in bounds.control]
        details["OrganizationsDecisionDetail"] = {"AllowedByOrganizations": all(effect == "direct" for effect in effects_above)}
        for effect in effects_above:
            decision = _narrowed(decision, effect)
    return answer | {"EvalDecision": decision} | details


def _narrowed(decision: Decision, effect: str) -> Decision:
    if effect == "deny":
        return "explicitDeny"
    return "implicitDeny" if effect == "none" and decision == "allowed" else decision


def _missing(named: list[Named], action: str, context: dict[str, Value]) -> list[str]:
    """Keys that the policies ask for and the request did not give."""
    asked = {
        condition.key
        for item in named
        for statement in item.policy.statements
        if evaluate((Policy((statement,), item.policy.version),), action, None, context).effect == "none"
        for condition in statement.conditions
    }
    return sorted(key for key in asked if key.lower() not in context)
