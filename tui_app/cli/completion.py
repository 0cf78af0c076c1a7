"""`roledeck completion bash|zsh|fish`: a script that completes commands, options and role names, made from the commands' own parsers."""

from __future__ import annotations

import argparse
import os
import shlex
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from tui_app.cli.arguments import Parser, add_global_arguments
from tui_app.values import frozen

if TYPE_CHECKING:
    from tui_app.cli.context import Context

SHELLS = ("bash", "zsh", "fish")
COMMANDS_LIST, DEMO = "commands", "demo"
_KINDS = {"ROLE": "roles", "SOURCE": "roles", "FILE": "files", "PATH": "files", "FOLDER": "files"}
"""What stands where a word of that metavar is wanted; of any other nothing is known."""
_MANY = ("*", "+", argparse.REMAINDER)
_TABLE = "@TABLE@\n"

Rows = Sequence[tuple[str, str]]
"""Words with what they mean."""


@frozen
class Table:
    """All there is to complete.

    `kinds` says what stands behind `COMMAND --option` and at `COMMAND 1`, its first word (`COMMAND *`: at any further one): `roles`,
    `files`, `none` or `list`. `lists` has the words: of `commands`, of `demo`, the options of a COMMAND, and whatever `kinds` calls a list.
    """

    kinds: Mapping[str, str]
    lists: Mapping[str, Rows]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which shell."""
    parser.add_argument("shell", choices=SHELLS, metavar="|".join(SHELLS), help="whose script to print")


def run(options: argparse.Namespace, context: Context) -> int:
    """Print the script."""
    context.out(script(options.shell).rstrip("\n"))
    return 0


def script(shell: str) -> str:
    """The script of a shell, with the table in its place."""
    with open(os.path.join(os.path.dirname(__file__), f"completion.{shell}"), encoding="utf-8") as file:
        text = file.read()
    rendered = _fish(table()) if shell == "fish" else _posix(table())
    return text.replace(_TABLE, rendered)


def table() -> Table:
    """What every command takes, by its own parser."""
    from tui_app.cli.main import COMMANDS

    kinds: dict[str, str] = {}
    lists: dict[str, Rows] = {COMMANDS_LIST: [(name, summary) for name, (_, summary) in COMMANDS.items()]}
    lists[DEMO] = [*(row for row in lists[COMMANDS_LIST] if row[0] != DEMO), ("serve", "run the embedded AWS alone")]
    for name, (module, _) in COMMANDS.items():
        parser = Parser(f"roledeck {name}", "")
        if name != DEMO:
            import_module(module).add_arguments(parser)
        _take_in(name, parser, kinds, lists)
    _take_in("", Parser("roledeck", ""), kinds, lists)
    from tui_app.cli.demo import serve_parser

    _take_in("serve", serve_parser(), kinds, lists)
    return Table(kinds, lists)


def _take_in(name: str, parser: argparse.ArgumentParser, kinds: dict[str, str], lists: dict[str, Rows]) -> None:
    add_global_arguments(parser)
    rows, position = [], 0
    for action in parser._actions:  # noqa: SLF001 - argparse has no other way to ask what it was told
        if action.option_strings:
            rows += [(option, action.help or "") for option in action.option_strings if option.startswith("--")]
            places = [f"{name} {option}" for option in action.option_strings] if action.nargs != 0 else []
        else:
            position += 1
            places = [f"{name} {position}", *([f"{name} *"] if action.nargs in _MANY else [])]
        for place in places:
            kinds[place] = "list" if action.choices else _KINDS.get(str(action.metavar), "none")
            if action.choices:
                lists[place] = [(str(choice), "") for choice in action.choices]
    lists[name] = sorted(rows)


def _posix(found: Table) -> str:
    """The table for bash and zsh: `_roledeck_kind` answers in REPLY, `_roledeck_list` prints."""
    return _cases(
        found,
        '_roledeck_kind() {\n    REPLY=\n    case "$1" in\n',
        lambda place, kind: f"        {shlex.quote(place)}) REPLY={kind} ;;\n",
        '    esac\n}\n_roledeck_list() {\n    case "$1" in\n',
        lambda name, rows: f"        {shlex.quote(name)}) printf '%s\\n' {' '.join(map(shlex.quote, rows))} ;;\n",
        "    esac\n}\n",
    )


def _fish(found: Table) -> str:
    """The same for fish; both functions print."""
    return _cases(
        found,
        "function __roledeck_kind\n    switch $argv[1]\n",
        lambda place, kind: f"        case {_fish_quoted(place)}\n            echo {kind}\n",
        "    end\nend\nfunction __roledeck_list\n    switch $argv[1]\n",
        lambda name, rows: f"        case {_fish_quoted(name)}\n            printf '%s\\n' {' '.join(map(_fish_quoted, rows))}\n",
        "    end\nend\n",
    )


def _cases(
    found: Table, before: str, kind: Callable[[str, str], str], between: str, words: Callable[[str, list[str]], str], after: str
) -> str:
    """Both functions: what comes before, a case for each kind, what comes between, a case for each list, what comes after."""
    kinds = "".join(kind(place, name) for place, name in found.kinds.items())
    lists = "".join(words(name, [_row(row) for row in rows]) for name, rows in found.lists.items() if rows)
    return before + kinds + between + lists + after


def _row(row: tuple[str, str]) -> str:
    word, meaning = row
    return f"{word}\t{meaning.replace('%%', '%')}" if meaning else word


def _fish_quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("*", "\\*") + "'" if text != "*" else text
