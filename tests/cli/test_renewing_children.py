"""`exec --renew` and `shell --renew` on a real terminal: whatever happens to child, terminal or us, neither port nor file is left."""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys

import pytest

ROLE = "staging-readonly"
DECK = f"{sys.executable} -m tui_app"
WHO = "import boto3; print('<' + boto3.client('sts').get_caller_identity()['Arn'].split(':')[-1] + '>', flush=True)"
TELL = """
import os, sys, time
open("told", "w").write(os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"] + chr(10) + str(os.getpid()))
print("star" + "ted", flush=True)
{}
"""
SLEEPS = TELL.format("time.sleep(60)")
ASKS = TELL.format(f"sys.stdin.readline(); {WHO}")


@pytest.fixture
def home(environ, tmp_path):
    """The variables of a person at a shell; what is lent lies in the test's own folder."""
    (tmp_path / "sleeps.py").write_text(SLEEPS)
    (tmp_path / "asks.py").write_text(ASKS)
    root = pathlib.Path(__file__).parents[2]
    (pathlib.Path(environ["HOME"]) / ".local/share/fish/generated_completions").mkdir(parents=True)
    return {**environ, "XDG_RUNTIME_DIR": str(tmp_path), "TMPDIR": str(tmp_path), "PYTHONPATH": str(root), "PS1": "% "}


@pytest.fixture
def at_shell(on_terminal, home):
    program = on_terminal(["bash", "--norc", "--noprofile", "-i"], **home)
    program.expect("% ")
    return program


@pytest.fixture
def nothing_left(tmp_path, wait_for):
    """What was lent is gone: the folder, the port, the process."""

    def check():
        url, pid = (tmp_path / "told").read_text().split("\n")
        wait_for(lambda: not list(tmp_path.glob("roledeck-lent-*")))
        wait_for(lambda: not alive(int(pid)))
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.1", int(url.split(":")[2].partition("/")[0])), 1)

    return check


def alive(pid: int) -> bool:
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def settled(program):
    """Wait until the child of our child is the foreground."""
    program.expect("started")
    program.beside = int(pathlib.Path(f"/proc/{program.pid}/task/{program.pid}/children").read_text().split()[0])
    program.settle()


def test_a_child_that_was_stopped_goes_on_with_its_credentials(at_shell, nothing_left):
    at_shell.type(f"{DECK} exec {ROLE} --renew -- {sys.executable} asks.py\n")
    settled(at_shell)
    at_shell.type("\x1a")
    at_shell.expect("Stopped")
    at_shell.expect("% ")
    at_shell.type("fg\n")
    at_shell.type("\n")
    at_shell.expect("<assumed-role/ReadOnly/")
    at_shell.type("echo code $?\n")
    at_shell.expect("code 0")
    nothing_left()


@pytest.mark.parametrize(("key", "code"), [("\x03", 130), ("\x1c", 131)])
def test_control_keys_are_the_childs(at_shell, nothing_left, key, code):
    at_shell.type(f"ulimit -c 0; {DECK} exec {ROLE} --renew -- {sys.executable} sleeps.py 2>/dev/null\n")
    settled(at_shell)
    at_shell.type(key)
    at_shell.type("echo code $?\n")
    at_shell.expect(f"code {code}" if key == "\x1c" else "code 1")  # Python itself ends by the interrupt
    nothing_left()


@pytest.mark.parametrize("to", ["the child", "us: TERM", "us: HUP"])
def test_a_signal_that_ends_one_of_us_leaves_nothing(at_shell, nothing_left, tmp_path, to):
    at_shell.type(f"{DECK} exec {ROLE} --renew -- {sys.executable} sleeps.py\n")
    settled(at_shell)
    if to == "the child":
        os.kill(int((tmp_path / "told").read_text().split("\n")[1]), signal.SIGKILL)
    else:
        os.kill(at_shell.beside, getattr(signal, f"SIG{to[-4:].strip(' :')}"))
    at_shell.type("stty -a | grep -c ' echo '; echo code $?\n")
    at_shell.expect("code 0")
    nothing_left()


def test_a_terminal_that_dies_takes_all_of_us_along(at_shell, nothing_left):
    at_shell.type(f"{DECK} exec {ROLE} --renew -- {sys.executable} sleeps.py\n")
    settled(at_shell)
    at_shell.signal(signal.SIGKILL)
    assert at_shell.exit_code() == -signal.SIGKILL
    nothing_left()


def test_killed_for_certain_the_port_is_closed_and_the_next_one_sweeps(home, nothing_left, tmp_path):
    words = [sys.executable, "-m", "tui_app", "exec", ROLE, "--renew", "--", sys.executable]
    options = {"env": home, "stdin": subprocess.DEVNULL, "cwd": tmp_path}
    with subprocess.Popen([*words, "sleeps.py"], stdout=subprocess.PIPE, text=True, **options) as process:
        assert process.stdout.readline() == "started\n"
        process.kill()
    os.kill(int((tmp_path / "told").read_text().split("\n")[1]), signal.SIGKILL)
    assert len(list(tmp_path.glob("roledeck-lent-*"))) == 1
    subprocess.run([*words, "-c", "pass"], check=True, capture_output=True, **options)
    nothing_left()


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_a_subshell_has_its_mark_its_jobs_and_its_owners_files(at_shell, nothing_left, name, tmp_path):
    path = shutil.which(name)
    if not path:
        pytest.skip(f"needs {name}")
    at_shell.type(f"SHELL={path} {DECK} shell {ROLE} --renew\n")
    at_shell.expect("[staging staging/ReadOnly renews]")
    at_shell.type(f"{sys.executable} sleeps.py\n")
    at_shell.expect("started")
    at_shell.type("\x03")
    at_shell.expect("renews]")
    at_shell.type(f"{DECK} chain lambda-exec --json > chain; env > env; exit 4\n")
    at_shell.expect("% ")
    at_shell.type("echo code $?\n")
    at_shell.expect("code 4")
    # roledeck itself sees the owner's files from within, SDKs see none of them
    assert json.loads((tmp_path / "chain").read_text())["problems"] == []
    variables = dict(line.split("=", 1) for line in (tmp_path / "env").read_text().splitlines() if "=" in line)
    assert os.path.basename(os.path.dirname(variables["AWS_CONFIG_FILE"])).startswith("roledeck-lent-")
    assert not {"AWS_ACCESS_KEY_ID", "AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CREDENTIAL_EXPIRATION"} & variables.keys()
    nothing_left()
