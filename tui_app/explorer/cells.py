"""From a value of an AWS answer to a table cell for people, and to a plain value for scripts."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime

from tui_app.clock import parse_moment, rfc3339, typed_duration
from tui_app.explorer.view import Shape
from tui_app.text import clean

Plain = str | int | float | bool | None
"""What a script gets: dates as RFC 3339 in UTC, sizes in bytes, durations in seconds."""

_MILLISECONDS = 10**11
"""A moment is in milliseconds from this figure on: as seconds it would lie beyond the year 5000."""
_FIRST_MOMENT, _LAST_MOMENT = -62_000_000_000, 253_000_000_000
"""The years 5 and 9987 in epoch seconds, which every time zone can tell."""
_FIGURES = frozenset({"number", "size", "seconds"})
_UNITS = ("B", "KB", "MB", "GB", "TB", "PB")
_DIGITS, _LARGEST = 18, 10**18
"""Figures from here on are nobody's count; a proxy or an AWS of one's own may send any."""


def plain(value: object, shape: Shape) -> Plain:
    """The value as JSON can carry it, uncut."""
    if shape in ("date", "moment"):
        moment = _moment(value)
        return rfc3339(moment) if moment is not None else scalar(value)
    return _counted(value) if shape in _FIGURES else scalar(value)


def cell(value: object, shape: Shape) -> str:
    """The value as one safe line; empty where AWS says nothing."""
    if value is None or value == "":
        return ""
    if shape in ("date", "moment"):
        moment = _moment(value)
        if moment is None:
            return clean(value)
        return datetime.fromtimestamp(moment).strftime("%Y-%m-%d" if shape == "date" else "%Y-%m-%d %H:%M:%S")  # noqa: DTZ006 - shown in local time
    if shape == "yes":
        return "yes" if value in (True, 1, "true") else ""
    if shape in _FIGURES:
        value = _counted(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _figure(value, shape)
    return clean(value if isinstance(value, str) else words(value))


def _counted(value: object) -> Plain:
    """A figure that came as text, as those of SQS do."""
    return int(value) if isinstance(value, str) and len(value) <= _DIGITS and value.isascii() and value.isdigit() else scalar(value)


def _figure(value: float, shape: Shape) -> str:
    if abs(value) >= _LARGEST:
        return clean(value)
    if shape == "size":
        return size(value)
    if shape == "seconds":
        return typed_duration(int(value))
    return clean(value)


def size(count: float) -> str:
    """Bytes in the largest unit that keeps a figure before the point: `0 B`, `512 B`, `1.4 MB`, `23 GB`."""
    unit = 0
    while count >= 1000 and unit < len(_UNITS) - 1:  # noqa: PLR2004 - decimal units, as AWS's console shows them
        count /= 1000
        unit += 1
    return f"{count:.1f} {_UNITS[unit]}" if unit and count < 10 else f"{count:.0f} {_UNITS[unit]}"  # noqa: PLR2004 - two figures


def scalar(value: object) -> Plain:
    """The value as one that JSON knows: of a list its plain items in a row; of a mapping, and of a list of such, its JSON on one line."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    if isinstance(value, datetime):
        return rfc3339(_aware(value).timestamp())
    if isinstance(value, (list, tuple)) and not any(isinstance(item, (Mapping, list, tuple)) for item in value):
        return ", ".join(words(item) for item in value if item is not None)
    if isinstance(value, (Mapping, list, tuple)):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=words)
    return str(value)


def words(value: object) -> str:
    """The value as text: nothing where AWS says nothing, and truth as JSON writes it."""
    found = scalar(value)
    return "" if found is None else str(found).lower() if isinstance(found, bool) else str(found)


def _moment(value: object) -> float | None:
    """Epoch seconds of a datetime, an ISO text, or a number of seconds or milliseconds (CloudWatch Logs); None for what no calendar has."""
    seconds = _seconds(value)
    return seconds if seconds is not None and _FIRST_MOMENT < seconds < _LAST_MOMENT else None


def _seconds(value: object) -> float | None:
    if isinstance(value, datetime):
        return _aware(value).timestamp()
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return value / 1000 if _MILLISECONDS < value < _LARGEST else value
    try:
        return parse_moment(str(value))
    except (ValueError, OverflowError):
        return None


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
