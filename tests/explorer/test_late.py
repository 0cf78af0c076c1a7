"""Rows that are made when somebody looks at them are the same as rows that are made at once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.made_tables import VIEW, named, result
from tui_app.explorer.late import Late
from tui_app.explorer.piles import Pile
from tui_app.explorer.results import MOST_LATE, joined


@given(st.lists(st.text(max_size=3), max_size=6), st.lists(st.text(max_size=3), max_size=6))
def test_it_is_as_a_tuple_of_the_same(items, others):
    late = Late(len(items), lambda: tuple(items))
    assert list(late) == items
    assert late == tuple(items)
    assert tuple(items) == late
    assert late == Pile(items, len(items))
    assert (late == Late(len(others), lambda: tuple(others))) == (items == others)
    assert hash(late) == hash(tuple(items))
    assert late[1:] == tuple(items[1:])
    assert repr(late) == repr(tuple(items))
    assert late != items


def test_it_is_made_once_and_only_when_somebody_looks():
    made = []
    late = Late(2, lambda: (made.append(1), ("a", "b"))[1])
    assert len(late) == 2
    assert late
    assert not made
    assert (late[0], late[-1], *late) == ("a", "b", "a", "b")
    assert made == [1]
    with pytest.raises(IndexError):
        late[2]


def test_counting_a_first_sight_makes_no_cells():
    few = named(*map(str, range(MOST_LATE)))
    assert (few.count, few.count_text, few.state) == (MOST_LATE, str(MOST_LATE), "ok")
    assert not few.rows.is_made
    assert few.rows[3] == ("3", "1 B", "ok")
    assert few.arns[3] == "arn:aws:s3:::3"


def test_many_rows_are_made_where_they_are_asked_for():
    many = named(*map(str, range(MOST_LATE + 1)))
    assert isinstance(many.rows, tuple)
    assert many.rows[3] == ("3", "1 B", "ok")


def test_pages_of_both_kinds_are_one_table():
    rows = [{"Name": str(number), "Size": 1, "Status": "ok"} for number in range(MOST_LATE + 2)]
    first, rest = result(rows[:2], more=True), result(rows[2:])
    whole = joined(replace(first, view=VIEW), rest)
    assert [cells[0] for cells in whole.rows] == [row["Name"] for row in rows]
    assert len(whole.ids) == len(whole.tags) == len(rows)
