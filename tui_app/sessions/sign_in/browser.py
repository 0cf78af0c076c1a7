"""Signing in with a browser on this machine: an authorization code with PKCE (RFC 7636), which nobody has to type."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from urllib.parse import urlencode

from tui_app.aws.partitions import partition_of
from tui_app.errors import Cancelled, OutOfReach, Refused, RoledeckError
from tui_app.secret import Secret
from tui_app.sessions.sign_in.listener import BrowserAnswer, Listener, listening
from tui_app.sessions.sign_in.oidc import AUTHORIZATION_CODE, BROWSER_GRANTS, Ground, create_token, registration
from tui_app.sessions.sign_in.prompt import LONGEST_WAIT, Prompt, Show, Stop, check_start_url, checked_link, pause
from tui_app.sessions.sign_in.token_files import Registration, SsoToken
from tui_app.text import clean

_STEP = 0.2
_TRIES = 3


def by_browser(ground: Ground, show: Show, stop: Stop) -> SsoToken:
    """A kept token, once the person has agreed in the browser that opens the link `show` is given.

    Raises:
        Cancelled: `stop` said so.
        Refused: the person or AWS said no.
        RoledeckError: nobody answered in ten minutes, or there is no free port.
        OutOfReach, ConfigUnusable.
    """
    check_start_url(ground)
    client = registration(ground, BROWSER_GRANTS)
    verifier, state = Secret(secrets.token_urlsafe(64)), Secret(secrets.token_urlsafe(32))
    end = time.monotonic() + LONGEST_WAIT
    try:
        with listening(state) as listener:
            link = checked_link(ground, _authorize_link(ground, client, listener.redirect, state, verifier))
            show(Prompt(ground.sign_in.key, link, ground.clock() + LONGEST_WAIT))
            answer = _answer(listener, end, stop)
        token = _redeemed(ground, client, _code(answer), listener.redirect, verifier, stop)
    except (RoledeckError, KeyboardInterrupt):
        # a client that AWS has forgotten shows only in the browser, so the next try starts with a new one
        ground.files.drop_registration(ground.sign_in)
        raise
    ground.files.keep_token(ground.sign_in, token)
    return token


def _authorize_link(ground: Ground, client: Registration, redirect: str, state: Secret, verifier: Secret) -> str:
    """The address of the start page's own question (AWS CLI v2, SSOTokenFetcherAuth)."""
    region = ground.sign_in.region
    place = ground.door.endpoint_url or f"https://oidc.{region}.{partition_of(region).suffix}"
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.reveal().encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": redirect,
        "state": state.reveal(),
        "code_challenge_method": "S256",
        "scopes": " ".join(ground.sign_in.asked_scopes),
        "code_challenge": challenge,
    }
    return f"{place.rstrip('/')}/authorize?{urlencode(asked)}"


def _answer(listener: Listener, end: float, stop: Stop) -> BrowserAnswer:
    while time.monotonic() < end:
        if stop():
            raise Cancelled("The sign-in was cancelled.")
        if answer := listener.answer(_STEP):
            return answer
    raise RoledeckError("The sign-in was not approved in time.", "Start it again with `roledeck login`.")


def _code(answer: BrowserAnswer) -> Secret:
    if not answer.error:
        return answer.code
    said = clean(answer.description or answer.error, 200).rstrip(".")
    raise Refused(f"The start page refused the sign-in: {said}.", "Start it again with `roledeck login`.", code=clean(answer.error, 64))


def _redeemed(ground: Ground, client: Registration, code: Secret, redirect: str, verifier: Secret, stop: Stop) -> SsoToken:
    grant = {"grantType": AUTHORIZATION_CODE, "code": code.reveal(), "codeVerifier": verifier.reveal(), "redirectUri": redirect}
    for left in range(_TRIES - 1, -1, -1):
        try:
            return create_token(ground, client, grant)
        except OutOfReach:
            # the code may be unspent still; where it is spent, AWS says so
            if not left:
                raise
            pause(1, stop)
    raise AssertionError("unreachable")
