"""A source's accounts and roles beside the fragment that was written before and the rest of the catalog: new, changed, gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from tui_app.catalog.discovered import from_identity_center, sso_session_of
from tui_app.catalog.load import Catalog
from tui_app.catalog.writing import fragment_path, read_fragment, write_fragment
from tui_app.discovery.proposal import EVERY_ROLE, OWN_ACCOUNT, Proposal, Table
from tui_app.text import clean, plural
from tui_app.values import frozen

What = Literal["new", "changed", "gone"]
HIDDEN = frozenset({"external_id"})
"""Settings whose values are not shown."""
_Name = tuple[str, str, bool]
"""A role by account id, name, and whether it is a permission set, which may share its name with an ordinary role."""


@frozen
class Change:
    """One account (`role` empty) or role that differs; `settings` has name, old and new value of each, shown safely."""

    what: What
    account_id: str
    account_name: str
    role: str
    settings: tuple[tuple[str, str, str], ...] = ()


@frozen
class Difference:
    """What writing would do. `tables` is the whole fragment as it would be; `same` and `already` count roles, the latter those that other
    files of the user name and that are not written a second time.
    """

    proposal: Proposal
    path: str
    tables: Mapping[str, Any]
    changes: tuple[Change, ...]
    same: int
    already: int

    @property
    def accounts(self) -> int:
        """How many accounts the fragment would have."""
        return len(self.tables["account"])

    @property
    def roles(self) -> int:
        """How many roles the fragment would have."""
        return sum(len(account.get("role", ())) for account in self.tables["account"])

    def of(self, what: What) -> tuple[Change, ...]:
        """The changes of one kind."""
        return tuple(change for change in self.changes if change.what == what)

    def counts(self) -> str:
        """`40 roles and 12 accounts new, 1 role gone`; `nothing changed` where that is so."""
        parts = []
        for what in ("new", "changed", "gone"):
            found = self.of(what)
            roles, accounts = sum(bool(one.role) for one in found), sum(not one.role for one in found)
            if found:
                nouns = " and ".join(plural(count, noun) for count, noun in ((roles, "role"), (accounts, "account")) if count)
                parts.append(f"{nouns} {what}")
        return ", ".join(parts) or "nothing changed"


def difference(proposal: Proposal, catalog: Catalog, environ: Mapping[str, str]) -> Difference:
    """Compare; nothing is written.

    Raises:
        UsageError, ConfigUnusable: the file that the fragment would take the place of is not ours, or cannot be read.
    """
    path = fragment_path(environ, proposal.fragment)
    before = _accounts(read_fragment(path))
    elsewhere = _written_elsewhere(catalog, path, proposal)
    merged, already = _merged(proposal, before, elsewhere)
    names = {account.id: account.label for account in catalog.accounts if account.label != account.id}
    changes = [*_account_changes(before, merged, names), *_role_changes(before, merged, names)]
    changed = {(one.account_id, one.role) for one in changes if one.role}
    same = sum((account["id"], role["name"]) not in changed for account in merged.values() for role in account["role"])
    ordered = sorted(changes, key=lambda one: (one.account_name.casefold(), one.account_id, one.role))
    return Difference(proposal, path, {"account": [_written(account) for account in merged.values()]}, tuple(ordered), same, already)


def write(found: Difference, environ: Mapping[str, str]) -> str:
    """Write the fragment whole; its path.

    Raises:
        RoledeckError: it cannot be written. UsageError, ConfigUnusable: as `write_fragment`.
    """
    return write_fragment(environ, found.proposal.fragment, found.tables)


def _accounts(tables: Mapping[str, Any]) -> dict[str, Table]:
    """The accounts of a fragment by their ids, whatever a person may have made of the file."""
    found = tables.get("account")
    accounts = [one for one in found if isinstance(one, dict) and isinstance(one.get("id"), str)] if isinstance(found, list) else []
    return {account["id"]: {**account, "role": _roles(account)} for account in accounts}


def _roles(account: Table) -> list[Table]:
    found = account.get("role")
    return [one for one in found if isinstance(one, dict) and isinstance(one.get("name"), str)] if isinstance(found, list) else []


def _written_elsewhere(catalog: Catalog, path: str, proposal: Proposal) -> set[_Name]:
    """The roles that other files of the user have; profiles do not count where they are what is brought in."""
    from_profiles = proposal.kind in {"config", "aws-vault", "switch-roles"}
    remembered = {one.path for one in catalog.discovered}
    found = set()
    for role in catalog.roles:
        origin = role.origins.get("role")
        if origin is None or origin.path == path or origin.path in remembered or (from_profiles and role.profile is not None):
            continue
        found.add((role.account.id, role.name, from_identity_center(role, catalog.shared)))
    return found


def _name(number: str, role: Table) -> _Name:
    return number, str(role["name"]).strip("/"), bool(sso_session_of(str(role.get("via", ""))))


def _merged(proposal: Proposal, before: Mapping[str, Table], elsewhere: set[_Name]) -> tuple[dict[str, Table], int]:
    """The fragment as it would be, by account id, and how many roles are left to other files."""
    merged: dict[str, Table] = {}
    already = 0
    for account in proposal.accounts:
        number = account["id"]
        old = before.get(number)
        old_roles = {_name(number, role): role for role in old["role"]} if old else {}
        wanted = {_name(number, role): role for role in account["role"]}
        written = {name: role for name, role in wanted.items() if name in old_roles or name not in elsewhere}
        already += len(wanted) - len(written)
        roles = [_kept(old_roles.get(name), role, proposal.owned) for name, role in written.items()]
        if number in proposal.unknown or EVERY_ROLE in proposal.unknown:
            roles += [role for name, role in old_roles.items() if name not in wanted]
        if roles or proposal.empty_accounts:
            merged[number] = {**_kept_account(old, account), "role": sorted(roles, key=lambda role: str(role["name"]))}
    if not proposal.every_account:
        merged |= {number: account for number, account in before.items() if number not in merged}
    return merged, already


def _kept_account(old: Table | None, new: Table) -> Table:
    """The account without its roles: its name as the source has it, all else as it stands, as a guess is made only once."""
    if old is not None:
        told = {name: value for name, value in new.items() if name in OWN_ACCOUNT}
        new = told | {name: value for name, value in old.items() if name not in OWN_ACCOUNT}
    return _without_roles(new)


def _kept(old: Table | None, new: Table, owned: frozenset[str]) -> Table:
    """The source's word, and beside it the settings that it says nothing about."""
    return {**new, **{name: value for name, value in (old or {}).items() if name not in owned and name not in new}}


def _written(account: Table) -> Table:
    return account if account["role"] else _without_roles(account)


def _without_roles(account: Table) -> Table:
    return {name: value for name, value in account.items() if name != "role"}


def _account_changes(before: Mapping[str, Table], after: Mapping[str, Table], names: Mapping[str, str]) -> Iterator[Change]:
    for number in dict.fromkeys((*after, *before)):
        old, new = before.get(number), after.get(number)
        label = _label(new or old or {}, number, names)
        settings = _settings(old or {}, new or {}, frozenset({"role", "id"}))
        if old is None or new is None:
            yield Change("new" if old is None else "gone", number, label, "", settings if old is None else ())
        elif settings:
            yield Change("changed", number, label, "", settings)


def _role_changes(before: Mapping[str, Table], after: Mapping[str, Table], names: Mapping[str, str]) -> Iterator[Change]:
    for number in dict.fromkeys((*after, *before)):
        old_account, new_account = before.get(number), after.get(number)
        label = _label(new_account or old_account or {}, number, names)
        old = {_name(number, role): role for role in old_account["role"]} if old_account else {}
        new = {_name(number, role): role for role in new_account["role"]} if new_account else {}
        for name in dict.fromkeys((*new, *old)):
            settings = _settings(old.get(name, {}), new.get(name, {}), frozenset({"name"}))
            if name not in old or name not in new:
                yield Change("new" if name in new else "gone", number, label, name[1], settings if name in new else ())
            elif settings:
                yield Change("changed", number, label, name[1], settings)


def _label(account: Table, number: str, names: Mapping[str, str]) -> str:
    return str(account.get("name") or names.get(number, ""))


def _settings(old: Table, new: Table, left: frozenset[str]) -> tuple[tuple[str, str, str], ...]:
    names = [name for name in dict.fromkeys((*new, *old)) if name not in left and old.get(name) != new.get(name)]
    return tuple((clean(name), _shown(name, old.get(name)), _shown(name, new.get(name))) for name in names)


def _shown(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name in HIDDEN:
        return "set"
    if isinstance(value, Mapping):
        return clean(", ".join(f"{key}={text}" for key, text in value.items()))
    return clean(", ".join(map(str, value)) if isinstance(value, list | tuple) else value)
