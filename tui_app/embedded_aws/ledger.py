"""What the embedded AWS keeps between requests: its clock, the sessions it issued, the codes it took, the calls it answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tui_app.clock import Clock
from tui_app.embedded_aws.callers import Caller, Sessions
from tui_app.embedded_aws.mfa import Authenticators
from tui_app.embedded_aws.trail import Trail
from tui_app.embedded_aws.wire import Answer, AwsRequest


class Ledger:
    """Attributes that steer it may be set at any time from any thread.

    `offset` seconds are added to the clock for expiry, condition keys and codes; signature age keeps the real clock unless
    `signatures_follow_clock`. `lifetime`: sessions issued from now on last so many seconds. `organizations`: account to organization id,
    over what moto's Organizations knows. `shifted` hears of an `offset` that was set by a request.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.offset: float = 0.0
        self.shifted: Callable[[float], None] | None = None
        self.lifetime: float | None = None
        self.signatures_follow_clock = False
        self.sessions, self.authenticators, self.trail = Sessions(), Authenticators(), Trail()
        self.organizations: dict[str, str] = {}

    def now(self) -> float:
        """The demo's present, epoch seconds."""
        return self.clock() + self.offset

    def signature_clock(self) -> float:
        """The clock that signature age is measured by."""
        return self.now() if self.signatures_follow_clock else self.clock()

    @property
    def calls(self) -> list[dict[str, Any]]:
        """What `/_demo/calls` shows, oldest first."""
        return self.trail.calls()


Operation = Callable[[AwsRequest, Caller, Ledger], Answer | None]
"""Answers a signed operation; None leaves it to moto."""
