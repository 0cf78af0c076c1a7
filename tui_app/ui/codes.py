"""The way from a job that needs a code to the person at the screen and back: one question on screen at a time."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tui_app.errors import Cancelled
from tui_app.secret import Secret
from tui_app.ui.jobs import Job, Post

if TYPE_CHECKING:
    from tui_app.sessions.codes import CodeRequest


@dataclass(eq=False)
class Question:
    """One job's wish for a code. The job waits in `wait()`; the screen ends it with `answer` or `cancel`."""

    request: CodeRequest
    job: Job
    _settled: threading.Event = field(default_factory=threading.Event)
    _code: Secret | None = None

    def answer(self, code: Secret) -> None:
        """Give the code."""
        self._code = code
        self._settled.set()

    def cancel(self) -> None:
        """The person will not give one."""
        self._settled.set()

    def wait(self) -> Secret:
        """Block the job's own thread until the person has decided.

        Raises:
            Cancelled: no code will come.
        """
        self._settled.wait()
        if self._code is None:
            raise Cancelled("Cancelled.")
        return self._code


class Codes:
    """Questions in the order they came. `show(question)` opens the modal, or hands it the next question of the job it is about."""

    def __init__(self, post: Post, show: Callable[[Question], None], close: Callable[[], None]) -> None:
        self._post = post
        self._show = show
        self._close = close
        self._waiting: deque[Question] = deque()
        self._open: Question | None = None

    def asker(self, job: Job, asking: Callable[[bool], None]) -> Callable[[CodeRequest], Secret]:
        """The callback for the broker, to be called on the job's thread; `asking` hears whether a person is waited for."""

        def ask(request: CodeRequest) -> Secret:
            job.must_finish = False
            question = Question(request, job)
            job.on_cancel(question.cancel)
            self._post(lambda: self._put(question, asking))
            code = question.wait()
            job.must_finish = True
            self._post(lambda: asking(False))
            return code

        return ask

    def _put(self, question: Question, asking: Callable[[bool], None]) -> None:
        if question.job.cancelled():
            return
        asking(True)
        if self._open is None or self._open.job is question.job:
            self._open = question
            self._show(question)
        else:
            self._waiting.append(question)

    @property
    def open(self) -> Question | None:
        """The question on screen."""
        return self._open

    def answer(self, code: Secret) -> None:
        """The person sent a code; the modal stays until AWS has answered."""
        if self._open:
            self._open.answer(code)

    def cancel(self) -> None:
        """The person left the modal: the whole job ends."""
        if self._open:
            self._open.job.cancel()
            self.ended(self._open.job)

    def ended(self, job: Job) -> None:
        """A job has ended: its modal closes, and the next question opens."""
        self._waiting = deque(question for question in self._waiting if question.job is not job)
        if self._open is None or self._open.job is not job:
            return
        self._open = None
        self._close()
        while self._waiting and self._open is None:
            question = self._waiting.popleft()
            if not question.job.cancelled():
                self._open = question
                self._show(question)
