from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui_app.explorer.cells import cell, plain, size
from tui_app.text import clean

NOON = datetime(2025, 6, 30, 12, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "value", [NOON, NOON.timestamp(), NOON.timestamp() * 1000, "2025-06-30T12:00:05.000+0000", NOON.replace(tzinfo=None)]
)
def test_a_date_in_any_spelling_is_the_same_day_and_the_same_moment(value):
    assert plain(value, "date") == "2025-06-30T12:00:05Z"
    assert cell(value, "date") == NOON.astimezone().strftime("%Y-%m-%d")


@pytest.mark.parametrize(
    ("value", "shape", "text"),
    [
        (None, "text", ""),
        (None, "date", ""),
        ("never", "date", "never"),
        (True, "yes", "yes"),
        (1, "yes", "yes"),
        (False, "yes", ""),
        (0, "number", "0"),
        (3600, "seconds", "1h"),
        (1536, "size", "1.5 KB"),
        (["a", "b"], "text", "a, b"),
        (["a\x1b[2J", "b"], "text", "a␛[2J, b"),
        ([], "text", ""),
        ([1, None, True, "x"], "text", "1, true, x"),
        ([None], "text", ""),
        ({"a": 1, "b": None}, "text", '{"a":1,"b":null}'),
        ({"é": ["x", True]}, "text", '{"é":["x",true]}'),
        ([{"Key": "team", "Value": "a, b"}, "x"], "text", '[{"Key":"team","Value":"a, b"},"x"]'),
        ([["a"], ["b"]], "text", '[["a"],["b"]]'),
        ({"at": NOON}, "text", '{"at":"2025-06-30T12:00:05Z"}'),
        ({"a": "\x1b[2J"}, "text", '{"a":"\\u001b[2J"}'),
        (True, "text", "true"),
        (False, "text", "false"),
        (0.5, "text", "0.5"),
    ],
)
def test_what_a_cell_shows(value, shape, text):
    assert cell(value, shape) == text


ANYTHING = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.integers(-(10**400), 10**400), st.floats(), st.text(), st.datetimes(),
        st.text("0123456789", max_size=5000), st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat),
    ),
    lambda items: st.lists(items, max_size=3) | st.dictionaries(st.text(max_size=5), items, max_size=3),
    max_leaves=5,
)  # fmt: skip


@given(ANYTHING, st.sampled_from(["text", "number", "date", "moment", "size", "seconds", "yes"]))
@example(10**17, "moment")
@example(10**400, "date")
@example(float("nan"), "seconds")
@example(float("inf"), "moment")
@example("9" * 5000, "size")
@example("0001-01-01T00:00:00+14:00", "date")
@example(datetime(9999, 12, 31), "moment")  # noqa: DTZ001 - as an answer without a time zone has it
def test_one_odd_value_of_an_answer_stops_nothing(value, shape):
    assert clean(cell(value, shape)) == cell(value, shape)
    json.dumps(plain(value, shape), allow_nan=False)


@pytest.mark.parametrize("value", [None, True, False, 3, 0.5, "x"])
def test_a_script_gets_a_plain_value_as_it_is(value):
    assert plain(value, "text") is value


PLAIN = st.none() | st.booleans() | st.integers() | st.text()


@given(st.recursive(PLAIN, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_a_structure_is_told_as_json_has_it(value):
    told = plain(value, "text")
    if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(item, (list, dict)) for item in value)):
        assert json.loads(told) == value
    else:
        assert not isinstance(told, (list, dict))


@pytest.mark.parametrize(("count", "text"), [(0, "0 B"), (999, "999 B"), (1_000, "1.0 KB"), (23_400_000_000, "23 GB"), (10**18, "1000 PB")])
def test_sizes(count, text):
    assert size(count) == text


@given(st.text())
def test_every_text_cell_is_clean_and_every_plain_value_is_whole(text):
    assert cell(text, "text") == clean(text)
    assert plain(text, "text") == text
