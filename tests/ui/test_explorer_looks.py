"""What a person sees among the resources: messages over the stamp, keys that fit what is shown, ways out of an empty page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.ui.exploring import BUCKETS, DEVELOPER, Door, explore, live, no
from tests.ui.searching import Door as SearchDoor
from tests.ui.searching import resource, searching_screen
from tests.ui.test_explorer_answers import footer_of
from tui_app.ui.commands import Situation
from tui_app.ui.explorer.count_columns import TITLE, columns_of
from tui_app.ui.explorer.matrix import Matrix
from tui_app.ui.explorer.places import Visitor
from tui_app.ui.footer import footer
from tui_app.ui.theme import Look

FUNCTION = {"FunctionName": "f" * 40, "Runtime": "python3.13", "MemorySize": 128, "Timeout": 30, "LastModified": "2026-01-01"}


def above_the_footer(s) -> str:
    return s.screen.splitlines()[-2]


async def test_nothing_of_the_stamp_is_left_beside_a_message(stage):
    async with stage(door=Door(s3__ListBuckets={"Buckets": BUCKETS}), size=(80, 24)) as s:
        screen = await explore(s, "s3-buckets")
        assert "s3:ListAllMyBuckets" in above_the_footer(s)
        screen.say("Written to buckets.csv", wrong=False)
        await s.sees("Written to buckets.csv")
        assert above_the_footer(s).strip() == "Written to buckets.csv"
        assert above_the_footer(s).rstrip().endswith("buckets.csv")
        assert len(above_the_footer(s).rstrip()) == 78


async def test_a_message_covers_the_half_it_stands_in_and_no_other(stage):
    async with stage(door=Door(s3__ListBuckets={"Buckets": BUCKETS}), size=(140, 24)) as s:
        screen = await explore(s, "s3-buckets")
        beside = screen.query_one("#explorer-rows").region.x
        left = above_the_footer(s)[: beside + 1]
        screen.say("Written to buckets.csv", wrong=False)
        await s.sees("Written to buckets.csv")
        assert above_the_footer(s)[: beside + 1] == left
        assert above_the_footer(s)[beside + 1 :].strip() == "Written to buckets.csv"
        screen.say("x" * 100, wrong=False)
        await s.until(lambda: screen.toasts.region.x == 0)


async def test_a_message_stays_above_the_footer_when_the_terminal_changes(stage):
    async with stage(size=(140, 40)) as s:
        s.deck.toast("Account id sent to the terminal")
        await s.sees("Account id sent")
        await s.pilot.resize_terminal(90, 24)
        await s.until(lambda: above_the_footer(s).strip() == "Account id sent to the terminal")


@pytest.mark.parametrize("part", ["rows", "matrix", "search"])
def test_the_footer_names_the_keys_of_columns_only_where_some_are_hidden(part):
    all_seen = Situation(place="explorer", part=part, row=True)
    assert ("← →", "columns", "explore.right") in footer(replace(all_seen, sideways=True))[0]
    assert "explore.right" not in [command for _, _, command in footer(all_seen)[0]]


def test_a_key_that_has_been_taken_from_the_columns_is_not_named():
    from tui_app.ui.own_keys import read_keymap

    keys, _ = read_keymap({"explore.right": "f7", "explore.left": "f6"})
    assert ("f6 f7", "columns", "explore.right") in footer(Situation(place="explorer", part="matrix", sideways=True), keys)[0]


async def test_the_table_of_all_sessions_says_which_of_its_columns_are_shown_and_how_to_see_the_others(stage):
    async with stage(door=Door(s3__ListBuckets={"Buckets": BUCKETS}), size=(80, 24)) as s:
        await live(s, DEVELOPER)
        await s.press("V")
        await s.until(lambda: isinstance(s.deck.screen, Matrix) and not s.deck.screen.working)
        await s.sees("views 1 to ")
        assert "← → columns" in footer_of(s)
        before = s.screen
        await s.press("right")
        await s.until(lambda: "views 1 to " not in s.screen and "views " in s.screen)
        assert s.screen != before
        await s.press("left")
        await s.sees("views 1 to ")
        await s.pilot.resize_terminal(400, 30)
        await s.until(lambda: "← → columns" not in footer_of(s))
        assert "views 1 to " not in s.screen


async def test_a_table_with_hidden_columns_names_the_keys_that_show_them(stage):
    async with stage(door=Door(lambda__ListFunctions={"Functions": [FUNCTION]}), size=(72, 24)) as s:
        screen = await explore(s, "lambda-functions")
        assert screen.body.laid.right
        assert "← → columns" in footer_of(s)


async def test_what_was_found_names_the_keys_of_its_hidden_columns(stage):
    door = SearchDoor(found=[resource("orders")])
    async with stage(door=door, size=(80, 24)) as s:
        screen = await searching_screen(s, words="orders")
        await s.sees("1 found")
        assert screen.body.laid.right
        assert "← → columns" in footer_of(s)


@pytest.mark.parametrize("view", ["iam-users", "s3-buckets"])
async def test_a_table_without_a_row_names_no_key_of_rows(stage, view):
    async with stage(door=Door(iam__ListUsers=no(), s3__ListBuckets={"Buckets": []}), size=(140, 40)) as s:
        await explore(s, view)
        shown = footer_of(s)
        assert "filter" not in shown
        assert "columns" not in shown
        await s.press("slash", "x")
        assert "/ x" not in s.screen


async def test_while_the_filter_is_typed_among_the_resources_the_footer_names_its_own_keys(stage):
    async with stage(door=Door(s3__ListBuckets={"Buckets": BUCKETS}), size=(80, 24)) as s:
        await explore(s, "s3-buckets")
        await s.press("slash", "d")
        assert footer_of(s).split() == ["enter", "to", "the", "rows", "esc", "show", "all"]
        await s.press("enter")
        assert "esc show all" in footer_of(s)
        await s.press("escape", "escape", "slash")
        assert footer_of(s).split() == ["enter", "to", "the", "views", "esc", "show", "all"]


async def test_a_filter_that_no_view_matches_names_the_way_out(stage):
    async with stage(size=(80, 24)) as s:
        screen = await explore(s)
        await s.press("slash", *"zzz", "enter")
        await s.sees('No view matches "zzz".')
        await s.sees(f"esc show all {len(screen.all_views)}")


async def test_a_filter_that_nothing_found_matches_names_the_way_out(stage):
    async with stage(door=SearchDoor(found=[resource("orders"), resource("orders-old")]), size=(80, 24)) as s:
        await searching_screen(s, words="orders")
        await s.sees("2 found")
        await s.press("slash", *"zzz", "enter")
        await s.sees('No row matches "zzz".')
        await s.sees("esc show all 2")


async def test_a_filter_that_no_role_matches_names_the_way_out(stage):
    async with stage(size=(80, 24)) as s:
        await live(s, DEVELOPER)
        await s.press("V")
        await s.until(lambda: isinstance(s.deck.screen, Matrix) and not s.deck.screen.working)
        await s.press("slash", *"zzz", "enter")
        await s.sees('No role matches "zzz".')
        await s.sees("esc show all 1")


@pytest.mark.parametrize("width", [80, 100, 140])
async def test_what_may_be_typed_into_the_search_is_never_cut(stage, width):
    async with stage(door=SearchDoor(), size=(width, 30)) as s:
        await searching_screen(s)
        row = next(text for text in s.screen.splitlines() if "Search" in text)
        assert "service:lambda" in row
        assert "…" not in row


async def test_a_cut_line_of_who_answered_names_the_key_that_shows_it_whole(stage):
    async with stage(door=SearchDoor(found=[resource("orders")]), size=(80, 24)) as s:
        await searching_screen(s, words="orders")
        await s.sees("1 found")
        assert any("…" in text and "Resource Explorer" in text for text in s.screen.splitlines())
        assert "tab who answered" in s.screen


async def test_in_ascii_the_arrows_are_named_by_words_as_their_signs_are_other_keys(stage):
    async with stage(look=Look("plain", ascii_only=True), size=(80, 24)) as s:
        await live(s, DEVELOPER)
        await s.press("V")
        await s.until(lambda: isinstance(s.deck.screen, Matrix) and not s.deck.screen.working)
        await s.until(lambda: "left right columns" in footer_of(s))
        await s.press("question_mark", *"columns to")
        await s.sees("right l")
        assert "left h" in s.screen


@pytest.mark.parametrize("width", [44, 60, 80])
def test_counts_side_by_side_keep_off_the_right_edge(width):
    pair = tuple(Visitor(f"{name}/R", f"{name} R", "111122223333", f"arn:{name}") for name in ("production", "development"))
    columns = columns_of(pair, (), 0, width)
    assert len(columns.shown) == 2
    assert 2 + TITLE + sum(column.size for column in columns.shown) <= width - 2
