"""Roles that IAM Identity Center has told of before, remembered in the cache so that the next start shows them at once.

One file a sign-in, without secrets: `{"version", "sso_session", "start_url", "region", "at", "accounts", "roles"}`, the last two as lists
of `[account id, name]`. It counts as long as the files still name that sign-in with that start page. `tui_app.discovery.memory` writes it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from tui_app import paths
from tui_app.aws.partitions import partition_of
from tui_app.catalog import limits
from tui_app.catalog.foreign_settings import filled
from tui_app.catalog.own_profiles import taken_names
from tui_app.catalog.reading import read_file
from tui_app.catalog.stamps import FileStamp, stamp
from tui_app.model import Origin, Request, Role
from tui_app.values import frozen

if TYPE_CHECKING:
    from tui_app.catalog.accounts import Accounts
    from tui_app.catalog.ini_file import Section
    from tui_app.catalog.shared_config import SharedConfig
    from tui_app.model import SsoSession

SSO_VIA = "sso-session "
"""How a `via` names an Identity Center sign-in: `sso-session NAME`, as the header in the shared config does."""
VERSION = 1
SUFFIX = ".json"


@frozen
class FoundAccount:
    """An account as AWS names it, raw."""

    id: str
    name: str = ""


@frozen
class FoundRole:
    """A permission set that waits in an account, by its name."""

    account_id: str
    name: str


@frozen
class Remembered:
    """What one sign-in led to at `at` (epoch seconds). `sso_session` is the sign-in's key, `path` the file it was read from."""

    sso_session: str
    start_url: str
    region: str
    at: float
    accounts: tuple[FoundAccount, ...]
    roles: tuple[FoundRole, ...]
    path: str = ""


def sso_session_of(via: str) -> str:
    """The sign-in that a `via` names; empty where it names none."""
    return via[len(SSO_VIA) :].strip() if via.startswith(SSO_VIA) else ""


def read_discovered(environ: Mapping[str, str]) -> tuple[tuple[Remembered, ...], tuple[FileStamp, ...]]:
    """Everything remembered, and the stamps of the folder and its files; a file that cannot be used is as good as none."""
    folder = os.path.abspath(paths.discovered_folder(environ))
    names = discovered_files(environ)
    files = [os.path.join(folder, name) for name in names]
    found = (_remembered(path) for path in files)
    return tuple(one for one in found if one is not None), (stamp(folder), *map(stamp, files))


def discovered_files(environ: Mapping[str, str]) -> list[str]:
    """The names of the remembered files, sorted."""
    try:
        return sorted(name for name in os.listdir(paths.discovered_folder(environ)) if name.endswith(SUFFIX) and not name.startswith("."))
    except OSError:
        return []


def still_written(found: Iterable[Remembered], sign_ins: Mapping[str, SsoSession]) -> tuple[Remembered, ...]:
    """Those whose sign-in the files still name, with the same start page."""

    def same(one: Remembered) -> bool:
        sign_in = sign_ins.get(one.sso_session)
        return sign_in is not None and (sign_in.start_url, sign_in.region) == (one.start_url, one.region)

    return tuple(one for one in found if same(one))


def account_names(found: Iterable[Remembered]) -> dict[str, str]:
    """The names of accounts by their ids."""
    return {account.id: account.name for one in found for account in one.accounts if account.name}


def discovered_roles(
    found: Iterable[Remembered], accounts: Accounts, own: Iterable[Role], sections: Iterable[Section], shared: SharedConfig
) -> tuple[Role, ...]:
    """The remembered roles that no file names, each with a key of its own; `own` and `sections` are the roles of the files, unmade."""
    known = {(role.account.id, role.name) for role in own if from_identity_center(role, shared)}
    known |= {(one.get("sso_account_id"), one.get("sso_role_name")) for one in sections if _is_permission_set(one)}
    taken = {*taken_names(shared.profiles), *(role.key for role in own), *(section.name for section in sections)}
    roles = []
    for one in found:
        for item in one.roles:
            if (item.account_id, item.name) not in known:
                known.add((item.account_id, item.name))
                role = _role(item, one, accounts, taken.__contains__)
                taken.add(role.key)
                roles.append(role)
    return tuple(roles)


def from_identity_center(role: Role, shared: SharedConfig) -> bool:
    """Whether the role is a permission set, which may share its name with an ordinary role of the account."""
    if role.profile is None:
        return bool(sso_session_of(role.via))
    section = shared.profiles.get(role.profile)
    return section is not None and _is_permission_set(filled(shared.profiles, section))


def _is_permission_set(section: Section) -> bool:
    """Whether that profile, with what other programs' settings add to it, is one."""
    return "role_arn" not in section.values and "sso_role_name" in section.values


def _role(item: FoundRole, one: Remembered, accounts: Accounts, taken: Callable[[str], bool]) -> Role:
    account = accounts.named(item.account_id, partition_of(one.region).id)
    candidates = (f"{account.label}/{item.name}", f"{account.id}/{item.name}", f"{account.id}/{item.name} {one.sso_session}")
    here = Origin(one.path, 0)
    return Role(
        key=next((key for key in candidates if not taken(key)), candidates[-1]),
        arn=f"arn:{account.partition}:iam::{account.id}:role/{item.name}",
        account=account,
        name=item.name,
        via=SSO_VIA + one.sso_session,
        request=Request(region=account.regions[0] if account.regions else None),
        regions=account.regions,
        origins={"role": here, "role_arn": here, "via": here},
    )


def _remembered(path: str) -> Remembered | None:
    content, trouble = read_file(path)
    if trouble or not content:
        return None
    import json

    try:
        said = json.loads(content)
        if said["version"] != VERSION:
            return None
        accounts = tuple(FoundAccount(number, name) for number, name in said["accounts"] if _text(name) and _is_account(number))
        roles = tuple(FoundRole(number, name) for number, name in said["roles"] if _is_account(number) and is_permission_set(name))
        name, start_url, region = (str(said[name]) for name in ("sso_session", "start_url", "region"))
        return Remembered(name, start_url, region, float(said["at"]), accounts, roles, path)
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
        return None


def is_permission_set(name: Any) -> bool:
    """Whether AWS could have given a permission set that name."""
    return isinstance(name, str) and "/" not in name and not limits.role_name(name)


def _is_account(number: Any) -> bool:
    return isinstance(number, str) and not limits.account_id(number)


def _text(value: Any) -> bool:
    return isinstance(value, str)
