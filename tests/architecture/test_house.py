"""The house: what lies where, what is written down, and what must not be."""

from __future__ import annotations

import ast
import pathlib
import re
import subprocess
import tomllib

import pytest

ROOT = pathlib.Path(__file__).parents[2]
PRODUCT = ROOT / "tui_app"
MODULES = sorted(path for path in PRODUCT.rglob("*.py") if "_config" not in path.parts)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
REQUIREMENTS = [
    *PROJECT["project"]["dependencies"],
    *PROJECT["project"]["optional-dependencies"]["demo"],
    *PROJECT["project"]["optional-dependencies"]["keyring"],
    *PROJECT["project"]["optional-dependencies"]["login"],
    *PROJECT["dependency-groups"]["dev"],
]


def tracked() -> list[pathlib.Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def identifier(path: pathlib.Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=identifier)
def test_every_module_says_what_it_is_for(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", MODULES, ids=identifier)
def test_a_file_stays_small_enough_to_read(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_no_banners():
    """What a banner would head is a file of its own, or needs no heading."""
    files = [*MODULES, *(ROOT / "tests").rglob("*.py")]
    banner = re.compile(r"^\s*#\s*[-=*#~]{2}", re.MULTILINE)
    assert [identifier(path) for path in files if banner.search(path.read_text(encoding="utf-8"))] == []


def test_every_room_is_in_the_import_contract():
    rooms = {path.parent.name for path in PRODUCT.glob("*/__init__.py")}
    contracted = " ".join(layer for contract in PROJECT["tool"]["importlinter"]["contracts"] for layer in contract.get("layers", []))
    forbidden = " ".join(
        module for contract in PROJECT["tool"]["importlinter"]["contracts"] for module in contract.get("source_modules", [])
    )
    assert [room for room in rooms if f"tui_app.{room}" not in contracted + forbidden] == []


def test_every_dependency_has_its_reason():
    reasons = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    names = [re.split(r"[<>=~ \[]", requirement)[0] for requirement in REQUIREMENTS]
    assert [name for name in names if not re.search(rf"\| {re.escape(name)}(\[\w+\])? \|", reasons)] == []


def test_dependencies_are_ranges():
    assert [requirement for requirement in REQUIREMENTS if "==" in requirement or not re.search(r"[<>~]", requirement)] == []


def test_nothing_committed_names_a_place_of_one_machine():
    place = re.compile(r"/(?:home|Users|root)/(?!me\b|\.\b)[a-z]|/wor" + r"k/")
    found = []
    for path in tracked():
        if path.suffix in {".ttf", ".png"}:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [f"{identifier(path)}: {match[0]}" for match in place.finditer(text)]
    assert found == []


def test_every_command_is_in_the_readme():
    from tui_app.cli.main import COMMANDS

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"roledeck {name}" not in readme] == []
