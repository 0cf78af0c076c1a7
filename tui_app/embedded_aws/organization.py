"""What AWS Organizations says about an account: its organization, and the control policies above it. Read from moto."""

from __future__ import annotations

import sys
from typing import Any, Literal

from tui_app.embedded_aws.documents import parsed
from tui_app.policy.document import Policy

Kind = Literal["SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"]


def _backend_of(account: str) -> Any | None:
    """Moto's Organizations of the management account over `account`; None without an organization, or before anyone asked for one."""
    module = sys.modules.get("moto.organizations.models")
    if module is None:
        return None
    for management, partitions in list(module.organizations_backends.items()):
        for backend in list(partitions.values()):
            if backend.org is not None and (management == account or any(one.id == account for one in list(backend.accounts))):
                return backend
    return None


def organization_of(account: str) -> str:
    """The id of the account's organization, empty for none."""
    backend = _backend_of(account)
    return str(backend.org.id) if backend is not None else ""


def path_of(account: str) -> str:
    """The account's place as `aws:PrincipalOrgPaths` spells it: `o-a1/r-b2/ou-c3/`; empty without an organization."""
    backend = _backend_of(account)
    if backend is None:
        return ""
    return "/".join([str(backend.org.id), *(str(unit.id) for unit in _above(backend, account))]) + "/"


def control_policies(account: str, kind: Kind) -> tuple[tuple[Policy, ...], ...]:
    """The policies of that kind on each level from the root to the account; none for the management account.

    A level without a policy is left out: AWS always has one there, moto does not.
    """
    backend = _backend_of(account)
    if backend is None or str(backend.org.master_account_id) == account:
        return ()
    member = next((one for one in list(backend.accounts) if one.id == account), None)
    levels = [*_above(backend, account), *([member] if member is not None else [])]
    found = [tuple(parsed(policy.content) for policy in list(level.attached_policies) if policy.type == kind) for level in levels]
    return tuple(level for level in found if level)


def _above(backend: Any, account: str) -> list[Any]:
    """The root and the organizational units over an account, outermost first."""
    units = {unit.id: unit for unit in list(backend.ou)}
    member = next((one for one in list(backend.accounts) if one.id == account), None)
    chain: list[Any] = []
    parent = getattr(member, "parent_id", None) or backend.org.root_id
    while parent in units and units[parent] not in chain:
        chain.insert(0, units[parent])
        parent = getattr(units[parent], "parent_id", None)
    return chain
