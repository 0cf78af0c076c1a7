"""What AWS has taught us: a maximum lower than asked, a role that refuses MFA sessions, the device it takes codes of, codes already used.

Kept in small private files; a file that cannot be read or written only means that a lesson is learned again.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Mapping
from typing import Any

from tui_app.clock import Clock
from tui_app.sessions.folder import PrivateFolder
from tui_app.sessions.locks import held
from tui_app.sessions.record import digest

FILE = "remembered.json"
CODES = "codes.json"
LARGEST = 4 * 1024 * 1024
"""Bytes of one file: lessons about thirty thousand roles."""
LESSON_KEPT = 7 * 86400
"""A role's settings may change, so a lesson is forgotten after a week."""
STEP = 30
"""Seconds that a time-based code is shown (RFC 6238's usual step)."""
REFUSALS = 3
"""Codes refused in a row after which no more are sent before the device shows another: more would only lock it."""
STEPS_VALID = 3
"""AWS takes the codes of the step before, the present and the next one."""


class Lessons:
    """Facts, shared by processes: of a role `maximum` (seconds) and `direct` (it refused an MFA session), of a key's user the `device`."""

    def __init__(self, folder: PrivateFolder, clock: Clock) -> None:
        self._file = _JsonFile(folder, FILE)
        self._clock = clock

    def maximum(self, role_arn: str) -> int | None:
        """The duration that the role granted after it had refused a longer one."""
        seconds = self._fact(role_arn).get("maximum")
        return seconds if isinstance(seconds, int) else None

    def wants_direct(self, role_arn: str) -> bool:
        """Whether the role has refused an MFA session and then taken a fresh code."""
        return self._fact(role_arn).get("direct") is True

    def device(self, key_id: str, written: str) -> str:
        """The device whose code AWS took from the user of that key in place of the one that the files name; empty for none."""
        serial = self._fact(_user_name(key_id, written)).get("device")
        return serial if isinstance(serial, str) and written else ""

    def learn_device(self, key_id: str, written: str, serial: str) -> None:
        """Remember that AWS took a code of `serial` after it had refused the device that the files name."""
        self.learn(_user_name(key_id, written), device=serial)

    def learn(self, role_arn: str, **facts: int | bool | str) -> None:
        """Remember facts of a role from now on."""
        now = self._clock()

        def change(known: dict[str, Any]) -> None:
            for arn in [arn for arn, fact in known.items() if not _fresh(fact, now)]:
                del known[arn]
            known[role_arn] = {**known.get(role_arn, {}), **facts, "at": now}

        self._file.change(change)

    def _fact(self, role_arn: str) -> Mapping[str, Any]:
        fact = self._file.read().get(role_arn)
        return fact if isinstance(fact, dict) and _fresh(fact, self._clock()) else {}


class UsedCodes:
    """Codes that were sent, so that none is sent twice; only digests are kept, for as long as AWS could take the code."""

    def __init__(self, folder: PrivateFolder, clock: Clock) -> None:
        self._file = _JsonFile(folder, CODES)
        self._clock = clock

    def used(self, serial: str, code: str) -> bool:
        """Whether this code of this device was sent while it could still count."""
        known = self._file.read()
        return any(name in known for name in self._names(serial, code))

    def mark(self, serial: str, code: str) -> None:
        """Note that a code is being sent."""
        step = self._step()

        def change(known: dict[str, Any]) -> None:
            for name in [name for name, entry in known.items() if not _recent(entry, step)]:
                del known[name]
            known[_code_name(serial, code, step)] = {"device": digest(serial), "step": step}

        self._file.change(change)

    def unmark(self, serial: str, code: str) -> None:
        """The code never left, so it is still good."""

        def change(known: dict[str, Any]) -> None:
            for name in self._names(serial, code):
                known.pop(name, None)

        self._file.change(change)

    def mistyped(self, serial: str, code: str) -> None:
        """AWS took the code for a wrong one: it is not sent again, but the one that the device shows may well be another."""

        def change(known: dict[str, Any]) -> None:
            for name in self._names(serial, code):
                if name in known:
                    known[name] = {**known[name], "wrong": True}

        self._file.change(change)

    def next_code_at(self, serial: str) -> float:
        """Epoch seconds when the device shows a code that was not used yet; 0 where the present one will do, as after one mistyped.

        After three wrong ones, whichever windows sent them, it takes the next step too.
        """
        device, now = digest(serial), self._step()
        entries = [entry for entry in self._file.read().values() if _recent(entry, now) and entry["device"] == device]
        pausing = sum(bool(entry.get("wrong")) for entry in entries) >= REFUSALS
        steps = [entry["step"] for entry in entries if pausing or not entry.get("wrong")]
        return (max(steps) + 1) * STEP if steps and max(steps) >= now else 0.0

    def _names(self, serial: str, code: str) -> list[str]:
        return [_code_name(serial, code, step) for step in range(self._step() - STEPS_VALID, self._step() + 1)]

    def _step(self) -> int:
        return int(self._clock() // STEP)


class _JsonFile:
    """An object in a private file, changed under a lock; kept in memory where the folder cannot be used."""

    def __init__(self, folder: PrivateFolder, name: str) -> None:
        self._folder = folder
        self._name = name
        self._memory: dict[str, Any] = {}
        self._guard = threading.Lock()

    def read(self) -> dict[str, Any]:
        try:
            known = json.loads(self._folder.get(self._name, LARGEST) or b"{}")
        except (OSError, ValueError, RecursionError):
            known = {}
        found = {name: value for name, value in known.items() if isinstance(value, dict)} if isinstance(known, dict) else {}
        return found | self._memory

    def change(self, change: Any) -> None:
        with self._guard, held(self._folder, self._name, stop=lambda: False, patience=2):
            known = self.read()
            change(known)
            self._memory = known
            with contextlib.suppress(OSError):
                self._folder.put(self._name, json.dumps(known).encode("ascii"))
                self._memory = {}


def _fresh(fact: object, now: float) -> bool:
    at = fact.get("at") if isinstance(fact, dict) else None
    return isinstance(at, int | float) and 0 <= now - at < LESSON_KEPT


def _recent(entry: object, step: int) -> bool:
    at = entry.get("step") if isinstance(entry, dict) else None
    return isinstance(at, int) and isinstance(entry, dict) and isinstance(entry.get("device"), str) and step - at <= STEPS_VALID


def _user_name(key_id: str, written: str) -> str:
    return digest("device", key_id, written)


def _code_name(serial: str, code: str, step: int) -> str:
    return digest("code", serial, code, step)
