"""Settings that only other programs know, put in the place of AWS's own where they say the same; lines and files stay those of the setting.

- `include_profile` (aws-vault): what the profile does not say, the included one says, and so on; no keys are taken over.
- `granted_sso_…` (granted): the permission set that the profile stands for.
- `target_role_name`, `target_region` (AWS Extend Switch Roles): what a base account says for the profiles that name it as `source_profile`.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping

from tui_app.catalog.ini_file import Section
from tui_app.model import Problem
from tui_app.text import clean

INCLUDE, MFA_PROCESS = "include_profile", "mfa_process"
_GRANTED = {f"granted_{name}": name for name in ("sso_start_url", "sso_region", "sso_account_id", "sso_role_name")}
_TARGETS = {"target_role_name": "role_name", "target_region": "region"}
MARKS = frozenset({INCLUDE, "aws_account_id", *_GRANTED})
"""A profile without any of these stays as it is."""
_NEVER_INCLUDED = frozenset({"aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_security_token", "aws_account_id"})
_WAYS = frozenset({"source_profile", "credential_source", "credential_process", "web_identity_token_file", "login_session"})
"""How a profile comes by its credentials: said by the profile itself, none of these is taken over."""


def filled(profiles: Mapping[str, Section], section: Section) -> Section:
    """The profile with what other programs' settings add to it; the same value where they add nothing."""
    if MARKS.isdisjoint(section.values):
        return section
    values = dict(section.values)
    for included in _included(profiles, section):
        ways = _WAYS if not _WAYS.isdisjoint(values) else frozenset[str]()
        for name, value in included.values.items():
            if name not in _NEVER_INCLUDED and name not in ways:
                values.setdefault(name, value)
    for foreign, name in _GRANTED.items():
        if foreign in values:
            values.setdefault(name, values[foreign])
    if "aws_account_id" in values and "source_profile" in values and "role_arn" not in values:
        base = profiles.get(values["source_profile"][0])
        for foreign, name in _TARGETS.items():
            if base is not None and foreign in base.values:
                values.setdefault(name, base.values[foreign])
    return Section(section.name, section.path, section.line, values)


def include_problem(profiles: Mapping[str, Section], section: Section) -> Problem | None:
    """What is wrong with the profile's `include_profile`, if anything is."""
    name, where = section.get(INCLUDE), section.origin(INCLUDE)
    if name not in profiles:
        message = f'"{clean(name)}", the include_profile of {clean(section.name)}, is in no file.'
        return Problem("unknown_include", message, where, "Write that profile, or name another.")
    *_, last = (section, *_included(profiles, section))
    if last.get(INCLUDE) in profiles:
        message = f"The include_profile of {clean(section.name)} goes round in a circle."
        return Problem("include_loop", message, where, "Take it out of one of the profiles.")
    return None


def command_of(text: str) -> tuple[str, ...]:
    """The words of a command as the shell would take them apart; none where it cannot."""
    try:
        return tuple(shlex.split(text))
    except ValueError:
        return ()


def _included(profiles: Mapping[str, Section], section: Section) -> Iterator[Section]:
    """The profiles that are included, the nearest first, each once."""
    met = {section.name}
    while (name := section.get(INCLUDE)) in profiles and name not in met:
        met.add(name)
        section = profiles[name]
        yield section
