"""A question with a default of no: the verb is in the key that says yes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import events

from tui_app.text import clean
from tui_app.ui.bands import band
from tui_app.ui.draw import BLANK, GAP, line, paragraph, verbatim
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
    shown: str = ""
    """What it is about, word for word, ready to be shown."""
    sudden: bool = False
    """Whether it comes up by itself, while the person may be typing something else."""


class Confirm(Modal[bool]):
    """Ask before something is lost, or begins."""

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.question = question
        self._top = 0
        self._seen = False
        """Whether the end of what it is about has been on the screen."""

    def on_screen_resume(self) -> None:
        """It is seen, for the first time or again."""
        if self.question.sudden:
            self.came_up()

    def sheet_rows(self, width: int) -> list[Row]:
        """Band, heading, what it is about, facts, keys."""
        store = self.deck.store
        entry = store.entry(self.question.key)
        rows = [band(width, entry, said(store, entry.key, store.clock(), self.deck.spin()))] if entry else []
        rows += [BLANK, line(width, [(f"  {clean(self.question.heading)}", "bold text")]), BLANK]
        facts = [row for sentence in self.question.facts for row in paragraph(width, clean(sentence), "muted")]
        shown = self._shown(width, self.app.size.height - len(rows) - len(facts) - 4)
        keys = [("y", self.question.verb), ("esc", self.question.no)] if self._seen else [("↓", "read on"), ("esc", self.question.no)]
        return [*rows, *shown, *facts, BLANK, caps_row(width, keys), BLANK]

    def _shown(self, width: int, room: int) -> list[Row]:
        """What it is about, as much of it as there is room for."""
        rows = (
            [line(width, [GAP, (words, "bold text")]) for words in verbatim(self.question.shown, width - 4)] if self.question.shown else []
        )
        if len(rows) < max(2, room):
            self._seen = True
            return [*rows, BLANK] if rows else []
        room = max(1, room - 2)
        self._top = max(0, min(self._top, len(rows) - room))
        below = len(rows) - self._top - room
        self._seen = self._seen or not below
        more = f"↓ {below} more  " if below else f"↑ {self._top} more  "
        return [*rows[self._top : self._top + room], line(width, [], [(more, "faint")]), BLANK]

    def pressed(self, event: events.Key) -> None:
        """Only `y` says yes, to what has been on the screen to its end; enter and everything else is no or nothing."""
        if self.too_soon():
            return
        if event.key in ("y", "Y") and self._seen:
            self.dismiss(True)
        elif event.key in ("n", "N", "q", "enter"):
            self.dismiss(None)
        elif event.key in ("down", "j", "up", "k"):
            self._top += 1 if event.key in ("down", "j") else -1
            self.draw()


def ask(deck: Deck, question: Question, then: Callable[[], None]) -> None:
    """Ask, and do it when the answer is yes."""
    deck.push_screen(Confirm(question), lambda yes: then() if yes else None)
