"""Help and palette: the table of commands, searched as one types; enter runs the one under the cursor."""

from __future__ import annotations

from textual import events

from tui_app.text import clean, plural
from tui_app.ui.commands import COMMANDS, GROUPS, Command, Keymap, Place, Situation, applies, find_commands, keys_text
from tui_app.ui.draw import BLANK, GAP, fit, line
from tui_app.ui.key_names import ARROWS
from tui_app.ui.screens.modal import Modal, caps_row
from tui_app.ui.theme import Part, Row
from tui_app.ui.widgets.paper import TextField

COLUMN = 33
_FILTER = "  any words, or env: role: account: id: tag: region: via: profile: state: is:, ! excludes"
_MARKS = "  of a reload: * changed, + new, gone is named below; they stay until the next change, or esc"
_PAGE = (("Session", "Hand over"), ("Look", "Copy", "Favourites"), ("Move", "App"))
"""The groups of each column of the help page."""
_EXPLORER_PAGE = (("Rows",), ("Table",), ("Move", "App"))
"""The same among the resources."""
_AROUND = 11
"""Rows of the page round its columns: title and field, the filter's words, the keys."""


class Search(Modal[str]):
    """Commands that match what is typed; the answer is a command's id."""

    title_text = ""
    note_text = ""

    def __init__(self, keys: Keymap, commands: tuple[Command, ...]) -> None:
        super().__init__()
        self.keys = keys
        self.commands = commands
        self.field = TextField()
        self.at = 0

    @property
    def found(self) -> list[Command]:
        """What matches, in the order drawn."""
        return find_commands(self.field.text, self.keys, self.commands)

    def keys_of(self, command: Command) -> str:
        """Its keys as they are written on this terminal."""
        text = keys_text(command, self.keys)
        return text.translate(ARROWS) if self.deck.look.ascii_only else text

    def pressed(self, event: events.Key) -> None:
        """Type, move, run."""
        found = self.found
        if event.key == "enter":
            self.dismiss(found[self.at].id if found else None)
            return
        if event.key in ("down", "up", "ctrl+n", "ctrl+p", "tab", "shift+tab", "pagedown", "pageup"):
            step = {"down": 1, "ctrl+n": 1, "tab": 1, "pagedown": 8, "pageup": -8}.get(event.key, -1)
            self.at = max(0, min(len(found) - 1, self.at + step))
        elif event.key in ("left", "right") and self.columns > 1:
            self._sideways(1 if event.key == "right" else -1)
        elif self.field.key(event):
            self.at = 0
        self.draw()

    def on_paste(self, event: events.Paste) -> None:
        """Paste into the search."""
        event.stop()
        self.field.insert(event.text.strip())
        self.at = 0
        self.draw()

    @property
    def columns(self) -> int:
        """How many columns the commands stand in."""
        return 1

    def _sideways(self, step: int) -> None:
        del step

    def head(self, width: int, count: int) -> list[Row]:
        """Title, field, rule."""
        text = clean(self.field.text)
        typed: list[Part] = [
            ("  / ", "bold accent"),
            (text[: self.field.at], "bold text"),
            ("▏", "bold text"),
            (text[self.field.at :], "bold text"),
        ]
        return [
            BLANK,
            line(
                width,
                [(f"  {self.title_text}", "bold text"), (f"   {self.note_text}", "muted")],
                [(plural(count, "command"), "faint"), GAP],
            ),
            BLANK,
            line(width, typed),
            line(width, [("  " + "─" * (width - 4), "line")]),
        ]

    def listed(self, width: int, found: list[Command], room: int) -> list[Row]:
        """The commands in one column, scrolled to the cursor."""
        if not found:
            return [BLANK, line(width, [(f'  No command matches "{clean(self.field.text)}".', "bold text")])]
        top = max(0, min(self.at - room // 2, len(found) - room))
        rows = [BLANK]
        for number, command in enumerate(found[top : top + room], top):
            here = number == self.at
            parts: list[Part] = [
                GAP,
                (fit(self.keys_of(command), 14), "bold accent"),
                (command.help, "bold text" if here else "text"),
            ]
            rows.append(line(width, parts, [(command.group, "faint"), GAP], on="cursor" if here else ""))
        if top + room < len(found):
            rows.append(line(width, [], [(f"↓ {len(found) - top - room} more  ", "faint")]))
        return rows

    def room(self) -> int:
        """How many commands there is room for."""
        return max(3, self.app.size.height - 11)


class Palette(Search):
    """Every command that applies to what is under the cursor."""

    title_text = "Commands"
    note_text = "type to search, enter runs it"

    def __init__(self, keys: Keymap, now: Situation) -> None:
        super().__init__(keys, tuple(command for command in COMMANDS if applies(command, now) and command.group != "Move"))

    def sheet_rows(self, width: int) -> list[Row]:
        """Head, commands, keys."""
        found = self.found
        rows = [*self.head(width, len(found)), *self.listed(width, found, min(14, self.room()))]
        return [*rows, BLANK, caps_row(width, [("enter", "run")], [("esc", "close")]), BLANK]


class Help(Search):
    """All keys on one page where there is room, in one column where there is not, or while one searches."""

    title_text = "Keys"
    note_text = "type to search, enter runs it"
    width = 3 * COLUMN + 1

    def __init__(self, keys: Keymap, place: Place = "list") -> None:
        super().__init__(keys, tuple(command for command in COMMANDS if command.place in (place, "both")))
        self.page = _EXPLORER_PAGE if place == "explorer" else _PAGE

    @property
    def columns(self) -> int:
        """Three, or one."""
        size = self.app.size
        return 3 if size.width >= self.width and size.height >= self._page_rows + _AROUND and not self.field.text else 1

    @property
    def _page_rows(self) -> int:
        """How high the longest column is: its commands, a head for each group, and an empty row between groups."""
        return max(sum(command.group in column for command in self.commands) + 2 * len(column) - 1 for column in self.page)

    @property
    def found(self) -> list[Command]:
        """In the order of the page."""
        if self.columns == 1:
            return super().found
        return [command for column in self.page for group in column for command in self.commands if command.group == group]

    def _sideways(self, step: int) -> None:
        sizes = [sum(1 for command in self.commands if command.group in column) for column in self.page]
        column, at = 0, self.at
        while at >= sizes[column]:
            at -= sizes[column]
            column += 1
        column = max(0, min(len(sizes) - 1, column + step))
        self.at = sum(sizes[:column]) + min(at, sizes[column] - 1)

    def sheet_rows(self, width: int) -> list[Row]:
        """Head, commands, keys."""
        found = self.found
        rows = self.head(width, len(found))
        rows += self._page(width) if self.columns == 3 else self.listed(width, found, min(22, self.room()))  # noqa: PLR2004 - the page's columns
        if self.columns > 1 and self.page is _PAGE:
            rows += [BLANK, line(width, [GAP, ("Filter", "bold text"), (_FILTER, "muted")])]
        elif self.columns > 1:
            rows += [BLANK, line(width, [GAP, ("Marks", "bold text"), (_MARKS, "muted")])]
        return [*rows, BLANK, caps_row(width, [("enter", "run")], [("esc", "close")]), BLANK]

    def _page(self, width: int) -> list[Row]:
        chosen = self.found[self.at].id
        columns = [self._column(groups, chosen) for groups in self.page]
        blank: list[Part] = [(" " * COLUMN, "")]
        height = max(map(len, columns))
        rows: list[Row] = [BLANK]
        for number in range(height):
            parts = [part for column in columns for part in (column[number] if number < len(column) else blank)]
            rows.append(line(width, parts))
        return rows

    def _column(self, groups: tuple[str, ...], chosen: str) -> list[list[Part]]:
        lines: list[list[Part]] = []
        for group in (name for name in GROUPS if name in groups):
            if lines:
                lines.append([(" " * COLUMN, "")])
            lines.append([GAP, (fit(group, COLUMN - 2), "bold text")])
            for command in self.commands:
                if command.group == group:
                    on = " on cursor" if command.id == chosen else ""
                    shown = self.keys_of(command)
                    shown = shown if len(shown) <= 7 else shown.split()[0]  # noqa: PLR2004 - the key column
                    lines.append([GAP, (fit(shown, 8), "bold accent" + on), (fit(command.help, COLUMN - 12), "text" + on), GAP])
        return lines
