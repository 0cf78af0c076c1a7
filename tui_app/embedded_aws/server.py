"""The embedded AWS as one object in this process: its premises, and the AWS that answers there. For `demo serve` and the tests."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import TYPE_CHECKING, Self

from tui_app.embedded_aws.answering import AnsweringAws
from tui_app.embedded_aws.premises import Premises

if TYPE_CHECKING:
    from tui_app.embedded_aws.service import Service

_one_at_a_time = threading.Lock()


class EmbeddedAws:
    """An AWS of one's own on 127.0.0.1, for the demo and the tests; one at a time in a process, as moto's state is global.

    `port` 0 takes a free one; `empty` starts without accounts; without `seed_resources` the accounts have people and roles
    only. A `folder` that is given is not removed at the end.

    Raises:
        OSError: the port is taken, or there is no place for temporary files.
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
            self._premises = Premises(port, secret, empty=empty, folder=folder)
        except OSError:
            _one_at_a_time.release()
            raise
        self.url, self.secret, self.folder = self._premises.url, self._premises.secret, self._premises.folder
        self._answering = AnsweringAws(self._premises.listener, self.secret, empty=empty, seed_resources=seed_resources)

    def start(self) -> None:
        """Begin to answer; the world is loaded meanwhile."""
        self._answering.start()

    def close(self) -> None:
        """Stop answering and remove the folder; a second time it does nothing."""
        if self._closed:
            return
        self._closed = True
        self._answering.stop()
        self._premises.close()
        _one_at_a_time.release()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def environment(self) -> dict[str, str]:
        """The variables that point an AWS client, and roledeck itself, at this AWS."""
        return self._premises.environment()

    @property
    def seconds_to_load(self) -> float | None:
        """How long moto and the world took; None until they are there."""
        return self._answering.seconds_to_load

    @property
    def service(self) -> Service:
        """The AWS itself: clock, faults, calls and the gate; waits until it is loaded.

        Raises:
            RuntimeError: it could not be loaded.
        """
        return self._answering.service

    def code(self, serial: str) -> tuple[str, int]:
        """The authenticator: the code that the device shows now, and the seconds it still shows it.

        Raises:
            KeyError: there is no such device.
        """
        return self.service.code(serial)
