"""What happened: every deed of this run, the newest first."""

from __future__ import annotations

from tui_app.clock import clock_time
from tui_app.ui.draw import BLANK, line, wrapped
from tui_app.ui.panes.context import Pane
from tui_app.ui.theme import Row

_INKS = {"did": "text", "failed": "wrong", "note": "muted"}
INDENT = 13
_GLYPHS = {"did": "  ", "failed": "✕ ", "note": "  "}


def activity_rows(pane: Pane) -> list[Row]:
    """The Activity tab."""
    store = pane.store
    if not store.activity:
        return [line(pane.width, [("  Nothing has happened yet.", "bold text")])]
    rows: list[Row] = []
    for note in reversed(store.activity):
        entry = store.entry(note.key)
        who = f"{entry.account}  {entry.role}" if entry else ""
        when = clock_time(note.at, pane.now)
        lines = wrapped(note.text, pane.width - INDENT - 2)
        rows.append(line(pane.width, [(f"  {when:<9}", "muted"), (_GLYPHS[note.kind], "bold wrong"), (lines[0], _INKS[note.kind])]))
        rows += [line(pane.width, [(" " * INDENT, ""), (text, "muted")]) for text in lines[1:]]
        if entry and entry.role not in note.text:
            rows.append(line(pane.width, [(" " * INDENT, ""), (who, "faint")]))
    return [*rows, BLANK]
