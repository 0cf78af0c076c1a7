"""Short messages at the bottom right: something ended that the person started and cannot see here."""

from __future__ import annotations

import time
from typing import Any

from textual.screen import Screen

from tui_app.text import clean
from tui_app.ui.compat import put_on, ring_once
from tui_app.ui.draw import cells, line, paragraph
from tui_app.ui.theme import Part, Row
from tui_app.ui.widgets.paper import Paper

SECONDS = 4
MOST = 2
WIDEST = 84
"""Columns; a longer line would be read slower than two short ones."""


RIGHT_PARTS = "#pane, #explorer-rows"
"""The parts that stand at the right of a screen where there is room for two."""


class Toasts(Paper):
    """At most two, four seconds each, over whatever lies there; nothing waits for them.

    A message is one line where there is room for it. One that does not fit is wrapped: what it says last is often what matters. The row
    below it is covered from where its part of the screen begins, so that no first letters of a sentence are left beside it.
    """

    GROUND = "raised"

    def __init__(self) -> None:
        super().__init__(id="toasts")
        self.styles.layer = "toast"
        self.styles.position = "absolute"
        self.display = False
        self._shown: list[tuple[float, str, bool]] = []

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Show a message."""
        self._shown = [*self._alive(), (time.monotonic() + SECONDS, clean(text), wrong)][-MOST:]
        if self.is_mounted:
            self._place()

    def on_mount(self) -> None:
        """The first message is waiting; the terminal may change under it."""
        self._place()
        self.screen.screen_layout_refresh_signal.subscribe(self, lambda _: self._fit())

    @property
    def texts(self) -> list[str]:
        """What is shown now."""
        return [text for _, text, _ in self._alive()]

    def _alive(self) -> list[tuple[float, str, bool]]:
        now = time.monotonic()
        return [item for item in self._shown if item[0] > now]

    def _place(self) -> None:
        self._shown = self._alive()
        if self._shown:
            ring_once(self, max(0.05, self._shown[0][0] - time.monotonic() + 0.05), self._place)
        self._fit()
        self.refresh(layout=True)

    def _fit(self) -> None:
        """Lie at the bottom right, as wide as the part below; the whole screen's width for a message that the part is too narrow for."""
        screen = self.screen.size
        left = max((part.content_region.x for part in self.screen.query(RIGHT_PARTS) if part.display), default=0)
        left = left if self._block(screen.width) <= screen.width - left else 0
        height = len(self.rows(screen.width - left, 0))
        self.display = bool(self._shown)
        self.styles.width, self.styles.height = screen.width - left, height
        self.styles.offset = (left, max(0, screen.height - 1 - height))

    def _block(self, room: int) -> int:
        """How wide the messages are, with their margins."""
        widest = max((cells([(text, "")]) + (6 if wrong else 4) for _, text, wrong in self._shown), default=0)
        return min(room, WIDEST, widest)

    def rows(self, width: int, height: int) -> list[Row]:
        """A message a row, or a few; the longest ends at the right margin."""
        del height
        block = self._block(width)
        rows: list[Row] = []
        for _, text, wrong in self._alive():
            lead: Part = ("✕ ", "bold wrong") if wrong else ("  ", "")
            rows += paragraph(block, text, "bold text", margin=2 if wrong else 0, lead=lead)
        return [line(width, [(" " * (width - block), ""), *row], on="raised") for row in rows]


def say_on(screen: Screen[Any], text: str, *, wrong: bool) -> None:
    """Show a message on a screen that lies over the main one, which would dim it or hide it."""
    toasts = next((child for child in screen.children if isinstance(child, Toasts)), None)
    if toasts is None:
        toasts = Toasts()
        screen.styles.layers = "base toast"
        put_on(screen, toasts)
    toasts.say(text, wrong=wrong)
