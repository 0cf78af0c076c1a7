"""Long tables against a naive model: any row of pages, orders, filters and moves shows what sorting and filtering from nothing would."""

from __future__ import annotations

from contextlib import ExitStack
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st

from tui_app.explorer.piles import Pile, piled
from tui_app.ui.explorer.grid import Chunk, Grid, Head, Key, terms_of
from tui_app.ui.explorer.ordering import Ordering

VALUES = st.one_of(st.none(), st.just(""), st.integers(-3, 12), st.booleans(), st.text(alphabet="abAB1", max_size=3))
PAGES = st.lists(st.tuples(st.text(alphabet="abcAB", max_size=3), VALUES), max_size=9)
QUERIES = st.text(alphabet="abc1 !:n", max_size=7) | st.sampled_from(["name:a", "count:1", "!count:1", "n:a !b", "name:a name:b"])
STEPS = st.one_of(
    st.tuples(st.just("add"), PAGES),
    st.tuples(st.just("sort"), st.sampled_from([-1, 0, 1]), st.booleans()),
    st.tuples(st.just("filter"), QUERIES),
    st.tuples(st.just("letter"), st.sampled_from("abc1! ")),
    st.tuples(st.just("back")),
    st.tuples(st.just("move"), st.integers(-9, 9)),
)


def small_steps(step: int, few: int):
    """Tables of a few rows are taken for long ones."""
    return mock.patch.multiple("tui_app.ui.explorer.ordering", STEP=step, _FEW=few)


def chunk_of(page, start: int = 0) -> Chunk:
    cells = [(name, "" if count is None else str(count)) for name, count in page]
    keys = [Key(0, "", str(number)) for number in range(start, start + len(page))]
    return Chunk(keys, cells, list(page), ["\x1f".join(row).casefold() for row in cells])


def in_order(values, down: bool) -> list[int]:
    """Figures before words, equals as they came, what is not there last whichever way round."""

    def figure(row: int) -> bool:
        return isinstance(values[row], (int, float))

    there = [row for row in range(len(values)) if values[row] not in (None, "")]
    figures = sorted(filter(figure, there), key=lambda row: values[row], reverse=down)
    words = sorted((row for row in there if not figure(row)), key=lambda row: values[row].casefold(), reverse=down)
    nothing = [row for row in range(len(values)) if values[row] is None or values[row] == ""]
    return [*words, *figures, *nothing] if down else [*figures, *words, *nothing]


def lets_through(grid: Grid, row: int) -> bool:
    def holds(term) -> bool:
        text = "\x1f".join(grid.cells[row]) if term.column < 0 else grid.cells[row][term.column]
        return (term.text in text.casefold()) is not term.excludes

    return all(holds(term) for term in terms_of(grid.query, grid.heads))


def expected(grid: Grid) -> list[int]:
    count = len(grid.cells)
    if grid.sort >= 0:
        order = in_order([values[grid.sort] for values in grid.values], grid.down)
    else:
        order = list(range(count - 1, -1, -1)) if grid.down else list(range(count))
    return [row for row in order if lets_through(grid, row)]


def typed(query: str, step) -> str:
    """The filter after a key."""
    what, *more = step
    return query[:-1] if what == "back" else query + more[0] if what == "letter" else more[0]


def do(grid: Grid, step) -> None:
    what, *more = step
    if what == "add":
        grid.add(chunk_of(more[0], len(grid.cells)))
    elif what == "sort":
        grid.sort_by(more[0], down=more[1])
    elif what == "move":
        grid.move(more[0])
    else:
        grid.set_query(typed(grid.query, step))


@settings(max_examples=150)
@given(st.lists(STEPS, max_size=14), st.integers(1, 4), st.sampled_from([1, 16]))
def test_whatever_is_done_the_rows_are_those_of_the_model_and_the_cursor_stays(steps, step, few):
    with small_steps(step, few):
        grid = Grid((Head("Name"), Head("Count", right=True)))
        for one in steps:
            cursor = grid.cursor
            do(grid, one)
            assert list(grid.shown) == expected(grid)
            still_shown = cursor is not None and any(grid.keys[row] == cursor for row in grid.shown)
            if one[0] != "move" and still_shown:
                assert grid.cursor == cursor


def long_tables(step: int):
    """Three rows are a long table, and two fill a screen."""
    return (
        small_steps(2, 16),
        mock.patch("tui_app.ui.explorer.filtering.STEP", step),
        mock.patch.multiple("tui_app.ui.explorer.grid", STEP=2, AT_ONCE=3, SCREENFUL=2),
    )


class InSteps:
    """The same as `do`, begun and not finished: what is under way goes on between the keys, and what is begun takes its place."""

    def __init__(self, grid: Grid) -> None:
        self.grid, self.under_way = grid, iter(())

    def do(self, step) -> None:
        grid, (what, *more) = self.grid, step
        if what == "go on":
            if not grid.find_more():
                next(self.under_way, None)
        elif what == "reload":
            self.under_way = grid.replacing(grid.heads, [chunk_of(more[0][at : at + 2], at) for at in range(0, len(more[0]), 2)])
        elif what == "sort":
            self.under_way = grid.sorting(more[0], down=more[1])
        elif what in ("filter", "letter", "back"):
            grid.look_for(typed(grid.query, step))
        else:
            do(grid, step)


@settings(max_examples=150)
@given(
    st.lists(st.one_of(STEPS, st.tuples(st.just("reload"), PAGES), st.just(("go on",))), max_size=24),
    PAGES,
    st.integers(1, 3),
)
def test_a_filter_that_is_finished_later_finds_what_one_at_once_does(steps, first, step):
    with ExitStack() as stack:
        for patch in long_tables(step):
            stack.enter_context(patch)
        grid = Grid((Head("Name"), Head("Count", right=True)))
        in_steps = InSteps(grid)
        grid.add(chunk_of(first))
        for one in steps:
            row, before = grid.row, expected(grid)
            in_steps.do(one)
            all_of_them = expected(grid)
            assert is_piece_of(all_of_them, list(grid.shown))
            assert grid.finding is not None or len(grid.shown) == len(all_of_them)
            assert 0 <= grid.at <= max(0, len(grid.shown) - 1)
            if one[0] == "move":
                assert grid.row == moved(before, row, one[1])
            elif row in all_of_them and one[0] != "reload":
                assert grid.row == row
        row = grid.row
        grid.find_all()
        assert list(grid.shown) == expected(grid)
        assert row in (-1, grid.row)


def is_piece_of(all_of_them: list[int], some: list[int]) -> bool:
    """Whether they are there one after the other."""
    start = all_of_them.index(some[0]) if some else 0
    return all_of_them[start : start + len(some)] == some


def moved(rows: list[int], row: int, by: int) -> int:
    """The row that a move leads to, among all that the filter lets through."""
    place = max(0, min(len(rows) - 1, (rows.index(row) if row >= 0 else 0) + by))
    return rows[place] if rows else -1


def lines(grid: Grid) -> dict[int, int]:
    """The rows by the lines on which somebody sees them who follows what is carried."""
    return {place - grid.carried: row for place, row in enumerate(grid.shown)}


@given(PAGES, QUERIES, QUERIES, st.integers(0, 9), st.sampled_from([-1, 0]), st.booleans(), st.integers(1, 3))
def test_rows_found_later_come_above_and_below_and_move_none(page, first, query, rows, column, down, step):  # noqa: PLR0917 - what Hypothesis draws
    with ExitStack() as stack:
        for patch in long_tables(step):
            stack.enter_context(patch)
        grid = Grid((Head("Name"), Head("Count")))
        grid.add(chunk_of(page))
        grid.sort_by(column, down=down)
        grid.set_query(first)
        grid.move(rows)
        line, row = grid.at - grid.carried, grid.row
        grid.look_for(query)
        if row >= 0 and row == grid.row:
            assert grid.at - grid.carried == line
        while True:
            seen = lines(grid)
            if not grid.find_more():
                break
            assert seen.items() <= lines(grid).items()


@given(PAGES.filter(bool), QUERIES, st.sampled_from([-1, 0]), st.integers(1, 30))
def test_the_end_of_a_filter_that_is_not_finished_is_its_end(page, query, column, rows):
    with ExitStack() as stack:
        for patch in long_tables(1):
            stack.enter_context(patch)
        grid = Grid((Head("Name"), Head("Count")))
        grid.add(chunk_of(page))
        grid.sort_by(column)
        grid.look_for(query)
        row = grid.row
        grid.move(rows)
        assert grid.row == moved(expected(grid), row, rows)
        grid.move(-rows - len(page))
        assert grid.row == moved(expected(grid), -1, 0)


@given(PAGES, PAGES, st.booleans(), st.integers(0, 1))
def test_pages_that_come_while_a_table_is_sorted_are_in_the_order(first, further, down, column):
    with small_steps(2, 16), mock.patch("tui_app.ui.explorer.grid.STEP", 2):
        grid = Grid((Head("Name"), Head("Count")))
        grid.add(chunk_of(first))
        sorting = grid.sorting(column, down)
        next(sorting, None)
        grid.add(chunk_of(further, len(first)))
        for _ in sorting:
            assert sorted(grid.shown) == list(range(len(first) + len(further)))
        assert list(grid.shown) == expected(grid)


@given(PAGES, PAGES, st.sampled_from([-1, 0, 1]), st.booleans(), QUERIES)
def test_other_rows_keep_order_filter_and_the_cursors_row(first, second, column, down, query):
    grid = Grid((Head("Name"), Head("Count")))
    grid.add(chunk_of(first))
    grid.sort_by(column, down=down)
    grid.set_query(query)
    cursor = grid.cursor
    replacing = grid.replacing(grid.heads, [chunk_of(second)])
    next(replacing)
    assert len(grid.cells) == len(first)
    for _ in replacing:
        pass
    assert list(grid.shown) == expected(grid)
    if cursor in [grid.keys[row] for row in grid.shown]:
        assert grid.cursor == cursor


@given(st.lists(VALUES, max_size=40), st.lists(VALUES, max_size=10), st.booleans(), st.integers(1, 5))
def test_sorting_in_steps_is_sorting(values, further, down, step):
    with small_steps(step, 16):
        ordering = Ordering(down=down)
        for _ in ordering.adding(values[start : start + step] for start in range(0, len(values), step)):
            pass
        assert list(ordering.rows) == in_order(values, down)
        ordering.add(further)
        assert list(ordering.rows) == in_order([*values, *further], down)


@given(st.lists(st.lists(st.integers(), max_size=4), min_size=1, max_size=6))
def test_a_pile_is_what_joining_tuples_gives_and_no_earlier_one_changes(pages):
    piles, tuples = [tuple(pages[0])], [tuple(pages[0])]
    for page in pages[1:]:
        piles.append(piled(piles[-1], tuple(page)))
        tuples.append(tuples[-1] + tuple(page))
    assert piles == tuples
    for pile, made in zip(piles, tuples, strict=True):
        assert [*pile] == [*made]
        assert pile[1:3] == made[1:3]
        assert pile[::-1] == made[::-1]
        assert hash(pile) == hash(made)


def test_two_who_go_on_from_the_same_rows_do_not_meet():
    first = piled((1,), (2,))
    left, right = piled(first, (3,)), piled(first, (4,))
    assert (*left,) == (1, 2, 3)
    assert (*right,) == (1, 2, 4)
    assert isinstance(first, Pile)
    assert first[-1] == 2
