"""The programs that reach the person's own clipboard, and which of them are here."""

from __future__ import annotations

import shutil
from collections.abc import Mapping

from tui_app.values import frozen


@frozen
class Tool:
    """A program that takes the text on stdin; `says` ends the sentence `Account id …`.

    `reads` prints what is copied at present, `clears` empties it with nothing on stdin; both are empty where that cannot be done.
    """

    argv: tuple[str, ...]
    says: str
    reads: tuple[str, ...] = ()
    clears: tuple[str, ...] = ()


TMUX = Tool(("tmux", "load-buffer", "-w", "-"), "sent to tmux and its terminal", ("tmux", "save-buffer", "-"), ("tmux", "delete-buffer"))
_OLD_TMUX = Tool(("tmux", "load-buffer", "-"), "put into tmux's paste buffer", TMUX.reads, TMUX.clears)
_MAC = Tool(("pbcopy",), "copied", ("pbpaste",), ("pbcopy",))
_WINDOWS = Tool(
    ("clip.exe",), "copied to the Windows clipboard", ("powershell.exe", "-NoProfile", "-Command", "Get-Clipboard -Raw"), ("clip.exe",)
)
WAYLAND = Tool(("wl-copy",), "copied", ("wl-paste", "--no-newline"), ("wl-copy", "--clear"))
UNREMEMBERED = Tool(("wl-copy", "--sensitive"), WAYLAND.says, WAYLAND.reads, WAYLAND.clears)
_XCLIP = ("xclip", "-selection", "clipboard")
_XSEL = ("xsel", "--clipboard")
_X11 = (
    Tool(_XCLIP, "copied", (*_XCLIP, "-o"), _XCLIP),
    Tool((*_XSEL, "--input"), "copied", (*_XSEL, "--output"), (*_XSEL, "--clear")),
)


def tools(environ: Mapping[str, str], platform: str) -> tuple[Tool, ...]:
    """The tools that could reach the person's clipboard, best first."""
    found: list[Tool] = []
    if not (environ.get("SSH_CONNECTION") or environ.get("SSH_TTY")):
        if platform == "darwin":
            found.append(_MAC)
        if environ.get("WSL_DISTRO_NAME"):
            found.append(_WINDOWS)
        if environ.get("WAYLAND_DISPLAY"):
            found.append(WAYLAND)
        if environ.get("DISPLAY"):
            found.extend(_X11)
    if environ.get("TMUX"):
        found += [TMUX, _OLD_TMUX]
    return tuple(tool for tool in found if shutil.which(tool.argv[0], path=environ.get("PATH")))
