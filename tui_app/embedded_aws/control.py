"""The demo's own requests under `/_demo/`: the authenticator, the clock, faults, the person in the browser or console, the calls.

Whoever sends the secret in `x-roledeck-demo` may use them; anyone else gets 403, and a request that cannot be understood
gets 400 with a sentence.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from tui_app.embedded_aws.faults import KINDS, Fault, Faults
from tui_app.embedded_aws.gate import SECRET_HEADER, Gate
from tui_app.embedded_aws.mfa import current_code
from tui_app.embedded_aws.wire import Answer, AwsRequest, json_answer

PREFIX = "/_demo/"
JSON = "application/json"
LONGEST = 10 * 366 * 86400

Approve = Callable[[Mapping[str, str]], str]
"""Plays the person in the browser; returns what was approved.

Raises:
    ValueError: nothing waits for that approval; the text is a sentence.
"""

SignIn = Callable[[str, Gate], Mapping[str, Any]]
"""Plays the person whom `aws login` sends to the console; what it writes into its file for that ARN.

Raises:
    ValueError: nobody has that ARN; the text is a sentence.
"""


class Control:
    """Answers `/_demo/…` for a gate, its faults and its sign-in pages."""

    def __init__(self, gate: Gate, faults: Faults, approve: Approve, sign_in: SignIn | None = None) -> None:
        self._gate, self._faults, self._approve, self._sign_in = gate, faults, approve, sign_in
        self._handlers: dict[tuple[str, str], Callable[[AwsRequest], object]] = {
            ("GET", "code"): self._get_code,
            ("POST", "clock"): self._set_clock,
            ("POST", "fault"): self._add_fault,
            ("POST", "approve"): self._play_person,
            ("GET", "calls"): self._list_calls,
        }
        if sign_in is not None:
            self._handlers["POST", "login"] = self._play_console

    def answer(self, request: AwsRequest, gate: Gate) -> Answer:
        """The answer to one control request."""
        if not gate.holds_secret(request):
            return _complaint(403, f"Send the demo's secret in the header {SECRET_HEADER}.")
        name = request.path[len(PREFIX) :]
        handler = self._handlers.get((request.method, name))
        if handler is None:
            known = ", ".join(f"{method} {PREFIX}{path}" for method, path in self._handlers)
            return _complaint(404, f"There is no {request.method} {request.path}; there are {known}.")
        try:
            return json_answer(handler(request), content_type=JSON)
        except ValueError as bad:
            return _complaint(400, str(bad))
        except RecursionError:
            return _complaint(400, "The body is nested too deep.")

    def _get_code(self, request: AwsRequest) -> object:
        serial = request.query.get("serial", "")
        try:
            code, seconds = current_code(serial, self._gate.now())
        except KeyError:
            raise ValueError(f"There is no MFA device {serial}." if serial else "Say which device: serial=ARN.") from None
        return {"code": code, "seconds": seconds}

    def _set_clock(self, request: AwsRequest) -> object:
        wanted = _object(request, {"offset", "lifetime", "signatures"})
        offset = _number(wanted, "offset", self._gate.offset)
        lifetime = wanted.get("lifetime", self._gate.lifetime)
        if lifetime is not None:
            lifetime = _number(wanted, "lifetime", lifetime)
            if lifetime <= 0:
                raise ValueError("lifetime is a number of seconds above 0, or null for what was asked.")
        signatures = wanted.get("signatures", self._gate.signatures_follow_clock)
        if not isinstance(signatures, bool):
            raise ValueError("signatures is true or false.")  # noqa: TRY004 - one kind of complaint
        self._gate.offset, self._gate.lifetime, self._gate.signatures_follow_clock = offset, lifetime, signatures
        if self._gate.shifted is not None:
            self._gate.shifted(offset)
        return {"offset": offset, "lifetime": lifetime, "signatures": signatures}

    def _add_fault(self, request: AwsRequest) -> object:
        wanted = _object(request, {"match", "kind", "times", "arg"})
        kind, match = wanted.get("kind"), wanted.get("match", "")
        if not isinstance(kind, str) or kind not in KINDS:
            raise ValueError(f"kind is one of {', '.join(KINDS)}.")
        if not isinstance(match, str):
            raise ValueError("match is a part of service:Action, as text.")  # noqa: TRY004 - one kind of complaint
        times = wanted.get("times", 1)
        if isinstance(times, bool) or not isinstance(times, int) or times < 0:
            raise ValueError("times is a whole number; 0 takes matching faults back.")
        arg = _number(wanted, "arg", 3)
        if arg < 0:
            raise ValueError("arg is a number of seconds, 0 or more.")
        self._faults.add(Fault(match, kind, times, arg))
        return {"match": match, "kind": kind, "times": times, "arg": arg}

    def _play_person(self, request: AwsRequest) -> object:
        wanted = _object(request, {"user_code", "state"})
        if len(wanted) != 1 or not all(isinstance(value, str) and value for value in wanted.values()):
            raise ValueError("Say what to approve: user_code of a device, or state of a browser sign-in.")
        return {"approved": self._approve(wanted)}

    def _play_console(self, request: AwsRequest) -> object:
        wanted = _object(request, {"login_session"}).get("login_session")
        if self._sign_in is None or not isinstance(wanted, str):
            raise ValueError("Say who signs in: login_session, the ARN of a user, of a role's session, or of an account's root.")
        return self._sign_in(wanted, self._gate)

    def _list_calls(self, _request: AwsRequest) -> object:
        return self._gate.calls


def _object(request: AwsRequest, known: set[str]) -> dict[str, Any]:
    try:
        value = json.loads(request.body or b"{}")
    except ValueError:
        raise ValueError("The body is not JSON.") from None
    if not isinstance(value, dict):
        raise ValueError("The body is not a JSON object.")  # noqa: TRY004 - one kind of complaint
    if unknown := sorted(set(value) - known):
        raise ValueError(f"{', '.join(unknown)} is not known here; known are {', '.join(sorted(known))}.")
    return value


def _number(values: Mapping[str, Any], name: str, default: float) -> float:
    value = values.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not -LONGEST <= value <= LONGEST:
        raise ValueError(f"{name} is a number of seconds, up to {LONGEST} (ten years).")
    return value


def _complaint(status: int, sentence: str) -> Answer:
    return json_answer({"message": sentence}, status, JSON)
