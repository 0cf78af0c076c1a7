"""Job control: the child is the foreground, and whatever happens to it, we and the terminal go on."""

from __future__ import annotations

import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

import pytest

from tui_app.handover.child import CommandNotFound, Ended, NotExecutable, run_child

DRIVER = """
import os, sys, termios, json
from tui_app.handover.child import run_child, Stopped, Ended
before = termios.tcgetattr(0)
print("ready", flush=True)
outcome = run_child(json.loads(os.environ["ARGV"]), os.environ)
while isinstance(outcome, Stopped):
    print("<stopped>", termios.tcgetattr(0) == before, os.tcgetpgrp(0) == os.getpgrp(), flush=True)
    word = sys.stdin.readline().strip()
    outcome = outcome.child.resume() if word == "resume" else outcome.child.end()
print(f"<ended {outcome.code}>", termios.tcgetattr(0) == before, os.tcgetpgrp(0) == os.getpgrp(), flush=True)
sys.stdin.readline()
print("<typed>", flush=True)
"""
SHELLS = [
    pytest.param(["bash", "--norc", "--noprofile", "-i"], id="bash"),
    pytest.param(["zsh", "-f", "-i"], id="zsh"),
    pytest.param(["fish", "--no-config", "-i"], id="fish"),
]


@pytest.fixture
def run(on_terminal):
    """A driver on a terminal that runs `argv` as its child; shells are skipped where they are absent."""

    def start(argv):
        import json

        if not shutil.which(argv[0]):
            pytest.skip(f"needs {argv[0]}")
        program = on_terminal([sys.executable, "-c", DRIVER], ARGV=json.dumps(argv), PS1="% ")
        program.expect("ready")
        return program

    return start


def whole(program, code):
    """The driver has the terminal again, as it was, and can read from it."""
    program.expect(f"<ended {code}> True True")
    program.type("x\n")
    program.expect("<typed>")
    assert program.exit_code() == 0


@pytest.mark.parametrize(("command", "code"), [("exit 0", 0), ("exit 7", 7), ("kill -TERM $$", 143), ("kill -KILL $$", 137)])
def test_its_exit_code_is_told(run, command, code):
    whole(run(["sh", "-c", command]), code)


def test_ctrl_c_ends_the_child_alone(run):
    program = run(["sh", "-c", "echo started; exec sleep 60"])
    program.expect("started")
    program.settle()
    program.type("\x03")
    whole(program, 130)


def test_ctrl_backslash_ends_the_child_alone(run):
    program = run(["sh", "-c", "ulimit -c 0; echo started; exec sleep 60"])
    program.expect("started")
    program.settle()
    program.type("\x1c")
    whole(program, 131)


def test_a_child_that_leaves_the_terminal_raw_is_cleaned_up_after(run):
    whole(run(["sh", "-c", "stty raw -echo; exit 3"]), 3)


def test_ctrl_z_keeps_the_child_and_resume_goes_on(run):
    program = run(["sh", "-c", "echo started; read line; echo got $line; exit 5"])
    program.expect("started")
    program.settle()
    program.type("\x1a")
    program.expect("<stopped> True True")
    program.type("resume\n")
    program.type("word\n")
    program.expect("got word")
    whole(program, 5)


def test_a_stopped_child_gets_its_own_modes_back(run):
    show = "import termios,os,signal;m=termios.tcgetattr(0);m[3]&=~termios.ECHO;termios.tcsetattr(0,2,m);os.kill(0,signal.SIGTSTP);"
    program = run([sys.executable, "-c", show + "print('echo', bool(termios.tcgetattr(0)[3]&termios.ECHO))"])
    program.expect("<stopped> True True")
    program.type("resume\n")
    program.expect("echo False")
    whole(program, 0)


def test_a_stopped_child_can_be_ended(run):
    program = run(["sh", "-c", "echo started; exec sleep 60"])
    program.expect("started")
    program.settle()
    program.type("\x1a")
    program.expect("<stopped>")
    program.type("end\n")
    whole(program, 129)


def test_a_stopped_shell_can_be_ended_though_it_ignores_sigterm(run):
    program = run(["bash", "--norc", "--noprofile", "-i"])
    program.expect("% ")
    program.type("suspend -f\n")
    program.expect("<stopped> True True")
    program.type("end\n")
    whole(program, 129)


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_runs_jobs_of_its_own(run, shell):
    program = run(shell)
    program.type("sh -c \"echo be''gin; exec sleep 60\"\n")
    program.expect("begin")
    program.type("\x03")
    program.type("sh -c \"echo af''ter; exec sleep 60\"\n")
    program.expect("after")
    program.type("\x1a")
    program.type("jobs; kill %1; exit 4\n")
    program.expect("sleep 60")  # the line as jobs shows it
    # a shell may ask once more while it has stopped jobs
    program.type("exit 4\n")
    program.expect("<ended ")
    program.expect("> True True")


@pytest.mark.parametrize("shell", SHELLS)
def test_a_killed_shell_leaves_us_and_the_terminal_whole(run, shell):
    program = run(shell)
    program.type("echo pid=$fish_pid$$=\n" if shell[0] != "fish" else "echo pid=$fish_pid=\n")
    program.expect("pid=")
    while not (digits := program.expect("=")).strip().isdigit():
        program.expect("pid=")
    os.kill(int(digits), signal.SIGKILL)
    whole(program, 137)


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_killed_under_a_running_job_leaves_us_the_terminal(run, shell, tmp_path):
    program = run(shell)
    variable = "$fish_pid" if shell[0] == "fish" else "$$"
    program.type(f"echo {variable} > {tmp_path}/pid; echo be''gin; sleep 7\n")
    program.expect("begin")
    os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)
    whole(program, 137)


LATE_ORPHAN = """
import os, signal, sys, time
if os.fork() == 0:
    os.setpgid(0, 0)
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    time.sleep(0.03)
    os.tcsetpgrp(0, os.getpgrp())
    open(sys.argv[1], "w").close()
    time.sleep(1)
    os._exit(0)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_job_that_takes_the_terminal_after_its_shell_was_killed_does_not_keep_it(run, tmp_path, wait_for):
    program = run([sys.executable, "-c", LATE_ORPHAN, str(tmp_path / "taken")])
    program.expect("<ended 137>")
    wait_for((tmp_path / "taken").exists)
    assert os.tcgetpgrp(program.fd) == os.getpgid(program.pid)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
@pytest.mark.parametrize(
    "argv", [["sh", "-c", "echo started; exec sleep 60"], ["bash", "--norc", "--noprofile", "-ic", "echo started; read x"]]
)
def test_a_signal_to_us_ends_the_child_then_us(run, argv, number):
    program = run(argv)
    program.expect("started")
    program.settle()
    (child,) = children_of(program.pid)
    program.signal(number)
    assert program.exit_code() == 128 + number
    assert not alive(child)


def test_a_child_that_ignores_everything_is_ended_for_certain(run):
    program = run(["sh", "-c", "trap '' TERM HUP; echo started; exec sleep 60"])
    program.expect("started")
    program.settle()
    (child,) = children_of(program.pid)
    program.signal(signal.SIGTERM)
    assert program.exit_code() == 143
    assert not alive(child)


def test_a_closed_terminal_ends_both(run):
    program = run(["sh", "-c", "echo started; exec sleep 60"])
    program.expect("started")
    program.settle()
    (child,) = children_of(program.pid)
    os.close(program.fd)
    program.fd = os.open(os.devnull, os.O_RDWR)
    assert program.exit_code() != 0
    assert not alive(child)


def test_without_a_terminal_it_simply_runs():
    script = "from tui_app.handover.child import run_child; import os; print(run_child(['sh', '-c', 'echo out; exit 9'], os.environ).code)"
    words = [sys.executable, "-c", script]
    done = subprocess.run(words, capture_output=True, text=True, start_new_session=True, stdin=subprocess.DEVNULL, check=False)
    assert (done.stdout, done.stderr) == ("out\n9\n", "")


def test_without_any_terminal_an_interrupt_is_passed_on():
    script = (
        "from tui_app.handover.child import run_child; import os; print(run_child(['sh', '-c', 'echo $$; exec sleep 60'], os.environ).code)"
    )
    started = {"stdout": subprocess.PIPE, "stdin": subprocess.DEVNULL, "text": True, "start_new_session": True}
    with subprocess.Popen([sys.executable, "-c", script], **started) as process:
        child = int(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        assert process.stdout.readline() == "130\n"
        assert process.wait(15) == 0
    assert not alive(child)


def test_in_a_pipeline_a_signal_to_us_ends_the_child_too(tmp_path):
    script = "from tui_app.handover.child import run_child; import os; run_child(['sh', '-c', 'echo $$; exec sleep 60'], os.environ)"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as process:
        child = int(process.stdout.readline())
        process.terminate()
        assert process.wait(15) == 143
    assert not alive(child)


SLIPPING = """
import os, signal
from tui_app.handover.child import run_child
wait, left = os.waitpid, [{number}]

def waitpid(pid, options):
    # the moment between the last look at signals and the wait: the signal is there, and nobody has heard it yet
    before = signal.pthread_sigmask(signal.SIG_BLOCK, left)
    for number in left:
        os.kill(os.getpid(), number)
    left.clear()
    if not options & os.WNOHANG:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)  # as the call itself would begin: too late for a look
        raise SystemExit("this wait hears nothing until the child ends")
    found = wait(pid, options)
    signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return found

os.waitpid = waitpid
run_child(["sleep", "60"], os.environ)
"""


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_signal_in_the_moment_before_the_wait_is_heard(number):
    words = [sys.executable, "-c", SLIPPING.format(number=int(number))]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, start_new_session=True, timeout=20, check=False, capture_output=True)
    assert (done.returncode, done.stderr) == (128 + number, b"")


def test_a_signal_while_the_child_is_being_started_ends_the_child_and_no_group_of_ours(tmp_path):
    script = """
import os, signal, subprocess
from tui_app.handover import child
start = subprocess.Popen

def started(*words, **named):
    process = start(*words, **named)
    os.kill(os.getpid(), signal.SIGTERM)
    return process

subprocess.Popen = started
child.run_child(["sh", "-c", "echo $$; exec sleep 60"], os.environ)
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as process:
        child = int(process.stdout.readline() or 0)
        assert process.wait(15) == 128 + signal.SIGTERM
    assert not child or not alive(child)


def test_a_missing_command_is_told():
    with pytest.raises(CommandNotFound, match="There is no command no-such-program") as told:
        run_child(["no-such-program"], os.environ)
    assert told.value.exit_code == 127


@pytest.mark.parametrize("kind", ["plain", "folder"])
def test_a_file_that_cannot_be_run_is_told(tmp_path, kind):
    file = tmp_path / "file"
    file.mkdir() if kind == "folder" else file.write_text("echo hello")
    with pytest.raises(NotExecutable) as told:
        run_child([str(file)], os.environ)
    assert told.value.exit_code == 126


def test_an_ended_child_stays_ended():
    from tui_app.handover.child import Child

    child = Child(("true",), os.environ)
    assert (child.resume(), child.resume(), child.poll(), child.end()) == (Ended(0),) * 4


def children_of(pid: int) -> list[int]:
    return [int(word) for word in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def alive(pid: int) -> bool:
    limit = time.monotonic() + 5
    while time.monotonic() < limit:
        try:
            state = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return False
        if state == "Z":
            return False
        time.sleep(0.02)
    return True
