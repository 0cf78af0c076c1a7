from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui_app.ui.draw import bar, cells, clip, fit, line, numerals, paragraph, wrapped, wrapped_arn

TEXT = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Mn", "Me", "Zl", "Zp")), max_size=40)


@given(TEXT, st.integers(0, 30), st.sampled_from(["end", "middle"]))
def test_fit_gives_exactly_the_width(text, width, cut):
    assert cell_len(fit(text, width, cut=cut)) == width


def test_fit_cuts_in_the_middle_where_the_tail_tells_things_apart():
    assert fit("CrossAccountDeveloperRole", 17, cut="middle") == "CrossAcc…operRole"
    assert fit("payments-production", 10) == "payments-…"


@given(TEXT, TEXT, st.integers(10, 80))
def test_a_line_is_never_wider_than_asked(left, right, width):
    ends = [(right[: width // 3], "muted")]
    if cells(ends) <= width:
        assert cells(line(width, [(left, "text")], ends)) == width


@pytest.mark.parametrize(("share", "full"), [(1, 8), (0.99, 7), (0.5, 4), (0.01, 1), (0, 0), (2, 8)])
def test_a_bar_is_rounded_down_and_has_a_cell_while_there_is_time(share, full):
    (heavy, _), (light, _) = bar(8, share, "live")
    assert heavy == "━" * full
    assert len(heavy + light) == 8


@pytest.mark.parametrize("text", ["47:12", "3h 41m", "0:00", "12h 00m"])
def test_numerals_are_three_rows_of_one_width(text):
    rows = numerals(text)
    assert len(rows) == 3
    assert len({len(row) for row in rows}) == 1


ARN = "arn:aws:sts::111122223333:assumed-role/CrossAccountDeveloperRole/somebody@example.com"


@pytest.mark.parametrize("width", [20, 31, 39, 55, 200])
def test_an_arn_is_wrapped_and_never_cut(width):
    lines = wrapped_arn(ARN, width)
    assert "".join(lines) == ARN
    assert all(len(text) <= width for text in lines)


def test_an_arn_breaks_after_a_slash_where_it_can():
    assert wrapped_arn(ARN, 39)[0].endswith("assumed-role/")


@given(st.text(alphabet="abc/: ", max_size=80), st.integers(8, 40))
def test_wrapped_text_keeps_every_word(text, width):
    lines = wrapped(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(len(part) <= width for part in lines)


def test_what_does_not_fit_is_cut_with_a_mark():
    assert clip([("abcdef", "text"), ("ghi", "muted")], 4) == [("abc…", "text")]


def test_a_paragraph_hangs_under_its_mark():
    rows = paragraph(30, "one two three four five six seven", "text", lead=("✕ ", "wrong"))
    texts = ["".join(text for text, _ in row) for row in rows]
    assert texts[0].startswith("  ✕ one")
    assert texts[1].startswith("    ")
