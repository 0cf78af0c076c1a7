"""What is really imported, and when: import-linter reads the lines, these watch a process.

The cached `credential-process` is watched in tests/cli/test_credential_process.py, the index alone in tests/sessions/test_index.py,
the door to AWS in tests/aws/test_door.py.
"""

from __future__ import annotations

import fcntl
import os
import pathlib
import pty
import select
import struct
import subprocess
import sys
import termios
import time

import pytest

ROOT = pathlib.Path(__file__).parents[2]
MODULES = sorted(".".join(path.relative_to(ROOT).with_suffix("").parts) for path in (ROOT / "tui_app").rglob("*.py"))
IMPORTER = """
import sys
from importlib import import_module
for name in sys.argv[1:]:
    import_module(name.removesuffix(".__init__"))
print(*sorted(sys.modules))
"""
PROFILES = (
    "[profile dev]\nregion = eu-west-1\n\n[profile admin]\nrole_arn = arn:aws:iam::111122223333:role/AdminRole\nsource_profile = dev\n"
)
MANY = "".join(f"[profile p{n}]\nrole_arn = arn:aws:iam::111122223333:role/Role{n}\nsource_profile = dev\n\n" for n in range(4000))
NAMES = """
import os, sys
before = set(sys.modules)
leave = os._exit

def told(code):
    print(*sorted(set(sys.modules) - before), file=sys.stderr, flush=True)
    leave(code)

os._exit = told
sys.argv = ["roledeck", "ls", "--names"]
from tui_app.cli import main
sys.exit(f"not quick: {main()}")
"""
SCREEN = """
import sys
report = sys.argv.pop()
import tui_app.ui.app as screen
run = screen.run

def watched_run(context):
    from textual.drivers.linux_driver import LinuxDriver
    write = LinuxDriver.write

    def watched(driver, data):
        if "AdminRole" in data:
            LinuxDriver.write = write
            with open(report, "w") as file:
                file.write(" ".join(sorted(sys.modules)))
        write(driver, data)

    LinuxDriver.write = watched
    return run(context)

screen.run = watched_run
from tui_app.cli import main
sys.exit(main())
"""


def rooms(names: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in names}


def imported(modules: list[str]) -> set[str]:
    done = subprocess.run([sys.executable, "-c", IMPORTER, *modules], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return rooms(set(done.stdout.split()))


def test_only_the_doors_to_aws_import_boto3():
    others = [name for name in MODULES if not name.startswith(("tui_app.aws.", "tui_app.embedded_aws."))]
    assert len(others) > 100
    assert imported(others) & {"boto3", "botocore", "moto", "flask"} == set()


def test_only_the_screen_imports_textual():
    others = [name for name in MODULES if not name.startswith("tui_app.ui.")]
    assert len(others) > 100
    assert imported(others) & {"textual", "rich"} == set()


@pytest.fixture
def home(tmp_path):
    """A home with a shared config and nothing of ours."""

    def make(config: str) -> dict[str, str]:
        (tmp_path / ".aws").mkdir()
        (tmp_path / ".aws" / "config").write_text(config)
        return {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "TERM": "xterm-256color", "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)}

    return make


@pytest.mark.parametrize("config", [PROFILES, MANY], ids=["few", "many"])
def test_names_are_printed_in_little_more_than_bare_python(home, tmp_path, config):
    environ = home("[default]\n[sso-session hub]\nsso_region = eu-west-1\n" + config)
    (tmp_path / ".aws" / "credentials").write_text("[default]\naws_access_key_id = AKIA\n\n[dev]\naws_access_key_id = AKIA\n")
    done = subprocess.run([sys.executable, "-c", NAMES], env=environ, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == config.count("role_arn")
    heavy = {"argparse", "json", "re", "typing", "dataclasses", "tomllib", "logging", "socket", "textual", "rich", "boto3", "botocore"}
    assert rooms(set(done.stderr.split())) & heavy == set()


@pytest.mark.parametrize("config", [PROFILES, PROFILES + MANY], ids=["few", "many"])
def test_the_first_frame_is_painted_before_anything_it_does_not_need(home, tmp_path, config):
    report = tmp_path / "report"
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    words = [sys.executable, "-c", SCREEN, str(report)]
    with subprocess.Popen(words, stdin=slave, stdout=slave, stderr=slave, env=home(config), start_new_session=True) as process:
        shown, limit = b"", time.monotonic() + 20
        while b"AdminRole" not in shown:
            assert time.monotonic() < limit, shown[-2000:]
            if select.select([master], [], [], 0.1)[0]:
                shown += os.read(master, 65536)
        process.kill()
    os.close(slave)
    os.close(master)
    names = set(report.read_text().split())
    assert "tui_app.ui.deck" in names
    assert rooms(names) & {"boto3", "botocore", "moto", "tomllib", "argparse", "json", "hmac", "urllib3"} == set()
    assert names & {"tui_app.catalog.user_tables", "tui_app.catalog.schema", "tui_app.sessions.obtain", "tui_app.aws.door"} == set()
