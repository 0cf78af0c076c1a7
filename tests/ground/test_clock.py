from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.clock import ago, parse_duration, parse_moment, rfc3339, time_left, typed_duration


@pytest.mark.parametrize(
    ("text", "seconds"), [("15m", 900), ("1h", 3600), ("3600", 3600), (3600, 3600), (" 1H30M ", 5400), ("90s", 90), ("2d", 172800)]
)
def test_a_duration_is_read_as_people_type_it(text, seconds):
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "h", "1 h", "-1h", "1.5h", "one hour", "1h!", "٣h", True, "1w"])
def test_what_is_no_duration_says_so(text):
    with pytest.raises(ValueError, match="15m, 1h or 3600"):
        parse_duration(text)


@given(st.integers(0, 10_000_000))
def test_a_duration_survives_being_written_and_read(seconds):
    assert parse_duration(typed_duration(seconds)) == seconds


@pytest.mark.parametrize(
    ("seconds", "shown"), [(58, "0:58"), (47 * 60 + 12, "47:12"), (3 * 3600 + 41 * 60 + 59, "3h 41m"), (-5, "0:00"), (3599.9, "59:59")]
)
def test_time_left(seconds, shown):
    assert time_left(seconds) == shown


@pytest.mark.parametrize(("seconds", "shown"), [(12, "12s ago"), (300, "5m ago"), (7300, "2h ago"), (200000, "2d ago"), (-1, "0s ago")])
def test_ago(seconds, shown):
    assert ago(seconds) == shown


@pytest.mark.parametrize(
    "text",
    ["2026-11-21T06:08:30UTC", "2026-11-21T06:08:30+00:00", "2026-11-21T06:08:30Z", "2026-11-21T06:08:30.000Z", "2026-11-21T06:08:30"],
)
def test_every_spelling_of_a_moment_in_aws_caches_is_the_same_moment(text):
    assert rfc3339(parse_moment(text)) == "2026-11-21T06:08:30Z"


@pytest.mark.parametrize("text", ["", "NaN", "tomorrow", "UTC"])
def test_what_is_no_moment_raises_value_error(text):
    with pytest.raises(ValueError):  # noqa: PT011 - the message is Python's own
        parse_moment(text)
