"""The person at the terminal: questions on /dev/tty, so that a redirected stdin or stdout does not matter.

Whatever ends a question (an answer, Ctrl-C, Ctrl-Z, SIGTERM, SIGHUP), the terminal gets its modes back.
"""

from __future__ import annotations

import os
import select
import signal
import termios
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from tui_app.errors import Cancelled

_LINE_LIMIT = 4096
_ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


def ask(question: str) -> str | None:
    """The line typed after `question`, or None where there is no terminal.

    Raises:
        Cancelled: the person ended the input.
    """
    with opened() as tty:
        if tty is None:
            return None
        write(tty, question)
        return _line(tty)


def is_yes(answer: str) -> bool:
    """Whether a line typed after `[y/N]` says yes; anything else says no."""
    return answer.strip().lower() in {"y", "yes"}


@contextmanager
def opened() -> Iterator[int | None]:
    """The controlling terminal as a file descriptor, or None where there is none."""
    try:
        tty = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        yield None
        return
    try:
        yield tty
    finally:
        os.close(tty)


def write(tty: int, text: str) -> None:
    """Put `text` on the terminal."""
    os.write(tty, text.encode("utf-8", "replace"))


def ask_hidden(tty: int, prompt: str) -> str:
    """The line typed after `prompt`, not echoed; what was typed before the prompt is dropped.

    Raises:
        Cancelled: the person ended the input.
    """
    with _not_echoed(tty, prompt):
        write(tty, prompt)
        return _line(tty)


def wait_until(tty: int, moment: float, words: str) -> None:
    """Count down to `moment` (epoch seconds) on one line that starts with `words`; nothing typed meanwhile is shown or kept."""
    if moment <= time.time():
        return
    with _not_echoed(tty, words):
        while (left := moment - time.time()) > 0:
            write(tty, f"\r{words} {int(left) + 1}s ")
            ready, _, _ = select.select([tty], [], [], min(left, 1.0))
            if ready and not os.read(tty, _LINE_LIMIT):
                raise Cancelled("Cancelled.")
        write(tty, "\r" + " " * (len(words) + 5) + "\r")


def _line(tty: int) -> str:
    typed = b""
    while not typed.endswith(b"\n"):
        piece = os.read(tty, _LINE_LIMIT)
        if not piece or len(typed) > _LINE_LIMIT:
            raise Cancelled("Cancelled.")
        typed += piece
    return typed.decode("utf-8", "replace").rstrip("\r\n")


@contextmanager
def _not_echoed(tty: int, prompt: str) -> Iterator[None]:
    shown = termios.tcgetattr(tty)
    hidden = termios.tcgetattr(tty)
    hidden[3] &= ~termios.ECHO

    def end(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    def stop(_number: int, _frame: FrameType | None) -> None:
        termios.tcsetattr(tty, termios.TCSADRAIN, shown)
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, stop)
        termios.tcsetattr(tty, termios.TCSAFLUSH, hidden)
        write(tty, prompt)

    handlers = {number: end for number in _ENDING if signal.getsignal(number) is not signal.SIG_IGN} | {signal.SIGTSTP: stop}
    if threading.current_thread() is not threading.main_thread():
        handlers = {}
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        termios.tcsetattr(tty, termios.TCSAFLUSH, hidden)
        yield
    finally:
        termios.tcsetattr(tty, termios.TCSADRAIN, shown)
        for number, handler in before.items():
            signal.signal(number, handler)
        write(tty, "\n")
