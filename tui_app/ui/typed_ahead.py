"""Keys typed before the files are read: what needs a role waits for it, and so does every key after it, in their order."""

from __future__ import annotations

from collections.abc import Callable

from textual.events import Key

from tui_app.ui.commands import BY_ID, Keymap

AT_ONCE = frozenset({"Move", "App"})
"""The groups of commands that need no more than names."""
_NEVER_WAITS = "app.quit"
_FORGETS = "app.back"
_NEWLINE = "ctrl+j"


def as_meant(key: Key, keys: Keymap) -> Key:
    """Enter, also where the terminal made a newline of it, as it does until a program has it to itself; a person's own key stays that."""
    return Key("enter", "\r") if key.key == _NEWLINE and not any(_NEWLINE in mine for mine in keys.values()) else key


class TypedAhead:
    """The keys that wait."""

    def __init__(self) -> None:
        self._keys: list[Key] = []
        self._read = False

    def keep(self, key: Key, command: str | None) -> bool:
        """Whether the key waits. `command` is what it means in the list; None for a letter of the filter, and for no command."""
        if self._read or command == _NEVER_WAITS:
            return False
        if command == _FORGETS:
            self._keys.clear()
        waits = bool(self._keys) or (command is not None and BY_ID[command].group not in AT_ONCE)
        if waits:
            self._keys.append(key)
        return waits

    def let_go(self, take: Callable[[Key], object]) -> None:
        """The files are read, or cannot be: `take` gets what waited."""
        self._read = True
        keys, self._keys = self._keys, []
        for key in keys:
            take(key)
