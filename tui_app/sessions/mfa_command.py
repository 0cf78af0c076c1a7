"""A code from a program of the user's own (`mfa_command`, aws-vault's `mfa_process`), before a person is asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from tui_app.errors import Cancelled, NeedsPerson, RoledeckError
from tui_app.secret import Secret
from tui_app.sessions.codes import AskCode, CodeRequest
from tui_app.sessions.consent import Program
from tui_app.sessions.remembered import STEP
from tui_app.sessions.sources.programs import Programs

CODE_VARIABLE = "ROLEDECK_MFA_CODE"
SERIAL_VARIABLE = "ROLEDECK_MFA_SERIAL"
"""How the program learns whose code is wanted."""
TRIES = 2
"""How often one errand lets the program answer; after that its codes are not the right ones, and a person is asked."""
DIGITS = 6
_LOOK = 0.1


class CodeProgram:
    """Answers requests for codes by a program, then by `person`, who is told what was wrong with it."""

    def __init__(
        self, program: Program, programs: Programs, environ: Mapping[str, str], person: AskCode, progress: Callable[[str], None]
    ) -> None:
        self._program = program
        self._programs = programs
        self._environ = environ
        self._person = person
        self._progress = progress
        self._tries = 0

    def ask(self, request: CodeRequest) -> Secret:
        """A code; one in the environment goes before the program.

        Raises:
            NeedsPerson, Cancelled: from the person.
        """
        if self._environ.get(CODE_VARIABLE) or self._tries >= TRIES:
            return self._person(request)
        self._tries += 1
        # a program does not mistype: what was refused is what it would print again
        self._wait(max(request.not_before, _next_step() if request.refusal else 0.0))
        self._progress(f"Running {self._program.setting} for a code")
        try:
            code = digits(self._programs.output(self._program, {SERIAL_VARIABLE: request.serial}))
        except (Cancelled, NeedsPerson):
            raise
        except RoledeckError as failure:
            return self._failed(request, failure.message)
        return code or self._failed(request, f"{self._program.setting} did not print six digits.")

    def _failed(self, request: CodeRequest, why: str) -> Secret:
        self._tries = TRIES
        return self._person(replace(request, remark=why))

    def _wait(self, moment: float) -> None:
        if moment > time.time():
            self._progress("Waiting for the next code")
        while moment > time.time():
            if self._programs.stopped():
                raise Cancelled("Cancelled.")
            time.sleep(_LOOK)


def _next_step() -> float:
    """Epoch seconds when the device's code changes."""
    return (time.time() // STEP + 1) * STEP


def digits(text: str) -> Secret | None:
    """The six digits in `text`, which may be grouped by blanks, or None."""
    packed = "".join(text.split())
    return Secret(packed) if len(packed) == DIGITS and packed.isascii() and packed.isdigit() else None
