from __future__ import annotations

import os
import stat

import pytest

from tui_app.ui.look_choice import choose_look, remember, remembered, utf8


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"LANG": "en_GB.UTF-8"}, True),
        ({"LANG": "de_DE.utf8"}, True),
        ({}, True),
        ({"LANG": "C"}, False),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, False),
        ({"LC_CTYPE": "C.UTF-8"}, True),
        ({"LANG": "de_DE.ISO-8859-1"}, False),
        ({"LC_ALL": "C", "LANG": "en_GB.UTF-8"}, False),
        ({"LC_ALL": "en_GB.UTF-8", "LANG": "C"}, True),
    ],
)
def test_ascii_where_the_locale_is_not_utf8(environ, expected):
    assert utf8(environ) is expected


def test_no_color_wins_over_every_choice(tmp_path):
    environ = {"XDG_STATE_HOME": str(tmp_path), "NO_COLOR": "1", "LANG": "C.UTF-8"}
    remember(environ, "light")
    assert choose_look(environ, {"name": "light"}).plain


def test_what_was_chosen_in_the_program_is_kept_privately(tmp_path):
    environ = {"XDG_STATE_HOME": str(tmp_path), "LANG": "C.UTF-8"}
    remember(environ, "light")
    assert remembered(environ) == "light"
    assert choose_look(environ).name == "light"
    assert stat.S_IMODE(os.stat(tmp_path / "roledeck" / "theme").st_mode) == 0o600


def test_an_unknown_theme_is_dark_and_the_glyphs_can_be_set():
    assert choose_look({"LANG": "C.UTF-8"}, {"name": "pink"}).name == "dark"
    assert choose_look({"LANG": "C.UTF-8"}, {"glyphs": "ascii"}).ascii_only
    assert not choose_look({"LANG": "C"}, {"glyphs": "unicode"}).ascii_only
