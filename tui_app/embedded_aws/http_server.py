"""A small threaded HTTP/1.1 server for one WSGI application: keep-alive, loopback only, silent, closed cleanly.

werkzeug's own server closes every connection and drops headers with an underscore; the Identity Center portal's bearer
header has one.
"""

from __future__ import annotations

import contextlib
import io
import socket
import socketserver
import threading
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import unquote_to_bytes

from tui_app.embedded_aws.premises import LOOPBACK, listen

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

PRESERVED = "moto.preserved_header_names"
"""moto's environ key for the spelling of S3 metadata headers with an underscore (moto.core.request)."""
IDLE = 90.0
BODYLESS = frozenset({204, 304})
_REASONS = {status.value: status.phrase for status in HTTPStatus}


_LONGEST_LINE = 65536
_MOST = 1 << 40
_DIGITS = {10: "0123456789", 16: "0123456789abcdefABCDEF"}


class Hangup(Exception):
    """The application wants the connection cut; `partial` is sent first, raw."""

    def __init__(self, partial: bytes = b"") -> None:
        super().__init__("connection cut")
        self.partial = partial


class LoopbackServer(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """Answers at a socket that listens on 127.0.0.1, or at that port, once `serve` has been called.

    Raises:
        OSError: the port is taken.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self, place: socket.socket | int, application: Application) -> None:
        super().__init__((LOOPBACK, 0), _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listen(place) if isinstance(place, int) else place
        self.server_address = self.socket.getsockname()
        self.application = application
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._serving: threading.Thread | None = None

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`."""
        return f"http://{LOOPBACK}:{self.server_address[1]}"

    def serve(self) -> None:
        """Answer requests on threads of their own until `stop`."""
        self._serving = threading.Thread(target=self.serve_forever, args=(0.05,), name="embedded-aws", daemon=True)
        self._serving.start()

    def stop(self) -> None:
        """Stop listening and cut every connection, idle or not."""
        if self._serving is not None:
            self.shutdown()
            self._serving.join()
        self.server_close()
        with self._lock:
            open_ones = tuple(self._connections)
        for connection in open_ones:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection, so that `stop` can cut it."""
        with self._lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget a connection that has ended."""
        with self._lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news; nothing is printed after `ready`."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = IDLE
    server: LoopbackServer

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class calls it so
        """Stay silent."""

    def serve(self) -> None:
        """Answer one request."""
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], _exc_info: object = None) -> None:
            started.append((status, headers))

        try:
            environ = self._environ()
        except ValueError:
            self.close_connection = True
            self._send("400 Bad Request", [("Content-Type", "text/plain")], b"The length of the body is not a number.\n")
            return
        try:
            answer = self.server.application(environ, start_response)
            try:
                body = b"".join(answer)
            finally:
                if hasattr(answer, "close"):
                    answer.close()
        except Hangup as hangup:
            self.close_connection = True
            with contextlib.suppress(OSError):
                self.wfile.write(hangup.partial)
                self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._send(*started[-1], body)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = serve  # noqa: N815 - the base class looks them up so

    def _send(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        code = int(status.split(" ", 1)[0])
        bare = self.command == "HEAD" or code in BODYLESS
        lines = [f"HTTP/1.1 {code} {_REASONS.get(code, 'Answer')}", f"Date: {self.date_time_string()}"]
        lines += [f"{name}: {value}" for name, value in headers if name.lower() not in {"content-length", "connection", "date"}]
        length = next((value for name, value in headers if name.lower() == "content-length"), None)
        if code not in BODYLESS:
            lines.append(f"Content-Length: {length if self.command == 'HEAD' and length is not None else len(body)}")
        lines.append("Connection: close" if self.close_connection else "Connection: keep-alive")
        head = "\r\n".join(line.replace("\r", "").replace("\n", " ") for line in lines) + "\r\n\r\n"
        try:
            self.wfile.write(head.encode("latin-1", "replace") + (b"" if bare else body))
        except OSError:
            self.close_connection = True

    def _environ(self) -> Environ:
        path, _, query = self.path.partition("?")
        if "://" in path:
            path = "/" + path.split("://", 1)[1].partition("/")[2]
        environ: Environ = {
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "SERVER_NAME": LOOPBACK,
            "SERVER_PORT": str(self.server.server_address[1]),
            "SERVER_PROTOCOL": self.request_version,
            "SERVER_SOFTWARE": "roledeck",
            "REMOTE_ADDR": self.client_address[0],
            "REMOTE_PORT": str(self.client_address[1]),
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "REQUEST_URI": self.path,
            "RAW_URI": self.path,
        }
        environ |= self._headers()
        body = self._body()
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        return environ

    def _headers(self) -> Environ:
        headers: Environ = {}
        preserved: dict[str, str] = {}
        for name, value in self.headers.items():
            key = name.upper().replace("-", "_")
            key = key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
            headers[key] = f"{headers[key]},{value}" if key in headers else value
            if "_" in name and name.lower().startswith("x-amz-meta-"):
                preserved[key] = name
        headers.setdefault("HTTP_HOST", f"{LOOPBACK}:{self.server.server_address[1]}")
        headers[PRESERVED] = preserved
        return headers

    def _body(self) -> bytes:
        if "chunked" in (self.headers.get("Transfer-Encoding") or "").lower():
            return b"".join(self._chunks())
        length = self.headers.get("Content-Length") or "0"
        return self.rfile.read(_count(length, 10))

    def _chunks(self) -> Iterator[bytes]:
        while size := _count(self.rfile.readline(_LONGEST_LINE).split(b";", 1)[0].strip().decode("latin-1"), 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass


def _count(text: str, base: int) -> int:
    """A length as HTTP writes it.

    Raises:
        ValueError: it is anything else, or more than anyone could send.
    """
    if not text or text.strip(_DIGITS[base]) or (size := int(text, base)) > _MOST:
        raise ValueError(text)
    return size
