from __future__ import annotations

import fcntl
import subprocess
import sys
import threading

import pytest

from tui_app.errors import Cancelled
from tui_app.sessions.folder import PrivateFolder
from tui_app.sessions.locks import held, tidy

HOLDER = """
import sys
from tui_app.sessions.folder import PrivateFolder
from tui_app.sessions.locks import held
with held(PrivateFolder(sys.argv[1]), "x", lambda: False) as locked:
    print(locked, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path):
    return PrivateFolder(str(tmp_path / "sessions"))


def test_one_thread_at_a_time(folder):
    inside, most, lock = [0], [0], threading.Lock()

    def work():
        with held(folder, "x", lambda: False) as locked:
            assert locked
            with lock:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
            with lock:
                inside[0] -= 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most[0] == 1


def test_a_process_that_dies_lets_go(folder):
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, folder.path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout.readline() == b"True\n"
    with held(folder, "x", lambda: False, patience=0.1) as locked:
        assert not locked, "it is held by the other process"

    holder.kill()
    holder.communicate()

    with held(folder, "x", lambda: False, patience=10) as locked:
        assert locked


def test_waiting_can_be_given_up(folder):
    with held(folder, "x", lambda: False):
        calls = []
        thread_result = []

        def wait():
            try:
                with held(folder, "x", lambda: calls.append(1) or len(calls) > 2):
                    pass
            except Cancelled:
                thread_result.append("cancelled")

        thread = threading.Thread(target=wait)
        thread.start()
        thread.join()
    assert thread_result == ["cancelled"]


def test_without_a_folder_threads_still_take_turns(tmp_path):
    (tmp_path / "file").write_text("")
    folder = PrivateFolder(str(tmp_path / "file" / "sessions"))
    with held(folder, "x", lambda: False) as locked:
        assert locked
        seen = []

        def other():
            with held(folder, "x", lambda: False, patience=0.05) as got:
                seen.append(got)

        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert seen == [False]


def test_only_a_lock_file_that_nobody_holds_is_tidied_away(folder):
    with held(folder, "y", lambda: False):
        pass
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, folder.path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout.readline() == b"True\n"

    tidy(folder)

    assert folder.names() == [".x.lock"]
    holder.communicate()


def test_a_lock_file_that_is_tidied_away_while_somebody_waits_for_it_lets_only_one_in(folder):
    waiting, inside = threading.Event(), []

    def wait():
        with held(PrivateFolder(folder.path), "x", lambda: waiting.set() or False, patience=10) as locked:
            inside.append((locked, folder.names()))

    with folder.lock_file(".x.lock") as fd:
        fcntl.flock(fd, fcntl.LOCK_EX)
        thread = threading.Thread(target=wait)
        thread.start()
        assert waiting.wait(10)
        folder.remove(".x.lock")
    thread.join()
    assert inside == [(True, [".x.lock"])]
