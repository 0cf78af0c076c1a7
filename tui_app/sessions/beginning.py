"""Credentials of a source that is a role itself: of a permission set by an Identity Center sign-in, by a web identity token, or by
`aws login`.
"""

from __future__ import annotations

from collections.abc import Mapping

from tui_app.aws.door import AwsDoor
from tui_app.aws.partitions import sts_region
from tui_app.clock import Clock
from tui_app.model import Chain, Credentials, Identity
from tui_app.sessions.identity import account_of
from tui_app.sessions.locks import Stop
from tui_app.sessions.request import AssumeRole
from tui_app.sessions.start import LOGIN, PERMISSION_SET, PlannedStart
from tui_app.sessions.sts import assume_role_with_web_identity


def begin(  # noqa: PLR0913, PLR0917 - whom, how, and with what
    door: AwsDoor,
    chain: Chain,
    step: PlannedStart,
    region: str | None,
    environ: Mapping[str, str],
    clock: Clock,
    stop: Stop,
    *,
    fresh: bool = False,
) -> tuple[Credentials, Identity]:
    """The credentials, and the identity as far as it is known (not yet verified); `fresh` wants others than those that are still good.

    Raises:
        NeedsPerson: the sign-in has ended.
        ConfigUnusable: there is no token.
        Refused, OutOfReach, WrongIdentity: from AWS.
    """
    source = chain.source
    if source.kind == PERMISSION_SET:
        from tui_app.sessions.sign_in.tokens import role_credentials

        credentials = role_credentials(door, source, environ, clock, stop)
        return credentials, Identity(account_of(step.role_arn), "", "", 0.0, sts_region(region, step.role_arn))
    if source.kind == LOGIN:
        from tui_app.sessions.sources.login import login_credentials

        credentials = login_credentials(door, source, environ, clock, stop, fresh=fresh)
        return credentials, Identity(account_of(step.role_arn), "", "", 0.0, sts_region(region, step.role_arn))
    from tui_app.sessions.sources.web_identity import token_in

    request = AssumeRole(role_arn=step.role_arn, session_name=step.session_name, duration=step.duration)
    request.check(chain.role.origins if not chain.hops else {})
    token = token_in(source.details.get("web_identity_token_file", ""), environ, source.origin)
    return assume_role_with_web_identity(door, request, token, region)
