"""The session cache: one private file a session, named by a digest; anything odd in it is a miss, never a failure.

A session that cannot be written stays in memory, and one warning says so. Long-term keys are never kept.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Protocol

from tui_app.clock import Clock, wall_clock
from tui_app.errors import ConfigUnusable
from tui_app.model import Credentials
from tui_app.sessions.folder import PrivateFolder
from tui_app.sessions.plan import PlannedHop
from tui_app.sessions.record import NewerSchema, Record, from_bytes, to_bytes
from tui_app.sessions.start import PlannedStart

SKEW = 60
"""A session with fewer seconds than this left counts as over; a tenth of its life where that is less."""
LONGEST = 36 * 3600
"""No session lives longer (GetSessionToken's maximum), so a later end is cut to this."""
EXPIRED_KEPT = 24 * 3600
"""Expired sessions are kept this long, so that lists can say `expired`."""
SETTLED = 100_000_000
"""Nanoseconds after which a folder's time of change tells changes apart."""
_HEX = 64
PLAIN, SEALED = ".json", ".sealed"
"""What the names of files end with: of those that the folder alone protects, and of those that only a key opens."""

Warn = Callable[[str], None]


def _silent(_sentence: str) -> None:
    """Nobody wants to hear it."""


class Seal(Protocol):
    """What stands between a session and the disk, where the folder alone is not trusted with it."""

    def ready(self) -> None:
        """See that sessions can be sealed and opened.

        Raises:
            ConfigUnusable: they cannot.
        """
        ...

    def close(self, name: str, data: bytes) -> bytes:
        """The file's content for what `to_bytes` gave."""
        ...

    def open(self, name: str, data: bytes) -> bytes:
        """What `close` was given for that name.

        Raises:
            ConfigUnusable: nobody has the key.
            ValueError: it is not what `close` gave for that name.
        """
        ...


class SessionCache:
    """Sessions by name, on disk, there under a `seal` if one is given, or (`memory`) in this process only; safe for threads."""

    def __init__(
        self, folder: PrivateFolder, clock: Clock = wall_clock, *, memory: bool = False, warn: Warn = _silent, seal: Seal | None = None
    ) -> None:
        self.folder = folder
        self._clock = clock
        self._memory = memory
        self._warn = warn
        self._seal = seal
        self._suffix = SEALED if seal else PLAIN
        self._kept: dict[str, Record] = {}
        self._over: set[str] = set()
        self._stuck: set[str] = set()
        """Sessions that were forgotten though their files could not be taken away."""
        self._told = False
        self._settled = seal is None
        self._lock = threading.Lock()
        self._listing: tuple[int, tuple[Record, ...]] = (0, ())
        if not memory:
            folder.sweep()

    def ready(self) -> None:
        """See that a session can be kept as the files want it, before anybody is asked for a code.

        Raises:
            ConfigUnusable: nobody has the key that they are sealed with.
        """
        if self._seal is not None:
            self._seal.ready()

    def get(self, name: str) -> Record | None:
        """The live session of that name, or None."""
        record = self._read(name)
        return record if record and self.live(record) else None

    def live(self, record: Record) -> bool:
        """Whether a session can still be used; one that was over in this run stays over, whatever the clock does."""
        key_id = record.credentials.key.id
        if record.expires - self._clock() <= min(SKEW, max(0, record.expires - record.issued) / 10):
            self._over.add(key_id)
        return key_id not in self._over

    def put(self, record: Record) -> Record:
        """Keep a session and return it as kept, with its end cut to what is possible."""
        self._settle()
        capped = self._capped(record)
        with self._lock:
            self._stuck.discard(record.name)
            if self._memory or self._newer(record.name):
                self._kept[record.name] = capped
                return capped
            try:
                self._write(capped)
                self._kept.pop(record.name, None)
            except OSError as failure:
                # the next one is tried again: a disk may be full for a minute only
                self._kept[record.name] = capped
                self._tell(f"Sessions are kept in memory only: {self.folder.path} cannot be written", failure)
        return capped

    def records(self) -> tuple[Record, ...]:
        """All sessions that can be read, live or expired; the longest-lived first.

        Raises:
            ConfigUnusable: nobody has the key that they are sealed with.
        """
        self._settle()
        found = {record.name: record for record in self._listed()} | self._kept
        return tuple(sorted(found.values(), key=lambda record: -record.expires))

    def family(self, family: str) -> Record | None:
        """The longest-lived live session of a family, whatever duration it was asked with."""
        return next((record for record in self.records() if record.family == family and self.live(record)), None)

    def remove(self, name: str) -> bool:
        """Forget a session, in this process even if its file stays (which a warning tells); False where there was none."""
        with self._lock:
            had = self._kept.pop(name, None) is not None
            removed = [self.folder.remove(name + suffix) for suffix in (self._suffix, PLAIN)]
            if not any(removed) and self._file(name + self._suffix) is not None:
                self._stuck.add(name)
                self._tell(f"What was forgotten stays on disk: nothing in {self.folder.path} can be removed")
            return any(removed) or had

    def remove_unreadable(self) -> int:
        """Take away files under names of ours that hold nothing we can read, sealed ones too; how many there were."""
        try:
            readable = {record.name + self._suffix for record in self.records()}
        except ConfigUnusable:
            readable = set()
        names = (name for name in self._file_names(PLAIN, SEALED) if name not in readable)
        return sum(self.folder.remove(name) for name in names)

    def path(self, name: str) -> str:
        """The file of a session, for stamps."""
        return f"{self.folder.path}/{name}{self._suffix}"

    def _write(self, record: Record) -> None:
        data = to_bytes(record)
        self.folder.put(record.name + self._suffix, self._seal.close(record.name, data) if self._seal else data)

    def _read(self, name: str) -> Record | None:
        if name in self._kept:
            return self._kept[name]
        self._settle()
        data = self._file(name + self._suffix) if name not in self._stuck else None
        try:
            record = self._opened(name, data) if data is not None else None
        except ValueError:
            return None
        return self._capped(record) if record and record.name == name else None

    def _file(self, name: str) -> bytes | None:
        try:
            return self.folder.get(name)
        except OSError:
            return None

    def _opened(self, name: str, data: bytes) -> Record:
        return from_bytes(self._seal.open(name, data) if self._seal else data)

    def _settle(self) -> None:
        """Seal, once, what was kept without a seal before one was wanted; plain copies go."""
        if self._settled or self._seal is None:
            return
        for name in self._file_names(PLAIN):
            self._seal.ready()
            with contextlib.suppress(NewerSchema):
                self._seal_plain(name)
                self.folder.remove(name)
        self._settled = True

    def _seal_plain(self, name: str) -> None:
        data, stem = self._file(name), name.removesuffix(PLAIN)
        try:
            record = from_bytes(data) if data is not None else None
        except NewerSchema:
            raise
        except ValueError:
            return
        if record is None or record.name != stem or self._file(stem + SEALED) is not None:
            return
        try:
            self._write(record)
        except OSError:
            self._kept[stem] = record

    def _tell(self, sentence: str, failure: OSError | None = None) -> None:
        if not self._told:
            self._told = True
            self._warn(f"{sentence} ({failure.strerror or 'unknown reason'})." if failure else f"{sentence}.")

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
        for name in self._file_names(self._suffix):
            record = self._read(name.removesuffix(self._suffix))
            if record is None:
                continue
            if record.expires + EXPIRED_KEPT < self._clock():
                self.folder.remove(name)
            else:
                yield record

    def _file_names(self, *suffixes: str) -> list[str]:
        """The names of files that are named as ours are."""
        try:
            names = self.folder.names()
        except OSError:
            return []
        return [name for name in names if name[_HEX:] in suffixes and not set(name[:_HEX]) - set("0123456789abcdef")]

    def _newer(self, name: str) -> bool:
        data = self._file(name + self._suffix)
        try:
            if data is not None:
                self._opened(name, data)
        except NewerSchema:
            return True
        except ValueError:
            return False
        return False

    def _capped(self, record: Record) -> Record:
        limit = self._clock() + LONGEST
        return record if record.expires <= limit else replace(record, credentials=Credentials(record.credentials.key, limit))


def kept_record(cache: SessionCache, step: PlannedHop | PlannedStart, *, exact: bool) -> Record | None:
    """The live session of a hop, or of the source itself; one of another duration will do unless `exact`."""
    return cache.get(step.name) or (None if exact else cache.family(step.family))
