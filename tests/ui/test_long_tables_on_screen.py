"""A table too long for one go on the screen: a filter's first rows at once, the others between the keys, and every key right meanwhile."""

from __future__ import annotations

import csv
import threading

import pytest

from tests.ui.exploring import Door, explore
from tui_app.ui.explorer.file_texts import Taken

COUNT = 300
NAMES = [f"{'odd' if number % 2 else 'even'}-{number:03}" for number in range(COUNT)]


@pytest.fixture
def few(monkeypatch):
    """Three hundred rows are a long table; two screens of them are found at once."""
    monkeypatch.setattr("tui_app.ui.explorer.grid.AT_ONCE", 20)
    monkeypatch.setattr("tui_app.ui.explorer.places.AT_ONCE", 20)
    monkeypatch.setattr("tui_app.ui.explorer.grid.SCREENFUL", 60)
    monkeypatch.setattr("tui_app.ui.explorer.filtering.STEP", 1)


def door() -> Door:
    return Door(s3__ListBuckets={"Buckets": [{"Name": name, "BucketRegion": "eu-west-1"} for name in NAMES]})


async def filtered(s, words: str):
    screen = await explore(s, "s3-buckets")
    await s.until(lambda: len(screen.table.grid.cells) == COUNT and screen.table.settled)
    await s.press("slash", *words)
    return screen


def hold_back(monkeypatch) -> None:
    """Nothing is found between the keys."""
    monkeypatch.setattr("tui_app.ui.explorer.places.Table.go_on", lambda _table, _seconds=0.0: False)
    monkeypatch.setattr("tui_app.ui.explorer.slices.PAUSE", 0.2)  # an idle screen is waited for after each key


@pytest.mark.usefixtures("few")
async def test_the_count_of_a_filter_is_exact_in_the_end(stage):
    async with stage(door=door()) as s:
        screen = await filtered(s, "odd")
        await s.sees("150 of 300")
        assert screen.table.grid.finding is None
        assert "so far" not in s.screen
        await s.sees("odd-001")


@pytest.mark.usefixtures("few")
async def test_words_far_below_and_words_that_are_nowhere_are_found_in_the_end(stage):
    async with stage(door=door()) as s:
        screen = await filtered(s, "d-299")
        await s.sees("1 of 300")
        await s.sees("odd-299")
        screen.set_query("nowhere")
        await s.sees('No row matches "nowhere".')


@pytest.mark.usefixtures("few")
async def test_what_is_not_found_yet_is_said(stage, monkeypatch):
    async with stage(door=door()) as s:
        screen = await filtered(s, "")
        hold_back(monkeypatch)
        screen.set_query("9")
        await s.sees("of 300 so far")
        screen.set_query("299")
        await s.sees("Looking through 300 rows")
        assert "No row matches" not in s.screen


@pytest.mark.usefixtures("few")
async def test_keys_before_all_is_found_mean_what_they_mean_after(stage, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    async with stage(door=door()) as s:
        screen = await filtered(s, "")
        go_on = screen.table.go_on
        hold_back(monkeypatch)
        screen.set_query("odd")
        await s.press("enter", "G")
        assert screen.table.grid.cursor.id == "odd-299"
        await s.sees("odd-299")
        screen.set_query("299")
        await s.press("y")
        assert screen.table.grid.cursor.id == "odd-299"
        screen.set_query("even")
        screen.table.sort_by(0, down=True)
        screen.table.go_on = go_on
        await s.press("w", "1")
        await s.until(lambda: list(tmp_path.glob("roledeck-*.csv")), 30)
        (written,) = tmp_path.glob("roledeck-*.csv")
        rows = list(csv.DictReader(written.read_text(encoding="utf-8").splitlines()))
        assert [row["Name"] for row in rows] == [name for name in reversed(NAMES) if "even" in name]


@pytest.mark.usefixtures("few")
async def test_a_key_drops_what_the_one_before_has_not_found(stage):
    async with stage(door=door()) as s:
        screen = await filtered(s, "")
        grid = screen.table.grid
        screen.set_query("e")
        screen.set_query("ev")
        screen.set_query("eve")
        screen.set_query("ev")
        assert grid.finding is not None
        await s.until(lambda: screen.table.settled)
        assert [grid.keys[row].id for row in grid.shown] == [name for name in NAMES if "even" in name]


class Held:
    """A table in which nothing is found between the keys until it is let go; a hundred rows each way are looked through at once."""

    def __init__(self, monkeypatch, screen) -> None:
        self._table, self._go_on = screen.table, screen.table.go_on
        monkeypatch.setattr("tui_app.ui.explorer.grid.AT_ONCE", 200)
        hold_back(monkeypatch)

    def let_go(self) -> None:
        self._table.go_on = self._go_on


def lines(s) -> list[str]:
    """The rows of the table on the screen, each on its line; the last line says how many there are below."""
    return [name if (name := next((name for name in NAMES if name in line), "")) else "" for line in s.screen.splitlines()]


async def stand_on(s, screen, number: int) -> None:
    screen.body.move(number - screen.table.grid.at)
    await s.until(lambda: NAMES[number] in s.screen)


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("number", [299, 151, 5])
async def test_what_is_found_above_and_below_moves_no_row_on_the_screen(stage, monkeypatch, number):
    async with stage(door=door()) as s:
        screen = await filtered(s, "")
        await stand_on(s, screen, number)
        line = lines(s).index(NAMES[number])
        held = Held(monkeypatch, screen)
        await s.press("o", "d", "d")
        await s.sees("of 300 so far")
        seen = lines(s)
        assert screen.table.grid.cursor.id == NAMES[number]
        assert number == 5 or seen.index(NAMES[number]) == line
        assert not [name for name in seen if "even" in name]
        held.let_go()
        await s.sees("150 of 300")
        await s.until(lambda: "so far" not in s.screen)
        assert lines(s) == seen
        assert len(list(filter(None, seen))) > 25
        await s.press("backspace", "escape")
        await s.until(lambda: screen.table.settled)
        assert screen.table.grid.cursor.id == NAMES[number]


@pytest.mark.usefixtures("few")
async def test_rows_found_above_are_not_seen_to_move_before_they_are_drawn(stage, monkeypatch):
    async with stage(door=door()) as s:
        screen = await filtered(s, "")
        await stand_on(s, screen, 299)
        held = Held(monkeypatch, screen)
        screen.set_query("odd")
        await s.sees("so far")
        seen, found = lines(s), len(screen.table.grid.shown)
        while len(screen.table.grid.shown) < found + 20:
            screen.table.grid.find_more()
        screen.body.refresh()
        await s.pilot.pause()
        assert lines(s) == seen
        await s.pilot.click("#grid", offset=(20, 3))
        assert screen.table.grid.cursor.id == lines(s)[screen.body.region.y + 3] == seen[screen.body.region.y + 3]
        held.let_go()
        await s.until(lambda: screen.table.settled)
        assert lines(s) == seen


@pytest.mark.usefixtures("few")
async def test_the_ends_and_pages_of_what_is_not_found_yet(stage, monkeypatch):
    async with stage(door=door()) as s:
        screen = await filtered(s, "")
        await stand_on(s, screen, 151)
        held = Held(monkeypatch, screen)
        screen.set_query("odd")
        await s.press("enter", "G")
        await s.sees("odd-299")
        assert screen.table.grid.cursor.id == "odd-299"
        await s.press("g")
        await s.sees("odd-001")
        assert screen.table.grid.cursor.id == "odd-001"
        await s.press("G", *["ctrl+b"] * 2)
        page = screen.body.size.height - 2
        assert screen.table.grid.cursor.id == f"odd-{299 - 4 * page:03}"
        await s.sees(f"odd-{299 - 4 * page:03}")
        assert "so far" in s.screen
        held.let_go()
        await s.sees("150 of 300")
        await s.until(lambda: "so far" not in s.screen)
        assert screen.table.grid.cursor.id == f"odd-{299 - 4 * page:03}"


@pytest.mark.usefixtures("few")
async def test_an_end_that_a_key_finds_to_the_last_row_makes_the_count_exact(stage, monkeypatch):
    async with stage(door=door()) as s:
        screen = await filtered(s, "")
        held = Held(monkeypatch, screen)
        screen.set_query("odd")
        await s.sees("so far")
        screen.table.grid.find_all()
        held.let_go()
        await s.sees("150 of 300")
        await s.until(lambda: "so far" not in s.screen)


@pytest.mark.usefixtures("few")
async def test_a_filter_that_the_cursors_row_does_not_match_begins_at_the_top(stage, monkeypatch):
    async with stage(door=door()) as s:
        screen = await filtered(s, "")
        await stand_on(s, screen, 299)
        held = Held(monkeypatch, screen)
        screen.set_query("name:even")
        await s.sees("even-000")
        assert screen.table.grid.cursor.id == "even-000"
        held.let_go()
        await s.sees("150 of 300")
        assert screen.table.grid.cursor.id == "even-000"


async def test_columns_that_go_between_two_drawings_are_not_drawn(stage, monkeypatch):
    monkeypatch.setattr("tui_app.ui.explorer.places.AT_ONCE", 20)
    monkeypatch.setattr("tui_app.ui.explorer.laying.STEP", 20)
    async with stage(door=door()) as s:
        screen = await explore(s, "s3-buckets")
        await s.until(lambda: len(screen.table.grid.cells) == COUNT and screen.table.settled)
        screen.table.tags = ("team", "owner")
        screen.table.rebuild()
        screen.update()
        await s.until(lambda: screen.table.settled)
        await s.sees("owner")
        screen.table.tags = ()
        screen.table.rebuild()
        screen.table.go_on()
        assert len(screen.table.grid.heads) == max(number for number, _ in screen.body.laid.columns) + 1
        screen.head.settle()
        screen.body.refresh()
        await s.press("j")
        await s.sees("even-000")
        assert "owner" not in s.screen


async def test_a_file_says_how_far_it_is_and_esc_stops_it(stage, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tui_app.ui.explorer.file_texts.SAID_EVERY", 1)
    async with stage(door=door()) as s:
        screen = await filtered(s, "")
        await s.press("escape")
        held = hold(monkeypatch)
        await s.press("w", "2")
        await s.sees("Writing 3 of 300 rows")
        await s.press("w")
        await s.sees("being written already")
        await s.press("escape")
        held.set()
        await s.sees("Nothing is written.")
        await s.until(lambda: not screen.working)
        assert not list(tmp_path.glob("*roledeck-*"))
        assert screen.part == "rows"


def hold(monkeypatch):
    """Hold the writing at its fourth row until the event is set."""
    held, row = threading.Event(), Taken._row

    def slow(taken, values, result, index):
        if index == 3:
            held.wait(10)
        return row(taken, values, result, index)

    monkeypatch.setattr(Taken, "_row", slow)
    return held
