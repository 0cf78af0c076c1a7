"""Several pieces of work at a time, on daemon threads: their answers come back to the thread that waits for them."""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")

LOOK = 0.05
"""Seconds between two looks at whether anybody still wants the answers."""


def never() -> bool:
    """Nobody cancels."""
    return False


def pause(seconds: float, cancelled: Callable[[], bool]) -> bool:
    """Wait, but no longer than anybody wants the answer; whether anybody still does."""
    until = time.monotonic() + seconds
    while not cancelled():
        left = until - time.monotonic()
        if left <= 0:
            return True
        time.sleep(min(left, LOOK))
    return False


class Crew(Generic[Item, Answer]):
    """At most `most` threads that do `work` on what is sent to them; a context, with whose end they take nothing more.

    `work` is given the item, and a `cancelled` of its own, which says yes when the context has ended.
    """

    def __init__(self, name: str, most: int, work: Callable[[Item, Callable[[], bool]], Answer]) -> None:
        self.unanswered = 0
        """How many of those that were sent have no answer yet."""
        self._name, self._most, self._work = name, most, work
        self._sent = 0
        self._waiting: deque[tuple[int, Item]] = deque()
        self._done: queue.SimpleQueue[tuple[int, Answer | BaseException]] = queue.SimpleQueue()
        self._lock, self._threads = threading.Lock(), 0
        self._ended = threading.Event()

    def __enter__(self) -> Crew[Item, Answer]:
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()

    def send(self, *items: Item) -> None:
        """Have these worked on; they are numbered from 0 in the order in which they are sent."""
        for item in items:
            self.unanswered += 1
            with self._lock:
                self._waiting.append((self._sent, item))
                starts = self._threads < self._most
                self._threads += starts
            self._sent += 1
            if starts:
                threading.Thread(target=self._take, name=self._name, daemon=True).start()

    def answers(self, cancelled: Callable[[], bool] = never) -> Iterator[tuple[int, Answer]]:
        """Each answer as it comes, with the number of its item, until there is one for all that was sent, or `cancelled` says yes.

        More may be sent meanwhile. After `cancelled` this ends at once, and what is under way ends unheard.

        Raises:
            BaseException: what the work raised; it belongs to the thread that waits.
        """
        while self.unanswered and not cancelled():
            try:
                number, answer = self._done.get(timeout=LOOK)
            except queue.Empty:
                continue
            self.unanswered -= 1
            if isinstance(answer, BaseException):
                raise answer
            yield number, answer

    def _take(self) -> None:
        while True:
            with self._lock:
                if not self._waiting or self._ended.is_set():
                    self._threads -= 1
                    return
                number, item = self._waiting.popleft()
            try:
                self._done.put((number, self._work(item, self._ended.is_set)))
            except BaseException as fault:  # noqa: BLE001 - raised again in `answers`
                self._done.put((number, fault))
