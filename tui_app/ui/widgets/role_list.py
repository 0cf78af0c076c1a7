"""The role list: a line-drawn view that costs the same with ten roles as with ten thousand."""

from __future__ import annotations

from typing import NamedTuple

from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui_app.ui.draw import BLANK, line
from tui_app.ui.rows import heading_row, role_row, said
from tui_app.ui.store import Group, Store
from tui_app.ui.theme import Row
from tui_app.ui.widgets.paper import Drawn


class Heading(NamedTuple):
    """A group's head among the lines; `name` is empty for the empty row before it."""

    name: str
    group: int


Line = Heading | int
"""A heading, or the index of an entry."""


def lay_out(groups: tuple[Group, ...], *, airy: bool) -> list[Line]:
    """The lines of the list; where there is room, an empty row parts the groups."""
    lines: list[Line] = []
    for number, group in enumerate(groups):
        if group.heading:
            if airy:
                lines.append(Heading("", number))
            lines.append(Heading(group.heading, number))
        elif airy:
            lines.append(Heading("", number))
        lines.extend(group.indices)
    return lines


class RoleList(Drawn, ScrollView, can_focus=True):
    """The list. The cursor is a role's key, held by the store, so it stays on its role when the list changes."""

    ALLOW_SELECT = False

    class Opened(Message):
        """A role was chosen with the mouse, twice in a row."""

    def __init__(self, store: Store) -> None:
        super().__init__(id="roles")
        self.styles.height = "1fr"
        self.styles.scrollbar_size_vertical = self.styles.scrollbar_size_horizontal = 0
        self.store = store
        self.lines: list[Line] = []
        self.airy = False

    def rebuild(self) -> None:
        """Take the rows that the store has now."""
        self.lines = lay_out(self.store.groups, airy=self.airy)
        self.virtual_size = Size(self.size.width, len(self.lines))
        self.show_cursor()
        self.refresh()

    def on_resize(self) -> None:
        """The cursor's row stays in sight."""
        self.virtual_size = Size(self.size.width, len(self.lines))
        self.show_cursor()

    @property
    def cursor_line(self) -> int:
        """The cursor's place among the lines; -1 when nothing is shown."""
        index = self.store.index_of(self.store.cursor)
        try:
            return -1 if index is None else self.lines.index(index)
        except ValueError:
            return -1

    def show_cursor(self) -> None:
        """Scroll so that the cursor's row is seen, and its group's head when that is just above."""
        at = self.cursor_line
        if at < 0 or not self.size.height:
            return
        top = at
        while top > 0 and isinstance(self.lines[top - 1], Heading):
            top -= 1
        # the last line of a cut list says how much is below, so the cursor keeps off it
        end = min(len(self.lines), at + 2)
        self.scroll_to_region(Region(0, top, 1, end - top), animate=False, force=True, immediate=True)

    def shows(self, key: str) -> bool:
        """Whether the role's line is among those on screen."""
        top = self.scroll_offset.y
        index = self.store.index_of(key)
        return index is not None and index in self.lines[top : top + self.size.height]

    def move(self, rows: int) -> None:
        """Move the cursor by so many roles; headings do not count."""
        step, at, found = (1 if rows > 0 else -1), self.cursor_line, -1
        left = abs(rows)
        while left and 0 <= at + step < len(self.lines):
            at += step
            if isinstance(self.lines[at], int):
                found, left = at, left - 1
        self._go(found)
        self.show_cursor()

    def first(self) -> None:
        """To the first role, with everything above it."""
        self.scroll_home(animate=False, force=True, immediate=True)
        self._go(next((number for number, entry in enumerate(self.lines) if isinstance(entry, int)), -1))

    def last(self) -> None:
        """To the last role."""
        self._go(next((number for number in reversed(range(len(self.lines))) if isinstance(self.lines[number], int)), -1))

    def page(self, direction: int) -> None:
        """Move by a screenful, less a row to keep one's bearings."""
        self.move(direction * max(2, self.size.height - 2))

    def _go(self, at: int) -> None:
        if 0 <= at < len(self.lines):
            entry = self.lines[at]
            if isinstance(entry, int):
                self.store.move_to(self.store.entries[entry].key)

    def refresh_moving(self) -> None:
        """Draw again only the rows that time changes: the live ones, and those under way."""
        top = self.scroll_offset.y
        for number in range(top, min(len(self.lines), top + self.size.height)):
            entry = self.lines[number]
            if isinstance(entry, int):
                key = self.store.entries[entry].key
                if key in self.store.sessions or key in self.store.work:
                    self.refresh_line(number)

    def render_line(self, y: int) -> Strip:
        """One row of the list."""
        width, at = self.size.width, y + self.scroll_offset.y
        return self.look.strip(self._row(at, y, width), width)

    def _row(self, at: int, y: int, width: int) -> Row:
        if at >= len(self.lines):
            return self._empty(at, width) if not self.lines else BLANK
        entry = self.lines[at]
        more = ""
        if y == self.size.height - 1 and at < len(self.lines) - 1:
            more = f"↓ {self._below(at)} more "
        if isinstance(entry, Heading):
            return self._heading(entry, width, more)
        return line(width, [], [(more, "faint")]) if more else self._role(entry, width)

    def _below(self, at: int) -> int:
        """How many roles stand on line `at` and after it."""
        heads = [0 if group.heading == "" else 1 for group in self.store.groups]
        lines, below = 0, 0
        for head, group in zip(heads, self.store.groups, strict=True):
            lines += head + self.airy
            below += max(0, min(len(group.indices), lines + len(group.indices) - at))
            lines += len(group.indices)
        return below

    def _heading(self, heading: Heading, width: int, more: str) -> Row:
        if not heading.name:
            return line(width, [], [(more, "faint")]) if more else BLANK
        group = self.store.groups[heading.group]
        live = sum(self.store.index_of(session.role_key) in group.indices for session in self.store.live_sessions())
        return heading_row(width, heading.name, len(group.indices), live, more, self.store.inks.get(heading.name, ""))

    def _role(self, index: int, width: int) -> Row:
        entry, now = self.store.entries[index], self.store.clock()
        here = ("focused" if self.has_focus else "unfocused") if entry.key == self.store.cursor else ""
        number = self.store.favourite_number(entry.key)
        mark = ("+" if entry.key in self.store.marks else " ") + (str(number) if number else " ")
        return role_row(width, entry, here, mark, said(self.store, entry.key, now, self.deck.spin(), row=True))

    def _empty(self, at: int, width: int) -> Row:
        """Nothing matches: one fact and the way out."""
        if not self.store.query or at > 3:  # noqa: PLR2004 - the lines below are three
            return BLANK
        sentence = f'No role matches "{self.store.query}".'
        rows: list[Row] = [
            BLANK,
            line(width, [("      ", ""), (sentence, "bold text")]),
            line(width, [("      ", ""), ("esc", "bold accent"), (f" show all {len(self.store.entries)}", "muted")]),
            BLANK,
        ]
        return rows[at]

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor there, a second one opens."""
        at = event.y + self.scroll_offset.y
        if at < len(self.lines) and isinstance(self.lines[at], int):
            self._go(at)
            if event.chain == 2:  # noqa: PLR2004 - a double click
                self.post_message(self.Opened())
