"""The file that the explorer writes: private, never another one's, whole or not there, whatever the folder is like."""

from __future__ import annotations

import errno
import os
import resource
import stat
import subprocess
import sys

import pytest

from tui_app.errors import RoledeckError
from tui_app.ui.explorer.saving import write_file


def refuse(monkeypatch, name, number):
    def fail(*_given, **_named):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, name, fail)


def test_the_file_is_private_and_never_another_ones(tmp_path):
    names = [write_file("../../s3\x1bbuckets", "111122223333", "csv", "x\n", 0.0, str(tmp_path)) for _ in range(2)]
    assert len(set(names)) == 2
    assert all(name.startswith("roledeck-111122223333-s3buckets-1970") for name in names)
    assert {stat.S_IMODE(os.stat(tmp_path / name).st_mode) for name in names} == {0o600}


def test_a_link_that_lies_there_is_not_followed(tmp_path):
    name = write_file("things", "", "csv", "mine\n", 0.0, str(tmp_path))
    (tmp_path / name).unlink()
    (tmp_path / name).symlink_to(tmp_path / "victim")
    assert write_file("things", "", "csv", "mine\n", 0.0, str(tmp_path)) != name
    assert not (tmp_path / "victim").exists()


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path):
    with pytest.raises(RoledeckError, match="Nothing can be written"):
        write_file("things", "", "csv", "x", 0.0, str(tmp_path / "missing"))


def test_a_working_folder_that_is_no_more_is_a_sentence(tmp_path, monkeypatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(RoledeckError, match="the working folder, which is no more"):
        write_file("s3-buckets", "", "csv", "x", 0.0)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_said_with_a_way_out_and_nothing_is_left(number, tmp_path, monkeypatch):
    refuse(monkeypatch, "fsync", number)
    with pytest.raises(RoledeckError) as told:
        write_file("things", "", "csv", "x" * 100_000, 0.0, str(tmp_path))
    assert (
        told.value.sentence()
        == f"There is no room in {tmp_path.name}, so nothing was written. Make some, or start roledeck in another folder."
    )
    assert os.listdir(tmp_path) == []


def test_a_file_that_may_not_grow_further_is_taken_away_again(tmp_path):
    code = (
        "import sys; from tui_app.errors import RoledeckError; from tui_app.ui.explorer.saving import write_file\n"
        "try: write_file('things', '', 'csv', 'x' * 100_000, 0.0)\n"
        "except RoledeckError as error: print(error.sentence())"
    )
    few = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))  # noqa: E731 - the child's own limit
    done = subprocess.run([sys.executable, "-B", "-c", code], cwd=tmp_path, preexec_fn=few, capture_output=True, text=True, check=True)
    assert "Nothing can be written" in done.stdout
    assert os.listdir(tmp_path) == []


def test_where_no_links_can_be_made_it_is_written_all_the_same(tmp_path, monkeypatch):
    refuse(monkeypatch, "link", errno.EPERM)
    names = [write_file("things", "", "csv", f"{number}\n", 0.0, str(tmp_path)) for number in range(2)]
    assert sorted(os.listdir(tmp_path)) == sorted(names)
    assert [(tmp_path / name).read_text() for name in names] == ["0\n", "1\n"]


def test_no_half_of_it_ever_has_its_name(tmp_path, monkeypatch):
    there = []
    monkeypatch.setattr(os, "fsync", lambda _: there.extend(name for name in os.listdir(tmp_path) if not name.startswith(".")))
    name = write_file("things", "", "csv", "mine\n", 0.0, str(tmp_path))
    assert there == []
    assert os.listdir(tmp_path) == [name]


def test_a_folder_and_links_in_its_way_are_left_as_they_are(tmp_path):
    first = write_file("things", "", "csv", "mine\n", 0.0, str(tmp_path))
    (tmp_path / first).unlink()
    (tmp_path / first).mkdir()
    second = write_file("things", "", "csv", "mine\n", 0.0, str(tmp_path))
    (tmp_path / second).unlink()
    (tmp_path / second).symlink_to("/dev/full")
    third = write_file("things", "", "csv", "mine\n", 0.0, str(tmp_path))
    assert len({first, second, third}) == 3
    assert (tmp_path / third).read_text() == "mine\n"
    assert (tmp_path / second).is_symlink()
    assert (tmp_path / first).is_dir()
