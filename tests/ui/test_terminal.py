"""The real program on a real terminal: it starts, obeys signals, and leaves the terminal as it was."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time

import pytest

CONFIG = "[profile dev]\nregion = eu-west-1\n\n[profile admin]\nrole_arn = arn:aws:iam::111122223333:role/AdminRole\nsource_profile = dev\n"


class Program:
    """roledeck in a pty of its own."""

    def __init__(self, home, size=(24, 80), **more):
        (home / ".aws").mkdir(exist_ok=True)
        (home / ".aws" / "config").write_text(CONFIG)
        environ = {"HOME": str(home), "PATH": os.environ["PATH"], "TERM": "xterm-256color", "LANG": "C.UTF-8"} | more
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
        self.before = termios.tcgetattr(slave)
        self.slave = slave
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tui_app"], stdin=slave, stdout=slave, stderr=slave, env=environ, start_new_session=True,
            cwd=os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))),
        )  # fmt: skip
        self.output = b""

    def until(self, words: bytes, seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while words not in self.output:
            assert time.monotonic() < end, self.output[-2000:]
            self.read(0.05)

    def read(self, seconds: float) -> None:
        if select.select([self.master], [], [], seconds)[0]:
            try:
                self.output += os.read(self.master, 65536)
            except OSError:
                time.sleep(seconds)

    def wait(self, seconds: float = 15) -> int:
        end = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < end, "it does not end"
            self.read(0.02)
        self.read(0.05)
        return self.process.returncode

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.slave)
        os.close(self.master)


@pytest.fixture
def program(tmp_path):
    opened = []

    def start(**more):
        opened.append(Program(tmp_path, **more))
        return opened[-1]

    yield start
    for item in opened:
        item.close()


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
