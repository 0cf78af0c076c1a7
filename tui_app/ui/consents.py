"""The way from a job that wants to run a program of the files to the person at the screen and back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from tui_app.errors import Cancelled
from tui_app.ui.compat import end_screen
from tui_app.ui.jobs import Job

if TYPE_CHECKING:
    from tui_app.sessions.consent import Program
    from tui_app.ui.deck import Deck


class Wish:
    """One job's wish to run a program. The job waits in `wait()`; the screen ends it with `settle`."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._settled = threading.Event()
        self._agreed = False

    def settle(self, *, agreed: bool) -> None:
        """The person has decided."""
        self._agreed = agreed
        self._settled.set()

    def wait(self) -> bool:
        """Block the job's own thread until the person has decided: whether they agree.

        Raises:
            Cancelled: the job ended first.
        """
        self._settled.wait()
        if self.job.cancelled():
            raise Cancelled("Cancelled.")
        return self._agreed


def asker(deck: Deck, job: Job, key: str, asking: Callable[[bool], None]) -> Callable[[Program], bool]:
    """The callback for the broker, on the job's thread, for the role `key`; `asking` hears whether a person is waited for."""

    def ask(program: Program) -> bool:
        wish = Wish(job)
        job.on_cancel(lambda: wish.settle(agreed=False))
        deck.post(lambda: _show(deck, key, program, wish, asking))
        agreed = wish.wait()
        deck.post(lambda: asking(False))
        return agreed

    return ask


def _show(deck: Deck, key: str, program: Program, wish: Wish, asking: Callable[[bool], None]) -> None:
    from tui_app.ui.screens.confirm import Confirm, Question

    if wish.job.cancelled():
        return
    asking(True)
    where = program.place(deck.environ)
    facts = (
        f"It is the {program.setting} of {program.owner}" + (f", written at {where}." if where else "."),
        "It runs as you, now and from now on without asking, for as long as this line stays as it is.",
    )
    screen = Confirm(Question(key, "Run this program?", facts, "run it", "do not run it", program.shown, sudden=True))
    deck.push_screen(screen, lambda yes: wish.settle(agreed=bool(yes)))
    # a job that is over has nothing left to decide
    wish.job.on_cancel(lambda: deck.post(lambda: end_screen(screen)))
