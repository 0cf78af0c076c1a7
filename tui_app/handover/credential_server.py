"""One child's credentials over loopback, as a container's credential endpoint has them: whoever brings the child's token gets the answer.

The protocol is the AWS SDK guide's "Container credential provider": GET, the token as Authorization, one JSON object. What a browser, a
proxy or another user's program would send is refused before anything is looked up; refusals are fixed texts.
"""

from __future__ import annotations

import contextlib
import hmac
import secrets
import selectors
import socket
import threading
import time
from collections.abc import Sequence
from typing import Protocol, cast

from tui_app.values import frozen

LOOPBACK = "127.0.0.1"
AT_ONCE = 64
"""Connections whose request is not complete yet; for one more, the one that has taken longest is given up."""
HEADER_LIMIT = 16 * 1024
HEADER_SECONDS = 2.0
_FOREIGN = (b"origin", b"referer", b"x-forwarded-for", b"forwarded", b"via")
"""Headers that a program of the child's never sends, but a browser or a proxy does; so are all that start with `sec-fetch-`."""
_VERSIONS = (b"HTTP/1.1", b"HTTP/1.0")
_REQUEST_WORDS = 3


class Answer(Protocol):
    """The JSON of the credentials as they are now, or None where there are none; called on any thread."""

    def __call__(self, *, wait: bool) -> bytes | None:
        """With `wait` it may take a moment for new ones to come; without, it answers at once."""
        ...


class _Heard:
    """What a connection has said so far, and until when it must have said all."""

    __slots__ = ("data", "until")

    def __init__(self, until: float) -> None:
        self.data = bytearray()
        self.until = until


@frozen
class Reply:
    """A status with its phrase, and the body."""

    status: str
    body: bytes

    def __repr__(self) -> str:
        return f"Reply({self.status!r})"


_DENIED = Reply("403 Forbidden", b'{"code":"AccessDenied","message":"denied"}')
_NOT_FOUND = Reply("404 Not Found", b'{"code":"NotFound","message":"not found"}')
_NO_SUCH_METHOD = Reply("405 Method Not Allowed", b'{"code":"MethodNotAllowed","message":"only GET"}')
_BAD = Reply("400 Bad Request", b'{"code":"BadRequest","message":"not understood"}')
_TOO_LARGE = Reply("431 Request Header Fields Too Large", b'{"code":"BadRequest","message":"too large"}')
_TOO_SLOW = Reply("408 Request Timeout", b'{"code":"RequestTimeout","message":"too slow"}')
_ENDED = Reply("503 Service Unavailable", b'{"code":"SessionEnded","message":"The role session has ended; renew it with roledeck."}')


class CredentialServer:
    """Serves `answer` until it is closed; `url` and `token` are the child's alone.

    Raises:
        OSError: there is no port to be had on the loopback address.
    """

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._closed = threading.Event()
        self._reading: dict[socket.socket, _Heard] = {}
        self._listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            self._listening.bind((LOOPBACK, 0))
            self._listening.listen(128)
        except OSError:
            self._listening.close()
            raise
        self._listening.setblocking(False)
        self.port: int = self._listening.getsockname()[1]
        self.token = secrets.token_urlsafe(32)
        self._path = "/" + secrets.token_urlsafe(16)
        self._thread = threading.Thread(target=self._run, name="credential server", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where the child asks; worth nothing without the token."""
        return f"http://{LOOPBACK}:{self.port}{self._path}"

    def close(self) -> None:
        """Answer nobody any more; the port is free when this returns."""
        self._closed.set()
        # wakes the thread that waits; where shutdown cannot, a last connection does
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, self.port), 0.1):
            pass
        self._thread.join(HEADER_SECONDS)
        self._listening.close()

    def _run(self) -> None:
        """One thread for all connections: none of them can hold it up, and a child's question costs no thread of its own."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._listening, selectors.EVENT_READ)
            while not self._closed.is_set():
                for key, _ in selector.select(self._until_the_next()):
                    if key.fileobj is self._listening:
                        self._accept(selector)
                    elif (connection := cast("socket.socket", key.fileobj)) in self._reading:
                        self._hear(connection, selector)
                now = time.monotonic()
                for connection in [connection for connection, heard in self._reading.items() if heard.until <= now]:
                    self._say(connection, _TOO_SLOW, selector)
            for connection in self._reading:
                connection.close()

    def _until_the_next(self) -> float | None:
        """Seconds until somebody is too slow."""
        return max(0.0, next(iter(self._reading.values())).until - time.monotonic()) if self._reading else None

    def _accept(self, selector: selectors.BaseSelector) -> None:
        try:
            connection, peer = self._listening.accept()
        except BlockingIOError:
            return
        except OSError:
            if not self._closed.is_set():
                time.sleep(0.05)  # too many open files: some will be closed
            return
        if peer[0] != LOOPBACK:
            connection.close()
            return
        if len(self._reading) >= AT_ONCE:
            # who is slow, or means to be, never keeps the child out
            self._drop(next(iter(self._reading)), selector).close()
        connection.setblocking(False)
        self._reading[connection] = _Heard(time.monotonic() + HEADER_SECONDS)
        selector.register(connection, selectors.EVENT_READ)

    def _drop(self, connection: socket.socket, selector: selectors.BaseSelector) -> socket.socket:
        del self._reading[connection]
        selector.unregister(connection)
        return connection

    def _hear(self, connection: socket.socket, selector: selectors.BaseSelector) -> None:
        heard = self._reading[connection]
        try:
            more = connection.recv(4096)
        except BlockingIOError:
            return
        except OSError:
            more = b""
        heard.data += more
        head, end, body = heard.data.partition(b"\r\n\r\n")
        if len(heard.data) > HEADER_LIMIT:
            self._say(connection, _TOO_LARGE, selector)
        elif end:
            self._say(connection, _BAD if body else self._reply(bytes(head)), selector)
        elif not more:
            self._say(connection, _BAD, selector)

    def _say(self, connection: socket.socket, reply: Reply | None, selector: selectors.BaseSelector) -> None:
        """Answer and hang up; without a reply it is one that has to be waited for, by a thread that can wait."""
        self._drop(connection, selector)
        if reply is None:
            try:
                threading.Thread(target=self._say_later, args=(connection,), daemon=True).start()
            except RuntimeError:  # no thread to be had: SDKs ask again
                connection.close()
            return
        with connection, contextlib.suppress(OSError):
            # an answer is shorter than the buffer of any new connection
            connection.send(_packed(reply))

    def _say_later(self, connection: socket.socket) -> None:
        body = None if self._closed.is_set() else self._answer(wait=True)
        with connection, contextlib.suppress(OSError):
            connection.send(_packed(_ENDED if body is None else Reply("200 OK", body)))

    def _reply(self, head: bytes) -> Reply | None:
        """What to say at once; None for the child's own question while there is nothing to say yet."""
        first, *lines = head.split(b"\r\n")
        words, headers = first.split(b" "), _headers(lines)
        if len(words) != _REQUEST_WORDS or words[2] not in _VERSIONS or headers is None:
            return _BAD
        if words[0] != b"GET":
            return _NO_SUCH_METHOD
        if not self._is_our_child(headers):
            return _DENIED
        if not hmac.compare_digest(words[1], self._path.encode()):
            return _NOT_FOUND
        if self._closed.is_set():
            return _ENDED
        body = self._answer(wait=False)
        return None if body is None else Reply("200 OK", body)

    def _is_our_child(self, headers: Sequence[tuple[bytes, bytes]]) -> bool:
        """Whether it asks for this very address, is no browser and no proxy, and has the token."""
        given = _values(headers, b"authorization")
        direct = _values(headers, b"host") == [f"{LOOPBACK}:{self.port}".encode()] and not _is_foreign(headers)
        return direct and len(given) == 1 and hmac.compare_digest(given[0], self.token.encode())


def _headers(lines: Sequence[bytes]) -> list[tuple[bytes, bytes]] | None:
    """Names in lower case with their values; None for lines that are no headers, folded ones and such with a body to come."""
    headers = []
    for line in lines:
        name, sign, value = line.partition(b":")
        if not sign or not name or name != name.strip() or b"\n" in line or b"\r" in line:
            return None
        headers.append((name.lower(), value.strip(b" \t")))
    has_body = any(name == b"transfer-encoding" or (name == b"content-length" and value != b"0") for name, value in headers)
    return None if has_body else headers


def _values(headers: Sequence[tuple[bytes, bytes]], wanted: bytes) -> list[bytes]:
    return [value for name, value in headers if name == wanted]


def _is_foreign(headers: Sequence[tuple[bytes, bytes]]) -> bool:
    return any(name in _FOREIGN or name.startswith(b"sec-fetch-") for name, _ in headers)


def _packed(reply: Reply) -> bytes:
    head = (
        f"HTTP/1.1 {reply.status}\r\nContent-Type: application/json\r\nContent-Length: {len(reply.body)}\r\n"
        "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n"
    )
    return head.encode("ascii") + reply.body
