"""Credentials of a container: ECS, EKS Pod Identity, or any local server that speaks their protocol.

Source: botocore's ContainerProvider and ContainerMetadataFetcher (variables, allowed hosts, 2 s, 3 tries, required fields).
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from http import HTTPStatus

from tui_app.errors import ConfigUnusable, OutOfReach
from tui_app.sessions.sources.answers import Granted, granted
from tui_app.sessions.sources.environment import FULL, RELATIVE
from tui_app.sessions.sources.fetching import Asked, checked_url, fetched
from tui_app.text import clean

TOKEN, TOKEN_FILE = "AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
HOST = "http://169.254.170.2"
TIMEOUT = 2.0
TRIES = 3
PAUSE = 1.0
_TOKEN_LIMIT = 16 * 1024
_WHAT = "The container's credential endpoint"
_NAMES = ("AccessKeyId", "SecretAccessKey", "Token")


def container_key(environ: Mapping[str, str], now: float) -> Granted:
    """The container's own credentials.

    Raises:
        ConfigUnusable: there is no container, or its settings cannot be used.
        OutOfReach: its endpoint gives no credentials.
        RoledeckError: it gives expired ones.
    """
    url = container_url(environ)
    headers = (("Accept", "application/json"), *_authorization(environ))
    status, body = _tried(Asked(url, _WHAT, TIMEOUT, headers=headers))
    if status != HTTPStatus.OK:
        raise OutOfReach(f"The container's credential endpoint answered {status}.", "Check the role of the task or pod.")
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    found = granted(answer, _NAMES, now, "The container's credentials")
    if found is None or found.key.token is None or found.expires is None:
        raise OutOfReach(
            "The container's credential endpoint did not answer with credentials.",
            "Check what answers there; it should be JSON with AccessKeyId, SecretAccessKey, Token and Expiration.",
        )
    return found


def container_url(environ: Mapping[str, str]) -> str:
    """Where the container's credentials are.

    Raises:
        ConfigUnusable: no variable says, or it names a host that must not be asked.
    """
    if relative := environ.get(RELATIVE):
        return checked_url(HOST + relative, RELATIVE)
    if full := environ.get(FULL):
        return checked_url(full, FULL)
    raise ConfigUnusable(
        "The chain starts from a container's credentials, and this is not a container that has any.", f"Set {RELATIVE} or {FULL}."
    )


def _authorization(environ: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    token = environ.get(TOKEN) or ""
    name = TOKEN
    if path := environ.get(TOKEN_FILE):
        name = TOKEN_FILE
        try:
            with open(path, "rb") as file:
                # read at each use: the platform replaces it
                token = file.read(_TOKEN_LIMIT).decode("utf-8", "replace")
        except OSError as failure:
            reason = (failure.strerror or "unknown reason").lower()
            raise ConfigUnusable(f"{clean(path)}, named by {TOKEN_FILE}, cannot be read: {reason}.", "Check the variable.") from None
    if not token:
        return ()
    if not token.isascii() or not token.isprintable():
        raise ConfigUnusable(f"{name} has a line break or other characters that no header can carry.", "Write it as one plain line.")
    return (("Authorization", token),)


def _tried(asked: Asked) -> tuple[int, bytes]:
    for _again in range(TRIES - 1):
        try:
            status, body = fetched(asked)
        except OutOfReach:
            time.sleep(PAUSE)
            continue
        if status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return status, body
        time.sleep(PAUSE)
    return fetched(asked)
