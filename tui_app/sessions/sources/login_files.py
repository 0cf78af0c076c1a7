"""The AWS CLI's own folder of `aws login`, in its own names and format.

Source: botocore 1.44 `LoginCredentialFetcher` and `JSONFileCache`, AWS CLI v2 awscli/customizations/login. Whatever is no sign-in is none,
with the reason. Writing is old-or-new and private, and keeps what it does not know.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import field
from typing import Any

from tui_app import paths
from tui_app.catalog.login_sessions import token_name
from tui_app.clock import parse_moment
from tui_app.model import AccessKey
from tui_app.secret import Secret
from tui_app.sessions.folder import PrivateFolder
from tui_app.sessions.shared_files import not_renewed, read_own, reason
from tui_app.sessions.sources.answers import is_key_text
from tui_app.values import frozen

_KEY_PARTS = ("accessKeyId", "secretAccessKey", "sessionToken")
_FOR_RENEWAL = ("clientId", "refreshToken", "dpopKey")


@frozen
class LoginToken:
    """What `aws login` has kept: keys with their end in epoch seconds, and in `fields` all of the file, for whoever renews it."""

    key: AccessKey
    expires: float
    fields: Mapping[str, Any] = field(repr=False, hash=False)

    def left(self, now: float) -> float:
        """Seconds until the end; negative when it is past."""
        return self.expires - now

    @property
    def renews(self) -> bool:
        """Whether it has all that a renewal takes."""
        return all(isinstance(self.fields.get(name), str) and self.fields[name] for name in _FOR_RENEWAL)


@frozen
class Kept:
    """A token, or why there is none: an empty `fault` where there is no file."""

    token: LoginToken | None = None
    fault: str = ""


class LoginFiles:
    """The folder of one person's sign-ins; nothing is made before something is written."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.folder = PrivateFolder(os.path.realpath(paths.login_folder(environ)))

    def kept(self, login_session: str) -> Kept:
        """The sign-in as it is kept, live or over. The CLI's file may have any mode; a device or another's file is none."""
        try:
            token = _token(read_own(f"{self.folder.path}/{token_name(login_session)}.json"))
        except FileNotFoundError:
            return Kept()
        except OSError as failure:
            return Kept(fault=reason(failure))
        return Kept(token, "" if token else "it has no credentials in it")

    def keep(self, login_session: str, fields: Mapping[str, Any]) -> None:
        """Write a sign-in.

        Raises:
            RoledeckError: the folder cannot be written.
        """
        try:
            self.folder.put(token_name(login_session) + ".json", json.dumps(fields).encode("ascii"))
        except OSError as failure:
            raise not_renewed(self.folder, failure) from None


def token_of(fields: Mapping[str, Any]) -> LoginToken | None:
    """The token in a file's fields; None where it has no keys or no end."""
    access = fields.get("accessToken")
    if not isinstance(access, dict):
        return None
    key_id, secret, token = (access.get(name) for name in _KEY_PARTS)
    if not (is_key_text(key_id) and is_key_text(secret) and is_key_text(token)):
        return None
    try:
        expires = parse_moment(access["expiresAt"])
    except (KeyError, ValueError, AttributeError, TypeError, OverflowError):
        return None
    return LoginToken(AccessKey(str(key_id), Secret(str(secret)), Secret(str(token))), expires, fields)


def _token(data: bytes) -> LoginToken | None:
    try:
        values = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    return token_of(values) if isinstance(values, dict) else None
