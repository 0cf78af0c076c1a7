"""A signal in the moment between the key that opens a shell and the shell: it ends the screen, and no shell is begun."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from tui_app.ui.leaving import ENDING, Signals


@pytest.fixture(autouse=True)
def _as_before():
    before = {number: signal.getsignal(number) for number in ENDING}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", ENDING)
async def test_one_that_came_while_the_loop_stood_still_ends_what_is_begun_then(number):
    signals, left = Signals(), []
    signals.heed(left.append)
    os.kill(os.getpid(), number)
    with pytest.raises(SystemExit) as ended, signals.at_once():
        left.append("begun")
    assert ended.value.code == 128 + number
    assert "begun" not in left


@pytest.mark.parametrize("number", ENDING)
async def test_one_that_comes_before_the_child_has_handlers_of_its_own_is_not_put_off(number):
    signals = Signals()
    signals.heed(lambda _: None)
    with pytest.raises(SystemExit) as ended, signals.at_once():
        signal.raise_signal(number)
    assert ended.value.code == 128 + number


async def test_on_the_screen_it_leaves():
    signals, left = Signals(), asyncio.get_running_loop().create_future()
    signals.heed(left.set_result)
    with signals.at_once():
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    assert await asyncio.wait_for(left, 20) == 128 + signal.SIGTERM
