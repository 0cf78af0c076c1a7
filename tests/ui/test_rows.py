from __future__ import annotations

import pytest

from tui_app.ui.bands import Base, band, header, tall_band
from tui_app.ui.draw import cells
from tui_app.ui.grouping import Group
from tui_app.ui.happenings import Failure
from tui_app.ui.listing import entry_of, listing_of
from tui_app.ui.rows import Said, column_heads, column_widths, heading_row, role_row, said
from tui_app.ui.store import Store

NOW = 1_000_000.0


def text_of(row):
    return "".join(text for text, _ in row)


def store_with(world, *sessions):
    store = Store(clock=lambda: NOW)
    store.set_listing(listing_of(world.all_roles()), {item.key: item for item in world.all_roles()})
    for session in sessions:
        store.take_session(session)
    return store


@pytest.mark.parametrize("width", range(40, 180))
def test_columns_fill_the_row_exactly(width, world):
    entry = entry_of(world.role("production", "111122223333", "CrossAccountDeveloperRole", "prod"))
    row = role_row(width, entry, "focused", "+1", Said("●", "live", "47:12", 0.5, bold=True))
    assert cells(row) == width
    assert "47:12" in text_of(row)
    assert cells(column_heads(width)) == width


def test_the_bar_gives_way_first_then_via_then_the_role(world):
    assert column_widths(84).bar == 8
    assert column_widths(80).bar == 6
    assert (column_widths(70).bar, column_widths(70).via) == (0, 11)
    assert (column_widths(60).bar, column_widths(60).via) == (0, 0)


def test_a_live_row_tells_the_time_left_in_glyph_word_and_bar(world):
    target = world.all_roles()[0]
    store = store_with(world, world.session_of(target, 2832, now=NOW))
    words = said(store, target.key, NOW, "⠋")
    assert (words.glyph, words.ink, words.words) == ("●", "live", "47:12")


def test_the_last_quarter_of_an_hour_is_amber(world):
    target = world.all_roles()[0]
    words = said(store_with(world, world.session_of(target, 298, now=NOW)), target.key, NOW, "⠋")
    assert (words.glyph, words.ink, words.words) == ("◐", "soon", "4:58")


def test_a_failure_says_which_and_stays(world):
    target = world.all_roles()[1]
    store = store_with(world)
    store.end(target.key, Failure("refused", "No.", "", NOW))
    words = said(store, target.key, NOW, "⠋")
    assert (words.glyph, words.words) == ("✕", "refused")


def test_an_expired_and_a_never_held_row_have_a_word_and_a_glyph(world):
    target = world.all_roles()[0]
    store = store_with(world, world.session_of(target, -5, now=NOW))
    assert said(store, target.key, NOW, "⠋")[:3] == ("○", "muted", "expired")
    assert said(store, world.all_roles()[2].key, NOW, "⠋")[:3] == ("·", "faint", "—")


def test_the_countdown_follows_the_wall_clock_and_nothing_else(world):
    target = world.all_roles()[0]
    store = store_with(world, world.session_of(target, 3600, now=NOW))
    assert said(store, target.key, NOW + 8 * 3600, "⠋").words == "expired"
    assert said(store, target.key, NOW - 3600, "⠋").words == "2h 00m"


def test_production_is_filled_only_while_it_is_live(world):
    entry = entry_of(world.all_roles()[0])
    live, idle = Said("●", "live", "47:12", 0.8, bold=True), Said("·", "faint", "—")
    assert all(ink.endswith((" on fill", " on on-fill")) for _, ink in band(100, entry, live))
    assert any(ink.endswith(" on raised") for _, ink in band(100, entry, idle))
    assert " PROD " in text_of(band(100, entry, idle))


@pytest.mark.parametrize("width", [47, 55])
@pytest.mark.parametrize("left", ["47:12", "3h 41m"])
def test_the_tall_band_never_cuts_account_id_and_time(width, left, world):
    entry = entry_of(world.all_roles()[0])
    rows = tall_band(width, entry, Said("●", "live", left, 0.5, bold=True), "eu-west-1")
    assert [cells(row) for row in rows] == [width] * 6
    assert "111122223333" in "".join(map(text_of, rows))
    assert "CrossAccountDeveloperRole" in "".join(map(text_of, rows))


@pytest.mark.parametrize("width", [80, 100, 140])
def test_the_header_names_what_holds_for_all(width, world):
    target = world.all_roles()[2]
    store = store_with(world, world.session_of(target, 298, now=NOW))
    row = text_of(header(width, store, Base("DevUser @ development", "444455556666"), NOW, demo=True))
    assert len(row) == width
    assert "1 live" in row
    assert "4:58" in row
    assert "DevUser @ development" in row


def test_a_heading_counts_roles_and_the_live_ones(world):
    assert "5 roles, 1 live" in text_of(heading_row(80, Group("prod", range(5), "prod"), 1))
    assert text_of(heading_row(80, Group("prod", range(1), "prod"), 0)).rstrip().endswith("1 role")
    assert "1,234 roles" in text_of(heading_row(80, Group("prod", range(1234), "prod"), 0))
