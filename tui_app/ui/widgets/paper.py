"""Widgets that are drawn row by row from parts. No text of theirs is ever read as markup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from textual import events
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from tui_app.ui.compat import Leaf
from tui_app.ui.theme import Look, Row

if TYPE_CHECKING:
    from tui_app.ui.deck import Deck


class Drawn:
    """What every drawn widget can reach."""

    app: Any

    @property
    def deck(self) -> Deck:
        """The app."""
        return cast("Deck", self.app)

    @property
    def look(self) -> Look:
        """How it is drawn."""
        return self.deck.look


class Paper(Drawn, Leaf, Widget):
    """A widget of rows; a subclass says which in `rows`."""

    ALLOW_SELECT = False
    GROUND = "ground"
    HEIGHT: int | str = "auto"
    """Its height as a style; set on the widget itself, as a stylesheet of one line costs more than the line."""

    _rows: list[Row] | None = None
    _width = 0

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self.styles.height = self.HEIGHT

    def rows(self, width: int, height: int) -> list[Row]:
        """The rows to draw; height is 0 while it is being measured."""
        raise NotImplementedError

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Any:
        """Draw again from what holds now."""
        self._rows = None
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def renew(self) -> None:
        """Draw those rows again that are others than before: making rows is cheap, and what is drawn between two of them is not."""
        size, before = self.size, self._rows
        if before is None or self._width != size.width:
            self.refresh()
            return
        rows = self.rows(size.width, size.height)
        if len(rows) != len(before):
            self.refresh()
            return
        self._rows = rows
        changed = [Region(0, y, size.width, 1) for y, (was, now) in enumerate(zip(before, rows, strict=True)) if was != now]
        if changed:
            super().refresh(*changed)

    def on_resize(self) -> None:
        """The rows are drawn for a width."""
        if self._width != self.size.width:
            self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as there are."""
        del container, viewport
        return len(self.rows(width, 0))

    def render_line(self, y: int) -> Strip:
        """One row."""
        if self._rows is None:
            # asking for the size climbs to the screen each time, so the rows keep the width they were drawn for
            self._rows, self._width = self.rows(self.size.width, self.size.height), self.size.width
        row = self._rows[y] if y < len(self._rows) else ()
        return self.look.strip(row, self._width, self.GROUND)


class TextField:
    """One line that is being typed, with its insertion point. Plain; a widget feeds it keys."""

    def __init__(self, text: str = "") -> None:
        self.text = text
        self.at = len(text)

    def key(self, event: events.Key) -> bool:
        """Take a key; False where it means nothing to a field."""
        if event.is_printable and event.character:
            self.insert(event.character)
            return True
        return self.edit(event.key)

    def insert(self, text: str) -> None:
        """Put text in at the insertion point; only what can be seen."""
        kept = "".join(character for character in text if character.isprintable())
        self.text = self.text[: self.at] + kept + self.text[self.at :]
        self.at += len(kept)

    def edit(self, key: str) -> bool:
        """A key of editing: the usual ones of a shell's line."""
        before, after = self.text[: self.at], self.text[self.at :]
        if key == "backspace":
            before = before[:-1]
        elif key == "delete":
            after = after[1:]
        elif key == "ctrl+u":
            before = ""
        elif key == "ctrl+w":
            before = before.rstrip()
            before = before[: before.rfind(" ") + 1]
        elif key in ("left", "right", "home", "end"):
            self.at = {"left": max(0, self.at - 1), "right": min(len(self.text), self.at + 1), "home": 0, "end": len(self.text)}[key]
            return True
        else:
            return False
        self.text, self.at = before + after, len(before)
        return True
