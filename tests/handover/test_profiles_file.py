"""The config file on disk: links, modes, other people's edits, full disks; never half a file."""

from __future__ import annotations

import fcntl
import os
import pathlib
import subprocess
import sys
from hashlib import sha256

import pytest

from tui_app.errors import ConfigUnusable, RoledeckError
from tui_app.handover import profiles_file
from tui_app.handover.profiles_file import read_config_file, remarks, write_config_file


@pytest.fixture
def place(bare_environ) -> pathlib.Path:
    """Where the config file of `bare_environ` is; its folder is not there yet."""
    return pathlib.Path(bare_environ["HOME"], ".aws", "config")


def put(place: pathlib.Path, content: bytes) -> None:
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(content)


def only_file(folder: pathlib.Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_an_absent_file_is_made_private_and_taken_away(place, bare_environ):
    file = read_config_file(bare_environ)
    assert file.absent
    assert file.shown == "~/.aws/config"
    write_config_file(file, b"new\n", bare_environ)
    assert (place.read_bytes(), place.stat().st_mode & 0o777, place.parent.stat().st_mode & 0o777) == (b"new\n", 0o600, 0o700)
    write_config_file(read_config_file(bare_environ), None, bare_environ)
    assert only_file(place.parent) == []


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o604])
def test_the_mode_is_kept(place, bare_environ, mode):
    put(place, b"old\n")
    place.chmod(mode)
    write_config_file(read_config_file(bare_environ), b"new\n", bare_environ)
    assert place.stat().st_mode & 0o777 == mode
    assert only_file(place.parent) == ["config"]


def test_the_owner_is_kept(place, bare_environ):
    if os.geteuid():
        pytest.skip("needs root")
    put(place, b"old\n")
    os.chown(place, 12345, 54321)
    write_config_file(read_config_file(bare_environ), b"new\n", bare_environ)
    assert (place.stat().st_uid, place.stat().st_gid) == (12345, 54321)


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")
def test_extended_attributes_are_kept(place, bare_environ):
    put(place, b"old\n")
    try:
        os.setxattr(place, "user.note", b"mine")
    except OSError:
        pytest.skip("needs a file system with extended attributes")
    write_config_file(read_config_file(bare_environ), b"new\n", bare_environ)
    assert os.getxattr(place, "user.note") == b"mine"


@pytest.mark.parametrize("there", [True, False])
def test_links_stay_links(place, bare_environ, tmp_path, there):
    real = tmp_path / "dotfiles" / "aws config"
    real.parent.mkdir()
    if there:
        real.write_bytes(b"old\n")
    (tmp_path / "middle").symlink_to(real)
    place.parent.mkdir()
    place.symlink_to("../../middle")
    file = read_config_file(bare_environ)
    assert (file.absent, file.content) == (not there, b"old\n" if there else b"")
    assert any("is a link" in remark for remark in remarks(file))
    write_config_file(file, b"new\n", bare_environ)
    assert os.readlink(place) == "../../middle"
    assert (tmp_path / "middle").is_symlink()
    assert not real.is_symlink()
    assert real.read_bytes() == b"new\n"
    assert only_file(place.parent) == ["config"]
    assert only_file(real.parent) == ["aws config"]
    write_config_file(read_config_file(bare_environ), None, bare_environ)
    assert place.is_symlink()
    assert only_file(real.parent) == []


def test_hard_links_are_told(place, bare_environ, tmp_path):
    put(place, b"old\n")
    os.link(place, tmp_path / "other")
    file = read_config_file(bare_environ)
    assert any("2 names (hard links)" in remark for remark in remarks(file))
    write_config_file(file, b"new\n", bare_environ)
    assert (tmp_path / "other").read_bytes() == b"old\n"


def test_what_is_no_file_is_refused(place, bare_environ, tmp_path):
    place.mkdir(parents=True)
    with pytest.raises(ConfigUnusable, match="not a regular file"):
        read_config_file(bare_environ)
    os.mkfifo(tmp_path / "pipe")
    for odd in (tmp_path / "pipe", pathlib.Path(os.devnull)):
        with pytest.raises(ConfigUnusable, match="not a regular file"):
            read_config_file({**bare_environ, "AWS_CONFIG_FILE": str(odd)})
    (tmp_path / "round").symlink_to(tmp_path / "round")
    with pytest.raises(ConfigUnusable, match="cannot be read"):
        read_config_file({**bare_environ, "AWS_CONFIG_FILE": str(tmp_path / "round")})


def edits(place):
    yield lambda: place.write_bytes(b"theirs\n")
    yield lambda: place.write_bytes(b"old\n")
    yield place.unlink
    yield lambda: os.replace(place.with_name("new"), place)


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("content", [b"new\n", None])
def test_an_edit_meanwhile_is_never_lost(place, bare_environ, number, content):
    put(place, b"old\n")
    put(place.with_name("new"), b"old\n")
    os.utime(place.with_name("new"), (1, 1))
    file = read_config_file(bare_environ)
    list(edits(place))[number]()
    after = place.read_bytes() if place.exists() else None
    with pytest.raises(ConfigUnusable, match="changed by another program"):
        write_config_file(file, content, bare_environ)
    assert (place.read_bytes() if place.exists() else None) == after
    assert not [name for name in only_file(place.parent) if "roledeck" in name]


def test_an_edit_at_the_last_moment_is_seen_too(place, bare_environ, monkeypatch):
    put(place, b"old\n")
    fill = profiles_file._fill

    def fill_while_they_write(*arguments):
        fill(*arguments)
        place.write_bytes(b"theirs\n")

    monkeypatch.setattr(profiles_file, "_fill", fill_while_they_write)
    with pytest.raises(ConfigUnusable, match="changed by another program"):
        write_config_file(read_config_file(bare_environ), b"new\n", bare_environ)
    assert (place.read_bytes(), only_file(place.parent)) == (b"theirs\n", ["config"])


def test_a_file_that_came_meanwhile_is_not_overwritten(place, bare_environ):
    file = read_config_file(bare_environ)
    put(place, b"theirs\n")
    with pytest.raises(ConfigUnusable, match="changed by another program"):
        write_config_file(file, b"new\n", bare_environ)
    assert place.read_bytes() == b"theirs\n"


def test_a_link_that_was_turned_meanwhile_is_seen(place, bare_environ, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).write_bytes(b"old\n")
    place.parent.mkdir()
    place.symlink_to(tmp_path / "one")
    file = read_config_file(bare_environ)
    place.unlink()
    place.symlink_to(tmp_path / "two")
    with pytest.raises(ConfigUnusable, match="changed by another program"):
        write_config_file(file, b"new\n", bare_environ)


def test_another_roledeck_is_waited_for_and_then_refused(place, bare_environ, monkeypatch):
    monkeypatch.setattr(profiles_file, "PATIENCE", 0.05)
    put(place, b"old\n")
    file = read_config_file(bare_environ)
    folder = pathlib.Path(bare_environ["XDG_STATE_HOME"], "roledeck")
    folder.mkdir(parents=True, mode=0o700)
    name = f".config-{sha256(os.fsencode(file.target)).hexdigest()[:16]}.lock"
    with open(folder / name, "w", encoding="utf-8") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(RoledeckError, match="Another roledeck"):
            write_config_file(file, b"new\n", bare_environ)
    assert place.read_bytes() == b"old\n"
    write_config_file(file, b"new\n", bare_environ)


FULL_DISK = """
import os, resource, sys
from tui_app.errors import RoledeckError
from tui_app.handover.profiles_file import read_config_file, write_config_file
file = read_config_file(os.environ)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_config_file(file, b"x" * 5000, os.environ)
except RoledeckError as failure:
    print(failure.sentence())
"""


def test_a_full_disk_loses_nothing(place, bare_environ):
    put(place, b"old\n")
    done = subprocess.run([sys.executable, "-c", FULL_DISK], env=bare_environ, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("~/.aws/config cannot be written: file too large. It is as it was before.\n", "")
    assert place.read_bytes() == b"old\n"
    assert only_file(place.parent) == ["config"]


@pytest.mark.skipif(not os.path.isdir("/sys/kernel"), reason="needs Linux")
def test_a_folder_that_takes_no_files_is_told_in_one_sentence(bare_environ):
    # nobody makes files there, not even root
    environ = {**bare_environ, "AWS_CONFIG_FILE": "/sys/kernel/roledeck-test/config"}
    with pytest.raises(RoledeckError, match="cannot be written: ") as refused:
        write_config_file(read_config_file(environ), b"new\n", environ)
    assert refused.value.exit_code == 1


def test_a_file_that_its_owner_made_read_only_is_left_alone(place, bare_environ):
    if not os.geteuid():
        pytest.skip("needs a user other than root")
    put(place, b"old\n")
    place.chmod(0o400)
    with pytest.raises(RoledeckError, match="is read-only"):
        write_config_file(read_config_file(bare_environ), b"new\n", bare_environ)


def test_what_a_roledeck_that_died_left_is_swept(place, bare_environ):
    put(place, b"old\n")
    for name, age in ((".roledeck-1-aa.tmp", 1), (".roledeck-2-bb.tmp", None), ("mine.tmp", 1)):
        place.with_name(name).write_bytes(b"")
        if age:
            os.utime(place.with_name(name), (age, age))
    write_config_file(read_config_file(bare_environ), b"new\n", bare_environ)
    assert only_file(place.parent) == [".roledeck-2-bb.tmp", "config", "mine.tmp"]
