"""A question with a default of no: the verb is in the key that says yes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import events

from tui_app.text import clean
from tui_app.ui.bands import band
from tui_app.ui.draw import BLANK, line, paragraph
from tui_app.ui.rows import said
from tui_app.ui.screens.modal import Modal, caps_row
from tui_app.ui.theme import Row
from tui_app.values import frozen

if TYPE_CHECKING:
    from tui_app.ui.deck import Deck


@frozen
class Question:
    """What is asked. `key` is the role it acts on, if it is one; `verb` is what `y` does."""

    key: str
    heading: str
    facts: tuple[str, ...]
    verb: str
    no: str = "keep"
    """What esc does."""


class Confirm(Modal[bool]):
    """Ask before something is lost."""

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.question = question

    def sheet_rows(self, width: int) -> list[Row]:
        """Band, heading, facts, keys."""
        store = self.deck.store
        entry = store.entry(self.question.key)
        rows = [band(width, entry, said(store, entry.key, store.clock(), self.deck.spin()))] if entry else []
        rows += [BLANK, line(width, [(f"  {clean(self.question.heading)}", "bold text")]), BLANK]
        for sentence in self.question.facts:
            rows += paragraph(width, clean(sentence), "muted")
        return [*rows, BLANK, caps_row(width, [("y", self.question.verb), ("esc", self.question.no)]), BLANK]

    def pressed(self, event: events.Key) -> None:
        """Only `y` says yes; enter and everything else is no or nothing."""
        if event.key in ("y", "Y"):
            self.dismiss(True)
        elif event.key in ("n", "N", "q", "enter"):
            self.dismiss(None)


def ask(deck: Deck, question: Question, then: Callable[[], None]) -> None:
    """Ask, and do it when the answer is yes."""
    deck.push_screen(Confirm(question), lambda yes: then() if yes else None)
