"""What comes between the key that leaves and the end: nothing of it is a fault, and the program ends as it was told to."""

from __future__ import annotations

import pytest
from textual import events
from textual.geometry import Size

from tests.ui.exploring import explore
from tui_app.model import Problem

SMALL = Size(30, 8)


def told(deck):
    deck.toast("Copied")


def grown_small(deck):
    deck.post_message(events.Resize(SMALL, SMALL))


def found_wrong(deck):
    deck.store.problems = (Problem("config", "It cannot be read."),)
    deck.store.changed("problems")


@pytest.mark.parametrize("late", [told, grown_small, found_wrong])
@pytest.mark.parametrize("over", ["", "question_mark", "explorer"])
async def test_what_comes_after_the_key_that_leaves_is_no_fault(stage, late, over):
    async with stage() as s:
        if over == "explorer":
            await explore(s)
        elif over:
            await s.press(over)
        s.deck.run_command("app.quit")
        late(s.deck)
        await s.until(lambda: not s.deck.is_running)
    assert s.deck.return_code == 0


async def test_an_answer_that_was_waiting_when_the_key_came_is_not_drawn(stage):
    drawn = []
    async with stage() as s:
        s.deck.post(lambda: drawn.append("a moment too late"))
        s.deck.exit()
        await s.until(lambda: not s.deck.is_running)
    assert drawn == []
