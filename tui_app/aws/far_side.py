"""The far side: a process that calls AWS for the screen, so that signing and parsing take no turn from the screen's interpreter.

Started by `far_line` with one descriptor, a socket to the screen. It reads requests, answers them in any order, and ends with the socket.
"""

from __future__ import annotations

import gc
import os
import socket
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from tui_app.aws.far_wire import HELLO, answered, failed, packed, paging_fields, receive, send, unpacked
from tui_app.errors import RoledeckError
from tui_app.model import AccessKey
from tui_app.secret import Secret

if TYPE_CHECKING:
    from tui_app.aws.door import AwsDoor

THREADS = 64
"""Calls at once: two looks round; each is mostly waiting."""
YOUNG, MIDDLE, OLD = 5000, 20, 100
"""How seldom garbage is looked for: models and clients stay, and going through them again and again would cost a tenth of the time."""
KINDNESS = 3
"""How far it stands back (`nice`) where there are fewer processors than work: whoever presses a key goes first."""
Key = tuple[str, str, str | None]


def serve(descriptor: int) -> None:
    """Answer until the other process has gone; then end this one at once, whatever is under way."""
    line = socket.socket(fileno=descriptor)
    try:
        _answer_all(line)
    except (EOFError, OSError):
        os._exit(0)
    os._exit(1)  # pragma: no cover - the line above ends by an exception alone


def _answer_all(line: socket.socket) -> None:
    _, endpoint_url = receive(line)
    side = _Side(line, _prepared(unpacked(endpoint_url)))
    pool = ThreadPoolExecutor(THREADS, "call")
    while True:
        number, request = receive(line)
        pool.submit(side.answer, number, request)


def _prepared(endpoint_url: str | None) -> AwsDoor:
    """The door, with everything imported that the first call would have to wait for."""
    with_kindness = getattr(os, "nice", None)
    if with_kindness:
        with_kindness(KINDNESS)
    gc.set_threshold(YOUNG, MIDDLE, OLD)
    from tui_app.aws import boto, bounded, callers, door, tls  # noqa: F401 - they are imported for their own sake

    gc.freeze()
    return door.AwsDoor(endpoint_url)


class _Side:
    """Answers on any thread."""

    def __init__(self, line: socket.socket, door: AwsDoor) -> None:
        self._line, self._door = line, door
        self._sending = threading.Lock()
        self._send(HELLO, b"")

    def answer(self, number: int, request: bytes | bytearray) -> None:
        """Do what a request says, and send what came of it."""
        try:
            content = packed(answered(self._done(*unpacked(request))))
        except RoledeckError as failure:
            content = packed(failed(failure))
        except Exception as failure:  # noqa: BLE001 - what botocore or we got wrong costs this call and no other
            content = packed(failed(_fault(failure)))
        self._send(number, content)

    def _done(self, method: str, positional: tuple[Any, ...], named: Mapping[str, Any]) -> Any:
        return _METHODS[method](self._door, *positional, **named)

    def _send(self, number: int, content: bytes) -> None:
        try:
            with self._sending:
                send(self._line, number, content)
        except OSError:
            os._exit(0)


def _call(door: AwsDoor, service: str, operation: str, *, key: Key | None, **named: Any) -> dict[str, Any]:
    return door.call(service, operation, key=_access_key(key), **named)


def _access_key(key: Key | None) -> AccessKey | None:
    if key is None:
        return None
    name, secret, token = key
    return AccessKey(name, Secret(secret), None if token is None else Secret(token))


def _paging(door: AwsDoor, service: str, operation: str) -> tuple[Any, ...] | None:
    return paging_fields(door.paging(service, operation))


def _offers(door: AwsDoor, service: str, region: str) -> bool:
    return door.offers(service, region)


def _regions(door: AwsDoor, partition: str) -> tuple[str, ...]:
    return door.regions(partition)


def _forget(door: AwsDoor, key_id: str) -> None:
    door.forget(key_id)
    gc.collect()  # a client hangs together with itself, and garbage is looked for seldom here


_METHODS: Mapping[str, Callable[..., Any]] = {
    "call": _call,
    "paging": _paging,
    "offers": _offers,
    "regions": _regions,
    "forget": _forget,
}


def _fault(failure: Exception) -> RoledeckError:
    """Which kind of fault it is; its text may hold values of the request."""
    return RoledeckError(
        f"The program has a fault: {type(failure).__name__} while AWS was asked.",
        "Nothing was lost. Report this line, so that it can be mended.",
    )
