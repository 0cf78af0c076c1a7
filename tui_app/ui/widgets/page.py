"""Rows that scroll."""

from __future__ import annotations

from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from tui_app.ui.draw import line
from tui_app.ui.theme import Row
from tui_app.ui.widgets.paper import Drawn


class Page(Drawn, ScrollView, can_focus=True):
    """Rows that scroll. `choices` are the rows a cursor may stand on; without any, the keys scroll."""

    ALLOW_SELECT = False
    GROUND = "ground"

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self.styles.height = "1fr"
        self.styles.scrollbar_size_vertical = self.styles.scrollbar_size_horizontal = 0
        # a bar that comes and goes has the screen laid out anew, even one without a column
        self.styles.overflow_x, self.styles.overflow_y = "hidden", "scroll"
        self._page: list[Row] = []
        self.choices: list[int] = []

    def show(self, rows: list[Row], choices: list[int] | None = None) -> None:
        """Put other rows on the page; it stays scrolled where it was."""
        self.choices = choices or []
        size = Size(self.size.width, len(rows))
        if size == self.virtual_size and len(rows) == len(self._page):
            self._show_changed(rows)
            return
        self._page = rows
        # its place on the screen stays as it is: laying out anew would draw all of the screen
        self.set_reactive(Widget.virtual_size, size)
        if self.scroll_y > self.max_scroll_y:
            self.scroll_to(y=self.max_scroll_y, animate=False, force=True)
        self.refresh()

    def _show_changed(self, rows: list[Row]) -> None:
        """Draw only the rows that are others than before: an answer changes one or two, and a key should not wait for forty."""
        before, self._page = self._page, rows
        for y, (was, now) in enumerate(zip(before, rows, strict=True)):
            if was != now:
                self.refresh_lines(y)

    def render_line(self, y: int) -> Strip:
        """One row of what is scrolled to; the last one says how much is below."""
        index, width = y + self.scroll_offset.y, self.size.width
        row = self._page[index] if 0 <= index < len(self._page) else ()
        below = len(self._page) - index - 1
        if below > 0 and y == self.size.height - 1:
            row = line(width, [], [(f"↓ {below + 1} more  ", "faint")])
        return self.look.strip(row, self.size.width, self.GROUND)

    def scroll_by(self, rows: int) -> None:
        """Scroll without motion."""
        self.scroll_to(y=self.scroll_offset.y + rows, animate=False, force=True)
