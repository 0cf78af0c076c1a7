"""The private parts of Textual that are leant on are still there, and behave."""

from __future__ import annotations

import asyncio
import inspect
import subprocess
import sys

import pytest
from textual._context import active_app
from textual.app import App
from textual.screen import Screen
from textual.timer import Timer

from tui_app.ui import compat


def test_textual_still_has_what_is_leant_on():
    source = inspect.getsource(App)
    for name in (
        "_filters",
        "_exit_renderables",
        "_close_messages_no_wait",
        "_handle_exception",
        "_fatal_error",
        "_return_code",
        "_exception_event",
    ):
        assert name in source
    assert "show_locals=True" in inspect.getsource(App._fatal_error), "Textual's own report no longer shows locals: the override may go"


CRASH = """
import asyncio, sys
sys.path.insert(0, {root!r})
from types import SimpleNamespace
from tui_app.catalog.load import Catalog
from tui_app.ui.backstage import Backstage, Loaded
from tui_app.ui.roledeck import Roledeck
broker = SimpleNamespace(known=lambda: (), mfa_sessions=lambda: ())
deck = Roledeck(Backstage({{"HOME": {home!r}, "LANG": "C.UTF-8"}}, lambda: Loaded(Catalog(), broker, None)))
def fall(*_):
    secret = "SEKRETLOCAL"
    raise RuntimeError("SEKRETTEXT" + secret)
async def fall_later():
    fall()
kind = sys.argv[1]
class Falling(Roledeck):
    def on_ready(self):
        if kind == "handler": fall()
        elif kind == "worker": self.run_worker(fall_later())
        elif kind == "draw": self.main.roles.render_line = fall; self.main.roles.refresh()
deck = Falling(deck.backstage)
deck.run(headless=True)
sys.exit(deck.return_code)
"""


@pytest.mark.parametrize("kind", ["handler", "worker", "draw"])
def test_a_crash_is_reported_without_locals_and_texts(tmp_path, kind):
    script = tmp_path / "crash.py"
    script.write_text(CRASH.format(root=str(compat.__file__).rsplit("/tui_app/", 1)[0], home=str(tmp_path)))
    ended = subprocess.run([sys.executable, str(script), kind], capture_output=True, text=True, timeout=30, check=False)
    said = ended.stdout + ended.stderr
    assert ended.returncode == 1
    assert "roledeck stopped: RuntimeError" in said
    assert "crash.py" in said
    assert "SEKRET" not in said


def test_a_screen_can_still_be_ended_under_another():
    source = inspect.getsource(App.pop_screen)
    assert "_replace_screen" in source
    assert "_screen_stack" in source
    assert "_result_callbacks" in inspect.getsource(Screen.dismiss)


class Timers:
    """Timers as a widget has them."""

    def set_timer(self, seconds, callback):
        timer = Timer(self, seconds, callback=callback, repeat=0)
        timer._start()
        return timer


async def rings(monkeypatch, start) -> bool:
    """Whether a timer rings on a machine that is held up for a second each time that somebody looks at the clock."""
    seconds = iter(range(100))
    monkeypatch.setattr("textual._time.get_time", lambda: float(next(seconds)))
    active_app.set(App())
    timers, rung = Timers(), asyncio.Event()
    start(timers, 0.01, rung.set)
    try:
        await asyncio.wait_for(rung.wait(), 2)
    except TimeoutError:
        return False
    return True


async def test_a_timer_rings_however_busy_the_machine_is(monkeypatch):
    assert await rings(monkeypatch, compat.ring_once)


async def test_textuals_own_still_would_not(monkeypatch):
    assert not await rings(monkeypatch, Timers.set_timer), "it rings now: ours may go"
