"""Where a six-digit code comes from on the command line: ROLEDECK_MFA_CODE once, or the terminal. Never argv."""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from typing import TYPE_CHECKING

from tui_app.cli import terminal
from tui_app.clock import typed_duration
from tui_app.errors import NeedsPerson, Refused, UsageError
from tui_app.secret import Secret
from tui_app.sessions.mfa_command import CODE_VARIABLE, digits
from tui_app.text import clean

if TYPE_CHECKING:
    from tui_app.sessions.broker import CodeRequest

VARIABLE = CODE_VARIABLE


class Codes:
    """Answers requests for codes; the broker has asked the user's `mfa_command` before."""

    def __init__(self, environ: MutableMapping[str, str]) -> None:
        self._environ = environ
        self._given = False

    def ask(self, request: CodeRequest) -> Secret:
        """A code.

        Raises:
            UsageError: ROLEDECK_MFA_CODE is not six digits.
            Refused: AWS refused the code that was there, and nobody can give another.
            NeedsPerson: nobody can give one at all.
            Cancelled: the person ended the input.
        """
        return self._from_environment() or self._from_terminal(request)

    def _from_environment(self) -> Secret | None:
        given = self._environ.pop(VARIABLE, None)
        os.environ.pop(VARIABLE, None)
        if given is None:
            return None
        self._given = True
        code = digits(given)
        if code is None:
            raise UsageError(f"{VARIABLE} is not six digits.", "Set it to the code that the device shows now.")
        return code

    def _from_terminal(self, request: CodeRequest) -> Secret:
        with terminal.opened() as tty:
            if tty is None:
                raise _nobody(request, given=self._given)
            terminal.write(tty, "\n".join([*_facts(request), ""]))
            terminal.wait_until(tty, request.not_before, "The code before is used up; the next one starts in")
            while (code := digits(terminal.ask_hidden(tty, "Code (six digits, not shown): "))) is None:
                terminal.write(tty, "A code has six digits.\n")
            return code


def _facts(request: CodeRequest) -> list[str]:
    role = request.role
    target = f"{clean(role.short_name)} in {clean(role.account.label)}"
    serves = f"one code for {request.covers} roles" if request.covers > 1 else typed_duration(request.duration)
    lines = [f"{target} wants an MFA code ({serves}).", f"Device {clean(request.serial)}"]
    lines += [clean(request.why)] if request.why else []
    lines += [clean(request.remark)] if request.remark else []
    lines += [clean(request.refusal).strip()] if request.refusal else []
    return lines


def _nobody(request: CodeRequest, *, given: bool) -> Refused | NeedsPerson:
    """What to say where there is no terminal; with `given` it is another code than the one that was there."""
    name = clean(request.role.key)
    if request.refusal:
        return Refused(clean(request.refusal).strip(), f"Set {VARIABLE} to a new code, or run roledeck assume {name} in a terminal.")
    remark = "".join(f"{clean(reason)} " for reason in (request.remark, request.why if given else "") if reason)
    return NeedsPerson(
        f"{remark}{name} wants a code of {clean(request.serial)}, and there is no terminal to ask on.",
        f"Set {VARIABLE}, or run roledeck assume {name} in a terminal.",
    )
