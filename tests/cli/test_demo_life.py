"""The AWS of `roledeck demo` is a process of its own: it ends with us however we end, and its end is told in a sentence."""

from __future__ import annotations

import json
import os
import pathlib
import signal
import subprocess
import sys

import pytest

HUB = "shared-services/Hub"
ROLEDECK = [sys.executable, "-m", "tui_app"]
WAITER = "import os, sys; print(*os.listdir('/proc/self/fd'), flush=True); sys.stdin.read()"
ENDED = "The embedded AWS, a process of its own, has ended with signal 9."

pytestmark = pytest.mark.skipif(not os.path.isdir("/proc/self/task"), reason="needs Linux")


class Process:
    """What /proc tells about a process."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.began = self._fields()[19]

    def _fields(self) -> list[str]:
        return pathlib.Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()

    @property
    def gone(self) -> bool:
        """Whether it has ended and nobody's zombie is left of it."""
        try:
            return self._fields()[19] != self.began
        except (FileNotFoundError, ProcessLookupError):
            return True

    @property
    def state(self) -> str:
        return self._fields()[0]

    @property
    def session(self) -> int:
        return int(self._fields()[3])

    @property
    def aws(self) -> Process:
        """The child that is an AWS."""
        for pid in pathlib.Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split():
            if b"apart_main" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes():
                return Process(int(pid))
        raise LookupError(f"{self.pid} has no AWS")

    def ended(self, wait_for) -> bool:
        return bool(wait_for(lambda: self.gone))


@pytest.fixture
def place(tmp_path):
    """Where temporary files go."""
    made = tmp_path / "temporary"
    made.mkdir()
    return made


@pytest.fixture
def lending(bare_environ, place):
    """A `demo exec` whose command is running: the process, the AWS, and the descriptors of the command."""
    started = []

    def start(**options):
        words = [*ROLEDECK, "demo", "exec", HUB, "--", sys.executable, "-c", WAITER]
        process = subprocess.Popen(
            words, env={**bare_environ, "TMPDIR": str(place)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **options
        )
        started.append(process)
        descriptors = process.stdout.readline().split()
        assert descriptors, "the command never ran"
        return process, Process(process.pid).aws, descriptors

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT], ids=lambda number: number.name)
def test_it_ends_with_us_and_takes_its_folder_along(lending, place, wait_for, number):
    process, aws, _ = lending()
    assert list(place.glob("roledeck-demo-*"))
    process.send_signal(number)
    process.wait(20)
    assert aws.ended(wait_for)
    wait_for(lambda: not list(place.iterdir()))


def test_killed_at_its_first_moment_we_leave_nothing(bare_environ, place, wait_for):
    process = subprocess.Popen(
        [*ROLEDECK, "demo", "assume", HUB], env={**bare_environ, "TMPDIR": str(place)}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    )
    with process:

        def started():
            try:
                return Process(process.pid).aws
            except LookupError:
                return None

        aws = wait_for(started)
        process.kill()
        process.wait(20)
        assert aws.ended(wait_for)
        wait_for(lambda: not list(place.iterdir()))


def test_keys_and_hang_ups_of_the_terminal_do_not_reach_it_and_children_get_nothing_of_it(lending):
    process, aws, descriptors = lending(process_group=0)
    assert aws.session == aws.pid
    assert set(descriptors) <= {"0", "1", "2", "3"}, "3 is the listing itself"
    os.killpg(process.pid, signal.SIGSTOP)
    try:
        assert aws.state not in "TZ"
    finally:
        os.killpg(process.pid, signal.SIGCONT)


def test_nothing_private_is_in_its_words_or_variables(lending):
    _, aws, _ = lending()
    for part in ("cmdline", "environ"):
        content = pathlib.Path(f"/proc/{aws.pid}/{part}").read_bytes()
        assert b"ROLEDECK_" not in content
        assert b"AWS_ENDPOINT_URL" not in content
        assert b"AWS_SECRET_ACCESS_KEY" not in content


def test_a_command_whose_aws_was_killed_says_so(bare_environ, place, wait_for):
    """The AWS is held before it has answered, so that the command waits for it; then it is killed."""
    process = subprocess.Popen(
        [*ROLEDECK, "demo", "assume", HUB],
        env={**bare_environ, "TMPDIR": str(place)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )

    def held():
        try:
            aws = Process(process.pid).aws
        except LookupError:
            return None
        os.kill(aws.pid, signal.SIGSTOP)
        return aws

    aws = wait_for(held)
    os.kill(aws.pid, signal.SIGKILL)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (1, "")
    assert err == f"{ENDED} Start the demo again; nothing of it was kept.\n"
    assert list(place.iterdir()) == []


@pytest.mark.parametrize(
    ("break_it", "told"),
    [
        ("sys.executable = '/nowhere/python'", "The embedded AWS could not start: No such file or directory."),
        ("tempfile.tempdir = '/nowhere'", "The embedded AWS could not start: No such file or directory."),
        ("socket.create_server = refuse", "The embedded AWS could not start: Cannot assign requested address."),
    ],
    ids=["process", "folder", "port"],
)
def test_what_it_cannot_start_without_is_told(bare_environ, place, break_it, told):
    script = f"""
import errno, os, socket, sys, tempfile
def refuse(*_, **__):
    raise OSError(errno.EADDRNOTAVAIL, os.strerror(errno.EADDRNOTAVAIL))
{break_it}
from tui_app.cli.main import run
sys.exit(run(["demo", "ls"]))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], env={**bare_environ, "TMPDIR": str(place)}, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"{told} It needs a free port on 127.0.0.1, a folder for temporary files, and a process of its own.\n"
    assert list(place.iterdir()) == []


def test_packages_that_cannot_be_loaded_are_told(bare_environ, place, tmp_path):
    package = tmp_path / "broken" / "moto"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise ImportError('half of it is missing')\n")
    environ = {**bare_environ, "TMPDIR": str(place), "PYTHONPATH": f"{package.parent}:{bare_environ.get('PYTHONPATH', '')}"}
    done = subprocess.run([*ROLEDECK, "demo", "assume", HUB], env=environ, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "The embedded AWS could not be loaded: half of it is missing. Install it afresh: pip install --force-reinstall 'roledeck[demo]'.\n"
    )


def test_a_command_that_needs_no_aws_waits_for_none(bare_environ, place, tmp_path):
    package = tmp_path / "slow" / "moto"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("import time; time.sleep(600)\n")
    environ = {**bare_environ, "TMPDIR": str(place), "PYTHONPATH": f"{package.parent}:{bare_environ.get('PYTHONPATH', '')}"}
    done = subprocess.run(
        [*ROLEDECK, "demo", "ls", "--json"], env=environ, capture_output=True, text=True, check=False, timeout=60, stdin=subprocess.DEVNULL
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert any(row["account"]["name"] == "shared-services" for row in json.loads(done.stdout))
    assert list(place.iterdir()) == []


def test_a_failure_of_the_command_itself_stays_its_own(bare_environ):
    done = subprocess.run(
        [*ROLEDECK, "demo", "assume", "nobody/Nothing"], env=bare_environ, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert "embedded AWS" not in done.stderr
