"""How often the screen of the resources is drawn: its first frame is a whole one, and another height of a part is one laying out."""

from __future__ import annotations

import pytest
from textual.screen import Screen

from tests.ui.exploring import BUCKETS, DEVELOPER, Door, explore, live
from tui_app.ui.explorer import feeding, looking_round
from tui_app.ui.explorer.among import Among
from tui_app.ui.explorer.told import counts
from tui_app.ui.roledeck import Roledeck


@pytest.fixture
def frames(monkeypatch):
    """The text of each frame of a screen of the resources."""
    drawn, display = [], Roledeck._display

    def seen(app, screen, renderable):
        if isinstance(screen, Among) and renderable is not None:
            drawn.append("\n".join(strip.text for strip in screen._compositor.render_strips()))
        display(app, screen, renderable)

    monkeypatch.setattr(Roledeck, "_display", seen)
    return drawn


@pytest.mark.parametrize("size", [(140, 40), (100, 30), (80, 24)])
async def test_the_first_frame_of_the_explorer_is_a_whole_one(stage, frames, size):
    door = Door(s3__ListBuckets={"Buckets": BUCKETS})
    async with stage(door=door, size=size) as s:
        await live(s, DEVELOPER)
        await s.press("v", "v")
        await s.until(lambda: frames)
        assert "Account summary" in frames[0]
        assert "S3 buckets" in frames[0]
        assert "help" in frames[0].splitlines()[-1]


async def test_the_first_frame_of_the_matrix_is_a_whole_one(stage, frames):
    async with stage(door=Door(), size=(140, 40)) as s:
        await live(s, DEVELOPER)
        await s.press("V")
        await s.until(lambda: frames)
        assert "production" in frames[0]
        assert "help" in frames[0].splitlines()[-1]


async def test_a_screen_that_is_opened_and_left_at_once_leaves_the_list_drawn(stage):
    async with stage(door=Door(), size=(140, 40)) as s:
        await live(s, DEVELOPER)
        await s.press("v", "v", "escape", "escape")
        await s.until(lambda: s.deck.explorer is None)
        assert "production" in s.screen


async def test_another_height_of_a_part_is_one_laying_out(stage, monkeypatch):
    async with stage(door=Door(s3__ListBuckets={"Buckets": BUCKETS}), size=(140, 40)) as s:
        screen = await explore(s, "s3-buckets")
        await s.until(lambda: not screen.working and screen.table.grid.shown)
        await s.pilot.pause()
        laid_out, lay_out = [], Screen._refresh_layout
        monkeypatch.setattr(Screen, "_refresh_layout", lambda *args, **named: (laid_out.append(args[0]), lay_out(*args, **named))[1])
        before = screen.head.size.height
        await s.press("slash", "x", "x", "x", "x")
        await s.until(lambda: screen.head.size.height != before)
        await s.pilot.pause(0.1)
        assert laid_out == [screen]


async def test_a_drawing_takes_what_a_key_may_wait_for_and_the_next_one_the_rest(stage, monkeypatch):
    many = {"Functions": [{"FunctionName": f"worker-{number}"} for number in range(150)]}
    regions = ("eu-west-1", "us-east-1", "eu-central-1", "us-west-2")
    async with stage(door=Door(lambda__ListFunctions=many), size=(140, 40)) as s:
        await live(s, DEVELOPER)
        looking_round.look_round(s.deck, DEVELOPER, regions=regions)
        await s.until(lambda: not s.deck.findings.sights[DEVELOPER].running)
        screen = await explore(s)
        taken, feed = [], feeding.feed

        def fed(on, table):
            before = len(table.grid.cells)
            feed(on, table)
            taken.append(len(table.grid.cells) - before)
            if 0 < len(table.grid.cells) < 600:
                assert "so far" in counts(table)

        monkeypatch.setattr("tui_app.ui.explorer.screen.feed", fed)
        names = [view.name for view in screen.views.listed.views]
        await s.press(*["down"] * names.index("lambda-functions"))
        await s.sees("600, all shown")
        assert sum(taken) == 600
        assert 0 < max(taken) <= feeding.FED + 150


async def test_nothing_is_said_of_a_view_before_its_rows_are_drawn(stage, monkeypatch):
    monkeypatch.setattr("tui_app.ui.explorer.screen.REST", 60)
    door = Door(s3__ListBuckets={"Buckets": BUCKETS})
    async with stage(door=door, size=(140, 40)) as s:
        screen = await explore(s)
        await s.until(lambda: not screen.working)
        names = [view.name for view in screen.views.listed.views]
        await s.press(*["down"] * names.index("s3-buckets"))
        screen.spun()
        screen._tick()
        await s.pilot.pause()
        assert "Not asked yet" not in s.screen
        screen.update()
        await s.sees("dev-assets")
        assert screen._resting is None
