"""What has not changed is not drawn: a key waits for whatever the screen is busy with."""

from __future__ import annotations

import pytest
from textual.geometry import Region
from textual.widget import Widget

KEY = "production/CrossAccountDeveloperRole"


@pytest.fixture
def drawn(monkeypatch):
    """What is asked to be drawn again: (widget, regions)."""
    found = []
    refresh = Widget.refresh

    def noted(widget, *regions, **how):
        found.append((widget, regions))
        return refresh(widget, *regions, **how)

    monkeypatch.setattr(Widget, "refresh", noted)
    return found


async def live(s, world):
    s.select(KEY)
    await s.press("enter")
    await s.until(lambda: s.store.state(KEY) == "live")


async def test_rows_that_are_the_same_are_not_drawn_again(stage, world, drawn):
    async with stage() as s:
        s.store.clock = lambda: 1_790_000_000.0
        s.deck.main.tick()
        await s.pilot.pause()
        header, _, footer = s.deck.main.chrome
        for part in (header, footer, s.deck.main.pane.tabs, s.deck.main.pane.band):
            drawn.clear()
            part.renew()
            assert drawn == []


async def test_of_rows_that_differ_only_those_are_drawn(stage, world, drawn):
    async with stage() as s:
        band = s.deck.main.pane.band
        await s.pilot.pause()
        assert band._rows is not None
        band._rows = [*band._rows[:3], (("other", ""),), *band._rows[4:]]
        drawn.clear()
        band.renew()
        assert drawn == [(band, (Region(0, 3, band.size.width, 1),))]
        assert band._rows[3] != (("other", ""),)


async def test_under_the_explorer_nothing_is_drawn_and_afterwards_all_is_as_it_should_be(stage, world, drawn):
    async with stage() as s:
        await live(s, world)
        await s.press("v", "v")
        await s.until(lambda: s.deck.explorer is not None and s.deck.screen is s.deck.explorer)
        await s.pilot.pause()
        assert s.deck.main.covered
        drawn.clear()
        s.deck.main.tick(spinning=True)
        s.store.changed("pane")
        assert not [widget for widget, _ in drawn if widget.screen is s.deck.main]
        s.deck.findings.tab = "Identity"
        await s.press("escape", "escape")
        await s.until(lambda: s.deck.screen is s.deck.main)
        assert not s.deck.main.covered
        await s.sees("AROA123:me")


async def test_who_asks_is_said_before_the_first_answer(stage, world):
    async with stage() as s:
        await live(s, world)
        s.door.gate.clear()
        try:
            await s.press("v")
            await s.sees("Asking as CrossAccountDeveloperRole/me")
            high = s.deck.main.pane.stamp.size.height
        finally:
            s.door.gate.set()
        await s.sees("Answered to CrossAccountDeveloperRole/me")
        assert s.deck.main.pane.stamp.size.height == high
