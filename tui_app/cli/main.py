"""Which command, with which options, and what becomes of a failure: one sentence on stderr and an exit code."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Mapping, MutableMapping, Sequence
from importlib import import_module
from types import TracebackType
from typing import TYPE_CHECKING

from tui_app import __version__
from tui_app.cli.context import Context, RunningDemo
from tui_app.errors import ConfigUnusable, RoledeckError, UnknownRole, UsageError
from tui_app.handover.credential_process import BROKEN_PIPE
from tui_app.text import clean, nearest

if TYPE_CHECKING:
    import argparse

    from tui_app.cli.arguments import Parser

COMMANDS: Mapping[str, tuple[str, str]] = {
    "ls": ("tui_app.cli.ls", "accounts and roles, with state and time left"),
    "chain": ("tui_app.cli.chain", "what would happen, before it happens"),
    "assume": ("tui_app.cli.assume", "get a session"),
    "whoami": ("tui_app.cli.whoami", "the identity, and where the credentials came from"),
    "sessions": ("tui_app.cli.sessions", "live sessions and MFA sessions"),
    "shell": ("tui_app.cli.shell", "a subshell with the credentials"),
    "exec": ("tui_app.cli.exec", "one command with the credentials"),
    "env": ("tui_app.cli.env", "print the credentials for eval"),
    "credential-process": ("tui_app.cli.credential_process", "the credential_process contract, for ~/.aws/config"),
    "profiles": ("tui_app.cli.profiles", "roles as profiles of ~/.aws/config, for every program that reads it"),
    "link": ("tui_app.cli.link", "the console's switch-role link"),
    "console": ("tui_app.cli.console", "the web console, signed in as the role"),
    "resources": ("tui_app.cli.resources", "sample resources of one role or several"),
    "search": ("tui_app.cli.search", "resources of all live sessions, by AWS's own search engines"),
    "views": ("tui_app.cli.views", "what resources can show, and the permission each view needs"),
    "login": ("tui_app.cli.login", "sign in at IAM Identity Center"),
    "logout": ("tui_app.cli.logout", "sign out of IAM Identity Center, and drop its sessions"),
    "add": ("tui_app.cli.add", "write one more role into your files, from options or asked step by step"),
    "import": ("tui_app.cli.import_roles", "bring in accounts and roles, after showing what is new, changed and gone"),
    "lint": ("tui_app.cli.lint", "what is wrong in the config files, and what other AWS tools read differently"),
    "keys": ("tui_app.cli.keys", "a profile's long-term keys into the keyring, and back"),
    "forget": ("tui_app.cli.forget", "drop sessions"),
    "completion": ("tui_app.cli.completion", "a script that completes commands, options and role names in your shell"),
    "demo": ("tui_app.cli.demo", "any of these against an AWS of its own"),
}
SCREEN = "tui_app.cli.screen"
INTERRUPTED = 130
SENTENCE_LIMIT = 4096
_RAW = frozenset({"demo"})
"""Commands that read all words after their name themselves (`options.words`)."""
_CHILD = frozenset({"exec"})
"""Commands whose words after `--` are a command line of their own (`options.command`)."""


def run(words: Sequence[str]) -> int:
    """Run one command line in this process's environment; the exit code."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            # closed from the start: what would stand there is not wanted
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - for as long as the process runs
        else:
            stream.reconfigure(errors="backslashreplace")  # a locale without é still gets an answer
    _keep_values_off_the_screen()
    return dispatch(words, os.environ)


def dispatch(words: Sequence[str], environ: MutableMapping[str, str], demo: RunningDemo | None = None, outer: Context | None = None) -> int:
    """Run one command line; `demo` is the running embedded AWS that `environ` points at, `outer` the context it was started from.

    Never raises but SystemExit: every failure becomes one sentence on stderr and an exit code.
    """
    context = Context(environ, demo=demo, yes=outer.yes if outer else False, debug=outer.debug if outer else False)
    try:
        code = _run(list(words), context)
        context.flush()
    except RoledeckError as failure:
        return _tell(demo.cause_of(failure) if demo else failure, context)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return _broken_pipe()
    except Exception as failure:  # noqa: BLE001 - the last resort: a sentence, never a traceback
        from tui_app.cli.redaction import unexpected

        # a demo's own folder goes with it, so what broke there is written down where it was started from
        return _tell(unexpected(failure, (outer or context).environ), context)
    return code


def _run(words: list[str], context: Context) -> int:
    own, rest = _split(words)
    at = _command_at(own)
    if at is None:
        return _without_command(own, rest, context)
    name = own[at]
    if name not in COMMANDS:
        near = nearest(name, COMMANDS)
        raise UsageError(
            f'There is no command "{clean(name)}".' + (f" Did you mean {near}?" if near else ""), "roledeck --help lists them."
        )
    from tui_app.cli.arguments import Parser, add_global_arguments

    module_name, summary = COMMANDS[name]
    module = import_module(module_name)
    parser = Parser(f"roledeck {name}", f"{summary[:1].upper()}{summary[1:]}.")
    module.add_arguments(parser)
    add_global_arguments(parser)
    options = _parse(parser, name, own, at, rest)
    if getattr(options, "version", False):
        return _version(context)
    _globals(options, context)
    context.log("%s started", name)
    code: int = module.run(options, context)
    context.log("%s ended with %d", name, code)
    return code


def _split(words: list[str]) -> tuple[list[str], list[str] | None]:
    """Our own words, and those after the first `--`, or None where there is none."""
    if "--" not in words:
        return words, None
    at = words.index("--")
    return words[:at], words[at + 1 :]


def _command_at(own: Sequence[str]) -> int | None:
    position = 0
    while position < len(own):
        if not own[position].startswith("-"):
            return position
        position += 2 if own[position] == "--config" else 1
    return None


def _parse(parser: Parser, name: str, own: list[str], at: int, rest: list[str] | None) -> argparse.Namespace:
    before, after = own[:at], own[at + 1 :]
    if name in _RAW and after[:1] not in (["--help"], ["-h"]):
        options = _globals_parser().parse_args(before)
        options.words = after if rest is None else [*after, "--", *rest]
        return options
    if name in _CHILD:
        options = parser.parse_args([*before, *after])
        options.command = rest or []
        return options
    parse = parser.parse_intermixed_args if parser.intermixed else parser.parse_args
    return parse([*before, *after, *(["--", *rest] if rest else [])])


def _globals_parser() -> Parser:
    from tui_app.cli.arguments import Parser, add_global_arguments

    parser = Parser("roledeck", "")
    add_global_arguments(parser)
    return parser


def _without_command(own: list[str], rest: list[str] | None, context: Context) -> int:
    if "--help" in own or "-h" in own:
        context.out(_help())
        return 0
    if not own and rest is None:
        return _screen(context)  # the person waits for the first frame: nothing is read that was not written
    options = _globals_parser().parse_args(own)
    if rest:
        raise UsageError(f'There is no command "{clean(rest[0])}" after --.', "Put the command before it: roledeck exec ROLE -- COMMAND.")
    if getattr(options, "version", False):
        return _version(context)
    _globals(options, context)
    return _screen(context)


def _screen(context: Context) -> int:
    code: int = import_module(SCREEN).run(context)
    return code


def _globals(options: argparse.Namespace, context: Context) -> None:
    context.yes = context.yes or getattr(options, "yes", False)
    if getattr(options, "debug", False):
        context.debug = True
    if context.debug:
        from tui_app.cli.redaction import start_log

        start_log(context.environ)
    if getattr(options, "no_color", False):
        context.environ["NO_COLOR"] = os.environ["NO_COLOR"] = "1"
    if file := getattr(options, "config", None):
        if not os.path.exists(file):
            raise ConfigUnusable(f"There is no file {clean(file)}.", "--config names a config.toml.", clean(file))
        context.environ["ROLEDECK_CONFIG"] = os.path.abspath(file)


def _version(context: Context) -> int:
    context.out(f"roledeck {__version__}")
    return 0


def _help() -> str:
    width = max(map(len, COMMANDS))
    lines = [
        "roledeck: become a role in any AWS account, see how long it lasts, and hand it on.",
        "",
        f"  {'roledeck'.ljust(width + 9)}  the screen",
        *(f"  roledeck {name.ljust(width)}  {summary}" for name, (_, summary) in COMMANDS.items()),
        "",
        "ROLE is a profile's name, account/role, or a role ARN. Everywhere: --config FILE, --debug, --no-color, --yes, --version, --help.",
        "roledeck COMMAND --help shows what a command takes; roledeck demo needs no AWS account.",
    ]
    return "\n".join(lines)


def _tell(failure: RoledeckError, context: Context) -> int:
    sentence = failure.sentence()
    if isinstance(failure, UnknownRole):
        unsaid = [name for name in failure.candidates if name not in sentence]
        sentence += f" Candidates: {', '.join(unsaid)}." if unsaid else ""
    context.log("failed", failure=failure)
    try:
        context.note(clean(sentence, SENTENCE_LIMIT))
    except BrokenPipeError:
        _broken_pipe()
    except RoledeckError as lost:
        # what stood on stdout already cannot be written either
        context.note(clean(f"{sentence} {lost.message}", SENTENCE_LIMIT))
    return failure.exit_code


def _keep_values_off_the_screen() -> None:
    """Python's own reports, also of threads, would print the message of a failure, and with it perhaps a value."""

    def report(_kind: type[BaseException], failure: BaseException, _trace: TracebackType | None) -> None:
        from tui_app.cli.redaction import unexpected

        sys.stderr.write(unexpected(failure, os.environ).sentence() + "\n")

    def report_thread(arguments: threading.ExceptHookArgs) -> None:
        from tui_app.cli.redaction import unexpected

        if arguments.exc_value is not None:
            unexpected(arguments.exc_value, os.environ)

    sys.excepthook = report
    threading.excepthook = report_thread


def _broken_pipe() -> int:
    """The reader left: be quiet, also when the interpreter flushes at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            os.dup2(nowhere, stream.fileno())
    return BROKEN_PIPE
