"""Rules about the way from a profile to its source: source_profile, loops, and what a hop after a hop may ask for.

Their profiles are filled: what `include_profile` and the like add counts here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tui_app.arns import parse_arn
from tui_app.catalog.foreign_settings import filled
from tui_app.catalog.ini_file import Section
from tui_app.catalog.lint.circles import circles
from tui_app.catalog.lint.findings import Found, Rule
from tui_app.catalog.lint.profiles import Profile
from tui_app.catalog.lint.values import QUOTES
from tui_app.catalog.shared_config import SharedConfig
from tui_app.catalog.sources import has_static_keys, is_hop, source_of
from tui_app.model import CHAIN_LIMIT
from tui_app.text import clean

_SHOWN = 8
"""Profiles of a loop that are named."""


def _no_source(profile: Profile) -> Iterator[Found]:
    section = profile.section
    if is_hop(section) and "source_profile" not in section.values and "credential_source" not in section.values:
        where = section.origin("role_arn") or section.origin("role_name")
        yield Found(where, f"{profile.called} has a role but no source_profile or credential_source.", "Add source_profile.")


def _both_sources(profile: Profile) -> Iterator[Found]:
    section = profile.section
    if is_hop(section) and "source_profile" in section.values and "credential_source" in section.values:
        message = f"{profile.called} has both source_profile and credential_source."
        yield Found(section.origin("credential_source"), message, "Keep one of them.")


def _missing_source(profile: Profile) -> Iterator[Found]:
    name = profile.section.get("source_profile")
    if name and name not in profile.shared.profiles and name.strip(QUOTES) not in profile.shared.profiles:
        meant = profile.likely.meant(name)
        message = f'"{clean(name, 60)}", the source_profile of {clean(profile.section.name, 60)}, is in no file.'
        mend = f'Did you mean "{clean(meant, 60)}"?' if meant else "Write that profile, or name another."
        yield Found(profile.section.origin("source_profile"), message, mend)


def _self(profile: Profile) -> Iterator[Found]:
    section = profile.section
    if section.get("source_profile") == section.name and is_hop(section) and not has_static_keys(section):
        message = f"{profile.called} is its own source_profile, and has no keys."
        yield Found(section.origin("source_profile"), message, "Name a profile with credentials, or give it keys.")


def _no_credentials(profile: Profile) -> Iterator[Found]:
    source = _next(profile.shared, profile.section)
    if source is None or (is_hop(source) and not has_static_keys(source)):
        return
    found = source_of(profile.shared, source)
    if found.source is None and found.problem is None:
        message = f"The profile {clean(source.name, 60)}, the source_profile of {clean(profile.section.name, 60)}, has no credentials."
        yield Found(profile.section.origin("source_profile"), message, "Give it keys, credential_process or sso_session.")


def _next(shared: SharedConfig, section: Section) -> Section | None:
    """The profile that the role's credentials come from, filled, or None."""
    source = shared.profiles.get(section.get("source_profile")) if is_hop(section) else None
    return filled(shared.profiles, source) if source else None


def _chained(profile: Profile) -> Iterator[Found]:
    section = profile.section
    written = section.get("duration_seconds")
    if written.isascii() and written.isdigit() and int(written[:9]) > CHAIN_LIMIT and (reason := _no_user(profile)):
        message = f"{profile.called} asks for {clean(written, 12)} seconds, but {reason}: AWS gives {CHAIN_LIMIT} and refuses more."
        yield Found(section.origin("duration_seconds"), message, f"Write {CHAIN_LIMIT}, or remove it.")


def _no_user(profile: Profile) -> str:
    """Why the role is assumed by something other than a user's long-term keys; empty where it is not, or not known."""
    section = profile.section
    if section.get("credential_source") in {"Ec2InstanceMetadata", "EcsContainer"}:
        return "it is assumed by a role"
    source = _next(profile.shared, section)
    if source is None:
        return ""
    if has_static_keys(source):
        return "it is assumed with temporary keys" if source.get("aws_session_token") else ""
    if is_hop(source):
        return f"{clean(source.name, 60)} is a role too"
    found = source_of(profile.shared, source).source
    return f"{clean(source.name, 60)} is a role too" if found is not None and found.kind in {"sso", "web_identity"} else ""


def _other_account(profile: Profile) -> Iterator[Found]:
    """An MFA device belongs to the user whose keys the chain starts with, so it is in that user's account."""
    section = profile.section
    source = section if has_static_keys(section) else _next(profile.shared, section)
    device = _account_of(section.get("mfa_serial"))
    if source is None or not device or (is_hop(source) and source is not section):
        return
    account = source.get("aws_account_id") if "role_arn" not in source.values else ""
    account = account or (_account_of(source.get("mfa_serial")) if source is not section else "")
    if account and account != device:
        message = f"{profile.called} has an MFA device of {clean(device, 20)}, but its keys are of {clean(account, 20)}."
        yield Found(section.origin("mfa_serial"), message, "Name the device of the user whose keys these are.")


def _account_of(arn: str) -> str:
    device = parse_arn(arn)
    return device.account if device and device.service == "iam" else ""


CHAIN_RULES: Mapping[str, Rule[Profile]] = {
    "missing_source": Rule("error", "A role without source_profile and credential_source.", _no_source),
    "both_sources": Rule("error", "A role with both source_profile and credential_source.", _both_sources),
    "source_not_there": Rule("error", "A source_profile that is in no file.", _missing_source),
    "source_is_itself": Rule("error", "A profile without keys that is its own source_profile.", _self),
    "source_without_credentials": Rule("error", "A source_profile that has no credentials.", _no_credentials),
    "duration_over_chain_limit": Rule("error", "More than an hour for a role that is assumed by a role.", _chained),
    "mfa_of_other_account": Rule("warning", "An MFA device of another account than the keys'.", _other_account),
}


def _loops(shared: SharedConfig) -> Iterator[Found]:
    """Every circle once, at its first profile in the files."""
    for members in circles(shared.profiles, lambda name: _way_on(shared, name)):
        yield _loop(shared, members)


def _way_on(shared: SharedConfig, name: str) -> str:
    section = shared.profiles.get(name)
    source = _next(shared, filled(shared.profiles, section)) if section else None
    if source is None or source.name == name or has_static_keys(source) or not is_hop(source):
        return ""
    return source.name


def _loop(shared: SharedConfig, members: list[str]) -> Found:
    order = {name: number for number, name in enumerate(shared.profiles)} if len(members) < _SHOWN else {members[0]: 0}
    at = members.index(min(members, key=lambda name: order.get(name, len(order))))
    names = [*members[at:], *members[:at]]
    shown = [clean(name, 60) for name in names[:_SHOWN]] + (["…"] if len(names) > _SHOWN else []) + [clean(names[0], 60)]
    message = f"The chain goes round in a circle: {' → '.join(shown)}."
    first = filled(shared.profiles, shared.profiles[names[0]])
    return Found(first.origin("source_profile"), message, "Let one of them start from a profile with credentials.")


LOOP_RULES: Mapping[str, Rule[SharedConfig]] = {"loop": Rule("error", "Profiles that are each other's source_profile.", _loops)}
