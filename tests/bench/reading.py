"""Reading 10,000 profiles: the shared files taken apart in full, and the catalog made of them."""

from __future__ import annotations

import os
import tempfile

from tests.bench.rounds import compare, show, work
from tui_app.catalog.load import load_catalog
from tui_app.catalog.shared_config import read_shared_config

COUNT = 10_000
PROFILE = """[profile team{team}-account{account}-role{number}]
role_arn = arn:aws:iam::{arn_account}:role/team/Role{number}
source_profile = base
region = eu-west-1
mfa_serial = arn:aws:iam::444455556666:mfa/DevUser
output = json

"""


def config(count: int = COUNT) -> str:
    """A shared config file with that many role profiles of five settings, and a comment here and there."""
    blocks = ["# all accounts\n[profile base]\nregion = eu-west-1\n"]
    for number in range(count):
        account = number % 100
        blocks.append(PROFILE.format(team=number % 97, account=account, arn_account=100000000000 + account, number=number))
        if not number % 50:
            blocks.append("# the next fifty\n")
    return "".join(blocks)


def credentials(count: int = COUNT) -> str:
    """A credentials file in which every tenth of them stands again."""
    again = (f"[team{number % 97}-account{number % 100}-role{number}]\nexternal_id = id{number}\n" for number in range(0, count, 10))
    return "\n".join(["[base]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = secret\n", *again])


def profiles(rounds: int) -> None:
    """CPU time, beside the least that looking at every line can cost in Python."""
    with tempfile.TemporaryDirectory() as folder:
        files = {"AWS_CONFIG_FILE": os.path.join(folder, "config"), "AWS_SHARED_CREDENTIALS_FILE": os.path.join(folder, "credentials")}
        for path, text in zip(files.values(), (config(), credentials()), strict=True):
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        environ, text = files | {"HOME": folder}, config()
        contestants = {
            "every line split at its sign": work(lambda: [line.partition("=") for line in text.split("\n")]),
            "full parse of both files": work(lambda: read_shared_config(environ)),
            "load_catalog": work(lambda: load_catalog(environ)),
            "load_catalog, every role made": work(lambda: tuple(load_catalog(environ).roles)),
        }
        goals = {"full parse of both files": "<= 40 ms", "load_catalog": "near 40 ms"}
        show(f"Reading {COUNT:,} profiles, CPU", compare(contestants, goals, rounds))
