"""The mouse in the explorer: a click puts the cursor there and gives the keys, a second one opens, the wheel scrolls what lies under it."""

from __future__ import annotations

import pytest
from textual.events import MouseScrollDown, MouseScrollUp

from tests.ui import searching as search
from tests.ui.exploring import BUCKETS, Door, explore
from tui_app.ui.explorer.screen import Explorer

MANY = {"Buckets": [{"Name": f"bucket-{row:03d}", "BucketRegion": "eu-west-1"} for row in range(200)]}


def line_of(screen, view):
    """The line on which a view stands in the list, as far as it is scrolled."""
    names = [item.name for item in screen.views.listed.views]
    return screen.views.listed.choices[names.index(view)] - screen.views.scroll_offset.y


async def wheel(s, widget, *, up=False, times=1):
    for _ in range(times):
        x, y = widget.region.offset
        kind = MouseScrollUp if up else MouseScrollDown
        s.deck.screen._forward_event(kind(widget, x + 5, y + 3, 0, 0, 0, False, False, False, x + 5, y + 3))
    await s.pilot.pause()


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_a_click_on_a_view_shows_it_and_a_second_one_opens_it(stage, size):
    async with stage(door=Door(s3__ListBuckets={"Buckets": BUCKETS}), size=size) as s:
        screen = await explore(s)
        await s.until(lambda: not screen.working)
        await s.pilot.click(screen.views, offset=(5, line_of(screen, "s3-buckets")))
        await s.until(lambda: screen.views.view.name == "s3-buckets")
        assert screen.part == "views"
        if screen.split:
            await s.sees("dev-assets")
        await s.pilot.click(screen.views, offset=(5, line_of(screen, "s3-buckets")), times=2)
        await s.until(lambda: screen.part == "rows")
        await s.sees("dev-assets")


async def test_a_click_between_the_views_does_nothing(stage):
    async with stage(door=Door(s3__ListBuckets={"Buckets": BUCKETS})) as s:
        screen = await explore(s)
        await s.until(lambda: not screen.working)
        before = screen.views.at
        await s.pilot.click(screen.views, offset=(5, 0), times=2)
        await s.pilot.pause()
        assert (screen.views.at, screen.part) == (before, "views")


async def test_a_click_on_a_view_brings_the_keys_back_from_the_rows(stage):
    async with stage(door=Door(s3__ListBuckets={"Buckets": BUCKETS})) as s:
        screen = await explore(s, "s3-buckets")
        await s.pilot.click(screen.views, offset=(5, line_of(screen, "dynamodb-tables")))
        await s.until(lambda: screen.views.view.name == "dynamodb-tables")
        assert screen.part == "views"
        await s.sees("DynamoDB tables   none")


async def test_a_click_ends_the_typing_of_a_filter_and_the_filter_stays(stage):
    async with stage(door=Door(s3__ListBuckets=MANY)) as s:
        screen = await explore(s, "s3-buckets")
        await s.press(*"/bucket-00")
        await s.pilot.click(screen.body, offset=(5, 3))
        await s.until(lambda: not screen.typing)
        assert screen.table.grid.cursor.id == "bucket-003"
        await s.press("d")
        await s.until(lambda: screen.part == "details")
        await s.press("escape")
        assert screen.table.grid.query == "bucket-00"


async def test_letters_typed_after_a_click_into_the_other_half_are_no_filter_of_that_half(stage):
    async with stage(door=Door(s3__ListBuckets=MANY)) as s:
        screen = await explore(s, "s3-buckets")
        await s.press(*"/bucket-00")
        await s.pilot.click(screen.views, offset=(5, line_of(screen, "dynamodb-tables")))
        await s.until(lambda: screen.part == "views")
        await s.press("j")
        assert (screen.typing, screen.views.words) == (False, "")


async def test_the_wheel_scrolls_the_half_under_it_and_both_cursors_stay(stage):
    async with stage(door=Door(s3__ListBuckets=MANY), size=(120, 30)) as s:
        screen = await explore(s, "s3-buckets")
        views, row = screen.views.at, screen.table.grid.cursor
        await wheel(s, screen.body, times=5)
        await s.until(lambda: screen.body.scroll_offset.y > 0)
        assert screen.views.scroll_offset.y == 0
        await wheel(s, screen.views, times=5)
        await s.until(lambda: screen.views.scroll_offset.y > 0)
        assert (screen.views.at, screen.table.grid.cursor, screen.part) == (views, row, "rows")
        await wheel(s, screen.body, up=True, times=50)
        await s.until(lambda: screen.body.scroll_offset.y == 0)


async def test_a_click_under_a_question_reaches_nothing(stage):
    async with stage(door=Door(s3__ListBuckets=MANY)) as s:
        screen = await explore(s, "s3-buckets")
        await s.press("w")
        await s.sees("Write 200 rows as")
        await s.pilot.click(offset=(100, 35), times=2)
        await s.pilot.click(offset=(5, 12), times=2)
        await s.pilot.pause()
        assert (screen.part, screen.table.grid.at, len(screen.trail)) == ("rows", 0, 1)
        await s.sees("Write 200 rows as")


async def test_a_double_click_on_what_was_found_opens_it_also_while_other_words_are_typed(stage):
    snapshots = {"Snapshots": [{"SnapshotId": "snap-1", "VolumeId": "vol-1"}, {"SnapshotId": "snap-2", "VolumeId": "vol-2"}]}
    found = [search.resource(name, kind="ec2:snapshot") for name in ("snap-1", "snap-2")]
    async with stage(door=search.Door(found, ec2__DescribeSnapshots=snapshots)) as s:
        screen = await search.searching_screen(s, words="snap")
        await s.press("F", "x")
        assert screen.part == "words"
        await s.pilot.click(screen.body, offset=(5, 1), times=2)
        await s.until(lambda: isinstance(s.deck.screen, Explorer))
        explorer = s.deck.screen
        await s.until(lambda: explorer.table is not None and len(explorer.table.grid.shown) == 1)
        assert (explorer.table.view.name, explorer.table.grid.query) == ("snapshots", "snap-2")
        await s.sees("1 of 2")
