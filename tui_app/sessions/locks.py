"""One at a time, across threads and processes: a lock that frees itself when its holder dies, and that can be given up on."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterator

from tui_app.errors import Cancelled
from tui_app.sessions.folder import PrivateFolder

PATIENCE = 90.0
"""Seconds to wait for another process before going on without the lock: longer than a slow AWS takes, since a dead holder lets go at once
and only one that somebody has stopped keeps it."""
POLL = 0.02
_SUFFIX = ".lock"
_THREADS: dict[tuple[str, str], threading.Lock] = {}
_REGISTRY = threading.Lock()

Stop = Callable[[], bool]


@contextlib.contextmanager
def held(
    folder: PrivateFolder, name: str, stop: Stop, patience: float = PATIENCE, poll: float = POLL, own: float | None = None
) -> Iterator[bool]:
    """Hold the lock `name` of a folder; yields False where it could not be had in `patience` seconds.

    `own` is the patience with other threads of this process, where that differs.

    Raises:
        Cancelled: `stop` said so while waiting.
    """
    threads = _thread_lock(folder.path, name)
    began = time.monotonic()
    mine = _wait(lambda: threads.acquire(blocking=False), stop, began + (patience if own is None else own), poll)
    limit = (began if own is None else time.monotonic()) + patience
    try:
        with _held_file(folder, name, lambda fd: mine and _wait(lambda: _flock(fd), stop, limit, poll)) as locked:
            yield locked and mine
    finally:
        if mine:
            threads.release()


def _thread_lock(path: str, name: str) -> threading.Lock:
    with _REGISTRY:
        return _THREADS.setdefault((path, name), threading.Lock())


def _wait(attempt: Callable[[], bool], stop: Stop, limit: float, poll: float) -> bool:
    while not attempt():
        if stop():
            raise Cancelled("Cancelled while another window was getting the same session.")
        if time.monotonic() >= limit:
            return False
        time.sleep(poll)
    return True


def tidy(folder: PrivateFolder) -> None:
    """Take away the lock files that nobody holds."""
    with contextlib.suppress(OSError):
        for name in folder.names():
            if name.startswith(".") and name.endswith(_SUFFIX):
                with folder.lock_file(name) as fd:
                    if _flock(fd):
                        folder.remove(name)


@contextlib.contextmanager
def _held_file(folder: PrivateFolder, name: str, lock: Callable[[int], bool]) -> Iterator[bool]:
    """Whether the file could be locked; one that was tidied away before it was locked shuts nobody out, so it is made again."""
    for last in (False, False, True):
        with _file(folder, name) as fd:
            locked = fd is None or lock(fd)
            if fd is None or not locked or last or os.fstat(fd).st_nlink:
                yield locked
                return


@contextlib.contextmanager
def _file(folder: PrivateFolder, name: str) -> Iterator[int | None]:
    with contextlib.ExitStack() as stack:
        fd: int | None = None
        # without a usable folder there is nothing to share with other processes either
        with contextlib.suppress(OSError):
            fd = stack.enter_context(folder.lock_file(f".{name}{_SUFFIX}"))
        yield fd


def _flock(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as failure:
        # a file system without locks counts as locked: the thread lock still holds
        return failure.errno not in {errno.EWOULDBLOCK, errno.EACCES}
    return True
