"""The accounts people have: written in our own config, or known only by an id in somebody's ARN."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from tui_app.aws.partitions import DEFAULT_PARTITION, partition_of
from tui_app.model import Account, Role

if TYPE_CHECKING:
    from tui_app.catalog.checked import Checked
    from tui_app.catalog.settings import EnvironmentSettings


class Accounts:
    """Accounts by id, each made once. The same id written twice is one account, whose first setting wins.

    `names` are what AWS calls the accounts that no file of ours writes.
    """

    def __init__(
        self, tables: Iterable[Checked], environments: Mapping[str, EnvironmentSettings], names: Mapping[str, str] | None = None
    ) -> None:
        self._names = names or {}
        self._known: dict[str, Account] = {}
        self._met: dict[tuple[str, str], Account] = {}
        self._aliases: dict[str, str] = {}
        for table in tables:
            if "id" in table.values:
                self._add(_account(table, environments))

    def named(self, number: str, partition: str = DEFAULT_PARTITION) -> Account:
        """The account with that id; made up from the id where no file says more."""
        found = self._known.get(number) or self._met.get((number, partition))
        if found is None:
            name, alias = self._names.get(number, ""), self._aliases.get(number, "")
            found = self._met[number, partition] = Account(number, name, partition=partition, alias=alias)
        return found

    def call(self, number: str, alias: str) -> None:
        """From now on `alias` is the alias of that account, if our own config does not write it."""
        self._aliases.setdefault(number, alias)

    def all(self, roles: Iterable[Role] = ()) -> tuple[Account, ...]:
        """Every account that is written, then those of the roles."""
        found = dict(self._known)
        for role in roles:
            found.setdefault(role.account.id, role.account)
        return tuple(account for account in found.values() if account.id)

    def _add(self, new: Account) -> None:
        old = self._known.get(new.id)
        if old is None:
            self._known[new.id] = new
            return
        self._known[new.id] = replace(
            old,
            name=old.name or new.name,
            alias=old.alias or new.alias,
            environment=old.environment or new.environment,
            regions=old.regions or new.regions,
            confirm=old.confirm or new.confirm,
            tags={**new.tags, **old.tags},
        )


def _account(table: Checked, environments: Mapping[str, EnvironmentSettings]) -> Account:
    values = table.values
    environment = values.get("environment", "")
    regions = values.get("regions", ())
    around = environments.get(environment)
    return Account(
        values["id"],
        name=values.get("name", ""),
        environment=environment,
        partition=values.get("partition") or (partition_of(regions[0]).id if regions else DEFAULT_PARTITION),
        alias=values.get("alias", ""),
        regions=regions,
        confirm=values.get("confirm", around.confirm if around else False),
        tags=values.get("tags", {}),
        origin=table.here,
    )
