"""Two processes, one expired role: one AssumeRole. Two processes, one code: one question."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tui_app import paths
from tui_app.sessions.broker import Wanted

WORKER = """
import os, sys
from tui_app.catalog.load import load_catalog
from tui_app.secret import Secret
from tui_app.sessions.broker import Broker, Wanted

def ask(request):
    print("asked", flush=True)
    return Secret(sys.stdin.readline().strip())

broker = Broker(load_catalog(os.environ), os.environ)
role = broker.catalog.role(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
waiting = lambda line: line.startswith("Another") and print("waiting", flush=True)
print(broker.obtain(role, Wanted(), ask, progress=waiting).credentials.key.id, flush=True)
"""


class Worker:
    """A process that gets one role's session."""

    def __init__(self, environ, key):
        self._process = subprocess.Popen(
            [sys.executable, "-c", WORKER, key], env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.hears() == "ready"

    def says(self, line):
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def hears(self):
        return self._process.stdout.readline().strip()

    def kill(self):
        self._process.kill()
        self._process.communicate()

    def ends(self):
        out, _ = self._process.communicate(timeout=30)
        return out.split()


@pytest.fixture
def expired(world):
    """A role whose kept session has expired."""
    world.broker.obtain(world.role("staging-readonly"), Wanted(), world.person)
    (file,) = [file for file in Path(paths.sessions_folder(world.environ)).iterdir() if file.suffix == ".json" and len(file.stem) == 64]
    values = json.loads(file.read_text())
    file.write_text(json.dumps(values | {"expires": values["issued"] - 1}))
    world.calls()
    return "staging-readonly"


def test_one_expired_role_is_got_once(world, expired):
    workers = [Worker(world.environ, expired) for _ in range(4)]
    for worker in workers:
        worker.says("go")

    keys = [worker.ends()[-1] for worker in workers]

    assert len(set(keys)) == 1
    assert world.calls() == ["AssumeRole", "GetCallerIdentity"]


def test_one_code_is_asked_in_one_window_and_serves_both(world):
    first = Worker(world.environ, "staging/Deployer")
    first.says("go")
    assert first.hears() == "asked"
    second = Worker(world.environ, "production/AdminRole")
    second.says("go")
    assert second.hears() == "waiting"

    first.says(world.aws.code())

    assert len(first.ends()) == 1
    assert second.ends()[-1].startswith("ASIA")
    assert world.calls().count("GetSessionToken") == 1


def test_a_window_that_is_killed_while_it_asks_leaves_the_question_to_the_other(world):
    first = Worker(world.environ, "production/AdminRole")
    first.says("go")
    assert first.hears() == "asked"
    second = Worker(world.environ, "production/AdminRole")
    second.says("go")
    assert second.hears() == "waiting"

    first.kill()

    assert second.hears() == "asked"
    second.says(world.aws.code())
    assert second.ends()[-1].startswith("ASIA")


def test_nothing_of_a_demo_lands_in_the_users_own_folders(aws, bare_environ, world):
    environ = bare_environ | aws.embedded.environment()
    worker = Worker(environ, "staging-readonly")
    worker.says("go")
    worker.ends()

    assert os.listdir(os.path.join(aws.folder, "sessions"))
    assert not os.path.exists(bare_environ["XDG_CACHE_HOME"])
    assert not os.path.exists(bare_environ["XDG_STATE_HOME"])
