"""Disks and folders that cannot be used: full, read-only, somebody else's; the session of this run is never lost with them."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sessions.under_fire import NAME, NOW, Sessions, record_of
from tui_app.sessions.cache import SessionCache
from tui_app.sessions.folder import PrivateFolder
from tui_app.sessions.index import write_ready
from tui_app.sessions.locks import held
from tui_app.sessions.record import digest, from_bytes, to_bytes

FILE = NAME + ".json"
OTHER = digest("two")


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "cache" / "sessions")


@pytest.fixture
def told():
    return []


@pytest.fixture
def cache(path, told):
    return SessionCache(PrivateFolder(path), lambda: NOW, warn=told.append)


def kept(path: str, name: str = NAME) -> int | None:
    """What a program that starts now finds on disk: the number of the session."""
    record = SessionCache(PrivateFolder(path), lambda: NOW).get(name)
    return int(record.credentials.key.token.reveal()[:6]) if record else None


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 64 KiB; a test may make it read-only."""
    place = tmp_path / "disk"
    place.mkdir()
    if shutil.which("mount") is None or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", place], check=False).returncode:
        pytest.skip("needs a mount of its own")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def test_a_full_disk_keeps_the_old_session_and_later_ones_reach_it_again(small_disk, told):
    path = str(small_disk / "sessions")
    cache = SessionCache(PrivateFolder(path), lambda: NOW, warn=told.append)
    cache.put(record_of(1))
    filler = small_disk / "filler"
    with open(filler, "wb", buffering=0) as file, contextlib.suppress(OSError):
        file.writelines(b"x" * 4096 for _ in range(100))

    cache.put(record_of(2))
    cache.put(record_of(3))

    assert cache.get(NAME) == record_of(3)
    assert kept(path) == 1
    assert os.listdir(path) == [FILE], "no temporary file stays"
    assert len(told) == 1
    assert "No space left" in told[0]
    filler.unlink()
    cache.put(record_of(4))
    assert kept(path) == 4
    assert len(told) == 1


def test_a_disk_that_became_read_only(small_disk, told):
    path = str(small_disk / "sessions")
    Sessions(path, sealed=False).write(1)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    cache = SessionCache(PrivateFolder(path), lambda: NOW, warn=told.append)

    cache.put(record_of(2))

    assert cache.get(NAME) == record_of(2)
    assert kept(path) == 1
    assert ["Read-only" in sentence for sentence in told] == [True]


def test_what_cannot_be_removed_is_forgotten_here_and_told(small_disk, told):
    path = str(small_disk / "sessions")
    Sessions(path, sealed=False).write(1)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    cache = SessionCache(PrivateFolder(path), lambda: NOW, warn=told.append)
    assert cache.get(NAME)

    assert not cache.remove(NAME)

    assert cache.get(NAME) is None
    assert ["stays on disk" in sentence for sentence in told] == [True]


def test_a_limit_on_the_size_of_files_is_like_a_full_disk(cache, path, told):
    cache.put(record_of(1))
    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        cache.put(record_of(2))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)

    assert cache.get(NAME) == record_of(2)
    assert kept(path) == 1
    assert os.listdir(path) == [FILE]
    assert len(told) == 1


def test_an_empty_folder_in_the_place_of_a_session_gives_way(cache, path, told):
    os.makedirs(os.path.join(path, FILE))

    cache.put(record_of(1))

    assert kept(path) == 1
    assert told == []


def test_a_full_folder_in_the_place_of_a_session_keeps_only_that_one_in_memory(cache, path, told):
    os.makedirs(os.path.join(path, FILE))
    Path(path, FILE, "mine").write_text("mine")

    cache.put(record_of(1))
    cache.put(from_bytes(to_bytes(record_of(2)).replace(NAME.encode(), OTHER.encode())))

    assert cache.get(NAME) == record_of(1)
    assert kept(path, OTHER) == 2, "the other is on disk"
    assert Path(path, FILE, "mine").read_text() == "mine"
    assert len(told) == 1


@pytest.mark.parametrize("umask", [0o000, 0o077, 0o777])
def test_a_umask_takes_nothing_away_and_gives_nothing(path, umask, tmp_path):
    before = os.umask(umask)
    try:
        cache = SessionCache(PrivateFolder(path), lambda: NOW)
        cache.put(record_of(1))
        with held(cache.folder, "one", lambda: False):
            pass
        write_ready("role", {"HOME": str(tmp_path)}, "{}", NOW, [])
    finally:
        os.umask(before)

    modes = {
        name: stat.S_IMODE(os.stat(os.path.join(top, name)).st_mode)
        for top, folders, files in os.walk(tmp_path)
        for name in (*folders, *files)
    }
    folders = {"cache", "sessions", ".cache", "roledeck", "index"}
    assert {modes.pop(name) for name in folders} == {0o700}, "also those above, which a umask would have closed to ourselves"
    assert set(modes.values()) == {0o600}


def test_a_folder_that_everybody_may_write_is_closed_and_what_others_put_there_is_not_believed(path):
    os.makedirs(path)
    os.chmod(path, 0o777)
    planted = Path(path, FILE)
    planted.write_bytes(to_bytes(record_of(6)))
    planted.chmod(0o666)
    cache = SessionCache(PrivateFolder(path), lambda: NOW)

    assert cache.get(NAME) is None
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o700
    cache.put(record_of(7))
    assert kept(path) == 7


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_somebody_else_is_not_believed_and_is_replaced(cache, path):
    Sessions(path, sealed=False).write(1)
    os.chown(os.path.join(path, FILE), 12345, 12345)

    assert cache.get(NAME) is None
    cache.put(record_of(2))
    assert kept(path) == 2


def test_a_folder_that_another_program_made_again_is_seen(cache, path):
    cache.put(record_of(1))
    shutil.rmtree(path)
    Sessions(path, sealed=False).write(2)

    assert cache.get(NAME) == record_of(2)
    assert [record.name for record in cache.records()] == [NAME]


@pytest.mark.parametrize("kind", ["fifo", "link", "folder"])
def test_a_lock_that_is_something_else_keeps_nobody_waiting(path, tmp_path, kind):
    os.makedirs(path)
    lock = os.path.join(path, ".one.lock")
    {"fifo": os.mkfifo, "link": lambda at: os.symlink(tmp_path / "target", at), "folder": os.mkdir}[kind](lock)

    with held(PrivateFolder(path), "one", lambda: False, patience=5) as mine:
        assert mine
    assert not (tmp_path / "target").exists()


STRANGE = {
    "a value twice": lambda text: text.replace('"kind"', '"hops": 1, "kind"'),
    "a number of 400 digits": lambda text: text.replace('"hops": 1', f'"hops": {"9" * 400}'),
    "a number of 5000 digits": lambda text: text.replace('"hops": 1', f'"hops": {"9" * 5000}'),
    "not a number": lambda text: text.replace('"hops": 1', '"hops": NaN'),
    "minus infinity": lambda text: text.replace(f'"issued": {NOW}', '"issued": -Infinity'),
    "over before it began": lambda text: text.replace(f'"issued": {NOW}', f'"issued": {NOW + 36000}'),
    "begun before all time": lambda text: text.replace(f'"issued": {NOW}', '"issued": -1'),
    "the schema twice": lambda text: text.replace('"schema": 1', '"schema": 1, "schema": 1'),
}


@pytest.mark.parametrize("kind", STRANGE)
def test_strange_numbers_and_repeated_names_are_misses(cache, path, kind):
    before = to_bytes(record_of(1)).decode()
    strange = STRANGE[kind](before)
    assert strange != before
    os.makedirs(path, mode=0o700)
    Path(path, FILE).write_text(strange)
    os.chmod(os.path.join(path, FILE), 0o600)

    assert cache.get(NAME) is None
    assert cache.records() == ()
    assert cache.put(record_of(2)) == cache.get(NAME)


def test_a_temporary_file_of_a_time_to_come_is_swept_too(path):
    Sessions(path, sealed=False).write(1)
    left = os.path.join(path, f".{FILE}.1.abc.tmp")
    Path(left).write_text("")
    os.utime(left, (NOW * 2, NOW * 2))

    Sessions(path, sealed=False)

    assert os.listdir(path) == [FILE]


def test_forget_says_so_where_nothing_can_be_removed(environ, small_disk):
    environ = environ | {"XDG_CACHE_HOME": str(small_disk), "PYTHONPATH": str(Path(__file__).parents[2])}

    def roledeck(*words: str) -> subprocess.CompletedProcess[str]:
        words = (sys.executable, "-m", "tui_app", *words)
        return subprocess.run(words, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60)

    assert roledeck("assume", "staging-readonly").returncode == 0
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)

    done = roledeck("forget", "--all")

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "stays on disk" in done.stderr
