"""The tables of the explorer without a screen: order, filter, cursor, stamps, differences, drawing, descriptions."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.made_tables import ME, OTHER, VIEW, beside, differences, named, result, shown, table_of, visitor
from tui_app.errors import WrongIdentity
from tui_app.explorer.refusals import Refusal
from tui_app.explorer.results import ViewResult, refused
from tui_app.ui.draw import cells
from tui_app.ui.explorer.describing import detail_rows, json_lines, yaml_lines
from tui_app.ui.explorer.grid import Chunk, Grid, Head, Key, terms_of
from tui_app.ui.explorer.grid_rows import Laid, grid_row, head_row, lay_out
from tui_app.ui.explorer.places import Table
from tui_app.ui.explorer.told import Keys, instead_rows, note_rows

HOSTILE = ("[bold]x[/bold]", "[/x]", "\x1b[31mred", "a\u202egpj.exe", "=cmd|' /C calc'!A0", "x" * 300, "\u0301" * 40, "名前" * 30)


def text(rows) -> str:
    return "\n".join("".join(part for part, _ in row) for row in rows)


def grid_of(values) -> Grid:
    grid = Grid((Head("Name"), Head("Count", right=True)))
    rows = [(name, str(count)) for name, count in values]
    keys = [Key(0, "", name) for name, _ in values]
    grid.add(Chunk(keys, rows, [tuple(value) for value in values], ["\x1f".join(row).casefold() for row in rows]))
    return grid


def test_figures_are_sorted_as_figures_and_what_is_missing_comes_last():
    grid = grid_of([("a", 9), ("b", 10), ("c", None), ("d", 2)])
    grid.sort_by(1)
    assert [grid.cells[row][0] for row in grid.shown] == ["d", "a", "b", "c"]


def test_the_next_column_and_round_again_to_the_order_of_aws():
    grid = grid_of([("b", 1), ("a", 2)])
    orders = []
    for _ in range(3):
        grid.step_sort(1, [0, 1])
        orders.append([grid.cells[row][0] for row in grid.shown])
    assert orders == [["a", "b"], ["b", "a"], ["b", "a"]]
    assert grid.sort == -1


@given(
    st.lists(st.tuples(st.text(max_size=4), st.one_of(st.none(), st.integers(-5, 50))), max_size=30),
    st.sampled_from([-1, 0, 1]),
    st.booleans(),
)
def test_no_order_loses_a_row(values, column, down):
    grid = grid_of(values)
    grid.sort_by(column, down=down)
    assert sorted(grid.shown) == list(range(len(values)))


@given(
    st.lists(st.text(alphabet="abc", max_size=4), max_size=30), st.text(alphabet="abc !", max_size=6), st.text(alphabet="abc", max_size=2)
)
def test_a_filter_that_narrows_finds_what_it_finds_from_nothing(names, query, further):
    narrowed, fresh = grid_of([(name, 0) for name in names]), grid_of([(name, 0) for name in names])
    narrowed.set_query(query)
    narrowed.set_query(query + further)
    fresh.set_query(query + further)
    assert list(narrowed.shown) == list(fresh.shown)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("alp", ["alpha"]),
        ("name:alpha", ["alpha"]),
        ("na:bet", ["beta"]),
        ("count:1", ["alpha", "beta"]),
        ("!alpha", ["beta"]),
        ("!count:10", ["alpha"]),
        ("name:", ["alpha", "beta"]),
        ("ALPHA", ["alpha"]),
        ("alpha beta", []),
        ("arn:aws:nothing", []),
    ],
)
def test_words_columns_and_what_is_kept_away(query, found):
    grid = grid_of([("alpha", 1), ("beta", 10)])
    grid.set_query(query)
    assert [grid.cells[row][0] for row in grid.shown] == found


def test_what_names_no_column_is_looked_for_as_it_stands():
    assert terms_of("arn:aws", (Head("Name"),))[0].text == "arn:aws"


def test_the_cursor_stays_on_its_row_through_order_filter_and_reload():
    table = table_of(named("a", "b", "c", "d"))
    table.grid.move(2)
    table.grid.sort_by(0, down=True)
    assert table.grid.cursor == Key(0, "eu-west-1", "c")
    table.grid.set_query("c")
    table.grid.set_query("")
    table.take(0, named("x", "c", "y", at=200.0))
    assert table.grid.cursor == Key(0, "eu-west-1", "c")
    table.take(0, named("x", "y", at=300.0))
    assert table.grid.cursor is not None


def test_a_further_page_is_added_to_the_rows_that_are_there():
    first = named("a", "b", more=True)
    table = table_of(first)
    page = [*first.raw, {"Name": "c", "Size": 1, "Status": "ok"}]
    table.take(0, result(page))
    assert shown(table) == ["a", "b", "c"]
    assert table.under_cursor() is not None


def test_rows_of_two_with_the_same_id_are_two_rows():
    table = table_of(named("a", "a"))
    table.grid.move(1)
    table.rebuild()
    assert table.grid.at == 1


@pytest.mark.parametrize(
    "stranger",
    [
        named("theirs", identity=OTHER),
        named("theirs", identity=replace(ME, account="999900001111")),
        named("theirs", identity=replace(ME, arn=ME.arn + "x")),
        replace(named("theirs"), view=replace(VIEW, name="others")),
    ],
)
def test_rows_of_another_identity_cannot_be_shown(stranger):
    table = table_of(named("mine"))
    with pytest.raises(WrongIdentity):
        table.take(0, stranger)
    if stranger.view.name == VIEW.name:
        table.remember(0, replace(stranger, region="eu-west-2"))
    assert shown(table) == ["mine"]


def test_what_was_seen_last_is_greyed_until_it_is_answered():
    table = Table(VIEW, (visitor(ME),), ("eu-west-1",))
    table.remember(0, named("old"))
    assert table.is_faded(table.grid.row)
    table.take(0, named("old", "new", at=200.0))
    assert not table.is_faded(table.grid.row)
    assert shown(table) == ["old", "new"]


def test_nothing_is_a_difference_to_a_region_that_somebody_was_not_shown():
    table = Table(VIEW, (visitor(ME, "one"), visitor(OTHER, "two")), ("eu-west-1", "us-east-1"))
    table.take(0, named("here"))
    table.take(1, named("there", identity=OTHER))
    table.take(0, named("far", region="us-east-1"))
    assert differences(table)["here", "one"] == "only here"
    far = ("far", "one")
    assert {(name, role): word for (name, role), word in differences(table).items() if name == "far"} == {far: ""}

    no = refused(ViewResult(VIEW, "us-east-1", OTHER, 1.0), Refusal("denied", "s3:ListThings is denied.", action="s3:ListThings"))
    table.take(1, no)
    assert differences(table)[far] == ""
    table.take(1, named("other", region="us-east-1", identity=OTHER))
    assert differences(table)[far] == "only here"


def test_what_others_were_shown_one_page_of_may_yet_be_there():
    table = beside(named("a", "b", "c"), named("a", identity=OTHER, more=True))
    assert differences(table)["b", "one"] == "only here so far"
    table.take(1, named("a", "b", identity=OTHER))
    assert differences(table)["b", "one"] == ""
    assert differences(table)["c", "one"] == "only here"


def test_several_regions_have_a_column():
    table = table_of(named("a"), named("b", region="us-east-1"), regions=("eu-west-1", "us-east-1"))
    assert [head.title for head in table.grid.heads] == ["Name", "Region", "Size", "Status"]
    table.grid.set_query("region:us")
    assert shown(table) == ["b"]


def test_one_refused_region_loses_no_row_of_the_others():
    no = refused(
        ViewResult(VIEW, "us-east-1", ME, 1.0),
        Refusal("denied", "s3:ListThings is denied.", "no", "explicit deny in a boundary", "R1", "s3:ListThings"),
    )
    table = table_of(named("a"), no, regions=("eu-west-1", "us-east-1"))
    assert shown(table) == ["a"]
    assert "⊘ denied" in text(note_rows(table, 90, Keys()))
    assert "us-east-1" in text(note_rows(table, 90, Keys()))


def test_a_denial_says_who_what_and_whose():
    refusal = Refusal(
        "denied",
        "s3:ListThings is denied.",
        "User: me is not authorized",
        "explicit deny in a boundary",
        "REQ-1",
        "s3:ListThings",
        resource="arn:aws:s3:::x",
    )
    told = text(instead_rows(table_of(refused(ViewResult(VIEW, "eu-west-1", ME, 1.0), refusal)), 100, "◌", Keys()))
    for words in (
        "⊘ denied",
        "s3:ListThings",
        "explicit deny in a boundary",
        "assumed-role/Reader/me",
        "arn:aws:s3:::x",
        "REQ-1",
        "is not authorized",
    ):
        assert words in told.replace("\n", "")


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        ("expired", "The session has ended"),
        ("throttled", "slowing us down"),
        ("region_off", "The region is off"),
        ("not_subscribed", "Not signed up"),
        ("out_of_reach", "out of reach"),
        ("not_aws", "Somebody else answered"),
    ],
)
def test_every_kind_of_no_has_its_own_words(cause, words):
    table = table_of(refused(ViewResult(VIEW, "eu-west-1", ME, 1.0), Refusal(cause, "A sentence.")))
    assert words in text(instead_rows(table, 80, "◌", Keys()))
    assert "denied" not in text(instead_rows(table, 80, "◌", Keys()))


def test_side_by_side_says_what_only_one_has_and_what_differs():
    theirs = result(
        [{"Name": "both", "Size": 4, "Status": "ok"}, {"Name": "changed", "Size": 7, "Status": "gone"}, {"Name": "theirs"}], OTHER
    )
    table = beside(named("both", "changed", "mine"), theirs)
    said = differences(table)
    assert said["mine", "one"] == said["theirs", "two"] == "only here"
    assert said["changed", "one"] == said["changed", "two"] == "differs"
    assert said["both", "one"] == ""
    table.differences = True
    table.rebuild()
    assert "both" not in shown(table)
    assert all(table.under_cursor() for _ in [table.grid.move(1) for _ in range(4)])


def test_against_a_role_that_may_not_see_it_nothing_is_a_difference():
    no = refused(ViewResult(VIEW, "eu-west-1", OTHER, 1.0), Refusal("denied", "No.", action="s3:ListThings"))
    assert set(differences(beside(named("a"), no)).values()) == {""}


def test_a_role_side_by_side_cannot_take_the_rows_of_the_other():
    table = beside(named("a"), named("b", identity=OTHER))
    with pytest.raises(WrongIdentity):
        table.take(1, named("c", at=200.0))


@pytest.mark.parametrize("width", [20, 40, 78, 96, 140])
def test_every_line_is_as_wide_as_the_table_whatever_is_in_it(width):
    table = table_of(result([{"Name": name, "Size": 5, "Status": name} for name in HOSTILE]))
    laid = lay_out(table.grid, table.visible(), 0, width)
    rows = [
        head_row(table.grid, laid, width),
        *(grid_row(table.grid.cells[row], table.grid, laid, width, here="focused") for row in table.grid.shown),
    ]
    assert {cells(row) for row in rows} == {width}


def test_columns_that_do_not_fit_are_reached_sideways():
    grid = Grid(tuple(Head(f"Column {number}") for number in range(12)))
    laid = lay_out(grid, range(12), 0, 60)
    assert laid.right > 0
    further = lay_out(grid, range(12), 6, 60)
    assert further.columns[0][0] == 0
    assert further.columns[1][0] == 7


def test_hidden_columns_and_tags():
    raw = [{"Name": "a", "Tags": [{"Key": "team", "Value": "payments"}, {"Key": "Name", "Value": "tagged"}]}, {"Name": "b"}]
    table = table_of(result(raw))
    assert table.known_tags() == ("Name", "team")
    table.tags, table.hidden = ("team", "Name"), {"Size"}
    table.rebuild()
    assert [head.title for head in table.grid.heads] == ["Name", "Size", "Status", "team", "Name (tag)"]
    assert table.visible() == [0, 2, 3, 4]
    table.grid.set_query("team:pay")
    assert shown(table) == ["a"]


def test_a_tag_that_is_no_column_is_found_all_the_same():
    table = table_of(result([{"Name": "a", "Tags": [{"Key": "team", "Value": "payments"}]}, {"Name": "b"}]))
    table.grid.set_query("team=pay")
    assert shown(table) == ["a"]


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(JSON_VALUES)
def test_a_description_draws_within_its_width_whatever_it_holds(document):
    for form in ("Tree", "JSON", "YAML"):
        for row in detail_rows(document, form, 50):
            assert cells(row) == 50
            assert not any(ord(letter) < 0x20 or letter in "\u202e\u2066" for part, _ in row for letter in part)


@given(JSON_VALUES)
def test_the_json_is_json(document):
    assert json.loads("\n".join(json_lines(document))) == document


def test_the_yaml_quotes_what_would_be_taken_for_something_else():
    document = {"a": "yes", "b": "12", "c": [1, {"d": "e f", "g": []}], "h": {}, "i": None, "j": "x: y"}
    assert "\n".join(yaml_lines(document)) == 'a: "yes"\nb: "12"\nc:\n  - 1\n  - d: e f\n    g: []\nh: {}\ni: null\nj: "x: y"'


@pytest.mark.parametrize(
    ("text", "size", "seen"),
    [
        ("2026-11-21 17:12:24", 19, "2026-11-21 17:12:24"),
        ("2026-11-21 17:12:24", 18, "2026-11-21 17:12"),
        ("2026-11-21T17:12:24Z", 14, "2026-11-21"),
        ("2026-11-21 17:12:24", 9, "2026…2:24"),
        ("2026-11-21 and more of it", 14, "2026-11… of it"),
    ],
)
def test_a_moment_without_room_loses_its_end_and_no_more(text, size, seen):
    grid = Grid((Head("Name"), Head("At")))
    row = grid_row(("x", text), grid, Laid(((0, 4), (1, size)), 0, 0), 40)
    assert "".join(part for part, _ in row)[8:].rstrip() == seen


def test_room_that_is_left_goes_to_the_columns_that_were_made_shorter():
    grid = Grid((Head("At"), Head("Line")))
    grid.widths = [19, 5_000]
    (_, first), (_, last) = lay_out(grid, range(2), 0, 120).columns
    assert first == 19
    assert last == 120 - 4 - 19 - 2
