"""How long a session may be asked for, once a role has refused more."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from tui_app.sessions.plan import PlannedHop
from tui_app.sessions.record import digest
from tui_app.sessions.remembered import Lessons
from tui_app.sessions.start import PlannedStart

TOO_LONG = frozenset({"over_maximum", "over_chain"})
"""Refusals that say so."""
Step = TypeVar("Step", PlannedHop, PlannedStart)


def less_granted(step: PlannedHop | PlannedStart, lessons: Lessons) -> int | None:
    """What the role grants, in seconds, where that is less than the step asks for."""
    maximum = lessons.maximum(step.role_arn if isinstance(step, PlannedStart) else step.hop.role.arn)
    return maximum if maximum is not None and step.duration > maximum else None


def as_granted(step: Step, lessons: Lessons) -> Step:
    """The step with no more than the role grants, which another window may have learned since the plan was made."""
    maximum = less_granted(step, lessons)
    return step if maximum is None else lasting(step, maximum)


def lasting(step: Step, seconds: int) -> Step:
    """The step with another duration, and so under another name."""
    return replace(step, duration=seconds, name=digest(step.family, seconds))
