"""Whether a program that the config names may be run: a person is asked once for each argv in each file, and a yes is remembered.

A configuration file may come from elsewhere, and would then run whatever it likes as this user.
"""

from __future__ import annotations

import contextlib
import shlex
import time
from collections.abc import Callable, Mapping

from tui_app import paths
from tui_app.errors import Cancelled, NeedsPerson
from tui_app.model import Origin
from tui_app.sessions.folder import PrivateFolder
from tui_app.sessions.locks import Stop, held
from tui_app.sessions.record import digest
from tui_app.text import clean
from tui_app.values import frozen

SHOWN_ARGV = 2000
ONE_ASKS = 120.0
"""Seconds to leave the question to another window before asking here too."""
_POLL = 0.1


@frozen
class Program:
    """A program, the `setting` that names it, whose setting it is (a profile or a role), and where that is written."""

    setting: str
    argv: tuple[str, ...]
    owner: str
    origin: Origin | None = None

    @property
    def shown(self) -> str:
        """The exact argv as a shell would need it, safe to print."""
        return clean(shlex.join(self.argv), SHOWN_ARGV)

    def place(self, environ: Mapping[str, str]) -> str:
        """Where it is written, as a person writes it; an empty text where that is not known."""
        return clean(paths.shown(str(self.origin), environ)) if self.origin else ""

    @property
    def name(self) -> str:
        """What a yes is filed under: the argv and the file, not the line, which moves."""
        return digest("consent", list(self.argv), self.origin.path if self.origin else "")


AskConsent = Callable[[Program], bool]
"""Whether a person agrees; runs on the caller's thread; raises NeedsPerson or Cancelled."""


class Consents:
    """The programs that were agreed to, one private file each."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._folder = PrivateFolder(paths.state_folder(environ) + "/consents")
        self._given: set[str] = set()
        self._refused: dict[str, float] = {}

    def given(self, program: Program) -> bool:
        """Whether somebody has agreed to it already."""
        if program.name in self._given:
            return True
        with contextlib.suppress(OSError):
            return self._folder.get(program.name) is not None
        return False

    def require(self, program: Program, ask: AskConsent, stop: Stop) -> None:
        """Go on only where the program was agreed to; one question for all who wait.

        Raises:
            Cancelled: the person said no.
            NeedsPerson: there is nobody to ask.
        """
        if self.given(program):
            return
        began = time.monotonic()
        with held(self._folder, f"ask-{program.name[:16]}", stop, ONE_ASKS, _POLL):
            if self.given(program):
                return
            if self._refused.get(program.name, -1.0) > began or not ask(program):
                self._refused[program.name] = time.monotonic()
                raise Cancelled(f"{clean(program.argv[0] if program.argv else program.setting, 200)} was not run.")
            self._remember(program)

    def _remember(self, program: Program) -> None:
        self._given.add(program.name)
        with contextlib.suppress(OSError):
            # a yes that cannot be written holds for this run
            self._folder.put(program.name, b"yes\n")


def nobody_agrees(environ: Mapping[str, str]) -> AskConsent:
    """For where no person is: the sentence that says what would have been asked."""

    def refuse(program: Program) -> bool:
        raise unasked(program, environ)

    return refuse


def unasked(program: Program, environ: Mapping[str, str]) -> NeedsPerson:
    """The failure where there is nobody to ask."""
    place = program.place(environ)
    where = f" ({place})" if place else ""
    return NeedsPerson(
        f"The {program.setting} of {clean(program.owner)}{where} wants to run {program.shown}, which nobody has agreed to yet.",
        "Run roledeck assume ROLE in a terminal once, or pass --yes.",
    )


def question_of(program: Program, environ: Mapping[str, str]) -> str:
    """What a person is asked, in one line before the argv is shown."""
    place = program.place(environ)
    return f"The {program.setting} of {clean(program.owner)}" + (f" ({place})" if place else "") + " wants to run a program:"
