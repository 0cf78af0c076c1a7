"""Looking round from the screen goes through a process of its own, which comes with the first look and goes with the screen."""

from __future__ import annotations

import os
import signal
from types import SimpleNamespace

import pytest

from tests.aws.far_sides import TELLING, keys_held
from tui_app.aws import far_line
from tui_app.aws.door import AwsDoor
from tui_app.catalog.load import load_catalog
from tui_app.sessions.broker import Broker
from tui_app.ui.backstage import Loaded, backstage_of
from tui_app.ui.explorer.looking_round import look_round
from tui_app.ui.roledeck import Roledeck

DEVELOPER = "production/cross-account/CrossAccountDeveloperRole"


@pytest.fixture
def deck(aws, environ):
    """The screen as the command line makes it."""
    catalog, door = load_catalog(environ), AwsDoor(aws.url)
    context = SimpleNamespace(environ=environ, demo=None, catalog=catalog, broker=Broker(catalog, environ, door), door=door)
    return Roledeck(backstage_of(context))


async def have_a_session(deck, pilot, until):
    await until(pilot, lambda: deck.store.loaded)
    deck.store.move_to(DEVELOPER)
    await pilot.press("enter")
    await until(pilot, lambda: deck.store.state(DEVELOPER) == "live")


async def looked_round(deck, pilot, until):
    await until(pilot, lambda: DEVELOPER in deck.findings.sights and not deck.findings.sights[DEVELOPER].running)
    return deck.findings.sights[DEVELOPER].results


async def test_who_looks_round_has_one_and_who_does_not_has_none(deck, until):
    async with deck.run_test(size=(140, 40)) as pilot:
        await have_a_session(deck, pilot, until)
        far = deck.loaded.far_door
        assert far.pid is None
        await pilot.press("v")
        seen = await looked_round(deck, pilot, until)
        assert {result.state for result in seen.values()} == {"ok", "denied"}
        pid = far.pid
        os.kill(pid, 0)
        deck.reload()
        await until(pilot, lambda: not deck.readings)
        assert deck.loaded.far_door is far

        os.kill(pid, signal.SIGKILL)
        far._line._reader.join(10)
        await pilot.press("v")
        await until(pilot, lambda: deck.explorer is not None)
        deck.findings.sights.clear()
        look_round(deck, DEVELOPER)
        again = await looked_round(deck, pilot, until)
        assert {place: result.rows for place, result in again.items()} == {place: result.rows for place, result in seen.items()}
        pid = far.pid
        os.kill(pid, 0)
    assert far.pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_a_session_that_is_dropped_is_forgotten_there_too(deck, until, monkeypatch):
    monkeypatch.setattr(far_line, "START", TELLING)
    async with deck.run_test(size=(140, 40)) as pilot:
        await have_a_session(deck, pilot, until)
        far = deck.loaded.far_door
        await pilot.press("v")
        await looked_round(deck, pilot, until)
        held = deck.store.sessions[DEVELOPER].credentials.key.id
        assert keys_held(far) == [held]
        await pilot.press("escape", "x")
        await until(pilot, lambda: deck.screen is not deck.main)
        await pilot.press("y")
        await until(pilot, lambda: DEVELOPER not in deck.store.sessions)
        await until(pilot, lambda: keys_held(far) == [])


def test_without_one_everything_goes_through_the_door():
    door = object()
    loaded = Loaded(None, None, door)
    assert loaded.explorer_door is door
    loaded.close()
