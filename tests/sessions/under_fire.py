"""Writers that are killed, or whose disk fails, at every point of a write; run as a program of its own, so that it may fork.

    under_fire.py kill KIND FOLDER ROUNDS     KIND: plain, sealed or index
    under_fire.py faults FOLDER

Prints one line of JSON.
"""

from __future__ import annotations

import errno
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from tui_app import paths
from tui_app.model import AccessKey, Credentials, Identity
from tui_app.secret import Secret
from tui_app.sessions.cache import SessionCache
from tui_app.sessions.folder import PrivateFolder
from tui_app.sessions.index import read_ready, write_ready
from tui_app.sessions.record import Record, digest
from tui_app.sessions.sealed import SealedFiles

NOW = 1_800_000_000.0
NAME = digest("one")
LENGTH = 6000
"""Digits of a token; each is the same number over and over, so that a mixture of two writes would show."""


def record_of(number: int) -> Record:
    token = f"{number:06d}" * (LENGTH // 6)
    key = AccessKey("ASIAX", Secret("planted"), Secret(token))
    me = Identity("111122223333", "arn:aws:sts::111122223333:assumed-role/Dev/me", "AROAX:me", NOW, "eu-west-1")
    return Record("role", NAME, digest("family"), Credentials(key, NOW + 3600), NOW, 3600, me)


def number_in(token: str) -> int:
    assert len(token) == LENGTH
    assert token == token[:6] * (LENGTH // 6), "two writes are mixed"
    return int(token[:6])


class Sessions:
    """The session cache, plain or sealed."""

    def __init__(self, folder: str, *, sealed: bool) -> None:
        seal = SealedFiles(lambda: Secret("ab" * 32)) if sealed else None
        self.folder = folder
        self._cache = SessionCache(PrivateFolder(folder), lambda: NOW, seal=seal)

    def write(self, number: int) -> None:
        self._cache.put(record_of(number))

    def read(self) -> int | None:
        record = self._cache.get(NAME)
        return number_in(record.credentials.key.token.reveal()) if record and record.credentials.key.token else None


class Index:
    """The ready-made answers."""

    def __init__(self, home: str) -> None:
        self._environ = {"HOME": home}
        self.folder = paths.index_folder(self._environ)

    def write(self, number: int) -> None:
        write_ready("role", self._environ, f"{number:06d}" * (LENGTH // 6), NOW, [])

    def read(self) -> int | None:
        answer = read_ready("role", self._environ, NOW - 1)
        return None if answer is None else number_in(answer)


def opened(kind: str, folder: str) -> Sessions | Index:
    return Index(folder) if kind == "index" else Sessions(folder, sealed=kind == "sealed")


def killed(kind: str, folder: str, rounds: int) -> dict[str, Any]:
    """Kill a writer in each round; what it said was written must be there, or what it was just writing."""
    opened(kind, folder).write(0)
    chance, lost, last = random.Random(7), 0, 0
    for _ in range(rounds):
        told, tell = os.pipe()
        child = os.fork()
        if child == 0:
            write_on(opened(kind, folder), last, tell)
        os.close(tell)
        said = os.read(told, 7)
        time.sleep(chance.random() * 0.004)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        while part := os.read(told, 7 * 1000):
            said += part
        os.close(told)
        last = int(said[-7:])
        found = opened(kind, folder).read()
        lost += found not in (last, last + 1)
        last = max(last, found or 0)
    target = opened(kind, folder).folder
    left = [name for name in os.listdir(target) if name.endswith(".tmp")]
    for name in left:
        os.utime(os.path.join(target, name), (NOW - 1e8, NOW - 1e8))
    opened(kind, folder).write(last + 1)
    after = [name for name in os.listdir(target) if name.endswith(".tmp")]
    return {"lost": lost, "written": last, "left": len(left), "after": len(after), "files": len(os.listdir(target))}


def write_on(store: Sessions | Index, last: int, tell: int) -> None:
    """Never comes back."""
    number = last
    while True:
        number += 1
        store.write(number)
        os.write(tell, f"{number:06d}\n".encode())


POINTS = ("open", "fchmod", "write 1", "write 2", "fsync", "close", "rename", "fsync folder")
KINDS: dict[str, int | None] = {
    "exit": None,
    "ENOSPC": errno.ENOSPC,
    "EIO": errno.EIO,
    "EROFS": errno.EROFS,
    "EACCES": errno.EACCES,
    "EDQUOT": errno.EDQUOT,
}


def faults(folder: str) -> list[dict[str, Any]]:
    """Every point of a write, failing in every way, each in a process of its own."""
    cases = [(point, kind, number) for number, (point, kind) in enumerate((point, kind) for point in POINTS for kind in KINDS)]
    return [one_fault(os.path.join(folder, str(number)), point, kind) for point, kind, number in cases]


def one_fault(folder: str, point: str, kind: str) -> dict[str, Any]:
    Sessions(folder, sealed=False).write(1)
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        break_at(point, KINDS[kind])
        store = Sessions(folder, sealed=False)
        store.write(2)
        os.write(tell, b"in use" if store.read() == 2 else b"lost")
        os._exit(0)
    os.close(tell)
    said = os.read(told, 100).decode()
    os.close(told)
    os.waitpid(child, 0)
    left = [name for name in os.listdir(folder) if name.endswith(".tmp")]
    return {"point": point, "kind": kind, "said": said, "kept": Sessions(folder, sealed=False).read(), "temporary": len(left)}


def break_at(point: str, error: int | None) -> None:
    """Let one call of a write fail; writes are cut in two, so that there is a second one."""
    counted: dict[str, Iterator[int]] = {}

    def broken(name: str, real: Callable[..., Any], applies: Callable[..., str]) -> Callable[..., Any]:
        def call(*arguments: Any, **more: Any) -> Any:
            called = applies(*arguments)
            if called == "write":
                called = f"write {next(counted.setdefault('write', iter(range(1, 100))))}"
                arguments = (arguments[0], arguments[1][: max(1, len(arguments[1]) // 2)])
            if called == point:
                if error is None:
                    os._exit(9)
                raise OSError(error, os.strerror(error))
            return real(*arguments, **more)

        call.__name__ = name
        return call

    def of_folder(fd: int) -> bool:
        return os.path.isdir(f"/proc/self/fd/{fd}")

    ours: set[int] = set()
    real_open = os.open

    def noted_open(path: Any, flags: int, *more: Any, **named: Any) -> int:
        fd = real_open(path, flags, *more, **named)
        if flags & os.O_EXCL:
            ours.add(fd)
        return fd

    os.open = broken("open", noted_open, lambda _path, flags, *_: "open" if flags & os.O_EXCL else "")
    os.fchmod = broken("fchmod", os.fchmod, lambda fd, *_: "fchmod" if fd in ours else "")
    os.write = broken("write", os.write, lambda fd, *_: "write" if fd in ours else "")
    os.fsync = broken("fsync", os.fsync, lambda fd: "fsync folder" if of_folder(fd) else "fsync")
    os.close = broken("close", os.close, lambda fd: "close" if fd in ours else "")
    os.rename = broken("rename", os.rename, lambda *_: "rename")


if __name__ == "__main__":
    answer = killed(sys.argv[2], sys.argv[3], int(sys.argv[4])) if sys.argv[1] == "kill" else faults(sys.argv[2])
    sys.stdout.write(json.dumps(answer))
