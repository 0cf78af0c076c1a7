"""Copy a text by whatever reaches the person's own clipboard, and say how.

Over SSH only the terminal can (OSC 52); inside tmux, which drops OSC 52 by default, tmux itself is asked. On a desktop the
platform's tool is used, and where there is none, the terminal again.
"""

from __future__ import annotations

import base64
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence

from tui_app.values import frozen

LIMIT = 2.0
"""Seconds a tool may take."""
OSC_LIMIT = 74_000
"""Bytes of base64 that terminals take in one OSC 52."""
TERMINAL = "sent to the terminal"
NOT_COPIED = "not copied: it is too long for the terminal's clipboard, and there is no clipboard tool"


@frozen
class Tool:
    """A program that takes the text on stdin; `says` ends the sentence `Account id …`."""

    argv: tuple[str, ...]
    says: str


_TMUX = Tool(("tmux", "load-buffer", "-w", "-"), "sent to tmux and its terminal")
_MAC = Tool(("pbcopy",), "copied")
_WINDOWS = Tool(("clip.exe",), "copied to the Windows clipboard")
_WAYLAND = Tool(("wl-copy",), "copied")
_X11 = (Tool(("xclip", "-selection", "clipboard"), "copied"), Tool(("xsel", "--clipboard", "--input"), "copied"))

Run = Callable[[Sequence[str], bytes], bool]


def copy_text(text: str, environ: Mapping[str, str], write_terminal: Callable[[str], object], run: Run | None = None) -> str:
    """Copy `text`; how it was done, in words that follow what was copied: `sent to the terminal`.

    `write_terminal` puts a text on the terminal as it is; `run` runs a program with stdin, for tests.
    """
    execute = run or _run
    for tool in tools(environ, sys.platform):
        if execute(tool.argv, text.encode()):
            return tool.says
    sequence = osc52(text, environ)
    if not sequence:
        return NOT_COPIED
    write_terminal(sequence)
    return TERMINAL


def tools(environ: Mapping[str, str], platform: str) -> tuple[Tool, ...]:
    """The tools that could reach the person's clipboard, best first."""
    found: list[Tool] = []
    if not (environ.get("SSH_CONNECTION") or environ.get("SSH_TTY")):
        if platform == "darwin":
            found.append(_MAC)
        if environ.get("WSL_DISTRO_NAME"):
            found.append(_WINDOWS)
        if environ.get("WAYLAND_DISPLAY"):
            found.append(_WAYLAND)
        if environ.get("DISPLAY"):
            found.extend(_X11)
    if environ.get("TMUX"):
        found.append(_TMUX)
    return tuple(tool for tool in found if shutil.which(tool.argv[0], path=environ.get("PATH")))


def osc52(text: str, environ: Mapping[str, str]) -> str:
    """The sequence that asks a terminal to copy; empty where it would be too long. GNU screen passes it on when it is wrapped."""
    packed = base64.b64encode(text.encode()).decode("ascii")
    if len(packed) > OSC_LIMIT:
        return ""
    sequence = f"\x1b]52;c;{packed}\x07"
    return f"\x1bP{sequence}\x1b\\" if environ.get("STY") else sequence


def _run(argv: Sequence[str], text: bytes) -> bool:
    try:
        # wl-copy and xclip stay behind to serve the clipboard, so nothing waits for their outputs to close
        process = subprocess.run(argv, input=text, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=LIMIT, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return process.returncode == 0
