r"""Run a program on this terminal with job control of its own: it is the foreground, and what it does to the terminal is undone.

The child gets a process group and the terminal; Ctrl-C, Ctrl-\ and Ctrl-Z reach it alone. A stopped child is kept and can be resumed.
Where stdin or stdout is no terminal the child shares our group, as one part of a pipeline does. Call from the main thread.

While a child runs, SIGTERM, SIGHUP and SIGQUIT end it (politely, then for certain) and then us, by SystemExit.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from types import FrameType
from typing import Any, Protocol

from tui_app.errors import RoledeckError
from tui_app.handover.lent_terminal import LentTerminal, has_controlling_terminal
from tui_app.handover.signals import Waiting, handling, nothing
from tui_app.text import clean
from tui_app.values import frozen

GRACE = 2.0
"""Seconds between asking a child to end and ending it."""
SIGNALLED = 128
_WANTS_TERMINAL = frozenset({signal.SIGTTIN, signal.SIGTTOU})


class CommandNotFound(RoledeckError):
    """No such program."""

    exit_code = 127


class NotExecutable(RoledeckError):
    """The file is there, but cannot be run."""

    exit_code = 126


@frozen
class Ended:
    """The child is gone; `code` is its exit code, 128 and the signal's number where one ended it."""

    code: int


@frozen
class Stopped:
    """The child was stopped and waits: `child.resume()` goes on, `child.end()` ends it."""

    child: Resumable


class Resumable(Protocol):
    """A child that can be gone on with."""

    @property
    def pid(self) -> int:
        """Of its process."""
        ...

    def resume(self) -> Ended | Stopped:
        """Go on with it until it ends or stops."""
        ...

    def end(self) -> Ended:
        """End it."""
        ...


def run_child(argv: Sequence[str], env: Mapping[str, str], *, cwd: str | None = None) -> Ended | Stopped:
    """Run a program to its end, or until it is stopped.

    Raises:
        CommandNotFound, NotExecutable: it did not start.
        SystemExit: a signal ended the child and now ends us.
    """
    return Child(tuple(argv), env, cwd).resume()


def cannot_start(program: str, failure: OSError) -> RoledeckError:
    """Why a program does not start, as a shell would say it, with a shell's exit code."""
    named = clean(program)
    if isinstance(failure, (FileNotFoundError, NotADirectoryError)):
        return CommandNotFound(f"There is no command {named}.", "Check its name and PATH.")
    return NotExecutable(f"{named} cannot be run: {clean(failure.strerror or 'unknown reason').lower()}.")


class Child:
    """One program on this terminal. `pid` is 0 until `resume` has started it."""

    def __init__(self, argv: tuple[str, ...], env: Mapping[str, str], cwd: str | None = None) -> None:
        self.argv = argv
        self.pid = 0
        self._env = dict(env)
        self._cwd = cwd
        self._process: subprocess.Popen[bytes] | None = None
        self._ended: Ended | None = None
        self._terminal = LentTerminal(env.get("TERM", "dumb"))
        self._told = 0
        self._stopped = False
        self._waiting = False
        self._early: list[int] = []
        self._certain: threading.Timer | None = None

    def resume(self) -> Ended | Stopped:
        """Start the child, or go on with a stopped one: give it the terminal and wait until it ends or stops.

        Raises:
            CommandNotFound, NotExecutable: it did not start.
            SystemExit: a signal ended the child and now ends us.
        """
        with handling(self._handlers()) as waiting:
            if self._process is None:
                self._start()
            outcome = self.poll() or self._go_on(waiting)
        if self._told:
            self.end()
            raise SystemExit(SIGNALLED + self._told)
        return outcome

    def poll(self) -> Ended | None:
        """How the child ended, if it has; a stopped one can be ended by others."""
        if self._ended is None:
            try:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
            except ChildProcessError:
                return self._close(1)
            if pid:
                return self._close(_exit_code(status))
        return self._ended

    def end(self) -> Ended:
        """End the child, stopped or not, with what runs in its group; takes `GRACE` seconds at most."""
        ended = self.poll()
        if ended is None:
            self._ask_to_end()
            try:
                _, status = os.waitpid(self.pid, 0)
            except ChildProcessError:
                return self._close(1)
            ended = self._close(_exit_code(status))
        return ended

    def _start(self) -> None:
        try:
            self._terminal.open()
            group = 0 if self._terminal.there else None
            self._process = subprocess.Popen(self.argv, env=self._env, cwd=self._cwd, process_group=group)
        except OSError as failure:
            self._close(1)
            raise cannot_start(self.argv[0], failure) from None
        self.pid = self._process.pid

    def _go_on(self, waiting: Waiting) -> Ended | Stopped:
        if self._told:
            self._ask_to_end()
        self._terminal.give(self.pid)
        if self._stopped:
            self._send(signal.SIGCONT)
        self._stopped = False
        self._waiting = True
        while self._early:
            self._send(self._early.pop(0))
        try:
            status = self._wait(waiting)
        except ChildProcessError:
            status = None
        self._waiting = False
        self._stopped = status is not None and os.WIFSTOPPED(status)
        self._terminal.take(keep_modes=self._stopped, killed=status is not None and os.WIFSIGNALED(status))
        return Stopped(self) if self._stopped else self._close(1 if status is None else _exit_code(status))

    def _wait(self, waiting: Waiting) -> int:
        options = os.WUNTRACED if self._terminal.there else 0
        while True:
            status = waiting.wait(self.pid, options)
            if not os.WIFSTOPPED(status):
                return status
            # it wanted the terminal in the moment before it had it, or is to end
            too_early = os.WSTOPSIG(status) in _WANTS_TERMINAL and self._terminal.foreground() in {self.pid, os.getpgrp()}
            if not too_early and not self._told:
                return status
            self._terminal.give(self.pid)
            self._send(signal.SIGCONT)

    def _handlers(self) -> dict[signal.Signals, Any]:
        ending: dict[signal.Signals, Any] = dict.fromkeys((signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT), self._end_both)
        if os.isatty(0) and os.isatty(1):
            return {**ending, signal.SIGINT: self._forward, signal.SIGTSTP: self._forward, signal.SIGCONT: self._continued}
        if not has_controlling_terminal():
            return {**ending, signal.SIGINT: self._forward}
        # in a pipeline the terminal sends these to the child as well
        return {**ending, signal.SIGINT: nothing, signal.SIGQUIT: nothing}

    def _end_both(self, number: int, frame: FrameType | None) -> None:
        if number == signal.SIGQUIT and self._terminal.there and not (self._waiting or self._terminal.is_lent):
            self._forward(number, frame)
            return
        self._told = self._told or number
        if self.pid:
            self._ask_to_end()

    def _forward(self, number: int, _frame: FrameType | None) -> None:
        """What is typed in the moment before the child has the terminal reaches us; it is the child's as soon as it has it."""
        if self._waiting:
            self._send(number)
        else:
            self._early.append(number)

    def _continued(self, _number: int, _frame: FrameType | None) -> None:
        """`fg` in the shell that we stopped in: the child is to have the terminal again."""
        if self._waiting:
            self._terminal.give(self.pid)
            self._send(signal.SIGCONT)

    def _ask_to_end(self) -> None:
        # an interactive shell ignores SIGTERM; the hang-up is what a closed terminal would send
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGCONT):
            self._send(number)
        # a shell may leave what runs in its foreground, a group of its own, to a terminal that goes on
        front = self._terminal.foreground()
        if self._terminal.is_lent and front > 0 and front not in {self.pid, os.getpgrp()}:
            for number in (signal.SIGHUP, signal.SIGCONT):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(front, number)
        if self._certain is None:
            self._certain = threading.Timer(GRACE, self._send, (signal.SIGKILL,))
            self._certain.daemon = True
            self._certain.start()

    def _send(self, number: int) -> None:
        if self._ended is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                (os.killpg if self._terminal.there else os.kill)(self.pid, number)

    def _close(self, code: int) -> Ended:
        self._ended = Ended(code)
        if self._process is not None:
            self._process.returncode = code
        if self._certain is not None:
            self._certain.cancel()
        self._terminal.close()
        return self._ended


def _exit_code(status: int) -> int:
    code = os.waitstatus_to_exitcode(status)
    return SIGNALLED - code if code < 0 else code
