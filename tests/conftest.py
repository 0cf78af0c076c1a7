"""What every test may ask for: the embedded AWS, clients for it, an environment with nothing of this machine in it, and programs."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tui_app.embedded_aws.server import EmbeddedAws
from tui_app.embedded_aws.world.people import CONTRACTOR_USER, DEV_USER

# the same examples on every machine, and no deadline: a busy machine is not a fault of the code
settings.register_profile("suite", deadline=None, derandomize=True)
settings.load_profile("suite")

REGION = "eu-west-1"
SERIAL = DEV_USER.serial
_USERS = {user.key: user for user in (DEV_USER, CONTRACTOR_USER)}
_OURS = ("AWS_", "ROLEDECK_", "XDG_", "BOTO_")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose program is not here: `@pytest.mark.program("tmux")`."""
    for marker in item.iter_markers("program"):
        for name in marker.args:
            if shutil.which(name) is None:
                pytest.skip(f"needs {name}")


@pytest.fixture(scope="session", autouse=True)
def _nothing_of_this_machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test may read the real `~/.aws` or be steered by variables of the shell that started it."""
    real = os.path.realpath(os.path.expanduser("~/.aws"))

    def forbid(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[0], str) and os.path.abspath(arguments[0]).startswith(real + os.sep):
            raise AssertionError(f"a test opened {arguments[0]}")

    sys.addaudithook(forbid)
    with pytest.MonkeyPatch.context() as patch:
        for name in tuple(os.environ):
            if name.startswith(_OURS):
                patch.delenv(name)
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        yield


@pytest.fixture(scope="session")
def embedded(_nothing_of_this_machine: None) -> Iterator[EmbeddedAws]:
    """The embedded AWS of this worker; ask for `aws` instead, which starts every test with clock, codes and faults as new."""
    with EmbeddedAws() as running:
        yield running


@pytest.fixture
def aws(embedded: EmbeddedAws) -> Iterator[TestAws]:
    """The embedded AWS with clock, used codes and faults as new; what a test creates in it stays, so give it names of its own."""
    handle = TestAws(embedded)
    handle.reset()
    yield handle
    handle.clients.close()
    handle.reset()


class ControlRefused(Exception):
    """A `/_demo/` request was refused: `args` are its status and sentence."""


class TestAws:
    """The embedded AWS in the hands of a test."""

    __test__ = False

    def __init__(self, embedded: EmbeddedAws) -> None:
        self.embedded = embedded
        self.url, self.secret, self.folder = embedded.url, embedded.secret, embedded.folder
        self.clients = Clients(self.url)
        self._given: set[tuple[str, int]] = set()

    def reset(self) -> None:
        """Clock, used codes and faults as in the beginning."""
        gate = self.gate
        gate.offset, gate.lifetime, gate.signatures_follow_clock = 0.0, None, False
        gate.authenticators = type(gate.authenticators)()
        self.embedded.service.faults.clear()
        self._given.clear()

    @property
    def gate(self) -> Any:
        """The gate itself."""
        return self.embedded.service.gate

    def code(self, serial: str = SERIAL) -> str:
        """A code that AWS will take and that this test has not been given before; it may move the clock on by a minute."""
        from tui_app.embedded_aws.mfa import STEP, code_at, device_of

        device = device_of(serial)
        while True:
            present = int(self.gate.now()) // STEP
            for step in (present, present + 1):
                if (serial, step) not in self._given:
                    self._given.add((serial, step))
                    return code_at(device.base32_string_seed, step)
            self.gate.offset += 2 * STEP

    def advance(self, seconds: float) -> None:
        """Move the demo's clock on."""
        self.gate.offset += seconds

    def fault(self, kind: str, match: str = "", times: int = 1, arg: float = 0.2) -> None:
        """Let the next matching answers fail."""
        self.control("POST", "fault", {"match": match, "kind": kind, "times": times, "arg": arg})

    def calls(self, action: str = "") -> list[dict[str, Any]]:
        """What has been asked since the embedded AWS started, or only the calls of one action."""
        return [call for call in self.gate.calls if action in ("", call["action"], f"{call['service']}:{call['action']}")]

    def control(self, method: str, path: str, body: Mapping[str, Any] | None = None, *, secret: str | None = None) -> Any:
        """One `/_demo/` request; the decoded answer.

        Raises:
            ControlRefused: with its status and sentence.
        """
        data = None if body is None else json.dumps(body).encode()
        with closing(http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=20)) as connection:
            connection.request(method, f"/_demo/{path}", data, {"x-roledeck-demo": secret or self.secret})
            answer = connection.getresponse()
            decoded = json.loads(answer.read())
        if answer.status != http.client.OK:
            raise ControlRefused(answer.status, decoded["message"])
        return decoded

    def key(self, name: str = "dev") -> tuple[str, str]:
        """Access key id and secret of a profile in the demo's credentials file."""
        user = _USERS[name]
        return user.key_id, user.key_secret

    def client(self, service: str, key: Any = "dev", region: str = REGION) -> Any:
        """A boto3 client: `key` is `dev`, `contractor`, a tuple of id, secret and token, or STS's Credentials."""
        return self.clients.get(service, _triple(key), region)

    def seed(self, account: str, region: str = REGION) -> SeedingDoor:
        """Clients that act as the administrator of an account, past the gate."""
        return SeedingDoor(self.clients, self.secret, account, region)

    def assume(self, role_arn: str, key: Any = "dev", **more: Any) -> dict[str, Any]:
        """The Credentials of an AssumeRole."""
        answer: dict[str, Any] = self.client("sts", key).assume_role(RoleArn=role_arn, RoleSessionName="test", **more)["Credentials"]
        return answer


class SeedingDoor:
    """Clients of one account's administrator: `aws.seed("111122223333")("iam").create_user(…)`."""

    def __init__(self, clients: Clients, secret: str, account: str, region: str = REGION) -> None:
        self.clients, self.region = clients, region
        self.headers = {"x-moto-account-id": account, "x-roledeck-demo": secret}

    def __call__(self, service: str, region: str | None = None) -> Any:
        """A client of one service."""
        return self.clients.get(service, ("seed", "seed", None), region or self.region, self.headers)


class Clients:
    """boto3 clients from one shared session; each tries once and does not wait long. `close` gives their connections back."""

    _session: Any = None
    _making = threading.Lock()

    def __init__(self, url: str) -> None:
        self.url = url
        self._made: dict[Any, Any] = {}

    def get(self, service: str, key: tuple[str, str, str | None], region: str, headers: Mapping[str, str] | None = None) -> Any:
        """The client of a service, a key and a region."""
        name = (service, key, region, tuple((headers or {}).items()))
        with self._making:
            if name not in self._made:
                self._made[name] = self._make(service, key, region)
                if headers:
                    self._made[name].meta.events.register("before-send", lambda request, **_: request.headers.update(headers))
            return self._made[name]

    def close(self) -> None:
        """Close every client."""
        for client in self._made.values():
            client.close()
        self._made.clear()

    def _make(self, service: str, key: tuple[str, str, str | None], region: str) -> Any:
        import boto3
        from botocore.config import Config

        if Clients._session is None:
            Clients._session = boto3.session.Session()
        config = Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=20, s3={"addressing_style": "path"})
        return Clients._session.client(
            service,
            region,
            endpoint_url=self.url,
            aws_access_key_id=key[0],
            aws_secret_access_key=key[1],
            aws_session_token=key[2],
            config=config,
        )


def _triple(key: Any) -> tuple[str, str, str | None]:
    if isinstance(key, str):
        return _USERS[key].key_id, _USERS[key].key_secret, None
    if isinstance(key, Mapping):
        return key["AccessKeyId"], key["SecretAccessKey"], key.get("SessionToken")
    return (*key, None)[:3]  # type: ignore[return-value]


@pytest.fixture
def bare_environ(tmp_path: Path) -> dict[str, str]:
    """An environment with a home of its own and nothing about AWS."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH")}
    folders = {
        f"XDG_{kind}_HOME": str(home / place) for kind, place in (("CONFIG", ".config"), ("CACHE", ".cache"), ("STATE", ".local/state"))
    }
    return kept | folders | {"HOME": str(home), "TERM": "xterm-256color", "USER": "tester", "AWS_EC2_METADATA_DISABLED": "true"}


@pytest.fixture
def environ(aws: TestAws, bare_environ: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """`bare_environ` pointed at the embedded AWS, with copies of the demo's files, so that nothing is shared between tests."""
    copies = tmp_path / "demo"
    shutil.copytree(aws.folder, copies, ignore=shutil.ignore_patterns("sessions", "index", "state"))
    own = {name: value.replace(aws.folder, str(copies)) for name, value in aws.embedded.environment().items()}
    return bare_environ | own


@pytest.fixture
def trickling() -> Iterator[str]:
    """The address of a server whose answer comes a letter at a time; it leaves after three seconds."""
    over = threading.Event()

    def serve(server: socket.socket) -> None:
        with suppress(OSError):
            connection, _ = server.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\nX-Letters: ")
                while not over.wait(0.05):
                    connection.sendall(b"a")

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, args=(server,), daemon=True)
        leave = threading.Timer(3, over.set)
        thread.start()
        leave.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        leave.cancel()
        over.set()
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.fixture
def wait_for() -> Callable[..., Any]:
    """`wait_for(what)` asks `what()` until it answers something true, and returns that; it gives up after 20 s."""

    def wait(what: Callable[[], Any], seconds: float = 20) -> Any:
        end = time.monotonic() + seconds
        while not (answer := what()):
            if time.monotonic() > end:
                raise AssertionError(f"waited {seconds} s in vain for {what}")
            time.sleep(0.02)
        return answer

    return wait
