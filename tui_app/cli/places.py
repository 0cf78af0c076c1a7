"""Places in the user's files as people are told of them: `~/.aws/config:7`, and what is wrong there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tui_app import paths
from tui_app.model import Origin
from tui_app.text import clean

if TYPE_CHECKING:
    from tui_app.model import Problem

_GAP = "  "


def place(origin: Origin | None, environ: Mapping[str, str]) -> str:
    """File and line, the home folder as `~`; empty for nowhere."""
    return clean(str(Origin(paths.shown(origin.path, environ), origin.line))) if origin else ""


def told(problem: Problem, environ: Mapping[str, str]) -> str:
    """A problem on one line: where, what, and what to do."""
    where = place(problem.where, environ)
    return clean(f"{where}{_GAP if where else ''}{problem.message} {problem.mend}".rstrip())
