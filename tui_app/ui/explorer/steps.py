"""What the keys of both places do among the resources: moving, filtering, one step back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from tui_app.ui.explorer import asking_tables, looking_round, reloading
from tui_app.ui.explorer.moving import moves
from tui_app.ui.widgets.paper import TextField

if TYPE_CHECKING:
    from tui_app.ui.explorer.places import Table
    from tui_app.ui.explorer.screen import Explorer


def run(screen: Explorer, command_id: str) -> bool:
    """Do what a command of both places means here; False for one that has a deed of its own."""
    deeds: Mapping[str, Callable[[], None]] = {
        **moves(screen.move, partial(page, screen)),
        "app.filter": partial(filter_part, screen),
        "app.back": partial(back, screen),
    }
    deed = deeds.get(command_id)
    if deed is not None:
        deed()
    return deed is not None


def page(screen: Explorer, direction: int) -> None:
    """Move by a screenful."""
    if screen.part != "views":
        screen.body.page(direction)
    else:
        screen.move(direction * screen.views.screenful)


def filter_part(screen: Explorer) -> None:
    """Into the filter's field."""
    if screen.part in ("details", "refusals"):
        return
    query = screen.views.words if screen.part == "views" else screen.table.grid.query if screen.table else ""
    screen.field, screen.typing = TextField(query), True
    screen.update()


def back(screen: Explorer) -> None:
    """One step back: out of the details, else ask and reload no more, else clear the filter, else up the trail, to the views, or out."""
    table = screen.table
    if screen.detail is not None or screen.part == "refusals":
        screen.go_to("rows")
    elif _stop(screen):
        screen.update()
    elif screen.views.words if screen.part == "views" else table and table.grid.query:
        screen.set_query("")
    elif screen.part == "rows" and len(screen.trail) > 1:
        screen.trail.pop()
        screen.go_to("rows")
    elif screen.part == "rows":
        screen.go_to("views")
    else:
        screen.dismiss(None)


def stop_writing(table: Table) -> bool:
    """Write no file of a table; whether one was being written."""
    writing, table.writing = table.writing, None
    if writing is not None and writing.job is not None:
        writing.job.cancel()
    return writing is not None


def _stop(screen: Explorer) -> bool:
    stopped = [looking_round.stop_looking(screen.deck, visitor.key) for visitor in screen.visitors]
    if screen.table is not None:
        stopped += [asking_tables.stop_asking(screen.table), reloading.stop(screen, screen.table), stop_writing(screen.table)]
    return any(stopped)
