"""The files are changed while resources are on the screen: the next reload takes the views as they are written now."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.ui.exploring import DEPLOYER, DEVELOPER, Door, explore, live
from tui_app.catalog.load import load_catalog
from tui_app.errors import OutOfReach
from tui_app.ui.explorer import looking_round
from tui_app.ui.explorer.matrix import Matrix

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


async def test_the_matrix_has_one_column_of_a_view_that_asks_something_else_now(stage, settings):
    text = OWN.format(shown='"queues"', columns=ONE)
    topics = text.replace("sqs", "sns").replace("ListQueues", "ListTopics").replace("QueueList", "Topics").replace("= Url", "= TopicArn")
    async with stage(door=Door(sqs__ListQueues=ROWS, sns__ListTopics={"Topics": [{"TopicArn": "only"}]})) as s:
        read_again(s, settings(text))
        await live(s, DEVELOPER, DEPLOYER)
        await s.press("V")
        await s.until(lambda: isinstance(s.deck.screen, Matrix) and not s.deck.screen.working)
        matrix = s.deck.screen

        def counts():
            return {visitor.key: cells[1:] for visitor, cells in zip(matrix.visitors, matrix.grid.cells, strict=True)}

        await s.until(lambda: counts() == {DEVELOPER: ("2",), DEPLOYER: ("2",)})
        read_again(s, settings(topics))
        looking_round.look_round(s.deck, DEPLOYER, again=True)
        await s.until(lambda: not matrix.working and counts()[DEPLOYER] == ("1",))
        assert [head.title for head in matrix.grid.heads] == ["Role", "Own queues"]
        assert counts() == {DEVELOPER: ("—",), DEPLOYER: ("1",)}
        await s.press("ctrl+r")
        await s.until(lambda: not matrix.working and counts() == {DEVELOPER: ("1",), DEPLOYER: ("1",)})


async def test_where_the_changed_view_fails_nothing_of_the_earlier_one_is_counted(stage, settings):
    text = OWN.format(shown='"queues"', columns=ONE)
    broken = text.replace("sqs", "sns").replace("ListQueues", "ListTopics")
    door = Door(sqs__ListQueues=ROWS, sns__ListTopics=OutOfReach("AWS cannot be reached.", "Try again."))
    async with stage(door=door) as s:
        read_again(s, settings(text))
        await live(s, DEVELOPER)
        await s.press("V")
        await s.until(lambda: isinstance(s.deck.screen, Matrix) and not s.deck.screen.working)
        matrix = s.deck.screen
        await s.until(lambda: matrix.grid.cells[0][1] == "2")
        read_again(s, settings(broken))
        await s.press("ctrl+r")
        await s.until(lambda: not matrix.working and "sns:ListTopics" in door.calls)
        await s.until(lambda: matrix.grid.cells[0][1] == "no net")
