"""Which look a terminal gets: without colour where NO_COLOR says so, ASCII where the locale is not UTF-8, else what was chosen."""

from __future__ import annotations

import os
from collections.abc import Mapping

from tui_app import paths
from tui_app.text import utf8
from tui_app.ui.theme import PALETTES, Look


def choose_look(environ: Mapping[str, str], settings: Mapping[str, object] | None = None) -> Look:
    """The look for this environment; `settings` is the config's `[theme]`, with `name` and `glyphs`."""
    wanted = settings or {}
    name = "plain" if environ.get("NO_COLOR") else remembered(environ) or str(wanted.get("name") or "dark")
    glyphs = str(wanted.get("glyphs") or "")
    return Look(name if name in PALETTES else "dark", ascii_only=glyphs == "ascii" or (glyphs != "unicode" and not utf8(environ)))


def remembered(environ: Mapping[str, str]) -> str:
    """The palette that was chosen in the program, or an empty text."""
    try:
        with open(_file(environ), encoding="utf-8") as file:
            name = file.read(32).strip()
    except (OSError, UnicodeDecodeError):
        return ""
    return name if name in PALETTES else ""


def remember(environ: Mapping[str, str], name: str) -> None:
    """Keep the choice for the next run.

    Raises:
        OSError: it cannot be written.
    """
    folder = paths.state_folder(environ)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    temporary = f"{_file(environ)}.{os.getpid()}"
    with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(name + "\n")
    os.replace(temporary, _file(environ))


def _file(environ: Mapping[str, str]) -> str:
    return paths.state_folder(environ) + "/theme"
