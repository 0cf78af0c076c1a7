"""What every modal shares: a sheet in the middle, drawn row by row, on the dimmed page; esc always leaves."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from textual import events
from textual.app import ComposeResult
from textual.geometry import Size
from textual.screen import ModalScreen

from tui_app.ui.draw import GAP, cells, key_cap, line
from tui_app.ui.theme import Part, Row, on_plain_border
from tui_app.ui.widgets.paper import Paper

if TYPE_CHECKING:
    from tui_app.ui.deck import Deck

T = TypeVar("T")
WIDTH = 64
MOVES = {"down": 1, "j": 1, "ctrl+n": 1, "up": -1, "k": -1, "ctrl+p": -1, "pagedown": 10, "pageup": -10}
NEVER = float("-inf")
HASTE = 0.5
"""Seconds for which a question that comes up by itself takes no yes: what is typed then was meant for what lay there before."""


class Sheet(Paper, can_focus=True):
    """The modal's one widget; the screen says what is on it."""

    GROUND = "raised"
    DEFAULT_CSS = "Sheet { height: auto; max-height: 100%; background: $r-raised; }"

    def __init__(self) -> None:
        super().__init__(id="sheet")

    def rows(self, width: int, height: int) -> list[Row]:
        """What the screen wants drawn."""
        del height
        return cast("Modal[object]", self.screen).sheet_rows(width)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """As wide as the modal is, and never wider than the terminal."""
        del viewport
        return min(cast("Modal[object]", self.screen).width, container.width)


class Modal(ModalScreen[T | None], Generic[T]):
    """A question on top of the page."""

    ALLOW_SELECT = False
    AUTO_FOCUS = "#sheet"
    width = WIDTH

    def __init__(self) -> None:
        super().__init__()
        self.sheet = Sheet()
        self._elsewhere = NEVER
        self._height = 0

    @property
    def deck(self) -> Deck:
        """The app."""
        return cast("Deck", self.app)

    def compose(self) -> ComposeResult:
        """The sheet."""
        yield self.sheet

    def on_mount(self) -> None:
        """Its width, and a border where there is no ground to set it off."""
        self.sheet.styles.width = min(self.width, self.app.size.width)
        if self.deck.look.plain:
            # without colours the page cannot be dimmed, and a blank one would hide what is asked about
            self.styles.background = "transparent"
        on_plain_border(self.sheet, plain=self.deck.look.plain)
        self.set_interval(1, self.draw)

    def on_resize(self, event: events.Resize) -> None:
        """Narrower terminals get a narrower sheet, lower ones a lower one."""
        self.sheet.styles.width = min(self.width, event.size.width)
        if self._height not in (0, event.size.height):
            self.draw()
        self._height = event.size.height

    def came_up(self) -> None:
        """From now on something else stands here than the person was typing at."""
        self._elsewhere = time.monotonic()

    def too_soon(self) -> bool:
        """Whether a key is still a part of what was being typed when this came up; it then is counted as more of that."""
        before, now = self._elsewhere, time.monotonic()
        self._elsewhere = now if now - before < HASTE else NEVER
        return now - before < HASTE

    def sheet_rows(self, width: int) -> list[Row]:
        """The rows of the sheet."""
        raise NotImplementedError

    def draw(self) -> None:
        """Draw the sheet again, at the height it needs now; a key may come before it is there, an answer when it is gone."""
        if self.sheet.is_attached:
            self.sheet.refresh(layout=True)

    def take_key(self, event: events.Key) -> bool:
        """Every key is the modal's own: none reaches the page under it."""
        if event.key == "escape":
            self.leave()
        else:
            self.pressed(event)
        return True

    def pressed(self, event: events.Key) -> None:
        """A key that is not esc."""

    def leave(self) -> None:
        """Esc."""
        self.dismiss(None)


def moved(at: int, key: str, count: int) -> int:
    """Where a key takes the cursor of a menu."""
    return max(0, min(count - 1, at + MOVES.get(key, 0)))


def caps_row(width: int, left: list[tuple[str, str]], right: list[tuple[str, str]] | None = None) -> Row:
    """The modal's own footer."""

    def caps(pairs: list[tuple[str, str]]) -> list[Part]:
        parts: list[Part] = []
        for number, (key, verb) in enumerate(pairs):
            parts += [("   " if number else "", ""), *key_cap(key, verb)]
        return parts

    ends = [*caps(right or []), GAP]
    shown = [GAP, *caps(left)]
    if cells(shown) + cells(ends) > width:
        ends = [GAP]
    return line(width, shown, ends, on="raised")
