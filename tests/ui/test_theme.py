from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.ui.glyphs import ASCII, DENIED
from tui_app.ui.theme import (
    DARK,
    GROUNDS,
    INKS,
    LIGHT,
    READABLE,
    Look,
    contrast,
    environment_ink,
    is_production,
    textual_theme,
)


@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("ink", INKS)
@pytest.mark.parametrize("ground", GROUNDS)
def test_every_ink_can_be_read_on_every_ground(palette, ink, ground):
    assert contrast(palette[ink], palette[ground]) >= READABLE


@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("ink", ["on-fill", "on-fill-muted"])
def test_words_on_the_production_ground_can_be_read(palette, ink):
    assert contrast(palette[ink], palette["fill"]) >= READABLE


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == pytest.approx(1)


@pytest.mark.parametrize("name", ["dark", "light", "plain"])
def test_the_stylesheet_gets_every_token(name):
    variables = textual_theme(name).variables
    assert {f"r-{token}" for token in DARK} <= variables.keys()


def test_no_environment_has_the_colour_of_a_state():
    for palette in (DARK, LIGHT):
        states = {palette[token] for token in ("live", "soon", "wrong")}
        assert not states & {palette[environment_ink(name)] for name in ("prod", "staging", "dev", "shared", "sandbox", "anything")}


@pytest.mark.parametrize("spec", ["bold live on cursor", "text", "muted on raised", "bold fill on on-fill", "", "on-fill-line on fill"])
def test_without_colour_nothing_but_attributes_is_used(spec):
    style = Look("plain").style(spec)
    assert style.color is None
    assert style.bgcolor is None


def test_without_colour_the_cursor_and_the_fill_are_reversed_and_the_badge_in_it_is_not():
    look = Look("plain")
    assert look.style("text on cursor").reverse
    assert look.style("on-fill on fill").reverse
    assert not look.style("bold fill on on-fill").reverse


@given(
    st.lists(st.tuples(st.text(max_size=8), st.sampled_from(["text", "bold live", "muted on cursor"])), max_size=5).map(tuple),
    st.integers(0, 60),
)
def test_a_strip_is_exactly_as_wide_as_asked(row, width):
    assert Look().strip(row, width).cell_length == width


def test_production_goes_by_several_names():
    assert is_production("prod")
    assert is_production("Production")
    assert not is_production("staging")


def test_in_ascii_what_stands_alone_in_a_cell_of_counts_is_told_apart():
    frames = Look("plain", ascii_only=True).spinner
    alone = [glyph.translate(ASCII) for glyph in (DENIED, "—", "…", "0")]
    assert len(set(alone)) == len(alone)
    assert not set(frames) & {DENIED.translate(ASCII), "—".translate(ASCII), "0"}
