"""The list of all views: its cursor, its filter, and what of it is drawn for a key."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import events
from textual.message import Message

from tui_app.ui.explorer.count_columns import Columns
from tui_app.ui.explorer.overview import Listed, Overview, overview_rows, with_cursor
from tui_app.ui.widgets.page import Page

if TYPE_CHECKING:
    from tui_app.explorer.view import View

DOUBLE = 2
"""Clicks that open."""
UNDRAWN = 60
"""The width of a list that has no place on the screen yet."""


class ViewList(Page):
    """`at` is the cursor's place among those views that the filter lets through, `words` are that filter's.

    `passed` is how many columns of counts are to the left of those that are shown.
    """

    class Picked(Message):
        """The cursor is to be on that view; `opens`: and its rows are wanted."""

        def __init__(self, at: int, *, opens: bool) -> None:
            super().__init__()
            self.at, self.opens = at, opens

    def __init__(self, see: Callable[[], Overview]) -> None:
        """`see` says what the list is drawn from."""
        super().__init__(id="views")
        self._see = see
        self.at = 0
        self.words = ""
        self.passed = 0
        self.listed = Listed([], [], [])

    @property
    def view(self) -> View | None:
        """The view under the cursor."""
        return self.listed.views[self.at] if self.at < len(self.listed.views) else None

    def draw(self) -> None:
        """Draw the list from what is known now."""
        if self.size.width:
            self._list(self.size.width)
            self.show(self.listed.rows, self.listed.choices)

    def _list(self, width: int) -> None:
        self.listed = overview_rows(self._see(), width)
        self.at = self._within(self.at)

    def _within(self, at: int) -> int:
        return max(0, min(len(self.listed.views) - 1, at))

    def choose(self, name: str) -> bool:
        """Put the cursor on a view; whether there is one of that name."""
        if not self.listed.views:
            self._list(UNDRAWN)
        names = [view.name for view in self.listed.views]
        if name in names:
            self.at = names.index(name)
        return name in names

    def set_query(self, query: str) -> None:
        """Filter the views."""
        self.words, self.at = query, 0
        self.draw()

    @property
    def hides_columns(self) -> bool:
        """Whether there are columns of counts to the left or to the right of those that fit."""
        columns = self._columns
        return bool(columns.before or columns.after)

    @property
    def _columns(self) -> Columns:
        return self.listed.seen.columns(self.size.width) if self.listed.seen and self.size.width else Columns(())

    def sideways(self, step: int) -> None:
        """To the counts that have no room: by as many as are seen."""
        columns = self._columns
        if (step > 0 and columns.after) or (step < 0 and columns.before):
            self.passed = max(0, columns.before + step * len(columns.shown))
            self.draw()

    def on_click(self, event: events.Click) -> None:
        """A click is as good as the keys that lead there, a second one as enter."""
        row = event.y + self.scroll_offset.y
        if row in self.listed.choices:
            self.post_message(self.Picked(self.listed.choices.index(row), opens=event.chain == DOUBLE))

    def move(self, rows: int) -> None:
        """Move the cursor; only the two rows that it concerns are made anew."""
        self.at = self._within(self.at + rows)
        self.listed = with_cursor(self.listed, self.at, self.size.width)
        self.show(self.listed.rows, self.listed.choices)
        self._show_cursor()

    @property
    def screenful(self) -> int:
        """How many rows a page is, less some to keep one's bearings."""
        return max(2, self.size.height - 4)

    def _show_cursor(self) -> None:
        """Scroll so that the cursor is seen, and a row beyond it."""
        if not self.listed.choices:
            return
        at, top, high = self.listed.choices[self.at], self.scroll_offset.y, self.size.height
        if at < top + 2 or at >= top + high - 2:
            self.scroll_to(y=max(0, at - 3 if at < top + 2 else at - high + 3), animate=False, force=True)
