"""The screen over a demo whose AWS is lost, and one whose terminal is closed."""

from __future__ import annotations

import os
import pathlib
import signal
import sys

import pytest

DEMO = f"{sys.executable} -m tui_app demo"


def aws_of(home: pathlib.Path) -> int | None:
    """The process of the demo's AWS that lives in that home."""
    for place in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            ours = f"\0HOME={home}\0".encode() in b"\0" + (place / "environ").read_bytes()
            if ours and b"apart_main" in (place / "cmdline").read_bytes():
                return int(place.name)
        except OSError:
            continue
    return None


@pytest.fixture
def demo(open_terminal, tmp_path):
    """A terminal with the demo on it, and the process of its AWS."""
    if not os.path.isdir("/proc/self/task"):
        pytest.skip("needs Linux")
    (tmp_path / "t").mkdir()
    terminal = open_terminal(TMPDIR=str(tmp_path / "t"))
    terminal.run(f"{DEMO}; echo code-$?")
    terminal.wait_for("CrossAccountDeveloperRole")
    aws = aws_of(tmp_path)
    assert aws
    return terminal, aws


def test_the_screen_says_that_it_is_lost_and_so_does_its_end(demo, tmp_path):
    terminal, aws = demo
    os.kill(aws, signal.SIGKILL)
    terminal.wait_for(r"✕ The embedded AWS, a process of its own, has ended with signal 9")
    terminal.press("q")
    terminal.wait_for(r"code-1")
    assert "has ended with signal 9. Start the demo again" in " ".join(terminal.screen().split())
    assert list((tmp_path / "t").glob("roledeck-demo-*")) == []


def test_a_terminal_that_is_closed_takes_it_along(demo, tmp_path, wait_for):
    terminal, aws = demo
    terminal.close()
    wait_for(lambda: not os.path.exists(f"/proc/{aws}"))
    wait_for(lambda: not list((tmp_path / "t").glob("roledeck-demo-*")))
