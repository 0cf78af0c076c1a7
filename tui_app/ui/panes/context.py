"""What a tab is drawn from."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from tui_app import paths
from tui_app.clock import ago
from tui_app.model import Origin, Role, Session
from tui_app.text import clean, front
from tui_app.ui.commands import DEFAULT_KEYS, Keymap, first_key
from tui_app.ui.findings import Findings
from tui_app.ui.listing import Entry
from tui_app.ui.store import Store
from tui_app.values import frozen

if TYPE_CHECKING:
    from tui_app.sessions.broker import Plan


@frozen
class Pane:
    """The role under the cursor, everything known about it, and the room there is."""

    width: int
    store: Store
    findings: Findings
    entry: Entry
    now: float
    spinner: str
    environ: Mapping[str, str]
    keys: Keymap = field(default_factory=lambda: DEFAULT_KEYS)
    focused: bool = False
    cursor: int = 0

    @property
    def role(self) -> Role | None:
        """The role itself, once the files have been read."""
        return self.store.roles.get(self.entry.key)

    @property
    def session(self) -> Session | None:
        """Its session, while it lasts."""
        return self.store.live(self.entry.key, self.now)

    @property
    def plan(self) -> Plan | None:
        """What assuming it takes, once that is known."""
        return self.findings.plans.get(self.entry.key)

    def place(self, origin: Origin | None, room: int) -> str:
        """`~/.aws/config:3`, cut at its front to `room`; our own config goes by its name, what is remembered by none."""
        if origin is None:
            return ""
        if origin.path in self.store.remembered:
            return ""
        line = f":{origin.line}" if origin.line else ""
        own = origin.path == paths.user_config_file(self.environ)
        path = os.path.basename(origin.path) if own else paths.shown(origin.path, self.environ)
        return front(clean(path) + line, max(8, room))

    def looked_up(self, origin: Origin | None) -> str:
        """How long ago Identity Center told of the role, or an empty text for one that a file names."""
        at = self.store.remembered.get(origin.path) if origin else None
        return "" if at is None else ago(self.now - at)

    def key(self, command_id: str) -> str:
        """The key to press for a command."""
        return first_key(command_id, self.keys)
