from __future__ import annotations

import pytest

from tui_app.catalog.search import filter_roles, haystacks_of
from tui_app.ui.listing import listing_of
from tui_app.ui.store import Store

NOW = 1_000_000.0


def store_of(roles):
    haystacks = haystacks_of(roles)
    store = Store(clock=lambda: NOW)
    store.set_listing(listing_of(roles), {item.key: item for item in roles}, lambda query: filter_roles(haystacks, query))
    return store


def test_groups_come_in_the_order_of_danger_and_the_nameless_last(world):
    roles = [world.role(name, "1", "r", name) for name in ("qa", "dev", "sandbox", "prod", "staging", "shared")] + [
        world.role("none", "2", "r")
    ]
    store = store_of(roles)
    assert [group.heading for group in store.groups] == ["prod", "staging", "dev", "shared", "qa", "sandbox", "other"]


def test_without_environments_there_is_no_heading(world):
    assert [group.heading for group in store_of([world.role("a", "1", "r"), world.role("b", "2", "r")]).groups] == [""]


def test_the_cursor_stays_on_its_role_when_the_list_changes(world):
    roles = list(world.all_roles())
    store = store_of(roles)
    store.move_to("development/S3Developer")
    store.set_listing(listing_of(list(reversed(roles))))
    assert store.cursor == "development/S3Developer"


@pytest.mark.parametrize(
    ("gone", "nearest"),
    [
        ({"staging/Deployer"}, "staging/ReadOnly"),
        ({"staging/Deployer", "staging/ReadOnly", "development/S3Developer"}, "production/AdminRole"),
        ({"production/AdminRole", "staging/Deployer", "staging/ReadOnly"}, "development/S3Developer"),
    ],
)
def test_the_cursor_goes_to_the_nearest_row_when_its_role_is_gone(world, gone, nearest):
    roles = list(world.all_roles())
    store = store_of(roles)
    store.move_to("staging/Deployer")
    store.set_listing(listing_of([item for item in roles if item.key not in gone]))
    assert store.cursor == nearest


def test_the_cursor_follows_a_role_that_goes_by_another_name(world):
    store = store_of(list(world.all_roles()))
    store.move_to("staging/Deployer")
    renamed = [world.role("staging-eu", "222233334444", name, "staging") for name in ("ReadOnly", "Deployer")]
    store.set_listing(listing_of(renamed), {item.key: item for item in renamed})
    assert store.cursor == "staging-eu/Deployer"


def test_a_filter_puts_the_exact_name_first_and_the_cursor_on_it(world):
    roles = [world.role("a", "1", "AdminRoleForTests", "prod"), world.role("b", "2", "AdminRole", "dev")]
    store = store_of(roles)
    store.set_query("AdminRole")
    assert store.selected.key == "b/AdminRole"
    assert store.shown == 2


def test_while_nothing_matches_nothing_is_selected_and_the_cursor_comes_back(world):
    store = store_of(list(world.all_roles()))
    store.move_to("staging/Deployer")
    store.set_query("zzz")
    assert store.selected is None
    store.set_query("")
    assert store.selected.key == "staging/Deployer"


def test_what_expired_in_this_run_is_remembered_as_expired(world):
    roles = world.all_roles()
    store = store_of(list(roles))
    store.take_session(world.session_of(roles[0], 10, now=NOW - 20))
    store.take_sessions((), ())
    assert store.state(roles[0].key) == "expired"


def test_a_session_that_another_window_dropped_is_gone(world):
    roles = world.all_roles()
    store = store_of(list(roles))
    store.take_session(world.session_of(roles[0], 100, now=NOW))
    store.take_sessions((), ())
    assert store.state(roles[0].key) == "never"


def test_subscribers_hear_what_changed(world):
    heard = []
    store = store_of(list(world.all_roles()))
    store.subscribe(heard.append)
    store.move_to("staging/Deployer")
    store.begin("staging/Deployer", "assuming")
    store.set_query("dep")
    assert heard == ["cursor", "states", "rows"]


def test_hostile_names_are_cleaned_at_the_door(world):
    entry = listing_of([world.role("a\x1b]0;x\x07", "1", "b\u202er")]).entries[0]
    assert "\x1b" not in entry.account
    assert "\u202e" not in entry.role


def test_the_list_says_how_many_roles_are_below_a_line(world):
    from tui_app.ui.widgets.role_list import RoleList

    store = store_of(list(world.all_roles()))
    shown = RoleList(store)
    from tui_app.ui.widgets.role_list import lay_out

    for airy in (True, False):
        shown.airy = airy
        lines = lay_out(store.groups, airy=airy)
        for at in range(len(lines)):
            assert shown._below(at) == sum(isinstance(entry, int) for entry in lines[at:])
