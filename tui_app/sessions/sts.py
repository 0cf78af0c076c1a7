"""AssumeRole and GetSessionToken by ourselves; every answer is checked before it is used."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tui_app.aws.door import AwsDoor
from tui_app.aws.faults import broken_answer
from tui_app.aws.partitions import sts_region
from tui_app.errors import WrongIdentity
from tui_app.model import AccessKey, Credentials, Identity
from tui_app.secret import Secret
from tui_app.sessions.identity import role_of, same_role
from tui_app.sessions.request import AssumeRole, check_mfa_session
from tui_app.sessions.sources.answers import is_key_text
from tui_app.text import clean


def assume_role(
    door: AwsDoor, key: AccessKey, request: AssumeRole, region: str | None, patience: float | None = None
) -> tuple[Credentials, Identity]:
    """The role's temporary credentials, and the identity that AssumeRole itself names (not yet verified).

    The request has been checked. One that carries a code is sent once: a code counts once. `patience` is how many seconds AWS has to
    answer, where that is less than usual.

    Raises:
        Refused, OutOfReach, WrongIdentity.
    """
    where = sts_region(region, request.role_arn)
    once = request.code is not None
    parameters = request.parameters()
    answer = door.call("sts", "AssumeRole", region=where, key=key, parameters=parameters, read_timeout=patience, retry=not once)
    return _assumed(answer, request.role_arn, door.host("sts", where), where)


def assume_role_with_web_identity(door: AwsDoor, request: AssumeRole, token: Secret, region: str | None) -> tuple[Credentials, Identity]:
    """The same by a web identity token instead of keys; the request is not signed.

    Raises:
        Refused, OutOfReach, WrongIdentity.
    """
    where = sts_region(region, request.role_arn)
    parameters = {**request.parameters(), "WebIdentityToken": token.reveal()}
    answer = door.call("sts", "AssumeRoleWithWebIdentity", region=where, key=None, parameters=parameters)
    return _assumed(answer, request.role_arn, door.host("sts", where), where)


def _assumed(answer: Mapping[str, Any], role_arn: str, host: str, where: str) -> tuple[Credentials, Identity]:
    credentials = _credentials(answer, host)
    user = answer.get("AssumedRoleUser")
    arn, user_id = (user.get("Arn"), user.get("AssumedRoleId")) if isinstance(user, dict) else (None, None)
    if not isinstance(arn, str) or not isinstance(user_id, str):
        raise broken_answer(host, "assumed role")
    if not same_role(role_arn, arn):
        raise WrongIdentity(
            f"AWS answered with {clean(arn, 512)}, but {clean(role_arn, 512)} was asked for.",
            "Nothing was kept; check the endpoint and the role's ARN.",
        )
    return credentials, Identity(role_of(arn)[0], clean(arn, 2048), clean(user_id), 0.0, where)


def get_session_token(door: AwsDoor, key: AccessKey, serial: str, code: Secret, duration: int, region: str | None) -> Credentials:
    """An MFA session: temporary credentials of the user itself that carry the code; sent once.

    Raises:
        Refused, OutOfReach, ConfigUnusable, UsageError.
    """
    check_mfa_session(serial, code, duration)
    where = sts_region(region, serial if serial.startswith("arn:") else "")
    parameters = {"SerialNumber": serial, "TokenCode": code.reveal(), "DurationSeconds": duration}
    answer = door.call("sts", "GetSessionToken", region=where, key=key, parameters=parameters, retry=False)
    return _credentials(answer, door.host("sts", where))


def _credentials(answer: Mapping[str, Any], host: str) -> Credentials:
    given = answer.get("Credentials")
    if not isinstance(given, dict):
        raise broken_answer(host, "credentials")
    key_id, secret, token = (given.get(name) for name in ("AccessKeyId", "SecretAccessKey", "SessionToken"))
    if not (is_key_text(key_id) and is_key_text(secret) and is_key_text(token)):
        raise broken_answer(host, "keys")
    end = given.get("Expiration")
    if not isinstance(end, datetime) or not math.isfinite(end.timestamp()):
        raise broken_answer(host, "expiry")
    return Credentials(AccessKey(str(key_id), Secret(str(secret)), Secret(str(token))), end.timestamp())
