"""The catalog: every account, role and source that the files name, read once and then frozen."""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

from tui_app.catalog.accounts import Accounts
from tui_app.catalog.settings import Defaults, EnvironmentSettings, Settings
from tui_app.catalog.shared_config import SharedConfig, parse_shared_config, read_shared_config
from tui_app.catalog.shared_roles import SharedRoles
from tui_app.catalog.sources import all_sources
from tui_app.catalog.stamps import FileStamp
from tui_app.catalog.user_config import read_user_config
from tui_app.catalog.user_roles import user_roles
from tui_app.model import Account, Problem, Role, Source

__all__ = ["Catalog", "Defaults", "EnvironmentSettings", "FileStamp", "Settings", "load_catalog"]


@dataclass(frozen=True)
class Catalog:
    """All that the files say.

    `problems` cost something: a line, a setting, a file. `remarks` cost nothing here, but other AWS tools read or refuse the place
    differently. `stamps` has every file and folder that was read, absent ones too. `faults` are the problems of a role's own table by its
    key: such a role is listed but not used, because what it should say is not known.
    """

    roles: tuple[Role, ...] = ()
    accounts: tuple[Account, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    stamps: tuple[FileStamp, ...] = ()
    defaults: Defaults = field(default_factory=Defaults)
    settings: Settings = field(default_factory=Settings)
    shared: SharedConfig = field(default_factory=lambda: parse_shared_config("", ""), repr=False)
    remarks: tuple[Problem, ...] = ()
    faults: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict, repr=False)

    def role(self, key: str) -> Role | None:
        """The role with that key."""
        return self._by_key.get(key)

    def named(self, name: str) -> tuple[Role, ...]:
        """The roles that `name` means exactly: account by name, alias or id, then the role with or without its path.

        A role of our own config goes before profiles that lead to the same place.
        """
        found = self._by_name.get(name, ())
        return tuple(role for role in found if role.profile is None) or tuple(found)

    @cached_property
    def _by_key(self) -> dict[str, Role]:
        return {role.key: role for role in self.roles}

    @cached_property
    def _by_name(self) -> dict[str, list[Role]]:
        names: dict[str, list[Role]] = defaultdict(list)
        for role in self.roles:
            for name in role_names(role):
                names[name].append(role)
        return dict(names)


def role_names(role: Role) -> frozenset[str]:
    """Every way to write the role as `account/role`."""
    account = role.account
    labels = {label for label in (account.name, account.alias, account.id) if label}
    return frozenset(f"{label}/{name}" for label in labels for name in (role.name, role.short_name))


def load_catalog(environ: Mapping[str, str], config_file: str | None = None) -> Catalog:
    """Read all files; what cannot be used is listed in `problems`, and the rest still works."""
    with _without_collecting():
        user = read_user_config(environ, config_file)
        shared = read_shared_config(environ)
        accounts = Accounts(user.accounts, user.settings.environments)
        profiles = SharedRoles(shared, accounts)
        of_profiles = profiles.roles()
        own = user_roles(user.accounts, accounts, shared.profiles)
        return Catalog(
            roles=(*own.roles, *of_profiles),
            accounts=accounts.all(),
            sources=all_sources(shared),
            problems=(*user.problems, *own.problems, *shared.problems, *profiles.problems),
            stamps=(*user.stamps, *shared.stamps),
            defaults=user.defaults,
            settings=user.settings,
            shared=shared,
            remarks=shared.remarks,
            faults=own.faults,
        )


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Ten thousand roles are many small values and no garbage: looking through them over and over would double the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
