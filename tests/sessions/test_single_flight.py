"""Many real processes, one expired role: one AssumeRole, at most one prompt, and every one of them succeeds.

ROLEDECK_TEST_PROCESSES and ROLEDECK_TEST_ROUNDS make it larger; the suite runs a small one.
"""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tui_app import paths
from tui_app.secret import Secret
from tui_app.sessions.broker import Wanted

PROCESSES = int(os.environ.get("ROLEDECK_TEST_PROCESSES", "6"))
ROUNDS = int(os.environ.get("ROLEDECK_TEST_ROUNDS", "1"))
READ_ONLY, TWO_HOPS, ADMIN = "staging-readonly", "iot-fleet", "production/AdminRole"
PRINT_KEY = "import os; print(os.environ['AWS_ACCESS_KEY_ID'])"
PRINT_LENT = "import boto3; print(boto3.Session().get_credentials().access_key)"
PROMPT = "Code (six digits"


def commands(role):
    """How people and programs ask for a session; each prints the access key somewhere."""
    return {
        "assume": ["assume", role, "--json"],
        "credential-process": ["credential-process", role],
        "env": ["env", role, "--format", "json"],
        "exec": ["exec", role, "--", sys.executable, "-c", PRINT_KEY],
        "exec --renew": ["exec", role, "--renew", "--", sys.executable, "-c", PRINT_LENT],
    }


def let_expire(environ):
    """Every kept session of a role ran out a minute ago."""
    for file in Path(paths.sessions_folder(environ)).iterdir():
        if file.suffix == ".json" and len(file.stem) == 64:
            values = json.loads(file.read_text())
            if values["kind"] == "role":
                file.write_text(json.dumps(values | {"issued": time.time() - 3660, "expires": time.time() - 60}))


def many(words, environ, count=PROCESSES, **more):
    """Start all, then wait for all: exit code, stdout and stderr of each."""
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "tui_app", *words],
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            **more,
        )
        for _ in range(count)
    ]
    with ThreadPoolExecutor(count) as pool:
        ended = list(pool.map(lambda process: process.communicate(timeout=240), started))
    return [(process.returncode, *said) for process, said in zip(started, ended, strict=True)]


@pytest.mark.parametrize("command", commands(""))
def test_an_expired_role_is_assumed_once_for_all(world, command):
    words = commands(READ_ONLY)[command]
    for _ in range(ROUNDS):
        world.obtain(READ_ONLY)
        let_expire(world.environ)
        world.calls()

        ended = many(words, world.environ)

        assert [code for code, _, _ in ended] == [0] * PROCESSES, ended
        assert world.calls().count("AssumeRole") == 1
        if command not in ("assume", "env"):
            assert len({out for _, out, _ in ended}) == 1, "all have the same keys"


def test_every_hop_of_a_chain_is_assumed_once_for_all(world):
    for _ in range(ROUNDS):
        world.obtain(TWO_HOPS)
        let_expire(world.environ)
        world.calls()

        ended = many(["credential-process", TWO_HOPS], world.environ)

        assert [code for code, _, _ in ended] == [0] * PROCESSES, ended
        assert world.calls().count("AssumeRole") == 2


def test_a_role_that_grants_less_than_asked_is_asked_twice_for_all(world):
    arn = world.seed_role("TestManyShort")
    config = Path(world.environ["ROLEDECK_CONFIG"])
    role = (
        f'\n[[account]]\nid = "111122223333"\nname = "production"\n  [[account.role]]\n  name = "{arn.rpartition("/")[2]}"\n  via = "dev"\n'
    )
    config.write_text(role + '  duration = "4h"\n')
    world.calls()

    ended = many(["credential-process", "production/TestManyShort"], world.environ)

    assert [code for code, _, _ in ended] == [0] * PROCESSES, ended
    assert world.calls().count("AssumeRole") == 2, "one refused, one shorter"


def test_one_code_in_the_environment_of_all_is_sent_once(world):
    for _ in range(ROUNDS):
        world.broker.forget_all()
        world.calls()

        ended = many(["credential-process", ADMIN], world.environ | {"ROLEDECK_MFA_CODE": world.aws.code()})

        assert [code for code, _, _ in ended] == [0] * PROCESSES, ended
        calls = world.calls()
        assert (calls.count("GetSessionToken"), calls.count("AssumeRole")) == (1, 1)


def test_many_terminals_show_one_prompt_and_one_code_serves_all(world, terminals):
    opened = [terminals(["assume", ADMIN]) for _ in range(PROCESSES)]
    asked = terminals.first_that_shows(PROMPT)

    asked.types(world.aws.code())

    assert [terminal.ends() for terminal in opened] == [0] * PROCESSES
    assert sum(terminal.seen.count(PROMPT) for terminal in opened) == 1
    calls = world.calls()
    assert (calls.count("GetSessionToken"), calls.count("AssumeRole")) == (1, 1)


def test_a_window_that_is_killed_at_its_prompt_leaves_the_question_to_the_next(world, terminals):
    opened = [terminals(["assume", ADMIN]) for _ in range(3)]
    asked = terminals.first_that_shows(PROMPT)

    os.kill(asked.pid, signal.SIGKILL)
    asked.ends()
    terminals.first_that_shows(PROMPT, besides=asked).types(world.aws.code())

    assert sorted(terminal.ends() for terminal in opened) == [-9, 0, 0]
    assert world.calls().count("GetSessionToken") == 1


def test_a_holder_that_is_killed_while_aws_is_slow_leaves_the_role_to_the_next(world, wait_for):
    world.aws.fault("slow", "sts:AssumeRole", times=1, arg=3)
    words = [sys.executable, "-m", "tui_app", "credential-process", READ_ONLY]
    holder = subprocess.Popen(words, env=world.environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, start_new_session=True)
    wait_for(lambda: not world.aws.embedded.service.faults)
    holder.kill()
    holder.communicate()

    ended = many(["credential-process", READ_ONLY], world.environ, 3)

    assert [code for code, _, _ in ended] == [0, 0, 0], ended
    assert len({out for _, out, _ in ended}) == 1


def test_threads_of_one_process_share_one_assume_role(world):
    world.obtain(READ_ONLY)
    let_expire(world.environ)
    world.calls()
    broker = world.reload()

    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: broker.obtain(world.role(READ_ONLY), Wanted(), world.person).credentials.key.id, range(48)))

    assert len(keys) == 1
    assert world.calls().count("AssumeRole") == 1


def test_other_roles_go_on_while_a_person_types_and_so_does_the_same_role_elsewhere(world):
    asked, typed = threading.Event(), threading.Event()

    def slow(request):
        asked.set()
        assert typed.wait(60)
        return Secret(world.aws.code(request.serial))

    first = threading.Thread(target=lambda: world.broker.obtain(world.role(ADMIN), Wanted(), slow))
    first.start()
    assert asked.wait(20)

    ended = many(["credential-process", READ_ONLY], world.environ, 2)
    listed = many(["sessions", "--json"], world.environ, 1)

    typed.set()
    first.join()
    assert [code for code, _, _ in ended] == [0, 0]
    assert READ_ONLY in listed[0][1]


class Terminal:
    """roledeck on a terminal of its own, read by a thread."""

    def __init__(self, words, environ):
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            try:
                os.execve(sys.executable, [sys.executable, "-m", "tui_app", *words], environ)
            finally:
                os._exit(99)
        self.seen = ""
        self._code = None
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def types(self, line):
        os.write(self._fd, f"{line}\r".encode())

    def ends(self):
        if self._code is None:
            self._reader.join(240)
            _, status = os.waitpid(self.pid, 0)
            os.close(self._fd)
            self._code = os.waitstatus_to_exitcode(status)
        return self._code

    def _read(self):
        while True:
            try:
                piece = os.read(self._fd, 4096)
            except OSError:
                return
            if not piece:
                return
            self.seen += piece.decode("utf-8", "replace")


@pytest.fixture
def terminals(world, wait_for):
    opened = []

    def start(words):
        # the embedded AWS has threads, and a fork of this process copies none of them: exec follows at once
        opened.append(Terminal(words, world.environ))
        return opened[-1]

    def first_that_shows(text, besides=None):
        return wait_for(lambda: next((one for one in opened if one is not besides and text in one.seen), None), 60)

    start.first_that_shows = first_that_shows
    return start
