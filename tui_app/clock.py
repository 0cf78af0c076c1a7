"""Wall-clock time as the program sees it: an injectable clock, AWS's spellings of a moment, durations as people type them."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], float]
"""Seconds since the epoch, UTC; tests pass their own."""

wall_clock: Clock = time.time

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION = r"(?:\d+[smhd])+"


def parse_duration(text: str | int) -> int:
    """Seconds in `15m`, `1h`, `1h30m`, `3600` or a plain integer.

    Raises:
        ValueError: the text is none of these.
    """
    if isinstance(text, bool):
        message = f"{text} is not a duration; write 15m, 1h or 3600"
        raise ValueError(message)  # noqa: TRY004 - one error type for every bad duration
    if isinstance(text, int):
        return text
    stripped = text.strip().lower()
    if stripped.isascii() and stripped.isdigit():
        return int(stripped)
    if not re.fullmatch(_DURATION, stripped) or not stripped.isascii():
        message = f"{text!r} is not a duration; write 15m, 1h or 3600"
        raise ValueError(message)
    return sum(int(count) * _UNITS[unit] for count, unit in re.findall(r"(\d+)([smhd])", stripped))


def typed_duration(seconds: int) -> str:
    """The duration as a person would set it: `1h`, `15m`, `1h30m`, `90s`."""
    hours, rest = divmod(seconds, 3600)
    minutes, remainder = divmod(rest, 60)
    if remainder or not seconds:
        return f"{seconds}s"
    return (f"{hours}h" if hours else "") + (f"{minutes}m" if minutes else "")


def time_left(seconds: float) -> str:
    """What is left, for a countdown: `3h 41m`, `47:12`, `0:58`; never below `0:00`."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, second = divmod(rest, 60)
    return f"{hours}h {minutes:02d}m" if hours else f"{minutes}:{second:02d}"


def ago(seconds: float) -> str:
    """How long ago something was: `12s ago`, `4m ago`, `3h ago`, `2d ago`."""
    whole = max(0, int(seconds))
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if whole >= size:
            return f"{whole // size}{unit} ago"
    return f"{whole}s ago"


def clock_time(moment: float, now: float) -> str:
    """A local time of day, with the weekday when it is another day: `13:28`, `Sat 13:28`."""
    then, today = datetime.fromtimestamp(moment), datetime.fromtimestamp(now)  # noqa: DTZ006 - shown in local time
    return f"{then:%H:%M}" if then.date() == today.date() else f"{then:%a %H:%M}"


def rfc3339(moment: float) -> str:
    """The moment in UTC with a `Z`, whole seconds rounded down: `2026-11-21T13:28:00Z`."""
    return datetime.fromtimestamp(int(moment), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_moment(text: str) -> float:
    """Epoch seconds of any spelling found in AWS answers and caches: `…Z`, `…+00:00`, `…UTC`, with or without a fraction.

    Raises:
        ValueError: no such moment.
    """
    spelled = text.strip()
    if spelled.endswith("UTC"):
        spelled = spelled[:-3].rstrip() + "+00:00"
    moment = datetime.fromisoformat(spelled)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
