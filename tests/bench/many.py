"""10,000 profiles."""

from __future__ import annotations

import os
import sys
import tempfile

from tests.bench.rounds import alone, compare, process, show

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
COUNT = 10_000


def config(count: int = COUNT) -> str:
    """A shared config file with that many role profiles in a hundred accounts."""
    blocks = ["[profile base]\nregion = eu-west-1\n"]
    for number in range(count):
        arn = f"arn:aws:iam::{100000000000 + number % 100}:role/Role{number}"
        name = f"team{number % 97}-account{number % 100}-role{number}"
        blocks.append(f"[profile {name}]\nrole_arn = {arn}\nsource_profile = base\nregion = eu-west-1\n")
    return "\n".join(blocks)


def environment(folder: str) -> dict[str, str]:
    """An environment whose only config file has the profiles."""
    for name, text in (("config", config()), ("credentials", "[base]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = secret\n")):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)
    files = {"AWS_CONFIG_FILE": os.path.join(folder, "config"), "AWS_SHARED_CREDENTIALS_FILE": os.path.join(folder, "credentials")}
    return alone(folder) | files | {"PYTHONPATH": ROOT}


def names(rounds: int) -> None:
    """`ls --names` against an empty Python."""
    with tempfile.TemporaryDirectory() as folder:
        environ = environment(folder)
        contestants = {
            "python -c pass": process([sys.executable, "-c", "pass"], environ),
            "roledeck ls --names": process([sys.executable, "-m", "tui_app", "ls", "--names"], environ),
        }
        show(f"{COUNT:,} profiles", compare(contestants, {"roledeck ls --names": "<= 3"}, rounds))
