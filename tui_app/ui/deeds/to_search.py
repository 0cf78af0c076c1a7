"""The way to the search across every live session."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui_app.ui.deck import Deck


def open_search(deck: Deck) -> None:
    """The search across every live session, or across the marked ones."""
    from tui_app.ui.deeds.entering import marked
    from tui_app.ui.explorer.estate import EstateSearch
    from tui_app.ui.explorer.visiting import visitor

    keys = marked(deck) or tuple(session.role_key for session in deck.store.live_sessions())
    visitors = tuple(filter(None, (visitor(deck.store, key) for key in keys)))
    if visitors:
        deck.push_screen(EstateSearch(visitors))
    else:
        deck.toast("No role is live, so nobody can search. Assume one first.", wrong=True)
