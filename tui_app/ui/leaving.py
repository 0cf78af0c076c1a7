"""The end of the screen: by a signal, with an answer still under way, with shells that are stopped."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui_app.ui.happenings import Child
    from tui_app.ui.jobs import Jobs

ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
SIGNALLED = 128
PATIENCE = 15.0
"""Seconds the end waits for AWS's answer to a code that was sent: a lost answer would cost the person another code."""


def heed_signals(leave: Callable[[int], None]) -> None:
    """Leave with the exit code that a shell expects of a program that a signal ended."""
    loop = asyncio.get_running_loop()
    for number in ENDING:
        try:
            loop.add_signal_handler(number, leave, SIGNALLED + number)
        except (NotImplementedError, RuntimeError, ValueError):
            return  # not the main thread, as in tests


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
