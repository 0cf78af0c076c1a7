"""Ctrl-C in the very first moments, while the command line is still being read into memory."""

from __future__ import annotations

import subprocess
import sys

import pytest

INTERRUPTED = """
import sys
from importlib.abc import MetaPathFinder

class Impatient(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == {module!r}:
            raise KeyboardInterrupt

sys.meta_path.insert(0, Impatient())
sys.argv = ["roledeck", *{words!r}]
from tui_app.cli import main
sys.exit(main())
"""


@pytest.mark.parametrize(
    ("module", "words"),
    [
        ("tui_app.cli.main", ["resources", "production/ReadOnly"]),
        ("tui_app.cli.resources", ["resources", "production/ReadOnly"]),
        ("tui_app.handover.credential_process", ["credential-process", "production/ReadOnly"]),
        ("tui_app.catalog.quick", ["ls", "--names"]),
    ],
)
def test_ctrl_c_while_roledeck_starts_ends_it_without_a_traceback(module, words, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED.format(module=module, words=words)],
        capture_output=True,
        text=True,
        env={"HOME": str(tmp_path)},
        timeout=30,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
