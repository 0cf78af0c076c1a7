"""A web identity token in a file: a pod's or a pipeline's proof of who it is, read again at every use."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping

from tui_app import paths
from tui_app.errors import ConfigUnusable
from tui_app.model import Origin
from tui_app.secret import Secret
from tui_app.text import clean

LONGEST_TOKEN = 20_000
"""Characters that STS takes."""
_LEAST = 4


def token_in(path: str, environ: Mapping[str, str], where: Origin | None = None) -> Secret:
    """The token in the file; a relative path counts from the working folder, as botocore reads it.

    Raises:
        ConfigUnusable: there is no such file, or no token in it; `where` is the setting that names it.
    """
    place = f" ({clean(paths.shown(str(where), environ))})" if where else ""
    named = f"The web identity token file {clean(paths.shown(path, environ))}{place}"
    try:
        text = _read(path)
    except (OSError, ValueError) as failure:
        reason = (getattr(failure, "strerror", None) or "it is no file").lower()
        raise ConfigUnusable(f"{named} cannot be read: {reason}.", "Check the path, and that its owner has written it.") from None
    token = text.strip()
    if not _LEAST <= len(token) <= LONGEST_TOKEN or not token.isascii() or not token.isprintable() or " " in token:
        raise ConfigUnusable(f"{named} has no token in it.", "It should hold one line, an OpenID Connect token.")
    return Secret(token)


def _read(path: str) -> str:
    fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(fd, "rb") as file:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise ValueError("no file")
        return file.read(LONGEST_TOKEN + 1024).decode("utf-8", "replace")
