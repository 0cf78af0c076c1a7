"""The session cache: one private file a session, named by a digest; anything odd in it is a miss, never a failure.

Where the folder cannot be written, sessions stay in memory and one warning says so. Long-term keys are never kept.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from tui_app.clock import Clock, wall_clock
from tui_app.model import Credentials
from tui_app.sessions.folder import PrivateFolder
from tui_app.sessions.plan import PlannedHop
from tui_app.sessions.record import NewerSchema, Record, from_bytes, to_bytes

SKEW = 60
"""A session with fewer seconds than this left counts as over."""
LONGEST = 36 * 3600
"""No session lives longer (GetSessionToken's maximum), so a later end is cut to this."""
EXPIRED_KEPT = 24 * 3600
"""Expired sessions are kept this long, so that lists can say `expired`."""
SETTLED = 100_000_000
"""Nanoseconds after which a folder's time of change tells changes apart."""
_HEX = 64
_SUFFIX = ".json"

Warn = Callable[[str], None]


def _silent(_sentence: str) -> None:
    """Nobody wants to hear it."""


class SessionCache:
    """Sessions by name, on disk or (`memory`) in this process only; safe for threads."""

    def __init__(self, folder: PrivateFolder, clock: Clock = wall_clock, *, memory: bool = False, warn: Warn = _silent) -> None:
        self.folder = folder
        self._clock = clock
        self._memory = memory
        self._warn = warn
        self._kept: dict[str, Record] = {}
        self._over: set[str] = set()
        self._lock = threading.Lock()
        self._listing: tuple[int, tuple[Record, ...]] = (0, ())
        if not memory:
            folder.sweep()

    def get(self, name: str) -> Record | None:
        """The live session of that name, or None."""
        record = self._read(name)
        return record if record and self.live(record) else None

    def live(self, record: Record) -> bool:
        """Whether a session can still be used; one that was over in this run stays over, whatever the clock does."""
        key_id = record.credentials.key.id
        if record.expires - self._clock() <= SKEW:
            self._over.add(key_id)
        return key_id not in self._over

    def put(self, record: Record) -> Record:
        """Keep a session and return it as kept, with its end cut to what is possible."""
        capped = self._capped(record)
        with self._lock:
            if self._memory or self._newer(record.name):
                self._kept[record.name] = capped
                return capped
            try:
                self.folder.put(record.name + _SUFFIX, to_bytes(capped))
                self._kept.pop(record.name, None)
            except OSError as failure:
                self._kept[record.name] = capped
                self._memory = True
                self._warn(
                    f"Sessions are kept in memory only: {self.folder.path} cannot be written ({failure.strerror or 'unknown reason'})."
                )
        return capped

    def records(self) -> tuple[Record, ...]:
        """All sessions that can be read, live or expired; the longest-lived first."""
        found = {record.name: record for record in self._listed()} | self._kept
        return tuple(sorted(found.values(), key=lambda record: -record.expires))

    def family(self, family: str) -> Record | None:
        """The longest-lived live session of a family, whatever duration it was asked with."""
        return next((record for record in self.records() if record.family == family and self.live(record)), None)

    def remove(self, name: str) -> bool:
        """Forget a session; False where there was none."""
        with self._lock:
            had = self._kept.pop(name, None) is not None
            return self.folder.remove(name + _SUFFIX) or had

    def remove_unreadable(self) -> int:
        """Take away files under names of ours that hold nothing we can read; how many there were."""
        readable = {record.name for record in self.records()}
        return sum(self.folder.remove(name + _SUFFIX) for name in self._file_names() if name not in readable)

    def path(self, name: str) -> str:
        """The file of a session, for stamps."""
        return f"{self.folder.path}/{name}{_SUFFIX}"

    def _read(self, name: str) -> Record | None:
        if name in self._kept:
            return self._kept[name]
        if self._memory and not self.folder.path:
            return None
        try:
            data = self.folder.get(name + _SUFFIX)
            record = from_bytes(data) if data is not None else None
        except (OSError, ValueError):
            return None
        return self._capped(record) if record and record.name == name else None

    def _listed(self) -> tuple[Record, ...]:
        """What is on disk, read again only when the folder has changed: a list of ten thousand roles asks ten thousand times."""
        try:
            changed = self.folder.changed()
        except OSError:
            return ()
        if changed and changed == self._listing[0]:
            return self._listing[1]
        records = tuple(self._on_disk())
        # two changes within one tick of the file system's clock look the same, so a fresh change is not trusted
        settled = time.time_ns() - changed > SETTLED
        self._listing = (changed if settled else 0, records)
        return records

    def _on_disk(self) -> Iterator[Record]:
        for name in self._file_names():
            record = self._read(name)
            if record is None:
                continue
            if record.expires + EXPIRED_KEPT < self._clock():
                self.folder.remove(name + _SUFFIX)
            else:
                yield record

    def _file_names(self) -> list[str]:
        try:
            names = self.folder.names()
        except OSError:
            return []
        stems = (name[: -len(_SUFFIX)] for name in names if name.endswith(_SUFFIX))
        return [stem for stem in stems if len(stem) == _HEX and not set(stem) - set("0123456789abcdef")]

    def _newer(self, name: str) -> bool:
        try:
            data = self.folder.get(name + _SUFFIX)
            if data is not None:
                from_bytes(data)
        except NewerSchema:
            return True
        except (OSError, ValueError):
            return False
        return False

    def _capped(self, record: Record) -> Record:
        limit = self._clock() + LONGEST
        return record if record.expires <= limit else replace(record, credentials=Credentials(record.credentials.key, limit))


def kept_record(cache: SessionCache, step: PlannedHop, *, exact: bool) -> Record | None:
    """The live session of a hop; one of another duration will do unless `exact`."""
    return cache.get(step.name) or (None if exact else cache.family(step.family))
