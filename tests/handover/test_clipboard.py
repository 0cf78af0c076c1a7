"""The right way to the person's own clipboard, and words that say which it was."""

from __future__ import annotations

import base64
import os
import subprocess

import pytest

from tui_app.handover.clipboard import NOT_COPIED, copy_text, osc52, tools


@pytest.fixture
def programs(tmp_path):
    """A PATH on which every clipboard tool exists."""
    for name in ("pbcopy", "clip.exe", "wl-copy", "xclip", "xsel", "tmux"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    return str(tmp_path)


@pytest.mark.parametrize(
    ("variables", "platform", "first"),
    [
        ({}, "darwin", "pbcopy"),
        ({"WSL_DISTRO_NAME": "Debian", "DISPLAY": ":0"}, "linux", "clip.exe"),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, "linux", "wl-copy"),
        ({"DISPLAY": ":0"}, "linux", "xclip"),
        ({"TMUX": "/tmp/x,1,0"}, "linux", "tmux"),
        ({"SSH_CONNECTION": "a b c d", "DISPLAY": ":10"}, "linux", None),
        ({"SSH_TTY": "/dev/pts/1"}, "darwin", None),
        ({"SSH_TTY": "/dev/pts/1", "TMUX": "x"}, "linux", "tmux"),
        ({}, "linux", None),
    ],
)
def test_the_tool_is_the_platforms(programs, variables, platform, first):
    found = tools({"PATH": programs, **variables}, platform)
    assert (found[0].argv[0] if found else None) == first


def test_a_tool_that_is_not_installed_is_not_tried(tmp_path):
    assert tools({"PATH": str(tmp_path), "DISPLAY": ":0", "TMUX": "x"}, "linux") == ()


def test_a_tool_gets_the_text_on_stdin(programs):
    ran = []
    said = copy_text("https://x", {"PATH": programs, "DISPLAY": ":0"}, pytest.fail, lambda argv, text: ran.append((argv, text)) or True)
    assert (said, ran) == ("copied", [(("xclip", "-selection", "clipboard"), b"https://x")])


def test_the_next_tool_is_tried_then_the_terminal(programs):
    tried, written = [], []
    said = copy_text("x", {"PATH": programs, "DISPLAY": ":0"}, written.append, lambda argv, _text: tried.append(argv[0]))
    assert (said, tried, written) == ("sent to the terminal", ["xclip", "xsel"], [osc52("x", {})])


def test_a_hanging_tool_is_left_after_its_time(tmp_path):
    (tmp_path / "xclip").write_text(f"#!/bin/sh\nPATH={os.environ['PATH']}\nexec sleep 60\n")
    (tmp_path / "xclip").chmod(0o755)
    written = []
    assert copy_text("x", {"PATH": str(tmp_path), "DISPLAY": ":0"}, written.append) == "sent to the terminal"
    assert written


def test_the_terminals_sequence_carries_the_text():
    sequence = osc52("Link é", {})
    assert sequence.startswith("\x1b]52;c;")
    assert sequence.endswith("\x07")
    assert base64.b64decode(sequence[7:-1]).decode() == "Link é"
    assert osc52("Link é", {"STY": "1.pts"}) == f"\x1bP{sequence}\x1b\\"


def test_too_much_for_the_terminal_is_said():
    assert copy_text("x" * 100_000, {}, pytest.fail) == NOT_COPIED


@pytest.mark.program("tmux")
def test_tmux_has_the_text_in_its_buffer(tmp_path):
    socket = ["tmux", "-S", str(tmp_path / "s"), "-f", os.devnull]
    subprocess.run([*socket, "new-session", "-d", "sleep 60"], check=True)
    try:
        pane = subprocess.run(
            [*socket, "display-message", "-p", "#{socket_path},1,0"], capture_output=True, text=True, check=True
        ).stdout.strip()
        script = "import os; from tui_app.handover.clipboard import copy_text; print(copy_text('from here', os.environ, print))"
        root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
        environ = {"PATH": os.environ["PATH"], "TMUX": pane, "PYTHONPATH": root}
        import sys

        said = subprocess.run([sys.executable, "-c", script], env=environ, capture_output=True, text=True, check=True).stdout.strip()
        assert said == "sent to tmux and its terminal"
        assert subprocess.run([*socket, "show-buffer"], capture_output=True, text=True, check=True).stdout == "from here"
    finally:
        subprocess.run([*socket, "kill-server"], check=False)
