"""Where an embedded AWS is to be found: a listening socket, a secret, and a folder with the files that point a client at it.

Made in milliseconds, before anything answers: what connects meanwhile waits in the system's queue.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import socket

from tui_app.embedded_aws.files import REGION, write_files
from tui_app.paths import DEMO_FOLDER
from tui_app.temporary import new_folder, remove_folder

LOOPBACK = "127.0.0.1"
_QUEUE = 128
"""Connections that may wait until they are taken."""


def listen(port: int) -> socket.socket:
    """A socket that listens on 127.0.0.1; `port` 0 takes a free one.

    Raises:
        OSError: the port is taken.
    """
    return socket.create_server((LOOPBACK, port), backlog=_QUEUE)


class Premises:
    """See the module. `listener` may be handed on and closed; a `folder` that is given is not removed at the end.

    Raises:
        OSError: the port is taken, or there is no place for temporary files.
    """

    def __init__(self, port: int = 0, secret: str | None = None, *, empty: bool = False, folder: str | None = None) -> None:
        self.listener = listen(port)
        self.url = f"http://{LOOPBACK}:{self.listener.getsockname()[1]}"
        self.secret = secret or secrets.token_hex(16)
        self.owner: int | None = None
        """The descriptor that keeps the folder ours, see `temporary`; None for a folder that was given."""
        self.folder = folder or ""
        try:
            if not folder:
                self.folder, self.owner = new_folder(DEMO_FOLDER)
            self._files = write_files(self.folder, self.url, empty=empty)
        except OSError:
            self.close()
            raise

    def environment(self) -> dict[str, str]:
        """The variables that point an AWS client, and roledeck itself, at this AWS."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "ROLEDECK_ENDPOINT_URL": self.url,
            **self._files,
            "AWS_DEFAULT_REGION": REGION,
            "ROLEDECK_DEMO_SECRET": self.secret,
        }

    def close(self) -> None:
        """Give the port back and remove the folder."""
        self.listener.close()
        if self.owner is not None:
            remove_folder(self.folder)
            with contextlib.suppress(OSError):
                os.close(self.owner)
            self.owner = None
