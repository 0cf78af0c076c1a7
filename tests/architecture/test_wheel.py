"""What people install: the wheel, unpacked and run away from the checkout."""

from __future__ import annotations

import importlib.util
import os
import pathlib
import subprocess
import sys
import zipfile

import pytest

ROOT = pathlib.Path(__file__).parents[2]
SAMPLES = sorted(path.name for path in (ROOT / "config").iterdir() if path.is_file())


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory) -> pathlib.Path:
    folder = tmp_path_factory.mktemp("wheel")
    # with the build's own requirement at hand nothing is fetched for it
    here = ["--no-build-isolation"] if importlib.util.find_spec("hatchling") else []
    built = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--disable-pip-version-check", *here, "--wheel-dir", folder, ROOT],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    (wheel,) = folder.glob("roledeck-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(unpacked: pathlib.Path, *words: str) -> subprocess.CompletedProcess[str]:
    environ = {"PATH": os.environ["PATH"], "HOME": str(unpacked), "PYTHONPATH": str(unpacked)}
    return subprocess.run([sys.executable, *words], cwd=unpacked, env=environ, capture_output=True, text=True, check=False, timeout=60)


def test_the_wheel_carries_the_samples(unpacked):
    assert sorted(path.name for path in (unpacked / "tui_app" / "_config").iterdir() if path.is_file()) == SAMPLES


def test_the_installed_program_finds_its_samples(unpacked):
    found = run(unpacked, "-c", "from tui_app import paths; print(paths.sample('demo.toml'))")
    assert found.stdout.strip() == str(unpacked / "tui_app" / "_config" / "demo.toml")


def test_the_checkout_finds_its_samples():
    from tui_app import paths

    assert paths.sample("demo.toml") == str(ROOT / "config" / "demo.toml")


def test_the_installed_program_answers(unpacked):
    answer = run(unpacked, "-m", "tui_app", "--version")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout.startswith("roledeck ")


def test_the_wheel_carries_nothing_else(unpacked):
    assert sorted(path.name for path in unpacked.iterdir() if not path.name.endswith(".dist-info")) == ["tui_app"]
