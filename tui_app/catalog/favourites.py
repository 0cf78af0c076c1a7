"""Favourites and what was used last: two small lists of role keys in the state folder, 0600, replaced whole."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence

from tui_app import paths

FAVOURITES = "favourites.json"
RECENTS = "recents.json"
LIMIT = 200
_SIZE_LIMIT = 1_000_000


def read_favourites(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The favourites in their order; a file that is absent or broken holds none."""
    return tuple(dict.fromkeys(item for item in _read(environ, FAVOURITES) if isinstance(item, str)))[:LIMIT]


def write_favourites(environ: Mapping[str, str], keys: Iterable[str]) -> None:
    """Keep the favourites in this order.

    Raises:
        OSError: the folder cannot be written.
    """
    _write(environ, FAVOURITES, list(dict.fromkeys(keys))[:LIMIT])


def read_recents(environ: Mapping[str, str]) -> tuple[tuple[str, float], ...]:
    """Role keys and when each was last assumed, in epoch seconds, the latest first."""
    found = [
        (item["role"], float(item["at"]))
        for item in _read(environ, RECENTS)
        if isinstance(item, dict) and isinstance(item.get("role"), str) and isinstance(item.get("at"), (int, float))
    ]
    return tuple(sorted(found, key=lambda item: -item[1]))[:LIMIT]


def note_recent(environ: Mapping[str, str], key: str, now: float) -> None:
    """A role has just been assumed.

    Raises:
        OSError: the folder cannot be written.
    """
    others = [item for item in read_recents(environ) if item[0] != key]
    _write(environ, RECENTS, [{"role": role, "at": at} for role, at in [(key, now), *others][:LIMIT]])


def _read(environ: Mapping[str, str], name: str) -> Sequence[object]:
    try:
        with open(os.path.join(paths.state_folder(environ), name), encoding="utf-8") as file:
            found = json.loads(file.read(_SIZE_LIMIT))
    except (OSError, ValueError, RecursionError):
        return ()
    return found if isinstance(found, list) else ()


def _write(environ: Mapping[str, str], name: str, content: object) -> None:
    folder = paths.state_folder(environ)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    path = os.path.join(folder, name)
    temporary = f"{path}.{os.getpid()}.new"
    try:
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600), "w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=True, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
