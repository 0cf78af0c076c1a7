"""Keys typed before the files are read: none is lost, and they act in the order they were typed."""

from __future__ import annotations

import threading
from contextlib import asynccontextmanager

import pytest

from tests.ui.conftest import FakeBroker, FakeDoor, Stage, all_roles
from tui_app.catalog.load import Catalog
from tui_app.errors import ConfigUnusable
from tui_app.ui.backstage import Backstage, Loaded
from tui_app.ui.roledeck import Roledeck
from tui_app.ui.theme import Look

DEVELOPER, DEPLOYER = "production/CrossAccountDeveloperRole", "staging/Deployer"


@pytest.fixture
def unread(tmp_path, monkeypatch):
    """A screen whose names are there and whose files are read when `gate` is set."""
    roles = tuple(all_roles())
    catalog = Catalog(roles=roles, accounts=tuple({item.account.id: item.account for item in roles}.values()))

    @asynccontextmanager
    async def open_stage(failure=None):
        environ = {"HOME": str(tmp_path), "TERM": "xterm-256color", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"}
        broker, door, gate = FakeBroker(), FakeDoor(), threading.Event()

        def load():
            gate.wait(20)
            if failure:
                raise failure
            return Loaded(catalog, broker, door)

        deck = Roledeck(Backstage(environ, load, None, catalog=lambda: catalog), look=Look())
        async with deck.run_test(size=(140, 40)) as pilot:
            stage = Stage(deck, pilot, broker, door)
            await stage.until(lambda: deck.store.entry(DEVELOPER))
            yield stage, gate
            gate.set()

    return open_stage


async def test_a_role_is_become_when_it_is_known(unread):
    async with unread() as (s, gate):
        await s.press("enter")
        assert s.broker.obtained == []
        gate.set()
        await s.until(lambda: s.store.state(DEVELOPER) == "live")


async def test_what_follows_waits_for_it(unread):
    async with unread() as (s, gate):
        await s.press("enter", "down", "down", "enter")
        assert s.store.cursor != DEPLOYER
        gate.set()
        await s.until(lambda: s.store.state(DEVELOPER) == s.store.state(DEPLOYER) == "live")


async def test_the_cursor_and_the_filter_wait_for_nothing(unread):
    async with unread() as (s, gate):
        await s.press("down", "down")
        assert s.store.cursor == DEPLOYER
        await s.press("slash", *"deploy", "enter", "enter")
        assert s.store.query == "deploy"
        gate.set()
        await s.until(lambda: s.store.state(DEPLOYER) == "live")
        assert s.broker.obtained == [DEPLOYER]


async def test_escape_takes_back_what_waits(unread):
    async with unread() as (s, gate):
        await s.press("enter", "escape")
        gate.set()
        await s.until(lambda: s.store.loaded)
        assert s.store.work == {}
        assert s.broker.obtained == []


async def test_enter_typed_before_the_screen_had_the_terminal_is_enter(unread):
    async with unread() as (s, gate):
        await s.press("ctrl+j", "down", "down", "slash", *"deploy", "ctrl+j", "ctrl+j")
        gate.set()
        await s.until(lambda: s.store.state(DEVELOPER) == s.store.state(DEPLOYER) == "live")


async def test_a_key_that_a_person_has_given_a_meaning_keeps_it(unread):
    async with unread() as (s, gate):
        gate.set()
        await s.until(lambda: s.store.loaded)
        s.deck.use_keys({**s.deck.keys, "move.down": ("ctrl+j",)})
        await s.press("ctrl+j")
        assert s.store.cursor != DEVELOPER
        assert s.broker.obtained == []


async def test_leaving_waits_for_nothing(unread):
    async with unread() as (s, _):
        await s.press("enter", "q")
        assert s.deck._exit


async def test_files_that_cannot_be_read_leave_nothing_waiting(unread):
    async with unread(ConfigUnusable("The file cannot be read.", "Look at it.")) as (s, gate):
        await s.press("enter", "down")
        gate.set()
        await s.sees("The file cannot be read.")
        assert s.broker.obtained == []
        await s.press("up")
        assert s.store.cursor == DEVELOPER
