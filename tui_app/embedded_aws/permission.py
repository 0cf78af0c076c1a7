"""Whether the caller's own side allows an action: identity policies, boundary, session policies, service control policies.

The order and the words are those of "IAM policy evaluation logic" and "Access denied error messages" of the IAM user guide:
an explicit deny of any policy first, then the first kind of policy that does not allow.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from tui_app.embedded_aws.callers import Caller, iam_of, role_by_arn
from tui_app.embedded_aws.documents import document_of, managed_document, parsed
from tui_app.embedded_aws.organization import control_policies
from tui_app.policy.document import Policy
from tui_app.policy.evaluate import evaluate
from tui_app.policy.patterns import Value
from tui_app.values import frozen

Kind = Literal["service control policy", "resource control policy", "identity-based policy", "permissions boundary", "session policy"]

USER_BOUNDARIES: dict[tuple[str, str], str] = {}
"""Account and user name to the ARN of the user's permissions boundary, which moto does not keep."""


def forget_boundaries() -> None:
    """Begin anew, as moto does when a gate is made over it."""
    USER_BOUNDARIES.clear()


@frozen
class Denial:
    """Which kind of policy refused, and whether by an explicit Deny or by allowing nothing."""

    kind: Kind | Literal["role trust policy"]
    explicit: bool

    def words(self, action: str) -> str:
        """How AWS ends its sentence: ` with an explicit deny in …` or ` because no … allows the … action`."""
        if not self.explicit:
            return f" because no {self.kind} allows the {action} action"
        if self.kind == "role trust policy":
            return " with an explicit deny in the role trust policy"
        return f" with an explicit deny in {'an' if self.kind[0] in 'aeiou' else 'a'} {self.kind}"


@frozen
class Layer:
    """One kind of policy of which all levels have to allow; `levels` are allowed one by one."""

    kind: Kind
    levels: tuple[tuple[Policy, ...], ...]


def identity_policies(caller: Caller) -> tuple[Policy, ...]:
    """The inline and managed policies of the user with its groups, or of the role. A deleted one has none."""
    if caller.kind == "root":
        return (parsed('{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'),)
    if caller.kind == "role":
        role = role_by_arn(caller.role_arn)
        return () if role is None else _policies_on(role)
    backend = iam_of(caller.account, caller.partition)
    user = backend.users.get(caller.name)
    if user is None:
        return ()
    groups = [group for group in list(backend.groups.values()) if any(member.name == caller.name for member in list(group.users))]
    return (*_policies_on(user), *(policy for group in groups for policy in _policies_on(group)))


def _policies_on(holder: Any) -> tuple[Policy, ...]:
    inline = [parsed(text) for text in list(holder.policies.values())]
    return (*inline, *(document_of(managed) for managed in list(holder.managed_policies.values())))


def boundary_of(caller: Caller) -> Policy | None:
    """The permissions boundary; None when there is none, an empty policy when it has been deleted."""
    if caller.kind == "role":
        arn = getattr(role_by_arn(caller.role_arn), "permissions_boundary_arn", None)
    else:
        arn = USER_BOUNDARIES.get((caller.account, caller.name))
    return (managed_document(caller.account, arn, caller.partition) or Policy(())) if arn else None


def layers_of(caller: Caller, *, granted: Literal["", "user", "role"] = "") -> tuple[Layer, ...]:
    """What has to allow. `granted`: a resource policy in the same account already names the caller.

    To a user or a session that grant is enough but for control policies; to a role it is still bounded by boundary and session policy.
    """
    layers = [Layer("service control policy", control_policies(caller.account, "SERVICE_CONTROL_POLICY"))]
    if not granted:
        layers.append(Layer("identity-based policy", (identity_policies(caller),)))
    if granted != "user":
        boundary = boundary_of(caller)
        layers.append(Layer("permissions boundary", ((boundary,),) if boundary is not None else ()))
        layers.append(Layer("session policy", (caller.session_policies,) if caller.session_policies is not None else ()))
    return tuple(layers)


def denial(
    caller: Caller,
    action: str,
    resource: str | None,
    context: Mapping[str, Value],
    *,
    granted: Literal["", "user", "role"] = "",
) -> Denial | None:
    """Why the caller's side refuses; None when it does not. `resource` None: not known (see `policy.evaluate`)."""
    for layer in layers_of(caller):
        if any(evaluate(level, action, resource, context).effect == "deny" for level in layer.levels):
            return Denial(layer.kind, explicit=True)
    for layer in layers_of(caller, granted=granted):
        if any(not evaluate(level, action, resource, context).allowed for level in layer.levels):
            return Denial(layer.kind, explicit=False)
    return None
