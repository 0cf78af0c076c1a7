"""Which role a person means: a profile's name, `account/role`, a role ARN, or the beginning of a name where that is allowed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from difflib import get_close_matches

from tui_app.catalog import limits
from tui_app.catalog.load import Catalog, role_names
from tui_app.errors import ConfigUnusable, UnknownRole
from tui_app.model import Account, Origin, Problem, Role
from tui_app.text import clean, plural

SHOWN = 8
"""How many candidates are named at most."""
VIA_OPTION = Origin("--via", 0)
_FILE_LOST = frozenset({"unreadable", "not_utf8", "syntax"})
"""Problems that cost a whole file, so that a name may be one of its roles."""


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
    if (
        text
        and (lost := next((problem for problem in catalog.problems if problem.kind in _FILE_LOST), None))
        and not _goes_alone(text, via)
    ):
        raise _in_a_lost_file(text, lost)
    if text.startswith("arn:"):
        return _of_no_file(catalog, text, via)
    raise _unknown(catalog, text)


def _goes_alone(text: str, via: str | None) -> bool:
    """Whether it is an ARN that needs no file, or one that no file can have."""
    return text.startswith("arn:") and (via is not None or limits.split_role_arn(text) is None)


def _in_a_lost_file(text: str, lost: Problem) -> ConfigUnusable:
    where = str(lost.where or "")
    place = "" if where in lost.message else f"{clean(where)}: "
    message = f'"{clean(text)}" is in no file that can be read.'
    return ConfigUnusable(message, f"{place}{clean(lost.message)} {clean(lost.mend)}".strip(), where)


def _exact(catalog: Catalog, text: str, via: str | None) -> tuple[Role, ...]:
    role = catalog.role(text)
    if role is not None:
        return (role,)
    if text.startswith("arn:"):
        same = tuple(role for role in catalog.roles if role.arn == text)
        return tuple(role for role in same if via is not None and role.via == via)[:1] or same
    return catalog.named(text)


def _beginning(catalog: Catalog, text: str) -> tuple[Role, ...]:
    """The roles whose name begins so; a profile's role goes by its profile's name alone."""
    return tuple(role for role in catalog.roles if any(name.startswith(text) for name in _typed(role)))


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
        next_step = "Write one into config.toml, or look round with `roledeck demo`."
        return UnknownRole(f'There is no role "{clean(text)}": no file names any.', next_step)
    if text in catalog.sources:
        reached = tuple(role.key for role in catalog.roles if role.via == text)
        next_step = f"Roles from there: {_listed(reached)}." if reached else "`roledeck ls` shows the roles."
        return UnknownRole(f'"{clean(text)}" is a source of credentials, not a role.', next_step, reached[:SHOWN])
    near = _near(catalog, text)
    next_step = f"Did you mean {_listed(near)}?" if near else "`roledeck ls` shows the roles there are."
    return UnknownRole(f'There is no role "{clean(text)}".', next_step, near[:SHOWN])


def _near(catalog: Catalog, text: str) -> tuple[str, ...]:
    """Names that hold the text, else names that look like it."""
    lowered = text.casefold()
    holding = tuple(role.key for role in catalog.roles if lowered in role.key.casefold() or lowered in role.name.casefold())
    if holding:
        return holding
    keys = {name: role.key for role in catalog.roles for name in (role.key, role.short_name, *role_names(role))}
    return tuple(dict.fromkeys(keys[name] for name in get_close_matches(text, list(keys), n=3)))


def _listed(keys: Iterable[str]) -> str:
    keys = [clean(key) for key in keys]
    more = len(keys) - SHOWN
    return ", ".join(keys[:SHOWN]) + (f" and {more} more" if more > 0 else "")
