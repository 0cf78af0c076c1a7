"""What was used last, and how often: role keys in the state folder, shared by the command line and the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tui_app.catalog.state_file import change_list, read_list
from tui_app.values import frozen

RECENTS = "recents.json"
LIMIT = 200
_COUNT_LIMIT = 1000
_HALF_LIFE = 7 * 86400.0
"""After so many seconds without use a role weighs half as much."""


@frozen
class Recent:
    """A role's key, when it was last assumed or handed over in epoch seconds, and how many times."""

    key: str
    at: float
    count: int = 1


def read_recents(environ: Mapping[str, str]) -> tuple[Recent, ...]:
    """What was used, the latest first; a file that is absent or broken holds none."""
    return _taken(read_list(environ, RECENTS))


def note_recent(environ: Mapping[str, str], key: str, now: float) -> None:
    """A role has just been assumed or handed over; a demo has a state folder of its own.

    Raises:
        OSError: the folder cannot be written.
    """

    def with_key(content: Sequence[object]) -> Sequence[object]:
        known = {item.key: item for item in _taken(content)}
        before = known.pop(key, None)
        used = Recent(key, now, min(_COUNT_LIMIT, before.count + 1 if before else 1))
        return [{"role": item.key, "at": item.at, "count": item.count} for item in (used, *known.values())][:LIMIT]

    change_list(environ, RECENTS, with_key)


def by_weight(recents: Sequence[Recent], now: float) -> tuple[str, ...]:
    """The keys, what is used often and lately first: a use counts half after a week."""
    return tuple(item.key for item in sorted(recents, key=lambda item: -_weight(item, now)))


def _weight(item: Recent, now: float) -> float:
    return float(item.count * 0.5 ** min(500.0, max(0.0, now - item.at) / _HALF_LIFE))


def _taken(content: Sequence[object]) -> tuple[Recent, ...]:
    found = [item for item in map(_recent, content) if item]
    return tuple(sorted({item.key: item for item in reversed(found)}.values(), key=lambda item: -item.at))[:LIMIT]


def _recent(item: object) -> Recent | None:
    """An entry of the file, or None for one that is none of ours."""
    if not isinstance(item, dict):
        return None
    key, at, count = item.get("role"), item.get("at"), item.get("count", 1)
    if not isinstance(key, str) or not isinstance(at, (int, float)) or not isinstance(count, int) or not abs(at) < 1e15:  # noqa: PLR2004 - a moment
        return None
    return Recent(key, float(at), max(1, min(_COUNT_LIMIT, count)))
