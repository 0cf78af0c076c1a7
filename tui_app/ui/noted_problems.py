"""What is wrong with the files, written into the activity log."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui_app.model import Problem
    from tui_app.ui.deck import Deck


def note_problems(deck: Deck, problems: Iterable[Problem]) -> None:
    """Each with its place and its sentence."""
    for problem in problems:
        where = f"{deck.shown(problem.where)}  " if problem.where else ""
        deck.store.note(f"{where}{problem.message}", kind="failed")
