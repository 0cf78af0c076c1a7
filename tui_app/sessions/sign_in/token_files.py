"""The AWS CLI's own folder of Identity Center tokens and client registrations, in its own names and formats.

Source: botocore 1.44 tokens.py and utils.py (SSOTokenLoader), AWS CLI v2 awscli/botocore/utils.py (BaseSSOTokenFetcher). Reading is
tolerant: whatever is no token is no sign-in. Writing is old-or-new and private, and keeps what it does not know.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import field
from typing import Any

from tui_app import paths
from tui_app.clock import parse_moment, rfc3339
from tui_app.errors import RoledeckError
from tui_app.model import SsoSession
from tui_app.secret import Secret
from tui_app.sessions.folder import PrivateFolder
from tui_app.sessions.shared_files import read_own, reason
from tui_app.text import clean
from tui_app.values import frozen


@frozen
class Registration:
    """This program as an OAuth client, as AWS knows it: `grants` is empty for one that can only use device codes."""

    client_id: str
    client_secret: Secret
    expires: float
    grants: tuple[str, ...] = ()


@frozen
class SsoToken:
    """A live or expired sign-in; moments in epoch seconds. `registration` and `refresh` renew it where both are there.

    `unknown` has the fields of other programs, which are written back as they were.
    """

    start_url: str
    region: str
    access: Secret
    expires: float
    registration: Registration | None = None
    refresh: Secret | None = None
    unknown: Mapping[str, Any] = field(default_factory=dict, repr=False, hash=False)

    def left(self, now: float) -> float:
        """Seconds until the end; negative when it is past."""
        return self.expires - now

    def renews(self, now: float) -> bool:
        """Whether it can be renewed without a person."""
        return self.refresh is not None and self.registration is not None and self.registration.expires > now


_KNOWN = frozenset(
    {"startUrl", "region", "accessToken", "expiresAt", "clientId", "clientSecret", "registrationExpiresAt", "refreshToken"},
)


def token_name(sign_in: SsoSession) -> str:
    """The stem of a sign-in's token file."""
    return hashlib.sha1(sign_in.key.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def registration_name(sign_in: SsoSession) -> str:
    """The stem of a sign-in's client registration file."""
    asked = {
        "tool": "botocore",
        "startUrl": sign_in.start_url,
        "region": sign_in.region,
        "scopes": list(sign_in.scopes) or None,
        "session_name": sign_in.name or None,
    }
    return hashlib.sha1(json.dumps(asked, sort_keys=True).encode(), usedforsecurity=False).hexdigest()


class TokenFiles:
    """The folder of one person's tokens; nothing is made before something is written."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.folder = PrivateFolder(os.path.realpath(paths.sign_ins_folder(environ)))

    def token(self, sign_in: SsoSession) -> SsoToken | None:
        """The token of a sign-in, live or expired; None where there is none, it is junk, or it is for another start page."""
        values = self._read(token_name(sign_in))
        token = _token(values) if values else None
        return token if token and _same_page(token.start_url, sign_in.start_url) else None

    def keep_token(self, sign_in: SsoSession, token: SsoToken) -> None:
        """Write a token.

        Raises:
            RoledeckError: the folder cannot be written.
        """
        self._write(token_name(sign_in), _token_values(token))

    def drop_token(self, sign_in: SsoSession, token: SsoToken | None = None) -> bool:
        """Remove a sign-in's token; with `token` only that one, not one that another program has got since. False where nothing went."""
        if token is not None:
            present = self.token(sign_in)
            if present is None or present.access != token.access:
                return False
        with contextlib.suppress(OSError):
            return self.folder.remove(token_name(sign_in) + ".json")
        return False

    def registration(self, sign_in: SsoSession) -> Registration | None:
        """This program's client registration for a sign-in, live or expired."""
        values = self._read(registration_name(sign_in)) or {}
        return _registration(values, "expiresAt")

    def keep_registration(self, sign_in: SsoSession, registration: Registration) -> None:
        """Write a client registration; one that cannot be written is only asked for again next time."""
        values: dict[str, Any] = {
            "clientId": registration.client_id,
            "clientSecret": registration.client_secret.reveal(),
            "expiresAt": rfc3339(registration.expires),
        }
        if sign_in.asked_scopes:
            values["scopes"] = list(sign_in.asked_scopes)
        if registration.grants:
            values["grantTypes"] = list(registration.grants)
        with contextlib.suppress(RoledeckError):
            self._write(registration_name(sign_in), values)

    def drop_registration(self, sign_in: SsoSession) -> None:
        """Remove a client registration that AWS no longer takes."""
        with contextlib.suppress(OSError):
            self.folder.remove(registration_name(sign_in) + ".json")

    def _read(self, stem: str) -> dict[str, Any] | None:
        """The object in a file of this user's; whatever else is there is none."""
        try:
            return _object(read_own(f"{self.folder.path}/{stem}.json"))
        except OSError:
            return None

    def _write(self, stem: str, values: Mapping[str, Any]) -> None:
        try:
            self.folder.put(stem + ".json", json.dumps(values).encode("ascii"))
        except OSError as failure:
            place = clean(self.folder.path)
            raise RoledeckError(
                f"The sign-in cannot be kept: {place} cannot be written ({reason(failure)}).", "Make it a folder of your own."
            ) from None


def _object(data: bytes) -> dict[str, Any] | None:
    """The JSON object at the start; AWS CLI v2 does not write whole files, so what an interrupted one left behind it is passed over."""
    try:
        values, _ = json.JSONDecoder().raw_decode(data.decode("utf-8-sig").lstrip())
    except (ValueError, RecursionError):
        return None
    return values if isinstance(values, dict) else None


def _token(values: Mapping[str, Any]) -> SsoToken | None:
    access, expires = _word(values, "accessToken"), _moment(values, "expiresAt")
    if not access or expires is None:
        return None
    refresh = _word(values, "refreshToken")
    return SsoToken(
        start_url=_text(values, "startUrl"),
        region=_text(values, "region"),
        access=Secret(access),
        expires=expires,
        registration=_registration(values, "registrationExpiresAt"),
        refresh=Secret(refresh) if refresh else None,
        unknown={name: value for name, value in values.items() if name not in _KNOWN},
    )


def _token_values(token: SsoToken) -> dict[str, Any]:
    values: dict[str, Any] = {
        **token.unknown,
        "startUrl": token.start_url,
        "region": token.region,
        "accessToken": token.access.reveal(),
        "expiresAt": rfc3339(token.expires),
    }
    if token.registration:
        values |= {
            "clientId": token.registration.client_id,
            "clientSecret": token.registration.client_secret.reveal(),
            "registrationExpiresAt": rfc3339(token.registration.expires),
        }
    if token.refresh:
        values["refreshToken"] = token.refresh.reveal()
    return values


def _registration(values: Mapping[str, Any], end: str) -> Registration | None:
    client_id, secret, expires = _word(values, "clientId"), _word(values, "clientSecret"), _moment(values, end)
    if not client_id or not secret or expires is None:
        return None
    grants = values.get("grantTypes")
    named = tuple(grant for grant in grants if isinstance(grant, str)) if isinstance(grants, list) else ()
    return Registration(client_id, Secret(secret), expires, named)


def _same_page(one: str, other: str) -> bool:
    """Whether two spellings mean one start page; a token that does not say is taken at its file's name."""
    return not one or one.rstrip("/#") == other.rstrip("/#")


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""


def _word(values: Mapping[str, Any], name: str) -> str:
    """A text that may go into a header or a request as it is."""
    value = _text(values, name)
    return value if value.isascii() and value.isprintable() and " " not in value else ""


def _moment(values: Mapping[str, Any], name: str) -> float | None:
    try:
        return parse_moment(_text(values, name))
    except (ValueError, OverflowError):
        return None
