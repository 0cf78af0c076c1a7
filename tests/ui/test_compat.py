"""The private parts of Textual that are leant on are still there, and behave."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest
from textual.app import App
from textual.screen import Screen

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
