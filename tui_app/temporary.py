"""A temporary folder that goes with the process that made it: removed when that ends, or by the next one where it was killed."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile

_OWNER = ".owner"
"""Locked by the process whose folder it lies in, as long as that lives; the system unlocks it however the process ends."""


def new_folder(prefix: str, place: str | None = None) -> tuple[str, int]:
    """A private folder in `place` (else where temporary files go), and a descriptor to keep open while it is in use; dead ones are removed.

    Raises:
        OSError: there is no place for temporary files.
    """
    place = place or tempfile.gettempdir()
    _sweep(place, prefix)
    folder = tempfile.mkdtemp(prefix=prefix, dir=place)
    owner = os.path.join(folder, _OWNER)
    # locked before it has its name: nobody ever sees it unlocked while its process lives
    descriptor = os.open(owner + ".new", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with contextlib.suppress(OSError):  # a file system without locks: nobody can take ours either
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.rename(owner + ".new", owner)
    return folder, descriptor


def remove_folder(folder: str) -> None:
    """Remove a folder with all that is in it."""
    shutil.rmtree(folder, ignore_errors=True)


def _sweep(place: str, prefix: str) -> None:
    """Remove this user's folders whose processes were killed: those whose lock can be had."""
    with contextlib.suppress(OSError):
        for name in os.listdir(place):
            if name.startswith(prefix):
                _remove_if_dead(os.path.join(place, name))


def _remove_if_dead(folder: str) -> None:
    with contextlib.suppress(OSError):
        status = os.lstat(folder)
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid() or stat.S_IMODE(status.st_mode) != stat.S_IRWXU:
            return
        descriptor = os.open(os.path.join(folder, _OWNER), os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            remove_folder(folder)
        finally:
            os.close(descriptor)
