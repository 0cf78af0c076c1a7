"""Settings that hold from the start to the end of a run: where sessions are kept, and which AWS is asked."""

from __future__ import annotations

from collections.abc import Mapping

from tui_app.catalog.settings import Settings
from tui_app.model import Problem

MEND = "Quit and start it again."


def wants_restart(began: Settings, now: Settings, environ: Mapping[str, str]) -> tuple[Problem, ...]:
    """A problem for each that has changed since the run began: a session of one place or one AWS must not turn up in another."""
    moved: list[tuple[str, str, str]] = []
    if now.storage != began.storage:
        moved.append(("[storage] sessions", "storage.sessions", began.storage))
    if now.endpoint_url != began.endpoint_url and not environ.get("ROLEDECK_ENDPOINT_URL"):
        moved.append(("[aws] endpoint_url", "aws.endpoint_url", began.endpoint_url or "AWS itself"))
    return tuple(
        Problem(
            "restart", f"{named} has changed; roledeck goes on with {before} until it is started again.", now.origins.get(written), MEND
        )
        for named, written, before in moved
    )
