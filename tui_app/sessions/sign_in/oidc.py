"""sso-oidc: this program as a client, and tokens for what a person has allowed. Source: botocore's sso-oidc model, RFC 8628, RFC 7636."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from tui_app.aws.door import AwsDoor
from tui_app.aws.faults import broken_answer
from tui_app.clock import Clock
from tui_app.errors import OutOfReach, Refused
from tui_app.model import SsoSession
from tui_app.secret import Secret
from tui_app.sessions.sign_in.token_files import Registration, SsoToken, TokenFiles
from tui_app.sessions.sources.answers import is_key_text
from tui_app.values import frozen

SERVICE = "sso-oidc"
AUTHORIZATION_CODE, REFRESH_TOKEN = "authorization_code", "refresh_token"
DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
BROWSER_GRANTS = (AUTHORIZATION_CODE, REFRESH_TOKEN)
REDIRECT = "http://127.0.0.1/oauth/callback"
SPARE = 300
"""A registration with fewer seconds left than this is not started with."""
LONGEST_TOKEN = 90 * 86400
"""Identity Center's own maximum of a session (90 days), so a later end is cut to this."""

CLIENT_GONE = frozenset({"InvalidClientException", "UnauthorizedClientException"})
_WORDS: Mapping[str, tuple[str, str]] = {
    "InvalidRequestException": (
        "The start page {page} is not known in {region}.",
        "Check sso_start_url and sso_region; a start page is known in one region only.",
    ),
    "InvalidRequestRegionException": ("The start page {page} belongs to another region than {region}.", "Check sso_region."),
    "InvalidScopeException": ("AWS does not know one of the scopes that are asked for.", "Check sso_registration_scopes."),
    "InvalidGrantException": ("AWS does not take this sign-in any more.", "Start it again with `roledeck login`."),
    "ExpiredTokenException": ("The sign-in was not approved in time.", "Start it again with `roledeck login`."),
    "AccessDeniedException": ("The sign-in was refused in the browser.", "Start it again with `roledeck login`."),
    "InvalidClientException": ("AWS does not know this program any more.", "Try again: it registers itself anew."),
    "UnauthorizedClientException": ("AWS does not let this program sign in this way.", "Try `roledeck login --device`."),
    "UnsupportedGrantTypeException": ("AWS does not let this program sign in this way.", "Try `roledeck login --device`."),
}


@frozen
class Ground:
    """What every sign-in works with: where, which start page, the kept tokens, the time."""

    door: AwsDoor
    sign_in: SsoSession
    files: TokenFiles
    clock: Clock

    def call(self, operation: str, parameters: Mapping[str, Any], *, retry: bool = False) -> dict[str, Any]:
        """One call, sent once unless `retry`: what it spends can be spent only once.

        Raises:
            Refused, OutOfReach: in the words of sign-ins.
        """
        try:
            return self.door.call(SERVICE, operation, region=self.sign_in.region, key=None, parameters=parameters, retry=retry)
        except Refused as refusal:
            raise self._told(refusal) from None

    def _told(self, refusal: Refused) -> Refused | OutOfReach:
        if refusal.code == "InternalServerException" or refusal.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return OutOfReach("AWS had a fault of its own and could not answer.", "Try again in a moment.", cause="broken")
        if words := _WORDS.get(refusal.code):
            refusal.message, refusal.next_step = (text.format(page=self.sign_in.start_url, region=self.sign_in.region) for text in words)
            refusal.args = (refusal.message,)
        return refusal


def registration(ground: Ground, grants: tuple[str, ...], *, anew: bool = False) -> Registration:
    """This program's registration for a sign-in: the kept one where it is of the right kind and lives on, else a new one."""
    kept = None if anew else ground.files.registration(ground.sign_in)
    if kept and kept.grants == grants and kept.expires - ground.clock() > SPARE:
        return kept
    asked: dict[str, Any] = {"clientName": _client_name(), "clientType": "public"}
    if ground.sign_in.asked_scopes:
        asked["scopes"] = list(ground.sign_in.asked_scopes)
    if grants:
        asked |= {"grantTypes": list(grants), "redirectUris": [REDIRECT], "issuerUrl": ground.sign_in.start_url}
    answer = ground.call("RegisterClient", asked, retry=True)
    made = Registration(
        _text(ground, answer, "clientId"),
        Secret(_text(ground, answer, "clientSecret")),
        _number(ground, answer, "clientSecretExpiresAt"),
        grants,
    )
    ground.files.keep_registration(ground.sign_in, made)
    return made


def create_token(ground: Ground, client: Registration, grant: Mapping[str, str], before: SsoToken | None = None) -> SsoToken:
    """The token for a grant; `before` is the one that it renews, whose other fields are kept.

    Raises:
        Refused: with OAuth's code, such as AuthorizationPendingException.
        OutOfReach: no answer, or one without a token.
    """
    asked = {"clientId": client.client_id, "clientSecret": client.client_secret.reveal(), **grant}
    started = ground.clock()
    answer = ground.call("CreateToken", asked)
    refresh = answer.get("refreshToken")
    seconds = min(_number(ground, answer, "expiresIn"), LONGEST_TOKEN)
    token = SsoToken(
        start_url=ground.sign_in.start_url,
        region=ground.sign_in.region,
        access=Secret(_text(ground, answer, "accessToken")),
        expires=started + seconds,
        registration=client,
        refresh=Secret(refresh) if isinstance(refresh, str) and refresh else None,
    )
    if before is None:
        return token
    return replace(token, refresh=token.refresh or before.refresh, unknown=before.unknown)


def _client_name() -> str:
    """What the start page calls this program; the machine's name helps to tell several apart."""
    host = "".join(letter for letter in socket.gethostname() if letter.isascii() and (letter.isalnum() or letter in "-."))
    return f"roledeck-{host[:40]}".rstrip("-")


def _text(ground: Ground, answer: Mapping[str, Any], name: str) -> str:
    value = answer.get(name)
    if isinstance(value, str) and is_key_text(value):
        return value
    raise broken_answer(ground.door.host(SERVICE, ground.sign_in.region), name)


def _number(ground: Ground, answer: Mapping[str, Any], name: str) -> float:
    value = answer.get(name)
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e12:  # noqa: PLR2004 - far beyond any date
        return float(value)
    raise broken_answer(ground.door.host(SERVICE, ground.sign_in.region), name)
