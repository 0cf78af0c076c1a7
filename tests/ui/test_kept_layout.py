"""How a person has laid out the tables of a view holds for the next table of it."""

from __future__ import annotations

from tests.ui.exploring import DEPLOYER, DEVELOPER, Door, explore, live, rows_of
from tui_app.ui.explorer.looking_round import look_round

TAGGED = [
    {"FunctionName": name, "Runtime": runtime, "LastModified": "2026-01-01T00:00:00Z"}
    for name, runtime in (("one", "python3.12"), ("two", "python3.13"), ("three", "nodejs22.x"))
]


def names_of(screen) -> list[str]:
    return [screen.table.grid.cells[row][0] for row in screen.table.grid.shown]


def heads_of(screen) -> list[str]:
    return [screen.table.grid.heads[number].title for number in screen.table.visible()]


async def test_columns_and_order_hold_for_other_regions_another_role_and_the_next_look(stage):
    async with stage(door=Door(lambda__ListFunctions={"Functions": TAGGED})) as s:
        await live(s, DEPLOYER)
        screen = await explore(s, "lambda-functions")
        assert names_of(screen) == ["one", "two", "three"]
        await s.press("greater_than_sign", "s")
        assert names_of(screen) == ["two", "three", "one"]
        await s.press("c", "space", "enter")
        laid_out = heads_of(screen)
        assert len(laid_out) == len(screen.table.grid.heads) - 1

        look_round(s.deck, DEVELOPER, regions=("us-east-1",))
        screen.regions_chosen()
        await s.until(lambda: not screen.working and screen.table.results)
        assert (names_of(screen), heads_of(screen)) == (["two", "three", "one"], laid_out)

        await s.press("escape", "escape")
        s.select(DEPLOYER)
        await s.press("v", "v")
        await s.until(lambda: s.deck.explorer and not s.deck.explorer.working)
        screen = await rows_of(s, "lambda-functions")
        assert screen.visitors[0].key == DEPLOYER
        assert (names_of(screen), heads_of(screen)) == (["two", "three", "one"], laid_out)


async def test_another_view_is_as_ever(stage):
    buckets = [{"Name": name, "BucketRegion": "eu-west-1"} for name in ("b", "a", "c")]
    async with stage(door=Door(lambda__ListFunctions={"Functions": TAGGED}, s3__ListBuckets={"Buckets": buckets})) as s:
        screen = await explore(s, "lambda-functions")
        await s.press("greater_than_sign", "escape")
        screen = await rows_of(s, "s3-buckets")
        assert names_of(screen) == ["b", "a", "c"]
