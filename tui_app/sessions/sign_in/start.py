"""Signing in and out: which way is taken, and what is given back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal

from tui_app.aws.door import AwsDoor
from tui_app.catalog.chain import resolve_chain
from tui_app.catalog.sign_ins import sign_in_of
from tui_app.clock import Clock, rfc3339
from tui_app.errors import RoledeckError
from tui_app.model import Session, SsoSession
from tui_app.sessions.journal import Journal
from tui_app.sessions.sign_in.oidc import Ground
from tui_app.sessions.sign_in.opening import can_open
from tui_app.sessions.sign_in.prompt import Show, Stop
from tui_app.sessions.sign_in.token_files import SsoToken, TokenFiles
from tui_app.text import clean

if TYPE_CHECKING:
    from tui_app.catalog.load import Catalog

Way = Literal["browser", "device"]


def way_for(sign_in: SsoSession, environ: Mapping[str, str]) -> Way:
    """A browser here where there is one; a code for older profiles, whose tokens AWS gives no other way, and where there is none."""
    return "browser" if sign_in.name and can_open(environ) else "device"


def sign_in_at(  # noqa: PLR0913 - where, which, how, and the person
    door: AwsDoor, sign_in: SsoSession, environ: Mapping[str, str], clock: Clock, *, way: Way, show: Show, stop: Stop
) -> SsoToken:
    """A new token, kept for this program and the AWS CLI; blocks until the person has approved it elsewhere, ten minutes at most.

    Raises:
        Cancelled, Refused, RoledeckError, OutOfReach, ConfigUnusable.
    """
    ground = Ground(door, sign_in, TokenFiles(environ), clock)
    if way == "device":
        from tui_app.sessions.sign_in.device import by_device

        token = by_device(ground, show, stop)
    else:
        from tui_app.sessions.sign_in.browser import by_browser  # 30 ms, with http.server

        token = by_browser(ground, show, stop)
    Journal(environ, clock).record("login", role=clean(sign_in.key, 256), how=way, expires=rfc3339(token.expires))
    return token


def sign_out_of(door: AwsDoor, sign_in: SsoSession, environ: Mapping[str, str], clock: Clock) -> tuple[bool, str]:
    """Give the token back to AWS (sso:Logout) and remove it here; whether there was one, and why AWS did not take it back, if so."""
    files = TokenFiles(environ)
    token, trouble = files.token(sign_in), ""
    if token is not None:
        try:
            door.call("sso", "Logout", region=token.region or sign_in.region, key=None, parameters={"accessToken": token.access.reveal()})
        except RoledeckError as failure:
            # a token that AWS knows no more needs no giving back
            trouble = "" if getattr(failure, "cause", "") == "sso_signed_out" else failure.message
    removed = files.drop_token(sign_in)
    if token is not None:
        Journal(environ, clock).record("logout", role=clean(sign_in.key, 256))
    return token is not None or removed, trouble


def roles_through(catalog: Catalog, sessions: Iterable[Session], sign_in: SsoSession) -> list[str]:
    """The keys of those roles whose sessions came through a sign-in."""
    return [session.role_key for session in sessions if _came_through(catalog, session, sign_in)]


def _came_through(catalog: Catalog, session: Session, sign_in: SsoSession) -> bool:
    role = catalog.role(session.role_key)
    source = resolve_chain(catalog, role).source if role else catalog.sources.get(session.source_profile)
    return source is not None and source.kind == "sso" and sign_in_of(source).key == sign_in.key
