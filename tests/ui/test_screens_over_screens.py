"""Screens of the resources over one another: keys belong to the one on top, also at once after it came, and after another one went."""

from __future__ import annotations

import pytest

from tests.ui.exploring import ADMIN, BUCKETS, DEPLOYER, DEVELOPER, explore, live
from tests.ui.exploring import Door as Buckets
from tests.ui.searching import Door, resource
from tui_app.ui.explorer.estate import EstateSearch
from tui_app.ui.explorer.screen import Explorer

LAST = "lonely/PowerUser"


async def test_the_resources_below_a_search_have_their_keys_after_others_were_opened_from_it(stage):
    async with stage(door=Door([resource("orders", kind="ec2:instance")])) as s:
        first = await explore(s)
        await s.press("F", *"orders", "enter")
        await s.until(lambda: isinstance(s.deck.screen, EstateSearch) and not s.deck.screen.working)
        search = s.deck.screen
        await s.press("enter")
        await s.until(lambda: isinstance(s.deck.screen, Explorer) and s.deck.screen.is_mounted)
        second = s.deck.screen
        assert second is not first
        assert s.deck.explorer is second
        second.dismiss(None)
        await s.until(lambda: s.deck.screen is search)
        search.dismiss(None)
        await s.until(lambda: s.deck.screen is first)
        assert s.deck.explorer is first
        before = first.part
        await s.press("tab")
        assert first.part != before


async def test_keys_that_come_with_the_one_that_opens_the_resources_are_the_resources(stage):
    async with stage(door=Buckets(s3__ListBuckets={"Buckets": BUCKETS})) as s:
        await live(s, DEVELOPER)
        await s.press("2")
        await s.press("v", "v", "enter")
        await s.until(lambda: s.deck.explorer and s.deck.explorer.is_mounted)
        assert s.deck.explorer.part == "rows"


@pytest.mark.parametrize("keys", [("V", "enter", "enter")])
async def test_keys_that_come_with_the_one_that_opens_the_counts_open_one_role(stage, keys):
    async with stage(door=Buckets()) as s:
        await live(s, DEVELOPER, DEPLOYER, ADMIN)
        await s.press(*keys)
        await s.until(lambda: s.deck.explorer and s.deck.explorer.is_mounted)
        assert s.deck.explorer.part == "rows"


async def test_of_all_sessions_one_that_ended_before_its_turn_is_not_said_to_be_asked(stage):
    door = Buckets()
    async with stage(door=door) as s:
        await live(s, DEVELOPER, DEPLOYER, ADMIN, LAST)
        door.gate.clear()
        await s.press("V")
        matrix = s.deck.screen
        await s.until(lambda: matrix.is_mounted)
        s.store.drop_session(LAST)
        door.gate.set()
        await s.until(lambda: not matrix.working and matrix.sight(matrix.visitors[0]))
        await s.until(lambda: not any("…" in cells for cells in matrix.grid.cells))
        said = {matrix.visitors[key.owner].key: set(cells[1:]) for key, cells in zip(matrix.grid.keys, matrix.grid.cells, strict=True)}
        assert said.pop(LAST) == {"—"}
        assert "—" not in set().union(*said.values())


async def test_all_sessions_asked_again_are_those_that_are_live_now(stage, world):
    """A session's name may hold the time: then each renewal makes another identity of it."""
    async with stage(door=Buckets()) as s:
        await live(s, DEVELOPER, DEPLOYER)
        matrix = await counts(s)
        role = s.store.roles[DEVELOPER]
        s.store.take_session(world.session_of(role, arn=f"{s.store.sessions[DEVELOPER].identity.arn}-later"))
        await s.press("ctrl+r")
        await s.until(lambda: not matrix.working)
        assert matrix.visitors[0].arn.endswith("-later")
        assert matrix.sight(matrix.visitors[0])
        await s.until(lambda: not any("…" in cells for cells in matrix.grid.cells))


async def test_enter_on_a_role_of_all_sessions_whose_session_is_over_says_so(stage):
    async with stage(door=Buckets()) as s:
        await live(s, DEVELOPER, DEPLOYER)
        matrix = await counts(s)
        s.store.drop_session(DEVELOPER)
        await s.press("g", "enter")
        assert matrix.toasts.texts == ["The session of production CrossAccountDeveloperRole is over. Renew it in the list of roles."]
        assert s.deck.screen is matrix


async def counts(s):
    """The counts of all sessions, all answered."""
    await s.press("V")
    matrix = s.deck.screen
    await s.until(lambda: matrix.is_mounted and not matrix.working)
    matrix.update()
    return matrix
