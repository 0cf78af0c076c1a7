"""A denial as a person hands it on: what was asked, who asked, who said no, and what would have to change."""

from __future__ import annotations

from tui_app.clock import rfc3339
from tui_app.explorer.refusals import DeniedBy, without_encoded
from tui_app.explorer.results import ViewResult
from tui_app.explorer.view import GLOBAL
from tui_app.text import clean

_REMEDY: dict[DeniedBy, tuple[str, str]] = {  # where nothing allows it, and where something denies it
    "": (
        "Please allow {action} for this principal.",
        "Please find the Deny statement for {action} and except this principal, if it should have it.",
    ),
    "control policy": (
        "Please let a service control policy of the organization allow {action}.",
        "Please except this principal from the Deny in the service control policy, if it should have {action}.",
    ),
    "resource control policy": (
        "Please let a resource control policy of the organization allow {action}.",
        "Please except this principal from the Deny in the resource control policy, if it should have {action}.",
    ),
    "boundary": (
        "Please add {action} to the role's permissions boundary; its own policies need it too.",
        "Please take the Deny for {action} out of the role's permissions boundary, if it should have it.",
    ),
    "session policy": (
        "The session policy leaves {action} out; it comes from whoever assumed the role.",
        "The session policy denies {action}; it comes from whoever assumed the role.",
    ),
    "endpoint policy": (
        "Please add {action} to the policy of the VPC endpoint.",
        "Please take the Deny for {action} out of the policy of the VPC endpoint.",
    ),
    "identity": (
        "Please add an Allow for {action} to the role's policies.",
        "Please take the Deny for {action} out of the role's policies, if it should have it; revoked sessions only have to be begun anew.",
    ),
    "resource": (
        "Please let the policy of the resource allow {action} to this principal.",
        "Please except this principal from the Deny in the policy of the resource, if it should have {action}.",
    ),
}


def request_for_administrator(result: ViewResult) -> str:
    """What to send to whoever can change it; an empty text for a result that was not denied. Every value is one clean line."""
    refusal = result.refusal
    if refusal is None or result.cause != "denied":
        return ""
    facts = (
        ("Action", result.action),
        ("Resource", refusal.resource or "AWS did not say; * for a list"),
        ("Principal", refusal.principal or result.identity.arn),
        ("Account", result.identity.account),
        ("Region", "global" if result.region == GLOBAL else result.region),
        ("Denied by", refusal.denied_by or "AWS did not say"),
        ("Request id", refusal.request_id or "none"),
        ("At", rfc3339(result.at)),
        ("AWS said", without_encoded(refusal.aws_message) or "nothing"),
    )
    width = max(len(name) for name, _ in facts) + 2
    lines = [f"{name}:".ljust(width) + clean(value, 2048) for name, value in facts]
    remedy = _REMEDY[refusal.policy][refusal.explicit].format(action=clean(result.action))
    return "\n".join([f"Access denied: {clean(result.action)}", "", *lines, "", remedy])
