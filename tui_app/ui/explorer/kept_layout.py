"""How a person has laid out the tables of a view: its next table, of another role or other regions, is laid out so from the start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_app.ui.explorer.layout import Layout

if TYPE_CHECKING:
    from tui_app.ui.deck import Deck
    from tui_app.ui.explorer.places import Table


def keep_layout(deck: Deck, table: Table) -> None:
    """Remember how a table is laid out, for as long as the screen runs."""
    column, down = table.grid.wanted
    sort = table.grid.heads[column].title if column >= 0 else ""
    deck.findings.layouts[table.view.name] = Layout(frozenset(table.hidden), table.tags, sort, down)


def take_layout(deck: Deck, table: Table) -> None:
    """Lay a table without rows out as the last one of its view was, as far as it has those columns."""
    layout = deck.findings.layouts.get(table.view.name)
    if layout is None:
        return
    table.hidden, table.tags = set(layout.hidden), layout.tags
    table.rebuild()
    titles = [head.title for head in table.grid.heads]
    table.sort_by(titles.index(layout.sort) if layout.sort in titles else -1, down=layout.down)
