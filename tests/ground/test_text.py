from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.text import CELL_LIMIT, clean, front, middle, nearest


@pytest.mark.parametrize(
    "hostile",
    [
        "\x1b]0;title\x07",
        "\x1b[2J",
        "\x9b31m",
        "a\u202eb",
        "a\u200bb",
        "line\nbreak",
        "\x00",
        "\ufeffbom",
        "\U000e0041tag",
        "\ud800",
        "\x1b]52;c;YQ==\x1b\\",
    ],
)
def test_controls_and_invisible_characters_never_pass(hostile):
    assert all(character == " " or (unicodedata.category(character)[0] != "C" or character == "\ufffd") for character in clean(hostile))


@given(st.text())
def test_cleaning_is_idempotent_and_bounded(text):
    once = clean(text)
    assert clean(once) == once
    assert len(once) <= CELL_LIMIT
    assert "\n" not in once
    assert "\x1b" not in once


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=CELL_LIMIT))
def test_ordinary_text_stays_itself(text):
    assert clean(text) == text


def test_markup_is_text():
    assert clean("prod [dev] [/nope] [@click=app.quit]x") == "prod [dev] [/nope] [@click=app.quit]x"


def test_stacked_marks_are_capped():
    assert len(clean("e" + "\u0301" * 50)) == 5


@given(st.text(min_size=1), st.integers(0, 30))
def test_cutting_keeps_the_width(text, width):
    assert len(middle(text, width)) <= max(width, 0)
    assert len(front(text, width)) <= max(width, 0)


def test_cut_in_the_middle_keeps_both_ends():
    assert middle("CrossAccountDeveloperRole", 15) == "CrossAc…perRole"
    assert front("/home/me/.config/roledeck/config.toml:22", 15) == "…config.toml:22"


def test_the_nearest_word_is_named():
    assert nearest("exernal_id", ["external_id", "duration"]) == "external_id"
    assert nearest("zzz", ["external_id"]) is None
