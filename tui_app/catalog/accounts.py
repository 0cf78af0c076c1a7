"""The accounts people have: written in our own config, or known only by an id in somebody's ARN."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from tui_app.aws.partitions import DEFAULT_PARTITION, partition_of
from tui_app.model import Account

if TYPE_CHECKING:
    from tui_app.catalog.checked import Checked
    from tui_app.catalog.settings import EnvironmentSettings


class Accounts:
    """Accounts by id, each made once. The same id written twice is one account, whose first setting wins."""

    def __init__(self, tables: Iterable[Checked], environments: Mapping[str, EnvironmentSettings]) -> None:
        self._known: dict[str, Account] = {}
        for table in tables:
            if "id" in table.values:
                self._add(_account(table, environments))

    def named(self, number: str, partition: str = DEFAULT_PARTITION) -> Account:
        """The account with that id; made up from the id where no file says more."""
        found = self._known.get(number)
        if found is None:
            found = self._known[number] = Account(number, partition=partition)
        return found

    def all(self) -> tuple[Account, ...]:
        """Every account met so far, the written ones first."""
        return tuple(account for account in self._known.values() if account.id)

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
