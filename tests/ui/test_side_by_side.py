"""Several roles side by side: also in a narrow terminal each figure and row says whose it is, and all were asked alike."""

from __future__ import annotations

import pytest

from tests.ui.exploring import BUCKETS, DEPLOYER, DEVELOPER, Door, beside, live, rows_of
from tui_app.explorer.labels import Named
from tui_app.ui.explorer.filtering import Head
from tui_app.ui.explorer.grid import Chunk, Grid, Key
from tui_app.ui.explorer.grid_rows import grid_row, lay_out

READER = "staging/ReadOnly"


def line_of(s, text: str) -> str:
    return next(row for row in s.screen.splitlines() if text in row)


def roles_grid() -> Grid:
    owners = (Named("staging", "CrossAccountDeveloperRole"), Named("staging", "CrossAccountOperatorRole"))
    grid = Grid((Head("Name"), Head("Role", owners=owners), *(Head(f"Column {number}") for number in range(8))))
    names = [f"{owner.account} {owner.role}" for owner in owners]
    cells = [("a-bucket-with-a-name", name, *("x" * 12 for _ in range(8))) for name in names]
    grid.add(Chunk([Key(number, "", "a") for number in range(2)], cells, cells, [" ".join(row) for row in cells]))
    return grid


@pytest.mark.parametrize("passed", [0, 3, 7])
def test_whose_a_row_is_stays_in_sight_however_far_to_the_right(passed):
    grid = roles_grid()
    laid = lay_out(grid, range(10), passed, 78)
    lines = ["".join(part for part, _ in grid_row(cells, grid, laid, 78)) for cells in grid.cells]
    assert [number for number, _ in laid.columns[:2]] == [0, 1]
    assert lines[0] != lines[1]
    assert all(len(line) == 78 for line in lines)


async def test_where_there_is_little_room_roles_of_several_accounts_are_named_by_account(stage):
    async with stage(door=Door(s3__ListBuckets={"Buckets": BUCKETS}), size=(80, 24)) as s:
        await beside(s, DEVELOPER, DEPLOYER)
        await rows_of(s, "s3-buckets")
        assert "production" in line_of(s, "dev-assets")
        assert "…" not in line_of(s, "dev-assets")


async def test_columns_of_counts_that_have_no_room_are_reached_sideways(stage, world):
    roles = [world.role(f"team{number}", f"11112222333{number}", "ReadOnly") for number in range(8)]
    async with stage(roles=roles, door=Door(), size=(120, 40)) as s:
        screen = await beside(s, *(role.key for role in roles))
        assert screen.part == "views"
        seen = set()
        for _ in range(8):
            heads = line_of(s, "View  ").split("▏")[0]
            seen |= {name for name in (f"team{number}" for number in range(8)) if name in heads}
            await s.press("right")
        assert len(seen) == 8
        for _ in range(8):
            await s.press("left")
        await s.until(lambda: "team0" in line_of(s, "View  "))


async def test_regions_that_have_no_room_are_reached_sideways(stage):
    async with stage(door=Door(), size=(80, 24)) as s:
        await live(s, DEVELOPER)
        from tui_app.ui.explorer.looking_round import look_round

        places = tuple(f"{place}-{number}" for place in ("eu-west", "us-east") for number in (1, 2, 3))
        look_round(s.deck, DEVELOPER, regions=places)
        await s.press("v", "v")
        await s.until(lambda: s.deck.explorer and s.deck.explorer.is_mounted and not s.deck.explorer.working)
        assert "us-east-3" not in line_of(s, "View  ")
        await s.press("l", "l")
        await s.until(lambda: "us-east-3" in line_of(s, "View  "))


async def test_all_are_asked_in_the_same_regions(stage, world):
    """A row of a region in which only one of them was asked would read as a difference."""
    one = world.role("here", "111122223333", "ReadOnly", regions=("eu-west-1",))
    two = world.role("there", "444455556666", "ReadOnly", regions=("eu-west-1", "us-east-1"))
    functions = {"Functions": [{"FunctionName": "worker"}]}
    async with stage(roles=[one, two], door=Door(lambda__ListFunctions=functions)) as s:
        screen = await beside(s, one.key, two.key)
        assert screen.regions == ("eu-west-1", "us-east-1")
        await rows_of(s, "lambda-functions")
        await s.sees("4, all shown")


async def test_the_marked_roles_that_are_left_out_are_named(stage):
    async with stage(door=Door()) as s:
        await live(s, DEVELOPER, DEPLOYER)
        for key in (DEVELOPER, DEPLOYER, READER):
            s.select(key)
            await s.press("space")
        await s.press("v")
        await s.sees("2 roles side by side")
        await s.sees("staging ReadOnly has no session")


async def test_the_one_whose_session_is_over_is_named(stage):
    async with stage(door=Door()) as s:
        screen = await beside(s, DEVELOPER, DEPLOYER)
        del s.store.sessions[DEPLOYER]
        screen.update()
        await s.until(lambda: "ended" in line_of(s, "side by side"))
        band = line_of(s, "side by side")
        assert band.index("production") < band.index("staging") < band.index("ended")
        await rows_of(s, "s3-buckets")
        await s.press("ctrl+r")
        await s.sees("The session of staging Deployer has ended")


async def test_no_column_of_the_matrix_is_passed_over(stage):
    async with stage(door=Door(), size=(80, 24)) as s:
        await live(s, DEVELOPER, DEPLOYER)
        await s.press("V")
        await s.until(lambda: s.deck.screen.id != "_default" and hasattr(s.deck.screen, "grid") and not s.deck.screen.working)
        screen = s.deck.screen
        seen: set[int] = set()
        for _ in screen.grid.heads:
            seen |= {number for number, _ in screen.body.laid.columns}
            await s.press("right")
        assert seen == set(range(len(screen.grid.heads)))


async def test_the_matrix_is_in_the_order_of_the_list(stage, world):
    listed = {role.key: role for role in world.all_roles()}
    async with stage(door=Door(), roles=[listed[DEPLOYER], listed[DEVELOPER]]) as s:
        await live(s, DEPLOYER, DEVELOPER)
        await s.press("V")
        await s.until(lambda: hasattr(s.deck.screen, "grid"))
        assert [visitor.key for visitor in s.deck.screen.visitors] == [DEVELOPER, DEPLOYER]


async def test_a_filter_of_the_views_does_not_hide_how_many_have_answered(stage):
    door = Door()
    async with stage(door=door, size=(80, 24)) as s:
        await beside(s, DEVELOPER, DEPLOYER)
        await s.press(*"/sqs", "enter")
        door.gate.clear()
        await s.press("ctrl+r")
        try:
            await s.sees("0 of 54")
        finally:
            door.gate.set()
