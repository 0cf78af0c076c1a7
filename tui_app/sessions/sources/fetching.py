"""Small HTTP for the credential endpoints of containers and machines: no proxy, no redirect, a time limit, a size limit.

Which hosts may be asked over plain http: loopback and the addresses that AWS itself uses (botocore's ContainerMetadataFetcher);
names other than `localhost` are never looked up.
"""

from __future__ import annotations

import http.client
import ipaddress
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

from tui_app.deadline import TimeIsUp, within
from tui_app.errors import ConfigUnusable, OutOfReach
from tui_app.text import clean
from tui_app.values import frozen

LIMIT = 64 * 1024
AWS_HOSTS = frozenset({"169.254.170.2", "169.254.170.23", "fd00:ec2::23", "169.254.169.254", "fd00:ec2::254"})
_PIECE = 4096
_WHOLE = 4
"""The whole of it, name server and trickling answer too, may take this many times the time limit."""


@frozen
class Asked:
    """One request: where, and `what` it is for in a sentence; `timeout` in seconds."""

    url: str
    what: str
    timeout: float
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()


def checked_url(url: str, setting: str) -> str:
    """The address, if it may be asked; `setting` names the variable it came from.

    Raises:
        ConfigUnusable: it is none, or plain http to somewhere else.
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        parts, host = urlsplit(""), ""
    plain = url.isascii() and url.isprintable() and " " not in url and "@" not in parts.netloc
    if plain and host and (parts.scheme == "https" or (parts.scheme == "http" and _near(host))):
        return url
    raise ConfigUnusable(
        f"The host {clean(host, 100) or '(none)'} in {setting} is not asked for credentials.",
        "It should be https, or http on this machine or at an address that AWS uses for it.",
    )


def fetched(asked: Asked) -> tuple[int, bytes]:
    """Status and body of the answer.

    Raises:
        OutOfReach: there is none in time, or it is too large.
    """
    try:
        return within(_WHOLE * asked.timeout, lambda: _exchanged(asked), "credential endpoint")
    except (TimeIsUp, TimeoutError):
        raise OutOfReach(f"{asked.what} did not answer in time.", "Try again in a moment.") from None
    except (OSError, http.client.HTTPException, ValueError):
        # their texts may hold what was sent
        raise OutOfReach(f"{asked.what} cannot be reached.", "Check that this program runs where it is.") from None


def _exchanged(asked: Asked) -> tuple[int, bytes]:
    parts = urlsplit(asked.url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=asked.timeout)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers: Mapping[str, str] = dict(asked.headers)
    try:
        connection.request(asked.method, path, headers=headers)
        with connection.getresponse() as response:
            return response.status, _body(response, asked)
    finally:
        connection.close()


def _body(response: http.client.HTTPResponse, asked: Asked) -> bytes:
    body, end = b"", time.monotonic() + _WHOLE * asked.timeout
    while piece := response.read1(_PIECE):
        body += piece
        if len(body) > LIMIT:
            raise OutOfReach(f"{asked.what} gave an answer that is too large to be credentials.", "Check what answers there.")
        if time.monotonic() > end:
            raise TimeoutError
    return body


def _near(host: str) -> bool:
    if host == "localhost" or host in AWS_HOSTS:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
