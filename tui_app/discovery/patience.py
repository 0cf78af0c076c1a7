"""Asking about hundreds of accounts: a few calls at a time, and each of them patiently, as AWS throttles whoever hurries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from tui_app.errors import Cancelled, OutOfReach
from tui_app.parallel import Crew, never, pause

T = TypeVar("T")
R = TypeVar("R")

AT_ONCE = 5
"""Calls under way together; the portal answers TooManyRequests soon after."""
WAITS = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds before each further try of a throttled call, after the tries of botocore itself."""

Progress = Callable[[int, int], None]
"""Hears how far it is, done and total, on the thread that waits for the answers."""


def unheard(_done: int, _total: int) -> None:
    """Nobody is watching."""


def patiently(call: Callable[[], R], cancelled: Callable[[], bool]) -> R:
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
        if not pause(wait, cancelled):
            raise Cancelled("Cancelled.")
    return call()


def for_each(
    items: Sequence[T], work: Callable[[T, Callable[[], bool]], R], progress: Progress = unheard, cancelled: Callable[[], bool] = never
) -> tuple[R, ...]:
    """What `work` makes of each item, in their order, `AT_ONCE` of them together; `work` is given the item and its own `cancelled`.

    The first exception ends the rest; after `cancelled` says yes, calls under way end unheard.

    Raises:
        Cancelled, and what the work raises.
    """
    answers: dict[int, R] = {}
    with Crew("discovery", AT_ONCE, work) as crew:
        crew.send(*items)
        for number, answer in crew.answers(cancelled):
            answers[number] = answer
            progress(len(answers), len(items))
    if len(answers) < len(items):
        raise Cancelled("Cancelled.")
    return tuple(answers[number] for number in range(len(items)))
