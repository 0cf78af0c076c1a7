"""Where sessions are kept, as `[storage] sessions` says: in private files, in files that the keyring's key opens, in memory only."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tui_app.catalog.settings import Storage
from tui_app.clock import Clock
from tui_app.sessions import index
from tui_app.sessions.cache import SessionCache
from tui_app.sessions.folder import PrivateFolder


def made_cache(
    storage: Storage, folder: PrivateFolder, environ: Mapping[str, str], clock: Clock, warn: Callable[[str], None]
) -> SessionCache:
    """The cache over that folder."""
    if storage != "file":
        # ready-made answers of before are plain files
        index.clear(environ)
    seal = None
    if storage == "keyring":
        from tui_app.sessions.keyring_key import Keyring, session_key
        from tui_app.sessions.sealed import SealedFiles

        keyring = Keyring()
        seal = SealedFiles(lambda: session_key(keyring, folder))
    return SessionCache(folder, clock, memory=storage == "memory", warn=warn, seal=seal)
