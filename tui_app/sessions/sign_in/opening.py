"""Opening a link in the browser of the person at this machine, detached from the terminal; nothing is shown of it."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence

_REMOTE = ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY")
_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME")
_OPENERS: tuple[tuple[str, ...], ...] = (("xdg-open",), ("wslview",), ("gio", "open"), ("x-www-browser",), ("firefox",), ("google-chrome",))


def can_open(environ: Mapping[str, str]) -> bool:
    """Whether a link would open where the person sits: $BROWSER is set, or this is no remote shell and there is a screen."""
    return bool(_commands(environ, "x")) and (
        bool(environ.get("BROWSER"))
        or (not any(environ.get(name) for name in _REMOTE) and (sys.platform == "darwin" or any(map(environ.get, _SCREENS))))
    )


def open_link(link: str, environ: Mapping[str, str]) -> bool:
    """Open a link with $BROWSER, else with the system's own opener; False where nothing could be started."""
    return start_browser(link, environ) is not None


def start_browser(link: str, environ: Mapping[str, str], command: Sequence[str] = ()) -> subprocess.Popen[bytes] | None:
    """Start `command`, which has the link in it, else what `open_link` says; the program that was started, or None."""
    for words in [list(command)] if command else _commands(environ, link):
        try:
            process = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=dict(environ),
                start_new_session=True,
            )
        except (OSError, ValueError):
            continue
        # a browser may run for days; somebody has to hear of its end
        threading.Thread(target=process.wait, name="browser", daemon=True).start()
        return process
    return None


def _commands(environ: Mapping[str, str], link: str) -> list[list[str]]:
    """The commands to try, each a list of words; $BROWSER may name several, parted by colons, with %s for the link."""
    own = [_filled(part, link) for part in environ.get("BROWSER", "").split(":") if part.strip()]
    if own:
        return [command for command in own if command]
    openers = (("open",),) if sys.platform == "darwin" else _OPENERS
    found = ((shutil.which(words[0], path=environ.get("PATH")), words) for words in openers)
    return [[program, *words[1:], link] for program, words in found if program]


def _filled(template: str, link: str) -> list[str]:
    try:
        words = shlex.split(template)
    except ValueError:
        return []
    if any("%s" in word for word in words):
        return [word.replace("%s", link) for word in words]
    return [*words, link] if words else []
