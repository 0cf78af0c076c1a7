"""Who signed a request: users by their long-term keys, sessions by the table of those that the gate has issued."""

from __future__ import annotations

import base64
import secrets
import threading
from collections.abc import Iterator
from dataclasses import field, replace
from typing import Any, Literal

from tui_app.arns import parse_arn
from tui_app.policy.document import Policy
from tui_app.values import frozen

Kind = Literal["user", "mfa", "role", "federated", "root"]
"""`user`: long-term keys. `mfa`: GetSessionToken credentials, with or without a code. `role`, `federated`: STS sessions.
`root`: the seeding door."""

KEPT_AFTER_EXPIRY = 86400.0
FORGET_EVERY = 256
DRAWN = 7
"""The last characters of a key id; those before them tell the account."""

_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


@frozen
class Caller:
    """The identity behind an access key."""

    kind: Kind
    account: str
    arn: str
    user_id: str  # what GetCallerIdentity calls UserId
    name: str  # the user's or the role's name
    key_id: str
    secret: str = field(repr=False)
    partition: str = "aws"
    token: str = field(default="", repr=False)
    issued: float = 0.0
    expires: float | None = None
    mfa_at: float | None = None  # when a code was given; None for never
    role_arn: str = ""
    role_path: str = ""
    session_name: str = ""
    session_tags: tuple[tuple[str, str], ...] = ()
    transitive: tuple[str, ...] = ()
    source_identity: str = ""
    session_policies: tuple[Policy, ...] | None = None  # None: not narrowed
    chained: bool = False  # assumed with temporary credentials

    @property
    def temporary(self) -> bool:
        """Whether these are session credentials."""
        return bool(self.token)

    @property
    def tags(self) -> dict[str, str]:
        """The session's own tags."""
        return dict(self.session_tags)


class Sessions:
    """Every session that was issued, with its secret; safe for many threads."""

    def __init__(self) -> None:
        self._issued: dict[str, Caller] = {}
        self._lock = threading.Lock()

    def issue(self, caller: Caller, now: float, lifetime: float) -> Caller:
        """Give `caller` fresh temporary credentials that last `lifetime` seconds from `now`, and make moto know the key."""
        key_id, secret = _register_with_moto(caller)
        token = base64.b64encode(secrets.token_bytes(208)).decode()
        issued = replace(caller, key_id=key_id, secret=secret, token=token, issued=now, expires=now + lifetime)
        with self._lock:
            self._issued[key_id] = issued
            many = len(self._issued) % FORGET_EVERY == 0
        if many:
            self.forget_old(now)
        return issued

    def find(self, key_id: str) -> Caller | None:
        """The session of that key, expired or not."""
        return self._issued.get(key_id)

    def forget_old(self, now: float) -> None:
        """Drop sessions that expired more than a day ago."""
        with self._lock:
            for key_id in [key for key, one in self._issued.items() if (one.expires or now) < now - KEPT_AFTER_EXPIRY]:
                del self._issued[key_id]


def _register_with_moto(caller: Caller) -> tuple[str, str]:
    """A temporary key in moto's table of the account, so that RoleLastUsed and account look-ups work.

    Its id and secret are drawn by ourselves: moto's source of chance is a seeded one while a world is being put in.
    """
    backend = iam_of(caller.account, caller.partition)
    key = backend.create_temp_access_key()
    drawn = str(key.access_key_id)
    key.access_key_id = drawn[:-DRAWN] + "".join(secrets.choice(_BASE32) for _ in range(DRAWN))
    key.secret_access_key = base64.b64encode(secrets.token_bytes(30)).decode()
    key.role_arn = caller.role_arn or None
    backend.access_keys[key.access_key_id] = key
    backend.access_keys.pop(drawn, None)
    return str(key.access_key_id), str(key.secret_access_key)


def iam_of(account: str, partition: str = "aws") -> Any:
    """Moto's IAM of one account."""
    from moto.iam.models import iam_backends

    return iam_backends[account][partition]


def all_iam() -> Iterator[tuple[str, str, Any]]:
    """Every account's IAM that exists: account, partition, backend."""
    from moto.iam.models import iam_backends

    for account, partitions in list(iam_backends.items()):
        for partition, backend in list(partitions.items()):
            yield account, partition, backend


def long_term_caller(key_id: str) -> Caller | None:
    """The user that owns an active access key."""
    found = long_term_key(key_id)
    if found is None:
        return None
    account, partition, key = found
    backend = iam_of(account, partition)
    user = backend.users.get(key.user_name) if key.status == "Active" else None
    if user is None:
        return None
    return Caller("user", account, user.arn, user.id, user.name, key_id, key.secret_access_key, partition)


def long_term_key(key_id: str) -> tuple[str, str, Any] | None:
    """Account, partition and moto's record of a key that belongs to a user, active or not."""
    for account, partition, backend in all_iam():
        key = backend.access_keys.get(key_id)
        if key is not None and key.user_name:
            user = backend.users.get(key.user_name)
            if user is not None and any(mine.access_key_id == key_id for mine in list(user.access_keys)):
                return account, partition, key
    return None


def still_there(session: Caller) -> bool:
    """Whether the user or the role behind a session has been neither deleted nor made anew since."""
    if session.kind == "root":
        return True
    if session.kind == "role":
        role = role_by_arn(session.role_arn)
        return role is not None and session.user_id.startswith(f"{role.id}:")
    user = iam_of(session.account, session.partition).users.get(session.name)
    return user is not None and (session.kind == "federated" or user.id == session.user_id)


def administrator(account: str) -> Caller:
    """The account's root, as whom the seeding door acts."""
    return Caller("root", account, f"arn:aws:iam::{account}:root", account, "root", "", "")


def role_by_arn(arn: str) -> Any | None:
    """Moto's role of exactly that ARN, case and path included; None when there is none."""
    parts = parse_arn(arn)
    if parts is None:
        return None
    from moto.iam.models import iam_backends

    partitions = iam_backends.get(parts.account)
    backend = partitions.get(parts.partition) if partitions is not None else None
    if backend is None:
        return None
    return next((role for role in list(backend.roles.values()) if role.arn == arn), None)
