"""Whose keys sign: clients are made once and serve every session, each call says who makes it.

A client of one's own for every session costs 2 ms and 0.3 MiB each, and connections of its own. What a client would keep of who asked
has to stay out of the shared ones: see `OF_ONE_KEY`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from botocore.credentials import Credentials, ReadOnlyCredentials

from tui_app.model import AccessKey

OF_ONE_KEY = frozenset({"s3", "timestream-query", "timestream-write"})
"""Services whose clients remember something of who asked: S3 Express sessions by bucket, and the endpoints discovered for an account."""
_caller: ContextVar[AccessKey | None] = ContextVar("caller", default=None)


class CallersKeys(Credentials):
    """Signs with the keys of the call that is being made, and with nobody's outside of one."""

    def __init__(self) -> None:
        self.method = "explicit"
        self.account_id = None

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """The keys of this thread's call.

        Raises:
            LookupError: nobody calls.
        """
        key = _caller.get()
        if key is None:
            message = "a request without a caller"
            raise LookupError(message)
        return ReadOnlyCredentials(key.id, key.secret.reveal(), key.token.reveal() if key.token else None, None)

    def __getattr__(self, name: str) -> Any:
        if name in ("access_key", "secret_key", "token"):
            return getattr(self.get_frozen_credentials(), name)
        raise AttributeError(name)


class OnlyCallers:
    """A provider of credentials for a session: those of whoever calls."""

    def load_credentials(self) -> CallersKeys:
        """No file, no variable, no metadata service is asked."""
        return CallersKeys()


@contextmanager
def calling(key: AccessKey | None) -> Iterator[None]:
    """Sign what this thread asks for in here with `key`."""
    before = _caller.set(key)
    try:
        yield
    finally:
        _caller.reset(before)
