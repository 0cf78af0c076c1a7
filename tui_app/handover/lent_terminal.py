"""The terminal, lent to a child for as long as it is the foreground; what the child did to it is undone when it is taken back."""

from __future__ import annotations

import contextlib
import os
import signal
import termios
import time
from typing import Any

ORPHANS_START = 0.1
"""Seconds in which what a killed shell had just forked has set itself up."""
# cursor shown, mouse and bracketed paste off, colours off: what a killed full-screen program leaves behind
_SOBER = b"\x1b[?25h\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[0m"
_OPEN = os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC


def has_controlling_terminal() -> bool:
    """Whether there is a terminal that sends us signals, wherever stdin and stdout lead."""
    try:
        os.close(os.open("/dev/tty", _OPEN))
    except OSError:
        return False
    return True


class LentTerminal:
    """`there` is False where stdin or stdout is no terminal: then nothing is lent. `term` is the child's TERM."""

    def __init__(self, term: str) -> None:
        self.is_lent = False
        self._term = term
        self._tty: int | None = None
        self._our_modes: list[Any] | None = None
        self._its_modes: list[Any] | None = None

    @property
    def there(self) -> bool:
        """Whether there is something to lend."""
        return self._tty is not None

    def open(self) -> None:
        """Look for the terminal, and remember how it was set."""
        if os.isatty(0) and os.isatty(1):
            with contextlib.suppress(OSError):
                self._tty = os.open("/dev/tty", _OPEN)
        if self._tty is not None:
            self._our_modes = termios.tcgetattr(self._tty)

    def close(self) -> None:
        """The child is gone."""
        if self._tty is not None:
            os.close(self._tty)
            self._tty = None

    def foreground(self) -> int:
        """The process group in the foreground; -1 where nobody can say."""
        try:
            return os.tcgetpgrp(self._tty) if self._tty is not None else -1
        except OSError:
            return -1

    def give(self, group: int) -> None:
        """Make the child's group the foreground, if the foreground is ours to give; after `bg` it is our shell's."""
        if self._tty is None or self.foreground() != os.getpgrp():
            return
        if self._its_modes is not None:
            _set_modes(self._tty, self._its_modes)
        self.is_lent = True
        _set_foreground(self._tty, group)

    def take(self, *, keep_modes: bool, killed: bool) -> None:
        """Take it back; `keep_modes` for a child that goes on later, `killed` for one that could not tidy up."""
        if self._tty is None or not self.is_lent:
            return
        self.is_lent = False
        with contextlib.suppress(termios.error):
            self._its_modes = termios.tcgetattr(self._tty) if keep_modes else None
        _set_foreground(self._tty, os.getpgrp())
        if killed:
            self._keep()
        if self._our_modes is not None:
            _set_modes(self._tty, self._our_modes)
        if killed and self._term not in {"", "dumb"}:
            with contextlib.suppress(OSError):
                os.write(self._tty, _SOBER)

    def _keep(self) -> None:
        """A job that the killed shell had just forked may still make itself the foreground: take it back, for as long as that lasts."""
        end = time.monotonic() + ORPHANS_START
        while self._tty is not None and time.monotonic() < end:
            time.sleep(0.005)
            if self.foreground() != os.getpgrp():
                _set_foreground(self._tty, os.getpgrp())


def _set_foreground(tty: int, group: int) -> None:
    """tcsetpgrp, also from the background, where it would stop us."""
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
    try:
        with contextlib.suppress(OSError):
            os.tcsetpgrp(tty, group)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _set_modes(tty: int, modes: list[Any]) -> None:
    with contextlib.suppress(termios.error):
        termios.tcsetattr(tty, termios.TCSADRAIN, modes)
