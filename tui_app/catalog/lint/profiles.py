"""Rules about a profile as a whole: which credentials it has, from which file, and which of them each tool takes.

What a tool takes is in `sdk_differences`; what Go refuses without a role_arn, `validateCredentialsRequireARN` of aws-sdk-go-v2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from tui_app.catalog.foreign_settings import filled
from tui_app.catalog.ini_file import Section
from tui_app.catalog.ini_headers import NAME_OF_THE_SPECIFICATION
from tui_app.catalog.lint.findings import Found, Rule
from tui_app.catalog.lint.known_settings import OURS_TOO, SDK_SETTINGS, SSO_SESSION_SETTINGS, reader_of
from tui_app.catalog.lint.likely import Likely
from tui_app.catalog.sdk_differences import (
    BOTOCORE,
    GO,
    KEYS,
    LOGIN,
    OTHERS,
    PERMISSION_SET,
    PROGRAM,
    ROLE,
    TOKEN_FILE,
    WOULD,
    refused_by,
    used_by,
    ways,
)
from tui_app.catalog.shared_config import SharedConfig
from tui_app.catalog.sources import KEY_ID, SECRET_KEY, WEB_IDENTITY, credential_source, is_hop, source_of
from tui_app.text import clean, nearest

TOKEN = "aws_session_token"  # noqa: S105 - a setting's name
_MAIN_SETTING: Mapping[str, str] = {
    ROLE: "role_arn",
    TOKEN_FILE: WEB_IDENTITY,
    PERMISSION_SET: "sso_role_name",
    KEYS: KEY_ID,
    LOGIN: "login_session",
    PROGRAM: "credential_process",
}


class Profile(NamedTuple):
    """A profile among the files it stands in; `likely` knows the names of all profiles."""

    section: Section
    shared: SharedConfig
    likely: Likely

    @property
    def called(self) -> str:
        """The profile, for sentences."""
        return f"The profile {clean(self.section.name, 60)}"


def _unusable(*kinds: str) -> Rule[Profile]:
    """A rule for what `source_of` answers where a profile's own credentials cannot be used."""

    def check(profile: Profile) -> Iterator[Found]:
        problem = source_of(profile.shared, profile.section).problem
        if problem is not None and problem.kind in kinds and not any(_split_keys(profile)):
            yield Found(problem.where, problem.message, problem.mend)

    return Rule("error", _UNUSABLE[kinds[0]], check)


_UNUSABLE = {
    "partial_keys": "Half a pair of keys, or an empty one.",
    "missing_role": "A web_identity_token_file without a role_arn.",
    "sso_session_missing": "An sso_session that is in no file.",
    "sso_inconsistent": "A setting that differs between a profile and its sso-session.",
    "sso_incomplete": "IAM Identity Center without all of its settings.",
}


def _unknown_source(profile: Profile) -> Iterator[Found]:
    if "credential_source" in profile.section.values and (problem := credential_source(profile.section).problem) is not None:
        meant = nearest(profile.section.get("credential_source").title(), ("Environment", "Ec2InstanceMetadata", "EcsContainer"))
        yield Found(problem.where, problem.message, f"Write {meant}: capitals matter." if meant else problem.mend)


def _name(profile: Profile) -> Iterator[Found]:
    if not NAME_OF_THE_SPECIFICATION.fullmatch(profile.section.name):
        message = f'The name of the profile "{clean(profile.section.name, 60)}" has characters that only the AWS CLI allows.'
        yield Found(profile.section.here, message, "Use letters, digits and - _ . / % @ : + without spaces.")


def _split_keys(profile: Profile) -> Iterator[Found]:
    halves = [_part(profile, where) for where in (profile.shared.in_credentials, profile.shared.in_config)]
    for one, other in (halves, halves[::-1]):
        if one and other and KEY_ID in one and SECRET_KEY not in one and SECRET_KEY in other:
            message = f"{profile.called} has its {KEY_ID} in one file and its {SECRET_KEY} in the other; the AWS CLI takes both from one."
            yield Found(profile.section.origin(KEY_ID), message, "Put both into the credentials file.")


def _keys_twice(profile: Profile) -> Iterator[Found]:
    inside, outside = (_part(profile, where) for where in (profile.shared.in_credentials, profile.shared.in_config))
    if inside and outside and KEY_ID in inside and KEY_ID in outside and inside[KEY_ID][0] != outside[KEY_ID][0]:
        where = profile.shared.in_config[profile.section.name].origin(KEY_ID)
        yield Found(where, f"{profile.called} has other keys in the credentials file, and those win.", "Remove these.")


def _token_elsewhere(profile: Profile) -> Iterator[Found]:
    inside, outside = (_part(profile, where) for where in (profile.shared.in_credentials, profile.shared.in_config))
    if not inside or not outside:
        return
    for keys, other in ((inside, outside), (outside, inside)):
        if KEY_ID in keys and SECRET_KEY in keys and TOKEN not in keys and TOKEN in other and KEY_ID not in other:
            message = f"{profile.called} has its keys in one file and a session token in the other: the AWS CLI leaves the token out."
            yield Found(profile.section.origin(TOKEN), message, "Put all three into the credentials file, or remove the token.")


def _part(profile: Profile, sections: Mapping[str, Section]) -> Mapping[str, tuple[str, int, str]]:
    section = sections.get(profile.section.name)
    return section.values if section else {}


def _token_of_keys(profile: Profile) -> Iterator[Found]:
    identifier = profile.section.get(KEY_ID)
    has_token = bool(profile.section.get(TOKEN) or profile.section.get("aws_security_token"))
    where = profile.section.origin(KEY_ID)
    if identifier.startswith("ASIA") and not has_token:
        yield Found(where, f"{profile.called} has a temporary key without its session token; AWS refuses it.", f"Add {TOKEN}.")
    if identifier.startswith("AKIA") and has_token:
        message = f"{profile.called} has a long-term key with a session token beside it; AWS refuses the two together."
        yield Found(profile.section.origin(TOKEN) or where, message, "Remove the token.")


def _has_role(section: Section) -> bool:
    values = section.values
    return "role_arn" in values and ("source_profile" in values) != ("credential_source" in values)


def _differing_choice(profile: Profile) -> Iterator[Found]:
    found = ways(profile.shared, profile.section)
    chosen = used_by(BOTOCORE, found)
    otherwise: dict[str, list[str]] = {}
    for sdk in OTHERS:
        if len(found) > 1 and not refused_by(sdk, profile.section) and (way := used_by(sdk, found)) != chosen:
            otherwise.setdefault(way, []).append(sdk.name)
    for way, names in otherwise.items():
        tools = f"the {' and '.join(names)} SDK{'s' if len(names) > 1 else ''}"
        message = (
            f"Tools differ about {clean(profile.section.name, 60)}: the AWS CLI would {WOULD[chosen]} it, {tools} would {WOULD[way]} it."
        )
        yield Found(profile.section.origin(_MAIN_SETTING[chosen]), message, "Keep one of them in this profile.")


def _go_types(profile: Profile) -> Iterator[Found]:
    present = refused_by(GO, profile.section)
    if present and not {"source_profile", "credential_source"} <= set(present):
        message = f"{profile.called} has {' and '.join(present)}; the Go SDK refuses a profile with more than one."
        yield Found(profile.section.origin(present[-1]), message, "Keep one of them in this profile.")


def _keys_beside_role(profile: Profile) -> Iterator[Found]:
    if "role_arn" in profile.section.values and (KEY_ID in profile.section.values or SECRET_KEY in profile.section.values):
        message = f"{profile.called} has keys and a role: chosen itself it is the role, as another's source_profile only its keys count."
        yield Found(profile.section.origin(KEY_ID) or profile.section.origin(SECRET_KEY), message, "Give the keys a profile of their own.")


def _no_arn(profile: Profile) -> Iterator[Found]:
    for name in ("source_profile", "credential_source"):
        if profile.section.get(name) and "role_arn" not in profile.section.values and not is_hop(profile.section):
            message = f"{profile.called} has a {name} but no role_arn: the AWS CLI passes it by, the Go SDK refuses the profile."
            yield Found(profile.section.origin(name), message, "Add role_arn, or remove it.")


def _source_by_include(profile: Profile) -> Iterator[Found]:
    values = profile.section.values
    if "include_profile" in values and "role_arn" in values and values.keys().isdisjoint({"source_profile", "credential_source"}):
        added = filled(profile.shared.profiles, profile.section).values.keys() & {"source_profile", "credential_source"}
        for name in sorted(added):
            message = f"{profile.called} has its {name} by include_profile only: the AWS CLI and the SDKs refuse the profile."
            yield Found(profile.section.origin("include_profile"), message, f"Write {name} here too, if they should use it.")


def _token_profile(profile: Profile) -> Iterator[Found]:
    values = profile.section.values
    if "sso_session" in values and values.keys().isdisjoint({"sso_account_id", "sso_role_name", "role_arn", KEY_ID, "credential_process"}):
        message = f"{profile.called} has an sso_session only: it gives tokens, and credentials to no tool."
        yield Found(profile.section.origin("sso_session"), message, "Add sso_account_id and sso_role_name for credentials.")


def _legacy_sso(profile: Profile) -> Iterator[Found]:
    if "sso_start_url" in profile.section.values and "sso_session" not in profile.section.values:
        message = f"{profile.called} names its start page itself: its sign-in cannot be renewed without a person."
        yield Found(profile.section.origin("sso_start_url"), message, "Move sso_start_url and sso_region to an [sso-session NAME].")


def _cannot_ask(profile: Profile) -> Iterator[Found]:
    if profile.section.get("mfa_serial") and _has_role(profile.section):
        message = f"{profile.called} needs a code, which the Go and JavaScript SDKs and Terraform cannot ask for."
        yield Found(profile.section.origin("mfa_serial"), message, f"Start them with: roledeck exec {clean(profile.section.name, 60)} -- …")


PROFILE_RULES: Mapping[str, Rule[Profile]] = {
    **{kind: _unusable(kind) for kind in _UNUSABLE},
    "unknown_source": Rule("error", "A credential_source that is none, or in the wrong case.", _unknown_source),
    "name_outside_specification": Rule("warning", "A profile's name with characters that only the AWS CLI allows.", _name),
    "keys_in_two_files": Rule("error", "A pair of keys with one half in each file.", _split_keys),
    "keys_in_both_files": Rule("warning", "Different keys for one profile in both files.", _keys_twice),
    "token_in_other_file": Rule("warning", "A session token in the other file than its keys.", _token_elsewhere),
    "token_and_key": Rule("error", "A temporary key without its token, or a long-term key with one.", _token_of_keys),
    "tools_choose_differently": Rule(
        "warning", "Several credentials in one profile, of which tools choose differently.", _differing_choice
    ),
    "several_credential_types": Rule("warning", "Several credential types in one profile, which the Go SDK refuses.", _go_types),
    "keys_beside_role": Rule("warning", "Keys beside a role_arn in one profile.", _keys_beside_role),
    "source_without_role": Rule("warning", "A source_profile or credential_source without a role_arn.", _no_arn),
    "source_by_include": Rule("warning", "A source_profile that comes by include_profile, which no SDK reads.", _source_by_include),
    "token_profile": Rule("hint", "A profile with an sso_session only.", _token_profile),
    "legacy_sso": Rule("hint", "IAM Identity Center without an sso-session, whose sign-in is not renewed.", _legacy_sso),
    "code_cannot_be_asked": Rule("hint", "An mfa_serial, whose code many tools cannot ask for.", _cannot_ask),
}


def _unread(profile: Profile) -> Iterator[Found]:
    section = profile.section
    for name in section.values.keys() - SDK_SETTINGS - SSO_SESSION_SETTINGS:
        if reader_of(name) or section.get(name).startswith("\n") or not re.fullmatch(r"[a-z0-9_\-]+", name):
            continue
        meant = _setting_meant(name)
        mend = f"Did you mean {meant}?" if meant else "Remove it, if no tool of yours reads it."
        yield Found(section.origin(name), f"No SDK reads {clean(name, 60)}.", mend)


@lru_cache(maxsize=1024)
def _setting_meant(name: str) -> str | None:
    """The same wrong name may stand in thousands of profiles."""
    return nearest(name, SDK_SETTINGS | OURS_TOO)


def _foreign(profile: Profile) -> Iterator[Found]:
    section = profile.section
    for name in section.values.keys() - SDK_SETTINGS:
        if tool := reader_of(name):
            readers = tool if name not in OURS_TOO or tool == "roledeck" else f"{tool} and roledeck"
            message = f"{clean(name, 60)} is read by {readers}; the AWS CLI and the SDKs pass it by."
            yield Found(section.origin(name), message, "Nothing, if you use that.")


SETTING_RULES: Mapping[str, Rule[Profile]] = {
    "unread_setting": Rule("warning", "A setting that no SDK and no known tool reads.", _unread),
    "foreign_setting": Rule("hint", "A setting of another program, which SDKs pass by.", _foreign),
}


def _session_settings(section: Section) -> Iterator[Found]:
    for name in section.values.keys() - SSO_SESSION_SETTINGS:
        if not reader_of(name):
            meant = nearest(name, SSO_SESSION_SETTINGS)
            mend = f"Did you mean {meant}?" if meant else f"There are: {', '.join(sorted(SSO_SESSION_SETTINGS))}."
            yield Found(section.origin(name), f"{clean(name, 60)} is not a setting of an sso-session.", mend)


def _session_incomplete(section: Section) -> Iterator[Found]:
    missing = [name for name in ("sso_start_url", "sso_region") if not section.get(name)]
    if missing:
        message = f"The sso-session {clean(section.name, 60)} is missing {' and '.join(missing)}."
        yield Found(section.here, message, "Add them." if len(missing) > 1 else "Add it.")


SSO_SESSION_RULES: Mapping[str, Rule[Section]] = {
    "unread_sso_setting": Rule("warning", "A setting of an sso-session that no SDK reads.", _session_settings),
    "sso_session_incomplete": Rule("error", "An sso-session without its start page or region.", _session_incomplete),
}
