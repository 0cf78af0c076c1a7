"""The keys that a chain starts with, of whatever kind its source is; what a program printed is kept in memory for as long as it lasts."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from tui_app.clock import Clock
from tui_app.errors import ConfigUnusable
from tui_app.model import AccessKey, Source
from tui_app.sessions.folder import PrivateFolder
from tui_app.sessions.locks import held
from tui_app.sessions.sources.answers import Granted
from tui_app.sessions.sources.environment import environment_key
from tui_app.sessions.sources.programs import Programs
from tui_app.text import clean

ENOUGH = 5 * 60
"""Keys of a program with fewer seconds left than this are asked for again."""


class Grants:
    """One for a broker; safe for threads. Long-term keys that a program prints are not kept at all."""

    def __init__(self, environ: Mapping[str, str], clock: Clock, folder: PrivateFolder) -> None:
        self._environ = environ
        self._clock = clock
        self._folder = folder
        self._kept: dict[str, Granted] = {}
        self._moved: dict[str, AccessKey] = {}
        self._asking = threading.Lock()

    def key(self, source: Source, programs: Programs, role_key: str = "") -> AccessKey:
        """The source's keys; `role_key` is the role they are for, if any.

        Raises:
            ConfigUnusable: the source has none.
            RoledeckError: what should give them failed.
        """
        if source.kind == "process":
            return self._of_process(source, programs, role_key)
        if source.kind == "environment":
            return source.access_key or environment_key(self._environ)
        if source.kind == "container":
            from tui_app.sessions.sources.container import container_key

            return container_key(self._environ, self._clock()).key
        if source.kind == "instance":
            from tui_app.sessions.sources.instance import instance_key

            return instance_key(self._environ, self._clock()).key
        if source.kind == "static" and source.access_key is not None:
            return source.access_key if source.access_key.secret else self._of_keyring(source.access_key.id)
        raise _no_keys(source)

    def _of_keyring(self, key_id: str) -> AccessKey:
        from tui_app.sessions.keyring_key import Keyring
        from tui_app.sessions.moved_keys import kept

        with self._asking:
            if key_id not in self._moved:
                self._moved[key_id] = kept(Keyring(), key_id).key
            return self._moved[key_id]

    def _of_process(self, source: Source, programs: Programs, role_key: str) -> AccessKey:
        from tui_app.sessions.sources.process import process_key, process_program

        name = process_program(source).name
        with held(self._folder, f"process-{name[:16]}", programs.stopped):
            kept = self._kept.pop(name, None)
            if kept is None or kept.expires is None or kept.expires - self._clock() < ENOUGH:
                kept = process_key(source, programs, self._environ, role_key, self._clock())
            if kept.expires is not None:
                self._kept[name] = kept
            return kept.key


def _no_keys(source: Source) -> ConfigUnusable:
    where = str(source.origin or "")
    profile = f"The profile {clean(source.profile)}" if source.profile else "The source"
    return ConfigUnusable(f"{profile} has no keys that a chain can start from.", "Give it keys, credential_process or sso_session.", where)
