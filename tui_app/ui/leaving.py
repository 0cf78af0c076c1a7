"""The end of the screen: by a signal, with an answer still under way, with shells that are stopped."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui_app.ui.happenings import Child
    from tui_app.ui.jobs import Jobs

ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
SIGNALLED = 128
PATIENCE = 15.0
"""Seconds the end waits for AWS's answer to a code that was sent: a lost answer would cost the person another code."""


class Signals:
    """What a signal asks for: the end, with the exit code that a shell expects of a program that it ended.

    While something else has the terminal the loop stands still, and would hear of it when that is over, which may be never.
    """

    def __init__(self) -> None:
        self._code = 0
        self._at_once = False

    def heed(self, leave: Callable[[int], None]) -> None:
        """Call `leave` with the exit code when a signal comes."""
        loop = asyncio.get_running_loop()

        def hear(number: int, _frame: FrameType | None) -> None:
            self._code = self._code or SIGNALLED + number
            if self._at_once:
                raise SystemExit(self._code)
            if loop.is_closed():  # the screen has gone, and whoever asks again is in a hurry
                signal.signal(number, signal.SIG_DFL)
                os.kill(os.getpid(), number)
            else:
                loop.call_soon_threadsafe(leave, self._code)

        for number in ENDING:
            try:
                signal.signal(number, hear)
            except ValueError:
                return  # not the main thread, as in tests

    @contextlib.contextmanager
    def at_once(self) -> Iterator[None]:
        """Nothing in here outlasts a signal, one that has just come among them.

        Raises:
            SystemExit: a signal has come.
        """
        self._at_once = True
        try:
            if self._code:
                raise SystemExit(self._code)
            yield
        finally:
            self._at_once = False


def stop_job() -> None:
    """Stop like any program that ctrl+z is pressed in, with all that runs in the same job, until the shell continues it.

    The signal's own way is taken, as it is the system that knows whether there is a shell to continue us: where there is none, as in a
    terminal that runs nothing else, it stops nobody. Textual's handler would stop for ever there.
    """
    before = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
    try:
        os.kill(0, signal.SIGTSTP)
    finally:
        signal.signal(signal.SIGTSTP, before)


def wait_for_codes(jobs: Jobs) -> None:
    """Let whatever holds a spent code get its answer to the disk."""
    held = jobs.must_finish()
    if held:
        import sys

        sys.stderr.write("A code is with AWS; waiting for the answer.\n")
    until = time.monotonic() + PATIENCE
    for job in held:
        job.ended.wait(max(0.0, until - time.monotonic()))


def end_stopped(children: Mapping[str, Child]) -> None:
    """End the shells that are stopped, by the keys of their roles."""
    for child in children.values():
        if child.stopped and child.handle is not None:
            child.handle.end()  # type: ignore[attr-defined]  # handover's Child, which this module does not import
