"""The resources that one identity was shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING

from tui_app.values import frozen

if TYPE_CHECKING:
    from tui_app.explorer.results import ViewResult
    from tui_app.explorer.view import View


@frozen
class Sight:
    """The resources that one identity was shown. `identity` is the ARN that every result in it was answered to.

    `before` is what it was shown the last time, which stands in for what is not answered yet; `progress` one sentence on waits.
    """

    identity: str
    regions: tuple[str, ...]
    views: tuple[View, ...]
    results: Mapping[tuple[str, str], ViewResult] = field(default_factory=dict)
    running: bool = True
    problem: str = ""
    before: Mapping[tuple[str, str], ViewResult] = field(default_factory=dict)
    progress: str = ""

    @property
    def expected(self) -> int:
        """How many answers there will be."""
        return sum(1 if view.scope == "global" else len(self.regions) for view in self.views)

    def awaited(self, view: View) -> tuple[str, ...]:
        """Where a view is still to be answered."""
        if not self.running or view not in self.views:
            return ()
        places = ("global",) if view.scope == "global" else self.regions
        return tuple(place for place in places if (view.name, place) not in self.results)

    @property
    def ordered(self) -> tuple[ViewResult, ...]:
        """The results as the views and the regions stand, whichever was answered first."""
        places = ((view.name, place) for view in self.views for place in ("global", *self.regions))
        return tuple(self.results[key] for key in places if key in self.results)

    @property
    def has_ended(self) -> bool:
        """Whether the session ended while it was looked round with."""
        return any(result.cause == "expired" for result in self.results.values())

    def with_result(self, result: ViewResult) -> Sight:
        """The sight with one result more; a result of another identity is not taken."""
        if result.identity.arn != self.identity:
            return self
        place = (result.view.name, result.region)
        known = self.results.get(place, self.before.get(place))
        # a view may have been written anew meanwhile: then what was seen before was another question's answer
        if known is not None and known.identity.arn == self.identity and known.view == result.view:
            from tui_app.explorer.results import renewed

            result = renewed(known, result)
        return replace(self, results={**self.results, place: result}, progress="")
