"""The files were changed while resources are on the screen: their views are taken as they are written now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_app.ui.explorer import asking_tables, looking_round, reloading

if TYPE_CHECKING:
    from tui_app.ui.explorer.screen import Explorer


def take_views(screen: Explorer) -> bool:
    """Take the views of the files that were read last; whether the table that is shown is of a view that is another one now.

    A view that is as it was stays, with its table and the cursor in it.
    """
    if screen.read is screen.deck.loaded:
        return False
    screen.read = screen.deck.loaded
    before = {view.name: view for view in screen.all_views}
    screen.all_views = tuple(before[view.name] if before.get(view.name) == view else view for view in looking_round.views_of(screen.deck))
    now = {view.name: view for view in screen.all_views}
    others = {name for name, view in before.items() if now.get(name) is not view}
    for table in [screen.tables.pop(name) for name in others & screen.tables.keys()]:
        asking_tables.stop_asking(table)
        reloading.stop(screen, table)
    if not screen.trail or screen.trail[0].view.name not in others:
        return False
    screen.trail, screen.detail = [], None
    screen.part = "views" if screen.part == "views" else "rows"
    return True
