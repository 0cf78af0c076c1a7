"""One random key in the OS keyring, for the session files; the keyring is asked with a time limit, and never by its own choice of backend.

`keyring` left to itself may pick a backend that asks for a password on the terminal, or one that writes plain files, and a Secret
Service that never answers blocks for ever. So only the backends of operating systems are used, each made directly.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Protocol, TypeVar

from tui_app.deadline import TimeIsUp, within
from tui_app.errors import ConfigUnusable
from tui_app.secret import Secret
from tui_app.sessions.folder import PrivateFolder
from tui_app.sessions.locks import held
from tui_app.sessions.sealed import extra_missing
from tui_app.text import clean

SERVICE = "roledeck"
ACCOUNT = "session-key"
LIMIT = 3.0
"""Seconds for everything that the keyring is asked in a row."""
_BYTES = 32
_SECRET_SERVICE = ("keyring.backends.SecretService", "Keyring")
_KWALLET = ("keyring.backends.kwallet", "DBusKeyring")
_BY_SYSTEM = {
    "darwin": (("keyring.backends.macOS", "Keyring"),),
    "win32": (("keyring.backends.Windows", "WinVaultKeyring"),),
}
BACKENDS: tuple[tuple[str, str], ...] = _BY_SYSTEM.get(sys.platform, (_SECRET_SERVICE, _KWALLET))
"""Module and class of every backend that may be used here, the first that works first."""
_LOCKED = frozenset({"KeyringLocked", "LockedException", "PromptDismissedException"})
_INSTEAD = 'Or say storage.sessions = "memory".'

Value = TypeVar("Value")


class Backend(Protocol):
    """The part of a keyring backend that is used."""

    def get_password(self, service: str, username: str) -> str | None:
        """What is kept for that name, or None."""
        ...

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep it."""
        ...

    def delete_password(self, service: str, username: str) -> None:
        """Keep it no more."""
        ...


class Keyring:
    """The keyring of this run; once it has left a question without an answer, it is asked nothing more. Safe for threads."""

    def __init__(self, limit: float = LIMIT) -> None:
        self._limit = limit
        self._backend: Backend | None = None
        self._silent = False
        self._lock = threading.Lock()

    def get(self, name: str) -> Secret | None:
        """What is kept under a name, or None.

        Raises:
            ConfigUnusable: no keyring can be used, with the reason.
        """
        value = self._ask(lambda backend: backend.get_password(SERVICE, name))
        return Secret(value) if value else None

    def put(self, name: str, value: Secret) -> None:
        """Keep a value under a name.

        Raises:
            ConfigUnusable: no keyring can be used, with the reason.
        """
        self._ask(lambda backend: backend.set_password(SERVICE, name, value.reveal()))

    def remove(self, name: str) -> None:
        """Take a value away.

        Raises:
            ConfigUnusable: no keyring can be used, with the reason.
        """
        self._ask(lambda backend: backend.delete_password(SERVICE, name))

    def _ask(self, question: Callable[[Backend], Value]) -> Value:
        with self._lock:
            if not self._silent:
                try:
                    return self._asked(question)
                except TimeIsUp:
                    self._silent = True
        raise _unusable(f"it did not answer within {self._limit:.0f} seconds", "Unlock it, or start it again")

    def _asked(self, question: Callable[[Backend], Value]) -> Value:
        end, reasons = time.monotonic() + self._limit, []
        for backend in [self._backend] if self._backend else _backends():
            try:
                value = within(max(0.0, end - time.monotonic()), partial(question, backend), "keyring")
            except TimeIsUp:
                raise
            except Exception as failure:  # noqa: BLE001 - backends raise what the system's own libraries raise
                if type(failure).__name__ in _LOCKED or "dismissed" in str(failure):
                    # what is wanted may be in there: another keyring is no answer
                    raise _unusable(
                        "it is locked", "`gnome-keyring-daemon --replace --unlock`, or a login at the desktop, unlocks it"
                    ) from None
                reasons.append(failure)
                continue
            self._backend = backend
            return value
        raise _told(reasons[0])


def session_key(keyring: Keyring, folder: PrivateFolder) -> Secret:
    """The key that session files are sealed with, as hex digits; made at the first use, by one process only.

    Raises:
        ConfigUnusable: no keyring can be used, or what it holds is no key.
    """
    found = keyring.get(ACCOUNT)
    if found is None:
        with held(folder, "keyring", lambda: False):
            # another process may have made it meanwhile
            found = keyring.get(ACCOUNT)
            if found is None:
                keyring.put(ACCOUNT, Secret(os.urandom(_BYTES).hex()))
                found = keyring.get(ACCOUNT)
    if found is None or not _is_key(found.reveal()):
        raise _unusable("it holds no key of roledeck's", f"`keyring del {SERVICE} {ACCOUNT}` lets a new one be made")
    return found


def _is_key(text: str) -> bool:
    return len(text) == 2 * _BYTES and not set(text) - set("0123456789abcdef")


def _backends() -> list[Backend]:
    made = []
    for module, name in BACKENDS:
        try:
            made.append(getattr(import_module(module), name)())
        except ImportError:
            continue
    if not made:
        raise extra_missing()
    return made


def _told(failure: Exception) -> ConfigUnusable:
    """The first backend's reason in words: it is the one that a person here most likely has."""
    reason = clean(str(failure).strip().rstrip("."), 200) or type(failure).__name__
    if sys.platform in _BY_SYSTEM:
        return _unusable(f"it refused ({reason})", "Unlock it")
    if not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        # the libraries stumble over the empty address, in words that help nobody
        reason = "there is no D-Bus session"
    start = "`dbus-run-session -- bash`, and in it `gnome-keyring-daemon --unlock`, start one"
    return _unusable(f"none can be used here ({reason})", start)


def _unusable(reason: str, mend: str) -> ConfigUnusable:
    return ConfigUnusable(f"Sessions are to be kept with a key in the keyring, but {reason}.", f"{mend}. {_INSTEAD}")
