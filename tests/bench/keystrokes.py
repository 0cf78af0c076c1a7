"""The CPU that one keystroke in the filter costs with 10,000 roles, matching and drawing."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from typing import Any

from tests.bench import many
from tests.bench.rounds import compare, show, work

QUERY = "account42 role"


def filter_rows(rounds: int) -> None:
    """Matching alone against a plain substring test; then whole keystrokes in the real screen."""
    from tui_app.catalog.search import filter_roles, haystacks_of_names

    names = [f"team{number % 97}-account{number % 100}-role{number} role{number} base" for number in range(many.COUNT)]
    words, haystacks = QUERY.split(), haystacks_of_names(names)
    contestants = {
        "every word a substring": work(lambda: [index for index, text in enumerate(names) if all(word in text for word in words)]),
        "filter_roles": work(lambda: filter_roles(haystacks, QUERY)),
    }
    show(f"Matching {many.COUNT:,} rows", compare(contestants, {}, rounds))
    with tempfile.TemporaryDirectory() as folder:
        spent = asyncio.run(_typed(folder))
    print(f"\nA keystroke in the filter, {many.COUNT:,} rows, CPU of the whole screen")
    print(f"  median {statistics.median(spent) * 1000:.1f} ms, worst {max(spent) * 1000:.1f} ms   goal <= 16")


async def _typed(folder: str) -> list[float]:
    """CPU seconds of each keystroke, until the screen is idle again."""
    deck = _deck(many.environment(folder))
    spent = []
    async with deck.run_test(size=(140, 40)) as pilot:
        while not deck.store.loaded:
            await pilot.pause(0.05)
        await pilot.press("slash")
        for character in QUERY:
            await pilot.pause(0.1)
            before = time.process_time()
            await pilot.press("space" if character == " " else character)
            spent.append(time.process_time() - before)
        if deck.store.query.strip() != QUERY:
            raise RuntimeError(f"the filter holds {deck.store.query!r}")
    return spent


def _deck(environ: dict[str, str]) -> Any:
    from tui_app.aws.door import AwsDoor
    from tui_app.catalog.load import load_catalog
    from tui_app.sessions.broker import Broker
    from tui_app.ui.backstage import Backstage, Loaded
    from tui_app.ui.deck import Deck

    def load() -> Loaded:
        catalog, door = load_catalog(environ), AwsDoor()
        return Loaded(catalog, Broker(catalog, environ, door), door)

    return Deck(Backstage(environ, load))
