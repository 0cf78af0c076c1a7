"""What a start page leads to, kept in the cache for `catalog.discovered`: a 0600 file a sign-in, without secrets."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tui_app import paths
from tui_app.catalog.discovered import SUFFIX, VERSION, Remembered, read_discovered
from tui_app.clock import Clock, wall_clock
from tui_app.discovery.identity_center import StartPage, list_start_page
from tui_app.discovery.patience import Progress, unheard
from tui_app.errors import RoledeckError
from tui_app.model import SsoSession
from tui_app.parallel import never
from tui_app.sessions.folder import PrivateFolder
from tui_app.text import clean

if TYPE_CHECKING:
    from tui_app.aws.door import AwsDoor

_LETTERS = 40
"""How much of a sign-in's name its file shows."""


def discover_and_remember(
    door: AwsDoor,
    sign_in: SsoSession,
    environ: Mapping[str, str],
    progress: Progress = unheard,
    cancelled: Callable[[], bool] = never,
    clock: Clock = wall_clock,
) -> StartPage:
    """Ask a start page for every account and role, and keep the answer for the next start.

    An account that did not answer keeps the roles that were known of it before.

    Raises:
        NeedsPerson: nobody is signed in there. Refused, OutOfReach, Cancelled: as `list_start_page`.
        RoledeckError: the answer cannot be kept.
    """
    from tui_app.sessions.sign_in.tokens import portal

    def ask(operation: str, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        return portal(door, sign_in, operation, parameters, environ, clock, stop=cancelled)

    page = list_start_page(ask, sign_in, progress, cancelled, clock)
    page = _with_what_was_known(page, _before(environ, sign_in))
    remember(environ, page)
    return page


def remember(environ: Mapping[str, str], page: StartPage) -> None:
    """Keep what a start page leads to.

    Raises:
        RoledeckError: the folder cannot be written.
    """
    said = {
        "version": VERSION,
        "sso_session": page.sign_in.key,
        "start_url": page.sign_in.start_url,
        "region": page.sign_in.region,
        "at": page.at,
        "accounts": [[account.id, account.name] for account in page.accounts],
        "roles": [[role.account_id, role.name] for role in page.roles],
    }
    try:
        PrivateFolder(paths.discovered_folder(environ)).put(file_name(page.sign_in), _written(said))
    except OSError as failure:
        reason = (failure.strerror or "unknown reason").lower()
        message = f"The roles of {clean(page.sign_in.key)} cannot be kept for the next start: {reason}."
        raise RoledeckError(message, "Check the cache folder.") from None


def _written(said: Mapping[str, Any]) -> bytes:
    """As `catalog.quick_discovered` takes it apart: a pair's string a line, and nothing escaped that need not be."""
    return json.dumps(said, indent=1, ensure_ascii=False).encode("utf-8", "surrogatepass")


def forget(environ: Mapping[str, str], sign_in: SsoSession) -> bool:
    """Drop what was kept of a sign-in; False where there was nothing."""
    try:
        return PrivateFolder(paths.discovered_folder(environ)).remove(file_name(sign_in))
    except OSError:
        return False


def file_name(sign_in: SsoSession) -> str:
    """A name that shows whose file it is, and that no other sign-in has."""
    shown = re.sub(r"[^A-Za-z0-9]+", "-", sign_in.key).strip("-")[:_LETTERS]
    digest = hashlib.sha256(sign_in.key.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{shown}-{digest}{SUFFIX}" if shown else digest + SUFFIX


def _before(environ: Mapping[str, str], sign_in: SsoSession) -> Remembered | None:
    found, _ = read_discovered(environ)
    return next((one for one in found if one.sso_session == sign_in.key and one.start_url == sign_in.start_url), None)


def _with_what_was_known(page: StartPage, before: Remembered | None) -> StartPage:
    silent = {missed.account.id for missed in page.missed if not missed.gone}
    if before is None or not silent:
        return page
    return replace(page, roles=(*page.roles, *(role for role in before.roles if role.account_id in silent)))
