"""Choosing a format for the credentials. Choosing copies; nothing is shown."""

from __future__ import annotations

from textual import events

from tui_app.ui.bands import band
from tui_app.ui.draw import BLANK, GAP, fit, line, paragraph
from tui_app.ui.rows import said
from tui_app.ui.screens.modal import Modal, caps_row, moved
from tui_app.ui.theme import Row

FORMATS = (
    ("sh", "export lines for sh, bash and zsh"),
    ("fish", "set lines for fish"),
    ("powershell", "$Env lines for PowerShell"),
    ("cmd", "set lines for cmd.exe"),
    ("nu", "load-env for Nushell"),
    ("dotenv", "NAME=value lines for a .env file"),
    ("ini", "a profile for a credentials file"),
    ("json", "one object"),
)


class Export(Modal[str]):
    """The formats; enter copies the credentials in the one under the cursor."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key
        self.at = 0

    def sheet_rows(self, width: int) -> list[Row]:
        """Band, heading, formats, warning, keys."""
        store = self.deck.store
        entry = store.entry(self.key)
        rows = [band(width, entry, said(store, entry.key, store.clock(), self.deck.spin()))] if entry else []
        rows += [BLANK, line(width, [("  Copy the credentials as", "bold text")]), BLANK]
        for number, (name, note) in enumerate(FORMATS):
            here = number == self.at
            parts = [GAP, (str(number + 1), "bold accent"), (f"  {fit(name, 12)}", "bold text" if here else "text"), (note, "muted")]
            rows.append(line(width, parts, on="cursor" if here else ""))
        rows += [BLANK, *paragraph(width, "They go to the clipboard, where other programs can read them.", "muted"), BLANK]
        return [*rows, caps_row(width, [("enter", "copy"), ("esc", "cancel")]), BLANK]

    def pressed(self, event: events.Key) -> None:
        """Move, or choose."""
        self.at = moved(self.at, event.key, len(FORMATS))
        if event.key == "enter":
            self.dismiss(FORMATS[self.at][0])
            return
        if event.character and event.character.isdigit() and 0 < int(event.character) <= len(FORMATS):
            self.at = int(event.character) - 1
        self.draw()
