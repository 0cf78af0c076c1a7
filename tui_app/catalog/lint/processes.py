"""Rules about `credential_process`: how each tool starts it, and who could change what is started. Nothing is run.

botocore splits the line and starts it without a shell; the Go and JavaScript SDKs hand it to one.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import stat
from collections.abc import Iterator, Mapping

from tui_app.catalog.lint.findings import Found, Rule
from tui_app.catalog.lint.values import Value
from tui_app.text import clean

PROCESS = "credential_process"
_SHELLS = frozenset({"sh", "bash", "zsh", "dash", "ksh", "fish", "cmd", "cmd.exe", "powershell", "pwsh", "env"})
_OPERATOR = re.compile(r"\|\|?|&&?|;|[0-9]*>>?(?:&[0-9])?.*|<.*|.*[^\\];")
_EXPANDED = re.compile(r"\$[A-Za-z_{(]|`|^~(?:/|$)")


def _words(value: Value) -> list[str] | None:
    try:
        return shlex.split(value.text)
    except ValueError:
        return None


def _unbalanced(value: Value) -> Iterator[Found]:
    if value.text and _words(value) is None:
        yield Found(value.here, f"{value.called} has a quote without its other half; no tool can start it.", "Close the quote.")


def _shell_syntax(value: Value) -> Iterator[Found]:
    words = _words(value) or []
    if not words or os.path.basename(words[0]) in _SHELLS:
        return
    odd = next((word for word in words if _OPERATOR.fullmatch(word) or _EXPANDED.search(word)), None)
    if odd is None or f"'{odd}'" in value.text:
        return
    sign = next(sign for sign in ("$", "`", "~", "|", "&", ";", ">", "<") if sign in odd)
    message = f'{value.called} uses "{sign}", which a shell would read; the AWS CLI starts it without one.'
    yield Found(value.here, message, "Write the whole path and plain words, or put it into a script.")


def _program(value: Value) -> str:
    words = _words(value) or [""]
    return shutil.which(words[0], path=value.environ.get("PATH", os.defpath)) or ""


def _writable(value: Value) -> Iterator[Found]:
    program = _program(value)
    if not program:
        return
    program = os.path.realpath(program)
    for place in (program, os.path.dirname(program)):
        if others_may_change(place):
            message = f"{value.called} starts a program that others may change: {clean(place, 200)}."
            yield Found(value.here, message, f"Run chmod go-w {clean(place, 200)}")
            return


def others_may_change(path: str) -> bool:
    """Whether somebody other than its owner may write to the file or folder; a sticky folder keeps its files from others."""
    return bool(others_may(path, read=False)) and not _is_sticky(path)


def others_may(path: str, *, read: bool) -> int:
    """The mode bits by which group or others may write (or `read`) the path; 0 where a folder above it keeps them out."""
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        return 0
    group, others = (stat.S_IRGRP | stat.S_IWGRP, stat.S_IROTH | stat.S_IWOTH) if read else (stat.S_IWGRP, stat.S_IWOTH)
    above = os.path.dirname(path)
    while mode & (group | others) and above:
        doors = os.stat(above).st_mode
        group = group if doors & (stat.S_IXGRP | stat.S_IXOTH) else 0
        others = others if doors & stat.S_IXOTH else 0
        above = os.path.dirname(above) if above != os.path.dirname(above) else ""
    return mode & (group | others)


def _is_sticky(path: str) -> bool:
    mode = os.stat(path).st_mode
    return stat.S_ISDIR(mode) and bool(mode & stat.S_ISVTX)


PROCESS_RULES: Mapping[str, Rule[Value]] = {
    "process_quotes": Rule("error", "A credential_process with half a pair of quotes.", _unbalanced),
    "process_shell_syntax": Rule("warning", "A credential_process that needs a shell, which the AWS CLI does not use.", _shell_syntax),
    "process_writable": Rule("warning", "A credential_process that others may change.", _writable),
}
