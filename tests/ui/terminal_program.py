"""The real program on a terminal of its own."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time

CONFIG = "[profile dev]\nregion = eu-west-1\n\n[profile admin]\nrole_arn = arn:aws:iam::111122223333:role/AdminRole\nsource_profile = dev\n"


class TerminalProgram:
    """roledeck in a pty of its own."""

    def __init__(self, home, size=(24, 80), within=(), **more):
        """`within` is a command to run in its place, as a shell to be typed into; without one the program has no shell."""
        (home / ".aws").mkdir(exist_ok=True)
        (home / ".aws" / "config").write_text(CONFIG)
        environ = {"HOME": str(home), "PATH": os.environ["PATH"], "TERM": "xterm-256color", "LANG": "C.UTF-8"} | more
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
        self.before = termios.tcgetattr(slave)
        self.slave = slave
        self.process = subprocess.Popen(
            within or [sys.executable, "-m", "tui_app"], stdin=slave, stdout=slave, stderr=slave, env=environ, start_new_session=True,
            cwd=os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))),
        )  # fmt: skip
        self.output = b""

    def until(self, words: bytes, seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while words not in self.output:
            assert time.monotonic() < end, self.output[-2000:]
            self.read(0.05)

    def read(self, seconds: float) -> None:
        if self.master < 0:
            time.sleep(seconds)
        elif select.select([self.master], [], [], seconds)[0]:
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

    def hang_up(self) -> None:
        """Close the terminal's own side, as a window does; nobody is sent a signal, as the program is no leader of it."""
        if self.master >= 0:
            os.close(self.master)
        self.master = -1

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.slave)
        self.hang_up()
