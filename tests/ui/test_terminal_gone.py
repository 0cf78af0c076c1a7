"""The terminal goes away: a window is closed, a connection breaks. Whatever the screen was doing, its process ends."""

from __future__ import annotations

import os
import pathlib
import signal
import stat

import pytest

from tests.ui.terminal_program import TerminalProgram

EDITOR = "#!/bin/sh\n: > {begun}\nwhile [ ! -e {enough} ]; do sleep 0.05; done\n"


@pytest.fixture
def editor(tmp_path):
    """An editor that runs until a file is there; it is there at the end, whatever came of the test."""
    script = tmp_path / "editor"
    script.write_text(EDITOR.format(begun=tmp_path / "begun", enough=tmp_path / "enough"))
    script.chmod(stat.S_IRWXU)
    yield script
    (tmp_path / "enough").touch()


def edited(running: TerminalProgram, folder: pathlib.Path) -> bool:
    """Whether the editor has begun; asks for it again, as a key before the files are read does nothing, and twice, as hands do."""
    os.write(running.master, b"oo")
    running.read(0.5)
    return (folder / "begun").exists()


def test_the_list_ends_with_its_terminal_without_any_signal(program):
    running = program()
    running.until(b"AdminRole")
    running.hang_up()
    assert running.wait() == 128 + signal.SIGHUP


@pytest.mark.parametrize("with_signal", [False, True])
def test_so_does_a_screen_that_comes_back_to_none(program, editor, tmp_path, wait_for, with_signal):
    running = program(EDITOR=str(editor), size=(40, 140))
    running.until(b"AdminRole")
    running.until(b"Not assumed yet")
    wait_for(lambda: edited(running, tmp_path))
    running.hang_up()
    if with_signal:
        running.process.send_signal(signal.SIGHUP)
    else:
        (tmp_path / "enough").touch()
    assert running.wait() == 128 + signal.SIGHUP
