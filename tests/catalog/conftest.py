"""Files of one's own to be linted, and what was found in them."""

from __future__ import annotations

import os

import pytest

from tui_app.catalog.lint.run import lint
from tui_app.catalog.load import load_catalog

NOW = 1_800_000_000.0
CREDENTIALS = "[dev]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI\n"
FILES = {"AWS_CONFIG_FILE": "config", "AWS_SHARED_CREDENTIALS_FILE": "credentials", "ROLEDECK_CONFIG": "config.toml"}


def findings_in(folder, variables=None, *, everything=False):
    environ = {"HOME": str(folder), "PATH": os.defpath, **{name: str(folder / file) for name, file in FILES.items()}, **(variables or {})}
    return lint(load_catalog(environ), environ, NOW, everything=everything)


@pytest.fixture(scope="session")
def findings():
    """`findings(folder)`: what lint says about the files in a folder."""
    return findings_in


@pytest.fixture
def linted(tmp_path):
    """`linted(config, credentials)`: what lint says about these texts; ordinary keys of `dev` where no credentials are given."""

    def run(config="", credentials=CREDENTIALS, *, toml="", variables=None, everything=False):
        for name, text in (("config", config), ("credentials", credentials), ("config.toml", toml)):
            (tmp_path / name).write_text(text)
        return findings_in(tmp_path, variables, everything=everything)

    return run


@pytest.fixture
def places():
    """`places(found)`: rule and `file:line` of each, without their folder."""
    return lambda found: [(finding.rule, finding.place.rpartition("/")[2]) for finding in found]
