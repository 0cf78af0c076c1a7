"""The explorer's screen: ways in and out, rows, details, refusals, paging, sessions that end, roles side by side."""

from __future__ import annotations

import csv
import threading
from dataclasses import replace

import pytest

from tests.ui.exploring import BUCKETS, DEPLOYER, DEVELOPER, Door, beside, explore, live, no, pages, rows_of
from tests.ui.hostile_text import HOSTILE, check_harmless
from tui_app.ui.explorer.matrix import Matrix


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (140, 40)])
async def test_from_the_counts_to_the_rows_and_back(stage, size):
    async with stage(door=Door(s3__ListBuckets={"Buckets": BUCKETS}), size=size) as s:
        screen = await explore(s, "s3-buckets")
        await s.sees("prod-data")
        await s.sees("Answered to CrossAccountDeveloperRole/me")
        assert "111122223333" in s.screen
        await s.press("escape")
        assert screen.part == "views"
        await s.press("escape")
        await s.until(lambda: s.deck.explorer is None)
        assert s.deck.screen is s.deck.main


async def test_enter_on_a_count_of_the_pane_opens_its_rows(stage):
    async with stage(door=Door(s3__ListBuckets={"Buckets": BUCKETS})) as s:
        await live(s, DEVELOPER)
        await s.press("v")
        await s.until(lambda: s.deck.findings.sights and not s.deck.findings.sights[DEVELOPER].running)
        names = s.deck.main.pane._names
        await s.press(*["j"] * names.index("s3-buckets"), "enter")
        await s.until(lambda: s.deck.explorer and s.deck.explorer.part == "rows")
        await s.sees("dev-assets")
        assert s.door.calls.count("s3:ListBuckets") == 1


async def test_filter_and_order(stage):
    async with stage(door=Door(s3__ListBuckets={"Buckets": BUCKETS})) as s:
        await explore(s, "s3-buckets")
        await s.press(*"/dev-l")
        await s.sees("1 of 3")
        await s.press("escape", "greater_than_sign", "s")
        await s.sees("Name ↓")
        assert s.screen.index("prod-data") < s.screen.index("dev-assets")


async def test_a_filter_that_finds_nothing_says_so(stage):
    async with stage(door=Door(s3__ListBuckets={"Buckets": BUCKETS})) as s:
        await explore(s, "s3-buckets")
        await s.press(*"/zzz", "enter")
        await s.sees('No row matches "zzz".')
        await s.press("escape")
        await s.sees("prod-data")


async def test_details_as_tree_json_and_yaml_without_secrets(stage):
    function = {"FunctionName": "worker", "Environment": {"Variables": {"TOKEN": "hunter2"}}, "Runtime": "python3.13"}
    async with stage(door=Door(lambda__ListFunctions={"Functions": [function]})) as s:
        await explore(s, "lambda-functions")
        await s.press("d")
        await s.sees("TOKEN")
        await s.press("tab")
        await s.sees('"FunctionName": "worker"')
        assert "hunter2" not in s.screen
        await s.press("tab")
        await s.sees("FunctionName: worker")
        assert "hunter2" not in s.screen
        await s.press("escape")
        await s.sees("1, all shown")


async def test_a_denied_view_says_who_and_copies_a_request(stage):
    async with stage(door=Door(iam__ListUsers=no())) as s:
        screen = await explore(s, "iam-users")
        await s.sees("not allowed by the role's own policies")
        await s.sees("REQ-1")
        await s.press("y")
        await s.until(lambda: screen.toasts.texts and screen.toasts.texts[0].startswith("Request "))


async def test_what_costs_money_is_asked_about_once(stage):
    door = Door(s3__ListBuckets={"Buckets": BUCKETS}, s3__ListObjectsV2={"Contents": [{"Key": "README.txt", "Size": 22}]})
    async with stage(door=door) as s:
        await explore(s, "s3-buckets")
        await s.press("enter")
        await s.sees("S3 charges for LIST requests")
        await s.press("escape")
        assert "s3:ListObjectsV2" not in door.calls
        await s.press("escape", "enter", "y")
        await s.sees("README.txt")
        await s.sees("S3 buckets > dev-assets > Objects")
        await s.press("escape", "j", "enter")
        await s.until(lambda: door.calls.count("s3:ListObjectsV2") == 2)


async def test_nothing_that_costs_is_asked_unasked(stage):
    async with stage(door=Door(s3__ListBuckets={"Buckets": BUCKETS})) as s:
        screen = await explore(s)
        await s.until(lambda: not screen.working)
        from tui_app.explorer.views import FIRST_SIGHT

        assert len(s.door.calls) == len(FIRST_SIGHT)
        assert not any(view.charged for view in FIRST_SIGHT)
        await s.sees(f"{len(FIRST_SIGHT)} calls")


async def test_pages_on_demand_and_all_of_them(stage):
    async with stage(door=Door(s3__ListBuckets=pages(threading.Event()))) as s:
        await explore(s, "s3-buckets")
        await s.sees("3 so far")
        await s.press("m")
        await s.sees("bucket-1-0")
        await s.press("M")
        await s.sees("9, all shown")


async def test_a_session_that_ends_keeps_its_rows_and_goes_on_after_it_is_renewed(stage):
    ended = threading.Event()
    async with stage(door=Door(s3__ListBuckets=pages(ended))) as s:
        await explore(s, "s3-buckets")
        ended.set()
        await s.press("m")
        await s.sees("The session has ended, the rows stay")
        assert "bucket-0-2" in s.screen
        ended.clear()
        await s.press("r")
        await s.sees("bucket-1-0")
        assert "bucket-0-0" in s.screen
        assert "has ended" not in s.screen


async def test_a_renewed_session_of_somebody_else_adds_no_row(stage, world):
    ended = threading.Event()
    async with stage(door=Door(s3__ListBuckets=pages(ended))) as s:
        screen = await explore(s, "s3-buckets")
        ended.set()
        await s.press("m")
        await s.sees("The session has ended")
        ended.clear()
        s.broker.identity_arn = "arn:aws:sts::111122223333:assumed-role/CrossAccountDeveloperRole/somebody-else"
        await s.press("r")
        await s.until(lambda: any("somebody else" in text for text in screen.toasts.texts))
        await s.press("m")
        await s.until(lambda: not screen.table.pending)
        assert "bucket-1-0" not in s.screen
        assert "bucket-0-0" in s.screen


async def test_rows_of_another_identity_are_never_drawn(stage, world):
    async with stage(door=Door(s3__ListBuckets={"Buckets": BUCKETS})) as s:
        screen = await explore(s, "s3-buckets")
        mine = screen.table.results[0, "global"]
        theirs = replace(
            mine, identity=replace(mine.identity, arn=mine.identity.arn + "2"), rows=(("their-bucket", "", ""),), at=mine.at + 9
        )
        sight = s.deck.findings.sights[DEVELOPER]
        s.deck.findings.sights[DEVELOPER] = replace(sight, identity=theirs.identity.arn, results={("s3-buckets", "global"): theirs})
        screen.update()
        await s.pilot.pause()
        s.deck.findings.sights[DEVELOPER] = replace(sight, results={**sight.results, ("s3-buckets", "global"): theirs})
        screen.update()
        await s.pilot.pause()
        assert "their-bucket" not in s.screen
        assert "dev-assets" in s.screen
        await s.sees("S3 buckets is of arn:aws:sts::111122223333:assumed-role")


async def test_keys_answer_while_every_call_hangs_and_esc_stops(stage):
    door = Door()
    door.gate.clear()
    async with stage(door=door) as s:
        screen = await explore(s)
        await s.sees("0 of ")
        await s.press("j", "j", "j")
        assert screen.views.at == 3
        await s.press("escape")
        await s.sees("stopped at 0 of")
        assert not screen.working
        door.gate.set()
        await s.press("escape")
        await s.until(lambda: s.deck.screen is s.deck.main)


async def test_what_was_seen_stays_greyed_until_it_is_answered_anew(stage):
    door = Door(s3__ListBuckets={"Buckets": BUCKETS})
    async with stage(door=door) as s:
        screen = await explore(s, "s3-buckets")
        door.gate.clear()
        await s.press("escape", "ctrl+r")
        await s.sees("0 of ")
        await s.sees("dev-assets")
        assert screen.working
        door.answers["s3:ListBuckets"] = {"Buckets": [{"Name": "fresh"}]}
        door.gate.set()
        await s.sees("fresh")
        await s.until(lambda: "dev-assets" not in s.screen)


@pytest.mark.parametrize("keys", [("ctrl+r",), ("escape", "ctrl+r")], ids=["this table", "all of them"])
async def test_rows_that_are_asked_for_anew_are_greyed_and_have_their_age(stage, keys):
    door = Door(s3__ListBuckets={"Buckets": BUCKETS})
    async with stage(door=door) as s:
        screen = await explore(s, "s3-buckets")
        assert not screen.table.is_faded(0)
        door.gate.clear()
        await s.press(*keys)
        await s.sees("greyed rows are of")
        assert "not asked again" not in s.screen
        assert screen.table.is_faded(0)
        assert "dev-assets" in s.screen
        await s.press("escape")
        await s.until(lambda: not screen.working)
        assert not screen.table.is_faded(0)
        assert "greyed" not in s.screen
        door.gate.set()


async def test_what_was_seen_before_is_asked_for_as_long_as_its_answer_is_on_its_way(stage):
    door = Door(s3__ListBuckets={"Buckets": BUCKETS})
    async with stage(door=door) as s:
        screen = await explore(s)
        await s.until(lambda: not screen.working)
        door.gate.clear()
        await s.press("ctrl+r")
        await s.press(*["down"] * [view.name for view in screen.views.listed.views].index("s3-buckets"))
        await s.sees("greyed rows are of")
        assert "not asked again" not in s.screen
        await s.press("escape")
        await s.sees("not asked again")
        door.gate.set()


async def test_a_denial_after_a_reload_takes_the_rows_away(stage):
    door = Door(s3__ListBuckets={"Buckets": BUCKETS})
    async with stage(door=door) as s:
        await explore(s, "s3-buckets")
        door.answers["s3:ListBuckets"] = no()
        await s.press("ctrl+r")
        await s.sees("⊘ denied")
        assert "dev-assets" not in s.screen


async def test_two_marked_roles_side_by_side(stage):
    async with stage(door=Door(s3__ListBuckets={"Buckets": BUCKETS})) as s:
        await beside(s, DEVELOPER, DEPLOYER)
        await rows_of(s, "s3-buckets")
        await s.sees("2 roles side by side")
        await s.sees("6, all shown")
        await s.press("equals_sign")
        await s.sees("No difference")
        await s.press("equals_sign", "d")
        await s.sees("BucketRegion")


async def test_marked_roles_that_are_not_live_are_said(stage):
    async with stage() as s:
        for key in (DEVELOPER, DEPLOYER):
            s.select(key)
            await s.press("space")
        await s.press("v")
        await s.until(lambda: s.deck.main.toasts.texts)
        assert s.deck.explorer is None


async def test_all_live_sessions_in_one_table(stage):
    async with stage(door=Door(s3__ListBuckets={"Buckets": BUCKETS}, iam__ListUsers=no())) as s:
        await live(s, DEVELOPER, DEPLOYER)
        await s.press("V")
        await s.until(lambda: isinstance(s.deck.screen, Matrix) and not s.deck.screen.working)
        await s.sees("All live sessions")
        await s.sees("⊘")
        await s.press(*"/staging", "enter")
        await s.until(lambda: "AdminRole" not in s.screen and "Deployer" in s.screen)
        await s.press("enter")
        await s.until(lambda: s.deck.explorer and s.deck.explorer.visitors[0].key == DEPLOYER)
        await s.press("escape", "escape", "escape")
        await s.until(lambda: s.deck.screen is s.deck.main)


async def test_a_table_is_written_into_a_private_file(stage, tmp_path, monkeypatch):
    folder = tmp_path / "mine"
    folder.mkdir()
    monkeypatch.chdir(folder)
    async with stage(door=Door(s3__ListBuckets={"Buckets": BUCKETS})) as s:
        screen = await explore(s, "s3-buckets")
        await s.press("w", "1")
        await s.until(lambda: screen.toasts.texts)
        (written,) = folder.glob("roledeck-111122223333-s3-buckets-*.csv")
        assert [row["Name"] for row in csv.DictReader(written.read_text(encoding="utf-8").splitlines())] == [
            "dev-assets",
            "dev-logs",
            "prod-data",
        ]
        assert written.stat().st_mode & 0o777 == 0o600
        await s.press("escape", "w", "1")
        await s.until(lambda: list(folder.glob("roledeck-111122223333-sheet-*.txt")))
        assert "S3 buckets" in next(folder.glob("*.txt")).read_text()


async def test_columns_and_regions_are_chosen(stage):
    regions = {
        "Regions": [
            {"RegionName": "eu-west-1", "RegionOptStatus": "ENABLED_BY_DEFAULT"},
            {"RegionName": "us-west-2", "RegionOptStatus": "ENABLED"},
        ]
    }
    regions["Regions"].append({"RegionName": "ap-east-1", "RegionOptStatus": "DISABLED"})
    door = Door(s3__ListBuckets={"Buckets": BUCKETS}, account__ListRegions=regions)
    async with stage(door=door) as s:
        screen = await explore(s, "s3-buckets")
        await s.press("c", "space", "enter")
        await s.until(lambda: "eu-west-1" not in s.screen.split("S3 buckets")[-1])
        await s.press("R")
        await s.sees("Off in this account: ap-east-1")
        await s.press("j", "space", "enter")
        await s.until(lambda: screen.regions == ("eu-west-1", "us-west-2"))


async def test_hostile_names_do_nothing_in_any_part_of_it(stage):
    names = [{"Name": name, "BucketRegion": name} for name in HOSTILE]
    async with stage(door=Door(s3__ListBuckets={"Buckets": names}, iam__ListUsers=no(said=" ".join(HOSTILE)))) as s:
        screen = await explore(s, "s3-buckets")
        check_harmless(s.deck.screen._compositor.render_strips())
        for number in range(len(HOSTILE)):
            screen.table.grid.at = number
            await s.press("d")
            for _ in range(3):
                check_harmless(s.deck.screen._compositor.render_strips())
                await s.press("tab")
            await s.press("escape")
        await s.press("c")
        check_harmless(s.deck.screen._compositor.render_strips())
        await s.press("escape", "escape")
        screen.move([view.name for view in screen.views.listed.views].index("iam-users") - screen.views.at)
        await s.pilot.pause()
        check_harmless(s.deck.screen._compositor.render_strips())
        assert not s.deck._exit


async def test_the_console_is_opened_at_the_resource(stage, monkeypatch):
    opened = []
    monkeypatch.setattr("tui_app.ui.deeds.console.open_console", lambda _deck, *where: opened.append(where))
    async with stage(door=Door(s3__ListBuckets={"Buckets": BUCKETS})) as s:
        await explore(s, "s3-buckets")
        await s.press("o")
        assert opened == [(DEVELOPER, "arn:aws:s3:::dev-assets", None)]


async def test_a_terminal_too_small_and_back(stage):
    async with stage(door=Door(s3__ListBuckets={"Buckets": BUCKETS})) as s:
        await explore(s, "s3-buckets")
        await s.pilot.resize_terminal(20, 5)
        await s.until(lambda: "dev-assets" not in s.screen and s.screen.strip())
        await s.pilot.resize_terminal(80, 24)
        await s.sees("dev-assets")


async def test_help_and_palette_know_the_explorers_keys(stage):
    async with stage(door=Door(s3__ListBuckets={"Buckets": BUCKETS})) as s:
        await explore(s, "s3-buckets")
        await s.press("question_mark")
        await s.sees("tree, JSON or YAML")
        assert "subshell" not in s.screen
        await s.press("escape", "colon", *"copy its arn", "enter")
        await s.until(lambda: s.deck.explorer.toasts.texts)
