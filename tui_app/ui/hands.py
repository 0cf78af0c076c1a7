"""Keys before answers: what comes by itself is drawn together, and between the keys of whoever is pressing some."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from tui_app.ui.compat import ring_once

if TYPE_CHECKING:
    from textual.message_pump import MessagePump
    from textual.timer import Timer

PRESSING = 0.1
"""Seconds after a key within which another one is likely: longer than the repeat of a key that is held down."""
LONGEST = 0.4
"""Seconds that answers wait for hands to rest; then they are drawn just after the next key's frame, when no other key is due yet."""


class Hands:
    """When the last key came, and what waits for the next one's frame."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self.clock = clock
        self.waited_for: list[Callable[[], None]] = []
        """What is to be done when the next key's frame is out."""
        self._last = -math.inf

    def pressed(self) -> None:
        """A key has come."""
        self._last = self.clock()

    @property
    def at_rest(self) -> bool:
        """Whether no key has come for a while."""
        return self.clock() - self._last >= PRESSING

    def answered(self) -> None:
        """The last key's frame is out."""
        waiting, self.waited_for = self.waited_for, []
        for act in waiting:
            act()


class Gathering:
    """One drawing for all that comes within `wait` seconds, and later while keys are being pressed.

    A drawing of many rows takes as long as a key may wait, and a key that comes in the middle of it waits for its end.
    """

    def __init__(self, timers: MessagePump, hands: Hands, wait: float, draw: Callable[[], None]) -> None:
        self._timers, self._hands, self._wait, self._draw = timers, hands, wait, draw
        self._timer: Timer | None = None
        self._latest = math.inf

    def soon(self) -> None:
        """Something has come."""
        if self._timer is None:
            self._latest = self._hands.clock() + LONGEST
            self._timer = ring_once(self._timers, self._wait, self._due)

    def now(self) -> None:
        """Draw at once what has come, and what has been waiting."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._draw()

    def _due(self) -> None:
        if self._timer is None:
            return  # drawn meanwhile: a timer that is stopped in the moment in which it rings may ring all the same
        if self._hands.at_rest:
            self.now()
            return
        self._timer = ring_once(self._timers, self._wait, self._due)
        if self._hands.clock() >= self._latest:
            self._latest = self._hands.clock() + LONGEST
            self._hands.waited_for.append(self._late)

    def _late(self) -> None:
        if self._timer is not None:
            self.now()
