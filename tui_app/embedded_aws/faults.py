"""Answers that go wrong on purpose: throttled, broken, late, cut off, or not from AWS at all."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

from tui_app.embedded_aws.actions import iam_action
from tui_app.embedded_aws.http_server import Hangup
from tui_app.embedded_aws.spelling import refusal
from tui_app.embedded_aws.wire import Answer, AwsError, AwsRequest, text_answer
from tui_app.values import frozen

KINDS = ("throttle", "500", "slow", "drop", "garbage", "html", "truncate")

_UNKNOWN = "The request processing has failed because of an unknown error, exception or failure."
_CAPTIVE_PORTAL = "<!doctype html><html><head><title>Guest network</title></head><body><h1>Sign in to the guest network</h1></body></html>"
_CUT = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 5000\r\nConnection: close\r\n\r\n<AssumeRoleResponse><AssumeRoleRes"


@frozen
class Fault:
    """What goes wrong with the next `times` requests whose `service:Action` contains `match`; `arg` is seconds."""

    match: str
    kind: str
    times: int
    arg: float


class Faults:
    """The faults that still wait for a request, first come first served."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """Let one more wait; one with no times takes back those with the same match and kind."""
        with self._lock:
            if fault.times:
                self._waiting.append(fault)
            else:
                self._waiting = [other for other in self._waiting if (other.match, other.kind) != (fault.match, fault.kind)]

    def clear(self) -> None:
        """Take all back."""
        with self._lock:
            self._waiting.clear()

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def take(self, request: AwsRequest) -> Fault | None:
        """The fault that this request meets, used up by one."""
        names = f"{request.service}:{request.action} {iam_action(request.service, request.action, request.method)}"
        with self._lock:
            for index, fault in enumerate(self._waiting):
                if fault.match in names:
                    self._waiting[index : index + 1] = [replace(fault, times=fault.times - 1)] if fault.times > 1 else []
                    return fault
        return None


def suffer(fault: Fault, request: AwsRequest) -> Answer | None:
    """The answer that this fault makes of the request; None where the request is only late and goes on.

    Raises:
        Hangup: the connection is to be cut.
    """
    if fault.kind == "slow":
        time.sleep(fault.arg)
        return None
    if fault.kind == "throttle":
        return refusal(request, AwsError("Throttling", "Rate exceeded", 400))
    if fault.kind == "500":
        return refusal(request, AwsError("InternalFailure", _UNKNOWN, 500))
    if fault.kind == "html":
        return text_answer(_CAPTIVE_PORTAL)
    if fault.kind == "garbage":
        return Answer(200, (("Content-Type", "text/xml"),), b"\x00\xff<not aws</")
    raise Hangup(_CUT if fault.kind == "truncate" else b"")
