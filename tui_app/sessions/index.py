"""The fast path of `credential-process` and `env`: ready-made answers, good only while nothing that led to them has changed.

One private file for each name as people type it. Lines: magic, the epoch second it is good until, the number of environment
variables and one line each, the number of stamps and one line each (`mtime_ns size inode path`), then the answer. Reading
imports nothing but `os`, `stat` and `time`: `re` or `json` alone would cost more than the rest of the program.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Mapping, Sequence

from tui_app import paths

MAGIC = "roledeck index 1"
LIMIT = 64 * 1024
LONGEST_NAME = 120
"""Bytes; twice as many hex digits still fit a file name."""
VARIABLES = (
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "ROLEDECK_AWS_CONFIG_FILE",
    "ROLEDECK_AWS_SHARED_CREDENTIALS_FILE",
    "ROLEDECK_CONFIG",
    "ROLEDECK_ENDPOINT_URL",
    "XDG_CONFIG_HOME",
    "XDG_CACHE_HOME",
    "XDG_STATE_HOME",
    "HOME",
    "USERPROFILE",
    "HOMEDRIVE",
    "HOMEPATH",
    "AWS_ACCESS_KEY_ID",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
)
"""What decides which files are read, where a chain starts and where a request goes; none of them is a key or a token."""
SAFETY = 60
"""Seconds before the end at which a session is not handed out any more."""
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

Stamp = tuple[str, int, int, int]
"""Path, mtime in nanoseconds, size, inode; zeros for what is not there."""


def read_ready(name: str, environ: Mapping[str, str], now: float | None = None) -> str | None:
    """The ready-made answer for `name`, or None where the slow path has to look."""
    file_name = _file_name(name)
    text = _read(paths.index_folder(environ) + "/" + file_name) if file_name else None
    return _answer(text, environ, time.time() if now is None else now) if text else None


def write_ready(name: str, environ: Mapping[str, str], answer: str, good_until: float, stamps: Sequence[Stamp]) -> bool:
    """File the answer (a secret) for `name`; False where it cannot be filed, which only means the slow path next time."""
    from tui_app.sessions.folder import PrivateFolder

    file_name = _file_name(name)
    variables = [f"{variable}={_value(environ, variable)}" for variable in VARIABLES]
    facts = [f"{mtime} {size} {inode} {path}" for path, mtime, size, inode in stamps]
    lines = [MAGIC, str(int(good_until)), str(len(variables)), *variables, str(len(facts)), *facts]
    if not file_name or any("\n" in line or "\r" in line for line in lines):
        return False
    try:
        PrivateFolder(paths.index_folder(environ)).put(file_name, ("\n".join(lines) + "\n" + answer).encode("utf-8", "surrogateescape"))
    except (OSError, UnicodeEncodeError):
        return False
    return True


def stamp(path: str) -> Stamp:
    """What tells whether a file or folder is still the one that was read."""
    try:
        facts = os.stat(path)
    except (OSError, ValueError):
        return path, 0, 0, 0
    return path, facts.st_mtime_ns, facts.st_size, facts.st_ino


def clear(environ: Mapping[str, str]) -> None:
    """Take all ready-made answers away."""
    from tui_app.sessions.folder import PrivateFolder

    folder = PrivateFolder(paths.index_folder(environ))
    try:
        for name in folder.names():
            folder.remove(name)
    except OSError:
        return


def _file_name(name: str) -> str:
    raw = name.encode("utf-8", "surrogateescape")
    return raw.hex() if 0 < len(raw) <= LONGEST_NAME else ""


def _value(environ: Mapping[str, str], variable: str) -> str:
    # an absent variable differs from an empty one
    value = environ.get(variable)
    return "-" if value is None else "=" + value


def _read(path: str) -> str | None:
    try:
        fd = os.open(path, _READ)
    except (OSError, ValueError):
        return None
    try:
        facts = os.fstat(fd)
        private = stat.S_ISREG(facts.st_mode) and facts.st_uid == os.geteuid() and not facts.st_mode & 0o077 and facts.st_nlink == 1
        if not private or facts.st_size > LIMIT:
            return None
        return os.read(fd, LIMIT).decode("utf-8", "surrogateescape")
    except OSError:
        return None
    finally:
        os.close(fd)


def _answer(text: str, environ: Mapping[str, str], now: float) -> str | None:
    lines = text.split("\n")
    try:
        if lines[0] != MAGIC or now >= int(lines[1]):
            return None
        first = 3
        last = first + int(lines[2])
        if any(f"{variable}={_value(environ, variable)}" != line for variable, line in zip(VARIABLES, lines[first:last], strict=True)):
            return None
        first, last = last + 1, last + 1 + int(lines[last])
        answer = "\n".join(lines[last:])
        return answer if answer and all(_same(line) for line in lines[first:last]) else None
    except (ValueError, IndexError):
        return None


def _same(line: str) -> bool:
    mtime, size, inode, path = line.split(" ", 3)
    return stamp(path) == (path, int(mtime), int(size), int(inode))
