"""Signs and colours of the plain commands: state is told by sign and word, colour only adds to it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from tui_app.model import State
from tui_app.text import utf8

_SIGNS: Mapping[str, tuple[str, str]] = {
    "live": ("●", "*"),
    "expiring": ("◐", "!"),
    "expired": ("○", "o"),
    "failed": ("✕", "x"),
    "never": ("·", "."),
    "source": ("■", "#"),
    "down": ("▼", "v"),
    "line": ("│", "|"),
}
_INKS: Mapping[str, str] = {"live": "32", "expiring": "33", "failed": "31", "prod": "1;31", "strong": "1", "muted": "2"}


def terminal_width() -> int | None:
    """The columns that an answer may take; None where stdout is no terminal, and nothing is cut."""
    return os.get_terminal_size().columns if sys.stdout.isatty() else None


class Inks:
    """How this run draws: with colours on a terminal unless NO_COLOR or TERM=dumb says otherwise, in ASCII where nothing else is shown."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.terminal = sys.stdout.isatty()
        self.colours = self.terminal and not environ.get("NO_COLOR") and environ.get("TERM", "") not in {"", "dumb"}
        self.ascii_only = "utf" not in (sys.stdout.encoding or "").casefold() or not utf8(environ)

    def sign(self, name: State | str) -> str:
        """The sign of a state or of a part of a drawing."""
        return _SIGNS[name][1 if self.ascii_only else 0]

    def paint(self, text: str, ink: str) -> str:
        """`text` in that ink; unchanged where there are no colours or the ink is none."""
        return f"\x1b[{_INKS[ink]}m{text}\x1b[0m" if self.colours and text and ink in _INKS else text

    def dash(self) -> str:
        """What stands where there is nothing to say."""
        return "-" if self.ascii_only else "—"
