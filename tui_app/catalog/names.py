"""Which role a person means: a profile's name, `account/role`, a role ARN, or the beginning of a name where that is allowed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from difflib import get_close_matches

from tui_app.catalog import limits
from tui_app.catalog.discovered import sso_session_of
from tui_app.catalog.load import Catalog, role_names
from tui_app.errors import ConfigUnusable, UnknownRole
from tui_app.model import Account, Origin, Problem, Role
from tui_app.text import clean, plural

SHOWN = 8
"""How many candidates are named at most."""
_SEARCHED, _COMPARED, _SAME_END = 3, 2000, 3
"""From how many letters on a name is searched for; how many names are compared letter by letter; how much of them must be the same then."""
VIA_OPTION = Origin("--via", 0)
FIRST_STEPS = "Write one with `roledeck add`, bring some in with `roledeck import`, or look round with `roledeck demo`."
"""What to do where there is no role at all."""


def find_role(catalog: Catalog, text: str, *, prefix: bool, via: str | None = None) -> Role:
    """The one role that `text` means. `prefix`: the beginning of its name will do. `via` replaces the way there.

    Raises:
        UnknownRole: none is meant, or several are; it carries the candidates.
        ConfigUnusable: none is meant as far as the files can be read, and one of them cannot be.
    """
    found = _exact(catalog, text, via) or (_beginning(catalog, text) if prefix and text else ())
    if len(found) > 1:
        raise _ambiguous(text, found)
    if found:
        return _by_way_of(found[0], via)
    if text and (lost := next(iter(catalog.lost_files), None)) and not _goes_alone(text, via):
        raise _in_a_lost_file(text, lost)
    if text.startswith("arn:"):
        return _of_no_file(catalog, text, via)
    raise _unknown(catalog, text)


def _goes_alone(text: str, via: str | None) -> bool:
    """Whether it is an ARN that needs no file, or one that no file can have."""
    return text.startswith("arn:") and (via is not None or limits.split_role_arn(text) is None)


def _in_a_lost_file(text: str, lost: Problem) -> ConfigUnusable:
    where = str(lost.where or "")
    message = f'"{clean(text)}" is in no file that can be read.'
    return ConfigUnusable(message, f"{clean(where)}: {clean(lost.message)} {clean(lost.mend)}".strip(), where)


def _exact(catalog: Catalog, text: str, via: str | None) -> tuple[Role, ...]:
    role = catalog.role(text)
    if role is not None:
        return (role,)
    if text.startswith("arn:"):
        same = tuple(role for role in catalog.roles if role.arn == text)
        # a permission set is not assumed by an ARN, and its real one is longer
        same = tuple(role for role in same if not sso_session_of(role.via)) or same
        return tuple(role for role in same if via is not None and role.via == via)[:1] or same
    return catalog.named(text)


def _beginning(catalog: Catalog, text: str) -> tuple[Role, ...]:
    """The roles whose name begins so, the shortest first; a profile's role goes by its profile's name alone."""
    found = (role for role in catalog.roles if any(name.startswith(text) for name in _typed(role)))
    return tuple(sorted(found, key=lambda role: len(role.key)))


def _typed(role: Role) -> Iterable[str]:
    return (role.key,) if role.profile is not None else (role.key, *role_names(role))


def _by_way_of(role: Role, via: str | None) -> Role:
    if via is None or via == role.via:
        return role
    return replace(role, via=via, origins={**role.origins, "via": VIA_OPTION})


def _of_no_file(catalog: Catalog, arn: str, via: str | None) -> Role:
    parts = limits.split_role_arn(arn)
    if parts is None:
        is_session = ":assumed-role/" in arn
        next_step = "A session's ARN cannot be assumed; use its role's." if is_session else "It is arn:aws:iam::ACCOUNT:role/NAME."
        raise UnknownRole(f"{clean(arn)} is not a role's ARN.", next_step)
    if via is None:
        raise UnknownRole(f"{clean(arn)} is in no file.", "Say where to start from: --via PROFILE, or --via ACCOUNT/ROLE.")
    partition, number, name = parts
    account = next((account for account in catalog.accounts if account.id == number), Account(number, partition=partition))
    origin = Origin("the command line", 0)
    return Role(arn, arn, account, name, via=via, regions=account.regions, origins={"role": origin, "role_arn": origin, "via": VIA_OPTION})


def _ambiguous(text: str, found: tuple[Role, ...]) -> UnknownRole:
    keys = tuple(role.key for role in found)
    message = f'"{clean(text)}" could be any of {plural(len(keys), "role")}: {_listed(keys)}.'
    return UnknownRole(message, "Write one of them in full.", keys[:SHOWN])


def _unknown(catalog: Catalog, text: str) -> UnknownRole:
    if not text:
        return UnknownRole("No role is named.", "Name one; `roledeck ls` shows them.")
    if not catalog.roles:
        return UnknownRole(f'There is no role "{clean(text)}": no file names any.', FIRST_STEPS)
    if text in catalog.sources:
        reached = tuple(role.key for role in catalog.roles if role.via == text)
        next_step = f"Roles from there: {_listed(reached)}." if reached else "`roledeck ls` shows the roles."
        return UnknownRole(f'"{clean(text)}" is a source of credentials, not a role.', next_step, reached[:SHOWN])
    if account := _of_account(catalog, text):
        of_it = tuple(role.key for role in catalog.roles if role.account.id == account.id)
        next_step = f"Add a role of it: {_listed(of_it)}." if of_it else "No file names a role in it."
        return UnknownRole(f'"{clean(text)}" is an account, not a role.', next_step, of_it[:SHOWN])
    near = _near(catalog, text)
    next_step = f"Did you mean {_listed(near)}?" if near else "`roledeck ls` shows the roles there are."
    return UnknownRole(f'There is no role "{clean(text)}".', next_step, near[:SHOWN])


def _of_account(catalog: Catalog, text: str) -> Account | None:
    """The account that is named so, where the role is still missing."""
    wanted = text.rstrip("/")
    return next((account for account in catalog.accounts if wanted and wanted in (account.id, account.name, account.alias)), None)


def _near(catalog: Catalog, text: str) -> tuple[str, ...]:
    """The keys that were probably meant, nearest first: the same in another case, then what a search finds, then what looks alike."""
    # searching takes its time to prepare: only who mistyped a name pays for it
    from tui_app.catalog.search import filter_roles, haystacks_of_names

    lowered = text.casefold()
    same = [role.key for role in catalog.roles if lowered in {name.casefold() for name in (role.key, *role_names(role))}]
    names = haystacks_of_names(
        role.key if role.profile is None else f"{role.key} {role.account.label}/{role.name}" for role in catalog.roles
    )
    words = text.replace("/", " ").replace('"', " ").split()
    # a word in quotes is never an instruction to the search
    query = " ".join(f'"{word}"' for word in words) if len(text) >= _SEARCHED else ""
    found = filter_roles(names, query) if query else []
    return tuple(dict.fromkeys((*same, *(catalog.roles[number].key for number in found)))) or _alike(catalog, lowered)


def _alike(catalog: Catalog, lowered: str) -> tuple[str, ...]:
    """Keys that differ from the text by a few letters; among thousands only those that share its first or last letters are compared."""
    keys: dict[str, str] = {}
    for role in catalog.roles:
        for name in (role.key, role.short_name, *(role_names(role) if role.profile is None else ())):
            keys.setdefault(name.casefold(), role.key)
    names = list(keys)
    if len(names) > _COMPARED:
        ends = lowered[:_SAME_END], lowered[-_SAME_END:]
        sizes = range(len(lowered) - 3, len(lowered) + 4)
        names = [name for name in names if len(name) in sizes and (name.startswith(ends[0]) or name.endswith(ends[1]))][:_COMPARED]
    return tuple(dict.fromkeys(keys[name] for name in get_close_matches(lowered, names, n=3)))


def _listed(keys: Iterable[str]) -> str:
    keys = [clean(key) for key in keys]
    more = len(keys) - SHOWN
    return ", ".join(keys[:SHOWN]) + (f" and {more:,} more" if more > 0 else "")
