"""Completion by the real shells: what is offered, and what stands on the command line after the key, also for hostile names."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys

import pytest

from tui_app.cli.completion import SHELLS, script, table
from tui_app.cli.main import COMMANDS

HOSTILE = [
    "our account/Role",
    "it's/Role",
    'say "x"/Role',
    "dollar$HOME/Role",
    "tick`id`/Role",
    "sub$(id)/Role",
    "back\\slash/Role",
    "semi;colon/Role",
    "pipe|amp&/Role",
    "star*?[a]/Role",
    "arn:aws:iam::1:role/Role",
    "equals=x,y/Role",
    "hash #x/Role",
    "brace{a,b}/Role",
    "par(en)<>/Role",
    "été/日本",
    "percent%d/Role",
]
STUB = """#!{python}
import json, os, sys
if sys.argv[1:] == ["ls", "--names"]:
    with open({names!r}, encoding="utf-8") as file:
        sys.stdout.write(file.read())
    sys.exit(int(os.environ.get("FAILS", "0")))
print("ARGUMENTS" + json.dumps(sys.argv[1:]) + "END")
"""
BASH = r"""
source "$1"
COMP_LINE=$2 COMP_POINT=${#2}
_roledeck roledeck
for reply in "${COMPREPLY[@]}"; do printf '%s\n' "$reply"; done
"""
ZSH = r"""
compdef() { : }
autoload() { : }
source "$1"
_describe() { local name=$argv[-1]; print -rl -- "${(@P)name}" }
compadd() { local name=$argv[-1]; print -rl -- "${(@P)name}" }
_files() { print -r FILES }
_normal() { print -r NORMAL $words $CURRENT }
words=("${(@)argv[2,-1]}")
CURRENT=$#words
PREFIX=$words[-1]
_roledeck
:
"""


@pytest.fixture
def shelf(tmp_path) -> pathlib.Path:
    """A folder with the scripts and a program `roledeck` that knows hostile names and prints its arguments."""
    for shell in SHELLS:
        (tmp_path / f"completion.{shell}").write_text(script(shell), encoding="utf-8")
    (tmp_path / "names").write_text("".join(f"{name}\n" for name in HOSTILE), encoding="utf-8")
    program = tmp_path / "bin" / "roledeck"
    program.parent.mkdir()
    program.write_text(STUB.format(python=sys.executable, names=str(tmp_path / "names")), encoding="utf-8")
    program.chmod(0o755)
    return tmp_path


def environment(shelf: pathlib.Path, **more: str) -> dict[str, str]:
    return {"PATH": f"{shelf}/bin:{os.environ['PATH']}", "HOME": str(shelf), "LANG": "C.UTF-8", "TERM": "dumb", **more}


def offered(shell: str, shelf: pathlib.Path, *words: str, **more: str) -> list[str]:
    """What the shell offers after these words, the last of them being typed."""
    if shell == "bash":
        command = ["bash", "--norc", "-c", BASH, "bash", str(shelf / "completion.bash"), " ".join(words)]
    elif shell == "zsh":
        command = ["zsh", "-f", "-c", ZSH, "zsh", str(shelf / "completion.zsh"), *words]
    else:
        line = " ".join(words)
        command = ["fish", "--no-config", "-c", f"source {shelf}/completion.fish; complete -C {_fish(line)}"]
    done = subprocess.run(command, env=environment(shelf, **more), capture_output=True, text=True, timeout=60, check=False, cwd=shelf)
    assert (done.returncode, done.stderr) == (0, "")
    return [line for line in done.stdout.splitlines() if line]


def _fish(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def plain(lines: list[str]) -> set[str]:
    """The words without what they mean."""
    return {line.partition("\t")[0].partition(":")[0].strip() for line in lines}


@pytest.fixture(params=[pytest.param(shell, marks=pytest.mark.program(shell)) for shell in SHELLS])
def shell(request) -> str:
    return request.param


def test_every_command_is_offered(shell, shelf):
    assert plain(offered(shell, shelf, "roledeck", "")) == set(COMMANDS)
    assert plain(offered(shell, shelf, "roledeck", "--no-color", "--config", "x", "")) == set(COMMANDS)


@pytest.mark.parametrize("command", ["ls", "exec", "profiles", "completion", "env"])
def test_the_options_are_those_of_the_parser(shell, shelf, command):
    found = plain(offered(shell, shelf, "roledeck", command, "--"))
    assert found == {option for option, _ in table().lists[command]}
    assert {"--help", "--yes", "--config"} <= found


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["profiles", ""], {"install", "remove", "diff"}),
        (["completion", ""], {"bash", "zsh", "fish"}),
        (["demo", "serve", "--em"], {"--empty"}),
    ],
)
def test_words_that_are_one_of_a_few(shell, shelf, words, found):
    assert found <= plain(offered(shell, shelf, "roledeck", *words))
    assert "our account/Role" not in offered(shell, shelf, "roledeck", *words)


def test_the_formats_of_env(shell, shelf):
    assert {"sh", "fish", "json"} <= plain(offered(shell, shelf, "roledeck", "env", "x", "--format", ""))


@pytest.mark.parametrize(
    "words", [["exec", ""], ["assume", "--via", ""], ["assume", "--duration", "1h", ""], ["profiles", "install", "a/b", ""]]
)
def test_role_names_are_offered_where_a_role_is_wanted(shell, shelf, words):
    assert len(offered(shell, shelf, "roledeck", *words)) == len(HOSTILE)


@pytest.mark.parametrize("words", [["assume", "a/b", ""], ["env", "a/b", "--duration", ""], ["demo", "exec", ""], ["views", ""]])
def test_nothing_is_offered_where_nothing_is_known(shell, shelf, words):
    assert offered(shell, shelf, "roledeck", *words) == []


def test_a_roledeck_that_fails_says_nothing(shell, shelf):
    (shelf / "bin" / "roledeck").write_text("#!/bin/sh\necho broken >&2\nexit 6\n", encoding="utf-8")
    assert offered(shell, shelf, "roledeck", "exec", "") == []
    (shelf / "bin" / "roledeck").unlink()
    assert offered(shell, shelf, "roledeck", "exec", "") == []


@pytest.mark.program("bash")
@pytest.mark.parametrize("name", HOSTILE)
def test_what_bash_inserts_is_the_name_again(shelf, name):
    typed = name[:3]
    for start, close in (("", ""), ('"', '"'), ("'", "'")):
        if (
            start == ""
            and typed != subprocess.run(["bash", "-c", f"printf %s {typed}"], capture_output=True, text=True, check=False).stdout
        ):
            continue
        if start == "'" and "'" in typed:
            continue
        (found,) = offered("bash", shelf, "roledeck", "exec", start + typed)
        again = ["bash", "-c", f"printf %s {start}{found}{close}"]
        assert subprocess.run(again, env={**environment(shelf)}, capture_output=True, text=True, check=False).stdout == name


START = {
    "bash": ("bash", ["--norc", "--noprofile", "-i"], "PS1='READY> '; source {shelf}/completion.bash\r"),
    "zsh": ("zsh", ["-f", "-i"], "PS1='READY> '; source {shelf}/completion.zsh\r"),
    "fish": ("fish", ["--no-config", "-i"], "function fish_prompt; echo 'READY> '; end; source {shelf}/completion.fish\r"),
}


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("ou", "our account/Role"),
        ('"our a', "our account/Role"),
        ("'our a", "our account/Role"),
        ("our\\ a", "our account/Role"),
        ("it", "it's/Role"),
        ('"it', "it's/Role"),
        ("arn:aws:i", "arn:aws:iam::1:role/Role"),
        ("su", "sub$(id)/Role"),
        ('"su', "sub$(id)/Role"),
        ("ha", "hash #x/Role"),
        ("equals=", "equals=x,y/Role"),
        ("'back", "back\\slash/Role"),
    ],
)
def test_the_key_puts_the_whole_name_on_the_line(shell, shelf, on_terminal, typed, name):
    program, options, ready = START[shell]
    running = on_terminal([program, *options], **environment(shelf, TERM="xterm-256color"))
    running.type(ready.format(shelf=shelf))
    running.expect("READY> ")
    running.expect("READY> ")
    running.type(f"roledeck exec {typed}\t")
    running.expect("Role")
    running.type("\r")
    running.expect("ARGUMENTS")
    shown = running.expect("END")
    assert json.loads(shown) == ["exec", name]


def test_the_scripts_are_printed_by_the_command(shelf):
    for name in SHELLS:
        done = subprocess.run([sys.executable, "-m", "tui_app", "completion", name], capture_output=True, text=True, check=True)
        assert done.stdout == script(name)
        assert "@TABLE@" not in done.stdout


def test_an_unknown_shell_is_told():
    done = subprocess.run([sys.executable, "-m", "tui_app", "completion", "tcsh"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "one of bash, zsh, fish" in done.stderr


def test_the_real_list_of_names_feeds_it(environ, shell, shelf):
    program = shelf / "bin" / "roledeck"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m tui_app "$@"\n', encoding="utf-8")
    found = offered(
        shell, shelf, "roledeck", "assume", "", **{name: value for name, value in environ.items() if name not in {"PATH", "HOME", "TERM"}}
    )
    assert "production/AdminRole" in {line.partition("\t")[0] for line in found}
