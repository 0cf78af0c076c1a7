from __future__ import annotations

import os
import stat

import pytest

from tui_app.catalog.favourites import FAVOURITES, note_recent, read_favourites, read_recents, write_favourites


@pytest.fixture
def environ(tmp_path):
    return {"XDG_STATE_HOME": str(tmp_path)}


def test_favourites_keep_their_order_and_are_private(environ, tmp_path):
    write_favourites(environ, ["b", "a", "b"])
    assert read_favourites(environ) == ("b", "a")
    file = tmp_path / "roledeck" / FAVOURITES
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == [FAVOURITES]


@pytest.mark.parametrize("content", ["", "{", '{"a": 1}', "[1, null]", "\udcff", "[" * 100_000])
def test_a_broken_file_holds_none(environ, tmp_path, content):
    (tmp_path / "roledeck").mkdir()
    (tmp_path / "roledeck" / FAVOURITES).write_text(content, encoding="utf-8", errors="surrogateescape")
    assert read_favourites(environ) == ()


def test_the_latest_comes_first_among_what_was_used(environ):
    for moment, key in enumerate(("a", "b", "a")):
        note_recent(environ, key, float(moment))
    assert read_recents(environ) == (("a", 2.0), ("b", 1.0))


def test_what_cannot_be_written_is_an_error_and_leaves_the_old(environ, tmp_path):
    write_favourites(environ, ["a"])
    folder = tmp_path / "roledeck"
    target = folder / f"{FAVOURITES}.{os.getpid()}.new"
    target.mkdir()
    with pytest.raises(IsADirectoryError):
        write_favourites(environ, ["b"])
    assert read_favourites(environ) == ("a",)
