"""Signing in with a device code, on any other screen: shown here, approved there, asked for until then (RFC 8628)."""

from __future__ import annotations

import time
from typing import Any

from tui_app.errors import OutOfReach, Refused, RoledeckError
from tui_app.sessions.sign_in.oidc import CLIENT_GONE, DEVICE_CODE, SERVICE, Ground, create_token, registration
from tui_app.sessions.sign_in.prompt import LONGEST_WAIT, Prompt, Show, Stop, check_start_url, checked_link, pause
from tui_app.sessions.sign_in.token_files import Registration, SsoToken
from tui_app.text import clean

INTERVAL = 5
"""Seconds between two questions where AWS names none."""
SLOWER = 5
_LONGEST_CODE = 32


def by_device(ground: Ground, show: Show, stop: Stop) -> SsoToken:
    """A kept token, once a person has approved the code that `show` is given.

    Raises:
        Cancelled: `stop` said so.
        Refused: the person or AWS said no.
        RoledeckError: nobody approved it in time.
        OutOfReach, ConfigUnusable.
    """
    check_start_url(ground)
    client, started = _started(ground)
    waits = min(_seconds(started.get("expiresIn"), LONGEST_WAIT), LONGEST_WAIT)
    end = time.monotonic() + waits
    show(_prompt(ground, started, ground.clock() + waits))
    token = _approved(ground, client, started, end, stop)
    ground.files.keep_token(ground.sign_in, token)
    return token


def _started(ground: Ground) -> tuple[Registration, dict[str, Any]]:
    """The client and AWS's answer; a kept registration that AWS no longer knows is made anew, once."""
    client = registration(ground, ())
    try:
        return client, _start(ground, client)
    except Refused as refusal:
        if refusal.code not in CLIENT_GONE:
            raise
    client = registration(ground, (), anew=True)
    return client, _start(ground, client)


def _start(ground: Ground, client: Registration) -> dict[str, Any]:
    asked = {"clientId": client.client_id, "clientSecret": client.client_secret.reveal(), "startUrl": ground.sign_in.start_url}
    return ground.call("StartDeviceAuthorization", asked, retry=True)


def _prompt(ground: Ground, started: dict[str, Any], ends: float) -> Prompt:
    code = started.get("userCode")
    if not isinstance(code, str) or not code or not started.get("deviceCode"):
        raise OutOfReach(f"The answer of {ground.door.host(SERVICE, ground.sign_in.region)} has no code to show.", "Try again in a moment.")
    page = checked_link(ground, started.get("verificationUri"))
    link = checked_link(ground, started.get("verificationUriComplete") or page)
    return Prompt(ground.sign_in.key, link, ends, clean(code, _LONGEST_CODE), page)


def _approved(ground: Ground, client: Registration, started: dict[str, Any], end: float, stop: Stop) -> SsoToken:
    interval = max(1.0, _seconds(started.get("interval"), INTERVAL))
    grant = {"grantType": DEVICE_CODE, "deviceCode": str(started["deviceCode"])}
    while time.monotonic() < end:
        pause(min(interval, end - time.monotonic()), stop)
        try:
            return create_token(ground, client, grant)
        except OutOfReach as failure:
            if failure.cause == "throttled":
                interval += SLOWER
        except Refused as refusal:
            interval += _slower(refusal)
    raise RoledeckError("The sign-in was not approved in time.", "Start it again with `roledeck login`.")


def _slower(refusal: Refused) -> float:
    """How much longer to wait between two questions; a refusal that ends the waiting is raised."""
    if refusal.code == "SlowDownException":
        return SLOWER
    if refusal.code == "AuthorizationPendingException":
        return 0
    raise refusal


def _seconds(value: object, otherwise: float) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and value > 0 else otherwise
