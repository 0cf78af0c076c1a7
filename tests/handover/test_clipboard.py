"""The right way to the person's own clipboard, and words that say which it was."""

from __future__ import annotations

import base64
import os
import pathlib
import subprocess
import sys

import pytest

from tui_app.handover import clipboard
from tui_app.handover.clipboard import KEEPS, NOT_COPIED, copy_secret, copy_text, osc52
from tui_app.handover.clipboard_clearing import clear_later
from tui_app.handover.clipboard_tools import tools
from tui_app.secret import Secret


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


def test_gnu_screen_gets_a_long_text_in_pieces_that_it_passes_on():
    sequence, wrapped = osc52("x" * 2000, {}), osc52("x" * 2000, {"STY": "1.pts"})
    pieces = wrapped.removeprefix("\x1bP").removesuffix("\x1b\\").split("\x1b\\\x1bP")
    assert "".join(pieces) == sequence
    assert all(len(piece) <= 252 for piece in pieces)


def test_an_old_tmux_still_takes_it_into_its_buffer(programs):
    said = copy_text("x", {"PATH": programs, "TMUX": "x"}, pytest.fail, lambda argv, _text: "-w" not in argv)
    assert said == "put into tmux's paste buffer"


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
        said = subprocess.run([sys.executable, "-c", script], env=environ, capture_output=True, text=True, check=True).stdout.strip()
        assert said == "sent to tmux and its terminal"
        assert subprocess.run([*socket, "show-buffer"], capture_output=True, text=True, check=True).stdout == "from here"
    finally:
        subprocess.run([*socket, "kill-server"], check=False)


SECRET = "export AWS_SECRET_ACCESS_KEY='wJalrXUtnFEMI'\n"


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A desktop whose clipboard is a file, with tools that write down their command lines; secrets stay for half a second."""
    monkeypatch.setattr(clipboard, "KEPT", 0.5)
    board, seen = tmp_path / "board", tmp_path / "seen"
    folder = tmp_path / "bin"
    folder.mkdir()

    def tool(name, script):
        (folder / name).write_text(f'#!/bin/sh\nPATH={os.environ["PATH"]}\necho "{name} $*" >> {seen}\n{script}\n')
        (folder / name).chmod(0o755)

    tool("xclip", f'case "$*" in *-o) cat {board};; *) cat > {board};; esac')
    return tool, board, seen, {"PATH": str(folder), "DISPLAY": ":0"}


def test_a_secret_leaves_the_clipboard_and_was_on_no_command_line(desk, wait_for):
    _, board, seen, environ = desk
    assert copy_secret(Secret(SECRET), environ, pytest.fail) == "copied; gone from the clipboard in 0.5 s"
    assert board.read_text() == SECRET
    wait_for(lambda: board.read_text() == "")
    assert "wJalr" not in seen.read_text()


def test_what_was_copied_since_stays(desk, wait_for):
    _, board, seen, environ = desk
    copy_secret(Secret(SECRET), environ, pytest.fail)
    board.write_text("a recipe")
    wait_for(lambda: "-o" in seen.read_text())
    assert clear_later(tools(environ, "linux")[0], "other", environ, 0)
    wait_for(lambda: seen.read_text().count("-o") == 2)
    assert board.read_text() == "a recipe"


def test_windows_line_ends_are_no_change(desk, wait_for):
    _, board, _, environ = desk
    copy_secret(Secret(SECRET), environ, pytest.fail)
    board.write_bytes(SECRET.replace("\n", "\r\n").encode())
    wait_for(lambda: board.read_text() == "")


def test_it_leaves_also_when_the_program_has_ended_and_the_process_that_waits_knows_no_secret(desk, wait_for):
    _, board, _, environ = desk
    root = str(pathlib.Path(__file__).parents[2])
    code = (
        "import os, sys; from tui_app.handover import clipboard; from tui_app.secret import Secret\n"
        "clipboard.KEPT = 1.5; print(clipboard.copy_secret(Secret(sys.stdin.read()), os.environ, print))\n"
    )
    own = {**environ, "PYTHONPATH": root, "AWS_SECRET_ACCESS_KEY": "ours", "ROLEDECK_MFA_CODE": "123456"}
    done = subprocess.run([sys.executable, "-c", code], env=own, input=SECRET, capture_output=True, text=True, check=False)
    assert "gone from the clipboard" in done.stdout, done.stderr
    assert board.read_text() == SECRET
    if sys.platform.startswith("linux"):
        waiting = wait_for(lambda: [path for path in pathlib.Path("/proc").glob("[0-9]*") if _clears(path, environ["PATH"])])
        known = (waiting[0] / "environ").read_bytes() + (waiting[0] / "cmdline").read_bytes()
        assert b"wJalr" not in known
        assert b"AWS_" not in known
        assert b"ROLEDECK_" not in known
    wait_for(lambda: board.read_text() == "")


def _clears(process, path):
    try:
        return b"clipboard_clearing" in (process / "cmdline").read_bytes() and path.encode() in (process / "environ").read_bytes()
    except OSError:
        return False


def test_clipboard_managers_are_told_not_to_remember_it(desk, wait_for):
    tool, board, seen, environ = desk
    tool("wl-copy", f'case "$*" in --clear) : > {board};; --sensitive) cat > {board};; *) exit 1;; esac')
    tool("wl-paste", f"cat {board}")
    assert "gone from the clipboard" in copy_secret(Secret(SECRET), {**environ, "WAYLAND_DISPLAY": "wayland-0"}, pytest.fail)
    wait_for(lambda: board.read_text() == "")
    assert "wl-copy --clear" in seen.read_text()


def test_an_older_wl_copy_takes_it_all_the_same(desk):
    tool, board, _, environ = desk
    tool("wl-copy", f"test $# -gt 0 && exit 1; cat > {board}")
    assert copy_secret(Secret(SECRET), {**environ, "WAYLAND_DISPLAY": "wayland-0"}, pytest.fail) == f"copied; {KEEPS}"
    assert board.read_text() == SECRET


def test_where_the_clipboard_cannot_be_read_back_it_is_said(tmp_path):
    written = []
    assert copy_secret(Secret(SECRET), {"PATH": str(tmp_path), "SSH_TTY": "/dev/pts/1"}, written.append) == f"sent to the terminal; {KEEPS}"
    assert written == [osc52(SECRET, {})]
    assert copy_secret(Secret("x" * 100_000), {"PATH": str(tmp_path)}, pytest.fail) == NOT_COPIED


@pytest.mark.program("tmux")
def test_a_secret_leaves_tmux(tmp_path, monkeypatch, wait_for):
    monkeypatch.setattr(clipboard, "KEPT", 0.5)
    socket = ["tmux", "-S", str(tmp_path / "s"), "-f", os.devnull]
    subprocess.run([*socket, "new-session", "-d", "sleep 60"], check=True)
    try:
        subprocess.run([*socket, "set-buffer", "older"], check=True)
        environ = {"PATH": os.environ["PATH"], "TMUX": f"{tmp_path / 's'},1,0"}
        said = copy_secret(Secret(SECRET), environ, pytest.fail)
        assert said == "sent to tmux and its terminal; gone from tmux in 0.5 s, the terminal keeps its copy"
        show = [*socket, "show-buffer"]
        wait_for(lambda: subprocess.run(show, capture_output=True, text=True, check=True).stdout == "older")
    finally:
        subprocess.run([*socket, "kill-server"], check=False)
