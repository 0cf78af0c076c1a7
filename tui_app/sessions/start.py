"""A role that the source itself gives, without any AssumeRole of ours before it: a permission set, a role by a web identity token, or
whoever signed in with `aws login`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tui_app import paths
from tui_app.aws.partitions import partition_of
from tui_app.catalog.login_sessions import SETTING, signed_in
from tui_app.clock import Clock, typed_duration
from tui_app.model import DEFAULT_DURATION, Chain, Role, Source
from tui_app.sessions.record import digest
from tui_app.sessions.session_names import session_name
from tui_app.sessions.wanted import Ground, Wanted
from tui_app.values import frozen

PERMISSION_SET, WEB_IDENTITY, LOGIN = "sso", "web_identity", "login"
STARTS = frozenset({PERMISSION_SET, WEB_IDENTITY, LOGIN})
"""Kinds of sources that are roles themselves."""
CALLS: Mapping[str, str] = {
    PERMISSION_SET: "GetRoleCredentials",
    WEB_IDENTITY: "AssumeRoleWithWebIdentity",
    LOGIN: "CreateOAuth2Token",
}
"""What AWS is asked for their credentials."""
TEMPLATE = "{user}"


@frozen
class PlannedStart:
    """What will be asked of the source. `name` and `family` file its session, as a hop's do; `duration` is in seconds, 0 where the
    permission set or the sign-in decides. `cached_until` is the end of a session that is still good, in epoch seconds. `notes` say what
    is to be known of the sign-in.
    """

    role_arn: str
    session_name: str
    duration: int
    why_duration: str
    name: str
    family: str
    cached_until: float | None = None
    notes: tuple[str, ...] = ()


def planned_start(chain: Chain, wanted: Wanted, ground: Ground) -> PlannedStart | None:
    """The source's own role; None for a source of keys."""
    if chain.source.kind == PERMISSION_SET:
        return _permission_set(chain.source, ground)
    if chain.source.kind == LOGIN:
        return _by_login(chain.source, ground)
    return _by_token(chain, wanted, ground) if chain.source.kind == WEB_IDENTITY else None


def _permission_set(source: Source, ground: Ground) -> PlannedStart:
    details = source.details
    account, name = details.get("sso_account_id", ""), details.get("sso_role_name", "")
    sign_in = (details.get("sso_session", ""), details.get("sso_start_url", ""), details.get("sso_region", ""))
    arn = f"arn:{partition_of(sign_in[2]).id}:iam::{account}:role/{name}"
    filed = digest("start", PERMISSION_SET, *sign_in, account, name, ground.endpoint)
    return PlannedStart(arn, "", 0, "the permission set decides", filed, filed)


def _by_login(source: Source, ground: Ground) -> PlannedStart:
    written = source.details.get(SETTING, "")
    who = signed_in(written)
    filed = digest("start", LOGIN, written, paths.login_folder(ground.environ), ground.endpoint)
    return PlannedStart(who.arn if who else "", "", 0, "the sign-in decides", filed, filed)


def _by_token(chain: Chain, wanted: Wanted, ground: Ground) -> PlannedStart:
    details, defaults = chain.source.details, ground.defaults
    arn, alone = details.get("role_arn", ""), not chain.hops
    role = chain.role
    asked = (wanted.duration or role.request.duration if alone else None) or defaults.duration
    template = details.get("role_session_name") or defaults.session_name or TEMPLATE
    duration, maximum = asked or DEFAULT_DURATION, ground.lessons.maximum(arn)
    why = "as set" if asked else "AWS's default"
    if maximum is not None and duration > maximum:
        why = f"{typed_duration(duration)} asked, but the role refused more than {typed_duration(maximum)}."
        duration = maximum
    family = digest("start", WEB_IDENTITY, arn, template, details.get("web_identity_token_file", ""), ground.endpoint)
    called = session_name(template, arn.partition(":role/")[2], ground.environ, ground.clock())
    return PlannedStart(arn, called, duration, why, digest(family, duration), family)


def start_notes(source: Source, environ: Mapping[str, str], clock: Clock) -> tuple[str, ...]:
    """What is to be known of the source before it is asked, as far as files say; contacts nothing."""
    if source.kind != LOGIN:
        return ()
    from tui_app.sessions.sources.login import login_notes

    return login_notes(source, environ, clock())


def start_key(chain: Chain, roles: Iterable[Role]) -> str:
    """The key of the role that the source is: the chain's own, the profile's, or whatever role of the catalog is meant by its ARN."""
    if not chain.hops:
        return chain.role.key
    if chain.source.profile:
        return chain.source.profile
    details = chain.source.details
    account, name = details.get("sso_account_id"), details.get("sso_role_name")
    return next((role.key for role in roles if role.account.id == account and role.short_name == name), f"{account}/{name}")
