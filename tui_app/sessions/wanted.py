"""What a plan is made from besides the chain: what a person asks for, and the ground it stands on."""

from __future__ import annotations

from collections.abc import Mapping

from tui_app.catalog.settings import Defaults
from tui_app.clock import Clock
from tui_app.sessions.remembered import Lessons
from tui_app.values import frozen


@frozen
class Wanted:
    """What a person asks for beyond the files: seconds, a new session, a region, a fresh code though an MFA session would do."""

    duration: int | None = None
    fresh: bool = False
    region: str | None = None
    fresh_code: bool = False


@frozen
class Ground:
    """What a plan stands on besides the chain: defaults, lessons, the endpoint, the environment, the time."""

    defaults: Defaults
    lessons: Lessons
    endpoint: str
    environ: Mapping[str, str]
    clock: Clock
