"""What has been found out about roles for the detail pane: plans, resources, trust policies. Plain; the store's companion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_app.model import Session

if TYPE_CHECKING:
    from tui_app.catalog.lint.findings import Finding
    from tui_app.explorer.trust import TrustReading
    from tui_app.sessions.broker import Plan
    from tui_app.ui.sight import Sight

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
        self.opened: set[tuple[str, str]] = set()
        """Views whose rows are shown: the role and the view."""

    def sight_of(self, key: str, session: Session | None) -> Sight | None:
        """The resources of a role, and only if the session it has now is the identity that was shown them."""
        sight = self.sights.get(key)
        return sight if sight and session and sight.identity == session.identity.arn else None

    def forget_plans(self) -> None:
        """Sessions have changed, so plans may have."""
        self.plans.clear()

    def forget(self, key: str) -> None:
        """The role's session was dropped: nothing it was shown is kept."""
        self.sights.pop(key, None)
        self.plans.pop(key, None)

    def step_tab(self, step: int) -> None:
        """To the next tab, or the one before."""
        self.tab = TABS[(TABS.index(self.tab) + step) % len(TABS)]
