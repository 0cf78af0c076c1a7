"""Files that this program shares with the AWS CLI: read where they are certainly this user's, written only where there is room for them."""

from __future__ import annotations

import errno
import os
import stat

from tui_app.errors import RoledeckError
from tui_app.sessions.folder import FILE_LIMIT, PrivateFolder
from tui_app.text import clean

_OPEN = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC


def read_own(path: str) -> bytes:
    """The bytes of a regular file of this user's, links followed; the CLI's may have any mode.

    Raises:
        FileNotFoundError: there is none.
        OSError: it is none of ours, a device or too large, or cannot be read; `strerror` says why.
    """
    fd = os.open(path, _OPEN)
    try:
        facts = os.fstat(fd)
        if not stat.S_ISREG(facts.st_mode):
            raise OSError(errno.EINVAL, "it is no file")
        if facts.st_uid != os.geteuid():
            raise OSError(errno.EPERM, "it belongs to somebody else")
        if facts.st_size > FILE_LIMIT:
            raise OSError(errno.EFBIG, "it is too large")
        with open(fd, "rb", closefd=False) as file:
            return file.read(FILE_LIMIT)
    finally:
        os.close(fd)  # Python leaves open what it has been given and refuses, such as a folder


def make_sure_of_room(folder: PrivateFolder) -> None:
    """Write as much as a sign-in takes, and take it away again: what AWS gives for a refresh token must not be lost.

    Raises:
        RoledeckError: the folder cannot be written.
    """
    try:
        folder.try_out(FILE_LIMIT // 4)
    except OSError as failure:
        raise not_renewed(folder, failure) from None


def not_renewed(folder: PrivateFolder, failure: OSError) -> RoledeckError:
    """What to say where a renewed sign-in cannot be kept."""
    return RoledeckError(
        f"The sign-in is not renewed: {clean(folder.path)} cannot be written ({reason(failure)}), and it would be lost.",
        "Make it a folder of your own, with room in it.",
    )


def reason(failure: OSError) -> str:
    """Why a file cannot be used, as the end of a sentence."""
    return (failure.strerror or "unknown reason").lower()
