"""Takes a secret out of the clipboard after its time: a process of its own, so that it happens also when the screen has ended.

`python -m tui_app.handover.clipboard_clearing` reads one line of JSON: what to run, and a keyed digest of the secret. The secret itself it
never has.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import secrets
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui_app.handover.clipboard_tools import Tool

LIMIT = 10.0
"""Seconds a tool may take to read or to clear."""
_NAP = 1.0
_PRIVATE = ("AWS_", "ROLEDECK_")


def clear_later(tool: Tool, text: str, environ: Mapping[str, str], seconds: float) -> bool:
    """Start the process that clears what `tool` copied, if it is still `text` in `seconds`; False where that cannot be done."""
    if not (tool.reads and tool.clears and shutil.which(tool.reads[0], path=environ.get("PATH"))):
        return False
    salt = secrets.token_hex(16)
    order = {
        "after": seconds,
        "reads": tool.reads,
        "clears": tool.clears,
        "salt": salt,
        "digest": _digest(text.encode(), salt),
    }
    # our own variables say who we are in AWS, which no clipboard has to know
    variables = {name: value for name, value in environ.items() if not name.startswith(_PRIVATE)}
    try:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=variables,
            start_new_session=True,
            cwd="/",
        )
        with process.stdin or contextlib.nullcontext() as stream:
            if stream is not None:
                stream.write(json.dumps(order).encode() + b"\n")
    except OSError:
        return False
    # it may outlive this program; where it does not, somebody has to hear of its end
    threading.Thread(target=process.wait, name="clearing", daemon=True).start()
    return True


def clear(order: Mapping[str, object]) -> bool:
    """Wait for the time, and empty the clipboard if it still holds what was copied; whether it did."""
    _wait(float(str(order["after"])))
    if not hmac.compare_digest(_digest(_output(_words(order["reads"])), str(order["salt"])), str(order["digest"])):
        return False
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        # such a tool may stay behind to serve the empty clipboard, so nothing waits for its outputs to close
        subprocess.run(
            _words(order["clears"]),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=LIMIT,
            check=False,
        )
    return True


def _wait(seconds: float) -> None:
    """By both clocks: a laptop that slept has waited too, and a clock that was set back keeps nobody."""
    wall, steady = time.time() + seconds, time.monotonic() + seconds
    while (left := min(wall - time.time(), steady - time.monotonic())) > 0:
        time.sleep(min(left, _NAP))


def _output(argv: Sequence[str]) -> bytes:
    """What a tool prints, with nothing on its stdin; empty where it fails."""
    try:
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=LIMIT, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return b""
    return done.stdout if done.returncode == 0 else b""


def _digest(text: bytes, salt: str) -> str:
    """Of the text as clipboards give it back: Windows has its own line ends, and tools add or drop the last one."""
    return hmac.new(bytes.fromhex(salt), text.replace(b"\r\n", b"\n").rstrip(b"\n"), hashlib.sha256).hexdigest()


def _words(value: object) -> list[str]:
    return [str(word) for word in value] if isinstance(value, (list, tuple)) else []


if __name__ == "__main__":
    clear(json.loads(sys.stdin.readline()))
