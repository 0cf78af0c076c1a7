"""The real program on a real terminal: it starts, obeys signals, and leaves the terminal as it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import termios

import pytest

SHELL = "import fcntl, os, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execlp('sh', 'sh', '-im')"
"""A shell that keeps jobs, whose terminal is its own."""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_a_signal_ends_it_and_the_terminal_is_restored(program, number):
    running = program()
    running.until(b"AdminRole")
    running.process.send_signal(number)
    assert running.wait() == 128 + number
    assert b"\x1b[?1049l" in running.output
    assert b"\x1b[?25h" in running.output
    assert termios.tcgetattr(running.slave)[3] == running.before[3]


def test_q_leaves_with_nothing_on_the_screen(program):
    running = program()
    running.until(b"AdminRole")
    os.write(running.master, b"q")
    assert running.wait() == 0
    assert termios.tcgetattr(running.slave)[3] == running.before[3]
    assert b"Traceback" not in running.output


def test_a_small_terminal_gets_its_sentence(program):
    running = program(size=(5, 20))
    running.until(b"Terminal too small")
    os.write(running.master, b"\x03")
    assert running.wait() == 0


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_terminal_that_cannot_place_text_is_told_so(program, term):
    running = program(TERM=term)
    assert running.wait() == 3
    assert b"TERM" in running.output
    assert b"\x1b" not in running.output


def test_no_terminal_is_one_sentence_and_exit_code_three(tmp_path):
    ended = subprocess.run(
        [sys.executable, "-m", "tui_app"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20, check=False,
        env={"HOME": str(tmp_path), "PATH": os.environ["PATH"], "TERM": "xterm"},
        cwd=os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))),
    )  # fmt: skip
    assert ended.returncode == 3
    assert len(ended.stderr.strip().splitlines()) == 1
    assert ended.stdout == ""


def test_no_color_draws_without_any_colour(program):
    running = program(NO_COLOR="1")
    running.until(b"AdminRole")
    os.write(running.master, b"q")
    running.wait()
    assert b"38;2;" not in running.output
    assert b"48;2;" not in running.output


def test_textuals_key_log_is_never_written(program, tmp_path):
    log = tmp_path / "keys.log"
    running = program(TEXTUAL_LOG=str(log))
    running.until(b"AdminRole")
    os.write(running.master, b"/123456q\x1b")
    os.write(running.master, b"\x03")
    running.wait()
    assert not log.exists()


def test_no_key_waits_long_for_a_frame_whatever_the_environment_says():
    script = """
from tui_app.ui.app import FRAMES, set_textual_variables
set_textual_variables()
import os, textual.screen
print(textual.screen.UPDATE_PERIOD == 1 / FRAMES < 0.008, sorted(name for name in os.environ if name.startswith("TEXTUAL")))
"""
    environ = dict(os.environ) | {"TEXTUAL_FPS": "1", "TEXTUAL_ANIMATIONS": "none", "TEXTUAL_LOG": "keys.log"}
    done = subprocess.run([sys.executable, "-c", script], env=environ, capture_output=True, text=True, check=True)
    assert done.stdout == "True ['TEXTUAL_ANIMATIONS', 'TEXTUAL_FPS']\n"


def test_the_first_frame_needs_neither_boto3_nor_a_heavy_widget(tmp_path):
    script = """
import sys
import textual.app
before = set(sys.modules)
import tui_app.ui.app, tui_app.ui.deck, tui_app.ui.backstage, tui_app.ui.loading
from tui_app.catalog.quick import quick_rows
from tui_app.catalog.load import load_catalog
load_catalog({"HOME": "/nowhere"})
heavy = [name for name in ("boto3", "botocore", "moto", "tomllib", "textual.widgets._input", "textual.widgets._markdown",
         "textual.widgets._data_table", "textual.widgets._option_list", "tui_app.ui.screens.help", "tui_app.ui.screens.code",
         "tui_app.explorer.fetch", "tui_app.sessions.obtain") if name in sys.modules and name not in before]
print(heavy)
"""
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    environ = {"HOME": str(tmp_path), "PATH": ""}
    command = [sys.executable, "-c", script]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True, cwd=root, env=environ)
    assert ended.stdout.strip() == "[]"


def test_ctrl_z_goes_to_the_shell_and_fg_comes_back(program):
    shell = program(within=[sys.executable, "-c", SHELL], PS1="at the prompt ")
    os.write(shell.master, f"{sys.executable} -m tui_app\n".encode())
    shell.until(b"AdminRole")
    os.write(shell.master, b"\x1a")
    shell.until(b"\x1b[?1049l")
    shell.until(b"Stopped")
    os.write(shell.master, b"echo in-the-$((40 + 2))\n")
    shell.until(b"in-the-42\r\nat the prompt ")
    shell.output = b""
    os.write(shell.master, b"fg\n")
    shell.until(b"AdminRole")
    os.write(shell.master, b"q")
    shell.until(b"at the prompt ")
    os.write(shell.master, b"exit 7\n")
    assert shell.wait() == 7


def test_ctrl_z_where_no_shell_could_bring_it_back_stops_nobody(program):
    running = program()
    running.until(b"AdminRole")
    running.output = b""
    os.write(running.master, b"\x1a")
    running.until(b"\x1b[?1049h")  # what is typed while the screen is away is thrown away
    running.until(b"AdminRole")
    os.write(running.master, b"q")
    assert running.wait() == 0
