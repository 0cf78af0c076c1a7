"""The resources that one identity was shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING

from tui_app.values import frozen

if TYPE_CHECKING:
    from tui_app.explorer.fetch import ViewResult
    from tui_app.explorer.view import View


@frozen
class Sight:
    """The resources that one identity was shown. `identity` is the ARN that every result in it was answered to."""

    identity: str
    regions: tuple[str, ...]
    views: tuple[View, ...]
    results: Mapping[tuple[str, str], ViewResult] = field(default_factory=dict)
    running: bool = True
    problem: str = ""

    def with_result(self, result: ViewResult) -> Sight:
        """The sight with one result more; a result of another identity is not taken."""
        if result.identity.arn != self.identity:
            return self
        return replace(self, results={**self.results, (result.view.name, result.region): result})
