"""Noticing that a file of the catalog has changed: a daemon thread looks twice a second, and waits until whoever writes is done."""

from __future__ import annotations

import threading
from collections.abc import Callable

from tui_app.catalog.stamps import FileStamp, stamp

Stamps = tuple[FileStamp, ...]
PAUSE = 0.5
PATIENCE = 3
"""How often in a row a file may be gone or empty before that is believed: many editors write so, and a list that flashes helps nobody."""


class Settling:
    """Decides from one look to the next whether the files differ from what was read, and have come to rest."""

    def __init__(self) -> None:
        self._seen: Stamps = ()
        self._looks = 0

    def settled(self, read: Stamps, now: Stamps) -> bool:
        """Whether `now` should be read: it differs, and was the same at the last look, or for longer where something is missing."""
        self._looks = self._looks + 1 if now == self._seen else 0
        self._seen = now
        if now == read:
            return False
        half_way = any(old.size and not new.size for old, new in zip(read, now, strict=True))
        return self._looks >= (PATIENCE if half_way else 1)


class Watch:
    """Calls `changed` from its own thread when the files differ from the stamps taken last; then not again until new ones are taken."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._read: Stamps = ()
        self._stopped = threading.Event()
        threading.Thread(target=self._run, name="watch files", daemon=True).start()

    def take(self, stamps: Stamps) -> None:
        """These were read; the thread sees a whole snapshot, old or new."""
        self._read = stamps

    def stop(self) -> None:
        """Nothing is looked at any more."""
        self._stopped.set()

    def _run(self) -> None:
        settling, told = Settling(), None
        while not self._stopped.wait(PAUSE):
            read = self._read
            if read and read is not told and settling.settled(read, tuple(stamp(file.path) for file in read)):
                told = read
                self._changed()
