"""The debug log and the last words after an unexpected failure: file, line and kind, never a value.

The log is a 0600 file in the state folder. Each record passes through `redacted` after formatting, traceback included.
"""

from __future__ import annotations

import gc
import logging
import os
import re
import stat
import traceback
from collections.abc import Mapping
from types import TracebackType

from tui_app import paths
from tui_app.errors import RoledeckError
from tui_app.secret import HIDDEN, Secret
from tui_app.text import clean

LOG_NAME = "debug.log"
LOG_LIMIT = 1 << 20
SHORTEST_SECRET = 6
QUIET = ("botocore", "boto3", "urllib3", "s3transfer", "asyncio", "moto", "werkzeug")
"""Libraries that log requests and answers as they are."""

_SHAPES = (
    re.compile(r"\b((?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,124})\b"),
    re.compile(
        r"(?i)(?:secret(?:_?access)?_?key|session_?token|security_?token|signintoken|accesstoken|refreshtoken|external_?id|"
        r"token_?code|otp|password|authorization|x-amz-(?:signature|security-token|credential))[\"']?(?:\s*[=:]\s*|\s*>\s*)[\"']?([^\s\"'&<>,;}]+)"
    ),
    re.compile(r"(?<![\w.:/-])(\d{6})(?![\w.:/-])"),
    re.compile(r"(?<![\w+/=.-])([A-Za-z0-9+/]{40,}={0,2})(?![\w+/=])"),
)
_log = logging.getLogger("tui_app")


def redacted(text: str) -> str:
    """`text` without the value of any `Secret` alive in this process, and without what has the shape of one."""
    for value in _living_secrets():
        text = text.replace(value, HIDDEN)
    for shape in _SHAPES:
        text = shape.sub(lambda match: match[0].replace(match[1], HIDDEN), text)
    return text


def _living_secrets() -> list[str]:
    gc.unfreeze()  # the screen freezes what lives at its first frame, and what is frozen is not listed
    values = {found.reveal() for found in gc.get_objects() if type(found) is Secret}
    return sorted((value for value in values if len(value) >= SHORTEST_SECRET), key=len, reverse=True)


def log(message: str, *arguments: object, failure: BaseException | None = None) -> None:
    """Note a step."""
    _log.info(message, *arguments, exc_info=failure)


def start_log(environ: Mapping[str, str]) -> str | None:
    """Begin to write the debug log; its path, or None where it cannot be written."""
    path = _log_path(environ)
    stream = _opened(path)
    if stream is None:
        return None
    handler = _Handler(stream)
    for old in [handler for handler in logging.root.handlers if isinstance(handler, _Handler)]:
        logging.root.removeHandler(old)
        old.close()
    logging.root.addHandler(handler)
    _log.setLevel(logging.DEBUG)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    return path


class _Handler(logging.Handler):
    """Writes redacted lines to one descriptor."""

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor = descriptor
        self.setFormatter(_Formatter("%(asctime)s %(process)d %(name)s %(levelname)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        try:
            os.write(self._descriptor, (self.format(record) + "\n").encode("utf-8", "replace"))
        except OSError:
            return

    def close(self) -> None:
        super().close()
        os.close(self._descriptor)


class _Formatter(logging.Formatter):
    """Redacts the whole record, and reduces a traceback to places."""

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None
        return "\n".join(clean(line, 4096) for line in redacted(super().format(record)).splitlines())

    def formatException(self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]) -> str:  # noqa: N802 - logging's own name
        return "" if ei[1] is None else places(ei[1])


def places(failure: BaseException) -> str:
    """The kinds of a failure and of its causes, with file and line of each frame: no locals, no message of foreign exceptions."""
    lines: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = failure
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        kind = f"{type(current).__module__}.{type(current).__qualname__}"
        lines.append(f"{kind}: {current.sentence()}" if isinstance(current, RoledeckError) else kind)
        for frame, line in traceback.walk_tb(current.__traceback__):
            lines.append(f"  {frame.f_code.co_filename}:{line} {frame.f_code.co_name}")
        current = current.__cause__ or current.__context__
    return "\n".join(lines)


def unexpected(failure: BaseException, environ: Mapping[str, str]) -> RoledeckError:
    """Write where `failure` came from into the debug log, and make an error that says so."""
    kind = clean(type(failure).__name__)
    path = _log_path(environ)
    stream = _opened(path)
    if stream is None:
        return RoledeckError(f"Something went wrong inside roledeck ({kind}).", "The log in the state folder cannot be written.")
    with os.fdopen(stream, "w", encoding="utf-8", errors="replace") as file:
        file.write("\n".join(clean(line, 4096) for line in redacted(places(failure)).splitlines()) + "\n")
    return RoledeckError(
        f"Something went wrong inside roledeck ({kind}).", f"{clean(paths.shown(path, environ))} has where, without values."
    )


def _log_path(environ: Mapping[str, str]) -> str:
    return os.path.join(paths.state_folder(environ), LOG_NAME)


def _opened(path: str) -> int | None:
    """The log for appending, ours alone; one that has grown too large starts anew. None where it cannot be had."""
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
        status = os.fstat(descriptor)
        if status.st_uid != os.geteuid() or not stat.S_ISREG(status.st_mode) or status.st_nlink != 1:
            os.close(descriptor)
            return None
        os.fchmod(descriptor, 0o600)
        if status.st_size > LOG_LIMIT:
            os.ftruncate(descriptor, 0)
    except OSError:
        return None
    return descriptor
