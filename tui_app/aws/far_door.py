"""The door to AWS for looking round from the screen: the same as `AwsDoor`, but the work is done by a process of its own.

botocore computes for a second and more until a first sight is there. In this process it would take turns with the screen, as both have
one interpreter. The other process starts at the first call and lasts as long as the screen; who never looks round has none.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from tui_app.aws.door import AwsDoor
from tui_app.aws.far_line import Line, LineEnded
from tui_app.aws.far_wire import outcome, packed, paging_fields
from tui_app.aws.paging import Paging
from tui_app.errors import Cancelled, OutOfReach
from tui_app.model import AccessKey

MOST_LOST = 3
"""After so many processes that ended by themselves, calls are made in this one."""


class FarDoor:
    """The part of `AwsDoor` that looking round needs, for any number of threads.

    Raises:
        ConfigUnusable: the endpoint is plain http to another machine, or no address at all.
    """

    def __init__(self, endpoint_url: str | None = None) -> None:
        self._near = AwsDoor(endpoint_url)
        self.endpoint_url = self._near.endpoint_url
        self._starting = threading.Lock()
        self._line: Line | None = None
        self._lost = 0
        self._closed = False
        self._pagings: dict[tuple[str, str], Paging | None] = {}

    @property
    def pid(self) -> int | None:
        """Of the process, where there is one."""
        line = self._line
        return line.pid if line else None

    def call(  # noqa: PLR0913 - as AwsDoor's
        self,
        service: str,
        operation: str,
        *,
        region: str,
        key: AccessKey | None,
        parameters: Mapping[str, Any],
        read_timeout: float | None = None,
        retry: bool = True,
    ) -> dict[str, Any]:
        """As `AwsDoor.call`; moments are in UTC, and an answer that is an open stream has None in its place.

        Raises:
            Refused, SessionExpired, OutOfReach, ConfigUnusable: each with a sentence.
            Cancelled: the screen has ended.
        """
        named: dict[str, Any] = {"region": region, "parameters": dict(parameters), "read_timeout": read_timeout, "retry": retry}
        signed = {"key": None if key is None else (key.id, key.secret.reveal(), key.token.reveal() if key.token else None)}
        near = partial(self._near.call, service, operation, key=key, **named)
        answer: dict[str, Any] = self._ask(near, "call", (service, operation), named | signed)
        return answer

    def paging(self, service: str, operation: str) -> Paging | None:
        """As `AwsDoor.paging`; asked for once."""
        name = (service, operation)
        if name not in self._pagings:
            found = self._ask(lambda: paging_fields(self._near.paging(*name)), "paging", name)
            self._pagings[name] = None if found is None else Paging(*found)
        return self._pagings[name]

    def regions(self, partition: str) -> tuple[str, ...]:
        """As `AwsDoor.regions`."""
        found: tuple[str, ...] = self._ask(partial(self._near.regions, partition), "regions", (partition,))
        return found

    def offers(self, service: str, region: str) -> bool:
        """As `AwsDoor.offers`."""
        return bool(self.endpoint_url or self._ask(partial(self._near.offers, service, region), "offers", (service, region)))

    def host(self, service: str, region: str) -> str:
        """As `AwsDoor.host`."""
        return self._near.host(service, region)

    def forget(self, key_id: str) -> None:
        """As `AwsDoor.forget`, without waiting for the process; where there is none, none is started."""
        self._near.forget(key_id)
        line = self._line
        if line is not None:
            line.tell(packed(("forget", (key_id,), {})))

    def close(self) -> None:
        """End the process. Whoever waits for an answer is told that the screen has ended, and so is whoever asks afterwards."""
        with self._starting:
            self._closed, line, self._line = True, self._line, None
        if line is not None:
            line.end()

    def _ask(self, near: Callable[[], Any], method: str, positional: tuple[Any, ...], named: Mapping[str, Any] | None = None) -> Any:
        """What the far side answers; what `near` does where there is none, and none to be had.

        Raises:
            RoledeckError: what it answered, or that it ended meanwhile.
        """
        request = packed((method, positional, named or {}))
        while (line := self._line_now()) is not None:
            try:
                return outcome(line.ask(request))
            except LineEnded as end:
                self._drop(line)
                if end.began:
                    raise OutOfReach(
                        "The part of roledeck that asks AWS ended without an answer.", "Ask again; it has been started anew."
                    ) from None
        return near()

    def _line_now(self) -> Line | None:
        """The line, started if there is none; None where it cannot be.

        Raises:
            Cancelled: the screen has ended.
        """
        with self._starting:
            if self._closed:
                raise Cancelled("The screen has ended.")
            if self._line is None and self._lost < MOST_LOST:
                try:
                    self._line = Line(self.endpoint_url, os.environ)
                except OSError:
                    self._lost += 1
            return self._line

    def _drop(self, line: Line) -> None:
        with self._starting:
            if self._line is line:
                self._line, self._lost = None, self._lost + 1
            if self._closed:
                raise Cancelled("The screen has ended.") from None
