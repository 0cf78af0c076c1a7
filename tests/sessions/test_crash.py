"""Killed in the middle of a write, or with a disk that fails at any point of one: the old session or the new one is there, whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROUNDS = int(os.environ.get("ROLEDECK_KILLS", "60"))
"""The figure to hold is 1,000; `ROLEDECK_KILLS=1000 pytest tests/sessions/test_crash.py` counts them."""


@pytest.fixture
def under_fire(tmp_path):
    """Run tests/sessions/under_fire.py; its answer."""

    def run(*words: str):
        program = [sys.executable, str(ROOT / "tests/sessions/under_fire.py"), words[0], *words[1:]]
        environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
        done = subprocess.run(program, env=environ, capture_output=True, text=True, check=False, timeout=60 + ROUNDS)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


@pytest.mark.parametrize("kind", ["plain", "sealed", "index"])
def test_kill_nine_during_writes_loses_nothing(under_fire, tmp_path, kind):
    rounds = max(ROUNDS // 3, 1) if ROUNDS < 1000 else ROUNDS
    found = under_fire("kill", kind, str(tmp_path / "it"), str(rounds))

    assert found["lost"] == 0
    assert found["written"] >= rounds, "every round wrote something before it was killed"
    assert (found["after"], found["files"]) == (0, 1), "the next writer sweeps what the killed ones left"


def test_a_write_that_fails_anywhere_keeps_the_old_file_and_the_session_goes_on(under_fire, tmp_path):
    cases = under_fire("faults", str(tmp_path))

    assert len(cases) == 48
    for case in cases:
        ended, late = case["kind"] == "exit", case["point"] == "fsync folder"
        leaves = ended and not late and case["point"] != "open"
        assert case["kept"] == (2 if late else 1), f"the old or the new value, whole: {case}"
        assert case["said"] == ("" if ended else "in use"), f"the program goes on with the new session: {case}"
        assert case["temporary"] == leaves, f"only a crash leaves a temporary file: {case}"
