"""The embedded AWS as one object: a socket, a folder with config files, and the AWS behind them.

The socket is bound and the files are written when the object is made, in milliseconds; moto is imported and the world put
into it on a thread of its own, and a request that comes earlier waits for that.
"""

from __future__ import annotations

import os
import secrets
import threading
import time
from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Self

from tui_app.embedded_aws.files import REGION, write_files
from tui_app.embedded_aws.http_server import Environ, LoopbackServer, StartResponse
from tui_app.paths import DEMO_FOLDER
from tui_app.temporary import new_folder, remove_folder

if TYPE_CHECKING:
    from tui_app.embedded_aws.service import Service

_one_at_a_time = threading.Lock()


class EmbeddedAws:
    """An AWS of one's own on 127.0.0.1, for the demo and the tests; one at a time in a process, as moto's state is global.

    `port` 0 takes a free one; `empty` starts without accounts; without `seed_resources` the accounts have people and roles
    only. A `folder` that is given is not removed at the end.

    Raises:
        OSError: the port is taken.
        RuntimeError: another one is running in this process.
    """

    def __init__(
        self, port: int = 0, secret: str | None = None, *, empty: bool = False, folder: str | None = None, seed_resources: bool = True
    ) -> None:
        if not _one_at_a_time.acquire(blocking=False):
            message = "another embedded AWS is running in this process"
            raise RuntimeError(message)
        self._closed = False
        try:
            self._server = LoopbackServer(port, self._answer)
        except OSError:
            _one_at_a_time.release()
            raise
        self.url = self._server.url
        self.secret = secret or secrets.token_hex(16)
        self._owner: int | None = None
        if folder:
            self.folder = folder
        else:
            self.folder, self._owner = new_folder(DEMO_FOLDER)
        self._files = write_files(self.folder, self.url, empty=empty)
        self._empty, self._seed_resources = empty, seed_resources
        self._loaded = threading.Event()
        self._loader = threading.Thread(target=self._load, name="embedded-aws-world", daemon=True)
        self._service: Service | None = None
        self._failure: BaseException | None = None
        self.seconds_to_load: float | None = None

    def start(self) -> None:
        """Begin to answer; the world is loaded meanwhile."""
        self._loader.start()
        self._server.serve()

    def close(self) -> None:
        """Stop answering and remove the folder; a second time it does nothing."""
        if self._closed:
            return
        self._closed = True
        self._server.stop()
        if self._loader.ident is not None:
            self._loader.join()
        if self._service is not None:
            self._service.close()
        if self._owner is not None:
            remove_folder(self.folder)
            os.close(self._owner)
        _one_at_a_time.release()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def environment(self) -> dict[str, str]:
        """The variables that point an AWS client, and roledeck itself, at this AWS."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "ROLEDECK_ENDPOINT_URL": self.url,
            **self._files,
            "AWS_DEFAULT_REGION": REGION,
            "ROLEDECK_DEMO_SECRET": self.secret,
        }

    @property
    def service(self) -> Service:
        """The AWS itself: clock, faults, calls and the gate; waits until it is loaded.

        Raises:
            RuntimeError: it could not be loaded.
        """
        self._loaded.wait()
        if self._service is None:
            message = "the embedded AWS could not be loaded"
            raise RuntimeError(message) from self._failure
        return self._service

    def code(self, serial: str) -> tuple[str, int]:
        """The authenticator: the code that the device shows now, and the seconds it still shows it.

        Raises:
            KeyError: there is no such device.
        """
        return self.service.code(serial)

    def _load(self) -> None:
        began = time.perf_counter()
        try:
            from tui_app.embedded_aws.service import Service

            self._service = Service(self.url, self.secret, empty=self._empty, seed_resources=self._seed_resources)
        except BaseException as failure:  # noqa: BLE001 - told to whoever asks, in `service`
            self._failure = failure
        self.seconds_to_load = time.perf_counter() - began
        self._loaded.set()

    def _answer(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        return self.service(environ, start_response)
