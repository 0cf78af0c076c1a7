"""Small lists in the state folder: read whole, changed under a lock of the folder, written 0600 and old-or-new."""

from __future__ import annotations

import contextlib
import json
import os
import stat
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from tui_app import paths

PATIENCE = 5.0
"""Seconds to wait for another window before going on without the lock: what was used last is a convenience."""
_POLL = 0.01
_SIZE_LIMIT = 1_000_000
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC


def read_list(environ: Mapping[str, str], name: str) -> Sequence[object]:
    """The list in that file; a file that is absent, broken, large or no ordinary file holds none."""
    try:
        with os.fdopen(os.open(os.path.join(paths.state_folder(environ), name), _READ), encoding="utf-8") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return ()
            found = json.loads(file.read(_SIZE_LIMIT))
    except (OSError, ValueError, RecursionError):
        return ()
    return found if isinstance(found, list) else ()


def write_list(environ: Mapping[str, str], name: str, content: Sequence[object]) -> None:
    """Replace the list whole.

    Raises:
        OSError: the folder cannot be written.
    """
    write_text(environ, name, json.dumps(content, ensure_ascii=True, indent=1))


def write_text(environ: Mapping[str, str], name: str, content: str) -> None:
    """Replace the file whole.

    Raises:
        OSError: the folder cannot be written.
    """
    folder = paths.state_folder(environ)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    path = os.path.join(folder, name)
    temporary = f"{path}.{os.getpid()}.new"
    try:
        with os.fdopen(os.open(temporary, _CREATE, 0o600), "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def change_list(environ: Mapping[str, str], name: str, change: Callable[[Sequence[object]], Sequence[object]]) -> Sequence[object]:
    """Replace the list by what `change` makes of it, so that two windows do not lose each other's entries; the new list.

    Raises:
        OSError: the folder cannot be written.
    """
    folder = paths.state_folder(environ)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    with _locked(folder):
        content = change(read_list(environ, name))
        write_list(environ, name, content)
    return content


def change_text(environ: Mapping[str, str], name: str, content: Callable[[], str]) -> None:
    """Replace the file by what `content` says once nobody else is writing: of several writers the last one has the latest.

    Raises:
        OSError: the folder cannot be written.
    """
    folder = paths.state_folder(environ)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    with _locked(folder):
        write_text(environ, name, content())


@contextlib.contextmanager
def _locked(folder: str) -> Iterator[None]:
    import fcntl

    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(_POLL)
            except OSError:
                break  # a file system without locks
        yield
    finally:
        os.close(fd)
