"""The ways into the explorer: the resources of one role, of several side by side, the counts of all, or a search across them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui_app.ui.deck import Deck

MOST_BESIDE = 8
"""How many roles have room side by side; of more the matrix tells."""


def enter(deck: Deck, keys: tuple[str, ...], view: str = "") -> None:
    """Open the explorer for the live roles among these, at a view's rows or at the list of views."""
    from tui_app.ui.explorer.screen import Explorer
    from tui_app.ui.explorer.visiting import visitors_of

    visitors = visitors_of(deck.store, keys)
    if visitors:
        deck.push_screen(Explorer(visitors, view))


def marked(deck: Deck) -> tuple[str, ...]:
    """The marked roles that are live, in the order of the list."""
    return _in_order(deck, (key for key in deck.store.marks if deck.store.live(key)))


def _in_order(deck: Deck, keys: Iterable[str]) -> tuple[str, ...]:
    """As they stand in the list; those that its filter hides come last."""
    store = deck.store
    places = {number: place for place, number in enumerate(number for group in store.groups for number in group.indices)}
    numbered = ((store.index_of(key) or 0, key) for key in keys)
    return tuple(key for _, key in sorted(numbered, key=lambda item: (places.get(item[0], len(store.entries)), item[0])))


def compare_marked(deck: Deck) -> bool:
    """Look at the marked roles side by side; False where fewer than two are marked."""
    keys = marked(deck)
    if len(deck.store.marks) < 2:  # noqa: PLR2004 - two to compare
        return False
    if len(keys) < 2:  # noqa: PLR2004 - same
        deck.toast(f"Of the marked roles {len(keys) or 'none'} is live. Side by side takes two.", wrong=True)
    elif len(keys) > MOST_BESIDE:
        _matrix(deck, keys)
    else:
        enter(deck, keys)
        _say_who_is_left_out(deck, keys)
    return True


def _say_who_is_left_out(deck: Deck, keys: tuple[str, ...]) -> None:
    entries = [entry for key in _in_order(deck, deck.store.marks) if key not in keys and (entry := deck.store.entry(key))]
    if entries:
        names = ", ".join(f"{entry.account} {entry.role}" for entry in entries)
        deck.toast(f"Left out: {names} {'has' if len(entries) == 1 else 'have'} no session.")


def matrix(deck: Deck) -> None:
    """Counts of all views of every live session, or of the marked ones."""
    _matrix(deck, marked(deck) or _in_order(deck, (session.role_key for session in deck.store.live_sessions())))


def _matrix(deck: Deck, keys: tuple[str, ...]) -> None:
    from tui_app.ui.explorer.matrix import Matrix
    from tui_app.ui.explorer.visiting import visitors_of

    visitors = visitors_of(deck.store, keys)
    if visitors:
        deck.push_screen(Matrix(visitors, lambda key: enter(deck, (key,))))


def search(deck: Deck) -> None:
    """The search across every live session, or across the marked ones."""
    from tui_app.ui.explorer.estate import EstateSearch
    from tui_app.ui.explorer.visiting import visitor

    keys = marked(deck) or tuple(session.role_key for session in deck.store.live_sessions())
    visitors = tuple(filter(None, (visitor(deck.store, key) for key in keys)))
    if visitors:
        deck.push_screen(EstateSearch(visitors))
    else:
        deck.toast("No role is live, so nobody can search. Assume one first.", wrong=True)
