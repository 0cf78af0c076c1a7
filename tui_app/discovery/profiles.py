"""Roles from other programs' files: profiles of the shared config, as AWS tools or as aws-vault read them, and extend-switch-roles' text.

aws-vault (vault/config.go) fills in what a profile does not say from the profile that `include_profile` names, else from `[default]`.
extend-switch-roles' sections are profiles without their prefix; a `source_profile` there is an account to sign in to, no profile of ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tui_app.catalog.accounts import Accounts
from tui_app.catalog.discovered import SSO_VIA
from tui_app.catalog.foreign_settings import filled
from tui_app.catalog.ini_file import Section
from tui_app.catalog.schema import ROLE
from tui_app.catalog.shared_config import SharedConfig, parse_shared_config
from tui_app.catalog.shared_roles import SharedRoles
from tui_app.clock import typed_duration
from tui_app.discovery.proposal import Builder, Kind, Proposal, Table
from tui_app.model import Role

_OWNED = frozenset(ROLE) - {"description", "color", "regions"}
"""What a profile decides alone; the rest may have been added to what was written before."""
_INHERITED = (
    *("role_arn", "source_profile", "external_id", "mfa_serial", "mfa_process", "duration_seconds", "role_session_name", "region"),
    *("source_identity", "session_tags", "transitive_session_tags", "credential_process", "web_identity_token_file"),
    *("sso_session", "sso_start_url", "sso_region", "sso_account_id", "sso_role_name"),
)
_DEFAULT = "default"


def of_config(shared: SharedConfig) -> Proposal:
    """Every profile that is a role, as the catalog reads it."""
    return _proposal("config", "", {name: filled(shared.profiles, section) for name, section in shared.profiles.items()}, shared, Builder())


def of_aws_vault(shared: SharedConfig) -> Proposal:
    """Every profile that is a role, as aws-vault reads it; programs for the code are named, not taken over."""
    builder = Builder()
    sections = {name: _inherited(section, shared.profiles) for name, section in shared.profiles.items()}
    programs = [section for section in shared.profiles.values() if section.get("mfa_process")]
    for section in programs:
        builder.leave_out(f"mfa_process at {section.origin('mfa_process')}", "Write it as mfa_command into [defaults] of config.toml.")
    return _proposal("aws-vault", "", sections, shared, builder)


def of_switch_roles(text: str, name: str, via: str, shared: SharedConfig) -> Proposal:
    """The roles of an extend-switch-roles text, all reached by way of `via`, or of a profile of ours that a section names."""
    sections = parse_shared_config("", "\n".join(_bare_header(line) for line in text.splitlines()), credentials_path=name).profiles
    builder = Builder()
    for section, role in _roles(sections, shared):
        way = via or (role.via if role.via in shared.profiles else "")
        if not way or not role.account.id:
            why = "Nothing says how to get there: add --via PROFILE." if role.account.id else _no_arn(role)
            builder.leave_out(section.name, why)
            continue
        table = {**_table(role, section, way), "description": role.description or section.name}
        region = section.get("target_region")
        builder.role(role.account.id, {**table, **({"regions": [region]} if region else {})}, role.account.partition, section.name)
    return builder.filled(Proposal("switch-roles", name, owned=_OWNED))


def _proposal(kind: Kind, name: str, sections: Mapping[str, Section], shared: SharedConfig, builder: Builder) -> Proposal:
    for section, role in _roles(sections, shared):
        via, why = _way(section)
        if not via or not role.account.id:
            builder.leave_out(section.name, _no_arn(role) if via else why)
            continue
        builder.role(role.account.id, _table(role, section, via), role.account.partition, section.name)
    return builder.filled(Proposal(kind, name, owned=_OWNED))


def _roles(sections: Mapping[str, Section], shared: SharedConfig) -> Iterator[tuple[Section, Role]]:
    readable = SharedConfig(sections, shared.sso_sessions, {}, {}, {})
    reader = SharedRoles(readable, Accounts((), {}))
    for section in sections.values():
        role = reader.role(section)
        if role is not None:
            yield section, role


def _way(section: Section) -> tuple[str, str]:
    """What stands under `via`, or why nothing can."""
    values = section.values
    if "role_arn" not in values and "sso_role_name" in values:
        return SSO_VIA + (section.get("sso_session") or section.get("sso_start_url")), ""
    if "web_identity_token_file" in values:
        return "", "It starts from a token file, which only the profile itself can use."
    if "role_arn" not in values and "login_session" in values and "role_name" not in values:
        return "", "It is a sign-in of `aws login`, which only the profile itself can use."
    if "credential_source" in values:
        return "", "It has a credential_source, which only the profile itself can use."
    if section.get("source_profile") == section.name:
        return "", "It is its own source_profile, which only the profile itself can use."
    return section.get("source_profile"), "It has no source_profile."


def _no_arn(role: Role) -> str:
    return f"{role.arn} is not the ARN of a role."


def _table(role: Role, section: Section, via: str) -> Table:
    request = role.request
    return {
        "name": role.name,
        "via": via,
        "external_id": request.external_id.reveal() if request.external_id else None,
        "duration": typed_duration(request.duration) if request.duration else None,
        "mfa_serial": request.mfa_serial,
        "session_name": request.session_name,
        "source_identity": request.source_identity,
        "tags": dict(request.tags),
        "transitive_tags": list(request.transitive_tags),
        "regions": [section.get("region")] if section.get("region") else [],
        "color": role.color or None,
        "description": role.description or None,
    }


def _inherited(section: Section, profiles: Mapping[str, Section]) -> Section:
    """The profile with what aws-vault fills in; a circle of include_profile ends where it closes."""
    values, seen, step = dict(section.values), {section.name}, section
    while True:
        following = step.get("include_profile") or (_DEFAULT if step.name != _DEFAULT else "")
        if not following or following in seen or following not in profiles:
            break
        seen.add(following)
        step = profiles[following]
        values = {**{name: value for name, value in step.values.items() if name in _INHERITED}, **values}
    if "source_profile" in values and values["source_profile"][0] == section.name:
        del values["source_profile"]
    return Section(section.name, section.path, section.line, values)


def _bare_header(line: str) -> str:
    stripped = line.strip()
    if stripped.startswith("[profile ") and stripped.endswith("]"):
        return "[" + stripped[len("[profile ") :].strip()
    return line
