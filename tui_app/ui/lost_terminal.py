"""The terminal is gone, its window closed or its connection broken: who writes to it is not held up, and the screen ends.

Usually a signal says so. None comes where it was ignored (nohup), or went to a child that had the terminal at that moment.
"""

from __future__ import annotations

import os
import select
import signal
import sys
from collections.abc import Callable
from typing import IO, Any

ENDED = 128 + signal.SIGHUP
"""The exit code, as if the signal had come."""


class OutlastingFile:
    """A terminal's file that takes what is written also when the terminal is gone; `lost` is called then, once, on the writer's thread.

    Textual's writer would die of the error, and the screen would wait for ever to hand it the next line.
    """

    def __init__(self, file: IO[str], lost: Callable[[], None]) -> None:
        self._file = file
        self._lost = lost
        self._is_lost = False

    def write(self, text: str) -> int:
        """Write, as far as there is somebody to read it."""
        self._do(lambda: self._file.write(text))
        return len(text)

    def flush(self) -> None:
        """Send what is written."""
        self._do(self._file.flush)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def _do(self, deed: Callable[[], object]) -> None:
        if self._is_lost:
            return
        try:
            deed()
        except (OSError, ValueError):
            self._is_lost = True
            self._lost()


def terminal_is_gone() -> bool:
    """Whether what we read keys from has been hung up; reads nothing."""
    try:
        look = select.poll()
        look.register(sys.__stdin__, 0)  # type: ignore[arg-type]  # there is one, or the screen would not have begun
        return any(happened & select.POLLHUP for _, happened in look.poll(0))
    except (AttributeError, OSError, ValueError):
        return False


def let_go_of_terminal() -> None:
    """Send what is still to be written nowhere: Python would fail on it at its end, and change the exit code."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None:
            os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
