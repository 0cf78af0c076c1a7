"""The line to the far side: a process of its own, a socket that nobody else has, and who waits for which answer.

The process is the same interpreter with the same import path, less the folder it was started in. It stands in a session of its own, so
that no key of the terminal reaches it; it has no terminal and no file of ours; of the environment it gets what decides how AWS is reached.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import socket
import struct
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from tui_app.aws.far_wire import HELLO, packed, receive, send

if TYPE_CHECKING:
    import subprocess

START = "import sys; sys.path[:] = sys.argv[2:]; from tui_app.aws.far_side import serve; serve(int(sys.argv[1]))"
LONGEST = 90.0
"""Seconds without a word after which it hangs: the door's own time limits, with its attempts, end before."""
LONGEST_SEND = 10
_LOOK, _GONE = 5.0, 1.0
"""Seconds between two looks at whether it hangs, and that a killed process may take to go."""
_VARIABLES = frozenset({
    "HOME", "PATH", "TMPDIR", "TZ", "LANG",
    "AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR",
    "HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy",
    "AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT", "AWS_S3_US_EAST_1_REGIONAL_ENDPOINT", "AWS_S3_USE_ARN_REGION",
    "AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS", "AWS_S3_DISABLE_EXPRESS_SESSION_AUTH", "AWS_ACCOUNT_ID_ENDPOINT_MODE",
    "AWS_AUTH_SCHEME_PREFERENCE", "AWS_DISABLE_HOST_PREFIX_INJECTION", "AWS_SIGV4A_SIGNING_REGION_SET", "AWS_DISABLE_REQUEST_COMPRESSION",
    "AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES", "AWS_REQUEST_CHECKSUM_CALCULATION", "AWS_RESPONSE_CHECKSUM_VALIDATION",
    "AWS_ENDPOINT_DISCOVERY_ENABLED", "AWS_EXECUTION_ENV", "AWS_SDK_UA_APP_ID", "BOTOCORE_TCP_KEEPALIVE", "BOTO_DISABLE_CRT",
})  # fmt: skip
_PREFIXES = ("LC_", "LD_", "DYLD_", "OPENSSL_", "FAKETIME")


class LineEnded(Exception):
    """There is no answer and will be none. `began` is False where no request can have been taken."""

    def __init__(self, *, began: bool) -> None:
        super().__init__()
        self.began = began


class Line:
    """One far side, for any number of threads. Making it starts the process, and does not wait for it.

    Raises:
        OSError: it cannot be started.
    """

    def __init__(self, endpoint_url: str | None, environ: Mapping[str, str]) -> None:
        self._socket, theirs = socket.socketpair()
        self._sending = threading.Lock()
        self._changing = threading.Lock()
        self._numbers = itertools.count(HELLO + 1)
        self._waiting: dict[int, _Waiting] = {}
        self._began = self._ended = False
        self._heard = time.monotonic()
        with theirs:
            try:
                self._process = _started(theirs.fileno(), environ)
            except BaseException:
                self._socket.close()
                raise
        # a timeout in Python's own sense would hold for reading too
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("@ll", LONGEST_SEND, 0))
        self._reader = threading.Thread(target=self._read, name="far side", daemon=True)
        self._reader.start()
        self._send(HELLO, packed(endpoint_url))

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    def ask(self, request: bytes) -> bytes | bytearray:
        """The answer to a request.

        Raises:
            LineEnded: the process ended, or says nothing any more.
        """
        number, mine = next(self._numbers), _Waiting()
        with self._changing:
            if self._ended:
                raise LineEnded(began=False)
            self._waiting[number] = mine
        self._send(number, request)
        asked = time.monotonic()
        while not mine.ended.wait(_LOOK):
            if time.monotonic() - max(asked, self._heard) > LONGEST:
                self.end()
        if mine.answer is None:
            raise LineEnded(began=self._began)
        return mine.answer

    def tell(self, request: bytes) -> None:
        """Send a request whose answer nobody waits for; to a process that has gone there is nothing to tell."""
        self._send(next(self._numbers), request)

    def end(self) -> None:
        """End the process, and wait until it has gone; again is as good as once."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._reader.join(_GONE)

    def _send(self, number: int, content: bytes) -> None:
        """Write a frame; where that fails everything ends, as half a frame may be under way."""
        try:
            with self._sending:
                send(self._socket, number, content)
        except OSError:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def _read(self) -> None:
        """Give out answers until the process has gone or `end` was called."""
        with contextlib.suppress(EOFError, OSError, MemoryError):
            while True:
                number, content = receive(self._socket)
                self._heard, self._began = time.monotonic(), True
                with self._changing:
                    mine = self._waiting.pop(number, None)
                if mine is not None:
                    mine.answer = content
                    mine.ended.set()
        with self._changing:
            self._ended = True
            left = list(self._waiting.values())
            self._waiting.clear()
        self._process.kill()
        self._process.wait()
        self._socket.close()
        for mine in left:
            mine.ended.set()


class _Waiting:
    """One request whose answer is not there yet."""

    def __init__(self) -> None:
        self.ended = threading.Event()
        self.answer: bytes | bytearray | None = None


def _started(descriptor: int, environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """The process; nothing that is open here is open there but the descriptor.

    Raises:
        OSError: it cannot be started.
    """
    import subprocess

    if not sys.executable:
        raise FileNotFoundError
    return subprocess.Popen(
        [sys.executable, "-I", *(["-B"] if sys.dont_write_bytecode else []), "-c", START, str(descriptor), *import_path(sys.path)],
        env=environment(environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(descriptor,),
        start_new_session=True,
    )


def import_path(own: Iterable[str]) -> list[str]:
    """Where the far side imports from: as this process does, but never from the folder it happens to stand in."""
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    with contextlib.suppress(OSError):
        here = os.getcwd()
        own = [place for place in own if place == root or os.path.realpath(place) != here]
    places = [place for place in own if os.path.isabs(place)]
    return places if root in places else [root, *places]


def environment(parent: Mapping[str, str]) -> dict[str, str]:
    """What decides how AWS is reached, and how a program runs at all; nothing that says who anybody is."""
    return {name: value for name, value in parent.items() if name in _VARIABLES or name.startswith(_PREFIXES)}
