"""Sessions renew behind the screen, also while it stands still; what needs a person is said once; what will be wanted is got ahead."""

from __future__ import annotations

import time

import pytest

from tui_app.catalog.favourites import set_favourite
from tui_app.catalog.load import Catalog
from tui_app.catalog.settings import Defaults
from tui_app.errors import OutOfReach
from tui_app.ui import renewer

DEVELOPER, ADMIN = "production/CrossAccountDeveloperRole", "production/AdminRole"


@pytest.fixture(autouse=True)
def _often(monkeypatch):
    monkeypatch.setattr(renewer, "PAUSE", 0.02)


async def test_renewal_goes_on_while_the_screen_stands_still(stage, world, wait_for):
    target = world.all_roles()[0]
    broker = world.Broker(kept={target.key: world.session_of(target, 1.5)}, lifetime=1.5)
    async with stage(broker=broker) as s:
        await s.until(lambda: s.deck.renewer._sessions)
        # nothing of the screen runs here, as under a subshell
        wait_for(lambda: len(broker.obtained) >= 3)
        got = broker.kept[target.key]
        assert got.left(time.time()) > 0
        await s.until(lambda: s.store.sessions[target.key].issued >= got.issued)
        assert s.store.live(target.key)


async def test_what_another_window_has_renewed_is_taken(stage, world):
    target = world.all_roles()[0]
    held = world.session_of(target, 3600, now=time.time() - 3000)
    broker = world.Broker(kept={target.key: held}, asks={target.key})
    async with stage(broker=broker) as s:
        await s.sees("needs a code to go on")
        broker.kept[target.key] = world.session_of(target, 3600)
        s.deck.renewer._not_before.clear()
        await s.until(lambda: s.store.sessions[target.key].left(time.time()) > 3000)
        assert broker.obtained == []


async def test_a_code_is_asked_for_once_and_again_on_the_key(stage, world):
    target = world.all_roles()[0]
    held = world.session_of(target, 3600, now=time.time() - 3000, renews="asks")
    async with stage(broker=world.Broker(asks={target.key}, kept={target.key: held})) as s:
        await s.sees("needs a code to go on")
        for _ in range(3):
            s.deck.renewer._not_before.clear()
            await s.until(lambda: s.deck.renewer._not_before and not s.deck.renewer._busy)
        assert sum("needs a code to go on" in note.text for note in s.store.activity) == 1
        s.select(target.key)
        await s.press("r")
        await s.sees("Enter the code")


async def test_what_cannot_be_renewed_now_is_said_and_stays_in_use(stage, world):
    target = world.all_roles()[0]
    held = world.session_of(target, 3600, now=time.time() - 3000)
    broker = world.Broker(kept={target.key: held}, fails={target.key: OutOfReach("No network.", "Plug it in.")})
    async with stage(broker=broker) as s:
        await s.until(lambda: any("could not renew itself: No network." in note.text for note in s.store.activity))
        assert s.store.live(target.key) == held


@pytest.mark.parametrize(("prefetch", "got"), [("favourites", [DEVELOPER]), ("none", [])])
async def test_favourites_are_got_ahead_where_nobody_is_asked(stage, world, tmp_path, prefetch, got):
    for key in (ADMIN, DEVELOPER):
        set_favourite({"HOME": str(tmp_path)}, key, lambda: True)
    broker = world.Broker(asks={ADMIN})
    catalog = Catalog(defaults=Defaults(prefetch=prefetch))
    async with stage(broker=broker, catalog=catalog) as s:
        await s.until(lambda: s.store.favourites)
        s.deck.renewer.look()
        await s.until(lambda: broker.obtained == got and not s.deck.renewer._jobs._running)
        assert s.deck.codes.open is None
        assert not any("AdminRole" in note.text for note in s.store.activity)


async def test_a_marked_role_is_got_ahead_too(stage, world):
    broker = world.Broker()
    async with stage(broker=broker, catalog=Catalog(defaults=Defaults(prefetch="favourites"))) as s:
        s.select("staging/Deployer")
        await s.press("space")
        await s.until(lambda: s.store.live("staging/Deployer"))
        assert broker.obtained == ["staging/Deployer"]
