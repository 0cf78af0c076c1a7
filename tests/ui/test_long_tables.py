"""Tables too long for one go: laid out in steps, with what comes meanwhile; two roles side by side, page after page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.made_tables import ME, OTHER, VIEW, differences, named, result, shown, table_of, visitor
from tui_app.explorer.again import with_rest
from tui_app.explorer.refusals import Refusal
from tui_app.explorer.results import ViewResult, joined, refused
from tui_app.ui.explorer.places import Table

NAMES = st.lists(st.sampled_from("abcdefgh"), max_size=6)


@pytest.fixture
def few(monkeypatch):
    """Three rows are a long table, laid out one by one."""
    shorten(monkeypatch)


def shorten(monkeypatch) -> None:
    monkeypatch.setattr("tui_app.ui.explorer.places.AT_ONCE", 3)
    monkeypatch.setattr("tui_app.ui.explorer.laying.STEP", 1)
    monkeypatch.setattr("tui_app.ui.explorer.ordering.STEP", 1)


def page(before, *names: str, identity=ME):
    return joined(before, named(*names, identity=identity, more=True))


def beside(mine, theirs) -> Table:
    table = Table(VIEW, (visitor(ME, "one"), visitor(OTHER, "two")), ("eu-west-1",))
    table.take(0, mine)
    table.take(1, theirs)
    return table


@pytest.mark.usefixtures("few")
def test_an_empty_table_fills_and_shows_what_is_there():
    table = table_of(named(*"dbca"))
    seen = []
    while not table.go_on(0):
        seen.append(len(shown(table)))
    assert seen[0] == 1
    assert shown(table) == list("dbca")


@pytest.mark.usefixtures("few")
def test_the_rows_stay_with_their_own_answer_until_the_others_are_ready():
    table = table_of(named(*"abcd"))
    table.go_on()
    table.grid.move(2)
    table.take(0, named(*"xwcvu", at=200.0))
    assert shown(table) == list("abcd")
    kept, index = table.under_cursor()
    assert (kept.at, kept.ids[index]) == (100.0, "c")
    table.go_on()
    assert shown(table) == list("xwcvu")
    renewed, index = table.under_cursor()
    assert (renewed.at, renewed.ids[index]) == (200.0, "c")


@pytest.mark.usefixtures("few")
def test_a_page_that_comes_while_columns_are_laid_out_is_not_lost():
    first = named(*"abcd", more=True)
    table = table_of(first)
    table.go_on()
    table.tags = ("team",)
    table.rebuild()
    table.go_on(0)
    table.take(0, page(first, "e", "f"))
    assert not table.go_on(0)
    table.go_on()
    assert shown(table) == list("abcdef")
    assert [head.title for head in table.grid.heads][-1] == "team"


@pytest.mark.usefixtures("few")
def test_an_order_asked_for_while_rows_are_laid_out_is_kept():
    table = table_of(named(*"dbca"))
    table.sort_by(0, down=True)
    table.go_on(0)
    table.go_on()
    assert shown(table) == list("dcba")
    table.sort_by(0)
    assert shown(table) == list("dcba")
    table.sort_by(-1)
    table.go_on()
    assert shown(table) == list("dbca")


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("steps", range(0, 30, 3))
@pytest.mark.parametrize("before", ["", "zyx"])
def test_an_answer_that_comes_at_any_step_is_not_lost(steps, before):
    table = table_of(named(*before)) if before else table_of(named(*"dbca"))
    table.sort_by(0, down=True)
    if before:
        table.go_on()
        table.take(0, named(*"dbca", at=150.0))
    for _ in range(steps):
        table.go_on(0)
    table.take(0, named(*"xwcvu", at=200.0))
    table.go_on()
    assert shown(table) == list("xwvuc")
    assert table.under_cursor()[0].at == 200.0


def check_answers(table: Table) -> None:
    """Each row is known by the answer that it is of."""
    for row in range(len(table.grid.cells)):
        answer, index = table.of_row(row)
        assert answer.rows[index][0] == table.grid.cells[row][0]
        assert answer.ids[index] == table.grid.keys[row].id


@pytest.mark.usefixtures("few")
def test_each_row_is_known_by_its_own_answer_also_while_the_earlier_ones_are_freed():
    table = table_of(named(*"abcdef"))
    table.go_on()
    table.take(0, named(*"xwcv", at=200.0))
    check_answers(table)
    while not table.go_on(0):
        check_answers(table)


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("steps", range(2, 16))
def test_an_order_asked_for_at_any_step_of_a_reload_is_kept(steps):
    table = table_of(named(*"zyxw"))
    table.go_on()
    table.take(0, named(*"dbca", at=150.0))
    for _ in range(steps):
        table.go_on(0)
    table.sort_by(0, down=True)
    table.go_on(0)
    table.sort_by(0)
    table.go_on()
    assert shown(table) == list("abcd")


def test_a_reload_of_the_first_pages_only_changes_their_rows():
    known = named(*"abcd", more=True)
    table = table_of(known)
    rows = [{"Name": name, "Size": 9, "Status": "changed"} for name in "ab"]
    now = with_rest(known, result(rows, more=True, at=200.0))
    table.take(0, now)
    assert [table.grid.cells[row] for row in table.grid.shown] == list(now.rows)
    assert table.grid.cells[0][2] == "changed"


@pytest.mark.usefixtures("few")
def test_what_may_no_longer_be_seen_goes_at_once():
    table = table_of(named(*"abcd"))
    table.go_on()
    table.rebuild()
    table.go_on(0)
    table.take(0, refused(ViewResult(VIEW, "eu-west-1", ME, 200.0), Refusal("denied", "No.", action="s3:ListThings")))
    assert shown(table) == []
    assert table.go_on(0)


@pytest.mark.usefixtures("few")
def test_a_second_region_is_added_to_the_first():
    table = table_of(named(*"abcd"), regions=("eu-west-1", "us-east-1"))
    table.go_on()
    table.grid.move(3)
    table.take(0, named("e", region="us-east-1"))
    assert shown(table) == list("abcde")
    assert table.grid.cursor.id == "d"


def test_rows_of_one_id_on_two_pages_are_two_rows():
    first = named("a", "b", more=True)
    table = table_of(first)
    table.take(0, page(first, "a"))
    assert len(set(table.grid.keys)) == 3
    table.grid.move(2)
    table.rebuild()
    assert table.grid.at == 2


@given(NAMES, NAMES, st.lists(st.tuples(st.booleans(), NAMES), max_size=4), st.sampled_from(["", "only", "!only", "a"]), st.integers(-1, 3))
def test_page_after_page_side_by_side_is_what_all_at_once_is(mine, theirs, pages, query, column):
    latest = [named(*mine, more=True), changed(theirs)]
    table = beside(*latest)
    table.grid.set_query(query)
    table.sort_by(column)
    for first, names in pages:
        number = 0 if first else 1
        latest[number] = joined(latest[number], (named(*names, more=True), changed(names))[number])
        table.take(number, latest[number])
    fresh = beside(*latest)
    fresh.grid.set_query(query)
    fresh.sort_by(column)
    assert differences(table) == differences(fresh)
    assert sorted(table.grid.cells) == sorted(fresh.grid.cells)
    assert len(table.grid.shown) == len(fresh.grid.shown)
    for row, (answer, index) in zip(table.grid.shown, table.shown_rows(), strict=True):
        assert answer.rows[index][0] == table.grid.cells[row][0]


def changed(names):
    """What the other role is shown: the same, but for `b` and `c`."""
    rows = [{"Name": name, "Size": 1, "Status": "gone" if name in "bc" else "ok"} for name in names]
    return replace(result(rows, OTHER, more=True), at=100.0)


@pytest.mark.usefixtures("few")
def test_a_page_that_comes_before_all_rows_are_shown_again_is_not_lost():
    mine = named(*"abcd", more=True)
    table = beside(mine, result([{"Name": name, "Size": 1, "Status": "ok"} for name in "abc"], OTHER))
    table.differences = True
    table.rebuild()
    table.go_on()
    table.differences = False
    table.rebuild()
    table.take(0, page(mine, "e", "c"))
    table.go_on()
    assert shown(table) == list("abcdecabc")
    assert differences(table)["d", "one"] == "only here"


@pytest.mark.usefixtures("few")
def test_only_the_differences_page_after_page():
    mine = named(*"abcd", more=True)
    table = beside(mine, result([{"Name": name, "Size": 1, "Status": "ok"} for name in "abc"], OTHER))
    table.differences = True
    table.rebuild()
    table.go_on()
    assert shown(table) == ["d"]
    table.take(0, page(mine, "e"))
    table.go_on()
    assert shown(table) == ["d", "e"]
