"""The files are changed while resources are on the screen: the next reload takes the views as they are written now."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.ui.exploring import Door, explore
from tui_app.catalog.load import load_catalog

OWN = """
[explorer]
views = [{shown}]

[[explorer.view]]
name = "queues"
title = "Own queues"
service = "sqs"
operation = "ListQueues"
rows = "QueueList"
columns = [{columns}]
"""
ONE, TWO = '"Url = Url"', '"Url = Url", "Kind = Kind"'
ROWS = {"QueueList": [{"Url": "first", "Kind": "fifo"}, {"Url": "second", "Kind": "plain"}]}


@pytest.fixture
def settings(tmp_path):
    def read(text):
        (tmp_path / "config.toml").write_text(text)
        return load_catalog({"HOME": str(tmp_path), "ROLEDECK_CONFIG": str(tmp_path / "config.toml")}).settings

    return read


def read_again(s, settings) -> None:
    """As after a change of the files, with the same roles."""
    s.deck.loaded = replace(s.deck.loaded, catalog=replace(s.deck.loaded.catalog, settings=settings))


async def test_a_view_with_another_column_shows_it_after_the_next_reload(stage, settings):
    door = Door(sqs__ListQueues=ROWS)
    async with stage(door=door) as s:
        read_again(s, settings(OWN.format(shown='"queues"', columns=ONE)))
        screen = await explore(s, "queues")
        await s.until(lambda: [cells[0] for cells in screen.table.grid.cells] == ["first", "second"])
        read_again(s, settings(OWN.format(shown='"queues"', columns=TWO)))
        await s.press("tab", "ctrl+r")
        await s.until(lambda: not screen.working)
        await s.press("enter")
        await s.sees("fifo")
        assert {"Url", "Kind"} <= {head.title for head in screen.table.grid.heads}


async def test_the_table_that_is_shown_is_asked_for_as_it_is_written_now(stage, settings):
    async with stage(door=Door(sqs__ListQueues=ROWS)) as s:
        read_again(s, settings(OWN.format(shown='"queues"', columns=ONE)))
        screen = await explore(s, "queues")
        await s.until(lambda: screen.table.grid.cells)
        read_again(s, settings(OWN.format(shown='"queues"', columns=TWO)))
        await s.press("ctrl+r")
        await s.sees("fifo")
        assert screen.part == "rows"


async def test_a_view_that_was_added_is_in_the_list_after_the_next_reload(stage, settings):
    async with stage(door=Door(sqs__ListQueues=ROWS)) as s:
        screen = await explore(s)
        assert "Own queues" not in s.screen
        read_again(s, settings(OWN.format(shown='"queues"', columns=ONE)))
        await s.press("ctrl+r")
        await s.until(lambda: not screen.working)
        assert "queues" in [view.name for view in screen.views.listed.views]


async def test_the_cursor_stays_where_nothing_was_changed(stage, settings):
    text = OWN.format(shown='"queues"', columns=ONE)
    async with stage(door=Door(sqs__ListQueues=ROWS)) as s:
        read_again(s, settings(text))
        screen = await explore(s, "queues")
        await s.until(lambda: screen.table.grid.cells)
        await s.press("down")
        table = screen.table
        read_again(s, settings(text))
        await s.press("ctrl+r")
        await s.until(lambda: not screen.working)
        assert screen.table is table
        assert table.under_cursor()[1] == 1
