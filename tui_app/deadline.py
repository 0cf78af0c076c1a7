"""Work that may hang for ever, such as asking a name server or a keyring: done on a thread of its own, and given up on in time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class TimeIsUp(Exception):
    """The work was not done in time; its thread is left to itself, and does not keep the program from ending."""


def within(seconds: float, work: Callable[[], T], name: str) -> T:
    """What `work` gives; `name` is that of its thread.

    Raises:
        TimeIsUp: it gave nothing in time.
        BaseException: whatever it raised.
    """
    outcome: _Outcome[T] = _Outcome()
    threading.Thread(target=outcome.of, args=(work,), name=name, daemon=True).start()
    if not outcome.ended.wait(seconds):
        raise TimeIsUp
    return outcome.answer()


class _Outcome(Generic[T]):
    """What came of the work: one answer, or one failure."""

    def __init__(self) -> None:
        self.ended = threading.Event()
        self._answers: list[T] = []
        self._failure: BaseException | None = None

    def of(self, work: Callable[[], T]) -> None:
        try:
            self._answers.append(work())
        except BaseException as failure:  # noqa: BLE001 - it is raised again where the caller waits
            self._failure = failure
        finally:
            self.ended.set()

    def answer(self) -> T:
        if self._failure is not None:
            raise self._failure
        return self._answers[0]
