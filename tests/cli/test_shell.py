"""`roledeck shell`: which shell, in which colour, and not one inside another unasked."""

from __future__ import annotations

import pathlib
import subprocess
import sys

import pytest

from tui_app.cli.main import dispatch

ROLE = "production/CrossAccountDeveloperRole"
ROOT = str(pathlib.Path(__file__).parents[2])
WORDS = [sys.executable, "-m", "tui_app", "shell", ROLE]


@pytest.fixture
def settings(environ):
    """Add lines to the user's config."""

    def add(text):
        with pathlib.Path(environ["ROLEDECK_CONFIG"]).open("a", encoding="utf-8") as file:
            file.write(f"\n{text}\n")

    return add


def test_inside_a_roles_shell_it_asks_and_without_a_terminal_it_does_not_go_on(aws, environ, capsys):
    before = len(aws.calls())
    assert dispatch(["shell", ROLE], {**environ, "ROLEDECK_ROLE": "staging-readonly"}) == 3
    assert "This is a shell of staging-readonly already." in capsys.readouterr().err
    assert len(aws.calls()) == before


def test_a_yes_opens_one_inside(environ):
    inside = {**environ, "ROLEDECK_ROLE": "staging-readonly", "SHELL": "/bin/sh", "PYTHONPATH": ROOT}
    done = subprocess.run([*WORDS, "--yes"], env=inside, input="echo $ROLEDECK_ROLE\nexit 5\n", capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (5, "production/cross-account/CrossAccountDeveloperRole\n")


@pytest.mark.parametrize("program", ["/bin/dash", "dash"])
def test_the_config_names_the_shell(environ, settings, on_terminal, program):
    settings(f'[shell]\nprogram = "{program}"')
    shell = on_terminal(WORDS, **{**environ, "SHELL": "/bin/bash"})
    shell.expect("[prod production/CrossAccountDeveloperRole until ")
    shell.type("echo name=$0=\n")
    shell.expect("name=/bin/dash=" if program.startswith("/") else "/dash=")
    shell.type("exit 3\n")
    assert shell.exit_code() == 3


def test_a_shell_that_is_not_there_is_told_by_its_setting(environ, settings, on_terminal):
    settings('[shell]\nprogram = "no-such-shell"')
    shell = on_terminal(WORDS, **environ)
    shell.expect("[shell] program is no-such-shell, which is no absolute path; opening ")
    shell.type("exit 0\n")
    assert shell.exit_code() == 0


@pytest.mark.parametrize(("colour", "shown"), [("green", "\x1b[32m"), ("#ff0000", "\x1b[38;5;196m"), ("no colour", "\x1b[1;97;41m")])
def test_the_environments_colour_is_the_marks(environ, settings, on_terminal, colour, shown):
    settings(f'[environment.prod]\ncolor = "{colour}"')
    shell = on_terminal(WORDS, **{**environ, "SHELL": "/bin/bash"})
    shell.expect(f"{shown}[prod production/")
    shell.type("exit 0\n")
    assert shell.exit_code() == 0
