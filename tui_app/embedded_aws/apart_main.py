"""The process of an embedded AWS that runs apart: it answers at the socket it was given, until the one who started it is gone.

Its stdin is one end of a pair of sockets, one JSON object a line. It is told `{"secret", "folder", "descriptors"}` first, of which the
first descriptor is the socket to answer at, and then asked `{"device": ARN}`. It says `{"device": ARN, "seed": Base32 or null}` to that,
`{"offset": SECONDS}` when its clock was shifted, and `{"failed": WHY}` when moto cannot be loaded, which ends it. Nothing is looked up
before it is loaded: a null may become a seed later.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import socket
import sys
import threading
from collections.abc import Mapping

from tui_app.embedded_aws.answering import AnsweringAws
from tui_app.temporary import remove_folder


def main() -> None:
    """Answer until stdin ends, then remove the folder."""
    # nothing that moto's import makes is garbage, and looking for some would take a tenth of the time
    gc.disable()
    # botocore would load 50 ms of AWS's C runtime, which only clients need
    sys.modules["awscrt"] = None  # type: ignore[assignment]
    line = socket.socket(fileno=0)
    folder = ""
    try:
        with line.makefile("rb") as asked:
            order = json.loads(asked.readline())
            folder = order["folder"]
            aws = AnsweringAws(socket.socket(fileno=order["descriptors"][0]), order["secret"])
            aws.start()
            threading.Thread(target=_report, args=(aws, line), daemon=True).start()
            for question in asked:
                _say(line, _look_up(aws, json.loads(question)["device"]))
    finally:
        if folder:
            remove_folder(folder)
        # at once: moto may be half loaded, and a request may be half answered
        os._exit(0)


def _report(aws: AnsweringAws, line: socket.socket) -> None:
    """Say what its end of the line has to know: that it failed, or how far its clock is off, now and whenever it is shifted."""
    try:
        gate = aws.service.gate
    except RuntimeError as failure:
        _say(line, {"failed": str(failure.__cause__ or failure)})
        os._exit(1)
    gc.enable()
    telling = threading.Lock()

    def tell(_offset: float) -> None:
        with telling:  # looked at in here, so that what is said last is what holds
            _say(line, {"offset": gate.offset})

    gate.shifted = tell
    tell(gate.offset)


def _look_up(aws: AnsweringAws, serial: str) -> Mapping[str, object]:
    if not aws.loaded:
        return {"device": serial, "seed": None}
    from tui_app.embedded_aws.mfa import device_of

    device = device_of(serial)
    return {"device": serial, "seed": device.base32_string_seed if device else None}


def _say(line: socket.socket, message: Mapping[str, object]) -> None:
    with contextlib.suppress(OSError):  # nobody is there any more, which the main thread hears too
        line.sendall(json.dumps(message).encode() + b"\n")
