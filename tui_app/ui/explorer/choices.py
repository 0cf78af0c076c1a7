"""Small questions of the explorer: one of several, or any of many."""

from __future__ import annotations

from textual import events

from tui_app.text import clean
from tui_app.ui.draw import BLANK, GAP, line, paragraph
from tui_app.ui.screens.modal import Modal, caps_row, moved
from tui_app.ui.theme import Row

_DIGITS = 9


class Choice(Modal[int]):
    """One of a few; the answer is its number."""

    def __init__(self, title: str, names: tuple[str, ...], at: int = 0, note: str = "") -> None:
        super().__init__()
        self.heading, self.names, self.note = title, names, note
        self.at = at

    def sheet_rows(self, width: int) -> list[Row]:
        """Heading, choices, keys."""
        rows = [BLANK, line(width, [(f"  {self.heading}", "bold text")]), BLANK]
        for number, name in enumerate(self.names):
            here = number == self.at
            parts = [GAP, (str(number + 1), "bold accent"), (f"  {name}", "bold text" if here else "text")]
            rows.append(line(width, parts, on="cursor" if here else ""))
        rows += [BLANK, *paragraph(width, self.note, "muted")] if self.note else []
        return [*rows, BLANK, caps_row(width, [("enter", "choose"), ("esc", "cancel")]), BLANK]

    def pressed(self, event: events.Key) -> None:
        """Move, or choose."""
        self.at = moved(self.at, event.key, len(self.names))
        if event.key == "enter":
            self.dismiss(self.at)
            return
        if event.character and event.character.isdigit() and 0 < int(event.character) <= min(_DIGITS, len(self.names)):
            self.dismiss(int(event.character) - 1)
            return
        self.draw()


class Several(Modal[set[int]]):
    """Any of many; the answer is the numbers of those that are on."""

    def __init__(self, title: str, names: tuple[str, ...], on: set[int], note: str = "") -> None:
        super().__init__()
        self.heading, self.names, self.on, self.note = title, names, set(on), note
        self.at = 0

    def fill(self, names: tuple[str, ...], on: set[int], note: str) -> None:
        """What there is to choose from is known."""
        self.names, self.on, self.note = names, set(on), note
        self.draw()

    def sheet_rows(self, width: int) -> list[Row]:
        """Heading, choices, note, keys."""
        rows = [BLANK, line(width, [(f"  {self.heading}", "bold text")]), BLANK]
        room = max(3, self.app.size.height - 12)
        top = max(0, min(self.at - room // 2, len(self.names) - room))
        for number, name in enumerate(self.names[top : top + room], top):
            here = number == self.at
            mark = ("✓ ", "bold accent") if number in self.on else ("· ", "faint")
            rows.append(line(width, [GAP, mark, (clean(name), "bold text" if here else "text")], on="cursor" if here else ""))
        if top + room < len(self.names):
            rows.append(line(width, [], [(f"↓ {len(self.names) - top - room} more  ", "faint")]))
        rows += [*([BLANK] if self.names else []), *paragraph(width, self.note, "muted")] if self.note else []
        keys = [("space", "on or off"), ("a", "all or none"), ("enter", "use them")] if self.names else []
        return [*rows, BLANK, caps_row(width, keys, [("esc", "cancel")]), BLANK]

    def pressed(self, event: events.Key) -> None:
        """Move, set, use."""
        self.at = moved(self.at, event.key, len(self.names))
        if event.key in ("space", "x") and self.names:
            self.on ^= {self.at}
            self.at = min(len(self.names) - 1, self.at + 1)
        elif event.key == "a":
            self.on = set() if len(self.on) == len(self.names) else set(range(len(self.names)))
        elif event.key == "enter":
            self.dismiss(self.on)
            return
        self.draw()
