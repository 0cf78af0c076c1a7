"""The browser's way back: one loopback listener for one answer, and nothing else (RFC 8252, 7.3)."""

from __future__ import annotations

import html
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from tui_app.errors import RoledeckError
from tui_app.secret import Secret
from tui_app.values import frozen

HOST, PATH = "127.0.0.1", "/oauth/callback"
_READ_TIMEOUT = 10
_HEADERS: Mapping[str, str] = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Connection": "close",
}


@frozen
class BrowserAnswer:
    """What the browser brought: a code, or the error and its description as the start page wrote them."""

    code: Secret
    error: str = ""
    description: str = ""


class Listener:
    """Waits for the answer to one `state`; `redirect` is the address to give to the start page."""

    def __init__(self, server: ThreadingHTTPServer, state: Secret) -> None:
        self._state = state
        self._answered = threading.Event()
        self._answer: BrowserAnswer | None = None
        self._taking = threading.Lock()
        self.port: int = server.server_address[1]
        self.redirect = f"http://{HOST}:{self.port}{PATH}"

    def answer(self, seconds: float) -> BrowserAnswer | None:
        """The answer, or None where none came in `seconds`."""
        self._answered.wait(seconds)
        return self._answer

    def take(self, target: str, host: str) -> tuple[HTTPStatus, str, str]:
        """Status, title and sentence for one request; the first good one is the answer."""
        parts = urlsplit(target)
        if parts.path != PATH or host not in {f"{HOST}:{self.port}", f"localhost:{self.port}"}:
            return HTTPStatus.NOT_FOUND, "Not found", "There is nothing here."
        brought = parse_qs(parts.query, keep_blank_values=True, max_num_fields=20)
        found = self._found(brought)
        if found is None:
            return HTTPStatus.BAD_REQUEST, "Not the sign-in that waits", "Use the link that roledeck shows now."
        with self._taking:
            if self._answer is not None:
                return HTTPStatus.NOT_FOUND, "Not found", "There is nothing here."
            self._answer = found
        if found.error:
            return HTTPStatus.OK, "The sign-in did not work", "The terminal says why. You may close this page."
        return HTTPStatus.OK, "Signed in", "You may close this page and go back to the terminal."

    def done(self) -> None:
        """The browser has its page: whoever waits may close the listener."""
        if self._answer is not None:
            self._answered.set()

    def _found(self, brought: Mapping[str, list[str]]) -> BrowserAnswer | None:
        """The answer in a query; None where the state is not ours or anything is said twice."""
        said = {name: brought[name][0] for name in ("state", "code", "error", "error_description") if len(brought.get(name, ())) == 1}
        if any(len(values) > 1 for values in brought.values()) or Secret(said.get("state", "")) != self._state:
            return None
        if said.get("error"):
            return BrowserAnswer(Secret(""), said["error"], said.get("error_description", ""))
        code = said.get("code", "")
        return BrowserAnswer(Secret(code)) if code.isascii() and code.isprintable() and code else None


@contextmanager
def listening(state: Secret) -> Iterator[Listener]:
    """A listener on a free port of 127.0.0.1; it is closed when the block ends.

    Raises:
        RoledeckError: there is no free port.
    """
    with _bound() as server:
        server.daemon_threads = True
        listener = Listener(server, state)
        server.listener = listener  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="sign-in listener", daemon=True)
        thread.start()
        try:
            yield listener
        finally:
            server.shutdown()
            thread.join()


def _bound() -> ThreadingHTTPServer:
    try:
        return _Server((HOST, 0), _Handler)
    except OSError:
        raise RoledeckError("No port of this machine could be opened for the browser's answer.", "Try `roledeck login --device`.") from None


class _Server(ThreadingHTTPServer):
    """Says nothing of a browser that went away: the terminal has a line, or a screen, of its own."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing."""


class _Handler(BaseHTTPRequestHandler):
    """One request; nothing about it is logged, because its address carries the code."""

    timeout = _READ_TIMEOUT
    server_version = "roledeck"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer with a page of our own."""
        listener: Listener = self.server.listener  # type: ignore[attr-defined]
        try:
            status, title, sentence = listener.take(self.path, self.headers.get("Host", ""))
        except ValueError:
            status, title, sentence = HTTPStatus.BAD_REQUEST, "Not understood", "Use the link that roledeck shows now."
        try:
            self._send(status, title, sentence)
        finally:
            listener.done()

    def _send(self, status: HTTPStatus, title: str, sentence: str) -> None:
        head = html.escape(title)
        body = (
            f"<!doctype html><meta charset=utf-8><title>{head}</title><style>body{{font:1.1em sans-serif;margin:4em}}</style>"
            f"<h1>{head}</h1><p>{html.escape(sentence)}</p>"
        ).encode()
        self.send_response_only(status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - http.server's name
        """Say nothing."""
