"""The CPU that each key of the filter costs with 10,000 roles, matching and drawing: in five sentences as people type them."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from typing import Any

from tests.bench import many
from tests.bench.rounds import compare, show, work

QUERY = "account42 role"
TYPED = ("account42 role", "role4242", "tem42 rl77", "env:prod role:role1 -via:hub", "id:100000000042 role9 is:favourite")
"""Words, one name, letters in order, fields with one left out, and one that ends with nothing found."""
PATIENCE = 60.0


def filter_rows(rounds: int) -> None:
    """Matching alone against a plain substring test; then whole keystrokes in the real screen."""
    from tui_app.catalog.search import Search, filter_roles, haystacks_of_names

    names = [f"team{number % 97}-account{number % 100}-role{number} role{number} base" for number in range(many.COUNT)]
    words, haystacks = QUERY.split(), haystacks_of_names(names).warm()
    contestants = {
        "every word a substring": work(lambda: [index for index, text in enumerate(names) if all(word in text for word in words)]),
        "filter_roles": work(lambda: filter_roles(haystacks, QUERY)),
        "a letter more": work(_one_more(Search(haystacks))),
    }
    show(f"Matching {many.COUNT:,} rows", compare(contestants, {}, rounds))
    with tempfile.TemporaryDirectory() as folder:
        environ = many.environment(folder)
        spent = {text: asyncio.run(_typed(environ, text)) for text in TYPED}
    print(f"\nA keystroke in the filter, {many.COUNT:,} rows, CPU of the whole screen   goal <= 16 ms")
    width = max(map(len, spent))
    for text, times in (*spent.items(), ("all of them", [one for each in spent.values() for one in each])):
        print(f"  {text.ljust(width)}  median {statistics.median(times) * 1000:5.1f} ms, worst {max(times) * 1000:5.1f} ms")


def _one_more(search: Any) -> Any:
    """The last letter of the query, after the others."""

    def run() -> None:
        search(QUERY[:-1])
        search(QUERY)

    return run


async def _typed(environ: dict[str, str], text: str) -> list[float]:
    """CPU seconds of each keystroke, until the screen is idle again."""
    deck = _deck(environ)
    spent = []
    async with deck.run_test(size=(140, 40)) as pilot:
        until = time.monotonic() + PATIENCE
        while not deck.store.loaded:
            if time.monotonic() > until:
                raise RuntimeError("the roles were never read")
            await pilot.pause(0.05)
        await pilot.pause(0.5)
        await pilot.press("slash")
        for character in text:
            await pilot.pause(0.1)
            before = time.process_time()
            await pilot.press(_key(character))
            spent.append(time.process_time() - before)
        if deck.store.query.strip() != text:
            raise RuntimeError(f"the filter holds {deck.store.query!r}")
    return spent


def _key(character: str) -> str:
    return {" ": "space", ":": "colon", "-": "minus"}.get(character, character)


def _deck(environ: dict[str, str]) -> Any:
    from tui_app.aws.door import AwsDoor
    from tui_app.catalog.load import load_catalog
    from tui_app.sessions.broker import Broker
    from tui_app.ui.backstage import Backstage, Loaded
    from tui_app.ui.roledeck import Roledeck

    def load() -> Loaded:
        catalog, door = load_catalog(environ), AwsDoor()
        return Loaded(catalog, Broker(catalog, environ, door), door)

    return Roledeck(Backstage(environ, load))
