"""Asking for an MFA code: one window at a time, no lock on the session while a person types, no code sent twice."""

from __future__ import annotations

import contextlib
import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Literal

from tui_app.errors import Cancelled, OutOfReach, Refused
from tui_app.model import Role
from tui_app.secret import Secret
from tui_app.sessions.folder import PrivateFolder
from tui_app.sessions.locks import Stop, held
from tui_app.sessions.plan import PlannedHop
from tui_app.sessions.record import Record, digest
from tui_app.sessions.remembered import REFUSALS, UsedCodes
from tui_app.sessions.request import CODE
from tui_app.values import frozen

GoesInto = Literal["sts:GetSessionToken", "sts:AssumeRole"]
OTHER_WINDOW = 60
"""Seconds to leave the question to another window before one more asks too."""
_POLL = 0.2
WRONG_CODE = "wrong_code"


@frozen
class CodeRequest:
    """What a person is told when a code is asked.

    `duration` in seconds. `covers` is how many roles the code will serve. `refusal` is AWS's own sentence about the code before
    (empty the first time). `not_before` is the epoch second from which the device shows a code that was not used yet; 0: now.
    `remark` says what was wrong with the program that should have given the code.
    """

    serial: str
    device_account: str
    source_profile: str
    role: Role
    goes_into: GoesInto
    duration: int
    covers: int
    why: str
    hops: tuple[str, ...]
    external_id: bool
    refusal: str = ""
    not_before: float = 0.0
    remark: str = ""


AskCode = Callable[[CodeRequest], Secret]
"""Runs on the caller's thread; raises NeedsPerson or Cancelled."""


class Retry(Exception):
    """The request was refused for something else than its code, which is spent: ask again for `step`, because of `why`."""

    def __init__(self, why: str, step: PlannedHop) -> None:
        super().__init__(why)
        self.why = why
        self.step = step


class _Found(Exception):
    """Another window has got the session that was waited for."""

    def __init__(self, record: Record) -> None:
        super().__init__()
        self.record = record


class CodeDesk:
    """Asks one person for codes and sees to it that each is sent once."""

    def __init__(self, folder: PrivateFolder, used: UsedCodes, ask: AskCode, progress: Callable[[str], None]) -> None:
        self._folder = folder
        self._used = used
        self._ask = ask
        self._progress = progress

    def with_code(
        self, request: CodeRequest, lock: str, found: Callable[[], Record | None], send: Callable[[Secret], Record], stop: Stop
    ) -> Record:
        """What `send` makes of a code, or what another window has got while this one waited.

        Raises:
            Refused: AWS refused three codes in a row, or refused for another reason.
            NeedsPerson, Cancelled: from the person.
            Retry: from `send`.
        """
        for _attempt in range(REFUSALS):
            try:
                answer = self._one(request, lock, found, send, stop)
            except _Found as other:
                return other.record
            if isinstance(answer, Record):
                return answer
            request = replace(request, refusal=answer)
        raise Refused(
            f"{REFUSALS} codes in a row were refused, so no more are sent now.",
            "Check that the device is the right one and its clock is right, then try again.",
            cause=WRONG_CODE,
            aws_message=request.refusal,
        )

    def _one(
        self, request: CodeRequest, lock: str, found: Callable[[], Record | None], send: Callable[[Secret], Record], stop: Stop
    ) -> Record | str:
        """One question and what came of it: a record, or why the code was refused."""
        with self._my_turn(request.serial, self._waiting(found, stop)):
            _raise_found(found)
            code = self._asked(request, stop)
            if not CODE.fullmatch(code.reveal()):
                return "A code has six digits."
            with held(self._folder, lock, stop):
                _raise_found(found)
                return self._sent(request.serial, code, send)

    @contextlib.contextmanager
    def _my_turn(self, serial: str, stop: Stop) -> Iterator[None]:
        """One window asks at a time. A question that nobody answers for a minute lets one more window ask, and not all that wait.

        Jobs of one window wait for each other however long a person takes: the same person is asked.
        """
        claim = f"asking-{digest(serial)[:16]}"
        for window in itertools.count():
            with held(self._folder, f"{claim}-{window}" if window else claim, stop, OTHER_WINDOW, _POLL, math.inf) as mine:
                if mine:
                    yield
                    return

    def _asked(self, request: CodeRequest, stop: Stop) -> Secret:
        code = self._ask(replace(request, not_before=self._used.next_code_at(request.serial)))
        if stop():
            raise Cancelled("Cancelled; the code was not sent.")
        return Secret(code.reveal().replace(" ", ""))

    def _sent(self, serial: str, code: Secret, send: Callable[[Secret], Record]) -> Record | str:
        if self._used.used(serial, code.reveal()):
            # who gives it a second time has read it off the device: there is nothing to do but wait for the next
            self._used.mark(serial, code.reveal())
            return "This code was used already, and each counts once."
        self._used.mark(serial, code.reveal())
        try:
            return send(code)
        except OutOfReach as failure:
            if not failure.sent:
                self._used.unmark(serial, code.reveal())
            raise
        except Refused as refusal:
            if refusal.cause != WRONG_CODE:
                raise
            self._used.mistyped(serial, code.reveal())
            return refusal.aws_message or refusal.message

    def _waiting(self, found: Callable[[], Record | None], stop: Stop) -> Stop:
        told: list[bool] = []

        def look() -> bool:
            if not told:
                told.append(True)
                self._progress("Another window is asking for the code")
            _raise_found(found)
            return stop()

        return look


def _raise_found(found: Callable[[], Record | None]) -> None:
    record = found()
    if record is not None:
        raise _Found(record)
