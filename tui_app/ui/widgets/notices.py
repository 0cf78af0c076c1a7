"""What is shown only when there is something to say: faults of the files, and a terminal that is too small. Not for the first frame."""

from __future__ import annotations

from tui_app.text import clean
from tui_app.ui.draw import line, paragraph
from tui_app.ui.store import Store
from tui_app.ui.theme import Row
from tui_app.ui.widgets.paper import Paper

MOST = 2
"""Rows of the banner."""


class Banner(Paper):
    """What is wrong with the files: the first fault with file and line, and how many more; the rest of the app works."""

    GROUND = "raised"

    def __init__(self, store: Store) -> None:
        super().__init__(id="banner")
        self.store = store

    def rows(self, width: int, height: int) -> list[Row]:
        """At most two lines."""
        del height
        problems = self.store.problems
        if not problems:
            return []
        first = problems[0]
        where = f"{clean(self.deck.shown(first.where))}  " if first.where else ""
        rows = paragraph(width, f"{where}{clean(first.message)}", "text on raised", lead=("✕ ", "bold wrong on raised"))
        others = len(problems) - 1
        if not others and len(rows) <= MOST:
            return rows
        more = f"{others} more in Activity" if others else "the rest in Activity"
        return [*rows[: MOST - 1], line(width, rows[MOST - 1] if len(rows) >= MOST else [], [(f"{more}  ", "muted on raised")])]


class TooSmall(Paper):
    """One sentence for a terminal that has no room."""

    HEIGHT = "1fr"

    def rows(self, width: int, height: int) -> list[Row]:
        """How large it is, and how large it should be."""
        app = self.deck.size
        sentence = f"Terminal too small: {app.width}x{app.height}. roledeck needs 80x24."
        words, lines, current = sentence.split(), [], ""
        for word in words:
            if current and len(current) + 1 + len(word) > width:
                lines.append(current)
                current = word
            else:
                current = f"{current} {word}".strip()
        lines.append(current)
        return [line(width, [(text, "text")]) for text in lines[: max(1, height)]]
