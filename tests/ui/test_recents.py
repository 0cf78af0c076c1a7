"""What was used last: kept for both the command line and the screen, private, bounded, and of no demo."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys

import pytest

from tui_app.catalog.recents import LIMIT, RECENTS, Recent, by_weight, note_recent, read_recents
from tui_app.cli.main import dispatch

DAY = 86400.0


@pytest.fixture
def home(tmp_path):
    return {"XDG_STATE_HOME": str(tmp_path)}


def test_the_latest_comes_first_and_uses_are_counted(home, tmp_path):
    for moment, key in enumerate(("a", "b", "a")):
        note_recent(home, key, float(moment))
    assert read_recents(home) == (Recent("a", 2.0, 2), Recent("b", 1.0, 1))
    file = tmp_path / "roledeck" / RECENTS
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == [RECENTS]


def test_often_and_lately_weighs_most():
    now = 100 * DAY
    recents = (Recent("once, now", now), Recent("ten, long ago", now - 60 * DAY, 10), Recent("five, yesterday", now - DAY, 5))
    assert by_weight(recents, now) == ("five, yesterday", "once, now", "ten, long ago")


def test_a_clock_that_was_wrong_upsets_nothing():
    assert by_weight((Recent("future", 1e14), Recent("past", -1e14)), 0.0) == ("future", "past")


def test_the_list_stays_small(home):
    for number in range(LIMIT + 5):
        note_recent(home, f"role{number}", float(number))
    kept = read_recents(home)
    assert (len(kept), kept[0].key, kept[-1].key) == (LIMIT, f"role{LIMIT + 4}", "role5")


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        ("", ()),
        ("{", ()),
        ("null", ()),
        ("[" * 100_000, ()),
        ('[1, null, {"role": 3, "at": 1}, {"role": "a"}, {"role": "b", "at": "x"}, {"role": "c", "at": NaN}]', ()),
        (
            '[{"role": "a", "at": 5}, {"role": "a", "at": 1}, {"role": "b", "at": 9, "count": -4}]',
            (Recent("b", 9.0, 1), Recent("a", 5.0, 1)),
        ),
    ],
)
def test_a_broken_file_holds_what_can_be_read(home, tmp_path, content, kept):
    (tmp_path / "roledeck").mkdir()
    (tmp_path / "roledeck" / RECENTS).write_text(content)
    assert read_recents(home) == kept
    note_recent(home, "new", 10.0)
    assert read_recents(home)[0] == Recent("new", 10.0, 1)


def test_a_pipe_in_its_place_is_not_waited_for(home, tmp_path):
    (tmp_path / "roledeck").mkdir()
    os.mkfifo(tmp_path / "roledeck" / RECENTS)
    assert read_recents(home) == ()


def test_processes_do_not_lose_each_others_uses(home):
    code = (
        "import os, sys; from tui_app.catalog.recents import note_recent\n"
        "for number in range(20): note_recent(os.environ, f'role{sys.argv[1]}', float(number)); note_recent(os.environ, 'both', 1.0)"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, str(number)], env={**os.environ, **home}) for number in range(3)]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    assert {item.key: item.count for item in read_recents(home)} == {"role0": 20, "role1": 20, "role2": 20, "both": 60}


def test_what_the_command_line_assumed_goes_before_its_equals(environ, capsys):
    dispatch(["ls", "--names", "readonly"], environ)
    assert len(capsys.readouterr().out.splitlines()) > 1
    assert dispatch(["assume", "staging-readonly"], environ) == 0
    capsys.readouterr()
    assert [item.key for item in read_recents(environ)] == ["staging-readonly"]
    assert dispatch(["ls", "--json", "is:recent"], environ) == 0
    assert [item["name"] for item in json.loads(capsys.readouterr().out)] == ["staging-readonly"]


async def test_what_the_screen_assumed_is_kept_and_found_first(stage, tmp_path):
    async with stage() as s:
        await s.press("/", *"role", "enter")
        assert s.store.selected.key == "production/CrossAccountDeveloperRole"
        await s.press("escape")
        s.select("production/AdminRole")
        await s.press("enter")
        await s.until(lambda: s.store.recents == ("production/AdminRole",))
        await s.press("/", *"role", "enter")
        assert s.store.selected.key == "production/AdminRole"
        assert [item.key for item in read_recents(s.deck.environ)] == ["production/AdminRole"]
