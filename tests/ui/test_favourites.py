from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from tui_app.catalog.favourites import FAVOURITES, read_favourites, set_favourite
from tui_app.catalog.state_file import write_list


@pytest.fixture
def environ(tmp_path):
    return {"XDG_STATE_HOME": str(tmp_path)}


def test_favourites_keep_their_order_and_are_private(environ, tmp_path):
    for key in ("b", "a"):
        set_favourite(environ, key, lambda: True)
    assert read_favourites(environ) == ("b", "a")
    file = tmp_path / "roledeck" / FAVOURITES
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == [FAVOURITES]


def test_a_key_that_is_in_the_file_twice_is_one_favourite(environ):
    write_list(environ, FAVOURITES, ["b", "a", "b"])
    assert read_favourites(environ) == ("b", "a")


@pytest.mark.parametrize("content", ["", "{", '{"a": 1}', "[1, null]", "\udcff", "[" * 100_000])
def test_a_broken_file_holds_none(environ, tmp_path, content):
    (tmp_path / "roledeck").mkdir()
    (tmp_path / "roledeck" / FAVOURITES).write_text(content, encoding="utf-8", errors="surrogateescape")
    assert read_favourites(environ) == ()


def test_two_windows_do_not_lose_each_others_favourites(environ):
    with ThreadPoolExecutor(8) as windows:
        list(windows.map(lambda number: set_favourite(environ, f"role{number}", lambda: True), range(24)))
    assert sorted(read_favourites(environ)) == sorted(f"role{number}" for number in range(24))
    assert set_favourite(environ, "role3", lambda: False) == read_favourites(environ)
    assert "role3" not in read_favourites(environ)


def test_what_cannot_be_written_is_an_error_and_leaves_the_old(environ, tmp_path):
    set_favourite(environ, "a", lambda: True)
    folder = tmp_path / "roledeck"
    target = folder / f"{FAVOURITES}.{os.getpid()}.new"
    target.mkdir()
    with pytest.raises(IsADirectoryError):
        set_favourite(environ, "b", lambda: True)
    assert read_favourites(environ) == ("a",)
