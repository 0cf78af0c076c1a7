"""A huge description is read beside the screen's thread: what is looked at meanwhile stays what is shown."""

from __future__ import annotations

import threading

import pytest

from tests.ui.exploring import Door, explore
from tui_app.explorer.results import ViewResult

NAMES = [f"layer-{number}" for number in range(3_000)]
FUNCTIONS = [
    {"FunctionName": "huge", "Runtime": "python3.13", "Layers": [{"Arn": name} for name in NAMES]},
    {"FunctionName": "small", "Runtime": "nodejs22.x", "Handler": "index.handler"},
]


@pytest.fixture
def readers(monkeypatch):
    """The threads on which descriptions were read, by the row's index; the first row's waits for `gate`."""
    read, gate, document = {}, threading.Event(), ViewResult.document

    def noted(result, index):
        read[index] = threading.current_thread()
        if index == 0:
            gate.wait(10)
        return document(result, index)

    monkeypatch.setattr(ViewResult, "document", noted)
    return read, gate


async def test_a_huge_description_is_read_on_a_thread_and_a_small_one_at_once(stage, readers):
    read, gate = readers
    async with stage(door=Door(lambda__ListFunctions={"Functions": FUNCTIONS})) as s:
        screen = await explore(s, "lambda-functions")
        await s.press("d")
        await s.sees("Reading the description")
        await s.press("tab")
        gate.set()
        await s.sees('"FunctionName": "huge"')
        assert "Reading the description" not in s.screen
        await s.until(lambda: len(screen.described.rows) > 2 * len(NAMES))
        await s.press("escape", "j", "d")
        await s.sees('"FunctionName": "small"')
        assert read[0] is not threading.main_thread()
        assert read[1] is threading.main_thread()


async def test_a_description_that_comes_late_is_not_shown_for_another_row(stage, readers):
    _, gate = readers
    async with stage(door=Door(lambda__ListFunctions={"Functions": FUNCTIONS})) as s:
        screen = await explore(s, "lambda-functions")
        await s.press("d")
        await s.sees("Reading the description")
        await s.press("escape", "j", "d")
        await s.sees("index.handler")
        shown = list(screen.described.rows)
        gate.set()
        await s.until(lambda: not any(job.name == "read the description" for job in s.deck.jobs._running))
        screen.update()
        assert screen.described.rows == shown
        await s.press("escape", "k", "d")
        await s.sees("layer-0")


async def test_rows_of_a_long_description_are_not_put_before_another(stage, readers):
    _, gate = readers
    functions = [FUNCTIONS[0], {**FUNCTIONS[0], "FunctionName": "second"}]
    async with stage(door=Door(lambda__ListFunctions={"Functions": functions})) as s:
        screen = await explore(s, "lambda-functions")
        await s.press("j", "d", "tab")
        await s.sees('"FunctionName": "second"')
        await s.press("escape", "k", "d")
        await s.sees("Reading the description")
        assert len(screen.described.rows) == 2
        gate.set()
        await s.sees('"FunctionName": "huge"')
