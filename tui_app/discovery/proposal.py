"""What a source says there is, as the tables of our own config: held against AWS's limits first, with a word on all that was left out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from tui_app.aws.partitions import DEFAULT_PARTITION, partition_of
from tui_app.catalog import limits
from tui_app.catalog.checked import Page, check_table
from tui_app.catalog.discovered import SSO_VIA
from tui_app.catalog.schema import ACCOUNT, ROLE, Setting
from tui_app.discovery.identity_center import StartPage
from tui_app.discovery.organization import ACTIVE, Organization
from tui_app.discovery.own_policies import OwnPolicies
from tui_app.values import frozen

Kind = Literal["sso", "organization", "policies", "config", "aws-vault", "switch-roles"]
Table = dict[str, Any]
"""An `[[account]]` or an `[[account.role]]` as it is written."""

OWN_ACCOUNT = frozenset({"id", "name", "alias", "partition"})
"""What every source says about an account, so that it is taken back where the source no longer says it; the rest stays as it was."""
WAY = frozenset({"name", "via"})
EVERY_ROLE = "*"
_WORDS: Mapping[str, str] = {
    "prod": "prod",
    "production": "prod",
    "staging": "staging",
    "stage": "staging",
    "dev": "dev",
    "development": "dev",
}
_NOT = frozenset({"non", "not", "pre", "no"})
_STAYS = "What the file has of its roles stays."


@frozen
class LeftOut:
    """Something that is not brought in, and why."""

    what: str
    why: str


@frozen
class Proposal:
    """The accounts and roles of one source.

    `owned` are the settings of a role that the source decides alone. `unknown` are the ids of accounts whose roles it may not have told
    in full, `EVERY_ROLE` for all. `every_account` is whether an account that it does not name is gone.
    """

    kind: Kind
    name: str
    accounts: tuple[Table, ...] = ()
    owned: frozenset[str] = WAY
    unknown: frozenset[str] = frozenset()
    every_account: bool = True
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()
    empty_accounts: bool = False
    """Whether an account without roles is worth writing down."""

    @property
    def fragment(self) -> str:
        """The name of the file in config.d; no two sources share one."""
        if not self.name:
            return "aws-config" if self.kind == "config" else self.kind
        import hashlib

        shown = re.sub(r"[^A-Za-z0-9_-]+", "-", self.name).strip("-")[:40]
        if shown == self.name:
            return f"{self.kind}-{shown}"
        return f"{self.kind}-{shown}-{hashlib.sha256(self.name.encode('utf-8', 'surrogatepass')).hexdigest()[:6]}"


def of_start_page(page: StartPage) -> Proposal:
    """The accounts and permission sets of a start page."""
    partition, via = partition_of(page.sign_in.region).id, SSO_VIA + page.sign_in.key
    builder = Builder()
    for account in page.accounts:
        builder.account(account.id, account.name, partition)
    for role in page.roles:
        builder.role(role.account_id, {"name": role.name, "via": via}, partition)
    impossible = (LeftOut(name, "AWS could not have given it that name.") for name in page.dropped)
    silent = (LeftOut(missed.account.name or missed.account.id, f"{missed.why} {_STAYS}") for missed in page.missed)
    unknown = frozenset(missed.account.id for missed in page.missed)
    return builder.filled(Proposal("sso", page.sign_in.key, unknown=unknown, left_out=(*impossible, *silent)))


def of_organization(organization: Organization, via: str, role: str = "") -> Proposal:
    """The accounts of an organization, each with `role` where one is named; the account that was asked from needs none."""
    own, partition = organization.identity.account, partition_of(organization.identity.arn).id
    builder, left_out = Builder(), []
    for member in organization.members:
        if member.state != ACTIVE:
            left_out.append(LeftOut(f"{member.name} {member.id}".strip(), f"The account is {member.state.lower().replace('_', ' ')}."))
            continue
        builder.account(member.id, member.name, partition, alias=member.alias)
        if role and member.id != own:
            builder.role(member.id, {"name": role, "via": via}, partition)
    notes = (f"{role} is not added to {own}, which was asked.",) if role else ()
    return builder.filled(
        Proposal("organization", via, unknown=frozenset({EVERY_ROLE}), left_out=tuple(left_out), notes=notes, empty_accounts=True)
    )


def of_policies(own: OwnPolicies, via: str) -> Proposal:
    """The roles that one's own policies name; their accounts are known by their ids alone."""
    builder = Builder()
    for role in own.assumable.roles:
        partition, number, name = limits.split_role_arn(role.arn) or (DEFAULT_PARTITION, "", role.arn)
        builder.role(number, {"name": name, "via": via}, partition)
    left_out = (
        *(LeftOut(pattern, "It is a pattern, not a role.") for pattern in own.assumable.patterns),
        *(LeftOut(arn, "Another policy denies it.") for arn in own.assumable.denied),
    )
    conditions = (f"{role.arn} has conditions on {', '.join(role.keys)}." for role in own.assumable.roles if role.keys)
    unknown = frozenset({EVERY_ROLE}) if own.unread else frozenset[str]()
    return builder.filled(
        Proposal("policies", via, unknown=unknown, every_account=not own.unread, left_out=left_out, notes=(*own.unread, *conditions))
    )


class Builder:
    """Collects accounts and roles, each once; what AWS's limits refuse is left out."""

    def __init__(self) -> None:
        self._accounts: dict[str, Table] = {}
        self._left_out: list[LeftOut] = []

    def account(self, number: str, name: str = "", partition: str = DEFAULT_PARTITION, alias: str = "") -> None:
        """Add an account; an environment is guessed from nothing but an obvious word of its name."""
        said = {"id": number, "name": name, "alias": alias, "partition": "" if partition == DEFAULT_PARTITION else partition}
        table = self._held({setting: text for setting, text in said.items() if text}, ACCOUNT, name or number)
        if table is None:
            return
        if environment := guessed_environment(name):
            table["environment"] = environment
        self._accounts.setdefault(number, {**table, "role": []})

    def role(self, number: str, said: Mapping[str, Any], partition: str = DEFAULT_PARTITION, called: str = "") -> None:
        """Add a role to an account, which is made if nobody has named it; `called` is what the source calls it."""
        if number not in self._accounts:
            self.account(number, partition=partition)
        account = self._accounts.get(number)
        if account is None:
            return
        what = called or f"{account.get('name', number)}/{said.get('name', '')}"
        table = self._held({setting: value for setting, value in said.items() if value not in (None, (), [], {})}, ROLE, what)
        if table is None:
            return
        if any(one["name"] == table["name"] and _is_sso(one) == _is_sso(table) for one in account["role"]):
            self._left_out.append(LeftOut(what, f"It leads to {table['name']} of {number}, as another one does."))
            return
        account["role"].append(table)

    def leave_out(self, what: str, why: str) -> None:
        """Say that something is not brought in."""
        self._left_out.append(LeftOut(what, why))

    def filled(self, source: Proposal) -> Proposal:
        """The proposal of a source with everything collected, in a lasting order."""
        ordered = sorted(self._accounts.values(), key=lambda account: (str(account.get("name", "")).casefold(), account["id"]))
        accounts = tuple({**account, "role": sorted(account["role"], key=_by_name)} for account in ordered)
        return replace(source, accounts=accounts, left_out=(*self._left_out, *source.left_out))

    def _held(self, table: Mapping[str, Any], settings: Mapping[str, Setting], what: str) -> Table | None:
        """The table without what cannot be used; None where too little is left."""
        unwritable = [name for name, value in table.items() if not _writable(value)]
        for name in unwritable:
            self._left_out.append(LeftOut(f"{name} of {what}", "A file cannot keep its characters."))
        noun = "an account" if settings is ACCOUNT else "a role"
        checked = check_table({name: value for name, value in table.items() if name not in unwritable}, settings, noun, Page("", {}))
        for problem in checked.problems:
            self._left_out.append(LeftOut(what, f"{problem.message} {problem.mend}".strip()))
        kept = {name: table[name] for name in table if name in checked.values}
        return None if any(setting.required and name not in kept for name, setting in settings.items()) else kept


def guessed_environment(name: str) -> str:
    """The environment that a word of an account's name says plainly; empty where it says none, or several."""
    words = [word for word in re.split(r"[^a-z0-9]+", name.casefold()) if word]
    said = {_WORDS[word] for before, word in zip(["", *words], words, strict=False) if word in _WORDS and before not in _NOT}
    return said.pop() if len(said) == 1 and not _NOT & set(words) else ""


def _is_sso(role: Table) -> bool:
    return str(role.get("via", "")).startswith(SSO_VIA)


def _by_name(role: Table) -> tuple[str, str]:
    return str(role["name"]), str(role.get("via", ""))


def _writable(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(_writable(part) for pair in value.items() for part in pair)
    if isinstance(value, list | tuple):
        return all(map(_writable, value))
    return not isinstance(value, str) or not any("\ud800" <= character <= "\udfff" or character == "\0" for character in value)
