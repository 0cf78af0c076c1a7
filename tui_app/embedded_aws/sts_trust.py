"""Whether a caller may become a role: the trust policy and the caller's own policies, together.

Facts (IAM user guide, "Cross-account policy evaluation", "Troubleshoot IAM roles", "Pass session tags"): across accounts both sides
have to allow. Within one account a trust policy that names the user or the role is enough; one that names the account needs an
identity policy too. Tags need sts:TagSession, a source identity needs sts:SetSourceIdentity, on the same sides. A role that does not
exist is refused with the same words as one that does not trust the caller.
"""

from __future__ import annotations

from typing import Any, Literal

from tui_app.embedded_aws.callers import Caller
from tui_app.embedded_aws.context import context_of, tags_of_role
from tui_app.embedded_aws.documents import parsed
from tui_app.embedded_aws.ledger import Ledger
from tui_app.embedded_aws.organization import control_policies, organization_of
from tui_app.embedded_aws.permission import Denial, denial
from tui_app.embedded_aws.wire import AwsError, AwsRequest
from tui_app.policy.evaluate import Who, evaluate
from tui_app.policy.patterns import Value
from tui_app.values import frozen


@frozen
class Asked:
    """One AssumeRole request, its limits and its code already checked. `role` is moto's, None when there is none."""

    request: AwsRequest
    caller: Caller
    ledger: Ledger
    role: Any | None
    with_code: bool
    tags: list[dict[str, str]]
    transitive: list[str]
    source_identity: str

    @property
    def arn(self) -> str:
        """The role that is asked for."""
        return self.request.params["RoleArn"]

    @property
    def account(self) -> str:
        """The role's account."""
        return self.arn.split(":")[4]


def authorize(asked: Asked) -> None:
    """Let the caller become the role, or refuse.

    Raises:
        AwsError: AccessDenied, naming the first of sts:AssumeRole, sts:TagSession and sts:SetSourceIdentity that is not allowed.
    """
    context = trust_context(asked)
    actions = ["sts:AssumeRole"]
    if asked.tags or asked.caller.transitive:
        actions.append("sts:TagSession")
    if asked.source_identity:
        actions.append("sts:SetSourceIdentity")
    changed = asked.caller.source_identity and asked.source_identity != asked.caller.source_identity
    for action in actions:
        refused = denial_of(asked, action, context)
        if refused is not None or (changed and action == "sts:SetSourceIdentity"):
            raise AwsError("AccessDenied", not_authorized(asked.caller, action, asked.arn) + _ending(asked, refused, action), 403)


def not_authorized(caller: Caller, action: str, resource: str) -> str:
    """AWS's sentence, without the reason."""
    return f"User: {caller.arn} is not authorized to perform: {action} on resource: {resource}"


def _ending(asked: Asked, refused: Denial | None, action: str) -> str:
    """AWS tells the reason within one account, and an explicit deny of the caller's own side; else it says nothing more."""
    if refused is None or asked.role is None:
        return ""
    own = refused.kind not in ("role trust policy", "resource control policy")
    return refused.words(action) if asked.caller.account == asked.account or (own and refused.explicit) else ""


def denial_of(asked: Asked, action: str, context: dict[str, Value]) -> Denial | None:
    """Which side refuses the action; None when none does."""
    caller = asked.caller
    if asked.role is None:
        return denial(caller, action, asked.arn, context) or Denial("role trust policy", explicit=False)
    trust = evaluate((parsed(asked.role.assume_role_policy_document),), action, None, context, principals_of(caller))
    granted: Literal["", "user", "role"] = ""
    if caller.account == asked.account and trust.effect == "direct":
        granted = "role" if caller.kind == "role" and not _names_session(asked.role, caller) else "user"
    own = denial(caller, action, asked.arn, context, granted=granted)
    if own is not None and own.explicit:
        return own
    if trust.effect == "deny":
        return Denial("role trust policy", explicit=True)
    if not trust.allowed:
        return Denial("role trust policy", explicit=False)
    return own or _resource_control(asked, action, context)


def _resource_control(asked: Asked, action: str, context: dict[str, Value]) -> Denial | None:
    who = principals_of(asked.caller)
    levels = control_policies(asked.account, "RESOURCE_CONTROL_POLICY")
    effects = [evaluate(level, action, asked.arn, context, who).effect for level in levels]
    if "deny" in effects:
        return Denial("resource control policy", explicit=True)
    return Denial("resource control policy", explicit=False) if "none" in effects else None


def _names_session(role: Any, caller: Caller) -> bool:
    trusted = parsed(role.assume_role_policy_document).statements
    return any(caller.arn in one.principals.of("AWS") for one in trusted if one.effect == "Allow" and one.principals is not None)


def principals_of(caller: Caller) -> Who:
    """Every ARN and unique id a principal may name the caller by."""
    arns = frozenset(arn for arn in (caller.arn, caller.role_arn) if arn)
    return Who(arns, caller.account, ids=frozenset({caller.user_id.split(":")[0]}))


def trust_context(asked: Asked) -> dict[str, Value]:
    """The condition keys of an AssumeRole request."""
    params, now = asked.request.params, asked.ledger.now()
    context = context_of(asked.request, asked.caller, now, asked.ledger.organizations)
    if asked.with_code:
        context |= {"aws:multifactorauthpresent": "true", "aws:multifactorauthage": "0"}
    for key, parameter in (("sts:externalid", "ExternalId"), ("sts:rolesessionname", "RoleSessionName")):
        if parameter in params:
            context[key] = params[parameter]
    if asked.source_identity:
        context["sts:sourceidentity"] = asked.source_identity
    context |= {f"aws:requesttag/{tag['Key'].lower()}": tag.get("Value", "") for tag in asked.tags}
    if asked.tags:
        context["aws:tagkeys"] = tuple(tag["Key"] for tag in asked.tags)
    if asked.transitive:
        context["sts:transitivetagkeys"] = tuple(asked.transitive)
    context["aws:resourceaccount"] = asked.account
    if organization := asked.ledger.organizations.get(asked.account) or organization_of(asked.account):
        context["aws:resourceorgid"] = organization
    for tag in tags_of_role(asked.role):
        context[f"aws:resourcetag/{tag['Key'].lower()}"] = context[f"iam:resourcetag/{tag['Key'].lower()}"] = tag["Value"]
    return context
