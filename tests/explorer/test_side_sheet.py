"""Roles side by side on the command line: nothing is kept quiet of what somebody was not shown."""

from __future__ import annotations

from tests.ui.made_tables import OTHER, named
from tui_app.explorer.compare import side_by_side
from tui_app.explorer.labels import Named
from tui_app.explorer.side_sheet import side_table

NAMES = (Named("production", "Reader"), Named("staging", "Reader"))


def test_an_answer_of_which_there_is_more_is_said():
    lines = side_table(side_by_side((named("a", "b"), named("a", identity=OTHER, more=True))), NAMES)
    assert lines[-1] == "staging/Reader  eu-west-1  only the first 1 row, there is more"


def test_whole_answers_need_no_word():
    lines = side_table(side_by_side((named("a"), named("a", identity=OTHER))), NAMES)
    assert not [line for line in lines if "more" in line]
