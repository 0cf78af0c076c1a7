"""A real terminal for whole stories: tmux on a socket of its own."""

from __future__ import annotations

import os
import pathlib
import re
import shutil
import subprocess
import time

import pytest

PATIENCE = 30.0


class Terminal:
    """One tmux session; `wait_for` is the only way to wait, and it always waits for something on the screen."""

    def __init__(self, folder: pathlib.Path, size: tuple[int, int] = (140, 40), **variables: str) -> None:
        self.folder = folder
        self.socket = str(folder / "tmux.socket")
        columns, rows = size
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
        self.environ = {
            "LANG": "C.UTF-8",
            **kept,
            "HOME": str(folder),
            "SHELL": "/bin/bash",
            "TERM": "xterm-256color",
            "PS1": "$ ",
            **variables,
        }
        self._tmux("-f", os.devnull, "new-session", "-d", "-x", str(columns), "-y", str(rows), "bash --norc --noprofile")
        self._tmux("set-option", "-g", "history-limit", "5000")

    def _tmux(self, *words: str, given: str = "") -> str:
        done = subprocess.run(
            ["tmux", "-S", self.socket, *words], env=self.environ, input=given, capture_output=True, text=True, check=False, timeout=20
        )
        if done.returncode:
            raise AssertionError(done.stderr)
        return done.stdout

    def press(self, *keys: str) -> None:
        """Send keys by tmux's names: Enter, Escape, C-c, or a single character."""
        for key in keys:
            self._tmux("send-keys", key)

    def type(self, text: str) -> None:
        """Send text as it is; it may be a code, and a test that looks at command lines is not to find it on tmux's."""
        self._tmux("load-buffer", "-b", "typed", "-", given=text)
        self._tmux("paste-buffer", "-d", "-r", "-b", "typed")

    def run(self, line: str) -> None:
        """Type a command line at the shell."""
        self.type(line)
        self.press("Enter")

    def screen(self) -> str:
        """What is on the screen now."""
        return self._tmux("capture-pane", "-p")

    def flag(self, name: str) -> str:
        """A tmux format, such as `alternate_on`."""
        return self._tmux("display-message", "-p", f"#{{{name}}}").strip()

    def wait_for(self, pattern: str, *, gone: bool = False) -> re.Match[str]:
        """Wait until `pattern` is on the screen (or gone from it), and return the match."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = re.search(pattern, self.screen())
            if gone and not found:
                return re.match("", "")  # type: ignore[return-value]
            if found and not gone:
                return found
            time.sleep(0.05)
        raise AssertionError(f"{'still' if gone else 'never'} on the screen: {pattern}\n{self.screen()}")

    def record(self, file: pathlib.Path) -> None:
        """Keep every byte that programs write to the terminal from now on."""
        self._tmux("pipe-pane", "-o", f"cat > {file}")

    def close(self) -> None:
        """End the session and everything in it."""
        subprocess.run(["tmux", "-S", self.socket, "kill-server"], env=self.environ, capture_output=True, check=False, timeout=20)


@pytest.fixture
def open_terminal(tmp_path):
    """Open terminals with a shell in them: `open_terminal(**variables)`; HOME is the test's own folder."""
    if not shutil.which("tmux"):
        pytest.skip("needs tmux")
    opened: list[Terminal] = []

    def start(**variables: str) -> Terminal:
        opened.append(Terminal(tmp_path, **variables))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


@pytest.fixture
def terminal(open_terminal):
    """A wide terminal with a shell in it, and a HOME of its own."""
    return open_terminal()
