"""Session files that only a key in the OS keyring opens: AES-256-GCM, each bound to its name, so that no file can stand in for another.

A file is the magic line, 12 random bytes of nonce, then the ciphertext with its tag. Whoever copies the folder has nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from tui_app.errors import ConfigUnusable
from tui_app.secret import Secret
from tui_app.sessions.record import NewerSchema

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"roledeck sealed "
VERSION = b"1"
NONCE = 12
"""Bytes; the length that AES-GCM is made for (NIST SP 800-38D). Random ones are safe for 2**32 files under one key."""

Key = Callable[[], Secret]
"""Gives the 32 bytes as hex digits; asked once, when the first file is read or written."""


class SealedFiles:
    """What a `SessionCache` keeps its files under; safe for threads."""

    def __init__(self, key: Key) -> None:
        self._key = key
        self._cipher: AESGCM | None = None
        self._failure: ConfigUnusable | None = None

    def ready(self) -> None:
        """Have the key; asked for again where it was not to be had before, as a person has perhaps unlocked it meanwhile.

        Raises:
            ConfigUnusable: it is not to be had.
        """
        self._failure = None
        self._opened_cipher()

    def close(self, name: str, data: bytes) -> bytes:
        """The file for `data`.

        Raises:
            ConfigUnusable: the key is not to be had.
        """
        nonce = os.urandom(NONCE)
        return _head(VERSION) + nonce + self._opened_cipher().encrypt(nonce, data, _bound(name))

    def open(self, name: str, data: bytes) -> bytes:
        """The data in a file of that name.

        Raises:
            ConfigUnusable: the key is not to be had.
            NewerSchema: a later version of the program sealed it.
            ValueError: it was not sealed with this key, under this name.
        """
        head, sealed = _head(VERSION), data[len(_head(VERSION)) :]
        if not data.startswith(head):
            version = data[len(MAGIC) :].split(b"\n", 1)[0] if data.startswith(MAGIC) else b""
            raise (
                NewerSchema("sealed by a later version") if version.isdigit() and int(version) > int(VERSION) else ValueError("not sealed")
            )
        cipher = self._opened_cipher()
        from cryptography.exceptions import InvalidTag

        try:
            return cipher.decrypt(sealed[:NONCE], sealed[NONCE:], _bound(name))
        except InvalidTag:
            raise ValueError("sealed with another key, or changed since") from None

    def _opened_cipher(self) -> AESGCM:
        if self._failure is not None:
            # a list that is drawn again and again does not ask the keyring each time
            raise self._failure
        if self._cipher is None:
            try:
                self._cipher = self._made_cipher()
            except ConfigUnusable as failure:
                self._failure = failure
                raise
        return self._cipher

    def _made_cipher(self) -> AESGCM:
        key = self._key()
        try:
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        except ImportError:
            raise extra_missing() from None
        return AESGCM(bytes.fromhex(key.reveal()))


def extra_missing() -> ConfigUnusable:
    """What to say where the libraries for it are not installed."""
    return ConfigUnusable(
        'storage.sessions is "keyring", but the libraries for it are not installed.',
        "pip install 'roledeck[keyring]' brings them.",
    )


def _head(version: bytes) -> bytes:
    return MAGIC + version + b"\n"


def _bound(name: str) -> bytes:
    return _head(VERSION) + name.encode("ascii")
