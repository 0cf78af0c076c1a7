"""What happens to roles while the screen runs: work, failures, children, notes. Apart from the store, because no first frame needs it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from tui_app.values import frozen


@frozen
class Work:
    """What is being done for a role; `word` is shown in its row, `detail` in the pane."""

    word: str
    since: float
    detail: str = ""
    cancel: Callable[[], None] | None = None
    job: object = None
    """Who does it; another try for the same role is another job."""


@frozen
class Failure:
    """Why the last try failed; it stays until the next one. `word` is shown in the row, `aws_message` is AWS's own, cleaned."""

    word: str
    message: str
    next_step: str
    at: float
    aws_message: str = ""
    code: str = ""
    request_id: str = ""


@frozen
class Child:
    """A subshell of a role: stopped (then `resume` is set) or ended with an exit code."""

    words: str
    at: float
    stopped: bool = False
    handle: object = None


@frozen
class Note:
    """One line of the activity log."""

    at: float
    text: str
    key: str = ""
    kind: Literal["did", "failed", "note"] = "did"
