"""The catalog: every account, role and source that the files name, read once and then frozen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from tui_app.catalog.accounts import Accounts
from tui_app.catalog.discovered import Remembered, account_names, discovered_roles, read_discovered, still_written
from tui_app.catalog.own_profiles import taken_names
from tui_app.catalog.roles import Later, Roles
from tui_app.catalog.settings import Defaults, EnvironmentSettings, Settings
from tui_app.catalog.shared_config import SharedConfig, parse_shared_config, read_shared_config, without_collecting
from tui_app.catalog.shared_roles import SharedRoles
from tui_app.catalog.sources import Sources
from tui_app.catalog.stamps import FileStamp
from tui_app.catalog.user_config import read_user_config
from tui_app.catalog.user_roles import user_roles
from tui_app.model import Account, Problem, Role, Source

if TYPE_CHECKING:
    from tui_app.model import SsoSession

__all__ = ["Catalog", "Defaults", "EnvironmentSettings", "FileStamp", "Settings", "load_catalog"]

_FILE_LOST = frozenset({"unreadable", "not_text", "syntax"})


@dataclass(frozen=True)
class Catalog:
    """All that the files say.

    `problems` cost something: a line, a setting, a file. `remarks` cost nothing here, but other AWS tools read or refuse the place
    differently. `stamps` has every file and folder that was read, absent ones too. `discovered` is what Identity Center told before, whose
    roles stand behind those of the files. `faults` are the problems of a role's own table by its
    key: such a role is listed but not used, because what it should say is not known.
    """

    roles: Sequence[Role] = ()
    accounts: Sequence[Account] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    stamps: tuple[FileStamp, ...] = ()
    defaults: Defaults = field(default_factory=Defaults)
    settings: Settings = field(default_factory=Settings)
    shared: SharedConfig = field(default_factory=lambda: parse_shared_config("", ""), repr=False)
    remarks: tuple[Problem, ...] = ()
    faults: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict, repr=False)
    discovered: tuple[Remembered, ...] = field(default=(), repr=False)

    def role(self, key: str) -> Role | None:
        """The role with that key."""
        place = self._places.get(key)
        return None if place is None else self.roles[place]

    def named(self, name: str) -> tuple[Role, ...]:
        """The roles that `name` means exactly: account by name, alias or id, then the role with or without its path.

        A role of our own config goes before profiles that lead to the same place.
        """
        found = self._by_name.get(name, ())
        return tuple(role for role in found if role.profile is None) or tuple(found)

    @cached_property
    def sign_ins(self) -> Mapping[str, SsoSession]:
        """The places to sign in at, by their keys."""
        from tui_app.catalog.sign_ins import sign_ins  # only where somebody signs in

        return sign_ins(self.shared, self.settings)

    @property
    def lost_files(self) -> tuple[Problem, ...]:
        """The problems that cost a whole file, so that any role may be one that it has."""
        return tuple(problem for problem in self.problems if problem.kind in _FILE_LOST)

    @property
    def keys(self) -> list[str]:
        """The keys of the roles, in their order."""
        return self.roles.keys if isinstance(self.roles, Roles) else [role.key for role in self.roles]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {key: place for place, key in enumerate(self.keys)}

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
    with without_collecting():
        user = read_user_config(environ, config_file)
        shared = read_shared_config(environ)
        remembered, stamps = read_discovered(environ)
        if remembered:
            remembered = still_written(remembered, Catalog(shared=shared, settings=user.settings).sign_ins)
        accounts = Accounts(user.accounts, user.settings.environments, account_names(remembered))
        profiles = SharedRoles(shared, accounts)
        sections, problems = profiles.sections()
        own = user_roles(user.accounts, accounts, taken_names(shared.profiles))
        others = discovered_roles(remembered, accounts, own.roles, sections, shared) if remembered else ()
        roles = Roles(own.roles, sections, profiles.made, others)
        return Catalog(
            roles=roles,
            accounts=Later(lambda: accounts.all(roles)),
            sources=Sources(shared),
            problems=(*user.problems, *own.problems, *shared.problems, *problems),
            stamps=(*user.stamps, *shared.stamps, *stamps),
            defaults=user.defaults,
            settings=user.settings,
            shared=shared,
            remarks=(*user.remarks, *shared.remarks),
            faults=own.faults,
            discovered=remembered,
        )
