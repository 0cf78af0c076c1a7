"""When a session should be renewed: early enough that no program which holds it ever sees it expire."""

from __future__ import annotations

from tui_app.model import Session

EARLIEST = 20 * 60
"""botocore begins to look for new credentials 15 minutes before the end; renewal is done by then."""


def lead(life: float) -> float:
    """Seconds before its end at which a session of that life is due: a third of it, at most 20 minutes."""
    return min(life / 3, EARLIEST)


def renewal_due_at(session: Session) -> float:
    """Epoch seconds at which renewal starts."""
    expires = session.credentials.expires
    return expires - lead(max(0.0, expires - session.issued))


def renewal_due(session: Session, now: float) -> bool:
    """Whether a session should be renewed by now."""
    return now >= renewal_due_at(session)
