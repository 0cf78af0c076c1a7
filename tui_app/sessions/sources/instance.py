"""Credentials of an EC2 instance, from its metadata service: version 2, and 1 where only that is there.

Source: botocore's InstanceMetadataFetcher and IMDSFetcher (paths, headers, which answers fall back to version 1, 1 s and 1 try).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from http import HTTPStatus

from tui_app.errors import ConfigUnusable, OutOfReach
from tui_app.sessions.sources.answers import Granted, granted
from tui_app.sessions.sources.fetching import Asked, checked_url, fetched

ENDPOINT, MODE = "AWS_EC2_METADATA_SERVICE_ENDPOINT", "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"
DISABLED, V1_DISABLED = "AWS_EC2_METADATA_DISABLED", "AWS_EC2_METADATA_V1_DISABLED"
TIMEOUT_SECONDS = "AWS_METADATA_SERVICE_TIMEOUT"
IPV4, IPV6 = "http://169.254.169.254", "http://[fd00:ec2::254]"
_ROLES = "/latest/meta-data/iam/security-credentials/"
_TTL = ("x-aws-ec2-metadata-token-ttl-seconds", "21600")
_VERSION_1 = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED})
_WHAT = "The metadata service of EC2"
_NAMES = ("AccessKeyId", "SecretAccessKey", "Token")
_ROLE = re.compile(r"[\w+=,.@-]{1,128}", re.ASCII)
_TIMEOUT, _SHORTEST_TIMEOUT, _LONGEST_TIMEOUT = 1.0, 0.1, 30.0


def instance_key(environ: Mapping[str, str], now: float) -> Granted:
    """The credentials of the instance's own role.

    Raises:
        ConfigUnusable: the service is switched off, or its address must not be asked.
        OutOfReach: it is not there, or gives no credentials.
        RoledeckError: it gives expired ones.
    """
    base, timeout = instance_url(environ), _timeout(environ)
    headers = _token(base, environ, timeout)
    name = _text(Asked(base + _ROLES, _WHAT, timeout, headers=headers)).strip()
    if not _ROLE.fullmatch(name):
        raise OutOfReach("The metadata service of EC2 names no role.", "Give the instance a role, or check what answers there.")
    try:
        answer = json.loads(_text(Asked(base + _ROLES + name, _WHAT, timeout, headers=headers)))
    except (ValueError, RecursionError):
        answer = None
    found = granted(answer, _NAMES, now, "The instance's credentials")
    if found is None or found.key.token is None or found.expires is None or answer.get("Code", "Success") != "Success":
        raise OutOfReach("The metadata service of EC2 did not answer with credentials.", "Check the instance's role.")
    return found


def instance_url(environ: Mapping[str, str]) -> str:
    """Where the metadata service is.

    Raises:
        ConfigUnusable: it is switched off, or at a host that must not be asked.
    """
    if environ.get(DISABLED, "").lower() == "true":
        raise ConfigUnusable(
            "The chain starts from the credentials of an EC2 instance, and its metadata service is switched off.", f"Unset {DISABLED}."
        )
    if said := environ.get(ENDPOINT):
        return checked_url(said.rstrip("/"), ENDPOINT)
    return IPV6 if environ.get(MODE, "").lower() == "ipv6" else IPV4


def _token(base: str, environ: Mapping[str, str], timeout: float) -> tuple[tuple[str, str], ...]:
    status, body = fetched(Asked(f"{base}/latest/api/token", _WHAT, timeout, "PUT", (_TTL,)))
    if status == HTTPStatus.OK:
        token = body.decode("ascii", "replace").strip()
        if token.isascii() and token.isprintable() and token:
            return (("x-aws-ec2-metadata-token", token),)
        raise OutOfReach("The metadata service of EC2 gave a token that is none.", "Check what answers there.")
    if status in _VERSION_1 and environ.get(V1_DISABLED, "").lower() != "true":
        return ()
    raise OutOfReach(f"The metadata service of EC2 answered {status} to the request for a token.", "Check its settings for version 2.")


def _text(asked: Asked) -> str:
    status, body = fetched(asked)
    if status == HTTPStatus.NOT_FOUND:
        raise OutOfReach("The instance has no role.", "Give it an instance profile.")
    if status != HTTPStatus.OK:
        raise OutOfReach(f"The metadata service of EC2 answered {status}.", "Check the instance's role.")
    return body.decode("utf-8", "replace")


def _timeout(environ: Mapping[str, str]) -> float:
    try:
        said = float(environ.get(TIMEOUT_SECONDS, ""))
    except ValueError:
        return _TIMEOUT
    return _TIMEOUT if math.isnan(said) else min(max(said, _SHORTEST_TIMEOUT), _LONGEST_TIMEOUT)
