"""The role list: a line-drawn view that costs the same with ten roles as with ten thousand."""

from __future__ import annotations

from typing import Any, NamedTuple

from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from tui_app.text import clean
from tui_app.ui.draw import BLANK, line
from tui_app.ui.grouping import Group
from tui_app.ui.rows import heading_row, role_row, said
from tui_app.ui.store import Store
from tui_app.ui.theme import Row
from tui_app.ui.widgets.paper import Drawn


class Heading(NamedTuple):
    """A group's head among the lines; `name` is empty for the empty row before it."""

    name: str
    group: int


WIDER = 3
"""How many ways to find more are shown where nothing was found."""
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
        self._members: dict[int, frozenset[int]] = {}
        self._nothing: list[Row] = []
        self._drawn: dict[int, Row] = {}
        """The lines as they stand on the screen; none where some are to be drawn again."""
        self._width = 0

    def rebuild(self) -> None:
        """Take the rows that the store has now."""
        self.lines = lay_out(self.store.groups, airy=self.airy)
        self._members.clear()
        self._measure()
        self.show_cursor()
        self._refresh_changed()

    def _refresh_changed(self) -> None:
        """Draw again only the lines that are not as they were: letters that narrow a filter leave most of them alone."""
        before, height, width = self._drawn, self.size.height, self.size.width
        if len(before) != height or not height:
            self.refresh()
            return
        top = self.scroll_offset.y
        rows = {y: self._row(y + top, y, width) for y in range(height)}
        changed = [Region(0, y, width, 1) for y in rows if rows[y] != before[y]]
        if changed:
            super().refresh(*changed)
        self._drawn, self._width = rows, width

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Any:
        """Draw again from what holds now."""
        self._drawn.clear()
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def on_resize(self) -> None:
        """The cursor's row stays in sight."""
        self._measure()
        self.show_cursor()
        if self._width != self.size.width:
            self.refresh()

    def _measure(self) -> None:
        """How far it scrolls. Its place on the screen stays as it is, so nothing is laid out anew: that would draw all of the screen."""
        self.set_reactive(Widget.virtual_size, Size(self.size.width, len(self.lines)))
        if self.scroll_y > self.max_scroll_y:
            self.scroll_to(y=self.max_scroll_y, animate=False, force=True, immediate=True)

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

    def show_group(self) -> None:
        """Scroll to the head of the cursor's group, or as near to it as the cursor stays in sight."""
        at = head = self.cursor_line
        while head > 0 and not isinstance(self.lines[head], Heading):
            head -= 1
        if at >= 0:
            self.scroll_to(y=max(head, at - self.size.height // 2), animate=False, force=True, immediate=True)
            self.show_cursor()

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

    def refresh_moving(self, *, spinning: bool = False) -> None:
        """Draw again only the rows that time changes: the live ones, and those under way; only the latter where the spinner turns."""
        top = self.scroll_offset.y
        for number in range(top, min(len(self.lines), top + self.size.height)):
            entry = self.lines[number]
            if isinstance(entry, int):
                key = self.store.entries[entry].key
                if key in self.store.work or (key in self.store.sessions and not spinning):
                    self.refresh_line(number)

    def render_line(self, y: int) -> Strip:
        """One row of the list."""
        row = self._drawn.get(y)
        if row is None:
            if not self._drawn:  # else lines of two widths would stand below each other, and nobody would know
                self._width = self.size.width
            row = self._drawn[y] = self._row(y + self.scroll_offset.y, y, self._width)
        return self.look.strip(row, self._width)

    def _row(self, at: int, y: int, width: int) -> Row:
        if at >= len(self.lines):
            return self._empty(at, width) if not self.lines else BLANK
        entry = self.lines[at]
        more = ""
        if y == self.size.height - 1 and at < len(self.lines) - 1:
            more = f"↓ {self._below(at):,} more "
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
        members = self._members.get(heading.group)
        if members is None:
            members = self._members[heading.group] = frozenset(group.indices)
        live = sum(self.store.index_of(session.role_key) in members for session in self.store.live_sessions())
        return heading_row(width, group, live, more, self.store.inks.get(group.environment, ""))

    def _role(self, index: int, width: int) -> Row:
        entry, now = self.store.entries[index], self.store.clock()
        here = ("focused" if self.has_focus else "unfocused") if entry.key == self.store.cursor else ""
        number = self.store.favourite_number(entry.key)
        mark = ("+" if entry.key in self.store.marks else " ") + (str(number) if number else " ")
        return role_row(width, entry, here, mark, said(self.store, entry.key, now, self.deck.spin(), row=True), self.store.listing.widest)

    def _empty(self, at: int, width: int) -> Row:
        """Nothing matches: one fact and the way out."""
        if at == 0:
            self._nothing = self._nothing_found(width) if self.store.query else []
        return self._nothing[at] if at < len(self._nothing) else BLANK

    def _nothing_found(self, width: int) -> list[Row]:
        from tui_app.catalog.query import advice

        store, indent = self.store, ("      ", "")
        rows: list[Row] = [BLANK, line(width, [indent, (f'No role matches "{clean(store.query)}".', "bold text")])]
        if hint := advice(store.query):
            rows.append(line(width, [indent, (clean(hint), "muted")]))
        for part, count in (store.widen(store.query) if store.widen else [])[:WIDER]:
            rows.append(line(width, [indent, (f"without {clean(part)}   ", "muted"), (f"{count:,}", "bold text")]))
        rows.append(line(width, [indent, ("esc", "bold accent"), (f" show all {len(store.entries):,}", "muted")]))
        return rows

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor there, a second one opens."""
        at = event.y + self.scroll_offset.y
        if at < len(self.lines) and isinstance(self.lines[at], int):
            self._go(at)
            if event.chain == 2:  # noqa: PLR2004 - a double click
                self.post_message(self.Opened())
