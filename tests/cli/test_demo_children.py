"""Under the demo, whose AWS would die with us, the child runs beside us: with job control, and with its exit code ours."""

from __future__ import annotations

import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

import pytest

DEVELOPER = "production/CrossAccountDeveloperRole"
DEMO = f"{sys.executable} -m tui_app demo"


@pytest.fixture
def at_shell(on_terminal, bare_environ, tmp_path):
    """An interactive bash on a terminal."""
    # a fish that finds this does not read all manual pages of the machine for its completions
    pathlib.Path(bare_environ["HOME"], ".local/share/fish/generated_completions").mkdir(parents=True)
    program = on_terminal(
        ["bash", "--norc", "--noprofile", "-i"], **{**bare_environ, "PS1": "% ", "SHELL": "/bin/bash", "TMPDIR": str(tmp_path)}
    )
    program.expect("% ")
    return program


@pytest.mark.parametrize(("command", "code"), [("exit 7", 7), ("kill -9 $$", 137), ("exit 0", 0)])
def test_the_exit_code_is_the_childs(bare_environ, command, code):
    words = [sys.executable, "-m", "tui_app", "demo", "exec", DEVELOPER, "--", "sh", "-c", command]
    assert subprocess.run(words, env=bare_environ, stdin=subprocess.DEVNULL, check=False, timeout=60).returncode == code


def test_ctrl_z_stops_us_with_the_child_and_fg_goes_on(at_shell):
    at_shell.type(f"{DEMO} exec {DEVELOPER} -- sh -c 'echo star''ted; read line; echo got $line'\n")
    settled(at_shell)
    at_shell.type("\x1a")
    at_shell.expect("Stopped")
    at_shell.expect("% ")
    at_shell.type("fg\n")
    at_shell.type("word\n")
    at_shell.expect("got word")
    at_shell.type("echo code $?\n")
    at_shell.expect("code 0")


WAITER = """
import os, sys, time
print("star" + "ted", flush=True)
while not os.path.exists("go"):
    time.sleep(0.02)
open("done", "w").close()
sys.exit(5)
"""


def test_bg_lets_the_child_run_without_the_terminal(at_shell, tmp_path):
    # no shell as the child: one that is between fork and exec when Ctrl-Z comes does not stop
    (tmp_path / "waiter.py").write_text(WAITER)
    at_shell.type(f"{DEMO} exec {DEVELOPER} -- {sys.executable} waiter.py\n")
    settled(at_shell)
    at_shell.type("\x1a")
    at_shell.expect("Stopped")
    at_shell.type("bg\n")
    at_shell.type("touch go; wait %1; echo code $?\n")
    at_shell.expect("code 5")
    assert (tmp_path / "done").exists()
    at_shell.type("exit\n")
    assert at_shell.exit_code() == 0


def test_ctrl_c_is_the_childs(at_shell):
    at_shell.type(f"{DEMO} exec {DEVELOPER} -- sh -c 'trap \"echo caught; exit 9\" INT; echo star''ted; while :; do :; done'\n")
    settled(at_shell)
    at_shell.type("\x03")
    at_shell.expect("caught")
    at_shell.type("echo code $?\n")
    at_shell.expect("code 9")


def settled(program):
    """Wait until the child of our child is the foreground."""
    program.expect("started")
    children = pathlib.Path(f"/proc/{program.pid}/task/{program.pid}/children").read_text().split()
    program.beside = int(children[0])
    program.settle()


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_a_subshell_has_mark_and_credentials(at_shell, name, tmp_path):
    path = shutil.which(name)
    if not path:
        pytest.skip(f"needs {name}")
    at_shell.type(f"SHELL={path} {DEMO} shell {DEVELOPER}\n")
    at_shell.expect("[prod production/CrossAccountDeveloperRole until ")
    at_shell.expect("]")
    at_shell.type(f"env > {tmp_path}/env; exit 4\n")
    at_shell.expect("% ")
    at_shell.type("echo code $?\n")
    at_shell.expect("code 4")
    variables = dict(line.split("=", 1) for line in (tmp_path / "env").read_text().splitlines() if "=" in line)
    assert variables["AWS_ACCESS_KEY_ID"].startswith("ASIA")
    assert variables["ROLEDECK_ROLE"] == "production/cross-account/CrossAccountDeveloperRole"
    assert variables["AWS_CREDENTIAL_EXPIRATION"].endswith("Z")
    assert "ROLEDECK_MFA_CODE" not in variables


def test_sigterm_ends_child_and_demo_and_leaves_no_folder(bare_environ, tmp_path):
    words = [sys.executable, "-m", "tui_app", "demo", "exec", DEVELOPER, "--", "sh", "-c", "echo $$; exec sleep 60"]
    environ = {**bare_environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(words, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as process:
        child = int(process.stdout.readline())
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 143
    assert not os.path.exists(f"/proc/{child}")
    assert list(pathlib.Path(tmp_path).glob("roledeck-*")) == []


@pytest.mark.parametrize("stopped", [False, True])
def test_a_terminal_that_dies_takes_all_of_us_along(at_shell, tmp_path, stopped):
    at_shell.type(f"{DEMO} exec {DEVELOPER} -- sh -c 'echo star''ted; exec sleep 60'\n")
    settled(at_shell)
    us, child = at_shell.beside, os.tcgetpgrp(at_shell.fd)
    if stopped:
        at_shell.type("\x1a")
        at_shell.expect("Stopped")
        at_shell.expect("% ")
    at_shell.signal(signal.SIGKILL)
    assert at_shell.exit_code() == -signal.SIGKILL
    limit = time.monotonic() + 15
    while os.path.exists(f"/proc/{us}") or os.path.exists(f"/proc/{child}"):
        assert time.monotonic() < limit, "somebody was left behind"
        time.sleep(0.02)
    assert list(tmp_path.glob("roledeck-demo-*")) == []
