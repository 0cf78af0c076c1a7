"""Blocking work off the screen's thread: daemon threads, so that quitting never waits for the network.

At most `limit` jobs run at once, the rest wait their turn without a thread. Results come back through `post`, on the screen's thread.
"""

from __future__ import annotations

import os
import threading
import traceback
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

from tui_app.errors import Cancelled, RoledeckError
from tui_app.values import frozen

T = TypeVar("T")
Post = Callable[[Callable[[], None]], None]
"""Runs a function on the screen's thread soon; called from any thread, quiet when the screen is gone."""


@frozen
class Outcome(Generic[T]):
    """How a job ended: a value, or what went wrong."""

    value: T | None = None
    error: RoledeckError | None = None

    @property
    def cancelled(self) -> bool:
        """Whether the person changed their mind."""
        return isinstance(self.error, Cancelled)


class Job:
    """One piece of work under way. `cancel()` may be called from any thread; the work looks at `cancelled()` where it can."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.must_finish = False
        """Set while a one-time code is with AWS: its answer has to reach the disk before the program ends."""
        self._cancelled = threading.Event()
        self._on_cancel: list[Callable[[], None]] = []
        self.ended = threading.Event()

    def cancelled(self) -> bool:
        """Whether it should stop."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Ask it to stop, and wake whatever it waits for."""
        self._cancelled.set()
        for wake in list(self._on_cancel):
            wake()

    def on_cancel(self, wake: Callable[[], None]) -> None:
        """Have `wake` called when the job is cancelled; at once when it already is."""
        self._on_cancel.append(wake)
        if self.cancelled():
            wake()


def _outcome(job: Job, work: Callable[[Job], T]) -> Outcome[T]:
    try:
        if job.cancelled():
            return Outcome(error=Cancelled("Cancelled."))
        return Outcome(value=work(job))
    except RoledeckError as error:
        return Outcome(error=error)
    except Exception as error:  # noqa: BLE001 - a thread has nobody above it: a fault of ours costs this job, not the screen
        return Outcome(error=fault(error))


def fault(error: BaseException) -> RoledeckError:
    """A fault in the program as a sentence: which kind and where, without its text and its locals, which may hold secrets."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {os.path.basename(frames[-1].filename)}:{frames[-1].lineno}" if frames else ""
    return RoledeckError(
        f"The program has a fault: {type(error).__name__}{where}.", "Nothing was lost. Report this line, so that it can be mended."
    )


class Jobs:
    """The runner."""

    def __init__(self, post: Post, limit: int = 16) -> None:
        self._post = post
        self._limit = limit
        self._lock = threading.Lock()
        self._waiting: deque[tuple[Job, Callable[[], None]]] = deque()
        self._running: set[Job] = set()

    def start(self, name: str, work: Callable[[Job], T], done: Callable[[Outcome[T]], None]) -> Job:
        """Run `work(job)` on a thread and `done(outcome)` on the screen's thread."""
        job = Job(name)

        def run() -> None:
            outcome = _outcome(job, work)
            self._post(lambda: done(outcome))
            self._end(job)

        with self._lock:
            self._waiting.append((job, run))
        self._next()
        return job

    def must_finish(self) -> list[Job]:
        """The jobs that hold a spent code."""
        with self._lock:
            return [job for job in self._running if job.must_finish]

    def cancel_all(self) -> None:
        """Ask everything to stop that may."""
        with self._lock:
            jobs = [*self._running, *(job for job, _ in self._waiting)]
        for job in jobs:
            if not job.must_finish:
                job.cancel()

    def _next(self) -> None:
        with self._lock:
            if not self._waiting or len(self._running) >= self._limit:
                return
            job, run = self._waiting.popleft()
            self._running.add(job)
        threading.Thread(target=run, name=f"job {job.name}", daemon=True).start()

    def _end(self, job: Job) -> None:
        with self._lock:
            self._running.discard(job)
        job.ended.set()
        self._next()
