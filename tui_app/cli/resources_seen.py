"""What one role was shown: the answer of `roledeck resources`, however it is printed."""

from __future__ import annotations

from tui_app.explorer.results import ViewResult
from tui_app.model import Role, Session
from tui_app.text import clean
from tui_app.values import frozen


@frozen
class Seen:
    """What one role was shown, by how many calls, and how often AWS asked to wait."""

    role: Role
    session: Session
    results: tuple[ViewResult, ...] = ()
    calls: int = 0
    throttles: int = 0

    @property
    def may_be_revoked(self) -> bool:
        """Whether all that was asked is refused as after AWSRevokeOlderSessions, and by a session from before this command.

        The policy denies everything to sessions issued before a moment (IAM user guide, "Revoke IAM role temporary credentials").
        """
        denied = all(result.refusal and result.refusal.explicit for result in self.results)
        return bool(self.results) and self.session.from_cache and denied

    def revoked_note(self) -> str:
        """What is said of it."""
        who = clean(f"{self.role.account.label}/{self.role.short_name}")
        return f"An explicit Deny forbids {who} all of it. If its sessions have been revoked, --fresh begins one that is not."
