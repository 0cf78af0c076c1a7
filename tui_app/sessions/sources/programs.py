"""Programs that the config names: agreed to, then run without shell or terminal, with limits of time and size, in a group of their own."""

from __future__ import annotations

import contextlib
import os
import re
import selectors
import signal
import stat
import subprocess
import time
from collections.abc import Mapping

from tui_app import paths
from tui_app.errors import Cancelled, ConfigUnusable, RoledeckError
from tui_app.sessions.consent import AskConsent, Consents, Program
from tui_app.sessions.locks import Stop
from tui_app.text import clean

COMMAND_LIMIT = 60
"""Seconds that a program may run."""
OUTPUT_LIMIT = 64 * 1024
PROCESS_CHAIN = "_ROLEDECK_PROCESS_CHAIN"
"""The names that are being resolved by this process and its parents, a line each: a profile may name itself by way of others."""
_LAST_WORDS = 4096
"""Bytes kept of what it says on stderr."""
_LAST_LINE = 160
_LOOK = 0.1
_PIECE = 8192
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_SECRET_LIKE = re.compile(
    r"\bA[KS]IA[A-Z0-9]{8,}|(?i:\b(?:secret\w*|token|password|passwd|code|key)\b\"?\s*[=:]\s*)\S+|\b\d{6}\b"
    r"|(?=[\w+/=-]*[a-z])(?=[\w+/=-]*[A-Z])(?=[\w+/=-]*\d)[\w+/=-]{20,}"
)


class Programs:
    """Runs programs for one errand of a person: `ask` is asked where one was not agreed to yet, `stop` ends one that runs."""

    def __init__(self, consents: Consents, ask: AskConsent, environ: Mapping[str, str], stop: Stop) -> None:
        self._consents = consents
        self._ask = ask
        self._environ = environ
        self.stopped = stop

    def output(self, program: Program, told: Mapping[str, str] | None = None) -> str:
        """What the program prints; `told` adds to its environment.

        Raises:
            ConfigUnusable: others can write the file that names it.
            NeedsPerson, Cancelled: it was not agreed to.
            RoledeckError: there is none, it could not be run, failed, took too long or said too much.
        """
        if not program.argv:
            raise RoledeckError(
                f"The {program.setting} of {clean(program.owner)} names no program.", "Write its path, and close its quotes."
            )
        refuse_shared_file(program, self._environ)
        self._consents.require(program, self._ask, self.stopped)
        return _output(program, {**paths.with_own_files(os.environ), **(told or {})}, self.stopped)


def resolving(environ: Mapping[str, str]) -> list[str]:
    """The names that are being resolved by this process and its parents, the first one first."""
    return [name for name in environ.get(PROCESS_CHAIN, "").split("\n") if name]


def marked(environ: Mapping[str, str], name: str) -> dict[str, str]:
    """What a program is told, so that a `credential_process` that leads back to `name` is seen."""
    known, name = resolving(environ), name.replace("\n", " ")
    return {PROCESS_CHAIN: "\n".join([*known, *([name] if name not in known else [])])} if name else {}


def refuse_shared_file(program: Program, environ: Mapping[str, str]) -> None:
    """A file that others can write must not decide what is run.

    Raises:
        ConfigUnusable: they can write it, or its folder.
    """
    path = program.origin.path if program.origin else ""
    for place in (path, os.path.dirname(path)):
        try:
            facts = os.stat(place)
        except OSError:
            continue
        sticky = stat.S_ISDIR(facts.st_mode) and facts.st_mode & stat.S_ISVTX
        if facts.st_uid not in {os.geteuid(), 0} or (facts.st_mode & _OTHERS_WRITE and not sticky):
            raise ConfigUnusable(
                f"{clean(paths.shown(place, environ))} can be written by others, so its {program.setting} is not run.",
                f"chmod go-w {clean(place)}",
                clean(path),
            )


def last_line(said: bytes) -> str:
    """The last line that a program wrote on stderr, safe to show: cleaned, short, nothing in it that looks like a key or a code."""
    lines = [line for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    return clean(_SECRET_LIKE.sub("••••", lines[-1].strip()), _LAST_LINE) if lines else ""


def _output(program: Program, variables: Mapping[str, str], stop: Stop) -> str:
    named = clean(program.argv[0] if program.argv else "", 200)
    try:
        child = subprocess.Popen(  # the argv is the user's own setting, and was agreed to
            list(program.argv),
            env=dict(variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except (OSError, ValueError, IndexError):
        raise RoledeckError(f"The program of {program.setting} cannot be run: {named}.", "Check its path in the config.") from None
    try:
        with child:
            output, said = _both(child, program, named, stop)
    except BaseException:
        _end(child)
        raise
    if child.returncode:
        why = last_line(said)
        raise RoledeckError(
            f"The program of {program.setting} failed with {child.returncode}: {named}." + (f" It said: {why.rstrip('.')}." if why else ""),
            "Try it in a shell.",
        )
    return output.decode("utf-8", "replace")


def _both(child: subprocess.Popen[bytes], program: Program, named: str, stop: Stop) -> tuple[bytes, bytes]:
    """All of stdout and the end of stderr; the group is ended where there is too much of either, of bytes or of time."""
    texts = {child.stdout: b"", child.stderr: b""}
    end = time.monotonic() + COMMAND_LIMIT
    with selectors.DefaultSelector() as ready:
        for stream in texts:
            ready.register(stream, selectors.EVENT_READ)  # type: ignore[arg-type]  # both are pipes
        while ready.get_map():
            if stop():
                _end(child)
                raise Cancelled("Cancelled.")
            if time.monotonic() > end:
                _end(child)
                raise RoledeckError(f"The program of {program.setting} took longer than {COMMAND_LIMIT} s: {named}.", "Try it in a shell.")
            for found, _ in ready.select(_LOOK):
                stream = found.fileobj  # type: ignore[assignment]
                piece = os.read(found.fd, _PIECE)
                texts[stream] += piece
                if not piece:
                    ready.unregister(stream)  # type: ignore[arg-type]
            texts[child.stderr] = texts[child.stderr][-_LAST_WORDS:]
            if len(texts[child.stdout]) > OUTPUT_LIMIT:
                _end(child)
                raise RoledeckError(f"The program of {program.setting} printed too much: {named}.", "Try it in a shell.")
    _wait(child, max(0.0, end - time.monotonic()), program, named)
    return texts[child.stdout], texts[child.stderr]


def _wait(child: subprocess.Popen[bytes], seconds: float, program: Program, named: str) -> None:
    """Its end, which may come after it has closed what it writes to."""
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        _end(child)
        raise RoledeckError(
            f"The program of {program.setting} took longer than {COMMAND_LIMIT} s: {named}.", "Try it in a shell."
        ) from None


def _end(child: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
