"""The pictures in the README are what the screen draws today."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

FOLDER = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", "screenshots"))
SCENES = ("main-80x24", "main-no-color", "first-run", "mfa", "chain-80x24", "trust", "help")
PICTURES = ("main-80x24", "main-no-color", "first-run", "mfa-modal", "mfa-refused", "chain-80x24", "trust", "help")


def words_on(path: str) -> list[tuple[str, str, str]]:
    """Every text of a picture with its place, top to bottom."""
    elements = [element for element in ET.parse(path).iter() if element.tag.endswith("text")]
    return sorted((element.get("y", ""), element.get("x", ""), (element.text or "").strip()) for element in elements)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> str:
    home, out = tmp_path_factory.mktemp("home"), str(tmp_path_factory.mktemp("pictures"))
    environ = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8"}
    words = [sys.executable, os.path.join(FOLDER, "make.py"), "--out", out, *SCENES]
    done = subprocess.run(words, env=environ, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert os.listdir(home) == []
    return out


@pytest.mark.parametrize("name", PICTURES)
def test_the_picture_shows_what_the_screen_draws(made, name):
    assert words_on(f"{made}/{name}.svg") == words_on(f"{FOLDER}/{name}.svg"), "look at the change, then run make screenshots"


@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_is_there_as_png_too(made, name):
    for folder in (made, FOLDER):
        with open(f"{folder}/{name}.png", "rb") as file:
            assert file.read(8) == b"\x89PNG\r\n\x1a\n"


def test_a_picture_tells_nothing_of_the_machine_that_made_it(made):
    for name in os.listdir(made):
        if name.endswith(".svg"):
            with open(f"{made}/{name}", encoding="utf-8") as file:
                text = file.read()
            assert made not in text
            assert "/tmp/pytest" not in text
