from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
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
    ],
)
def test_what_a_cell_shows(value, shape, text):
    assert cell(value, shape) == text


@pytest.mark.parametrize(("count", "text"), [(0, "0 B"), (999, "999 B"), (1_000, "1.0 KB"), (23_400_000_000, "23 GB"), (10**18, "1000 PB")])
def test_sizes(count, text):
    assert size(count) == text


@given(st.text())
def test_every_text_cell_is_clean_and_every_plain_value_is_whole(text):
    assert cell(text, "text") == clean(text)
    assert plain(text, "text") == text
