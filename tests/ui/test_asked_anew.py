"""A table while it is asked anew, and when that comes to nothing: what is greyed, how old it is said to be, which sentences are true."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import datetime

import pytest

from tests.ui.exploring import BUCKETS, DEPLOYER, DEVELOPER, Door, beside, explore, no, pages
from tests.ui.made_tables import named, table_of
from tests.ui.test_explorer_answers import FUNCTIONS, TwoRegions, in_two_regions
from tests.ui.test_lifted_refusals import listed
from tui_app.errors import OutOfReach, Refused, SessionExpired
from tui_app.ui.explorer import asking_tables, reloading
from tui_app.ui.explorer.looking_round import look_round
from tui_app.ui.explorer.told import age_of, clock_time_seconds

FRESH = {"Buckets": [{"Name": "fresh", "BucketRegion": "eu-west-1"}]}


def clock_of(s, offset: float = 0.0):
    s.store.clock = lambda: time.time() + offset


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (OutOfReach("AWS cannot be reached.", "Check the network."), "AWS cannot be reached"),
        (Refused("Broken.", code="InternalError", status=500), "Broken."),
    ],
    ids=["no network", "500"],
)
async def test_all_views_asked_anew_in_vain_tell_it_of_the_rows_that_stay(stage, failure, said):
    door = Door(s3__ListBuckets={"Buckets": BUCKETS})
    async with stage(door=door) as s:
        await explore(s, "s3-buckets")
        door.answers["s3:ListBuckets"] = failure
        await s.press("escape", "ctrl+r")
        await s.sees("3 old")
        await s.sees(said)
        assert "dev-assets" in s.screen


async def test_all_views_asked_anew_with_a_session_that_has_ended_tell_it_of_the_table(stage):
    door = Door(s3__ListBuckets={"Buckets": BUCKETS})
    async with stage(door=door) as s:
        screen = await explore(s, "s3-buckets")
        door.answers["s3:ListBuckets"] = SessionExpired("The session has ended.", "Renew it.")
        await s.press("escape", "ctrl+r")
        await s.sees("3 old")
        await s.until(lambda: screen.table.ended)
        door.answers["s3:ListBuckets"] = FRESH
        await s.press("r")
        await s.sees("fresh")
        await s.until(lambda: not screen.working and "has ended" not in s.screen)


async def test_answers_after_the_clock_was_set_back_are_taken(stage):
    door = Door(s3__ListBuckets={"Buckets": BUCKETS})
    async with stage(door=door) as s:
        await explore(s, "s3-buckets")
        clock_of(s, -600)
        door.answers["s3:ListBuckets"] = FRESH
        await s.press("escape", "ctrl+r")
        await s.sees("fresh")
        await s.until(lambda: "dev-assets" not in s.screen)


async def test_what_is_there_is_not_said_to_be_all_while_a_region_is_on_its_way(stage):
    door = TwoRegions()
    door.elsewhere = {"Functions": [{"FunctionName": "far-worker"}]}
    async with stage(door=door) as s:
        screen = await in_two_regions(s)
        await s.sees("2, all shown")
        door.far.clear()
        look_round(s.deck, DEVELOPER, regions=("eu-west-1", "us-west-2"))
        screen.regions_chosen()
        await s.sees("1 of 2 answered")
        await s.sees("worker")
        assert "far-worker" not in s.screen
        assert "all shown" not in s.screen
        await s.press(*"/nothing")
        await s.sees("0 of 1 so far")
        await s.press("escape")
        door.far.set()
        await s.sees("2, all shown")


async def test_a_first_region_without_rows_is_not_said_to_be_all_of_them(stage):
    door = TwoRegions()
    async with stage(door=door) as s:
        screen = await in_two_regions(s)
        door.far.clear()
        door.elsewhere, door.near = {"Functions": [{"FunctionName": "far-worker"}]}, {"Functions": []}
        look_round(s.deck, DEVELOPER, regions=("eu-west-1", "us-west-2"))
        s.deck.findings.sights[DEVELOPER] = replace(s.deck.findings.sights[DEVELOPER], before={})
        screen.regions_chosen()
        await s.sees("1 of 2 answered")
        await s.sees("Asking AWS")
        assert "No lambda functions" not in s.screen.lower()
        door.far.set()
        await s.sees("far-worker")


async def test_a_page_more_of_one_region_leaves_the_other_greyed(stage):
    door = TwoRegions()
    door.near = {**FUNCTIONS, "NextMarker": "2", "ContinuationToken": "2"}
    async with stage(door=door) as s:
        screen = await in_two_regions(s)
        door.far.clear()
        await s.press("ctrl+r")
        await s.sees("1 of 2 answered")
        faded = {screen.table.grid.keys[row].region: screen.table.is_faded(row) for row in screen.table.grid.shown}
        assert faded == {"eu-west-1": False, "us-east-1": True}
        await s.press("m")
        await s.until(lambda: screen.table.last_asked == "page")
        faded = {screen.table.grid.keys[row].region: screen.table.is_faded(row) for row in screen.table.grid.shown}
        assert faded == {"eu-west-1": False, "us-east-1": True}
        door.far.set()
        await s.until(lambda: not screen.working)


async def test_a_renewed_session_that_is_asked_with_has_not_ended(stage):
    door = Door(s3__ListBuckets={"Buckets": BUCKETS})
    async with stage(door=door) as s:
        screen = await explore(s, "s3-buckets")
        door.answers["s3:ListBuckets"] = SessionExpired("The session has ended.", "Renew it.")
        await s.press("ctrl+r")
        await s.sees("The session has ended, the rows stay")
        door.answers["s3:ListBuckets"] = FRESH
        door.gate.clear()
        await s.press("r")
        await s.until(lambda: screen.table.pending)
        await s.pilot.pause()
        assert "has ended" not in s.screen
        await s.sees("greyed rows are of")
        door.gate.set()
        await s.sees("fresh")


async def test_what_has_waited_for_a_session_goes_on_when_there_is_one_by_itself(stage):
    door = Door(s3__ListBuckets={"Buckets": BUCKETS})
    async with stage(door=door) as s:
        await explore(s, "s3-buckets")
        session = s.store.live(DEVELOPER)
        s.store.drop_session(DEVELOPER)
        door.answers["s3:ListBuckets"] = FRESH
        await s.press("ctrl+r")
        await s.sees("The session has ended, the rows stay")
        s.store.take_session(session)
        await s.sees("fresh")
        assert "has ended" not in s.screen


async def test_the_description_asked_for_anew_says_so_and_is_that_of_now(stage):
    door = Door(s3__ListBuckets={"Buckets": BUCKETS})
    async with stage(door=door) as s:
        screen = await explore(s, "s3-buckets")
        await s.press("d")
        await s.sees("BucketRegion")
        door.gate.clear()
        await s.press("ctrl+r")
        await s.sees("asking, this is of")
        door.answers["s3:ListBuckets"] = {"Buckets": [BUCKETS[1], {**BUCKETS[0], "BucketRegion": "ap-south-9"}]}
        door.gate.set()
        await s.sees("ap-south-9")
        assert screen.detail[1] == 1
        assert "asking" not in s.screen
        door.answers["s3:ListBuckets"] = {"Buckets": BUCKETS[1:]}
        await s.press("ctrl+r")
        await s.sees("this row is gone")
        assert "ap-south-9" in s.screen
        door.answers["s3:ListBuckets"] = no()
        await s.press("ctrl+r")
        await s.sees("⊘ denied")
        await s.until(lambda: "ap-south-9" not in s.screen)
        assert screen.part == "rows"


async def test_greyed_rows_have_their_age_also_after_their_asking_was_stopped(stage):
    door = Door(s3__ListBuckets={"Buckets": BUCKETS})
    async with stage(door=door) as s:
        await explore(s)
        await s.until(lambda: not s.deck.explorer.working)
        door.gate.clear()
        await s.press("ctrl+r")
        s.deck.explorer.move([item.name for item in s.deck.explorer.views.listed.views].index("s3-buckets") - s.deck.explorer.views.at)
        await s.press("enter", "ctrl+r", "escape")
        await s.sees("Stopped, greyed rows are of")
        door.gate.set()


async def test_rows_of_a_time_that_is_yet_to_come_have_no_age(stage):
    door = Door(s3__ListBuckets={"Buckets": BUCKETS})
    async with stage(door=door) as s:
        await explore(s, "s3-buckets")
        clock_of(s, -600)
        door.gate.clear()
        await s.press("ctrl+r")
        await s.sees("greyed rows are of before the clock was set back")
        door.gate.set()
        await s.until(lambda: "greyed" not in s.screen)


@pytest.mark.parametrize(("seconds", "shown"), [(59, "59s ago"), (86_400 * 2, "2d ago"), (86_400 * 21, "21d ago"), (-1, "0s ago")])
def test_how_old_rows_are(seconds, shown):
    assert age_of([1e9, 1e9 + 30], 1e9 + seconds) == shown


def test_a_moment_more_than_six_days_ago_has_its_date():
    now = datetime(2026, 11, 21, 12, 0).timestamp()  # noqa: DTZ001 - shown in local time
    assert clock_time_seconds(now, now) == "12:00:00"
    assert clock_time_seconds(now - 86_400, now) == "Fri 12:00:00"
    assert clock_time_seconds(now - 7 * 86_400, now) == "14 Nov 12:00:00"


async def test_a_wait_that_is_told_after_the_asking_was_stopped_is_not_said(stage):
    door = Door(s3__ListBuckets={"Buckets": BUCKETS})
    async with stage(door=door) as s:
        screen = await explore(s, "s3-buckets")
        door.gate.clear()
        await s.press("ctrl+r")
        table = screen.table
        await s.press("escape")
        await s.sees("Stopped.")
        asking_tables._say(table, screen.update_soon, "AWS asks to wait, attempt 2 of 5")
        assert table.progress == "Stopped."
        door.gate.set()


def test_tags_of_rows_that_were_seen_before_can_be_chosen():
    table = table_of()
    table.remember(0, replace(named("a"), tags=({"team": "payments"},)))
    assert table.known_tags() == ("team",)


def test_what_was_seen_last_is_laid_out_once():
    table, seen = table_of(), named("a")
    table.remember(0, seen)
    laid = table._laying
    table.remember(0, seen)
    assert table._laying is laid


async def test_rows_behind_those_that_were_asked_anew_stay_greyed_until_they_are_asked_too(stage):
    ended = threading.Event()
    async with stage(door=Door(s3__ListBuckets=pages(ended))) as s:
        screen = await explore(s, "s3-buckets")
        await s.press("m")
        await s.sees("6 so far")
        assert not any(screen.table.is_faded(row) for row in range(6))
        clock_of(s, 300)
        await s.press("escape", "ctrl+r")
        await s.until(lambda: not screen.working)
        await s.sees("Greyed rows are of 5m ago, not asked again")
        assert [screen.table.is_faded(row) for row in range(6)] == [False] * 3 + [True] * 3
        await s.press("enter", "m")
        await s.sees("9, all shown")
        assert [screen.table.is_faded(row) for row in range(9)] == [False] * 3 + [True] * 3 + [False] * 3
        clock_of(s, 600)
        await s.press("ctrl+r")
        await s.until(lambda: not screen.working)
        await s.until(lambda: "reyed rows" not in s.screen)
        assert not any(screen.table.is_faded(row) for row in range(9))


async def test_rows_are_as_old_as_their_first_page(stage):
    door = Door(s3__ListBuckets=pages(threading.Event()))
    async with stage(door=door) as s:
        await explore(s, "s3-buckets")
        clock_of(s, 300)
        await s.press("m")
        await s.sees("6 so far")
        door.gate.clear()
        await s.press("ctrl+r")
        await s.sees("greyed rows are of 5m ago")
        door.gate.set()


@pytest.mark.parametrize("roles", [(DEVELOPER,), (DEVELOPER, DEPLOYER)], ids=["one role", "side by side"])
async def test_counts_of_before_stand_in_the_list_until_there_are_those_of_now(stage, roles):
    door = Door(s3__ListBuckets={"Buckets": BUCKETS})
    async with stage(door=door) as s:
        screen = await (beside(s, *roles) if len(roles) > 1 else explore(s))
        await s.until(lambda: not screen.working)
        door.answers["s3:ListBuckets"] = SessionExpired("The session has ended.", "Renew it.")
        await s.press("ctrl+r")
        await s.until(lambda: not screen.working)
        door.answers["s3:ListBuckets"] = FRESH
        door.gate.clear()
        await s.press("ctrl+r")
        await s.until(lambda: screen.working)
        await s.until(lambda: listed(s, "S3 buckets") == ["3"] * len(roles) or listed(s, "S3 buckets") == ["3+"] * len(roles))
        door.gate.set()
        await s.until(lambda: listed(s, "S3 buckets") == ["1"] * len(roles))


@pytest.mark.parametrize("typed", [True, False], ids=["filter and order", "as AWS has them"])
async def test_the_cursor_stays_on_its_row_whoever_is_asked_and_whatever_comes_of_it(stage, typed):
    door = Door(s3__ListBuckets={"Buckets": BUCKETS})
    async with stage(door=door) as s:
        screen = await explore(s, "s3-buckets")
        await s.press(*(("greater_than_sign", "s", *"/dev", "enter") if typed else ()))
        await s.press("G" if not typed else "g")
        name = screen.table.grid.cursor.id
        for answer in (
            OutOfReach("AWS cannot be reached.", "Check the network."),
            SessionExpired("The session has ended.", "Renew it."),
            Refused("Slow down.", code="InternalError", status=500),
            {"Buckets": [{"Name": "a-new-dev", "BucketRegion": "eu-west-1"}, *reversed(BUCKETS)]},
        ):
            door.answers["s3:ListBuckets"] = answer
            for keys in (("ctrl+r",), ("tab", "ctrl+r", "tab")):
                await s.press(*keys)
                await s.until(lambda: not screen.working and not screen.table.asked)
                assert screen.table.grid.cursor.id == name
                assert len(screen.table.grid.cells) >= len(BUCKETS)


async def test_a_reload_that_failed_does_not_say_that_it_asked_for_some_pages_only(stage):
    door = Door(s3__ListBuckets={"Buckets": BUCKETS})
    async with stage(door=door) as s:
        screen = await explore(s, "s3-buckets")
        reloading.start(s.deck, screen, screen.table, 60)
        door.answers["s3:ListBuckets"] = Refused("Broken.", code="InternalError", status=500)
        await s.press("ctrl+r")
        await s.sees("the last reload failed")
        assert "pages only" not in s.screen
        assert "prod-data" in s.screen
