"""Told on the screen: the demo's AWS has ended, so that nothing here is answered any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_app.model import Problem

if TYPE_CHECKING:
    from tui_app.errors import RoledeckError
    from tui_app.ui.deck import Deck


def hear_of_demo_end(deck: Deck) -> None:
    """Have it told, should it come."""
    if deck.backstage.watch_demo is not None:
        deck.backstage.watch_demo(lambda ended: deck.post(lambda: _tell(deck, ended)))


def _tell(deck: Deck, ended: RoledeckError) -> None:
    sentence = ended.sentence()
    deck.store.problems = (Problem("demo", sentence), *deck.store.problems)
    deck.store.note(sentence, kind="failed")
    deck.store.changed("problems")
    deck.toast(sentence, wrong=True)
