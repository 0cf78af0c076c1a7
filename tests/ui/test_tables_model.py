"""Long tables against those laid out at one go: whatever comes at whichever step, each row is its own answer's, and none is lost."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ui.made_tables import ME, OTHER, VIEW, result, visitor
from tui_app.explorer.again import with_rest
from tui_app.explorer.results import joined
from tui_app.ui.explorer.places import Table

ROWS = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from([1, 2, None]), st.sampled_from(["ok", "gone"])), max_size=7)
WHO = st.integers(0, 1)
STEPS = st.one_of(
    st.tuples(st.sampled_from(["answer", "page", "first pages"]), WHO, ROWS),
    st.tuples(st.just("sort"), st.integers(-1, 3), st.booleans()),
    st.tuples(st.just("filter"), st.sampled_from(["", "a", "!gone", "size:1", "only", "differs"])),
    st.tuples(st.just("go on"), st.integers(1, 6)),
    st.tuples(st.sampled_from(["differences", "tags"])),
)


@contextmanager
def small_steps():
    """Four rows are a long table, and all is done one row or two at a time."""
    with ExitStack() as stack:
        for place, names in {
            "places": {"AT_ONCE": 3},
            "grid": {"AT_ONCE": 3, "STEP": 2, "SCREENFUL": 2},
            "laying": {"STEP": 2},
            "ordering": {"STEP": 2, "_FEW": 2},
            "filtering": {"STEP": 1},
            "letting_go": {"STEP": 1},
        }.items():
            stack.enter_context(mock.patch.multiple(f"tui_app.ui.explorer.{place}", **names))
        yield


def do(table: Table, step) -> None:
    what, *more = step
    if what in ("answer", "page", "first pages"):
        take(table, what, more[0] % len(table.visitors), more[1])
    elif what == "sort":
        table.sort_by(min(more[0], table.visible()[-1]), down=more[1])
    elif what == "filter":
        table.filter_by(more[0])
    elif what == "go on":
        for _ in range(more[0]):
            table.go_on(0)
            check_answers(table)
    elif what == "tags":
        table.tags = () if table.tags else ("team",)
        table.rebuild()
    else:
        table.differences = table.beside and not table.differences
        table.rebuild()


def take(table: Table, what: str, number: int, rows) -> None:
    known = table.results.get((number, "eu-west-1"))
    made = [{"Name": name, "Size": size, "Status": status} for name, size, status in rows]
    now = result(made, (ME, OTHER)[number], more=True)
    if known is not None and what != "answer":
        now = joined(known, now) if what == "page" else with_rest(known, now)
    table.take(number, now)


def check_answers(table: Table) -> None:
    """Each row is known by the answer that it is of."""
    for row, (key, cells) in enumerate(zip(table.grid.keys, table.grid.cells, strict=True)):
        answer, index = table.of_row(row)
        assert (answer.ids[index], answer.rows[index][0]) == (key.id, cells[0])


def at_one_go(table: Table) -> Table:
    """All that a table knows, laid out anew."""
    fresh = Table(table.view, table.visitors, table.regions)
    fresh.tags, fresh.differences = table.tags, table.differences
    for (number, _), known in table.results.items():
        fresh.take(number, known)
    fresh.rebuild()
    fresh.sort_by(table.grid.sort, down=table.grid.down)
    fresh.filter_by(table.grid.query)
    fresh.go_on()
    return fresh


@settings(max_examples=150)
@given(st.lists(STEPS, max_size=20), st.integers(1, 2))
def test_whatever_comes_at_whichever_step_nothing_is_lost(steps, roles):
    table = Table(VIEW, (visitor(ME, "one"), visitor(OTHER, "two"))[:roles], ("eu-west-1",))
    with small_steps():
        for step in steps:
            do(table, step)
            check_answers(table)
        table.go_on()
    assert (table.grid.sort, table.grid.down) == table.grid.wanted
    assert len(set(table.grid.keys)) == len(table.grid.keys)
    fresh = at_one_go(table)
    assert table.grid.heads == fresh.grid.heads
    assert sorted(table.grid.cells) == sorted(fresh.grid.cells)
    assert sorted(table.grid.cells[row] for row in table.grid.shown) == sorted(fresh.grid.cells[row] for row in fresh.grid.shown)
    if roles == 1:
        assert [table.grid.cells[row] for row in table.grid.shown] == [fresh.grid.cells[row] for row in fresh.grid.shown]
