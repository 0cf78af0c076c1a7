"""One-line messages at the bottom right: something ended that the person started and cannot see here."""

from __future__ import annotations

import time

from tui_app.text import clean
from tui_app.ui.draw import cells, fit, line
from tui_app.ui.theme import Part, Row
from tui_app.ui.widgets.paper import Paper

SECONDS = 4
MOST = 2


class Toasts(Paper):
    """At most two, four seconds each, over whatever lies there; nothing waits for them."""

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
        """The first message is waiting."""
        self._place()

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
            self.set_timer(max(0.05, self._shown[0][0] - time.monotonic() + 0.05), self._place)
        screen = self.screen.size
        widest = max((cells([(text, "")]) for _, text, _ in self._shown), default=0) + 6
        width, height = min(screen.width, widest), len(self._shown)
        self.display = bool(self._shown)
        self.styles.width, self.styles.height = width, height
        self.styles.offset = (screen.width - width, max(0, screen.height - 1 - height))
        self.refresh(layout=True)

    def rows(self, width: int, height: int) -> list[Row]:
        """A message a row."""
        del height
        rows: list[Row] = []
        for _, text, wrong in self._alive():
            lead: Part = ("  ✕ ", "bold wrong") if wrong else ("  ", "")
            rows.append(line(width, [lead, (fit(text, width - cells([lead]) - 2).rstrip(), "bold text")], on="raised"))
        return rows
