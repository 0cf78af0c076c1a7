"""Tables of 100,000 rows against tables of 100: the CPU of a key in the real screen, and of a page that arrives."""

from __future__ import annotations

import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from typing import Any

from tests.bench import many
from tests.bench.rounds import Run, compare, show, work

FEW, MANY, PAGE = 100, 100_000, 100
IDLE = 0.15
KEYS = (
    ("one row down", (), "j"),
    ("one page down", (), "ctrl+f"),
    ("the last row", (), "G"),
    ("first letter of the filter", ("slash",), "w"),
    ("a letter more", ("slash", "w"), "e"),
    ("a letter back", ("slash", "w", "e"), "backspace"),
    ("a column's filter", ("slash", *"state:"), "r"),
    ("nothing found", ("slash", *"zz"), "q"),
    ("sort", (), "greater_than_sign"),
)


def long_tables(rounds: int) -> None:
    """Rows in memory first, then keys in the screen; each figure is the ratio of 100,000 rows to 100."""
    rows = _rows(MANY)
    for title, deed in (("unsorted", _page()), ("sorted", _page(column=0)), ("filtered", _page(query="web"))):
        few, great = deed(rows[:FEW]), deed(rows)
        contestants = {f"{FEW} rows": few, f"{MANY:,} rows": great}
        show(f"A page of {PAGE} rows arrives, {title}", compare(contestants, {}, rounds))
    spent = {count: asyncio.run(_keys(rows[:count], max(3, rounds // 5))) for count in (FEW, MANY)}
    print(f"\nCPU of a key in a table of {FEW} and of {MANY:,} rows, until the screen is idle")
    for name, _, _ in KEYS:
        few_ms, many_ms = (statistics.median(spent[count][name]) * 1000 for count in (FEW, MANY))
        print(f"  {name:28} {few_ms:6.1f} ms {many_ms:6.1f} ms  {many_ms / few_ms:5.2f}x")


def _rows(count: int) -> list[dict[str, Any]]:
    """Instances as EC2 describes them."""
    chance = random.Random(7)
    return [
        {
            "InstanceId": f"i-{chance.getrandbits(64):016x}",
            "InstanceType": chance.choice(("t3.micro", "m5.large", "c7g.2xlarge")),
            "State": {"Name": chance.choice(("running", "stopped"))},
            "PrivateIpAddress": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
            "Placement": {"AvailabilityZone": f"eu-west-1{chance.choice('abc')}"},
            "Tags": [{"Key": "Name", "Value": f"{chance.choice(('web', 'api', 'batch'))}-{number}"}],
        }
        for number in range(count)
    ]


def _table(rows: Sequence[dict[str, Any]]) -> Any:
    """A table of instances, everything in it laid out."""
    from tui_app.explorer.results import of_rows
    from tui_app.explorer.views import VIEWS
    from tui_app.model import Identity
    from tui_app.ui.explorer.places import Table, Visitor

    view = next(view for view in VIEWS if view.name == "ec2-instances")
    identity = Identity("111122223333", "arn:aws:sts::111122223333:assumed-role/Bench/me", "AROA:me", 0.0, "eu-west-1")
    table = Table(view, (Visitor("bench", "bench", identity.account, identity.arn),), ("eu-west-1",))
    table.take(0, of_rows(view, "eu-west-1", identity, 0.0, tuple(rows), more=True, asked={}))
    table.go_on()
    return table


def _page(column: int = -1, query: str = "") -> Callable[[Sequence[dict[str, Any]]], Run]:
    """A table to which each run adds one page."""

    def deed(rows: Sequence[dict[str, Any]]) -> Run:
        from tui_app.explorer.results import joined, of_rows

        table = _table(rows)
        table.sort_by(column)
        table.go_on()
        table.grid.set_query(query)
        ((place, result),) = table.results.items()
        page = of_rows(result.view, place[1], result.identity, 1.0, tuple(_rows(PAGE)), more=True, asked={})
        return work(lambda: table.take(0, joined(table.results[place], page)))

    return deed


async def _keys(rows: Sequence[dict[str, Any]], times: int) -> dict[str, list[float]]:
    """CPU seconds of each key, until the screen is idle again."""
    from tests.bench.keystrokes import _deck
    from tui_app.ui.explorer.screen import Explorer

    table = _table(rows)
    with tempfile.TemporaryDirectory() as folder:
        deck = _deck(many.environment(folder))
        async with deck.run_test(size=(140, 40)) as pilot:
            await pilot.pause(0.5)
            screen = Explorer(table.visitors)
            await deck.push_screen(screen)
            screen.trail, screen.part = [table], "rows"
            screen.go_to("rows")
            await _one(pilot, screen, (), "j")  # the first key also lays the screen out
            return {name: [await _one(pilot, screen, before, key) for _ in range(times)] for name, before, key in KEYS}


async def _one(pilot: Any, screen: Any, before: Sequence[str], key: str) -> float:
    screen.set_query("")
    screen.typing, screen.table.grid.at = False, 0
    screen.update()
    for name in before:
        await pilot.press({":": "colon"}.get(name, name))
    await pilot.pause(IDLE)
    began = time.process_time()
    await pilot.press(key)
    while screen.table.unfinished is not None:
        await pilot.pause()
    spent = time.process_time() - began
    await pilot.pause(IDLE)
    return spent
