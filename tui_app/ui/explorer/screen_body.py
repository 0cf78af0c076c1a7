"""What stands in the table's place on the screen: its rows, a description, what is missing, or why there is nothing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tui_app.ui.draw import BLANK
from tui_app.ui.explorer.told import instead_rows, named_keys, refused_rows

if TYPE_CHECKING:
    from tui_app.ui.explorer.screen import Explorer
    from tui_app.ui.theme import Row


def show_body(screen: Explorer) -> None:
    """Draw what the screen's state says."""
    table, body, keys = screen.table, screen.body, named_keys(screen.deck.keys)
    if screen.detail is not None:
        screen.described.show(screen, *screen.detail)
    elif table is None:
        body.show_rows([])
    elif screen.part == "refusals":
        _show_instead(screen, refused_rows(table, body.size.width, keys))
    elif table.grid.shown:
        mark_of = partial(screen.reloads[table].mark_of, table) if table in screen.reloads else None
        body.show_grid(table.grid, table.visible, table.offset, table.is_faded, mark_of)
    else:
        _show_instead(screen, instead_rows(table, body.size.width, screen.spinner(), keys))


def show_found(screen: Explorer) -> None:
    """Draw the rows that the filter lets through, as far as they are found."""
    show_body(screen)
    screen.head.settle()
    screen.notes.settle()


def show_all_found(screen: Explorer) -> None:
    """The same when all are found: a screen that was full has the same rows, and another count."""
    if not screen.body.grows():
        show_body(screen)
    screen.head.settle()


def _show_instead(screen: Explorer, rows: list[Row]) -> None:
    """Where there is room, an empty row stands above the table's place already."""
    screen.body.show_rows(rows[1:] if screen.airy and rows[:1] == [BLANK] else rows)
