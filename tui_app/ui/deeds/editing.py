"""Opening the person's editor at the line that something is written in."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui_app.ui.deeds.handing_over import guarded

if TYPE_CHECKING:
    from tui_app.handover.child import Ended, Stopped
    from tui_app.ui.deck import Deck


def open_origin(deck: Deck) -> None:
    """Open the file a role is written in, at its line, in the person's editor; read the files again afterwards."""
    role = deck.store.roles.get(deck.store.cursor)
    if role and role.origin:
        edit(deck, role.origin.path, role.origin.line)


def edit(deck: Deck, path: str, line: int) -> None:
    """Open a file in the person's editor, and read the files again when it is closed."""
    from tui_app.handover.child import Stopped, run_child

    def run() -> Ended | Stopped | None:
        ending = deck.outside(
            lambda: run_child(editor_command(deck.environ.get("VISUAL") or deck.environ.get("EDITOR") or "vi", path, line), deck.environ)
        )
        if isinstance(ending, Stopped):
            # an editor has no row to be resumed from, so it goes on at once
            ending.child.end()
        return ending

    guarded(deck, deck.store.cursor, run)
    deck.reload()


def editor_command(editor: str, path: str, line: int) -> Sequence[str]:
    """The editor's command line for a file at a line, in the spelling it knows."""
    try:
        words = shlex.split(editor) or ["vi"]
    except ValueError:
        words = [editor]
    name = os.path.basename(words[0])
    if name in ("code", "code-insiders", "codium", "cursor"):
        return [*words, "--wait", "--goto", f"{path}:{max(1, line)}"]
    if name in ("subl", "hx", "helix", "zed"):
        return [*words, f"{path}:{max(1, line)}"]
    if name in ("vi", "vim", "nvim", "nano", "emacs", "emacsclient", "micro", "kak", "joe", "ne", "mg", "view"):
        return [*words, f"+{max(1, line)}", path]
    return [*words, path]
