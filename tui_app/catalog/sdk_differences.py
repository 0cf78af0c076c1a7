"""What other AWS SDKs would do with the same profile: one table, which `chain` puts into notes and `lint` may read.

Inside one profile an SDK takes the first way of its order that the profile has. Sources: botocore 1.44 `create_credential_resolver`; the
JavaScript SDK v3 `resolveProfileData` of credential-provider-ini; the Go SDK v2 `resolveCredsFromProfile` and `validateCredentialType`.
AWS CLI v2 has botocore's order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tui_app.catalog.foreign_settings import INCLUDE
from tui_app.catalog.ini_file import Section, Values
from tui_app.catalog.shared_config import SharedConfig
from tui_app.text import clean
from tui_app.values import frozen

KEY_ID, SECRET_KEY, WEB_IDENTITY = "aws_access_key_id", "aws_secret_access_key", "web_identity_token_file"
ROLE, TOKEN_FILE, PERMISSION_SET, KEYS, LOGIN, PROGRAM = "role", "token file", "permission set", "keys", "login", "program"
KEYS_IN_CREDENTIALS = "keys in the credentials file"
"""Where the two files make a difference; elsewhere these are KEYS too."""


@frozen
class Sdk:
    """An SDK's name with its `order` of ways; of `only_one` it refuses a profile that has two."""

    name: str
    order: tuple[str, ...]
    only_one: tuple[str, ...] = ()


BOTOCORE = Sdk("AWS CLI", (TOKEN_FILE, ROLE, PERMISSION_SET, KEYS_IN_CREDENTIALS, LOGIN, PROGRAM, KEYS))
JAVASCRIPT = Sdk("JavaScript", (ROLE, KEYS, TOKEN_FILE, PROGRAM, PERMISSION_SET, LOGIN))
GO = Sdk(
    "Go",
    (ROLE, KEYS, TOKEN_FILE, PERMISSION_SET, PROGRAM, LOGIN),
    ("source_profile", "credential_source", "credential_process", WEB_IDENTITY),
)
OTHERS = (JAVASCRIPT, GO)
WOULD: Mapping[str, str] = {
    ROLE: "assume the role of",
    TOKEN_FILE: "use the token file of",
    PERMISSION_SET: "sign in for",
    KEYS: "use the keys written in",
    LOGIN: "use the login_session of",
    PROGRAM: "run the credential_process of",
}
FOREIGN_TAGS = ("source_identity", "session_tags", "transitive_session_tags")
"""What aws-vault puts into an AssumeRole and no SDK does."""
_OF_A_ROLE = ("role_arn", "source_profile", "credential_source", "mfa_serial", "external_id", "duration_seconds", "role_session_name")


def ways(shared: SharedConfig, section: Section) -> set[str]:
    """Every way to credentials that the profile has."""
    values = section.values
    sources = ("source_profile" in values) + ("credential_source" in values)
    part = shared.in_credentials.get(section.name)
    present = {
        ROLE: "role_arn" in values and sources == 1,
        TOKEN_FILE: bool(section.get(WEB_IDENTITY)) and "role_arn" in values,
        PERMISSION_SET: "sso_account_id" in values and "sso_role_name" in values,
        KEYS: KEY_ID in values and SECRET_KEY in values,
        KEYS_IN_CREDENTIALS: part is not None and KEY_ID in part.values and SECRET_KEY in part.values,
        LOGIN: "login_session" in values,
        PROGRAM: "credential_process" in values,
    }
    return {way for way, there in present.items() if there}


def used_by(sdk: Sdk, found: set[str], *, as_source: bool = False) -> str:
    """The way that the SDK would take, empty for none; to a profile that is somebody's source, all of them prefer its keys to its role."""
    if as_source and KEYS in found:
        found = found - {ROLE}
    way = next((way for way in sdk.order if way in found), "")
    return KEYS if way == KEYS_IN_CREDENTIALS else way


def refused_by(sdk: Sdk, section: Section) -> tuple[str, ...]:
    """The settings of the profile that the SDK does not take together."""
    found = tuple(name for name in sdk.only_one if section.get(name))
    return found if len(found) > 1 else ()


def profile_notes(shared: SharedConfig, section: Section, *, as_source: bool) -> Iterator[str]:
    """Sentences on what other SDKs would do with the profile, as the AWS CLI's own settings in it stand."""
    found, name = ways(shared, section), f"the profile {clean(section.name)}"
    chosen = used_by(BOTOCORE, found, as_source=as_source)
    otherwise: dict[str, list[str]] = {}
    for sdk in OTHERS:
        if refused := refused_by(sdk, section):
            yield f"The {sdk.name} SDK would refuse {name}, which has both {' and '.join(refused)}."
        elif (way := used_by(sdk, found, as_source=as_source)) != chosen:
            otherwise.setdefault(way, []).append(sdk.name)
    for way, names in otherwise.items():
        yield f"The {' and '.join(names)} SDK{'s' if len(names) > 1 else ''} would {WOULD[way]} {name}."


def role_notes(written: Section, section: Section) -> Iterator[str]:
    """Sentences on what of a role's profile SDKs do not read, send or ask for; `section` is the profile filled."""
    name, own, values = f"the profile {clean(written.name)}", written.values, section.values
    if INCLUDE in own and any(setting in values and setting not in own for setting in _OF_A_ROLE):
        yield f"The AWS CLI and the SDKs do not read the include_profile of {name}."
    if "role_arn" not in values and "aws_account_id" in own and not _is_permission_set(values):
        yield f"The AWS CLI and the SDKs see no role in {name}: it has no role_arn."
    if _is_permission_set(values) and not _is_permission_set(own) and INCLUDE not in own:
        would = WOULD[PROGRAM] if "credential_process" in own else "find no credentials in"
        yield f"The AWS CLI and the SDKs would {would} {name}: they do not read its granted_ settings."
    unread = [setting for setting in FOREIGN_TAGS if section.get(setting)]
    if unread and "role_arn" in values:
        yield f"The AWS CLI and the SDKs do not send the {' and '.join(unread)} of {name}."
    if written.get("mfa_serial") and "role_arn" in own:
        yield f"The JavaScript and Go SDKs cannot ask for the code of {name}."


def _is_permission_set(values: Values) -> bool:
    return "sso_account_id" in values and "sso_role_name" in values
