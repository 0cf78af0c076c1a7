"""The cache on disk: private, whole or not at all, and never a traceback whatever lies in its folder."""

from __future__ import annotations

import json
import os
import stat
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui_app.model import AccessKey, Credentials, Identity
from tui_app.secret import Secret
from tui_app.sessions.cache import LONGEST, SessionCache
from tui_app.sessions.folder import PrivateFolder
from tui_app.sessions.record import Record, digest, from_bytes, to_bytes

NOW = 1_800_000_000.0
NAME = digest("one")
FILE = NAME + ".json"


def make(name: str = NAME, expires: float = NOW + 3600, token: str = "planted-token", **changes) -> Record:
    given_values = {
        "kind": "role",
        "name": name,
        "family": digest("family"),
        "credentials": Credentials(AccessKey("ASIA" + name[:12].upper(), Secret("planted-secret"), Secret(token)), expires),
        "issued": NOW,
        "duration": 3600,
        "identity": Identity("111122223333", "arn:aws:sts::111122223333:assumed-role/Dev/me", "AROAX:me", NOW, "eu-west-1"),
        "role_arn": "arn:aws:iam::111122223333:role/Dev",
        "role_key": "production/Dev",
        "source_profile": "dev",
    }
    return Record(**(given_values | changes))


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "cache" / "sessions")


@pytest.fixture
def cache(path):
    return SessionCache(PrivateFolder(path), lambda: NOW)


def test_what_is_put_comes_back(cache):
    record = make(source_of_code="code", renews="asks", hops=2, serial="arn:aws:iam::444455556666:mfa/Dev")

    cache.put(record)

    assert cache.get(NAME) == record
    assert cache.records() == (record,)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_files_and_folder_are_private_whatever_the_umask(path, umask):
    before = os.umask(umask)
    try:
        SessionCache(PrivateFolder(path), lambda: NOW).put(make())
    finally:
        os.umask(before)

    assert stat.S_IMODE(os.stat(path).st_mode) == 0o700
    assert stat.S_IMODE(os.stat(os.path.join(path, FILE)).st_mode) == 0o600


def test_an_open_folder_is_closed_again(path):
    os.makedirs(path)
    os.chmod(path, 0o755)

    SessionCache(PrivateFolder(path), lambda: NOW).put(make())

    assert stat.S_IMODE(os.stat(path).st_mode) == 0o700


def test_nothing_is_made_by_only_looking(cache, path):
    assert cache.get(NAME) is None
    assert cache.records() == ()
    assert not os.path.exists(path)


def place(path: str, data: bytes, mode: int = 0o600) -> str:
    os.makedirs(path, mode=0o700, exist_ok=True)
    file = os.path.join(path, FILE)
    with open(file, "wb") as opened:
        opened.write(data)
    os.chmod(file, mode)
    return file


def changed(**changes) -> bytes:
    values = json.loads(to_bytes(make()))
    return json.dumps({name: value for name, value in (values | changes).items() if value is not ...}).encode()


JUNK = {
    "empty": b"",
    "text": b"hello",
    "half": to_bytes(make())[:100],
    "trailing": to_bytes(make()) + b"x",
    "list": b"[]",
    "null": b"null",
    "number": b"1e999",
    "binary": b"\x00\xff\xfe",
    "latin": b'{"schema": 1, "kind": "\xe9"}',
    "deep": b"[" * 20000,
    "no schema": changed(schema=...),
    "schema true": changed(schema=True),
    "schema text": changed(schema="1"),
    "expires NaN": changed(expires=float("nan")),
    "expires infinite": changed(expires=float("inf")),
    "expires text": changed(expires="2030"),
    "expires bool": changed(expires=True),
    "expires huge": changed(expires=1e300),
    "no secret": changed(secret_access_key=...),
    "secret null": changed(secret_access_key=None),
    "secret empty": changed(secret_access_key=""),
    "token list": changed(session_token=["x"]),
    "token with a line break": changed(session_token="a\nb"),
    "no identity": changed(identity=None),
    "identity text": changed(identity="me"),
    "wrong kind": changed(kind="king"),
    "another name": changed(name=digest("two")),
    "duration infinite": changed(duration=float("inf")),
    "too large": changed(role_key="x" * 70000),
}


@pytest.mark.parametrize("kind", JUNK)
def test_junk_is_a_miss_and_is_replaced(cache, path, kind):
    place(path, JUNK[kind])

    assert cache.get(NAME) is None
    assert cache.records() == ()
    assert cache.put(make()) == cache.get(NAME)


@given(st.binary(max_size=200))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_a_miss(cache, path, data):
    place(path, data)

    assert cache.get(NAME) is None


@given(st.integers(0, len(to_bytes(make())) - 1), st.binary(max_size=3))
@settings(max_examples=100)
def test_a_changed_byte_is_refused_or_read_strictly(at, replacement):
    data = to_bytes(make())
    try:
        record = from_bytes(data[:at] + replacement + data[at + 1 :])
    except ValueError:
        return
    assert isinstance(record.expires, int | float)
    assert record.credentials.key.secret


@pytest.mark.parametrize("mode", [0o644, 0o660, 0o601, 0o4600 | 0o040])
def test_a_file_that_others_may_read_is_not_believed(cache, path, mode):
    place(path, to_bytes(make()), mode)

    assert cache.get(NAME) is None


def test_a_link_a_second_name_a_pipe_and_a_folder_are_misses(cache, path, tmp_path):
    target = tmp_path / "elsewhere"
    target.write_bytes(to_bytes(make()))
    target.chmod(0o600)
    os.makedirs(path, mode=0o700)
    file = os.path.join(path, FILE)
    for make_it in (
        lambda: os.symlink(target, file),
        lambda: os.link(target, file),
        lambda: os.mkfifo(file, 0o600),
        lambda: os.mkdir(file),
    ):
        make_it()
        assert cache.get(NAME) is None, "and a pipe is not waited for"
        os.rmdir(file) if os.path.isdir(file) else os.unlink(file)


def test_writing_replaces_a_link_and_leaves_its_target(cache, path, tmp_path):
    target = tmp_path / "elsewhere"
    target.write_text("mine")
    os.makedirs(path, mode=0o700)
    os.symlink(target, os.path.join(path, FILE))

    cache.put(make())

    assert target.read_text() == "mine"
    assert cache.get(NAME) is not None


def test_a_linked_folder_is_refused_and_sessions_stay_in_memory(path, tmp_path):
    (tmp_path / "real").mkdir()
    os.makedirs(os.path.dirname(path))
    os.symlink(tmp_path / "real", path)
    told: list[str] = []
    cache = SessionCache(PrivateFolder(path), lambda: NOW, warn=told.append)

    cache.put(make())
    cache.put(make(digest("two")))

    assert cache.get(NAME) == make()
    assert os.listdir(tmp_path / "real") == []
    assert len(told) == 1
    assert "in memory only" in told[0]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_somebody_else_is_refused(path):
    os.makedirs(path)
    os.chown(path, 12345, 12345)
    told: list[str] = []
    cache = SessionCache(PrivateFolder(path), lambda: NOW, warn=told.append)

    cache.put(make())

    assert os.listdir(path) == []
    assert told


def test_a_folder_that_vanishes_is_made_again(cache, path):
    cache.put(make())
    os.unlink(os.path.join(path, FILE))
    os.rmdir(path)

    cache.put(make())

    assert os.listdir(path) == [FILE]


@pytest.mark.parametrize("call", ["open", "write", "fsync", "rename", "fchmod"])
@pytest.mark.parametrize("error", [28, 5, 30, 13])
def test_a_failing_disk_keeps_the_old_file_and_the_new_session(cache, path, monkeypatch, call, error):
    old = make(token="old")
    cache.put(old)
    real = getattr(os, call)

    def fail(*arguments, **options):
        if call == "open" and not arguments[1] & os.O_CREAT:
            return real(*arguments, **options)
        raise OSError(error, "injected")

    monkeypatch.setattr(os, call, fail)
    new = cache.put(make(token="new"))
    monkeypatch.undo()

    assert cache.get(NAME) == new, "this process goes on with the new session"
    assert SessionCache(PrivateFolder(path), lambda: NOW).get(NAME) == old
    assert os.listdir(path) == [FILE], "no temporary file stays"


def test_a_later_schema_is_neither_read_nor_replaced(cache, path):
    later = changed(schema=2)
    file = place(path, later)

    cache.put(make())

    assert cache.get(NAME) == make()
    assert Path(file).read_bytes() == later


def test_an_expired_session_is_a_miss_and_stays_over_when_the_clock_jumps_back(path):
    now = [NOW]
    cache = SessionCache(PrivateFolder(path), lambda: now[0])
    cache.put(make())
    assert cache.get(NAME)

    now[0] = NOW + 3541
    assert cache.get(NAME) is None
    now[0] = NOW
    assert cache.get(NAME) is None


def test_an_impossible_end_is_cut(cache):
    assert cache.put(make(expires=NOW + 10**9)).expires == NOW + LONGEST


def test_sessions_long_over_are_swept(path):
    now = [NOW]
    cache = SessionCache(PrivateFolder(path), lambda: now[0])
    cache.put(make())
    now[0] = NOW + 7200
    assert [record.name for record in cache.records()] == [NAME]

    now[0] = NOW + 2 * 86400
    assert cache.records() == ()
    assert os.listdir(path) == []


def test_the_longest_lived_of_a_family_is_found(cache):
    cache.put(make(digest("1h"), NOW + 3600))
    longest = cache.put(make(digest("4h"), NOW + 4 * 3600, duration=4 * 3600))
    cache.put(make(digest("other"), NOW + 9 * 3600, family=digest("another")))

    assert cache.family(digest("family")) == longest


def test_a_list_is_read_again_only_when_the_folder_changed(cache, path, monkeypatch):
    cache.put(make())
    os.utime(path, ns=(1, time.time_ns() - 10**10))
    assert len(cache.records()) == 1
    monkeypatch.setattr(PrivateFolder, "get", lambda *_: pytest.fail("read again"))
    assert len(cache.records()) == 1
    monkeypatch.undo()

    SessionCache(PrivateFolder(path), lambda: NOW).put(make(digest("two")))

    assert len(cache.records()) == 2


def test_memory_only_writes_nothing(path):
    cache = SessionCache(PrivateFolder(path), lambda: NOW, memory=True)

    cache.put(make())

    assert cache.get(NAME) == make()
    assert cache.remove(NAME)
    assert cache.get(NAME) is None
    assert not os.path.exists(path)
