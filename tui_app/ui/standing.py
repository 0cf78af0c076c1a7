"""What decides which commands apply in the list of roles: the role under the cursor, where the keys go, what there is at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_app.ui.commands import Situation

if TYPE_CHECKING:
    from tui_app.ui.screens.main import MainScreen


def situation_in_list(screen: MainScreen) -> Situation:
    """The situation while no other screen has commands of its own."""
    store, entry = screen.store, screen.store.selected
    key = entry.key if entry else ""
    child, role = store.children.get(key), store.roles.get(key)
    return Situation(
        role=entry is not None,
        state=store.state(key) if entry else "never",
        working=key in store.work,
        in_pane=screen.in_pane,
        typing=screen.focused is screen.head,
        narrow=screen.arranged.narrow,
        filtered=bool(store.query),
        stopped=bool(child and child.stopped),
        live=len(store.live_sessions()),
        marked=len(store.marks),
        favourites=len(store.favourites),
        written=bool(role and role.origin),
    )
