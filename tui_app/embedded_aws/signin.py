"""The sign-in federation endpoint: a session becomes a sign-in token, the token a console sign-in.

Facts: IAM user guide, "custom identity broker": SessionDuration (900 to 43200) only for direct AssumeRole credentials; not with
GetSessionToken credentials; the token lasts 15 minutes.
"""

from __future__ import annotations

import hmac
import html
import json
import secrets
from collections.abc import Mapping

from tui_app.embedded_aws.callers import Caller
from tui_app.embedded_aws.gate import Gate
from tui_app.embedded_aws.wire import Answer, AwsRequest, json_answer, text_answer

TOKEN_SECONDS = 900
SHORTEST, LONGEST = 900, 43200


class SignIn:
    """Hands out sign-in tokens and opens the console with them."""

    def __init__(self) -> None:
        self._tokens: dict[str, tuple[float, str]] = {}

    def register(self, gate: Gate) -> None:
        """Take `/federation`, and `/oauth` for signing out."""
        gate.add_path("/federation", self._federation, "signin", "Federation")
        gate.add_path("/oauth", _oauth, "signin", "SignOut")

    def _federation(self, request: AwsRequest, gate: Gate) -> Answer:
        asked = request.params
        if asked.get("Action") == "getSigninToken":
            return self._token(asked, gate)
        if asked.get("Action") == "login":
            return self._login(asked, gate)
        return _refused("Unknown action.")

    def _token(self, asked: Mapping[str, str], gate: Gate) -> Answer:
        caller = _session(asked.get("Session", ""), gate)
        if isinstance(caller, str):
            return _refused(caller)
        duration = asked.get("SessionDuration")
        if duration is not None:
            if not duration.isdigit() or not SHORTEST <= int(duration) <= LONGEST:
                return _refused("SessionDuration must be between 900 and 43200.")
            if caller.kind != "role" or caller.chained:
                return _refused("SessionDuration is for credentials of a direct AssumeRole only.")
        token = secrets.token_urlsafe(96)
        self._tokens[token] = (gate.now() + TOKEN_SECONDS, caller.arn)
        return json_answer({"SigninToken": token}, content_type="application/json")

    def _login(self, asked: Mapping[str, str], gate: Gate) -> Answer:
        expires, arn = self._tokens.get(asked.get("SigninToken", ""), (0.0, ""))
        destination = asked.get("Destination", "")
        if gate.now() > expires:
            return _refused("The sign-in token is not valid or has expired.")
        if not destination.startswith("https://"):
            return _refused("Destination must be a console address.")
        page = text_answer(f"<!doctype html><meta charset=utf-8><title>AWS console</title><p>Signed in as {html.escape(arn)}.", 302)
        return page.with_headers(("Location", destination))


def _oauth(request: AwsRequest, _gate: Gate) -> Answer:
    """Sign the browser out of what it was signed in to, and send it on."""
    place = request.params.get("redirect_uri", "")
    if request.params.get("Action") != "logout" or not place.startswith(("https://", "http://127.0.0.1:")):
        return _refused("Unknown action.")
    return text_answer("", 302).with_headers(("Location", place))


def _session(text: str, gate: Gate) -> Caller | str:
    """The caller whose temporary credentials these are, or why they cannot sign in."""
    try:
        given = json.loads(text)
        key_id, secret, token = str(given["sessionId"]), str(given["sessionKey"]), str(given["sessionToken"])
    except (ValueError, KeyError, TypeError):
        return "Session must hold sessionId, sessionKey and sessionToken."
    caller = gate.sessions.find(key_id)
    if (
        caller is None
        or not hmac.compare_digest(caller.secret.encode(), secret.encode())
        or not hmac.compare_digest(caller.token.encode(), token.encode())
    ):
        return "The session credentials are not valid."
    if gate.now() > (caller.expires or 0):
        return "The session credentials have expired."
    return "Sign-in with these credentials is not allowed." if caller.kind == "mfa" else caller


def _refused(sentence: str) -> Answer:
    return text_answer(f"<!doctype html><meta charset=utf-8><title>Error</title><h1>Bad Request</h1><p>{html.escape(sentence)}", 400)
