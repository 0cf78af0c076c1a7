"""Rules about our own config: accounts and roles that cannot be what was meant, and roles that nothing leads to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import NamedTuple

from tui_app.aws.partitions import PARTITIONS
from tui_app.catalog.checked import Checked
from tui_app.catalog.discovered import sso_session_of
from tui_app.catalog.foreign_settings import filled
from tui_app.catalog.lint.circles import circles
from tui_app.catalog.lint.findings import Found, Rule
from tui_app.catalog.lint.likely import Likely
from tui_app.catalog.lint.partitions import partition_of_arn, partition_of_source
from tui_app.catalog.load import Catalog
from tui_app.catalog.sources import has_static_keys, is_hop, source_of
from tui_app.model import CHAIN_LIMIT, Origin, Role
from tui_app.text import clean

_ENVIRONMENTS = ("prod", "production", "staging", "stage", "dev", "development", "test", "shared", "sandbox", "audit")
_ALIKE = 0.8
_FEW = 200


class Own(NamedTuple):
    """The catalog and our own files' account tables as they are written."""

    catalog: Catalog
    accounts: tuple[Checked, ...]


class OwnRole(NamedTuple):
    """One role of ours in the catalog; `likely` knows the names of all roles and profiles."""

    catalog: Catalog
    role: Role
    likely: Likely

    @property
    def where(self) -> Origin | None:
        """Where its `via` stands, else the role."""
        return self.role.origins.get("via") or self.role.origin


def _without_via(own: OwnRole) -> Iterator[Found]:
    if not own.role.via:
        yield Found(own.where, f"Nothing says how to get to {clean(own.role.key)}.", 'Add via = "PROFILE", or pass --via.')


def _unknown_via(own: OwnRole) -> Iterator[Found]:
    catalog, via = own.catalog, own.role.via
    if not via or via in catalog.shared.profiles or catalog.role(via):
        return
    message = f'"{clean(via)}", the via of {clean(own.role.key)}, '
    if name := sso_session_of(via):
        if name not in catalog.sign_ins:
            yield Found(own.where, message + "is in no file.", f"Write [sso-session {clean(name, 60)}], or name another.")
        return
    named = catalog.named(via)
    if len(named) > 1:
        yield Found(own.where, f"{message}could be {', '.join(clean(role.key) for role in named)}.", "Write one of them.")
    elif not named:
        meant = own.likely.meant(via)
        mend = f'Did you mean "{clean(meant)}"?' if meant else "Write that profile, or name another."
        yield Found(own.where, message + "is in no file.", mend)


def _via_without_credentials(own: OwnRole) -> Iterator[Found]:
    section = own.catalog.shared.profiles.get(own.role.via)
    if section is None or is_hop(section):
        return
    found = source_of(own.catalog.shared, section)
    if found.source is None and found.problem is None:
        message = f"The profile {clean(section.name, 60)}, the via of {clean(own.role.key)}, has no credentials."
        yield Found(own.where, message, "Give it keys, credential_process or sso_session.")


def _two_external_ids(own: OwnRole) -> Iterator[Found]:
    if own.role.request.external_id is not None and own.role.request.external_id_command:
        message = f"{clean(own.role.key)} has an external_id and an external_id_command; only the first is used."
        yield Found(own.role.origins.get("external_id_command"), message, "Keep one of them.")


def _before(catalog: Catalog, role: Role) -> Role | None:
    """The role that this one is assumed by, or None."""
    section = catalog.shared.profiles.get(role.via)
    if section is not None:
        return catalog.role(section.name) if is_hop(section) and not has_static_keys(section) else None
    found = catalog.role(role.via)
    named = (found,) if found else catalog.named(role.via)
    return named[0] if len(named) == 1 else None


def _capped(own: OwnRole) -> Iterator[Found]:
    duration = own.role.request.duration
    if duration and duration > CHAIN_LIMIT and (before := _before(own.catalog, own.role)):
        message = f"{clean(own.role.key)} is assumed by {clean(before.key)}, a role: AWS gives it an hour, so the duration has no effect."
        yield Found(own.role.origins.get("duration") or own.role.origin, message, 'Write duration = "1h", or remove it.')


def _other_partition(own: OwnRole) -> Iterator[Found]:
    catalog, before = own.catalog, _before(own.catalog, own.role)
    section = catalog.shared.profiles.get(own.role.via)
    theirs = partition_of_arn(before.arn) if before else ""
    if before is None and section is not None:
        theirs = partition_of_source(catalog.shared, filled(catalog.shared.profiles, section))
    ours = own.role.account.partition
    if theirs and theirs != ours:
        message = f"{clean(own.role.key)} is in the partition {ours}, but {clean(own.role.via)}, its via, is in {clean(theirs, 20)}."
        yield Found(own.where, message, f'Start from {ours}, or set the account\'s partition = "{clean(theirs, 20)}".')


def _regions(own: OwnRole) -> Iterator[Found]:
    theirs = own.role.account.partition
    for region in own.role.regions:
        found = next((part.id for part in reversed(PARTITIONS) if re.fullmatch(part.regions, region)), theirs)
        if found != theirs:
            where = own.role.origins.get("regions") or own.role.account.origin
            message = f"{clean(own.role.key)} is in the partition {theirs}, but {clean(region, 60)} is in {found}."
            yield Found(where, message, f'Use regions of {theirs}, or set the account\'s partition = "{found}".')
            return


OWN_ROLE_RULES: Mapping[str, Rule[OwnRole]] = {
    "role_without_via": Rule("error", "A role in config.toml without a via.", _without_via),
    "unknown_via": Rule("error", "A via that is in no file, or could be several.", _unknown_via),
    "via_without_credentials": Rule("error", "A via that is a profile without credentials.", _via_without_credentials),
    "duration_without_effect": Rule("hint", "More than an hour for a role of ours that is assumed by a role.", _capped),
    "two_external_ids": Rule("warning", "An external_id_command beside an external_id.", _two_external_ids),
    "via_of_other_partition": Rule("error", "A role of ours whose via is in another partition.", _other_partition),
    "region_of_other_partition": Rule("warning", "A region in another partition than the account's.", _regions),
}


def _circles(own: Own) -> Iterator[Found]:
    """Every circle of our own roles once."""
    ours = {role.key: role for role in own.catalog.roles if role.profile is None}

    def way_on(key: str) -> str:
        before = _before(own.catalog, ours[key])
        return before.key if before is not None and before.profile is None else ""

    for keys in circles(ours, way_on):
        shown = " → ".join(clean(key) for key in (*keys[:8], keys[0]))
        where = ours[keys[0]].origins.get("via") or ours[keys[0]].origin
        yield Found(where, f"The chain goes round in a circle: {shown}.", "Let one of them start from a profile.")


def _account_twice(own: Own) -> Iterator[Found]:
    """In different files that is the reader's remark: the first file wins there."""
    first: dict[tuple[str, str], Checked] = {}
    for table in own.accounts:
        number = table.values.get("id")
        if not number:
            continue
        before = first.setdefault((table.here.path, number), table)
        for setting in ("name", "environment"):
            mine, theirs = table.values.get(setting), before.values.get(setting)
            if mine and theirs and mine != theirs:
                message = f'The account {number} is already "{clean(theirs)}" at line {before.here.line}, so this {setting} is not used.'
                yield Found(table.origins[setting], message, "Write the account once.")


def _environment(own: Own) -> Iterator[Found]:
    known = (*own.catalog.settings.environments, *_ENVIRONMENTS)
    seen: dict[str, list[Checked]] = {}
    for table in own.accounts:
        if written := table.values.get("environment"):
            seen.setdefault(written, []).append(table)
    for written, tables in seen.items():
        if written in known or (meant := _nearly(written, (*known, *seen))) is None:
            continue
        for table in tables:
            message = f'The environment "{clean(written, 60)}" is nearly "{clean(meant, 60)}", and not the same.'
            yield Found(table.origins["environment"], message, f'Write "{clean(meant, 60)}", if that is meant.')


def _nearly(word: str, known: tuple[str, ...]) -> str | None:
    """The known word that differs from `word` by a typing error or in case."""
    for other in known:
        if other != word and other.casefold() == word.casefold():
            return other
    near = [other for other in known[:_FEW] if other != word and abs(len(other) - len(word)) <= 1 and not _numbered(word, other)]
    return next((other for other in near if sorted(other) == sorted(word) or SequenceMatcher(None, word, other).ratio() > _ALIKE), None)


def _numbered(word: str, other: str) -> bool:
    """`dev1` and `dev2` are meant to differ."""
    return any(character.isdigit() for character in word + other)


OWN_RULES: Mapping[str, Rule[Own]] = {
    "circle": Rule("error", "Roles in config.toml that are each other's via.", _circles),
    "account_twice": Rule("warning", "An account written twice with different names or environments.", _account_twice),
    "environment_misspelt": Rule("warning", "An environment that is nearly another one.", _environment),
}
