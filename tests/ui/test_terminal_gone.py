"""The terminal goes away: a window is closed, a connection breaks. Whatever the screen was doing, its process ends."""

from __future__ import annotations

import os
import pathlib
import signal
import stat
import time

import pytest

from tests.ui.test_terminal import Program

EDITOR = "#!/bin/sh\n: > {begun}\nwhile [ ! -e {enough} ]; do sleep 0.05; done\n"


@pytest.fixture
def program(tmp_path):
    opened = []

    def start(**more):
        opened.append(Program(tmp_path, **more))
        return opened[-1]

    yield start
    for item in opened:
        if item.process.poll() is None:
            item.process.kill()
        item.process.wait()
        os.close(item.slave)


@pytest.fixture
def editor(tmp_path):
    """An editor that runs until a file is there."""
    script = tmp_path / "editor"
    script.write_text(EDITOR.format(begun=tmp_path / "begun", enough=tmp_path / "enough"))
    script.chmod(stat.S_IRWXU)
    return script


def close(running: Program) -> None:
    """Close the terminal's own side, as a window does; nobody is sent a signal, as the program is no leader of it."""
    os.close(running.master)


def edited(running: Program, folder: pathlib.Path) -> bool:
    """Whether the editor has begun; asks for it again, as a key before the files are read does nothing."""
    os.write(running.master, b"o")
    running.read(0.5)
    return (folder / "begun").exists()


def ended(running: Program, seconds: float = 15) -> int:
    end = time.monotonic() + seconds
    while running.process.poll() is None:
        assert time.monotonic() < end, "it lives on without a terminal"
        time.sleep(0.02)
    return running.process.returncode


def test_the_list_ends_with_its_terminal_without_any_signal(program):
    running = program()
    running.until(b"AdminRole")
    close(running)
    assert ended(running) == 128 + signal.SIGHUP


@pytest.mark.parametrize("with_signal", [False, True])
def test_so_does_a_screen_that_comes_back_to_none(program, editor, tmp_path, wait_for, with_signal):
    running = program(EDITOR=str(editor), size=(40, 140))
    running.until(b"AdminRole")
    running.until(b"Not assumed yet")
    wait_for(lambda: edited(running, tmp_path))
    time.sleep(0.2)  # the handlers of a lent terminal are set just after the editor has begun
    close(running)
    if with_signal:
        running.process.send_signal(signal.SIGHUP)
    else:
        (tmp_path / "enough").touch()
    assert ended(running) == 128 + signal.SIGHUP
