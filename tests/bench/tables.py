"""Tables of 100,000 rows against tables of 100: the CPU of a key in the real screen, and of a page that arrives."""

from __future__ import annotations

import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from typing import Any, NamedTuple
from unittest import mock

from tests.bench import many
from tests.bench.rounds import Run, compare, show, work

FEW, MANY, PAGE = 100, 100_000, 100
IDLE = 0.15


class Pressed(NamedTuple):
    """A key to measure, the keys before it, where the cursor stands (0: on the first row, 1: on the last), and the column sorted by."""

    name: str
    before: Sequence[str]
    key: str
    at: float = 0.0
    column: int = -1


KEYS = (
    Pressed("one row down", (), "j"),
    Pressed("one page down", (), "ctrl+f"),
    Pressed("the last row", (), "G"),
    Pressed("first letter of the filter", ("slash",), "w"),
    Pressed("a letter more", ("slash", "w"), "e"),
    Pressed("a letter back", ("slash", "w", "e"), "backspace"),
    Pressed("a column's filter", ("slash", *"state:"), "r"),
    Pressed("a filter with the cursor last", ("slash",), "w", at=1.0),
    Pressed("the same in a sorted table", ("slash",), "w", at=1.0, column=0),
    Pressed("with the cursor in the middle", ("slash",), "w", at=0.5),
    Pressed("a letter more, in the middle", ("slash", "w"), "e", at=0.5),
    Pressed("a letter back, in the middle", ("slash", "w", "e"), "backspace", at=0.5),
    Pressed("a column's, with the cursor last", ("slash", *"zone:"), "e", at=1.0),
    Pressed("nothing found", ("slash", *"zz"), "q"),
    Pressed("nothing found, the cursor last", ("slash",), "q", at=1.0),
    Pressed("sort", (), "greater_than_sign"),
)


def long_tables(rounds: int) -> None:
    """Rows in memory first, then keys in the screen; each figure is the ratio of 100,000 rows to 100."""
    rows = _rows(MANY)
    for title, deed in (("unsorted", _page()), ("sorted", _page(column=0)), ("filtered", _page(query="web"))):
        few, great = deed(rows[:FEW]), deed(rows)
        contestants = {f"{FEW} rows": few, f"{MANY:,} rows": great}
        show(f"A page of {PAGE} rows arrives, {title}", compare(contestants, {}, rounds))
    spent = asyncio.run(_keys({count: rows[:count] for count in (FEW, MANY)}, max(3, rounds // 3)))
    print(f"\nCPU of a key in a table of {FEW} and of {MANY:,} rows: until its answer is drawn, and until all rows are found and drawn")
    for pressed in KEYS:
        drawn, all_found = (_ratio(spent[FEW, pressed.name], spent[MANY, pressed.name], number) for number in range(2))
        print(f"  {pressed.name:32} {drawn}   {all_found}")


def _ratio(few: list[tuple[float, float]], many: list[tuple[float, float]], number: int) -> str:
    few_ms, many_ms = (statistics.median(one[number] for one in spent) * 1000 for spent in (few, many))
    return f"{few_ms:6.1f} ms {many_ms:6.1f} ms {many_ms / few_ms:5.2f}x"


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
    from tui_app.explorer.results import ViewResult, of_rows
    from tui_app.explorer.views import VIEWS
    from tui_app.model import Identity
    from tui_app.ui.explorer.places import Table, Visitor

    view = next(view for view in VIEWS if view.name == "ec2-instances")
    identity = Identity("111122223333", "arn:aws:sts::111122223333:assumed-role/Bench/me", "AROA:me", 0.0, "eu-west-1")
    table = Table(view, (Visitor("bench", "bench", identity.account, identity.arn),), ("eu-west-1",))
    table.take(0, of_rows(ViewResult(view, "eu-west-1", identity, 0.0), tuple(rows), more=True))
    table.go_on()
    return table


def _page(column: int = -1, query: str = "") -> Callable[[Sequence[dict[str, Any]]], Run]:
    """A table to which each run adds one page."""

    def deed(rows: Sequence[dict[str, Any]]) -> Run:
        from tui_app.explorer.results import ViewResult, joined, of_rows

        table = _table(rows)
        table.sort_by(column)
        table.go_on()
        table.grid.set_query(query)
        ((place, result),) = table.results.items()
        page = of_rows(ViewResult(result.view, place[1], result.identity, 1.0), tuple(_rows(PAGE)), more=True)
        return work(lambda: table.take(0, joined(table.results[place], page)))

    return deed


async def _keys(tables: Mapping[int, Sequence[dict[str, Any]]], times: int) -> dict[tuple[int, str], list[tuple[float, float]]]:
    """CPU seconds of each key until it is answered and until all is done, the tables by turns; one round before the count warms caches."""
    spent: dict[tuple[int, str], list[tuple[float, float]]] = {}
    async with AsyncExitStack() as stack:
        shown = {count: await _shown(stack, rows) for count, rows in tables.items()}
        for number in range(times + 1):
            for pressed in KEYS:
                for count, (pilot, screen) in shown.items():
                    seconds = await _one(pilot, screen, pressed)
                    if number:
                        spent.setdefault((count, pressed.name), []).append(seconds)
    return spent


async def _shown(stack: AsyncExitStack, rows: Sequence[dict[str, Any]]) -> tuple[Any, Any]:
    """A table on a screen of its own."""
    from tests.bench.keystrokes import _deck
    from tui_app.ui.explorer.screen import Explorer

    table, folder = _table(rows), stack.enter_context(tempfile.TemporaryDirectory())
    pilot = await stack.enter_async_context(_deck(many.environment(folder)).run_test(size=(140, 40)))
    await pilot.pause(0.5)
    screen = Explorer(table.visitors)
    await pilot.app.push_screen(screen)
    screen.trail, screen.part = [table], "rows"
    screen.go_to("rows")
    return pilot, screen


async def _one(pilot: Any, screen: Any, pressed: Pressed) -> tuple[float, float]:
    grid = screen.table.grid
    screen.set_query("")
    if grid.sort != pressed.column:
        screen.table.sort_by(pressed.column)
        screen.table.go_on()
    screen.typing, grid.at = False, int(pressed.at * (len(grid.cells) - 1))
    screen.update()
    for name in pressed.before:
        await pilot.press({":": "colon"}.get(name, name))
    await _settled(screen)
    frames: list[float] = []
    with mock.patch.object(pilot.app, "_display", _timed(pilot.app._display, frames)):
        began = time.process_time()
        await pilot.press(pressed.key)
        await _settled(screen)
    return frames[0] - began, time.process_time() - began


async def _settled(screen: Any) -> None:
    """Everything is in its place and drawn; sleeping costs no CPU, where asking for a pause would."""
    while not screen.table.settled:  # noqa: ASYNC110 - nobody is told when a table has come to rest
        await asyncio.sleep(0.002)
    await asyncio.sleep(IDLE)


def _timed(draw: Callable[..., Any], frames: list[float]) -> Callable[..., Any]:
    """Drawing that notes when each frame is out."""

    def drawn(*parts: Any) -> Any:
        done = draw(*parts)
        frames.append(time.process_time())
        return done

    return drawn
