"""Writing what the explorer shows into a file of its own: a fixed name, never over another file, for the person's own eyes only."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from tui_app.errors import RoledeckError
from tui_app.text import clean

if TYPE_CHECKING:
    from tui_app.ui.jobs import Job

PRIVATE = 0o600
MOST = 99
"""Files of one second."""


class Writing:
    """A file under way: how many rows it will have, and how many are done. `job` is what `esc` cancels."""

    def __init__(self, rows: int) -> None:
        self.rows, self.done = rows, 0
        self.job: Job | None = None


def write_file(what: str, account: str, form: str, text: str, now: float, folder: str = "") -> str:
    """Write a file that was not there before, 0600, and return its name: `roledeck-ACCOUNT-WHAT-DATE-TIME.csv` in the working folder.

    Raises:
        RoledeckError: it cannot be written.
    """
    stamp = f"{datetime.fromtimestamp(now):%Y%m%d-%H%M%S}"  # noqa: DTZ006 - local time, as file managers show it
    stem = "-".join(("roledeck", *filter(None, (_plain(account), _plain(what))), stamp))
    names = [f"{stem}.{form}", *(f"{stem}-{number}.{form}" for number in range(2, MOST))]
    try:
        return _placed(_filled(folder or os.curdir, text), folder, names)
    except OSError as error:
        raise _unwritable(error, folder) from None


def _filled(folder: str, text: str) -> str:
    """A file under a name of its own, on the disk as a whole."""
    handle, path = tempfile.mkstemp(".tmp", ".roledeck-", folder)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        _take_away(path)
        raise
    return path


def _placed(whole: str, folder: str, names: Iterable[str]) -> str:
    """Give the file the first name that nothing has; it loses the one it had."""
    try:
        for name in names:
            with suppress(FileExistsError):
                _give_name(whole, os.path.join(folder, name))
                return name
    finally:
        _take_away(whole)
    raise RoledeckError("There are a hundred files of this second already.", "Try again in a moment.")


def _give_name(whole: str, path: str) -> None:
    try:
        os.link(whole, path)
    except FileExistsError:
        raise
    except OSError:  # a file system that has no links: an empty file holds the name until the whole one is there
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE))
        os.replace(whole, path)


def _take_away(path: str) -> None:
    with suppress(OSError):
        os.unlink(path)


def _unwritable(error: OSError, folder: str) -> RoledeckError:
    try:
        name = clean(os.path.basename(folder or os.getcwd()) or "/")
    except OSError:
        name = "the working folder, which is no more"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return RoledeckError(f"There is no room in {name}, so nothing was written.", "Make some, or start roledeck in another folder.")
    return RoledeckError(f"Nothing can be written into {name}: {error.strerror or 'unknown'}.", "Start roledeck in a folder of your own.")


def _plain(text: str) -> str:
    return "".join(character for character in text if character.isascii() and (character.isalnum() or character in "-_"))[:64]
