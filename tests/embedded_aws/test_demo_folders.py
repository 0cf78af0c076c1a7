"""A demo that was killed leaves its folder behind; the next one takes it away, and never a living one's."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

START = (
    "import sys; from tui_app.embedded_aws.server import EmbeddedAws; aws = EmbeddedAws(); print(aws.folder, flush=True); sys.stdin.read()"
)


@pytest.fixture
def begin(bare_environ, tmp_path):
    """Starts a process that has made an embedded AWS, and tells its folder."""
    running = []

    def start() -> tuple[subprocess.Popen[str], str]:
        environ = {**bare_environ, "TMPDIR": str(tmp_path)}
        process = subprocess.Popen([sys.executable, "-c", START], env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        running.append(process)
        return process, process.stdout.readline().strip()

    yield start
    for process in running:
        process.kill()
        process.communicate()


def test_the_folder_of_a_killed_demo_goes_with_the_next_and_a_living_ones_stays(begin, tmp_path):
    killed, left = begin()
    killed.send_signal(signal.SIGKILL)
    killed.wait(10)
    assert os.path.exists(f"{left}/config.toml")
    _, living = begin()
    assert not os.path.exists(left)
    _, third = begin()
    assert {str(path) for path in tmp_path.glob("roledeck-demo-*")} == {living, third}
    assert os.path.exists(f"{living}/config.toml")


def test_only_a_folder_that_a_demo_of_ours_has_signed_is_taken_away(begin, tmp_path):
    killed, left = begin()
    killed.kill()
    killed.wait(10)
    elsewhere = tmp_path / "elsewhere"
    os.rename(left, elsewhere)
    (tmp_path / "roledeck-demo-link").symlink_to(elsewhere)
    (tmp_path / "roledeck-demo-unsigned").mkdir(mode=0o700)
    (tmp_path / "roledeck-demo-file").touch()
    (tmp_path / "roledeck-demo-open").mkdir()
    (tmp_path / "roledeck-demo-open").chmod(0o777)
    (tmp_path / "roledeck-demo-open" / ".owner").touch()
    _, own = begin()
    names = {path.name for path in tmp_path.glob("roledeck-demo-*")}
    assert names == {"roledeck-demo-link", "roledeck-demo-unsigned", "roledeck-demo-file", "roledeck-demo-open", os.path.basename(own)}
    assert (elsewhere / "config.toml").exists()
