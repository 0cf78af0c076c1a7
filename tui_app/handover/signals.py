"""Signals while a child has the terminal, and a wait for the child that none of them slips past.

A signal that comes between the last look and `waitpid` would be heard only when the child ends, which may be never. So the wait is for a
byte that every signal writes into a pipe, the child's own SIGCHLD among them, and `waitpid` itself never waits.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import threading
from collections.abc import Iterator, Mapping
from types import FrameType
from typing import Any

_MUCH = 4096
_LOOK = 1.0
"""Seconds between two looks at a child whose end nobody told: another thread's wait may have swallowed the byte."""


class Waiting:
    """Waits for children; `bell` is the pipe that signals ring, None outside the main thread, which hears none."""

    def __init__(self, bell: int | None) -> None:
        self._bell = bell

    def wait(self, pid: int, options: int) -> int:
        """The status of the child when it has ended, or stopped where the options say so.

        Raises:
            ChildProcessError: somebody else has waited for it.
        """
        if self._bell is None:
            return os.waitpid(pid, options)[1]
        while True:
            found, status = os.waitpid(pid, options | os.WNOHANG)
            if found:
                return status
            if select.select([self._bell], [], [], _LOOK)[0]:
                os.read(self._bell, _MUCH)


@contextlib.contextmanager
def handling(handlers: Mapping[signal.Signals, Any]) -> Iterator[Waiting]:
    """These handlers for a while; a signal that was ignored from the start (nohup) stays ignored."""
    if threading.current_thread() is not threading.main_thread():
        yield Waiting(None)
        return
    bell, ring = os.pipe()
    for end in (bell, ring):
        os.set_blocking(end, False)
    # what else would write into this pipe is a loop that stands still; a full pipe has rung already
    before_bell = signal.set_wakeup_fd(ring, warn_on_full_buffer=False)
    before = {}
    try:
        for number, handler in {**handlers, signal.SIGCHLD: nothing}.items():
            old = signal.getsignal(number)
            if old is not signal.SIG_IGN:
                before[number] = signal.SIG_DFL if old is None else old
                signal.signal(number, handler)
        yield Waiting(bell)
    finally:
        for number, old in before.items():
            signal.signal(number, old)
        signal.set_wakeup_fd(before_bell)
        os.close(bell)
        os.close(ring)


def nothing(_number: int, _frame: FrameType | None) -> None:
    """A handler, not SIG_IGN: a handler is back to the default in the child."""
