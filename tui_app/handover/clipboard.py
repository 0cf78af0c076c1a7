"""Copy a text by whatever reaches the person's own clipboard, and say how; a secret leaves it again where it can be read back.

Over SSH only the terminal can (OSC 52); inside tmux, which drops OSC 52 by default, tmux itself is asked. On a desktop the
platform's tool is used, and where there is none, the terminal again. No text is ever on a command line.
"""

from __future__ import annotations

import base64
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence

from tui_app.handover.clipboard_tools import TMUX, UNREMEMBERED, WAYLAND, Tool, tools
from tui_app.secret import Secret

LIMIT = 2.0
"""Seconds a tool may take."""
OSC_LIMIT = 74_000
"""Bytes of base64 that terminals take in one OSC 52."""
SCREEN_PIECE = 252
"""Bytes of a string that every GNU screen passes on at once; newer ones take 764."""
KEPT = 45
"""Seconds that a secret stays in the clipboard."""
TERMINAL = "sent to the terminal"
KEEPS = "nothing here can take that copy back"
"""What is said of a secret where the clipboard cannot be read back, so that it might be somebody else's copy that was cleared."""
NOT_COPIED = "not copied: it is too long for the terminal's clipboard, and there is no clipboard tool"

Run = Callable[[Sequence[str], bytes], bool]


def copy_text(text: str, environ: Mapping[str, str], write_terminal: Callable[[str], object], run: Run | None = None) -> str:
    """Copy `text`; how it was done, in words that follow what was copied: `sent to the terminal`.

    `write_terminal` puts a text on the terminal as it is; `run` runs a program with stdin, for tests.
    """
    tool = _copied_by(text, tools(environ, sys.platform), run or _runner(environ))
    return tool.says if tool else _by_terminal(text, environ, write_terminal)


def copy_secret(secret: Secret, environ: Mapping[str, str], write_terminal: Callable[[str], object]) -> str:
    """Copy a secret, and take it back after 45 seconds unless something else has been copied since, also when this program has ended.

    The words say where it cannot be taken back.
    """
    text = secret.reveal()
    able = tools(environ, sys.platform)
    if WAYLAND in able:
        # clipboard managers are told not to remember it; an older wl-copy knows no such word
        able = (UNREMEMBERED, *able)
    tool = _copied_by(text, able, _runner(environ))
    if tool is None:
        said = _by_terminal(text, environ, write_terminal)
        return said if said == NOT_COPIED else f"{said}; {KEEPS}"
    from tui_app.handover.clipboard_clearing import clear_later

    if not clear_later(tool, text, environ, KEPT):
        return f"{tool.says}; {KEEPS}"
    place = "tmux" if tool.argv[0] == "tmux" else "the clipboard"
    return f"{tool.says}; gone from {place} in {KEPT} s" + (", the terminal keeps its copy" if tool is TMUX else "")


def osc52(text: str, environ: Mapping[str, str]) -> str:
    """The sequence that asks a terminal to copy; empty where it would be too long. GNU screen passes it on in wrapped pieces."""
    packed = base64.b64encode(text.encode()).decode("ascii")
    if len(packed) > OSC_LIMIT:
        return ""
    sequence = f"\x1b]52;c;{packed}\x07"
    if not environ.get("STY"):
        return sequence
    pieces = (sequence[start : start + SCREEN_PIECE] for start in range(0, len(sequence), SCREEN_PIECE))
    return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)


def _copied_by(text: str, able: Sequence[Tool], run: Run) -> Tool | None:
    """The first tool that took the text."""
    return next((tool for tool in able if run(tool.argv, text.encode())), None)


def _by_terminal(text: str, environ: Mapping[str, str], write_terminal: Callable[[str], object]) -> str:
    sequence = osc52(text, environ)
    if not sequence:
        return NOT_COPIED
    write_terminal(sequence)
    return TERMINAL


def _runner(environ: Mapping[str, str]) -> Run:
    nowhere = subprocess.DEVNULL

    def run(argv: Sequence[str], text: bytes) -> bool:
        try:
            # wl-copy and xclip stay behind to serve the clipboard, so nothing waits for their outputs to close
            done = subprocess.run(argv, input=text, stdout=nowhere, stderr=nowhere, env=dict(environ), timeout=LIMIT, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return False
        return done.returncode == 0

    return run
