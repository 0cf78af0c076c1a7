"""What a file or folder looked like when it was read, so that any difference can be told without reading it again."""

from __future__ import annotations

import os

from tui_app.values import frozen


@frozen
class FileStamp:
    """A path with the facts that change when it is written, replaced or removed; all zero where it is absent."""

    path: str
    mtime_ns: int = 0
    size: int = 0
    inode: int = 0


def stamp(path: str) -> FileStamp:
    """The stamp of `path` as it is now; a path that cannot be looked at counts as absent."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return FileStamp(path)
    return FileStamp(path, status.st_mtime_ns, status.st_size, status.st_ino)
