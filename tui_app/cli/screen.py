"""`roledeck` without words: the screen, where there is a terminal that can show one."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from tui_app.errors import NeedsPerson

if TYPE_CHECKING:
    from tui_app.cli.context import Context

NEXT_STEP = "roledeck ls, assume, exec and the others work without one; roledeck --help lists them."
_STREAMS = (("stdin", 0), ("stdout", 1), ("stderr", 2))


def run(context: Context) -> int:
    """Check the terminal, then hand it to the screen.

    Raises:
        NeedsPerson: stdin, stdout or stderr is no terminal, or TERM names one that cannot place text.
        RoledeckError: the AWS of the demo ended meanwhile.
    """
    for name, descriptor in _STREAMS:
        if not os.isatty(descriptor):
            raise NeedsPerson(f"The screen needs a terminal, and {name} is not one.", NEXT_STEP)
    kind = context.environ.get("TERM", "")
    if kind in {"", "dumb"}:
        named = f"TERM is {kind}" if kind else "TERM is not set"
        raise NeedsPerson(f"The screen needs a terminal that can place text, and {named}.", NEXT_STEP)
    # Textual's own switches would log every key, a code's digits included, to a file that others can read
    for switch in [name for name in os.environ if name.startswith("TEXTUAL")]:
        del os.environ[switch]
    sys.stdout.flush()
    from tui_app.ui.app import run as run_screen

    code = run_screen(context)
    if context.demo is not None and context.demo.trouble is not None:
        raise context.demo.trouble
    return code
