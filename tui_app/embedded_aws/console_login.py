"""What `aws login` talks to: a person's console sign-in as credentials of 15 minutes, renewed for 12 hours by a refresh token of one use.

Facts: botocore's model of signin (CreateOAuth2Token, its errors and their words), AWS CLI v2 awscli/customizations/login (the token file).
"""

from __future__ import annotations

import base64
import json
import re
import secrets
import threading
from dataclasses import replace
from typing import Any

from tui_app.clock import rfc3339
from tui_app.embedded_aws.callers import Caller, administrator, iam_of, still_there
from tui_app.embedded_aws.context import context_of
from tui_app.embedded_aws.dpop import BadProof, checked, new_key
from tui_app.embedded_aws.gate import Gate
from tui_app.embedded_aws.permission import denial
from tui_app.embedded_aws.rest_answers import JSON
from tui_app.embedded_aws.sts import session_of
from tui_app.embedded_aws.wire import Answer, AwsRequest, json_answer
from tui_app.values import frozen

PATH, ACTION = "/v1/token", "CreateOAuth2Token"
SECONDS, SIGN_IN_SECONDS = 900, 12 * 3600
CLIENT = "arn:aws:signin:::devtools/same-device"
REGION = "eu-west-1"
_ARN = re.compile(
    r"arn:(aws[\w-]*):(?:sts::(\d{12}):assumed-role/([\w+=,.@-]+)/([\w+=,.@-]+)|iam::(\d{12}):user/(?:\S+/)?([\w+=,.@-]+)|iam::(\d{12}):root)"
)


@frozen
class _SignIn:
    """Whom a refresh token is for, the key that it was given to, and when it ends."""

    arn: str
    thumbprint: str
    ends: float


class _Refusal(Exception):
    """An error of the signin service: the model's exception, OAuth's code, a sentence."""

    def __init__(self, exception: str, error: str, message: str, status: int = 400) -> None:
        super().__init__(error)
        self.exception, self.error, self.message, self.status = exception, error, message, status


class ConsoleLogin:
    """The sign-ins there are, by their refresh tokens; each renewal takes one away and gives another."""

    def __init__(self) -> None:
        self._sign_ins: dict[str, _SignIn] = {}
        self._proofs: set[str] = set()
        self._lock = threading.Lock()

    def register(self, gate: Gate) -> None:
        """Take the path of tokens."""
        gate.add_path(PATH, self._create_token, "signin", ACTION)

    def sign_in(self, login_session: str, gate: Gate) -> dict[str, Any]:
        """What `aws login` writes into its file for the user, role session or root of that ARN, whom it plays in the browser.

        Raises:
            ValueError: there is no such user or role; the text is a sentence.
        """
        caller = _caller(login_session)
        if caller is None:
            raise ValueError(f"Nobody can sign in as {login_session}: say the ARN of a user, of a role's session, or of an account's root.")
        pem, thumbprint = new_key()
        access, lasts = self._access(caller, gate)
        refresh = self._given(_SignIn(login_session, thumbprint, gate.now() + SIGN_IN_SECONDS))
        # the file's reader has the real clock
        ends = rfc3339(gate.clock() + lasts)
        return {
            "accessToken": {**access, "accountId": caller.account, "expiresAt": ends},
            "tokenType": "aws_sigv4",
            "clientId": CLIENT,
            "refreshToken": refresh,
            "idToken": _id_token(login_session),
            "dpopKey": pem,
            "signInRegion": REGION,
        }

    def _create_token(self, request: AwsRequest, gate: Gate) -> Answer:
        try:
            return json_answer(self._renewed(request, gate), content_type=JSON)
        except _Refusal as refusal:
            body = {"error": refusal.error, "message": refusal.message}
            answer = json_answer(body, refusal.status, JSON).with_headers(("x-amzn-ErrorType", refusal.exception))
            return replace(answer, code=refusal.exception, message=refusal.message)

    def _renewed(self, request: AwsRequest, gate: Gate) -> dict[str, Any]:
        asked = request.json
        if asked.get("grantType") != "refresh_token":
            raise _Refusal("ValidationException", "unsupported_grant_type", "Only refresh_token is known here.")
        thumbprint = self._proved(request, gate)
        sign_in = self._taken(str(asked.get("refreshToken")), str(asked.get("clientId")), thumbprint, gate.now())
        caller = _caller(sign_in.arn)
        if caller is None or not still_there(caller):
            raise _Refusal("AccessDeniedException", "USER_CREDENTIALS_CHANGED", "The user has changed since the sign-in.", 403)
        refused = denial(caller, f"signin:{ACTION}", "*", context_of(request, caller, gate.now(), gate.organizations))
        if refused is not None and refused.explicit:
            raise _Refusal("AccessDeniedException", "INSUFFICIENT_PERMISSIONS", f"{caller.arn} may not use signin:{ACTION}.", 403)
        access, lasts = self._access(caller, gate)
        refresh = self._given(sign_in)
        return {
            "accessToken": access,
            "tokenType": "aws_sigv4",
            "expiresIn": lasts,
            "refreshToken": refresh,
            "idToken": _id_token(sign_in.arn),
        }

    def _proved(self, request: AwsRequest, gate: Gate) -> str:
        """The thumbprint of the key that signed the request's proof, which is good once."""
        try:
            proof = checked(
                request.header("DPoP"), request.method, f"http://{request.header('Host')}{request.path}", gate.signature_clock()
            )
        except BadProof as problem:
            raise _Refusal("ValidationException", "INVALID_REQUEST", f"The DPoP proof is not valid: {problem}.") from None
        with self._lock:
            if proof.id in self._proofs:
                raise _Refusal("ValidationException", "INVALID_REQUEST", "The DPoP proof has been used.")
            self._proofs.add(proof.id)
        return proof.thumbprint

    def _taken(self, refresh: str, client: str, thumbprint: str, now: float) -> _SignIn:
        """The sign-in of a refresh token, which is no more afterwards."""
        with self._lock:
            sign_in = self._sign_ins.get(refresh)
            if sign_in is None or now > sign_in.ends:
                raise _Refusal("AccessDeniedException", "TOKEN_EXPIRED", "The refresh token is not valid.", 403)
            if sign_in.thumbprint != thumbprint or client != CLIENT:
                raise _Refusal("AccessDeniedException", "invalid_grant", "The refresh token was given to somebody else.", 403)
            return self._sign_ins.pop(refresh)

    def _given(self, sign_in: _SignIn) -> str:
        refresh = secrets.token_urlsafe(48)
        with self._lock:
            self._sign_ins[refresh] = sign_in
        return refresh

    @staticmethod
    def _access(caller: Caller, gate: Gate) -> tuple[dict[str, str], int]:
        lasts = int(min(gate.lifetime or SECONDS, SECONDS))
        session = gate.sessions.issue(caller, gate.now(), lasts)
        return {"accessKeyId": session.key_id, "secretAccessKey": session.secret, "sessionToken": session.token}, lasts


def _caller(arn: str) -> Caller | None:
    """Who that is, without credentials yet."""
    match = _ARN.fullmatch(arn)
    if match is None:
        return None
    if match[7]:
        return administrator(match[7])
    backend = iam_of(match[2] or match[5], match[1])
    if match[3]:
        role = next((role for role in list(backend.roles.values()) if role.name == match[3]), None)
        return session_of(role, match[4]) if role else None
    user = backend.users.get(match[6])
    return Caller("user", match[5], user.arn, user.id, user.name, "", "", match[1]) if user and user.arn == arn else None


def _id_token(arn: str) -> str:
    """Who signed in, as the CLI reads it; nobody checks its signature."""
    parts = ({"alg": "none"}, {"sub": arn})
    return ".".join([*(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts), ""])
