"""A session as it is kept: strict reading of the JSON in a cache file, and the name a session is filed under."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, cast

from tui_app.model import AccessKey, Credentials, Identity, MfaSession, Renews, Session, SourceOfCode
from tui_app.secret import Secret
from tui_app.values import frozen

SCHEMA = 1
Kind = Literal["role", "mfa"]

_TEXTS = ("name", "family", "access_key_id", "secret_access_key", "session_token", "role_arn", "role_key", "source_profile", "serial")
_NUMBERS = ("expires", "issued")
_IDENTITY = ("account", "arn", "user_id", "region")


class NewerSchema(ValueError):
    """A later version of the program wrote the file: it is neither read nor replaced."""


@frozen
class Record:
    """What one cache file holds. `name` is the file's; `family` is shared by sessions that differ in duration only.

    `identity.verified` is 0 where GetCallerIdentity has not been asked yet. `expires` and `issued` are epoch seconds.
    """

    kind: Kind
    name: str
    family: str
    credentials: Credentials
    issued: float
    duration: int
    identity: Identity
    role_arn: str = ""
    role_key: str = ""
    source_profile: str = ""
    serial: str = ""
    hops: int = 1
    source_of_code: SourceOfCode = "none"
    renews: Renews = "itself"

    @property
    def expires(self) -> float:
        """Epoch seconds of the end."""
        return self.credentials.expires

    def session(self, *, from_cache: bool) -> Session:
        """The record of a role as a session."""
        return Session(
            role_arn=self.role_arn,
            role_key=self.role_key,
            credentials=self.credentials,
            identity=self.identity,
            issued=self.issued,
            duration=self.duration,
            hops=self.hops,
            source_of_code=self.source_of_code,
            renews=self.renews,
            source_profile=self.source_profile,
            from_cache=from_cache,
        )

    def mfa_session(self) -> MfaSession:
        """The record of an MFA session as one."""
        return MfaSession(self.source_profile, self.serial, self.credentials, self.issued, self.renews)

    def verified(self, identity: Identity) -> Record:
        """The same session with the identity that AWS confirmed."""
        return replace(self, identity=identity)


def digest(*parts: object) -> str:
    """The sha256 of the parts in canonical JSON, as hex; names of files are made of nothing else."""
    return hashlib.sha256(json.dumps(parts, separators=(",", ":"), ensure_ascii=True).encode("ascii")).hexdigest()


def to_bytes(record: Record) -> bytes:
    """The file's content; secrets are revealed here, into a 0600 file."""
    key = record.credentials.key
    values: dict[str, Any] = {
        "schema": SCHEMA,
        "kind": record.kind,
        "name": record.name,
        "family": record.family,
        "access_key_id": key.id,
        "secret_access_key": key.secret.reveal(),
        "session_token": key.token.reveal() if key.token else "",
        "expires": record.expires,
        "issued": record.issued,
        "duration": record.duration,
        "role_arn": record.role_arn,
        "role_key": record.role_key,
        "source_profile": record.source_profile,
        "serial": record.serial,
        "hops": record.hops,
        "source_of_code": record.source_of_code,
        "renews": record.renews,
        "identity": {name: getattr(record.identity, name) for name in (*_IDENTITY, "verified")},
    }
    return json.dumps(values, ensure_ascii=True).encode("ascii")


def from_bytes(data: bytes) -> Record:
    """The record in a file's content.

    Raises:
        NewerSchema: a later version wrote it.
        ValueError: anything that `to_bytes` would not have written.
    """
    try:
        values = json.loads(data, object_pairs_hook=_said_once)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(values, dict):
        raise ValueError("not an object")  # noqa: TRY004 - one error type for every bad file
    schema = values.get("schema")
    if isinstance(schema, int) and schema > SCHEMA:
        raise NewerSchema("written by a later version")
    if schema is not True and schema == SCHEMA:
        return _record(values)
    raise ValueError("not a schema of ours")


def _said_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError("a value is there twice")
    return values


def _record(values: Mapping[str, Any]) -> Record:
    texts = {name: _text(values, name) for name in _TEXTS}
    expires, issued = (_number(values, name) for name in _NUMBERS)
    key = AccessKey(texts["access_key_id"], Secret(texts["secret_access_key"]), Secret(texts["session_token"]))
    if not (key.id and key.secret and key.token):
        raise ValueError("no keys")
    if not 0 <= issued < expires:
        raise ValueError("over before it began")
    return Record(
        kind=cast("Kind", _one_of(values, "kind", ("role", "mfa"))),
        name=texts["name"],
        family=texts["family"],
        credentials=Credentials(key, expires),
        issued=issued,
        duration=int(_number(values, "duration")),
        identity=_identity(values.get("identity")),
        role_arn=texts["role_arn"],
        role_key=texts["role_key"],
        source_profile=texts["source_profile"],
        serial=texts["serial"],
        hops=int(_number(values, "hops")),
        source_of_code=cast("SourceOfCode", _one_of(values, "source_of_code", ("none", "mfa_session", "code"))),
        renews=cast("Renews", _one_of(values, "renews", ("itself", "asks"))),
    )


def _identity(values: object) -> Identity:
    if not isinstance(values, dict):
        raise ValueError("no identity")  # noqa: TRY004 - one error type for every bad file
    account, arn, user_id, region = (_text(values, name) for name in _IDENTITY)
    return Identity(account, arn, user_id, _number(values, "verified"), region)


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    if not isinstance(value, str) or not value.isprintable():
        raise ValueError(f"{name} is not a text")
    return value


def _number(values: Mapping[str, Any], name: str) -> float:
    value = values.get(name)
    # the size first: an int of hundreds of digits has no float
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e12 or math.isnan(value):  # noqa: PLR2004 - far beyond any date
        raise ValueError(f"{name} is not a number")
    return value


def _one_of(values: Mapping[str, Any], name: str, allowed: tuple[str, ...]) -> str:
    value = values.get(name)
    if not isinstance(value, str) or value not in allowed:
        raise ValueError(f"{name} is not one of {allowed}")
    return value
