"""Several calls at a time, and each of them patiently: AWS throttles whoever asks about hundreds of accounts at once."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from tui_app.errors import Cancelled, OutOfReach
from tui_app.values import frozen

T = TypeVar("T")
R = TypeVar("R")

AT_ONCE = 5
"""Calls under way together; the portal answers TooManyRequests soon after."""
WAITS = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds before each further try of a throttled call, after the tries of botocore itself."""
LOOK = 0.05
"""Seconds between two looks at whether the person has changed their mind."""


Progress = Callable[[int, int], None]
"""Hears how far it is, done and total, on the thread that waits for the answers."""


def unheard(_done: int, _total: int) -> None:
    """Nobody is watching."""


def never() -> bool:
    """Nobody cancels."""
    return False


@frozen
class Stop:
    """Whether work should end: the person cancelled, or another part of it failed for good."""

    cancelled: Callable[[], bool]
    ended: threading.Event

    def now(self) -> bool:
        """Whether to stop."""
        return self.ended.is_set() or self.cancelled()

    def pause(self, seconds: float) -> None:
        """Wait, but no longer than anybody wants the answer.

        Raises:
            Cancelled: nobody does.
        """
        waited = 0.0
        while waited < seconds:
            if self.now():
                raise Cancelled("Cancelled.")
            self.ended.wait(LOOK)
            waited += LOOK
        if self.now():
            raise Cancelled("Cancelled.")


def patiently(call: Callable[[], R], stop: Stop) -> R:
    """The answer of `call`, tried again for as long as AWS asks to wait.

    Raises:
        Cancelled, and what the call raises.
    """
    for wait in WAITS:
        try:
            return call()
        except OutOfReach as failure:
            if failure.cause != "throttled":
                raise
        stop.pause(wait)
    return call()


def for_each(
    items: Sequence[T], work: Callable[[T, Stop], R], progress: Progress = unheard, cancelled: Callable[[], bool] = never
) -> tuple[R, ...]:
    """What `work` makes of each item, in their order, `AT_ONCE` of them together on daemon threads.

    The first exception ends the rest; after `cancelled` says yes, calls under way end unheard.

    Raises:
        Cancelled, and what the work raises.
    """
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    done: queue.SimpleQueue[tuple[int, R | BaseException]] = queue.SimpleQueue()
    for number in range(len(items)):
        waiting.put(number)
    stop = Stop(cancelled, threading.Event())

    def run() -> None:
        while not stop.now():
            try:
                number = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                done.put((number, work(items[number], stop)))
            except BaseException as fault:  # noqa: BLE001 - it belongs to the thread that waits
                done.put((number, fault))

    for _ in range(min(AT_ONCE, len(items))):
        threading.Thread(target=run, name="discovery", daemon=True).start()
    try:
        return _gathered(done, len(items), progress, cancelled)
    finally:
        stop.ended.set()


def _gathered(
    done: queue.SimpleQueue[tuple[int, R | BaseException]], total: int, progress: Progress, cancelled: Callable[[], bool]
) -> tuple[R, ...]:
    answers: dict[int, R] = {}
    while len(answers) < total:
        if cancelled():
            raise Cancelled("Cancelled.")
        try:
            number, answer = done.get(timeout=LOOK)
        except queue.Empty:
            continue
        if isinstance(answer, BaseException):
            raise answer
        answers[number] = answer
        progress(len(answers), total)
    return tuple(answers[number] for number in range(total))
