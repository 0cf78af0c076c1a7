"""A role that a person adds: what is asked, what each answer may be, what is written, and why it may not be needed at all.

Answers go by the names of `FIELDS`; their values are as the schema wants them. What is written lies in `config.d/added.toml`.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from typing import Any, Literal

from tui_app.aws.partitions import DEFAULT_PARTITION, within
from tui_app.catalog import limits
from tui_app.catalog.checked import complaint
from tui_app.catalog.discovered import SSO_VIA
from tui_app.catalog.load import Catalog
from tui_app.catalog.schema import ACCOUNT, ROLE, Setting
from tui_app.catalog.writing import Tables, change_fragment, draft_text, fragment_path
from tui_app.errors import UsageError
from tui_app.model import Account, Role
from tui_app.text import clean, nearest
from tui_app.values import frozen

FRAGMENT = "added"
HIDDEN = "****"
_SEPARATORS = r"[\s,]+"

Answers = Mapping[str, Any]


@frozen
class Field:
    """One thing that is asked: the setting it becomes, its name for people, and what may stand in it."""

    name: str
    table: Literal["account", "role"]
    setting: str
    label: str
    hint: str
    needed: bool = False

    @property
    def kind(self) -> Setting:
        """The setting in the schema."""
        return (ACCOUNT if self.table == "account" else ROLE)[self.setting]


FIELDS = (
    Field("role", "role", "name", "Role", "its ARN, or path/name", needed=True),
    Field("account", "account", "id", "Account", "12 digits, or the name of one you have", needed=True),
    Field("name", "account", "name", "Account name", "what you call it"),
    Field("environment", "account", "environment", "Environment", "prod, staging, dev, or a word of yours"),
    Field("via", "role", "via", "Via", "a profile, or another role as account/role", needed=True),
    Field("external_id", "role", "external_id", "External id", "if its trust policy wants one; not shown"),
    Field("mfa_serial", "role", "mfa_serial", "MFA device", "arn:aws:iam::ACCOUNT:mfa/NAME"),
    Field("duration", "role", "duration", "Duration", "15m to 12h"),
    Field("regions", "role", "regions", "Regions", "eu-west-1, us-east-1; the first is the default"),
    Field("session_name", "role", "session_name", "Session name", "{user} {host} {role} {date} {time}"),
    Field("source_identity", "role", "source_identity", "Source identity", "stays through the chain"),
    Field("tags", "role", "tags", "Session tags", "team=payments, project=ledger"),
    Field("color", "role", "color", "Colour", "for the list"),
    Field("description", "role", "description", "Description", "a note to yourself"),
)
BY_NAME: Mapping[str, Field] = {field.name: field for field in FIELDS}


def typed_value(field: Field, text: str) -> Any:
    """What was typed as the value that the schema wants; it may still be wrong."""
    text = text.strip()
    match field.kind.kind:
        case "texts":
            return [part for part in re.split(_SEPARATORS, text) if part]
        case "text table":
            pairs = [part.partition("=") for part in text.split(",") if part.strip()]
            return {key.strip(): value.strip() for key, _, value in pairs}
        case _:
            return text


class Known:
    """What the files say already, by what is looked up for each key that is typed."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.labels: dict[str, list[Account]] = {}
        for account in catalog.accounts:
            for label in {account.id, account.name, account.alias} - {""} if account.id else ():
                self.labels.setdefault(label, []).append(account)
        self.roles = {(role.account.id, role.name): role for role in reversed(catalog.roles)}
        pages = (*catalog.shared.sso_sessions, *catalog.settings.sign_ins)
        self.ways = tuple(dict.fromkeys((*catalog.sources, *(role.key for role in catalog.roles), *(f"{SSO_VIA}{name}" for name in pages))))
        """What `via` may name: profiles that are sources, roles, sign-ins."""
        self._ways = frozenset(self.ways)

    def account(self, text: str) -> Account | None:
        """The account that goes by that id, name or alias; None where none does, or several."""
        found = self.labels.get(text, ())
        return found[0] if len(found) == 1 else None

    def meant(self, name: str, value: Any) -> Any:
        """What a person typed for `account` or `via`, as a whole name where it is the beginning of only one."""
        if name == "via" and self.leads_somewhere(str(value)):
            return value
        names = {"account": self.labels, "via": self.ways}.get(name, ())
        begins = [one for one in names if value and one.startswith(value)]
        return begins[0] if len(begins) == 1 else value

    def leads_somewhere(self, via: str) -> bool:
        """Whether a chain may start there."""
        return via in self._ways or via in self.catalog.shared.profiles or bool(self.catalog.named(via))


def wrong(field: Field, value: Any, known: Known) -> str:
    """Why the value cannot be used, as a sentence; an empty text where it can, or where nothing is said and nothing is needed."""
    if not value:
        return "It is needed." if field.needed else ""
    if field.name == "role" and str(value).startswith("arn:"):
        return _wrong_arn(value, known)
    if field.name == "account":
        good = known.account(str(value)) or not complaint(value, field.kind)
        return "" if good else "An account id has 12 digits, and no account of yours is called so."
    return complaint(value, field.kind)


def _wrong_arn(arn: str, known: Known) -> str:
    parts = limits.split_role_arn(arn)
    if parts is None:
        return "A role's ARN is arn:aws:iam::ACCOUNT:role/NAME."
    account = known.account(parts[1])
    if account and account.partition != parts[0]:
        return f"Account {account.id} is in the partition {account.partition}, and this ARN is in {clean(parts[0])}."
    if unknown := complaint(parts[0], ACCOUNT["partition"]):
        return f'There is no partition "{clean(parts[0], 60)}". {unknown}'
    return limits.role_name(parts[2])


def settled(answers: Answers, known: Known) -> dict[str, Any]:
    """The answers without empty ones: an ARN taken apart, an account's name turned into its id, what the files know already left out.

    Raises:
        UsageError: the ARN is in another account than the one that is named.
    """
    found = {name: value for name, value in answers.items() if value}
    parts = limits.split_role_arn(str(found.get("role", "")))
    if named := known.account(str(found.get("account", ""))):
        found["account"] = named.id
    if parts:
        partition, number, name = parts
        if found.get("account", number) != number:
            raise UsageError(f"The role's ARN is in account {number}, not in {clean(found['account'])}.", "Leave --account out.")
        found |= {"role": name, "account": number}
        found |= {"partition": partition} if partition != DEFAULT_PARTITION else {}
    account = known.account(str(found.get("account", "")))
    written = account if account and account.origin else Account("")
    said = {"name": written.name, "environment": written.environment, "partition": written.partition}
    return {name: value for name, value in found.items() if not written.id or said.get(name) != value}


def tables_of(answers: Answers) -> dict[str, Any]:
    """Settled answers as the tables of a file."""
    account = {"id": answers["account"]} if "account" in answers else {}
    account |= {name: answers[name] for name in ("name", "environment", "partition") if name in answers}
    role = {field.setting: answers[field.name] for field in FIELDS if field.table == "role" and field.name in answers}
    more = {name: answers[name] for name in ROLE if name in answers and name not in role and name not in BY_NAME and name != "name"}
    return {"account": [{**account, "role": [{**role, **more}]}]}


def shown(tables: Tables, *, reveal: bool = False) -> str:
    """The tables as TOML that a person may see: unless told to, without the external id; as they are, good or not."""
    text = draft_text(tables).strip("\n")
    return text if reveal else re.sub(r"(?m)^(\s*external_id = ).*$", rf'\1"{HIDDEN}"', text)


def already(known: Known, answers: Answers) -> Role | None:
    """The role of the files that these settled answers would only repeat."""
    return known.roles.get((str(answers.get("account", "")), str(answers.get("role", "")).strip("/")))


def doubts(known: Known, answers: Answers, *, guess: bool = True) -> Mapping[str, str]:
    """What can be written so but may not do what is meant, by field; `guess`: look for what was meant, which takes its time."""
    found = {}
    via, name = str(answers.get("via", "")), answers.get("name")
    if via and not known.leads_somewhere(via):
        meant = nearest(via, known.ways) if guess else None
        found["via"] = "No profile and no role is called so." + (f' Did you mean "{clean(meant)}"?' if meant else "")
    account = known.account(str(answers.get("account", "")))
    if name and account and account.name and account.name != name:
        found["name"] = f'It is called "{clean(account.name)}" in an earlier file, and that goes first.'
    elif name and any(other.id != answers.get("account") for other in known.labels.get(str(name), ())):
        found["name"] = "Another account is called so too; names then need the id."
    partition = answers.get("partition") or (account.partition if account else DEFAULT_PARTITION)
    if abroad := [region for region in answers.get("regions", ()) if not within(region, f"arn:{partition}")]:
        found["regions"] = f"{clean(abroad[0])} is in another partition than the role."
    return found


def keep(environ: Mapping[str, str], answers: Answers) -> str:
    """Write settled answers beside what was added before; the file's path.

    Raises:
        UsageError: the role was added meanwhile, or the file is a person's own.
        RoledeckError: it cannot be written.
    """
    return change_fragment(environ, FRAGMENT, lambda before: merged(before, tables_of(answers)))


def merged(before: Mapping[str, Any], more: Tables) -> dict[str, Any]:
    """The tables with one more role; an account that is there already keeps what it says.

    Raises:
        UsageError: the role is there already.
    """
    (new,) = more["account"]
    accounts = [dict(account) for account in before.get("account", [])]
    place = next((number for number, account in enumerate(accounts) if account.get("id") == new["id"]), None)
    if place is None:
        return {**before, "account": [*accounts, new]}
    old, (role,) = accounts[place], new["role"]
    if any(str(item.get("name", "")).strip("/") == role["name"].strip("/") for item in old.get("role", [])):
        raise UsageError(f"The role {clean(role['name'])} of account {new['id']} was added before.", "Nothing was changed.")
    roles = [*old.get("role", []), role]
    accounts[place] = {**{name: value for name, value in {**new, **old}.items() if name != "role"}, "role": roles}
    return {**before, "account": accounts}


def added_file(environ: Mapping[str, str]) -> str:
    """Where added roles are written."""
    return fragment_path(environ, FRAGMENT)


def split_command(text: str) -> list[str]:
    """A command line as a list of words.

    Raises:
        UsageError: a quote is not closed.
    """
    try:
        return shlex.split(text)
    except ValueError:
        raise UsageError("The command's quotes are not closed.", "Write it as in a shell.") from None
