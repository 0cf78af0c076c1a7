"""Terminals of every size and look, and the mouse."""

from __future__ import annotations

import re

import pytest

from tests.ui.exploring import BUCKETS, DEPLOYER, DEVELOPER, Door, live
from tui_app.ui.theme import Look


async def test_narrow_terminals_lay_the_pane_over_the_list(stage):
    async with stage(size=(80, 24)) as s:
        assert "Identity" not in s.screen
        await s.press("tab")
        await s.sees("Identity")
        assert "Deployer" not in s.screen
        await s.press("escape")
        await s.sees("Deployer")


@pytest.mark.parametrize("size", [(20, 5), (1, 1), (47, 24), (80, 11)])
async def test_a_terminal_too_small_gets_one_sentence(stage, size):
    async with stage(size=size) as s:
        words = " ".join(s.screen.split())
        assert words.startswith("Terminal" if size[0] > 8 else "…")
        await s.press("enter")
        assert not s.store.work


async def test_growing_again_brings_everything_back(stage):
    async with stage(size=(20, 5)) as s:
        await s.pilot.resize_terminal(140, 40)
        await s.sees("CrossAccountDeveloperRole")


@pytest.mark.parametrize(("size", "look"), [((48, 12), "dark"), ((80, 24), "plain"), ((100, 30), "light"), ((300, 100), "dark")])
async def test_every_size_and_look_draws(stage, size, look):
    async with stage(size=size, look=Look(look)) as s:
        await s.press("enter")
        await s.until(lambda: s.store.state(DEVELOPER) == "live")
        await s.press("question_mark", "escape", "colon", "escape", "tab")
        await s.sees("roledeck")
        assert "CrossAccountDeveloperRole" in s.screen


async def test_ascii_terminals_get_only_ascii(stage):
    async with stage(look=Look("plain", ascii_only=True)) as s:
        await s.press("enter")
        await s.until(lambda: s.store.state(DEVELOPER) == "live")
        from textual.strip import Strip

        strips = s.deck.screen._compositor.render_strips()
        filtered = [Strip(line).apply_filter(s.deck._filters[-1], s.deck.screen.background_colors[0]) for line in strips]
        assert all(segment.text.isascii() for line in filtered for segment in line)


async def test_a_mouse_selects_opens_and_presses(stage):
    async with stage() as s:
        at = next(number for number, line in enumerate(s.screen.splitlines()) if "Deployer" in line)
        await s.pilot.click(offset=(20, at))
        await s.until(lambda: s.store.cursor == DEPLOYER)
        await s.pilot.click(offset=(20, at), times=2)
        await s.until(lambda: s.store.state(DEPLOYER) == "live")
        tab = next(text.index("Chain") for text in s.screen.splitlines() if "Chain" in text)
        row = next(number for number, text in enumerate(s.screen.splitlines()) if "Chain" in text)
        await s.pilot.click(offset=(tab, row))
        await s.until(lambda: s.deck.findings.tab == "Chain")


async def test_the_filters_key_leads_from_the_pane_over_the_list_back_to_the_list(stage):
    async with stage(size=(80, 24)) as s:
        await s.press("tab")
        await s.press("slash", *"deploy")
        await s.sees("/ deploy")
        assert s.store.query == "deploy"


SIZES = [(80, 24), (140, 40), (100, 30), (20, 5), (140, 40)]


@pytest.mark.parametrize("way", ["", "v", "vv", "V", "F", "?"])
async def test_other_sizes_leave_nothing_behind_that_was_drawn_for_the_one_before(stage, way):
    async with stage(door=Door(s3__ListBuckets={"Buckets": BUCKETS}), size=SIZES[0]) as s:
        await live(s, DEVELOPER)
        await s.press(*("question_mark" if key == "?" else key for key in way))
        await s.until(lambda: not any(sight.running for sight in s.deck.findings.sights.values()))
        for size in SIZES[1:]:
            await s.pilot.resize_terminal(*size)
            await s.pilot.pause(0.05)
            seen = s.screen
            for part in s.deck.screen.query("*"):
                part.refresh()
            await s.pilot.pause(0.05)
            assert _without_figures(seen) == _without_figures(s.screen), size


def _without_figures(screen: str) -> str:
    """What the clock does not move."""
    return re.sub(r"[\d█▀▄━╸─]", " ", screen)
