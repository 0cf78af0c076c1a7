"""The screen's door: what must hold before Textual is imported, and the exit code after it."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

from tui_app.errors import NeedsPerson

if TYPE_CHECKING:
    from tui_app.ui.backstage import Context

KEPT_VARIABLES = ("TEXTUAL_ANIMATIONS", "TEXTUAL_COLOR_SYSTEM")
"""What a person may want: no motion, fewer colours. The others can log every key to a file, or open a debugger."""
FRAMES = 240
"""Frames of a second at most. A key that comes just after a drawing waits for the next frame, and at times for the one after it: at
Textual's own 60 that is 33 ms. Nothing here changes so often, so no more is drawn."""


def run(context: Context) -> int:
    """Show the screen until the person leaves; the exit code.

    Raises:
        NeedsPerson: there is no terminal that could show it.
    """
    check_terminal(context.environ.get("TERM", ""))
    set_textual_variables()
    # collecting garbage while thousands of classes are made costs a tenth of the time to the first frame; the deck turns it on again
    gc.disable()
    from tui_app.ui.backstage import backstage_of
    from tui_app.ui.roledeck import Roledeck

    deck = Roledeck(backstage_of(context))
    deck.run()
    deck.finish()
    if deck.wants_demo:
        return _demo()
    return deck.return_code or 0


def check_terminal(term: str) -> None:
    """Refuse to draw where nothing can be drawn.

    Raises:
        NeedsPerson: stdin, stdout or stderr is no terminal, or the terminal cannot move its cursor.
    """
    if not all(stream is not None and stream.isatty() for stream in (sys.__stdin__, sys.__stdout__, sys.__stderr__)):
        raise NeedsPerson("The screen needs a terminal, and this is none.", "Use a command, such as roledeck ls or roledeck assume ROLE.")
    if term in ("", "dumb", "unknown"):
        raise NeedsPerson(
            f"The terminal calls itself {term or 'nothing'} (TERM), so the screen cannot be drawn.",
            "Set TERM, for instance to xterm-256color, or use a command such as roledeck ls.",
        )


def set_textual_variables() -> None:
    """Take Textual's variables out of the environment before it is imported, and say how often it may draw."""
    for name in [name for name in os.environ if name == "TEXTUAL" or name.startswith("TEXTUAL_")]:
        if name not in KEPT_VARIABLES:
            del os.environ[name]
    os.environ["TEXTUAL_FPS"] = str(FRAMES)


def _demo() -> int:
    """Become `roledeck demo`: the same program with another AWS, so a process of its own."""
    os.execv(sys.executable, [sys.executable, "-m", "tui_app", "demo"])  # noqa: S606 - no shell, our own interpreter and module
