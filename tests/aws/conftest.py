"""A server that answers STS requests with whatever a test wants, broken answers above all."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest


class StubAws:
    """Serves `answer` (status, body, content type); `mode` breaks the connection: drop, cut, slow, reset."""

    def __init__(self) -> None:
        self.answer: tuple[int, str, str] = (200, "", "text/xml")
        self.mode = ""
        self.more: dict[str, str] = {}
        self.requests: list[dict[str, str]] = []
        self.headers: list[dict[str, str]] = []
        self.release = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=lambda: self._server.serve_forever(0.01), daemon=True)
        self._thread.start()

    def says(self, status: int, body: str, kind: str = "text/xml") -> None:
        self.answer = (status, body, kind)

    def close(self) -> None:
        self.release.set()
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


def _handler(stub: StubAws) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            stub.requests.append({name: values[0] for name, values in parse_qs(body.decode()).items()})
            stub.headers.append(dict(self.headers))
            if stub.mode == "drop":
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            if stub.mode == "slow":
                stub.release.wait(20)
            status, text, kind = stub.answer
            data = text.encode()
            with contextlib.suppress(OSError):
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data)))
                for name, value in stub.more.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data[: len(data) // 2] if stub.mode == "cut" else data)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@pytest.fixture
def stub() -> Iterator[StubAws]:
    server = StubAws()
    yield server
    server.close()
