"""Renewing the sign-in of `aws login`: botocore's own fetcher, on a client of ours and with a token in memory in place of its files.

Source: botocore 1.44 `LoginCredentialFetcher` (credentials.py) and its signin model: CreateOAuth2Token, unsigned, with a DPoP proof
(RFC 9449) that awscrt signs.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import Any, Protocol

from tui_app.aws.door import AwsDoor
from tui_app.aws.faults import told
from tui_app.clock import Clock
from tui_app.errors import ConfigUnusable, Refused, RoledeckError
from tui_app.text import clean

SERVICE, ACTION = "signin", "signin:CreateOAuth2Token"
OVER, NOT_PERMITTED, USELESS = "login_over", "login_permission", "login_key"
"""Causes of a refusal: the sign-in has ended, the person may not have it on the command line, the kept key cannot sign."""
_ENDED = frozenset({"TOKEN_EXPIRED", "USER_CREDENTIALS_CHANGED", "AUTHCODE_EXPIRED", "invalid_grant"})


class _Fetcher(Protocol):
    """The part of botocore's fetcher that is used here."""

    def refresh_credentials(self) -> object: ...


class _InMemory:
    """One token in place of botocore's folder of them; whoever asked for it writes the file."""

    def __init__(self, token: dict[str, Any]) -> None:
        self.token = token

    def load_token(self, _session_name: str) -> dict[str, Any]:
        """The token, whatever the name."""
        return self.token

    def save_token(self, _session_name: str, token: dict[str, Any]) -> None:
        """Keep the renewed one."""
        self.token = token


def can_renew() -> bool:
    """Whether the extra `login` is installed; asks for no more than whether there is such a package."""
    return find_spec("awscrt") is not None


def extra_missing() -> ConfigUnusable:
    """What to say where it is not."""
    return ConfigUnusable(
        "Renewing a sign-in of `aws login` takes a library that is not installed.", "pip install 'roledeck[login]' brings it."
    )


def renewed(door: AwsDoor, login_session: str, fields: Mapping[str, Any], region: str, clock: Clock) -> dict[str, Any]:
    """All fields of the token file after a renewal (signin:CreateOAuth2Token); the refresh token in `fields` is good no longer.

    Raises:
        Refused: with a `cause` of this module where it is about the sign-in.
        ConfigUnusable: the library for it is not installed.
        OutOfReach: AWS did not answer.
    """
    kept = copy.deepcopy(dict(fields))
    # botocore gives back what has more than five minutes left; here it has been decided already
    kept["accessToken"].pop("expiresAt", None)
    kept["accessToken"].setdefault("accountId", "")
    memory = _InMemory(kept)
    where = str(kept.get("signInRegion") or region)
    with ExitStack() as clients:
        try:
            _fetcher(door, login_session, memory, where, clock, clients).refresh_credentials()
        except Exception as failure:  # noqa: BLE001 - botocore and awscrt let errors of many kinds through
            raise _told(failure, door, where) from None
    return memory.token


def _fetcher(door: AwsDoor, login_session: str, memory: _InMemory, region: str, clock: Clock, clients: ExitStack) -> _Fetcher:
    from botocore import credentials

    made: Any = getattr(credentials, "LoginCredentialFetcher", None)
    if made is None or getattr(credentials, "EC", None) is None:
        raise extra_missing()

    def client(service: str, **_said: object) -> Any:
        made = door.unsigned_client(service, region)
        clients.callback(made.close)
        return made

    def now() -> datetime:
        return datetime.fromtimestamp(clock(), UTC)

    fetcher: _Fetcher = made(login_session, memory, client, now)
    return fetcher


def _told(failure: Exception, door: AwsDoor, region: str) -> RoledeckError:
    """Our error; botocore's own texts hold what was sent, and stay here."""
    names = {kind.__name__ for kind in type(failure).__mro__}
    if "LoginInsufficientPermissions" in names:
        return _refused(
            "You may not use your sign-in on the command line.", "Ask for the policy SignInLocalDevelopmentAccess.", NOT_PERMITTED
        )
    if "LoginTokenLoadError" in names or "AWS_ERROR_CAL" in str(failure):  # awscrt tells of a key that is none by a RuntimeError
        return _refused("The kept sign-in cannot be renewed: its key is none.", "Sign in again with `aws login`.", USELESS)
    if "LoginError" in names:
        return _refused("AWS no longer takes the sign-in.", "Sign in again with `aws login`.", OVER)
    error = told(failure, action=ACTION, host=door.host(SERVICE, region), region=region)
    if isinstance(error, Refused):
        answer = getattr(failure, "response", {})
        error.cause = OVER if answer.get("error") in _ENDED else error.cause
        error.next_step = error.next_step or "Sign in again with `aws login`."
        error.code = error.code or clean(str(answer.get("error", "")), 64)
    return error


def _refused(message: str, next_step: str, cause: str) -> Refused:
    return Refused(message, next_step, action=ACTION, cause=cause)
