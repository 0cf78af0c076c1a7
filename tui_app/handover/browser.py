"""Handing a secret address to a browser: a loopback page redirects once, so that it stands on no command line and in no log."""

from __future__ import annotations

import hmac
import os
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tui_app.errors import Cancelled, RoledeckError
from tui_app.model import Role
from tui_app.secret import Secret
from tui_app.sessions.sign_in.opening import can_open, start_browser
from tui_app.text import clean
from tui_app.values import frozen

HOST = "127.0.0.1"
LIMIT = 30.0
"""Seconds that the page waits for the browser."""
GRACE = 3.0
"""Seconds that a browser may still need after the program that was to start it has ended with a failure."""
_STEP = 0.05
_READ_TIMEOUT = 5
_ROOT = 0
_HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Length": "0",
    "Connection": "close",
}
_NONE = "There is no browser here."
_NEXT = "Use --print for the link itself, or set BROWSER, or [console] browser in config.toml."


@frozen
class Browser:
    """Which program opens links: `template` from config.toml, or $BROWSER and the system's own where it is empty.

    `words` stand for `{account}`, `{role}` and `{environment}` in the template.
    """

    environ: Mapping[str, str]
    template: tuple[str, ...] = ()
    words: Mapping[str, str] | None = None

    @property
    def there(self) -> bool:
        """Whether a link would open where the person sits."""
        return bool(self.template) or can_open(self.environ)

    def start(self, link: str) -> subprocess.Popen[bytes] | None:
        """Start it with a link that is no secret; None where nothing could be started."""
        return start_browser(link, self.environ, filled(self.template, link, self.words or {}))


def browser_for(role: Role, environ: Mapping[str, str], settings: Mapping[str, object]) -> Browser:
    """The browser for a role's console; `settings` is the table `[console]`."""
    template = settings.get("browser")
    words = {"account": role.account.label, "role": role.short_name, "environment": role.account.environment or "none"}
    return Browser(environ, tuple(map(str, template)) if isinstance(template, (list, tuple)) else (), words)


def no_browser(browser: Browser | None = None) -> RoledeckError:
    """What to say where no link can be opened."""
    if browser is not None and browser.template:
        return RoledeckError(
            f"{clean(browser.template[0])}, which [console] browser names, could not be started.", "Use --print for the link."
        )
    return RoledeckError(_NONE, _NEXT)


def filled(template: Sequence[str], link: str, words: Mapping[str, str]) -> list[str]:
    """The command line of a template; its values are plain words, so that a name from a file can be neither an option nor a path."""
    if not template:
        return []
    made = [os.path.expanduser(word) if word.startswith("~/") else word for word in template]
    for name, value in words.items():
        made = [word.replace(f"{{{name}}}", _plain(value)) for word in made]
    if not any("{url}" in word for word in made):
        made.append("{url}")
    return [word.replace("{url}", link) for word in made]


def open_plain(browser: Browser, link: str) -> None:
    """Open an address that is no secret.

    Raises:
        RoledeckError: no browser could be started.
    """
    if not browser.there or browser.start(link) is None:
        raise no_browser(browser)


def open_secret(browser: Browser, address: Secret, cancelled: Callable[[], bool] = lambda: False, limit: float = LIMIT) -> None:
    """Start the browser with a loopback address of ours that leads to the secret one, once; returns when it has been fetched.

    Raises:
        RoledeckError: there is no browser, or it did not come for the address in `limit` seconds.
        Cancelled: `cancelled` said so.
    """
    if not browser.there:
        raise no_browser()
    with one_shot(address) as page:
        process = browser.start(page.link)
        if process is None:
            raise no_browser(browser)
        _wait(page, process, cancelled, limit)


def _wait(page: OneShot, process: subprocess.Popen[bytes], cancelled: Callable[[], bool], limit: float) -> None:
    end = time.monotonic() + limit
    while not page.fetched(_STEP):
        if cancelled():
            raise Cancelled("Cancelled.")
        now = time.monotonic()
        if process.poll():
            end = min(end, now + GRACE)
        if now >= end:
            raise _not_fetched(process, limit)


def _not_fetched(process: subprocess.Popen[bytes], limit: float) -> RoledeckError:
    if code := process.poll():
        program = os.path.basename(os.fsdecode(process.args[0])) if isinstance(process.args, list) else "the browser"
        return RoledeckError(f"{program} could not open the browser: it ended with {code}.", _NEXT)
    return RoledeckError(f"No browser came for the link within {limit:g} seconds; it is of no use any more.", _NEXT)


class OneShot:
    """The page: `link` is its address, which is good for one request of this user."""

    def __init__(self, server: ThreadingHTTPServer, address: Secret) -> None:
        self._port: int = server.server_address[1]
        self._path = f"/{secrets.token_urlsafe(32)}"
        self._address: Secret | None = address
        self._taking = threading.Lock()
        self._given = threading.Event()
        self.link = f"http://{HOST}:{self._port}{self._path}"

    def fetched(self, seconds: float) -> bool:
        """Whether the browser has been sent on, after waiting for it at most so long."""
        return self._given.wait(seconds)

    def take(self, path: str, hosts: Sequence[str], peer: int) -> Secret | None:
        """The address for the first request that is for this very page and from a program of ours; None for any other."""
        known = hmac.compare_digest(path.encode("utf-8", "replace"), self._path.encode())
        if not known or list(hosts) != [f"{HOST}:{self._port}"] or not is_ours(peer, self._port):
            return None
        with self._taking:
            address, self._address = self._address, None
        return address

    def done(self) -> None:
        """The browser has its answer, so the page may go."""
        if self._address is None:
            self._given.set()


@contextmanager
def one_shot(address: Secret) -> Iterator[OneShot]:
    """The page, on a free port of 127.0.0.1; it is gone when the block ends.

    Raises:
        RoledeckError: there is no free port.
    """
    try:
        server = ThreadingHTTPServer((HOST, 0), _Handler)
    except OSError:
        raise RoledeckError("No port of this machine could be opened for the browser.", "Use --print for the link itself.") from None
    with server:
        server.daemon_threads = True
        server.block_on_close = False
        page = OneShot(server, address)
        server.page = page  # type: ignore[attr-defined]
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a browser that went away is no news
        thread = threading.Thread(target=server.serve_forever, args=(_STEP,), name="one-shot page", daemon=True)
        thread.start()
        try:
            yield page
        finally:
            server.shutdown()
            thread.join()


def is_ours(peer: int, port: int) -> bool:
    """Whether the connection from a loopback port is a program's of this user, as far as the system tells.

    The address of the page stands on a command line, which every user of the machine can read; nobody else is to be quicker than the
    browser. Linux lists who owns a socket in /proc/net/tcp; what is not listed there, as under WSL, is taken for the browser.
    """
    if not sys.platform.startswith("linux"):
        return True
    wanted = (_as_listed(peer), _as_listed(port))
    try:
        with open("/proc/net/tcp", encoding="ascii") as table:
            rows = [line.split() for line in table]
    except (OSError, ValueError):
        return True
    owners = [int(row[7]) for row in rows[1:] if len(row) > 7 and (row[1], row[2]) == wanted]  # noqa: PLR2004 - the uid's column
    return all(owner in (os.geteuid(), _ROOT) for owner in owners)


def _as_listed(port: int) -> str:
    """An address of /proc/net/tcp: the four bytes as this machine's number, and the port, in hex."""
    return f"{int.from_bytes(socket.inet_aton(HOST), sys.byteorder):08X}:{port:04X}"


def _plain(value: str) -> str:
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter in "_.-") else "-" for letter in value).strip("-.") or "-"


class _Handler(BaseHTTPRequestHandler):
    """One request; nothing about it is logged, because its answer carries the address."""

    timeout = _READ_TIMEOUT
    server_version = "roledeck"
    sys_version = ""

    def do_GET(self) -> None:
        """Send the browser on, once."""
        page: OneShot = self.server.page  # type: ignore[attr-defined]
        address = page.take(self.path, self.headers.get_all("Host") or (), self.client_address[1])
        try:
            self._answer(HTTPStatus.SEE_OTHER if address else HTTPStatus.NOT_FOUND, address)
        finally:
            if address:
                page.done()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002 - http.server's names
        """An empty answer, not http.server's page."""
        self._answer(HTTPStatus.NOT_FOUND, None)

    def _answer(self, status: HTTPStatus, address: Secret | None) -> None:
        self.send_response_only(status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        if address:
            self.send_header("Location", address.reveal())
        self.end_headers()
        self.close_connection = True

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - http.server's name
        """Say nothing."""
