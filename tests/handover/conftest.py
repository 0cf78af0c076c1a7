"""A program on a terminal of its own, for tests: type into it, wait for what it shows, look at what it left behind."""

from __future__ import annotations

import contextlib
import os
import pathlib
import pty
import select
import signal
import time
from collections.abc import Iterator, Mapping, Sequence

import pytest

from tui_app.model import AccessKey, Credentials, Identity, Session
from tui_app.secret import Secret

ROOT = pathlib.Path(__file__).parents[2]
PATIENCE = 15.0


def beneath(pid: int) -> Iterator[str]:
    """The programs that a program has started, with the state of each and what the kernel has it wait for."""
    with contextlib.suppress(OSError):
        for child in map(int, pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()):
            folder = pathlib.Path(f"/proc/{child}")
            words = (folder / "cmdline").read_text().replace("\0", " ")
            state, _, group, _, _, foreground = (folder / "stat").read_text().rpartition(")")[2].split()[:6]
            yield f"{words}: {state}, waits in {(folder / 'wchan').read_text()}, group {group}, in front {foreground}"
            yield from beneath(child)


class Program:
    """A program whose stdin, stdout, stderr and controlling terminal are one new pseudo-terminal."""

    def __init__(self, argv: Sequence[str], environ: Mapping[str, str], cwd: str) -> None:
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                os.chdir(cwd)
                os.execvpe(argv[0], list(argv), dict(environ))
            finally:
                os._exit(99)
        self.seen = ""
        self.beside = 0
        """The group of a program between this one and the child, if there is one."""
        self._status: int | None = None

    def expect(self, *wanted: str) -> str:
        """Wait until one of `wanted` was shown since the last match; what was shown until then."""
        limit = time.monotonic() + PATIENCE
        while True:
            for word in wanted:
                if word in self.seen:
                    before, _, self.seen = self.seen.partition(word)
                    return before
            if not self._more(limit - time.monotonic()):
                raise AssertionError(f"waited for {wanted!r}, saw {self.seen!r}, beneath it run {list(beneath(self.pid))}")

    def settle(self) -> None:
        """Wait until the program's child is the foreground of the terminal and runs, so that control keys reach it."""
        limit = time.monotonic() + PATIENCE
        while (group := os.tcgetpgrp(self.fd)) in {self.pid, self.beside} or self._stopped(group):
            assert time.monotonic() < limit, "the child never got the terminal"
            time.sleep(0.01)

    def _stopped(self, pid: int) -> bool:
        try:
            return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "TZ"
        except FileNotFoundError:
            return True

    def type(self, keys: str) -> None:
        os.write(self.fd, keys.encode())

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def exit_code(self) -> int:
        """Wait for its end; negative for a signal."""
        limit = time.monotonic() + PATIENCE
        while self._status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._status = os.waitstatus_to_exitcode(status)
            elif time.monotonic() > limit:
                raise AssertionError(f"still running; saw {self.seen!r}")
            else:
                self._more(0.02)
        return self._status

    def close(self) -> None:
        if self._status is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(self.pid, 0)
        os.close(self.fd)

    def _more(self, seconds: float) -> bool:
        ready, _, _ = select.select([self.fd], [], [], max(0.0, seconds))
        if not ready:
            return False
        try:
            piece = os.read(self.fd, 65536)
        except OSError:
            return False
        self.seen += piece.decode("utf-8", "replace")
        return bool(piece)


@pytest.fixture
def on_terminal(tmp_path):
    """Start programs on terminals of their own, in an otherwise empty home: `on_terminal(argv, **variables)`."""
    programs: list[Program] = []

    def start(argv: Sequence[str], **variables: str) -> Program:
        # a fish that finds this does not read all manual pages of the machine for its completions
        (tmp_path / ".local/share/fish/generated_completions").mkdir(parents=True, exist_ok=True)
        environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "PYTHONPATH": str(ROOT),
            **variables,
        }
        programs.append(Program(argv, environ, str(tmp_path)))
        return programs[-1]

    yield start
    for program in programs:
        program.close()


@pytest.fixture
def session() -> Session:
    """A live session of production's developer role."""
    arn = "arn:aws:iam::111122223333:role/cross-account/Developer"
    key = AccessKey("ASIAEXAMPLEEXAMPLE12", Secret("s3cr3t/k+y"), Secret("tok3n=="))
    identity = Identity("111122223333", "arn:aws:sts::111122223333:assumed-role/Developer/me", "AROA:me", 1_800_000_000.0, "eu-west-1")
    return Session(arn, "production/Developer", Credentials(key, 1_800_003_600.0), identity, 1_800_000_000.0, 3600, 1)
