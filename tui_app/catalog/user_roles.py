"""Roles that our own config writes, as `[[account.role]]`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, cast

from tui_app.catalog.accounts import Accounts
from tui_app.catalog.discovered import sso_session_of
from tui_app.model import Account, MfaStrategy, Origin, Problem, Request, Role
from tui_app.secret import Secret
from tui_app.text import clean
from tui_app.values import frozen

if TYPE_CHECKING:
    from tui_app.catalog.checked import Checked


@frozen
class UserRoles:
    """The roles, what is wrong with each by its key, and what is wrong with all."""

    roles: tuple[Role, ...]
    faults: Mapping[str, tuple[Problem, ...]]
    problems: tuple[Problem, ...]


def user_roles(tables: Iterable[Checked], accounts: Accounts, taken: Iterable[str]) -> UserRoles:
    """The roles of all account tables, each with a key of its own that is not in `taken`.

    A role that is written twice is the first one; in one file that is a problem, in a fragment `config.toml` simply wins.
    """
    keys, problems = set(taken), list[Problem]()
    found: dict[tuple[str, str], Role] = {}
    faults: dict[str, tuple[Problem, ...]] = {}
    for table in tables:
        if "id" not in table.values:
            continue
        account = accounts.named(table.values["id"])
        for entry in table.values.get("role", ()):
            if "name" not in entry.values:
                continue
            role = _role(entry, account, keys)
            same = (role.arn, sso_session_of(role.via))  # a permission set may share its name with an ordinary role
            before = found.get(same)
            if before is not None:
                problems += _written_twice(before, role)
                continue
            found[same] = role
            keys.add(role.key)
            if wrong := (*table.problems, *entry.problems):
                faults[role.key] = wrong
    return UserRoles(tuple(found.values()), faults, tuple(problems))


def _written_twice(first: Role, again: Role) -> list[Problem]:
    old, new = first.origins["role"], again.origins["role"]
    if old.path != new.path:
        return []
    return [
        Problem(
            "duplicate_role",
            f"The role {clean(first.name)} of {clean(first.account.label)} is already at {old}.",
            new,
            "Remove one of them.",
        )
    ]


def _role(entry: Checked, account: Account, keys: set[str]) -> Role:
    values = entry.values
    name = values["name"].strip("/")
    regions = values.get("regions") or account.regions
    key = next(key for key in (f"{account.label}/{name}", f"{account.id}/{name}", f"{account.id}/{name} ") if key not in keys)
    return Role(
        key=key,
        arn=f"arn:{account.partition}:iam::{account.id}:role/{name}",
        account=account,
        name=name,
        via=values.get("via", ""),
        request=_request(values, regions[0] if regions else None),
        regions=regions,
        color=values.get("color", ""),
        description=values.get("description", ""),
        origins=_origins(entry),
    )


def _origins(entry: Checked) -> dict[str, Origin]:
    return {"role": entry.here, "role_arn": entry.origins["name"], **entry.origins}


def _request(values: Mapping[str, object], region: str | None) -> Request:
    def text(name: str) -> str | None:
        value = values.get(name)
        return value if isinstance(value, str) else None

    def texts(name: str) -> tuple[str, ...]:
        value = values.get(name)
        return value if isinstance(value, tuple) else ()

    duration, tags, external_id = values.get("duration"), values.get("tags"), text("external_id")
    return Request(
        duration=duration if isinstance(duration, int) else None,
        mfa_serial=text("mfa_serial"),
        external_id=None if external_id is None else Secret(external_id),
        external_id_command=texts("external_id_command"),
        session_name=text("session_name"),
        source_identity=text("source_identity"),
        tags=tuple(tags.items()) if isinstance(tags, dict) else (),
        transitive_tags=texts("transitive_tags"),
        policy=text("policy"),
        policy_arns=texts("policy_arns"),
        region=region,
        mfa=cast("MfaStrategy | None", text("mfa")),
    )
