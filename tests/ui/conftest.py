"""A screen without AWS: a broker, a door and a catalog in memory that behave as the real ones promise to."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import pytest
from textual import events
from textual.keys import _character_to_key

from tests.ui.terminal_program import TerminalProgram
from tui_app.catalog.load import Catalog
from tui_app.errors import Cancelled, RoledeckError
from tui_app.model import AccessKey, Account, Chain, Credentials, Hop, Identity, Origin, Request, Role, Session, Source
from tui_app.secret import Secret
from tui_app.sessions.codes import CodeRequest
from tui_app.sessions.consent import Program
from tui_app.sessions.plan import Plan, PlannedHop
from tui_app.ui.backstage import Backstage, Loaded
from tui_app.ui.deck import Deck
from tui_app.ui.roledeck import Roledeck
from tui_app.ui.store import Store
from tui_app.ui.theme import Look

SERIAL = "arn:aws:iam::444455556666:mfa/DevUser"
PLACES = (
    ("prod", "production", "111122223333", ("CrossAccountDeveloperRole", "AdminRole")),
    ("staging", "staging", "222233334444", ("Deployer", "ReadOnly")),
    ("dev", "development", "444455556666", ("S3Developer",)),
    ("", "lonely", "999900001111", ("PowerUser",)),
)


def role(account: str, number: str, name: str, environment: str = "", **more) -> Role:
    return Role(
        key=f"{account}/{name}",
        arn=f"arn:aws:iam::{number}:role/{name}",
        account=Account(number, account, environment),
        name=name,
        via="dev",
        origins={"role": Origin("/home/me/.config/roledeck/config.toml", 7)},
        **more,
    )


def all_roles() -> tuple[Role, ...]:
    return tuple(role(account, number, name, environment) for environment, account, number, names in PLACES for name in names)


def session_of(target: Role, seconds: float = 3600, *, now: float | None = None, renews: str = "itself", arn: str = "") -> Session:
    moment = time.time() if now is None else now
    name = target.short_name
    identity = Identity(
        target.account.id, arn or f"arn:aws:sts::{target.account.id}:assumed-role/{name}/me", "AROA123:me", moment, "eu-west-1"
    )
    key = AccessKey("ASIAEXAMPLE", Secret("the-secret-key"), Secret("the-token"))
    return Session(
        target.arn, target.key, Credentials(key, moment + seconds), identity, moment, 3600, 1, renews=renews, source_profile="dev"
    )


@dataclass
class FakeBroker:
    """Answers at once, or when `gate` is opened; asks for a code where the role is in `asks`; fails where it is in `fails`.

    `programs` are those that have to be agreed to first.
    """

    asks: set[str] = field(default_factory=set)
    programs: dict[str, Program] = field(default_factory=dict)
    fails: dict[str, RoledeckError] = field(default_factory=dict)
    kept: dict[str, Session] = field(default_factory=dict)
    gate: threading.Event = field(default_factory=threading.Event)
    right_code: str = "123456"
    refusals: int = 0
    not_before: float = 0.0
    codes: list[str] = field(default_factory=list)
    obtained: list[str] = field(default_factory=list)
    at_once: int = 0
    most: int = 0
    lifetime: float = 3600
    identity_arn: str = ""
    warnings: list[str] = field(default_factory=list)

    def __post_init__(self):
        self.gate.set()
        self.lock = threading.Lock()

    def plan(self, target, wanted=None):
        source = Source("static", "dev", AccessKey("AKIAEXAMPLE", Secret("x")), SERIAL, "eu-west-1", Origin("/home/me/.aws/credentials", 3))
        hop = Hop(target, "dev", Request())
        asks = target.key in self.asks
        planned = PlannedHop(hop, "me", 3600, "as set", asks, SERIAL if asks else None, None, ())
        return Plan(Chain(target, source, (hop,)), "session" if asks else "none", (planned,), SERIAL if asks else "", mfa_duration=28800)

    def obtain(self, target, wanted, ask_code, cancelled=lambda: False, progress=lambda _line: None, ask_consent=None):
        with self.lock:
            self.at_once += 1
            self.most = max(self.most, self.at_once)
        try:
            if target.key in self.programs and not ask_consent(self.programs[target.key]):
                raise Cancelled("It was not run.")
            return self._obtain(target, wanted, ask_code, cancelled)
        finally:
            with self.lock:
                self.at_once -= 1

    def _obtain(self, target, wanted, ask_code, cancelled):
        if target.key in self.asks:
            refusal = ""
            while True:
                why, hops = "One code serves every role.", ("AdminRole",)
                request = CodeRequest(
                    SERIAL, "444455556666", "dev", target, "sts:GetSessionToken", 28800, 4, why, hops, False, refusal, self.not_before
                )
                code = ask_code(request).reveal()
                self.codes.append(code)
                if code == self.right_code:
                    break
                refusal = "MultiFactorAuthentication failed with invalid MFA one time pass code."
        while not self.gate.wait(0.01):
            if cancelled():
                raise Cancelled("Cancelled.")
        if target.key in self.fails:
            raise self.fails[target.key]
        self.obtained.append(target.key)
        self.kept[target.key] = session_of(target, self.lifetime, arn=self.identity_arn)
        return self.kept[target.key]

    def peek(self, target, wanted=None):
        return self.kept.get(target.key)

    def known(self):
        return tuple(self.kept.values())

    def mfa_sessions(self):
        return ()

    def covered(self, source_profile, serial):
        return 4

    def forget(self, key):
        return (key,) if self.kept.pop(key, None) else ()


class FakeDoor:
    endpoint_url = None

    def __init__(self):
        self.answers: dict[str, object] = {}
        self.gate = threading.Event()
        self.gate.set()

    def call(self, service, operation, *, region, key, parameters, read_timeout=None, retry=True):
        self.gate.wait(5)
        answer = self.answers.get(f"{service}:{operation}", {})
        if isinstance(answer, RoledeckError):
            raise answer
        return answer

    def caller_identity(self, key, region):
        return Identity("444455556666", "arn:aws:iam::444455556666:user/DevUser", "AIDA", time.time(), region or "")

    def followed_by(self, forget):
        """It holds nothing that another door would have to forget."""


def text_on(deck: Deck) -> str:
    return "\n".join("".join(segment.text for segment in strip) for strip in deck.screen._compositor.render_strips())


@dataclass
class Stage:
    deck: Deck
    pilot: object
    broker: FakeBroker
    door: FakeDoor

    @property
    def store(self) -> Store:
        return self.deck.store

    async def press(self, *keys: str) -> None:
        """Keys as fast as a terminal can send them."""
        for key in keys:
            name = _character_to_key(key) if len(key) == 1 else key
            character = key if len(key) == 1 else " " if key == "space" else None
            self.deck.post_message(events.Key(name, character))
        await self.pilot.pause()

    async def until(self, so: Callable[[], object], seconds: float = 10) -> None:
        end = time.monotonic() + seconds
        while not so():
            assert time.monotonic() < end, f"it never came about; the screen was\n{self.screen}"
            await self.pilot.pause()
            await asyncio.sleep(0.01)
        await self.pilot.pause()

    async def sees(self, text: str) -> None:
        await self.until(lambda: text in self.screen)

    @property
    def screen(self) -> str:
        """What is on the terminal, as text."""
        return text_on(self.deck)

    def select(self, key: str) -> None:
        self.store.move_to(key)


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch):
    """A test is never in the middle of typing something else when a question comes up, unless that is what it is about."""
    monkeypatch.setattr("tui_app.ui.screens.modal.HASTE", 0.0)


@pytest.fixture
def stage(tmp_path):
    """`async with stage(...) as s`: a running screen."""

    @asynccontextmanager
    async def open_stage(*, roles=None, size=(140, 40), look=None, broker=None, door=None, catalog=None, demo=None):
        environ = {"HOME": str(tmp_path), "TERM": "xterm-256color", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"}
        fake, front = broker or FakeBroker(), door or FakeDoor()
        listed = all_roles() if roles is None else tuple(roles)
        found = catalog or Catalog(roles=listed, accounts=tuple({item.account.id: item.account for item in listed}.values()))
        found = replace(found, roles=listed) if catalog else found
        deck = Roledeck(Backstage(environ, lambda: Loaded(found, fake, front), demo), look=look or Look())
        async with deck.run_test(size=size) as pilot:
            opened = Stage(deck, pilot, fake, front)
            await opened.until(lambda: deck.store.loaded)
            yield opened

    return open_stage


@pytest.fixture
def until():
    """`await until(pilot, condition)`: wait, and fail where it never comes about."""

    async def wait(pilot, so, seconds=20):
        end = time.monotonic() + seconds
        while not so():
            assert time.monotonic() < end, "it never came about"
            await pilot.pause()
            await asyncio.sleep(0.02)

    return wait


@pytest.fixture
def text_of():
    """`text_of(deck)`: what is on the terminal."""
    return text_on


@pytest.fixture
def deck_over():
    """`deck_over(environ, url)`: the screen over these files, with the broker and the door to AWS that people have."""

    def make(environ, url, door=None):
        from tui_app.aws.door import AwsDoor
        from tui_app.catalog.load import load_catalog
        from tui_app.sessions.broker import Broker

        def load():
            catalog, front = load_catalog(environ), door or AwsDoor(url)
            return Loaded(catalog, Broker(catalog, environ, front), front)

        return Roledeck(Backstage(environ, load))

    return make


@pytest.fixture
def screen(aws, environ, deck_over, until):
    """`async with screen(size, door, **variables) as (deck, pilot)`: the screen over the embedded AWS, its roles read."""

    @asynccontextmanager
    async def opened(size=(140, 40), door=None, **variables):
        deck = deck_over(environ | variables, aws.url, door)
        async with deck.run_test(size=size) as pilot:
            await until(pilot, lambda: deck.store.loaded)
            yield deck, pilot

    return opened


@pytest.fixture
def quick_sign_in(monkeypatch):
    """AWS is asked often whether the person has agreed, so that no test waits for the clock."""

    def quick(_seconds, stop):
        if stop():
            raise Cancelled("Cancelled.")
        time.sleep(0.02)

    monkeypatch.setattr("tui_app.sessions.sign_in.device.pause", quick)


@pytest.fixture
def program(tmp_path):
    """`program(size=…, NAME=value)`: roledeck on a terminal of its own, with its home in `tmp_path`."""
    opened = []

    def start(**more):
        opened.append(TerminalProgram(tmp_path, **more))
        return opened[-1]

    yield start
    for item in opened:
        item.close()


@pytest.fixture
def demo():
    return SimpleNamespace(code=lambda serial: ("123456", 17))


@pytest.fixture
def world():
    """Makers of roles and sessions: `world.role`, `world.all_roles`, `world.session_of`, `world.Broker`, `world.Door`."""
    return SimpleNamespace(role=role, all_roles=all_roles, session_of=session_of, Broker=FakeBroker, Door=FakeDoor, serial=SERIAL)
