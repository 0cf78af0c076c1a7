"""Read a file that a person may have put anything under: never hangs, never raises, never reads without end; imports only `os`."""

from __future__ import annotations

import os

SIZE_LIMIT = 16 * 1024 * 1024
"""More than this is no configuration: ten thousand profiles are about two MiB."""
ABSENT = "is not there"
_KINDS, _FILE, _FOLDER = 0o170000, 0o100000, 0o040000
"""As in `stat`, which the hot path does not import."""


def read_file(path: str) -> tuple[bytes, str]:
    """The file's bytes, and an empty text; or no bytes, and what is wrong, as the end of a sentence that starts with the path.

    A named pipe is opened without waiting and then refused, as are folders and devices, except the null device, which is an empty file.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return b"", ABSENT
    except NotADirectoryError:
        return b"", ABSENT
    except (OSError, ValueError) as error:
        return b"", _cannot(error)
    try:
        return _read(descriptor, path)
    except OSError as error:
        return b"", _cannot(error)
    finally:
        os.close(descriptor)


def _read(descriptor: int, path: str) -> tuple[bytes, str]:
    status = os.fstat(descriptor)
    kind = status.st_mode & _KINDS
    if kind != _FILE:
        return b"", "" if path == os.devnull else "is a folder, not a file" if kind == _FOLDER else "is not a regular file"
    if status.st_size > SIZE_LIMIT:
        return b"", f"is larger than {SIZE_LIMIT >> 20} MiB"
    pieces, left, at_once = [], SIZE_LIMIT + 1, max(1 << 20, status.st_size + 1)
    while left and (piece := os.read(descriptor, min(left, at_once))):
        pieces.append(piece)
        left -= len(piece)
    return (b"".join(pieces), "") if left else (b"", f"is larger than {SIZE_LIMIT >> 20} MiB")


def _cannot(error: Exception) -> str:
    return f"cannot be read: {(getattr(error, 'strerror', None) or 'the path is not valid').lower()}"
