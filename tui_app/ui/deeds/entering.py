"""The ways into the explorer: the resources of one role, of several side by side, or the counts of all."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from tui_app.text import clean

if TYPE_CHECKING:
    from tui_app.ui.deck import Deck
    from tui_app.ui.explorer.places import Visitor

MOST_BESIDE = 8
"""How many roles have room side by side; of more the matrix tells."""


def enter(deck: Deck, keys: tuple[str, ...], view: str = "") -> None:
    """Open the explorer for the live roles among these, at a view's rows or at the list of views."""
    visitors = visitors_of(deck, keys)
    if not visitors:
        return
    from tui_app.ui.explorer.screen import Explorer

    deck.push_screen(Explorer(visitors, view))


def visitors_of(deck: Deck, keys: tuple[str, ...]) -> tuple[Visitor, ...]:
    """The live ones among these roles; two profiles of one role are told apart by their names."""
    found = tuple(filter(None, (visitor(deck, key) for key in keys)))
    labels = Counter(one.label for one in found)
    return tuple(replace(one, label=f"{one.label} {clean(one.key)}") if labels[one.label] > 1 else one for one in found)


def visitor(deck: Deck, key: str) -> Visitor | None:
    """A role with a session that lasts, stamped with the session's identity."""
    from tui_app.ui.explorer.places import Visitor

    session, entry = deck.store.live(key), deck.store.entry(key)
    if session is None or entry is None:
        return None
    return Visitor(key, f"{entry.account} {entry.role}", session.identity.account, session.identity.arn)


def marked(deck: Deck) -> tuple[str, ...]:
    """The marked roles that are live, in the order of the list."""
    store = deck.store
    live = [key for key in store.marks if store.live(key)]
    return tuple(sorted(live, key=lambda key: store.index_of(key) or 0))


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
    return True


def matrix(deck: Deck) -> None:
    """Counts of all views of every live session, or of the marked ones."""
    _matrix(deck, marked(deck) or tuple(session.role_key for session in deck.store.live_sessions()))


def _matrix(deck: Deck, keys: tuple[str, ...]) -> None:
    from tui_app.ui.explorer.matrix import Matrix

    visitors = visitors_of(deck, keys)
    if visitors:
        deck.push_screen(Matrix(visitors, lambda key: enter(deck, (key,))))
