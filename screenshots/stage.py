"""The hands at the keyboard: press keys, wait for what comes of it, take the picture."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tui_app.embedded_aws.server import EmbeddedAws
    from tui_app.ui.deck import Deck

ASKING = ("code?", "allow?")
"""What a row says while the person is asked."""
PATIENCE = 30.0
"""Seconds until a scene that does not come about is given up."""


class Stage:
    """One run of the screen."""

    def __init__(self, deck: Deck, pilot: Any, aws: EmbeddedAws | None, keep: Callable[[str, str], None]) -> None:
        self.deck, self.aws = deck, aws
        self._pilot, self._keep = pilot, keep

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, and rest."""
        await self._pilot.press(*keys)
        await self.rest()

    async def type(self, text: str) -> None:
        """Type text, a key a character."""
        await self._pilot.press(*("space" if character == " " else character for character in text))

    async def go_to(self, key: str) -> None:
        """Put the cursor on a role."""
        self.deck.store.move_to(key)
        await self.rest()
        if self.deck.store.cursor != key:
            raise RuntimeError(f"there is no row {key}")

    async def until(self, so: Callable[[], object]) -> None:
        """Wait until something is so.

        Raises:
            TimeoutError: it never was.
        """
        end = time.monotonic() + PATIENCE
        while not so():
            if time.monotonic() > end:
                raise TimeoutError("the scene did not come about")
            await self._pilot.pause(0.02)

    async def rest(self) -> None:
        """Wait until nothing is under way but questions to the person."""
        await self._pilot.pause()
        await self.until(lambda: not self._busy())
        await self._pilot.pause()

    def _busy(self) -> bool:
        deck = self.deck
        running = any(sight.running for sight in deck.findings.sights.values())
        working = any(work.word not in ASKING for work in deck.store.work.values())
        return bool(working or deck.findings.pending or running)

    async def shot(self, name: str) -> None:
        """Take the picture."""
        await self._pilot.pause()
        self._keep(name, self.deck.export_screenshot(title="roledeck"))
