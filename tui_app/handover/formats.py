"""Variables as text for other programs to read: eight formats, each with the quoting of its reader.

A value that a format cannot carry is refused, never bent. NUL, CR and LF are refused in all of them: no credential has them, and
each of these formats is lines.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterable, Mapping

from tui_app.errors import RoledeckError

Variables = Mapping[str, str]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PLAIN = re.compile(r"[A-Za-z0-9_./+=:@,-]*")
_FORBIDDEN = re.compile(r"[\0\r\n]")
_CMD_UNSAFE = re.compile(r"[%!\"^&|<>\x00-\x1f\x7f]")
_SECTION = re.compile(r"[\w.@/+-]+", re.ASCII)
_INI_KEYS = {
    "AWS_ACCESS_KEY_ID": "aws_access_key_id",
    "AWS_SECRET_ACCESS_KEY": "aws_secret_access_key",
    "AWS_SESSION_TOKEN": "aws_session_token",
    "AWS_REGION": "region",
    "AWS_ENDPOINT_URL": "endpoint_url",
}
# PowerShell ends a single-quoted text at the typographic quotes too (language specification 2.3.5.2)
_POWERSHELL_QUOTES = re.compile("['\u2018\u2019\u201a\u201b]")


def sh(value: str) -> str:
    """Quoted for sh, dash, bash and zsh."""
    return shlex.quote(value)


def fish(value: str) -> str:
    """Quoted for fish, where a backslash keeps its meaning before a quote and a backslash."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def powershell(value: str) -> str:
    """Quoted for PowerShell: single quotes, doubled inside."""
    return "'" + _POWERSHELL_QUOTES.sub(lambda quote: quote[0] * 2, value) + "'"


def nu(value: str) -> str:
    """Quoted for Nushell: a raw text, with as many `#` as the value needs."""
    marks = "#" * (1 + max((len(run) for run in re.findall(r"#+", value)), default=0))
    return f"r{marks}'{value}'{marks}"


def cmd(value: str) -> str:
    """As cmd.exe takes it after `set "NAME=`.

    Raises:
        RoledeckError: the value has a character that cmd.exe would read.
    """
    if _CMD_UNSAFE.search(value):
        raise _cannot("cmd")
    return value


def dotenv(value: str) -> str:
    """As dotenv readers agree on: bare where that is safe, else in single quotes, which none of them looks into.

    Raises:
        RoledeckError: the value has a single quote or a backslash, on which they do not agree.
    """
    if _PLAIN.fullmatch(value):
        return value
    if "'" in value or "\\" in value:
        raise _cannot("dotenv")
    return f"'{value}'"


def _sh(variables: Variables, unset: Iterable[str], _section: str) -> list[str]:
    return [*(f"unset {name}" for name in unset), *(f"export {name}={sh(value)}" for name, value in variables.items())]


def _fish(variables: Variables, unset: Iterable[str], _section: str) -> list[str]:
    return [*(f"set -e {name};" for name in unset), *(f"set -gx {name} {fish(value)};" for name, value in variables.items())]


def _powershell(variables: Variables, unset: Iterable[str], _section: str) -> list[str]:
    removed = [f"Remove-Item -ErrorAction SilentlyContinue Env:{name}" for name in unset]
    return [*removed, *(f"$Env:{name} = {powershell(value)}" for name, value in variables.items())]


def _cmd(variables: Variables, unset: Iterable[str], _section: str) -> list[str]:
    return [*(f'set "{name}="' for name in unset), *(f'set "{name}={cmd(value)}"' for name, value in variables.items())]


def _nu(variables: Variables, unset: Iterable[str], _section: str) -> list[str]:
    return [*(f"hide-env --ignore-errors {name}" for name in unset), *(f"$env.{name} = {nu(value)}" for name, value in variables.items())]


def _dotenv(variables: Variables, _unset: Iterable[str], _section: str) -> list[str]:
    return [f"{name}={dotenv(value)}" for name, value in variables.items()]


def _json(variables: Variables, _unset: Iterable[str], _section: str) -> list[str]:
    return [json.dumps(dict(variables), indent=2)]


def _ini(variables: Variables, _unset: Iterable[str], section: str) -> list[str]:
    lines = [f"[{section}]"]
    for name, key in _INI_KEYS.items():
        if name in variables:
            value = variables[name]
            if not value.isascii() or not value.isprintable() or re.search(r"\s", value):
                raise _cannot("ini")
            lines.append(f"{key} = {value}")
    return lines


FORMATS: Mapping[str, Callable[[Variables, Iterable[str], str], list[str]]] = {
    "sh": _sh,
    "fish": _fish,
    "powershell": _powershell,
    "cmd": _cmd,
    "nu": _nu,
    "dotenv": _dotenv,
    "ini": _ini,
    "json": _json,
}

UNSETTING = frozenset({"sh", "fish", "powershell", "cmd", "nu"})
"""Read by shells, which keep what they had: in these a name can be removed."""


def write(form: str, variables: Variables, *, unset: Iterable[str] = (), section: str = "default") -> str:
    """`variables` in `form`, one line each, without an ending newline; `unset` are names to remove first, where the format can.

    `section` is the profile's name in `ini`; what a profile's name cannot have becomes `-`.

    Raises:
        RoledeckError: a name or a value cannot be carried.
    """
    for name, value in variables.items():
        if not _NAME.fullmatch(name):
            raise RoledeckError("A variable's name has characters that no shell takes.")
        if _FORBIDDEN.search(value):
            raise RoledeckError(f"{name} has a line break or a NUL, which no credential has.", "Nothing was printed.")
    named = section if _SECTION.fullmatch(section) else re.sub(r"[^\w.@/+-]+", "-", section, flags=re.ASCII).strip("-") or "default"
    return "\n".join(FORMATS[form](variables, [name for name in unset if _NAME.fullmatch(name)], named))


def _cannot(form: str) -> RoledeckError:
    return RoledeckError(f"The format {form} cannot carry one of the values.", "Nothing was printed; choose another --format.")
