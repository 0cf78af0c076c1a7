"""What has been found out about roles for the detail pane: plans, resources, trust policies. Plain; the store's companion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_app.model import Session

if TYPE_CHECKING:
    from tui_app.catalog.lint.findings import Finding
    from tui_app.explorer.asking import Tally
    from tui_app.explorer.results import ViewResult
    from tui_app.explorer.trust import TrustReading
    from tui_app.sessions.broker import Plan
    from tui_app.ui.explorer.layout import Layout
    from tui_app.ui.jobs import Job
    from tui_app.ui.sight import Sight

KEPT = 200
"""How many tables are kept for a second look."""
TABS = ("Identity", "Resources", "Chain", "Trust", "Activity")


class Findings:
    """What is known about roles, by their keys, and what the pane shows of it."""

    def __init__(self) -> None:
        self.tab: str = TABS[0]
        self.plans: dict[str, Plan] = {}
        self.remarks: dict[str, tuple[Finding, ...]] = {}
        """What lint says of the role's own place in the files."""
        self.sights: dict[str, Sight] = {}
        self.trusts: dict[str, TrustReading] = {}
        self.callers: dict[str, str] = {}
        """The ARN behind each profile's keys, as AWS said."""
        self.pending: set[tuple[str, str]] = set()
        """What is being read: the tab and the role."""
        self.looking: dict[str, Job] = {}
        """The job that looks round for a role."""
        self.tally: Tally | None = None
        """The calls made for resources in this run."""
        self.searches: list[str] = []
        """The words that were searched for, the last ones first."""
        self.agreed: set[str] = set()
        """Views that AWS charges for, and that the person has said yes to."""
        self.layouts: dict[str, Layout] = {}
        """How the tables of each view are laid out."""
        self._kept: dict[tuple[str, str, str, str], ViewResult] = {}

    def sight_of(self, key: str, session: Session | None) -> Sight | None:
        """The resources of a role, and only if the session it has now is the identity that was shown them."""
        sight = self.sights.get(key)
        return sight if sight and session and sight.identity == session.identity.arn else None

    def forget_plans(self) -> None:
        """Sessions have changed, so plans may have."""
        self.plans.clear()

    def forget(self, key: str) -> None:
        """The role's session was dropped: nothing it was shown is kept."""
        gone = self.sights.pop(key, None)
        if gone is not None:
            self._kept = {place: result for place, result in self._kept.items() if place[0] != gone.identity}
        self.plans.pop(key, None)

    def keep(self, result: ViewResult, asked: str = "") -> None:
        """Keep the rows of a table for a second look, in memory only; `asked` is the row it was opened at."""
        if result.rows and result.state == "ok":
            place = (result.identity.arn, result.view.name, asked, result.region)
            self._kept.pop(place, None)
            self._kept[place] = result
            while len(self._kept) > KEPT:
                self._kept.pop(next(iter(self._kept)))

    def kept(self, arn: str, view: str, asked: str = "") -> tuple[ViewResult, ...]:
        """What an identity was shown of a view the last time, a result for each region."""
        return tuple(result for place, result in self._kept.items() if place[:3] == (arn, view, asked))

    def step_tab(self, step: int) -> None:
        """To the next tab, or the one before."""
        self.tab = TABS[(TABS.index(self.tab) + step) % len(TABS)]
