"""Tables of the explorer over a view of one's own, made of rows without any AWS."""

from __future__ import annotations

from dataclasses import replace

from tui_app.explorer.results import ViewResult, of_rows
from tui_app.explorer.view import Column, View
from tui_app.model import Identity
from tui_app.ui.explorer.places import Table, Visitor

VIEW = View(
    "things",
    "Things",
    "Data",
    "s3",
    "ListThings",
    "s3:ListThings",
    "Things",
    (Column("Name", "Name"), Column("Size", "Size", "size"), Column("Status", "Status")),
    id="Name",
    arn="arn:{partition}:s3:::{Name}",
)
ME = Identity("111122223333", "arn:aws:sts::111122223333:assumed-role/Reader/me", "AROA:me", 0.0, "eu-west-1")
OTHER = Identity("444455556666", "arn:aws:sts::444455556666:assumed-role/Reader/me", "AROB:me", 0.0, "eu-west-1")


def visitor(identity: Identity, label: str = "one Reader") -> Visitor:
    return Visitor(label, label, identity.account, identity.arn)


def result(rows, identity: Identity = ME, region: str = "eu-west-1", *, more: bool = False, at: float = 100.0):
    made = of_rows(ViewResult(VIEW, region, identity, at), tuple(rows), more=more)
    return replace(made, next={"Token": "2"}) if more else made


def named(*names: str, **more):
    return result([{"Name": name, "Size": len(name), "Status": "ok"} for name in names], **more)


def table_of(*results, regions=("eu-west-1",)) -> Table:
    table = Table(VIEW, (visitor(ME),), regions)
    for one in results:
        table.take(0, one)
    return table


def shown(table: Table) -> list[str]:
    return [table.grid.cells[row][0] for row in table.grid.shown]


def beside(mine, theirs) -> Table:
    table = Table(VIEW, (visitor(ME, "one"), visitor(OTHER, "two")), ("eu-west-1",))
    table.take(0, mine)
    table.take(1, theirs)
    return table


def differences(table: Table) -> dict[tuple[str, str], str]:
    return {(table.grid.cells[row][0], table.grid.cells[row][1]): table.grid.cells[row][2] for row in table.grid.shown}
