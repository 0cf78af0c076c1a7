"""A subshell shows whose it is, reads its owner's own files, and leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile

import pytest

from tui_app.handover import shell
from tui_app.handover.shell import prompt_ink, prompt_mark, start_of_shell, users_shell
from tui_app.model import Account, Role

DRIVER = """
import os, sys
from tui_app.handover.shell import start_of_shell
from tui_app.handover.child import run_child
start = start_of_shell(os.environ, os.environ["MARK"], os.environ.get("INK", ""))
print(run_child(start.argv, {**os.environ, **start.variables}))
print("left", os.path.exists(start.folder or "/nowhere"))
"""
MARK = "[prod production/Admin until 13:28]"


@pytest.fixture
def opened(on_terminal, tmp_path):
    """A shell on a terminal, with `files` in its home."""

    def start(name, files, **variables):
        path = shutil.which(name)
        if not path:
            pytest.skip(f"needs {name}")
        for file, text in files.items():
            (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / file).write_text(text)
        (tmp_path / "tmp").mkdir()
        return on_terminal([sys.executable, "-c", DRIVER], SHELL=path, MARK=MARK, TMPDIR=str(tmp_path / "tmp"), **variables)

    return start


def ends(program, tmp_path, code):
    program.expect(f"Ended(code={code})")
    program.expect("left False")
    assert program.exit_code() == 0
    assert list((tmp_path / "tmp").glob("roledeck-*")) == []


def test_bash_has_the_mark_and_its_owners_prompt(opened, tmp_path):
    program = opened("bash", {".bashrc": "PS1='mine> '; PROMPT_COMMAND='echo ran;'; alias hi='echo hello there'\n"})
    program.expect(MARK + " mine> ")
    program.type("hi\n")
    program.expect("hello there")
    program.expect(MARK + " mine> ")
    program.type("exit 3\n")
    ends(program, tmp_path, 3)


def test_bash_keeps_a_prompt_that_is_made_anew_each_time(opened, tmp_path):
    program = opened("bash", {".bashrc": "PROMPT_COMMAND='PS1=\"<$?>> \"'\n"})
    program.expect(MARK + " <0>> ")
    program.type("false\n")
    program.expect(MARK + " <1>> ")
    program.type("exit 0\n")
    ends(program, tmp_path, 0)


@pytest.mark.parametrize("folder", ["", "dots/"])
def test_zsh_has_the_mark_and_its_owners_files(opened, tmp_path, folder):
    files = {f"{folder}.zshenv": "export FROM_ENV=yes\n", f"{folder}.zshrc": "PROMPT='mine> '; alias hi='echo hello $FROM_ENV'\n"}
    variables = {"ZDOTDIR": str(tmp_path / "dots")} if folder else {}
    program = opened("zsh", files, **variables)
    program.expect(MARK + " mine> ")
    program.type("hi; echo zdotdir=$ZDOTDIR.\n")
    program.expect("hello yes")
    program.expect(f"zdotdir={variables.get('ZDOTDIR', '')}.\r")
    program.expect(MARK + " mine> ")
    program.type("exit 3\n")
    ends(program, tmp_path, 3)


def test_zsh_follows_a_zdotdir_that_is_set_in_zshenv(opened, tmp_path):
    files = {".zshenv": f"export ZDOTDIR={tmp_path}/dots\n", "dots/.zshrc": "PROMPT='dots> '\n"}
    program = opened("zsh", files)
    program.expect(MARK + " dots> ")
    program.type("exit 0\n")
    ends(program, tmp_path, 0)


def test_fish_has_the_mark_and_its_owners_prompt(opened, tmp_path):
    program = opened("fish", {".config/fish/config.fish": "function fish_prompt; printf 'mine %s> ' $status; end\n"})
    program.expect(MARK + " mine 0> ")
    program.type("false\n")
    program.expect(MARK + " mine 1> ")
    program.type("exit 3\n")
    ends(program, tmp_path, 3)


def test_another_shell_gets_a_plain_prompt(opened, tmp_path):
    program = opened("dash", {})
    program.expect(MARK + " $ ")
    program.type("exit 3\n")
    ends(program, tmp_path, 3)


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_the_mark_can_be_coloured(opened, name, tmp_path):
    program = opened(name, {".zshrc": "unsetopt PROMPT_SP\n"}, INK="1;97;41")
    program.expect(f"\x1b[1;97;41m{MARK}\x1b[0m")
    program.type("exit\n")
    ends(program, tmp_path, 0)


HOSTILE = ["$(touch OWN)", "`touch OWN`", "%(?.x.y)", "\\$(touch OWN)", "a'b\"c", "\x1b[2J", "!!", "a;b|c&d", "\u202e"]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_can_say_anything_to_a_shell(session, name):
    account = Account("111122223333", name, name)
    mark = prompt_mark(Role("k", "arn", account, name), session, lambda: 1_800_000_000.0)
    assert set(mark) <= set("[]+=,.@_/:- ") | {letter for letter in mark if letter.isalnum()}
    assert "until " in mark


def test_the_mark_says_environment_role_and_end(session):
    role = Role("k", "arn", Account("111122223333", "production", "prod"), "path/Admin")
    mark = prompt_mark(role, session, lambda: 1_800_000_000.0)
    assert mark.startswith("[prod production/Admin until ")
    assert prompt_ink(role, {"TERM": "xterm"}) == "1;97;41"
    assert prompt_ink(role, {"TERM": "xterm", "NO_COLOR": "1"}) == prompt_ink(role, {}) == ""


def test_the_users_shell_is_taken(monkeypatch, tmp_path):
    mine = tmp_path / "mysh"
    mine.write_text("#!/bin/sh\n")
    mine.chmod(0o755)
    allowed = tmp_path / "shells"
    allowed.write_text(f"# list\n{mine}\n/bin/sh\n")
    monkeypatch.setattr(shell, "SHELLS_FILE", str(allowed))
    assert users_shell({"SHELL": str(mine)}) == (str(mine), "")


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ("bash", "no absolute path"),
        ("./bash", "no absolute path"),
        ("/no/such/shell", "is not there"),
        ("/etc/passwd", "cannot be run"),
        ("/bin/ls", "is not in"),
        ("/tmp", "cannot be run"),
    ],
)
def test_a_shell_that_does_not_fit_is_replaced_and_told(monkeypatch, tmp_path, wanted, says):
    allowed = tmp_path / "shells"
    allowed.write_text("/bin/sh\n/bin/bash\n/bin/dash\n")
    monkeypatch.setattr(shell, "SHELLS_FILE", str(allowed))
    monkeypatch.setattr(shell, "_accounts_shell", lambda: "/bin/bash")
    found, note = users_shell({"SHELL": wanted})
    assert found == "/bin/bash"
    assert says in note
    assert note.endswith("opening /bin/bash.")


def test_without_shell_the_accounts_own_is_opened(monkeypatch):
    monkeypatch.setattr(shell, "_accounts_shell", lambda: "/no/such")
    assert users_shell({}) == ("/bin/sh", "")


def test_files_of_a_shell_that_never_started_are_removed(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    start = start_of_shell({"SHELL": "/bin/bash"}, MARK)
    assert os.stat(start.folder).st_mode & 0o077 == 0
    start.tidy()
    assert list(tmp_path.iterdir()) == []
