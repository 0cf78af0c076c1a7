"""Page after page: what comes late, what is asked again, and what goes on after a session has ended in the middle."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from tests.ui.exploring import DEVELOPER, Door, explore
from tui_app.errors import Refused, SessionExpired

PAGES, PAGE = 6, 50


class Shelves(Door):
    """Six pages of fifty buckets. `held` keeps the answer with this number back until `late` is set; `refused` are those refused."""

    def __init__(self) -> None:
        super().__init__(s3__ListBuckets=self.page)
        self.asked, self.held, self.late = 0, 0, threading.Event()
        self.refused: dict[int, Exception] = {}
        self.over = ""
        """The key of a session that has ended."""

    def call(self, service, operation, *, region, key, parameters, read_timeout=None, retry=True):
        if key.id == self.over:
            raise SessionExpired("The session has ended.", "Renew it.")
        return super().call(service, operation, region=region, key=key, parameters=parameters)

    def page(self, parameters):
        self.asked += 1
        asked, number = self.asked, int(parameters.get("ContinuationToken", "0"))
        if asked == self.held:
            self.late.wait(10)
        if asked in self.refused:
            raise self.refused[asked]
        names = [{"Name": f"bucket-{row:03d}", "BucketRegion": "eu-west-1"} for row in range(number * PAGE, (number + 1) * PAGE)]
        return {"Buckets": names} | ({"ContinuationToken": str(number + 1)} if number + 1 < PAGES else {})


@pytest.fixture
def shelves():
    door = Shelves()
    yield door
    door.late.set()


async def asked_with(s, shelves, key: str, number: int = 1) -> None:
    """Press a key that asks for pages; the page of that number among them is asked for, and held back."""
    shelves.held = shelves.asked + number
    await s.press(key)
    await s.until(lambda: shelves.asked == shelves.held)


async def test_a_page_that_was_stopped_takes_nothing_away_when_it_comes_after_all(stage, shelves):
    async with stage(door=shelves) as s:
        screen = await explore(s, "s3-buckets")
        await asked_with(s, shelves, "m")
        await s.press("escape", "m")
        await s.sees("100 so far")
        await s.press("m")
        await s.sees("150 so far")
        shelves.late.set()
        await s.press("m")
        await s.sees("200 so far")
        await s.until(lambda: not screen.table.pending)
        assert len(screen.table.grid.cells) == 4 * PAGE


async def test_the_end_of_a_page_that_was_stopped_does_not_end_the_one_that_is_asked_for(stage, shelves):
    async with stage(door=shelves) as s:
        screen = await explore(s, "s3-buckets")
        await asked_with(s, shelves, "m")
        (stopped,) = [job for job in screen.table.jobs if job.name.startswith("more")]
        await s.press("escape")
        shelves.gate.clear()
        await s.press("m")
        shelves.late.set()
        await s.until(stopped.ended.is_set)
        await s.pilot.pause()
        assert screen.table.pending
        assert "There is more" not in s.screen
        shelves.gate.set()
        await s.sees("100 so far")


async def test_what_was_stopped_is_not_said_of_what_is_asked_for_later(stage, shelves):
    async with stage(door=shelves) as s:
        await explore(s, "s3-buckets")
        await asked_with(s, shelves, "m")
        await s.press("escape")
        await s.sees("Stopped.")
        shelves.gate.clear()
        await s.press("m")
        await s.sees("asking")
        assert "Stopped." not in s.screen
        shelves.gate.set()


async def test_all_pages_go_on_to_the_last_after_the_session_was_renewed(stage, shelves):
    async with stage(door=shelves) as s:
        await explore(s, "s3-buckets")
        shelves.refused[4] = SessionExpired("The session has ended.", "Renew it.")
        await s.press("M")
        await s.sees("The session has ended, the rows stay")
        assert "150 so far" in s.screen
        await s.press("r")
        await s.sees("300, all shown")


async def test_one_page_more_stays_one_page_after_the_session_was_renewed(stage, shelves):
    async with stage(door=shelves) as s:
        screen = await explore(s, "s3-buckets")
        await asked_with(s, shelves, "M")
        await s.press("escape")
        shelves.refused[3] = SessionExpired("The session has ended.", "Renew it.")
        await s.press("m")
        await s.sees("The session has ended, the rows stay")
        await s.press("r")
        await s.sees("100 so far")
        await s.until(lambda: not screen.table.pending)
        assert len(screen.table.grid.cells) == 2 * PAGE


async def test_a_reload_asks_for_as_many_pages_as_there_are_and_the_cursor_stays_on_its_row(stage, shelves):
    async with stage(door=shelves) as s:
        screen = await explore(s, "s3-buckets")
        await s.press("M")
        await s.sees("300, all shown")
        await s.press("G", "k")
        assert screen.table.grid.cursor.id == "bucket-298"
        asked = shelves.asked
        await s.press("ctrl+r")
        await s.until(lambda: shelves.asked == asked + PAGES and not screen.table.pending)
        await s.sees("300, all shown")
        assert screen.table.grid.cursor.id == "bucket-298"


async def test_a_reload_of_some_pages_asks_for_no_more_than_those(stage, shelves):
    async with stage(door=shelves) as s:
        screen = await explore(s, "s3-buckets")
        await s.press("m")
        await s.sees("100 so far")
        asked = shelves.asked
        await s.press("ctrl+r")
        await s.until(lambda: shelves.asked > asked and not screen.table.pending)
        await s.sees("100 so far")
        assert shelves.asked == asked + 2


async def test_a_reload_that_is_stopped_or_fails_in_the_middle_keeps_all_rows(stage, shelves):
    async with stage(door=shelves) as s:
        screen = await explore(s, "s3-buckets")
        await s.press("M")
        await s.sees("300, all shown")
        await asked_with(s, shelves, "ctrl+r", 3)
        await s.sees("of 300 asked again")
        await s.press("escape")
        await s.sees("Stopped.")
        assert "300, all shown" in s.screen
        shelves.late.set()
        shelves.refused[shelves.asked + 2] = SessionExpired("The session has ended.", "Renew it.")
        await s.press("ctrl+r")
        await s.sees("The session has ended, the rows stay")
        assert len(screen.table.grid.cells) == PAGES * PAGE


async def test_a_page_that_aws_slows_down_says_so(stage, shelves):
    async with stage(door=shelves) as s:
        await explore(s, "s3-buckets")
        shelves.refused[2] = Refused("Slow down.", code="SlowDown")
        shelves.held = 3
        await s.press("m")
        await s.sees("AWS asks to wait, attempt 2 of 5")
        shelves.late.set()
        await s.sees("100 so far")
        assert "attempt" not in s.screen


async def test_a_reload_ends_the_paging_before_it_and_no_page_goes_past_a_reload(stage, shelves):
    async with stage(door=shelves) as s:
        screen = await explore(s, "s3-buckets")
        await asked_with(s, shelves, "M", 2)
        await s.press("ctrl+r")
        await s.until(lambda: not screen.table.pending)
        await s.press("m")
        await s.sees("150 so far")
        shelves.late.set()
        await s.until(lambda: all(job.ended.is_set() for job in screen.table.jobs))
        shelves.late.clear()
        await asked_with(s, shelves, "ctrl+r")
        await s.press("M")
        await s.pilot.pause()
        assert shelves.asked == shelves.held
        shelves.late.set()
        await s.until(lambda: not screen.table.pending)
        assert len(screen.table.grid.cells) == 3 * PAGE


async def test_a_first_sight_anew_takes_no_row_away_that_was_paged_to(stage, shelves):
    async with stage(door=shelves) as s:
        screen = await explore(s, "s3-buckets")
        await s.press("m")
        await s.sees("100 so far")
        await s.press("G", "escape")
        row, asked = screen.table.grid.cursor, shelves.asked
        await s.press("ctrl+r")
        await s.until(lambda: shelves.asked > asked and not screen.working)
        await s.sees("100 so far")
        assert screen.table.grid.cursor == row
        await s.press("enter", "m")
        await s.sees("150 so far")


@pytest.mark.parametrize("key", ["M", "ctrl+r"])
async def test_a_session_that_renews_itself_in_the_middle_is_asked_with_from_then_on(stage, shelves, key):
    async with stage(door=shelves) as s:
        screen = await explore(s, "s3-buckets")
        if key == "ctrl+r":
            await s.press("M")
            await s.sees("300, all shown")
        await asked_with(s, shelves, key, 2)
        session = s.store.live(DEVELOPER)
        shelves.over = session.credentials.key.id
        fresh = replace(session.credentials, key=replace(session.credentials.key, id="ASIANEXT"))
        s.store.take_session(replace(session, credentials=fresh))
        shelves.late.set()
        await s.until(lambda: not screen.table.pending)
        await s.sees("300, all shown")
        assert "ended" not in s.screen
