"""What is wrong with views of the person's own, looked for beside the reading of the files: botocore's models take their time."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from tui_app.ui.jobs import Outcome
from tui_app.ui.noted_problems import note_problems

if TYPE_CHECKING:
    from tui_app.model import Problem
    from tui_app.ui.backstage import Loaded
    from tui_app.ui.deck import Deck

KINDS = frozenset({"view_taken", "no_columns", "doubtful_view", "unknown_view"})
"""The problems that are found here, and not by the reading of the files."""


def look(deck: Deck, known: Collection[Problem]) -> None:
    """Look through the views that the files add or name; `known` were told before."""
    loaded = deck.loaded
    if loaded is None or not {"view", "views"} & loaded.catalog.settings.explorer.keys():
        return
    settings = loaded.catalog.settings

    def find() -> tuple[Problem, ...]:
        from tui_app.explorer.own_views import complaints

        return tuple(problem for problem in complaints(settings) if problem.kind in KINDS)

    deck.jobs.start("own views", lambda _: find(), lambda outcome: tell(deck, loaded, known, outcome))


def tell(deck: Deck, loaded: Loaded, known: Collection[Problem], outcome: Outcome[tuple[Problem, ...]]) -> None:
    """Put what was found among the problems of the files, unless these have been read again."""
    if outcome.value and deck.loaded is loaded:
        deck.store.problems = (*deck.store.problems, *outcome.value)
        deck.store.changed("problems")
        note_problems(deck, [problem for problem in outcome.value if problem not in known])
