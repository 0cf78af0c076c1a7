"""The list in groups: by environment, by account, by use, or in one; and what it says where it is empty or cut."""

from __future__ import annotations

import pytest

from tui_app.catalog.favourites import read_favourites
from tui_app.model import Account, Role
from tui_app.ui.draw import cells, fit
from tui_app.ui.grouping import GROUPINGS, by_account, by_environment, by_use, in_one, remember, remembered
from tui_app.ui.listing import entry_of, listing_of
from tui_app.ui.rows import Said, role_row
from tui_app.ui.store import Store


def headings(store):
    return [group.heading for group in store.groups]


def text_of(row):
    return "".join(text for text, _ in row)


def test_by_account_the_environments_keep_their_order_and_two_of_one_name_stay_apart():
    places = [("pay", "222"), ("audit", "333"), ("pay", "111"), ("pay", "222"), ("999", "999")]
    groups = by_account(places, ["dev", "prod", "", "dev", "dev"])
    assert [(group.heading, group.note, list(group.indices)) for group in groups] == [
        ("audit", "333  prod", [1]),
        ("999", "dev", [4]),
        ("pay", "222  dev", [0, 3]),
        ("pay", "111", [2]),
    ]


def test_by_use_each_role_stands_once():
    groups = by_use(5, [3], [1, 3, 1])
    assert [(group.heading, list(group.indices)) for group in groups] == [("favourites", [3]), ("recent", [1]), ("all others", [0, 2, 4])]
    assert by_use(3, [], []) == in_one(3)
    assert [group.heading for group in by_use(1, [0], [])] == ["favourites"]


@pytest.mark.parametrize("grouping", list(GROUPINGS))
def test_every_role_is_in_one_group_and_the_cursor_stays_on_its_own(grouping, world):
    roles = world.all_roles()
    store = Store()
    store.set_listing(listing_of(roles), {role.key: role for role in roles})
    store.favourites, store.recents = (roles[4].key,), (roles[2].key, roles[4].key)
    store.move_to(roles[3].key)
    store.group_by(grouping)
    assert sorted(index for group in store.groups for index in group.indices) == list(range(len(roles)))
    assert store.cursor == roles[3].key
    assert store.shown == len(roles)


def test_nothing_has_no_groups():
    assert by_environment([]) == by_account([], []) == by_use(0, [], []) == in_one(0) == ()


def test_the_choice_is_remembered(tmp_path):
    environ = {"XDG_STATE_HOME": str(tmp_path)}
    assert remembered(environ) == "environment"
    remember(environ, lambda: "account")
    assert remembered(environ) == "account"
    (tmp_path / "roledeck" / "grouping").write_text("nonsense")
    assert remembered(environ) == "environment"


async def test_a_key_goes_through_the_groupings_and_the_next_run_begins_with_the_last(stage):
    async with stage() as s:
        s.select("staging/ReadOnly")
        await s.press("b")
        assert headings(s.store) == ["production", "staging", "development", "lonely"]
        await s.sees("by account")
        await s.sees("111122223333")
        assert s.store.cursor == "staging/ReadOnly"
        await s.press("b")
        assert headings(s.store) == [""]
        await s.press("f", "b", "b", "b", "b")
        assert headings(s.store) == ["favourites", "all others"]
        await s.sees("6 by use")
        await s.until(lambda: remembered(s.deck.environ) == "use")
    async with stage() as s:
        await s.sees("6 by use")
        assert headings(s.store) == ["favourites", "all others"]
        await s.press("b", "b")
        assert headings(s.store) == ["prod", "staging", "dev", "other"]


async def test_quick_keys_are_kept_in_their_order(stage):
    async with stage() as s:
        for _ in range(9):
            await s.press("f", "b")
        assert (s.store.grouping, len(s.store.favourites)) == ("account", 1)
        await s.until(lambda: not s.deck.jobs._running and not s.deck.jobs._waiting)
        assert remembered(s.deck.environ) == s.store.grouping
        assert read_favourites(s.deck.environ) == s.store.favourites


async def test_marks_stay_when_the_groups_change_and_headings_cannot_be_marked(stage):
    async with stage() as s:
        await s.press("g", "space", "space", "b")
        assert s.store.marks == {"production/CrossAccountDeveloperRole", "production/AdminRole"}
        await s.press("g", "k")
        assert s.store.selected.key in s.store.marks


async def test_where_nothing_matches_the_screen_says_how_to_find_more(stage):
    async with stage() as s:
        await s.press("/", *"env:prod deployer")
        await s.sees('No role matches "env:prod deployer".')
        assert "without deployer   2" in s.screen
        assert "without env:prod   1" in s.screen
        assert "esc show all 6" in s.screen
        assert "0 of 6" in s.screen
        await s.press("ctrl+u", *"evn:prod")
        await s.sees("There is no field")
        assert "The nearest is env:" in s.screen
        await s.press("escape")
        await s.sees("All roles")


async def test_the_filter_counts_with_thousands_apart(stage):
    many = tuple(Role(f"a/r{n}", f"arn:aws:iam::1:role/r{n}", Account("1", "a"), f"r{n}", via="dev") for n in range(2345))
    async with stage(roles=many) as s:
        await s.press("/", *"r1")
        await s.sees("of 2,345")
        await s.press("enter")
        await s.sees("more")


ALIKE = ["a-very-long-account-name-of-the-payments-team-", "支払いチームの非常に長いアカウント名前-", "e\u0301" * 60]


@pytest.mark.parametrize("start", ALIKE)
@pytest.mark.parametrize("width", [48, 64, 80, 84, 140])
def test_names_that_differ_only_at_their_end_can_be_told_apart(start, width):
    rows = []
    for end in ("east", "west"):
        account = Account("111122223333", start + end, "dev")
        entry = entry_of(Role("k", "arn:aws:iam::1:role/x", account, f"{start}{end}", via=f"{start}{end}"))
        rows.append(role_row(width, entry, "", "  ", Said("·", "faint", "—"), len(start)))
    assert [cells(row) for row in rows] == [width, width]
    shown = text_of(rows[0])
    assert shown != text_of(rows[1])
    assert shown.count("east") >= (3 if width >= 64 else 1)


@pytest.mark.parametrize("text", ["", "a", "日本語テキスト", "e\u0301e\u0301e\u0301", "mixed日本text", "🙂🙂🙂", "plain text"])
@pytest.mark.parametrize("width", range(12))
def test_a_cut_text_takes_exactly_its_room(text, width):
    assert cells([(fit(text, width, cut="middle"), "")]) == width
