"""Words on the command line: a parser that answers in one sentence, and the options that every command with a ROLE takes."""

from __future__ import annotations

import argparse
import re
from typing import NoReturn

from tui_app.clock import parse_duration
from tui_app.errors import UsageError
from tui_app.text import clean, nearest

_UNKNOWN = re.compile(r"unrecognized arguments: (.*)", re.DOTALL)
_MISSING = re.compile(r"the following arguments are required: (.*)", re.DOTALL)
_NO_VALUE = re.compile(r"argument ([^:]*): expected (?:one|at least one) argument")
_CHOICE = re.compile(r"argument ([^:]*): invalid choice: (.*?) \(choose from (.*)\)", re.DOTALL)
_ARGUMENT = re.compile(r"argument ([^:]*): (.*)", re.DOTALL)


class Parser(argparse.ArgumentParser):
    """An argument parser of one command; `intermixed` lets options stand between its words.

    Raises:
        UsageError: from `parse_args`, instead of argparse's usage dump and exit.
    """

    def __init__(self, prog: str, description: str) -> None:
        super().__init__(prog=prog, description=description, add_help=False, allow_abbrev=False)
        self.add_argument("-h", "--help", action="help", help="this text")
        self.intermixed = False

    def error(self, message: str) -> NoReturn:
        """Say it in one sentence."""
        raise UsageError(self._sentence(message), f"{self.prog} --help shows what it takes.")

    def _sentence(self, message: str) -> str:
        if match := _UNKNOWN.fullmatch(message):
            return self._unknown(match[1])
        if match := _MISSING.fullmatch(message):
            return f"{self.prog} needs {self._needed(match[1])}."
        if match := _NO_VALUE.fullmatch(message):
            return f"{clean(match[1])} needs a value."
        if match := _CHOICE.fullmatch(message):
            return f"{clean(match[1])} cannot be {clean(match[2])}; it is one of {clean(match[3].replace(chr(39), ''))}."
        if match := _ARGUMENT.fullmatch(message):
            return f"{clean(match[1])}: {clean(match[2]).rstrip('.')}."
        return clean(message[:1].upper() + message[1:]).rstrip(".") + "."

    def _needed(self, names: str) -> str:
        """Without what may be left out, which argparse names too where options stand between words."""
        optional = {str(action.metavar) for action in self._actions if action.nargs in {argparse.OPTIONAL, argparse.ZERO_OR_MORE}}
        return clean(", ".join(name for name in names.split(", ") if name not in optional))

    def _unknown(self, words: str) -> str:
        word = words.split(" ", 1)[0]
        if not word.startswith("-"):
            return f'{self.prog} does not take "{clean(word)}".'
        near = nearest(word.partition("=")[0], [option for action in self._actions for option in action.option_strings])
        return f"{self.prog} has no option {clean(word)}." + (f" Did you mean {near}?" if near else "")


def add_global_arguments(parser: argparse.ArgumentParser) -> None:
    """What every command takes, before or after its name."""
    group = parser.add_argument_group("everywhere")
    group.add_argument("--config", metavar="FILE", default=argparse.SUPPRESS, help="read this instead of config.toml")
    group.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help="keep a log without secrets in the state folder")
    group.add_argument("--no-color", action="store_true", default=argparse.SUPPRESS, help="no colours")
    group.add_argument("--yes", action="store_true", default=argparse.SUPPRESS, help="answer confirmations with yes")
    group.add_argument("--version", action="store_true", default=argparse.SUPPRESS, help="which version this is")


def add_role_arguments(parser: argparse.ArgumentParser) -> None:
    """One ROLE, and what may be said about its session."""
    parser.add_argument("role", metavar="ROLE", help="profile, account/role or ARN")
    add_session_arguments(parser)
    parser.add_argument("--region", metavar="R", help="the region to work in")


FRESH = "a new session, also where one is still good"


def add_session_arguments(parser: argparse.ArgumentParser, *, fresh: str = FRESH) -> None:
    """`--duration --fresh --via`, for commands that bring their own ROLE and region; `fresh` is what the help says of that."""
    parser.add_argument("--duration", metavar="D", type=_duration, help="how long the session should last: 15m, 1h, 3600")
    parser.add_argument("--fresh", action="store_true", help=fresh)
    parser.add_argument("--via", metavar="SOURCE", help="the profile or role to start from")


def add_renew_argument(parser: argparse.ArgumentParser) -> None:
    """`--renew`, for commands with a child."""
    parser.add_argument("--renew", action="store_true", help="credentials that renew themselves for as long as it runs")


def _duration(text: str) -> int:
    try:
        return parse_duration(text)
    except ValueError as failure:
        raise argparse.ArgumentTypeError(str(failure)) from None
