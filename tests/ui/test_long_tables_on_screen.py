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
        monkeypatch.setattr("tui_app.ui.explorer.places.Table.go_on", lambda _table, _seconds=0.0: False)
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
        monkeypatch.setattr("tui_app.ui.explorer.places.Table.go_on", lambda _table, _seconds=0.0: False)
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
