"""A table that reloads itself: how it is begun and ended, what is marked, and when nothing may be asked."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from tests.ui.exploring import BUCKETS, DEPLOYER, DEVELOPER, Door, beside, explore, no, pages, rows_of
from tests.ui.hostile_text import HOSTILE, check_harmless
from tui_app.catalog.load import Catalog
from tui_app.catalog.settings import Settings
from tui_app.errors import OutOfReach, Refused
from tui_app.ui.explorer import reloading
from tui_app.ui.theme import Look

FUNCTIONS = "lambda:ListFunctions"


def functions(**runtimes):
    return {"Functions": [{"FunctionName": name, "Runtime": runtime} for name, runtime in runtimes.items()]}


async def begin(s, *keys: str):
    """Have the table that is shown reload itself every minute, so that no reload comes by itself while a test runs."""
    await s.press("e", *(keys or ("6",)))
    await s.until(lambda: reloading.of(s.deck.explorer))
    return reloading.of(s.deck.explorer)


async def again(s) -> None:
    """The time of the next reload has come."""
    screen = s.deck.explorer
    itself = reloading.of(screen)
    itself.due = 0
    screen._tick()
    await s.until(lambda: itself.round is None)
    await s.until(lambda: not screen.table.pending)


async def watched(s, door, **first):
    door.answers[FUNCTIONS] = functions(**first)
    screen = await explore(s, "lambda-functions")
    await begin(s)
    return screen


def line_of(s, text: str) -> str:
    return next(line for line in s.screen.splitlines() if text in line)


@pytest.mark.parametrize("look", [Look(), Look("light"), Look("plain"), Look("plain", ascii_only=True)])
async def test_changed_new_and_gone_are_marked_without_colour(stage, look):
    door = Door()
    async with stage(door=door, look=look) as s:
        screen = await watched(s, door, alpha="python3.12", beta="nodejs22.x", gamma="java21")
        await s.sees("nothing has changed yet")
        door.answers[FUNCTIONS] = functions(alpha="python3.13", gamma="java21", delta="ruby3.4")
        await again(s)
        await s.sees("1 changed, 1 new, 1 gone at")
        assert "python3.13*" in s.screen
        assert "* alpha" in line_of(s, "python3.13")
        assert "+ delta" in s.screen
        assert "java21*" not in s.screen
        assert "1 row gone: beta" in s.screen
        strips = screen._compositor.render_strips()
        marked = [segment.style for strip in strips for segment in strip if segment.text == "python3.13"]
        assert marked
        assert all(style.bold and style.underline for style in marked)


async def test_marks_stay_until_something_else_changes_and_go_when_it_ends(stage):
    door = Door()
    async with stage(door=door) as s:
        await watched(s, door, alpha="python3.12", beta="nodejs22.x")
        door.answers[FUNCTIONS] = functions(alpha="python3.13", beta="nodejs22.x")
        await again(s)
        await s.sees("python3.13*")
        door.answers[FUNCTIONS] = functions(beta="nodejs22.x", alpha="python3.13")
        await again(s)
        assert "python3.13*" in s.screen
        assert "1 changed at" in s.screen
        door.answers[FUNCTIONS] = functions(beta="nodejs24.x", alpha="python3.13")
        await again(s)
        await s.sees("nodejs24.x*")
        assert "python3.13*" not in s.screen
        await s.press("escape")
        assert "nodejs24.x*" not in s.screen
        assert "every 1 min" not in s.screen
        assert s.deck.explorer.part == "rows"


async def test_the_cursor_stays_on_its_row_and_what_was_scrolled_to_stays(stage):
    door = Door()
    many = {f"worker-{number:03}": "python3.12" for number in range(80)}
    async with stage(door=door) as s:
        screen = await watched(s, door, **many)
        await s.press(*["j"] * 40, "greater_than_sign", "s")
        here, top = screen.table.grid.cursor, screen.body.scroll_offset.y
        await s.press(*"/worker", "enter")
        door.answers[FUNCTIONS] = functions(**{"worker-zzz": "python3.13", **many, "other": "ruby3.4"})
        await again(s)
        assert screen.table.grid.cursor == here
        assert screen.table.grid.cells[screen.table.grid.shown[0]][0] == "worker-zzz"
        assert len(screen.table.grid.shown) == 81
        assert abs(screen.body.scroll_offset.y - top) <= 1


async def test_a_person_who_has_scrolled_away_from_the_cursor_is_left_there(stage):
    door = Door()
    many = {f"worker-{number:03}": "python3.12" for number in range(200)}
    async with stage(door=door) as s:
        screen = await watched(s, door, **many)
        screen.body.scroll_to(y=100, animate=False, force=True, immediate=True)
        door.answers[FUNCTIONS] = functions(**many, other="ruby3.4")
        await again(s)
        assert screen.body.scroll_offset.y == 100
        await s.press("j")
        assert screen.body.scroll_offset.y < 10


async def test_pages_that_were_loaded_are_reloaded(stage):
    door = Door(s3__ListBuckets=pages(threading.Event()))
    async with stage(door=door) as s:
        screen = await explore(s, "s3-buckets")
        await s.press("m")
        await s.sees("bucket-1-0")
        await begin(s)
        door.calls.clear()
        await again(s)
        assert door.calls == ["s3:ListBuckets"] * 2
        assert screen.table.results[0, "global"].count == 6
        assert "nothing has changed yet" in s.screen


async def test_several_roles_and_regions_reload_all_their_places(stage, world):
    door = Door(lambda__ListFunctions=functions(alpha="python3.12"))
    roles = [replace(one, regions=("eu-west-1", "us-east-1")) for one in world.all_roles()]
    async with stage(door=door, roles=roles) as s:
        await beside(s, DEVELOPER, DEPLOYER)
        await rows_of(s, "lambda-functions")
        await begin(s)
        door.calls.clear()
        door.answers[FUNCTIONS] = functions(alpha="python3.13")
        await again(s)
        assert door.calls == [FUNCTIONS] * 4
        await s.sees("4 changed at")
        assert s.screen.count("python3.13*") == 4
        assert not [line for line in s.screen.splitlines() if "Deployer*" in line or "eu-west-1*" in line]


async def test_a_sub_view_reloads_itself(stage):
    door = Door(s3__ListBuckets={"Buckets": BUCKETS}, s3__ListObjectsV2={"Contents": [{"Key": "one.txt", "Size": 22}]})
    async with stage(door=door) as s:
        await explore(s, "s3-buckets")
        await s.press("enter", "y")
        await s.sees("one.txt")
        await s.press("e", "6")
        await s.sees("at least 60 calls an hour")
        assert reloading.of(s.deck.explorer) is None
        await s.press("y")
        await s.until(lambda: reloading.of(s.deck.explorer))
        door.answers["s3:ListObjectsV2"] = {"Contents": [{"Key": "one.txt", "Size": 44}, {"Key": "two.txt", "Size": 1}]}
        await again(s)
        await s.sees("44 B*")
        await s.sees("1 changed, 1 new at")
        await s.press("escape", "escape")
        assert not s.deck.explorer.reloads


async def test_what_costs_money_does_not_begin_without_a_yes(stage):
    door = Door(s3__ListBuckets={"Buckets": BUCKETS}, s3__ListObjectsV2={"Contents": [{"Key": "one.txt", "Size": 22}]})
    async with stage(door=door) as s:
        await explore(s, "s3-buckets")
        await s.press("enter", "y")
        await s.sees("one.txt")
        calls = len(door.calls)
        await s.press("e", "2", "escape")
        assert not s.deck.explorer.reloads
        assert len(door.calls) == calls


async def test_the_details_follow_their_row(stage):
    door = Door()
    async with stage(door=door) as s:
        screen = await watched(s, door, alpha="python3.12", beta="nodejs22.x")
        await s.press("j", "d", "tab")
        await s.sees('"Runtime": "nodejs22.x"')
        door.answers[FUNCTIONS] = functions(zero="java21", alpha="python3.12", beta="nodejs24.x")
        await again(s)
        await s.sees('"Runtime": "nodejs24.x"')
        assert screen.part == "details"
        door.answers[FUNCTIONS] = functions(zero="java21", alpha="python3.12")
        await again(s)
        await s.sees("this row is gone")
        assert '"Runtime": "nodejs24.x"' in s.screen


async def test_never_two_at_once_and_one_that_takes_long_waits(stage):
    door = Door()
    async with stage(door=door) as s:
        screen = await watched(s, door, alpha="python3.12")
        itself = reloading.of(screen)
        door.calls.clear()
        door.gate.clear()
        itself.due = 0
        screen._tick()
        for _ in range(5):
            itself.due = 0
            screen._tick()
        await s.press("ctrl+r")
        await s.sees("asking")
        assert door.calls == [FUNCTIONS]
        door.gate.set()
        await s.until(lambda: itself.round is None)


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (Refused("Slowly.", code="ThrottlingException", status=400, aws_message="Rate exceeded"), "AWS asks to wait, next in 120 s"),
        (OutOfReach("No network."), "AWS is out of reach, next in 120 s"),
    ],
)
async def test_after_a_failure_the_pause_doubles_and_the_rows_stay(stage, monkeypatch, failure, words):
    monkeypatch.setattr("tui_app.explorer.asking.FIRST_WAIT", 0.001)
    door = Door()
    async with stage(door=door) as s:
        screen = await watched(s, door, alpha="python3.12")
        itself = reloading.of(screen)
        door.answers[FUNCTIONS] = failure
        await again(s)
        assert itself.pace.pause == 120
        await s.sees(words)
        assert "alpha" in s.screen
        await again(s)
        assert itself.pace.pause == 240
        door.answers[FUNCTIONS] = functions(alpha="python3.13")
        await again(s)
        assert itself.pace.pause == 60
        await s.sees("python3.13*")


async def test_a_denial_ends_it_with_a_sentence(stage):
    door = Door()
    async with stage(door=door) as s:
        screen = await watched(s, door, alpha="python3.12")
        door.answers[FUNCTIONS] = no()
        screen.reloads[screen.table].due = 0
        screen._tick()
        await s.until(lambda: not screen.reloads)
        await s.until(lambda: any("reloads itself no more: lambda:ListFunctions is denied." in text for text in screen.toasts.texts))
        assert "⊘ denied" in s.screen
        assert "alpha" not in s.screen


async def test_a_session_that_ends_stops_it_and_renewed_it_goes_on(stage):
    ended = threading.Event()
    door = Door(s3__ListBuckets=pages(ended))
    async with stage(door=door, size=(180, 40)) as s:
        screen = await explore(s, "s3-buckets")
        await begin(s)
        ended.set()
        await again(s)
        await s.sees("The session has ended, the rows stay")
        await s.sees("waits for the session")
        assert "bucket-0-0" in s.screen
        door.calls.clear()
        reloading.of(screen).due = 0
        screen._tick()
        assert door.calls == []
        ended.clear()
        await s.press("r")
        await s.until(lambda: not screen.table.ended)
        await s.until(lambda: reloading.of(screen).round is None)
        assert "waits for the session" not in s.screen
        calls = len(door.calls)
        await again(s)
        assert len(door.calls) == calls + 1


async def test_somebody_elses_session_is_never_asked_with(stage):
    ended = threading.Event()
    door = Door(s3__ListBuckets=pages(ended))
    async with stage(door=door) as s:
        screen = await explore(s, "s3-buckets")
        await begin(s)
        ended.set()
        await again(s)
        ended.clear()
        s.broker.identity_arn = "arn:aws:sts::111122223333:assumed-role/CrossAccountDeveloperRole/somebody-else"
        await s.press("r")
        await s.until(lambda: any("somebody else" in text for text in screen.toasts.texts))
        door.calls.clear()
        reloading.now(screen, screen.table)
        await s.until(lambda: not screen.reloads)
        assert door.calls == []


async def test_nothing_is_asked_for_a_table_that_is_not_seen(stage):
    door = Door()
    async with stage(door=door, size=(90, 30)) as s:
        screen = await watched(s, door, alpha="python3.12")
        itself = reloading.of(screen)
        door.calls.clear()

        def due() -> None:
            itself.due, later = 0, itself.due
            screen._tick()
            itself.due = itself.due or later

        await s.press("question_mark")
        due()
        await s.press("escape")
        screen.go_to("views")
        due()
        screen.move(1)
        due()
        assert door.calls == []
        screen.move(-1)
        screen.go_to("rows")
        due()
        await s.until(lambda: door.calls)
        await s.until(lambda: itself.round is None)
        assert door.calls == [FUNCTIONS]
        await s.press("escape", "escape", "escape")
        await s.until(lambda: s.deck.explorer is None)
        assert not screen.reloads


async def test_leaving_while_it_asks_hears_nothing_more(stage):
    door = Door()
    async with stage(door=door) as s:
        screen = await watched(s, door, alpha="python3.12")
        door.gate.clear()
        reloading.of(screen).due = 0
        screen._tick()
        await s.press("escape", "escape", "escape")
        await s.until(lambda: s.deck.explorer is None)
        door.gate.set()
        await s.pilot.pause()
        assert s.deck.screen is s.deck.main


async def test_a_page_that_comes_meanwhile_is_not_lost(stage):
    door = Door(s3__ListBuckets=pages(threading.Event()))
    async with stage(door=door) as s:
        screen = await explore(s, "s3-buckets")
        itself = await begin(s)
        door.gate.clear()
        itself.due = 0
        screen._tick()
        await s.press("m")
        door.gate.set()
        await s.until(lambda: itself.round is None and not screen.table.pending)
        assert screen.table.results[0, "global"].count == 6
        await s.sees("bucket-1-2")


@pytest.mark.parametrize(("said", "offered"), [({"reload": 45}, "every 45 s"), ({}, "every 10 s"), ({"reload": 300}, "every 5 min")])
async def test_the_time_of_the_config_is_offered_first(stage, world, said, offered):
    door = Door(lambda__ListFunctions=functions(alpha="python3.12"))
    roles = world.all_roles()
    accounts = tuple({one.account.id: one.account for one in roles}.values())
    async with stage(door=door, catalog=Catalog(roles=roles, accounts=accounts, settings=Settings(explorer=said))) as s:
        await explore(s, "lambda-functions")
        await begin(s, "enter")
        await s.sees(offered)
        await s.press("e", "1")
        await s.until(lambda: not s.deck.explorer.reloads)


async def test_hostile_names_in_what_is_gone_do_nothing(stage):
    door = Door(s3__ListBuckets={"Buckets": [{"Name": name, "BucketRegion": name} for name in HOSTILE]})
    async with stage(door=door) as s:
        await explore(s, "s3-buckets")
        await begin(s)
        door.answers["s3:ListBuckets"] = {"Buckets": [{"Name": name, "BucketRegion": "x" + name} for name in HOSTILE[3:]]}
        await again(s)
        await s.sees("rows gone: ")
        check_harmless(s.deck.screen._compositor.render_strips())
        assert not s.deck._exit


async def test_the_help_says_what_the_marks_mean(stage):
    async with stage(door=Door(lambda__ListFunctions=functions(alpha="python3.12"))) as s:
        await explore(s, "lambda-functions")
        await s.press("e")
        await s.sees("beside a cell that changed")
        await s.press("escape", "question_mark")
        await s.sees("* changed, + new, gone is named below")
