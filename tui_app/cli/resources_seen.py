"""What one role was shown: the answer of `roledeck resources`, however it is printed."""

from __future__ import annotations

from tui_app.explorer.results import ViewResult
from tui_app.model import Role, Session
from tui_app.values import frozen


@frozen
class Seen:
    """What one role was shown, by how many calls, and how often AWS asked to wait."""

    role: Role
    session: Session
    results: tuple[ViewResult, ...] = ()
    calls: int = 0
    throttles: int = 0
