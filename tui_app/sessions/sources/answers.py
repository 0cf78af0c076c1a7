"""What a source gave, held against what it must be before it is used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui_app.clock import clock_time, parse_moment
from tui_app.errors import RoledeckError
from tui_app.model import AccessKey
from tui_app.secret import Secret
from tui_app.values import frozen


@frozen
class Granted:
    """Keys of a source; `expires` is epoch seconds, None for keys that have no end, or none that is told."""

    key: AccessKey
    expires: float | None = None


def is_key_text(value: object) -> bool:
    """Whether a value can be a part of AWS credentials: printable ASCII without blanks, so that it is safe in headers and shells."""
    return isinstance(value, str) and bool(value) and value.isascii() and value.isprintable() and " " not in value


def granted(answer: object, names: tuple[str, str, str], now: float, whose: str) -> Granted | None:
    """The keys in a JSON answer whose parts go by `names`; None where it has none. `whose` begins the sentence about an expired one.

    Raises:
        RoledeckError: they have expired already, or nobody can tell.
    """
    if not isinstance(answer, Mapping):
        return None
    key_id, secret, token = (answer.get(name) for name in names)
    without_token = token is None or token == ""  # a set would have to hash whatever a program prints
    if not (is_key_text(key_id) and is_key_text(secret) and (without_token or is_key_text(token))):
        return None
    expires = _end(answer.get("Expiration"), now, whose)
    return Granted(AccessKey(str(key_id), Secret(str(secret)), Secret(str(token)) if token else None), expires)


def _end(value: Any, now: float, whose: str) -> float | None:
    if value is None:
        return None
    try:
        moment = parse_moment(value)
    except (ValueError, AttributeError, TypeError, OverflowError):
        raise RoledeckError(f"{whose} come with an expiry that is not a moment.", "It should be like 2026-11-21T13:28:00Z.") from None
    if moment <= now:
        raise RoledeckError(f"{whose} expired at {clock_time(moment, now)}.", "Get new ones there, and check this machine's clock.")
    return moment
