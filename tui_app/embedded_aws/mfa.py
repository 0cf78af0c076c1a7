"""Virtual MFA devices: the code that one shows, and whether a given code may be used.

Codes of the previous, the present and the next 30 seconds count, each once, in any order.
"""

from __future__ import annotations

import hmac
import threading
from typing import Any

from tui_app.embedded_aws.callers import iam_of
from tui_app.embedded_aws.totp import STEP, code_at, shown_at

_REMEMBERED = 20000


def device_of(serial: str) -> Any | None:
    """Moto's virtual device of that serial (`arn:aws:iam::ACCOUNT:mfa/NAME`), enabled or not."""
    parts = serial.split(":", 5)
    if len(parts) != 6 or not parts[4].isdigit():  # noqa: PLR2004 - an ARN has six parts
        return None
    return iam_of(parts[4], parts[1]).virtual_mfa_devices.get(serial)


def current_code(serial: str, now: float) -> tuple[str, int]:
    """What the authenticator shows, and for how many more seconds.

    Raises:
        KeyError: there is no such device.
    """
    device = device_of(serial)
    if device is None:
        raise KeyError(serial)
    return shown_at(device.base32_string_seed, now)


class Authenticators:
    """Which codes have been used; safe for many threads."""

    def __init__(self) -> None:
        self._used: dict[tuple[str, int], None] = {}
        self._lock = threading.Lock()

    def use(self, serial: str, seed: str, code: str, now: float) -> bool:
        """Use a code up. False: it is not one of the three that count, or it was used before."""
        present = int(now) // STEP
        with self._lock:
            for step in (present, present - 1, present + 1):
                if (serial, step) not in self._used and hmac.compare_digest(code_at(seed, step).encode(), code.encode()):
                    self._remember(serial, step)
                    return True
        return False

    def use_pair(self, serial: str, seed: str, first: str, second: str, now: float) -> bool:
        """Use two consecutive codes up, as EnableMFADevice asks for; a device may be a day off before it is resynchronised."""
        present, reach = int(now) // STEP, 120
        with self._lock:
            for step in range(present - reach, present + reach + 1):
                if code_at(seed, step) == first and code_at(seed, step + 1) == second:
                    if (serial, step) in self._used or (serial, step + 1) in self._used:
                        return False
                    self._remember(serial, step)
                    self._remember(serial, step + 1)
                    return True
        return False

    def _remember(self, serial: str, step: int) -> None:
        self._used[serial, step] = None
        while len(self._used) > _REMEMBERED:
            del self._used[next(iter(self._used))]
