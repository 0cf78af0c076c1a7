"""An AWS that answers at a listening socket.

moto is imported and the world put into it on a thread of its own; a request that comes earlier waits for that.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from tui_app.embedded_aws.http_server import Environ, LoopbackServer, StartResponse

if TYPE_CHECKING:
    from tui_app.embedded_aws.service import Service


class AnsweringAws:
    """Answers in this process from `start` to `stop`; one at a time in a process, as moto's state is global."""

    def __init__(self, listener: socket.socket, secret: str, *, empty: bool = False, seed_resources: bool = True) -> None:
        self._server = LoopbackServer(listener, self._answer)
        self._secret, self._empty, self._seed_resources = secret, empty, seed_resources
        self._loaded = threading.Event()
        self._loader = threading.Thread(target=self._load, name="embedded-aws-world", daemon=True)
        self._service: Service | None = None
        self._failure: BaseException | None = None
        self.seconds_to_load: float | None = None

    def start(self) -> None:
        """Begin to answer; the world is loaded meanwhile."""
        self._loader.start()
        self._server.serve()

    def stop(self) -> None:
        """Stop answering."""
        self._server.stop()
        if self._loader.ident is not None:
            self._loader.join()
        if self._service is not None:
            self._service.close()

    @property
    def loaded(self) -> bool:
        """Whether `service` will not wait."""
        return self._loaded.is_set()

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

    def _load(self) -> None:
        began = time.perf_counter()
        try:
            from tui_app.embedded_aws.service import Service

            self._service = Service(self._server.url, self._secret, empty=self._empty, seed_resources=self._seed_resources)
        except BaseException as failure:  # noqa: BLE001 - told to whoever asks, in `service`
            self._failure = failure
        self.seconds_to_load = time.perf_counter() - began
        self._loaded.set()

    def _answer(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        return self.service(environ, start_response)
