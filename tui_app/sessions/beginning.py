"""Credentials of a source that is a role itself: of a permission set by an Identity Center sign-in, by a web identity token, or by
`aws login`.
"""

from __future__ import annotations

from collections.abc import Mapping

from tui_app.arns import account_of
from tui_app.aws.door import AwsDoor
from tui_app.aws.partitions import sts_region
from tui_app.clock import Clock
from tui_app.model import Chain, Credentials, Identity
from tui_app.sessions.locks import Stop
from tui_app.sessions.new_records import UNVERIFIED
from tui_app.sessions.request import AssumeRole
from tui_app.sessions.start import LOGIN, PERMISSION_SET, PlannedStart
from tui_app.sessions.sts import assume_role_with_web_identity
from tui_app.values import frozen


@frozen
class Beginning:
    """How the source of a chain gives the credentials of its own role; `fresh` wants others than those that are still good."""

    door: AwsDoor
    chain: Chain
    region: str | None
    environ: Mapping[str, str]
    clock: Clock
    stop: Stop
    fresh: bool = False

    def credentials(self, step: PlannedStart) -> tuple[Credentials, Identity]:
        """The credentials, and the identity as far as it is known (not yet verified).

        Raises:
            NeedsPerson: the sign-in has ended.
            ConfigUnusable: there is no token.
            Refused, OutOfReach, WrongIdentity: from AWS.
        """
        if self.chain.source.kind == PERMISSION_SET:
            return self._of_permission_set(), self._as_asked(step)
        if self.chain.source.kind == LOGIN:
            return self._of_login(), self._as_asked(step)
        return self._by_token(step)

    def _of_permission_set(self) -> Credentials:
        from tui_app.sessions.sign_in.tokens import role_credentials

        return role_credentials(self.door, self.chain.source, self.environ, self.clock, self.stop)

    def _of_login(self) -> Credentials:
        from tui_app.sessions.sources.login import login_credentials

        return login_credentials(self.door, self.chain.source, self.environ, self.clock, self.stop, fresh=self.fresh)

    def _by_token(self, step: PlannedStart) -> tuple[Credentials, Identity]:
        from tui_app.sessions.sources.web_identity import token_in

        source = self.chain.source
        request = AssumeRole(role_arn=step.role_arn, session_name=step.session_name, duration=step.duration)
        request.check(self.chain.role.origins if not self.chain.hops else {})
        token = token_in(source.details.get("web_identity_token_file", ""), self.environ, source.origin)
        return assume_role_with_web_identity(self.door, request, token, self.region)

    def _as_asked(self, step: PlannedStart) -> Identity:
        """The account that the role's ARN names: nothing more is told with such credentials."""
        return Identity(account_of(step.role_arn), "", "", UNVERIFIED, sts_region(self.region, step.role_arn))
