"""IAM Identity Center: sso-oidc (register, device, code with PKCE, refresh), its two pages, and behind them the portal.

Unsigned REST JSON, as the service models of sso and sso-oidc have it. A refresh token and a device or authorization code are
good for one use; access tokens last eight hours, registrations ninety days.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import http.client
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urlsplit

from tui_app.embedded_aws.gate import Gate
from tui_app.embedded_aws.portal import Portal
from tui_app.embedded_aws.rest_answers import Complaint, answered, rest_json
from tui_app.embedded_aws.sign_in_pages import page_of, wrong_with
from tui_app.embedded_aws.wire import Answer, AwsRequest
from tui_app.embedded_aws.world.start_page import ASSIGNMENTS, NAMES, USER
from tui_app.values import frozen

TOKEN_SECONDS, REGISTRATION_SECONDS, DEVICE_SECONDS = 8 * 3600, 90 * 86400, 600
FOLLOW_SECONDS = 1
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"


@frozen
class _Client:
    secret: str
    expires: float
    redirects: tuple[str, ...]
    grants: tuple[str, ...]
    scopes: tuple[str, ...] = ()

    @property
    def refreshes(self) -> bool:
        """Whether it gets refresh tokens: only a client that has registered scopes or the grant does, as older profiles' does not."""
        return bool(self.scopes) or "refresh_token" in self.grants


@frozen
class _Grant:
    """Something that may be turned into a token once: a device code, an authorization code or a refresh token."""

    client: str
    expires: float
    approved: bool = True
    user_code: str = ""
    state: str = ""
    redirect: str = ""
    challenge: str = ""
    next_poll: float = 0.0


class IdentityCenter:
    """The start page of the world; with `empty` nobody has anything there, but signing in works."""

    def __init__(self, url: str, *, empty: bool) -> None:
        self.url = url
        self._assignments: Mapping[str, tuple[str, ...]] = {} if empty else ASSIGNMENTS
        self._clients: dict[str, _Client] = {}
        self._devices: dict[str, _Grant] = {}
        self._codes: dict[str, _Grant] = {}
        self._pending: dict[str, _Grant] = {}
        self._refreshes: dict[str, _Grant] = {}
        self._portal = Portal(self._assignments)
        self._lock = threading.RLock()

    def register(self, gate: Gate) -> None:
        """Take the paths of both services."""
        gate.add_path("/client/register", answered(self._register_client, oauth=True), "sso-oidc", "RegisterClient")
        gate.add_path("/device_authorization", answered(self._start_device, oauth=True), "sso-oidc", "StartDeviceAuthorization")
        gate.add_path("/token", answered(self._create_token, oauth=True), "sso-oidc", "CreateToken")
        self._portal.register(gate)
        gate.add_path("/authorize", self._authorize_page)
        gate.add_path("/device", self._device_page)
        gate.add_path("/start", self._start_page)

    def approve(self, what: Mapping[str, str]) -> str:
        """Let a device (`user_code`) or a browser sign-in (`state`) in; the answer is the browser's next address, or the user code.

        A moment later the browser goes to that address, unless whoever approved has done so before.

        Raises:
            ValueError: nothing waits for it.
        """
        with self._lock:
            if "user_code" in what:
                return self._approve_device(what["user_code"])
            address = self._approve_browser(what["state"])
        threading.Thread(target=_follow, args=(address,), name="browser", daemon=True).start()
        return address

    def _approve_device(self, user_code: str) -> str:
        for code, grant in self._devices.items():
            if hmac.compare_digest(grant.user_code.encode(), user_code.strip().upper().encode()):
                self._devices[code] = replace(grant, approved=True)
                return grant.user_code
        raise ValueError(f"No device waits with the code {user_code}.")

    def _approve_browser(self, state: str) -> str:
        grant = self._pending.pop(state, None)
        if grant is None:
            raise ValueError(f"No browser sign-in waits with the state {state}.")
        code = secrets.token_urlsafe(32)
        self._codes[code] = grant
        return grant.redirect + ("&" if "?" in grant.redirect else "?") + urlencode({"code": code, "state": state})

    def _register_client(self, request: AwsRequest, gate: Gate) -> Answer:
        asked = request.json
        if not asked.get("clientName") or asked.get("clientType") != "public":
            raise Complaint("InvalidClientMetadataException", "clientName is required and clientType is public")
        now, client_id = gate.now(), secrets.token_urlsafe(16)
        redirects, grants, scopes = (asked.get(name) or [] for name in ("redirectUris", "grantTypes", "scopes"))
        if not all(isinstance(one, str) for one in (*redirects, *grants, *scopes)):
            raise Complaint("InvalidRequestException", "redirectUris, grantTypes and scopes are lists of texts")
        client = _Client(
            secrets.token_urlsafe(48),
            now + REGISTRATION_SECONDS,
            tuple(redirects),
            tuple(grants),
            tuple(scopes),
        )
        with self._lock:
            self._clients[client_id] = client
        return rest_json(
            {
                "clientId": client_id,
                "clientSecret": client.secret,
                "clientIdIssuedAt": int(now),
                "clientSecretExpiresAt": int(client.expires),
                "authorizationEndpoint": f"{self.url}/authorize",
                "tokenEndpoint": f"{self.url}/token",
            }
        )

    def _start_device(self, request: AwsRequest, gate: Gate) -> Answer:
        asked = request.json
        self._known_client(asked, gate)
        if not asked.get("startUrl"):
            raise Complaint("InvalidRequestException", "startUrl is required")
        letters = "".join(secrets.choice(_LETTERS) for _ in range(8))
        code, user_code = secrets.token_urlsafe(32), f"{letters[:4]}-{letters[4:]}"
        with self._lock:
            self._devices[code] = _Grant(asked["clientId"], gate.now() + DEVICE_SECONDS, approved=False, user_code=user_code)
        return rest_json(
            {
                "deviceCode": code,
                "userCode": user_code,
                "verificationUri": f"{self.url}/device",
                "verificationUriComplete": f"{self.url}/device?{urlencode({'user_code': user_code})}",
                "expiresIn": DEVICE_SECONDS,
                "interval": 1,
            }
        )

    def _create_token(self, request: AwsRequest, gate: Gate) -> Answer:
        asked = request.json
        self._known_client(asked, gate)
        handlers: dict[str, Callable[[dict[str, Any], Gate], None]] = {
            DEVICE_GRANT: self._redeem_device,
            "authorization_code": self._redeem_code,
            "refresh_token": self._redeem_refresh,
        }
        handler = handlers.get(asked.get("grantType", ""))
        if handler is None:
            raise Complaint("UnsupportedGrantTypeException", f"Grant type {asked.get('grantType')} is not supported")
        with self._lock:
            handler(asked, gate)
            token, refresh = f"aoa{secrets.token_urlsafe(48)}", f"aor{secrets.token_urlsafe(48)}"
            self._portal.admit(token, gate.now() + TOKEN_SECONDS)
            answer = {"accessToken": token, "tokenType": "Bearer", "expiresIn": TOKEN_SECONDS}
            if self._clients[asked["clientId"]].refreshes:
                self._refreshes[refresh] = _Grant(asked["clientId"], gate.now() + REGISTRATION_SECONDS)
                answer["refreshToken"] = refresh
        return rest_json(answer)

    def _redeem_device(self, asked: dict[str, Any], gate: Gate) -> None:
        code, now = asked.get("deviceCode", ""), gate.now()
        grant = self._fresh(self._devices, code, asked, now, "Device code expired")
        if not grant.approved:
            self._devices[code] = replace(grant, next_poll=now + 0.5)
            if now < grant.next_poll:
                raise Complaint("SlowDownException", "Too many requests; poll more slowly")
            raise Complaint("AuthorizationPendingException", "Authorization is still pending")
        del self._devices[code]

    def _redeem_code(self, asked: dict[str, Any], gate: Gate) -> None:
        grant = self._fresh(self._codes, asked.get("code", ""), asked, gate.now(), "Authorization code expired")
        del self._codes[asked["code"]]
        digest = hashlib.sha256(str(asked.get("codeVerifier", "")).encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if not hmac.compare_digest(challenge.encode(), grant.challenge.encode()) or asked.get("redirectUri") != grant.redirect:
            raise Complaint("InvalidGrantException", "Invalid grant: the verifier or the redirect URI does not match")

    def _redeem_refresh(self, asked: dict[str, Any], gate: Gate) -> None:
        self._fresh(self._refreshes, asked.get("refreshToken", ""), asked, gate.now(), "Refresh token expired")
        del self._refreshes[asked["refreshToken"]]

    def _fresh(self, grants: dict[str, _Grant], name: str, asked: Mapping[str, Any], now: float, expired: str) -> _Grant:
        grant = grants.get(name)
        if grant is None or grant.client != asked.get("clientId"):
            raise Complaint("InvalidGrantException", "Invalid grant provided")
        if now > grant.expires:
            del grants[name]
            raise Complaint("ExpiredTokenException", expired)
        return grant

    def _known_client(self, asked: Mapping[str, Any], gate: Gate) -> None:
        client = self._clients.get(str(asked.get("clientId")))
        if client is None or not hmac.compare_digest(client.secret.encode(), str(asked.get("clientSecret")).encode()):
            raise Complaint("InvalidClientException", "Invalid client provided", 401)
        if gate.now() > client.expires:
            raise Complaint("InvalidClientException", "Client registration has expired", 401)

    def _authorize_page(self, request: AwsRequest, gate: Gate) -> Answer:
        asked = request.query
        client = self._clients.get(asked.get("client_id", ""))
        wrong = wrong_with(asked, client.redirects if client else None)
        if wrong:
            return page_of("Sign-in cannot start", wrong, status=400)
        state = asked["state"]
        grant = _Grant(
            asked["client_id"], gate.now() + DEVICE_SECONDS, state=state, redirect=asked["redirect_uri"], challenge=asked["code_challenge"]
        )
        with self._lock:
            self._pending[state] = grant
            if request.method == "POST":
                return Answer(302, (("Location", self._approve_browser(state)),))
        return page_of("Allow access to your accounts?", f"Signed in as {USER}.", button="Allow access")

    def _device_page(self, request: AwsRequest, _gate: Gate) -> Answer:
        user_code = request.query.get("user_code") or request.params.get("user_code") or ""
        if request.method == "POST":
            try:
                self.approve({"user_code": user_code})
            except ValueError as unknown:
                return page_of("Not known", str(unknown), status=400)
            return page_of("Request approved", "You may close this window.")
        return page_of(
            "Allow this device?",
            f"Its code is {user_code}." if user_code else "Type the code that the device shows.",
            button="Allow access",
            field="" if user_code else "user_code",
        )

    def _start_page(self, _request: AwsRequest, _gate: Gate) -> Answer:
        rows = "; ".join(f"{NAMES[account].name} ({', '.join(names)})" for account, names in sorted(self._assignments.items()))
        return page_of("AWS access portal", rows or "No accounts.")


def _follow(address: str) -> None:
    """Go where a browser would be sent; whoever waits there may have gone already."""
    time.sleep(FOLLOW_SECONDS)
    with contextlib.suppress(OSError, http.client.HTTPException):
        parts = urlsplit(address)
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", parts.port or 80, timeout=FOLLOW_SECONDS)) as connection:
            connection.request("GET", f"{parts.path}?{parts.query}")
            connection.getresponse().read()
