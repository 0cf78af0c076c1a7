"""A live Identity Center token, renewed where that needs nobody, and role credentials for it."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable, Mapping
from typing import Any

from tui_app.aws.door import AwsDoor
from tui_app.aws.faults import broken_answer
from tui_app.catalog.sign_ins import sign_in_of
from tui_app.clock import Clock
from tui_app.errors import Cancelled, Refused, RoledeckError, SignedOut
from tui_app.model import AccessKey, Credentials, Source, SsoSession
from tui_app.secret import Secret
from tui_app.sessions.locks import held
from tui_app.sessions.shared_files import make_sure_of_room
from tui_app.sessions.sign_in.oidc import REFRESH_TOKEN, Ground, create_token
from tui_app.sessions.sign_in.token_files import SsoToken, TokenFiles, token_name
from tui_app.sessions.sources.answers import is_key_text
from tui_app.text import clean

__all__ = ["SsoToken", "access_token", "live_token", "portal", "role_credentials", "signed_out"]

RENEWED_BELOW = 15 * 60
"""Seconds left under which a token is renewed, as in botocore's SSOTokenProvider."""
SKEW = 60
"""A token with fewer seconds left counts as over."""
PAUSE = 60
"""Seconds until a renewal that failed is tried again while the token still lives."""
_LATEST = 1e15
"""Milliseconds far beyond any date, so that neither an infinity nor a figure of hundreds of digits counts as an end."""
_FAILED: dict[str, float] = {}
"""When a renewal failed, by the access token's file, on the monotonic clock."""


def _never() -> bool:
    return False


def live_token(sign_in: SsoSession, environ: Mapping[str, str], clock: Clock) -> SsoToken | None:
    """The kept token of a sign-in, if it lives; contacts nothing."""
    token = TokenFiles(environ).token(sign_in)
    return token if token and token.left(clock()) > SKEW else None


def access_token(
    door: AwsDoor, sign_in: SsoSession, environ: Mapping[str, str], clock: Clock, stop: Callable[[], bool] = _never
) -> SsoToken:
    """The live token of a sign-in; with less than 15 minutes left it is renewed, if it can be. One renewal at a time.

    Raises:
        SignedOut: only a person can go on.
        OutOfReach: the token is over, and AWS did not answer when it should have been renewed.
        RoledeckError: it is over, and a renewed one could not be kept.
    """
    return _Tokens(Ground(door, sign_in, TokenFiles(environ), clock), stop).live()


def role_credentials(
    door: AwsDoor, source: Source, environ: Mapping[str, str], clock: Clock, stop: Callable[[], bool] = _never
) -> Credentials:
    """The credentials of the permission set that a source of kind `sso` names (sso:GetRoleCredentials).

    Raises:
        SignedOut, Refused, OutOfReach, ConfigUnusable.
    """
    sign_in = sign_in_of(source)
    asked = {"accountId": source.details.get("sso_account_id", ""), "roleName": source.details.get("sso_role_name", "")}
    try:
        answer = portal(door, sign_in, "GetRoleCredentials", asked, environ, clock, stop=stop)
    except Refused as refusal:
        if refusal.cause in {"not_found", "sso_forbidden"}:
            role, account = (clean(asked[name], 128) for name in ("roleName", "accountId"))
            refusal.message = f"The permission set {role} is not assigned to you in {account}."
            refusal.next_step = "Check sso_role_name and sso_account_id, letter by letter."
        raise
    return _credentials(answer.get("roleCredentials"), door.host("sso", sign_in.region))


def portal(  # noqa: PLR0913 - one argument for each part of a request
    door: AwsDoor,
    sign_in: SsoSession,
    operation: str,
    parameters: Mapping[str, Any],
    environ: Mapping[str, str],
    clock: Clock,
    *,
    stop: Callable[[], bool] = _never,
) -> dict[str, Any]:
    """The answer of one operation of the portal (service `sso`), asked with the sign-in's token; one that AWS no longer takes is renewed.

    Raises:
        SignedOut, Refused, OutOfReach.
    """

    def ask(token: SsoToken) -> dict[str, Any]:
        asked = {**parameters, "accessToken": token.access.reveal()}
        return door.call("sso", operation, region=sign_in.region, key=None, parameters=asked)

    return _Tokens(Ground(door, sign_in, TokenFiles(environ), clock), stop).used(ask)


def signed_out(sign_in: SsoSession) -> SignedOut:
    """What is said where only a person can go on."""
    return SignedOut(
        f"You are signed out of {clean(sign_in.key, 256)}.", f"Sign in with `roledeck login {_word(sign_in.key)}`.", sign_in.key
    )


class _Tokens:
    """The token of one sign-in: read, renewed under a lock, dropped when AWS no longer takes it."""

    def __init__(self, ground: Ground, stop: Callable[[], bool]) -> None:
        self._ground = ground
        self._stop = stop

    def live(self) -> SsoToken:
        """The kept token, renewed first where that is due."""
        token, now = self._kept(), self._ground.clock()
        if token is None:
            raise signed_out(self._ground.sign_in)
        lives = token.left(now) > SKEW
        if token.left(now) > RENEWED_BELOW or (lives and (not token.renews(now) or self._failed_lately())):
            return token
        if not token.renews(now):
            raise signed_out(self._ground.sign_in)
        try:
            return self._renewed(token)
        except Cancelled:
            raise
        except RoledeckError:
            _FAILED[self._place] = time.monotonic()
            present = self._kept()
            if present and present.left(self._ground.clock()) > SKEW:
                return present
            raise

    def used(self, use: Callable[[SsoToken], dict[str, Any]]) -> dict[str, Any]:
        """What `use` makes of the token; one that AWS no longer takes is renewed once, else dropped."""
        token = self.live()
        try:
            return use(token)
        except Refused as refusal:
            if refusal.cause != "sso_signed_out":
                raise
        renewed = self._instead_of(token)
        try:
            return use(renewed)
        except Refused as refusal:
            if refusal.cause == "sso_signed_out":
                self._ground.files.drop_token(self._ground.sign_in, renewed)
                raise signed_out(self._ground.sign_in) from None
            raise

    def _instead_of(self, token: SsoToken) -> SsoToken:
        try:
            if token.renews(self._ground.clock()):
                return self._renewed(token)
            raise signed_out(self._ground.sign_in)
        except SignedOut:
            self._ground.files.drop_token(self._ground.sign_in, token)
            raise

    def _renewed(self, token: SsoToken) -> SsoToken:
        """A token newer than `token`: another process's, or one of our own; refresh tokens change, so the file is read under the lock."""
        with held(self._ground.files.folder, token_name(self._ground.sign_in), self._stop):
            present = self._kept()
            if present is None:
                raise signed_out(self._ground.sign_in)
            if present.access != token.access and present.left(self._ground.clock()) > SKEW:
                return present
            return self._renew(present)

    def _renew(self, token: SsoToken) -> SsoToken:
        ground = self._ground
        if token.registration is None or token.refresh is None:
            raise signed_out(ground.sign_in)
        make_sure_of_room(ground.files.folder)
        grant = {"grantType": REFRESH_TOKEN, "refreshToken": token.refresh.reveal()}
        try:
            renewed = create_token(ground, token.registration, grant, before=token)
        except Refused:
            present = self._kept()
            if present and present.access != token.access and present.left(ground.clock()) > SKEW:
                return present  # the AWS CLI, which takes no lock, was quicker
            if token.left(ground.clock()) <= SKEW:
                ground.files.drop_token(ground.sign_in, token)
            raise signed_out(ground.sign_in) from None
        ground.files.keep_token(ground.sign_in, renewed)
        _FAILED.pop(self._place, None)
        return renewed

    def _kept(self) -> SsoToken | None:
        return self._ground.files.token(self._ground.sign_in)

    @property
    def _place(self) -> str:
        return f"{self._ground.files.folder.path}/{token_name(self._ground.sign_in)}"

    def _failed_lately(self) -> bool:
        return time.monotonic() - _FAILED.get(self._place, -PAUSE) < PAUSE


def _credentials(given: object, host: str) -> Credentials:
    """The portal's answer; its `expiration` is in milliseconds."""
    values = given if isinstance(given, dict) else {}
    texts = [values.get(name) for name in ("accessKeyId", "secretAccessKey", "sessionToken")]
    if not all(map(is_key_text, texts)):
        raise broken_answer(host, "credentials")
    expiration = values.get("expiration")
    if isinstance(expiration, bool) or not isinstance(expiration, int | float) or not 0 < expiration < _LATEST:
        raise broken_answer(host, "expiry")
    key_id, secret, token = map(str, texts)
    return Credentials(AccessKey(key_id, Secret(secret), Secret(token)), expiration / 1000)


def _word(text: str) -> str:
    """A name as it is typed on a command line."""
    return shlex.quote(clean(text, 256))
