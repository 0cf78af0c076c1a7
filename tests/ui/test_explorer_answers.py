"""What the explorer says of answers that are missing, old, or of several roles, and that each key it names does what it says."""

from __future__ import annotations

import json
import threading

import pytest

from tests.ui.exploring import BUCKETS, DEPLOYER, DEVELOPER, Door, beside, explore, live, no, rows_of
from tui_app.errors import SessionExpired
from tui_app.ui.commands import Situation
from tui_app.ui.draw import cells, wrapped
from tui_app.ui.explorer.describing import detail_rows
from tui_app.ui.explorer.grid_rows import in_two
from tui_app.ui.explorer.matrix import Matrix
from tui_app.ui.explorer.screen import Explorer
from tui_app.ui.explorer.visiting import visitors_of
from tui_app.ui.footer import footer

FUNCTIONS = {"Functions": [{"FunctionName": "worker", "Runtime": "python3.13"}]}


class TwoRegions(Door):
    """Lists functions in eu-west-1; `elsewhere` is what the other region answers, when `far` is open."""

    near: object = FUNCTIONS
    elsewhere: object = FUNCTIONS

    def __init__(self, **answers) -> None:
        super().__init__(**answers)
        self.far = threading.Event()
        self.far.set()

    def call(self, service, operation, *, region, key, parameters, read_timeout=None, retry=True):
        if operation != "ListFunctions":
            return super().call(service, operation, region=region, key=key, parameters=parameters)
        self.calls.append(f"{service}:{operation}")
        if region != "eu-west-1":
            self.far.wait(10)
            if isinstance(self.elsewhere, Exception):
                raise self.elsewhere
            return self.elsewhere
        return self.near


async def in_two_regions(s):
    await live(s, DEVELOPER)
    await s.press("v")
    await s.until(lambda: s.deck.findings.sights and not s.deck.findings.sights[DEVELOPER].running)
    from tui_app.ui.explorer.looking_round import look_round

    look_round(s.deck, DEVELOPER, regions=("eu-west-1", "us-east-1"))
    await s.press("v")
    await s.until(lambda: s.deck.explorer and s.deck.explorer.is_mounted and not s.deck.explorer.working)
    screen = s.deck.explorer
    screen.move([view.name for view in screen.views.listed.views].index("lambda-functions") - screen.views.at)
    await s.press("enter")
    return screen


def footer_of(s) -> str:
    return s.screen.splitlines()[-1]


async def test_a_table_that_nobody_asked_for_is_asked_for_with_the_key_it_names(stage):
    door = Door(s3__ListBuckets={"Buckets": BUCKETS}, s3__ListObjectsV2={"Contents": [{"Key": "README.txt", "Size": 22}]})
    async with stage(door=door) as s:
        await explore(s, "s3-buckets")
        await s.press("enter", "escape")
        await s.sees("Not asked yet")
        assert "enter ask" in footer_of(s)
        assert "Asking as" in s.screen
        await s.press("enter")
        await s.sees("S3 charges for LIST requests")
        await s.press("y")
        await s.sees("README.txt")


async def test_a_view_whose_answer_is_on_its_way_is_not_asked_for_again(stage):
    door = Door(s3__ListBuckets={"Buckets": BUCKETS})
    async with stage(door=door) as s:
        await live(s, DEVELOPER)
        door.gate.clear()
        screen = await explore(s)
        screen.move([view.name for view in screen.views.listed.views].index("s3-buckets") - screen.views.at)
        await s.sees("Asking AWS")
        assert "Not asked yet" not in s.screen
        await s.press("enter")
        door.gate.set()
        await s.sees("dev-assets")
        await s.until(lambda: not screen.working)
        assert door.calls.count("s3:ListBuckets") == 1


async def test_a_message_is_said_once(stage, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    async with stage(door=Door(s3__ListBuckets={"Buckets": BUCKETS})) as s:
        screen = await explore(s, "s3-buckets")
        await s.press("w", "1")
        await s.until(lambda: any(text.startswith("Written to") for text in screen.toasts.texts))
        assert len(screen.toasts.texts) == 1


async def test_what_is_missing_from_rows_is_told_in_full_and_can_be_asked_for(stage):
    door = TwoRegions()
    door.elsewhere = no(said="User: x is not authorized to perform: lambda:ListFunctions because no identity-based policy allows it")
    async with stage(door=door, size=(80, 24)) as s:
        screen = await in_two_regions(s)
        await s.sees("worker")
        await s.sees("D why")
        await s.press("D")
        await s.sees("REQ-1")
        await s.sees("AWS says")
        assert "worker" not in s.screen
        assert "copy a request" in footer_of(s)
        await s.press("slash", "y")
        await s.until(lambda: any(text.startswith("Request ") for text in screen.toasts.texts))
        await s.press("escape")
        await s.sees("worker")
        assert screen.part == "rows"
        await s.press("D")
        door.elsewhere = FUNCTIONS
        await s.press("ctrl+r")
        await s.sees("2, all shown")
        assert screen.part == "rows"


async def test_a_table_where_nothing_is_missing_names_no_key_for_it(stage):
    async with stage(door=Door(s3__ListBuckets={"Buckets": BUCKETS})) as s:
        screen = await explore(s, "s3-buckets")
        await s.press("D")
        assert screen.part == "rows"
        assert "why" not in footer_of(s)


async def test_how_many_have_answered_counts_this_time_only(stage):
    door = TwoRegions()
    async with stage(door=door) as s:
        screen = await in_two_regions(s)
        await s.sees("2, all shown")
        door.far.clear()
        await s.press("ctrl+r")
        await s.sees("1 of 2 answered")
        await s.press("escape")
        await s.sees("Stopped.")
        door.far.set()
        await s.press("escape", "ctrl+r")
        await s.until(lambda: not screen.working)
        await s.press("enter")
        assert "Stopped." not in s.screen


async def test_a_session_that_ended_is_said_above_the_views_and_its_counts_are_told_as_old(stage):
    ended = SessionExpired("The session has ended.", "Renew it.")
    door = Door(s3__ListBuckets={"Buckets": BUCKETS})
    async with stage(door=door) as s:
        screen = await explore(s)
        await s.until(lambda: not screen.working)
        door.answers["s3:ListBuckets"] = ended
        await s.press("ctrl+r")
        await s.sees("The session has ended")
        await s.sees("r renew and go on")
        await s.sees("3 old")
        door.answers["s3:ListBuckets"] = {"Buckets": BUCKETS}
        await s.press("r")
        await s.until(lambda: not screen.working and "old" not in s.screen)
        assert "has ended" not in s.screen


async def test_side_by_side_the_stamp_is_that_of_the_row_under_the_cursor(stage):
    async with stage(door=Door(s3__ListBuckets={"Buckets": BUCKETS})) as s:
        await beside(s, DEVELOPER, DEPLOYER)
        await rows_of(s, "s3-buckets")
        await s.press("g")
        await s.sees("Answered to CrossAccountDeveloperRole/me")
        await s.sees("production 111122223333")
        await s.press("G")
        await s.sees("Answered to Deployer/me")
        await s.sees("staging 222233334444")
        await s.press("equals_sign")
        assert "= all rows" in footer_of(s)


async def test_only_the_differences_is_said_of_the_count(stage):
    first = threading.Event()

    def buckets(_):
        found = BUCKETS if not first.is_set() else BUCKETS[:1]
        first.set()
        return {"Buckets": found}

    async with stage(door=Door(s3__ListBuckets=buckets)) as s:
        await beside(s, DEVELOPER, DEPLOYER)
        await rows_of(s, "s3-buckets")
        await s.press("equals_sign")
        await s.sees("2, only the differences")


async def test_the_table_of_all_sessions_stamps_the_row_under_the_cursor_and_its_clock_goes_on(stage):
    async with stage(door=Door(s3__ListBuckets={"Buckets": BUCKETS})) as s:
        await live(s, DEVELOPER, DEPLOYER)
        await s.press("V")
        await s.until(lambda: isinstance(s.deck.screen, Matrix) and not s.deck.screen.working)
        roles = [visitor.arn.rpartition("assumed-role/")[2] for visitor in s.deck.screen.visitors]
        await s.press("g")
        await s.sees(f"Answered to {roles[0]}")
        await s.press("j")
        await s.sees(f"Answered to {roles[1]}")
        soon = s.deck.store.clock() + 100.0
        for session in s.deck.store.live_sessions():
            object.__setattr__(session.credentials, "expires", soon)
        await s.until(lambda: "next 1:3" in s.screen)


async def test_a_double_click_on_a_role_opens_its_resources(stage):
    async with stage(door=Door(s3__ListBuckets={"Buckets": BUCKETS})) as s:
        await live(s, DEVELOPER, DEPLOYER)
        await s.press("V")
        await s.until(lambda: isinstance(s.deck.screen, Matrix) and not s.deck.screen.working)
        role = s.deck.screen.grid.keys[1].id
        await s.pilot.click("#grid", offset=(4, 1), times=2)
        await s.until(lambda: isinstance(s.deck.screen, Explorer))
        assert [visitor.key for visitor in s.deck.screen.visitors] == [role]


async def test_marked_sessions_are_not_called_all(stage):
    async with stage(door=Door()) as s:
        await live(s, DEVELOPER, DEPLOYER)
        s.select(DEPLOYER)
        await s.press("space", "V")
        await s.sees("Marked sessions   1 role")


async def test_two_profiles_of_one_role_are_told_apart(stage):
    async with stage() as s:
        await live(s, DEVELOPER)
        twice = visitors_of(s.store, (DEVELOPER, DEVELOPER))
        assert all(DEVELOPER in one.label for one in twice)
        assert visitors_of(s.store, (DEVELOPER,))[0].label == "production CrossAccountDeveloperRole"


async def test_esc_is_named_for_what_it_does_in_the_details(stage):
    async with stage(door=Door(s3__ListBuckets={"Buckets": BUCKETS})) as s:
        await explore(s, "s3-buckets")
        await s.press(*"/dev", "enter")
        assert "esc show all" in footer_of(s)
        await s.press("d")
        await s.sees("BucketRegion")
        assert "esc back" in footer_of(s)
        await s.press("escape")
        await s.sees("2 of 3")


WIDE = "日本語の説明がとても長い場合でも最後まで読めることが大切です"


@pytest.mark.parametrize("width", [12, 20, 41])
def test_wide_characters_are_wrapped_by_the_columns_they_take(width):
    lines = wrapped(f"{WIDE} {WIDE}", width)
    assert all(cells([(text, "")]) <= width for text in lines)
    assert "".join(lines).replace(" ", "") == WIDE * 2


@pytest.mark.parametrize("form", ["Tree", "YAML", "JSON"])
def test_a_description_with_wide_characters_loses_none(form):
    rows = detail_rows({"Description": WIDE}, form, 40)
    written = "".join(text for row in rows for text, _ in row)
    assert "…" not in written
    said = json.dumps(WIDE) if form != "Tree" else WIDE
    assert said in "".join(written.split())


async def test_the_way_to_a_table_and_its_count_are_both_seen_where_there_is_little_room(stage):
    def objects(parameters):
        if parameters.get("Prefix"):
            return {"Contents": [{"Key": f"{parameters['Prefix']}{number}.csv", "Size": 1} for number in range(3)]}
        return {"CommonPrefixes": [{"Prefix": "exports-of-many-years/"}]}

    async with stage(door=Door(s3__ListBuckets={"Buckets": BUCKETS}, s3__ListObjectsV2=objects), size=(80, 24)) as s:
        screen = await explore(s, "s3-buckets")
        await s.press("enter", "y")
        await s.until(lambda: len(screen.trail) == 2 and screen.table.results)
        await s.press("enter")
        await s.until(lambda: len(screen.trail) == 3 and screen.table.results)
        await s.sees("3, all shown")
        title = next(row for row in s.screen.splitlines() if "all shown" in row)
        assert "exports-of-many-years/ > Objects" in title
        assert title.count("Objects") == 1
        await s.press(*"/2.csv", "enter")
        await s.sees("1 of 3")
        assert "exports-of-many-years/ > Objects" in s.screen


async def test_a_session_that_was_dropped_elsewhere_is_renewed_and_what_was_asked_for_goes_on(stage):
    door = Door(s3__ListBuckets={"Buckets": BUCKETS})
    async with stage(door=door) as s:
        screen = await explore(s, "s3-buckets")
        s.store.drop_session(DEVELOPER)
        door.answers["s3:ListBuckets"] = {"Buckets": [{"Name": "fresh"}]}
        await s.press("ctrl+r")
        await s.sees("The session has ended, the rows stay")
        await s.sees("r renew and go on")
        assert "dev-assets" in s.screen
        await s.press("r")
        await s.sees("fresh")
        assert "has ended" not in s.screen
        assert not screen.table.ended


async def test_the_heads_of_all_sessions_stand_over_their_figures_also_after_the_terminal_has_another_size(stage):
    async with stage(door=Door(s3__ListBuckets={"Buckets": BUCKETS}), size=(80, 24)) as s:
        await live(s, DEVELOPER, DEPLOYER)
        await s.press("V")
        await s.until(lambda: isinstance(s.deck.screen, Matrix) and not s.deck.screen.working)
        for width in (160, 100, 80):
            await s.pilot.resize_terminal(width, 30)
            await s.until(lambda width=width: s.deck.screen.body.size.width == width)
            await s.pilot.pause()
            rows = s.screen.splitlines()
            lower = next(row for row in rows if row.startswith("  Role"))
            upper = rows[rows.index(lower) - 1]
            figures = next(row for row in rows[rows.index(lower) :] if "production" in row)
            assert "Account" in upper
            assert figures[lower.index("summary") + len("summary") - 1] != " "


async def test_where_there_is_room_all_sessions_have_their_whole_names(stage):
    async with stage(door=Door(), size=(140, 40)) as s:
        await live(s, DEVELOPER, DEPLOYER)
        await s.press("V")
        await s.sees("production CrossAccountDeveloperRole")
        await s.sees("staging Deployer")
        await s.pilot.resize_terminal(80, 24)
        await s.until(lambda: "Organization" in s.screen and "production CrossAccount" not in s.screen)


def test_a_head_is_broken_where_its_lines_are_shortest():
    assert in_two("Account summary") == ("Account", "summary")
    assert in_two("S3 buckets") == ("S3", "buckets")
    assert in_two("CloudFormation") == ("", "CloudFormation")
    assert in_two("Route 53 zones") == ("Route", "53 zones")


async def test_counts_of_all_sessions_stay_until_there_are_later_ones(stage):
    door = Door(s3__ListBuckets={"Buckets": BUCKETS})
    async with stage(door=door) as s:
        await live(s, DEVELOPER)
        await s.press("V")
        await s.until(lambda: isinstance(s.deck.screen, Matrix) and not s.deck.screen.working)
        row = next(row for row in s.screen.splitlines() if "production" in row)
        door.gate.clear()
        await s.press("ctrl+r")
        await s.sees("0 of ")
        assert row in s.screen
        door.gate.set()
        await s.until(lambda: not s.deck.screen.working)


async def test_side_by_side_each_name_has_its_share_of_a_narrow_band(stage):
    async with stage(door=Door(), size=(80, 24)) as s:
        await beside(s, DEVELOPER, DEPLOYER)
        await s.sees("2 roles side by side")
        band = next(row for row in s.screen.splitlines() if "side by side" in row)
        assert "staging Deployer" in band or "loyer" in band
        assert len(band.rstrip()) <= 78


def test_among_the_answers_of_a_search_keys_are_named_for_what_they_do():
    answers = Situation(place="explorer", part="answers", filtered=True)
    left, right = footer(answers)
    assert ("tab", "what was found", "explore.pane") in left
    assert ("esc", "back", "app.back") in right
    assert "explore.regions" not in {command for _, _, command in left}
