"""The places a person can sign in at: `[sso-session NAME]` and older profiles of the shared config, `[sso.NAME]` of our own."""

from __future__ import annotations

from tui_app.catalog.settings import Settings
from tui_app.catalog.shared_config import SharedConfig
from tui_app.model import Source, SsoSession

START_URL, REGION, SCOPES = "sso_start_url", "sso_region", "sso_registration_scopes"


def sign_ins(shared: SharedConfig, settings: Settings) -> dict[str, SsoSession]:
    """Every sign-in that the files name completely, by its key; the shared config goes before our own, because the AWS CLI goes by it."""
    found = [*_sso_sessions(shared), *settings.sign_ins.values(), *_older_profiles(shared)]
    complete: dict[str, SsoSession] = {}
    for sign_in in found:
        if sign_in.start_url and sign_in.region:
            complete.setdefault(sign_in.key, sign_in)
    return complete


def sign_in_of(source: Source) -> SsoSession:
    """The sign-in that a source of kind `sso` needs, from its details."""
    details = source.details
    return SsoSession(details.get("sso_session", ""), details.get(START_URL, ""), details.get(REGION, ""), origin=source.origin)


def _sso_sessions(shared: SharedConfig) -> list[SsoSession]:
    return [
        SsoSession(name, section.get(START_URL), section.get(REGION), _scopes(section.get(SCOPES)), section.here)
        for name, section in shared.sso_sessions.items()
    ]


def _older_profiles(shared: SharedConfig) -> list[SsoSession]:
    return [
        SsoSession("", section.get(START_URL), section.get(REGION), (), section.origin(START_URL))
        for section in shared.profiles.values()
        if START_URL in section.values and "sso_session" not in section.values
    ]


def _scopes(written: str) -> tuple[str, ...]:
    """The comma list of `sso_registration_scopes`, as AWS CLI v2 takes it apart (customizations/sso/utils.py)."""
    return tuple(scope for part in written.split(",") if (scope := part.strip()))
