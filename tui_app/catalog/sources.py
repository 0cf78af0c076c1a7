"""Where a chain can start: what credentials of its own a profile has, in botocore's order.

That order inside one profile is web identity, Identity Center, keys in the credentials file, `aws login`, credential_process, keys in the
config file (botocore 1.44 `create_credential_resolver`, `ProfileProviderBuilder`). Nothing is run or opened to find out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from tui_app.catalog.foreign_settings import MARKS, filled
from tui_app.catalog.ini_file import Section
from tui_app.catalog.shared_config import SharedConfig
from tui_app.model import AccessKey, Origin, Problem, Source
from tui_app.secret import Secret
from tui_app.text import clean

KEY_ID, SECRET_KEY = "aws_access_key_id", "aws_secret_access_key"
KEYRING = "roledeck_keyring"
"""Ours: the id of keys that `roledeck keys store` has moved into the OS keyring. The pair is read there when it is needed."""
WEB_IDENTITY = "web_identity_token_file"
_OWN = frozenset({KEYRING, KEY_ID, SECRET_KEY, WEB_IDENTITY, "sso_account_id", "sso_role_name", "credential_process", "login_session"})
_SSO_NEEDED = ("sso_start_url", "sso_region", "sso_account_id", "sso_role_name")

CREDENTIAL_SOURCES: Mapping[str, Literal["environment", "instance", "container"]] = {
    "Environment": "environment",
    "Ec2InstanceMetadata": "instance",
    "EcsContainer": "container",
}


class Found(NamedTuple):
    """A source, or the problem that stands in its way; neither where the profile has no credentials of its own."""

    source: Source | None = None
    problem: Problem | None = None


class Sources(Mapping[str, Source]):
    """Every profile with usable credentials of its own, by name; worked out when it is asked for: there may be ten thousand."""

    def __init__(self, shared: SharedConfig) -> None:
        self._shared = shared
        self._found: dict[str, Source | None] = {}

    def __getitem__(self, name: str) -> Source:
        if name not in self._found:
            profiles = self._shared.profiles
            self._found[name] = source_of(self._shared, filled(profiles, profiles[name])).source
        source = self._found[name]
        if source is None:
            raise KeyError(name)
        return source

    def __iter__(self) -> Iterator[str]:
        able = _OWN | MARKS
        return (name for name, section in self._shared.profiles.items() if not able.isdisjoint(section.values) and name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f"Sources({list(self)})"


def has_static_keys(section: Section) -> bool:
    """Whether botocore takes the profile for one with keys: either half is enough."""
    return not {KEY_ID, SECRET_KEY, KEYRING}.isdisjoint(section.values)


def is_hop(section: Section) -> bool:
    """Whether the profile is a role to be assumed; one that is reached by a token file or by Identity Center is a source instead."""
    values = section.values
    if "role_arn" in values:
        return WEB_IDENTITY not in values
    return "role_name" in values and "aws_account_id" in values and not ("sso_account_id" in values and "sso_role_name" in values)


def source_of(shared: SharedConfig, section: Section) -> Found:
    """The profile's own credentials."""
    values = section.values
    if section.get(WEB_IDENTITY):
        return _web_identity(section)
    if "sso_account_id" in values or "sso_role_name" in values:
        return _identity_center(shared, section)
    return _kept_here(shared, section)


def _kept_here(shared: SharedConfig, section: Section) -> Found:
    """Keys, `aws login` or a program: the credentials file's keys go before these, the config file's after."""
    values = section.values
    in_credentials, in_config = shared.in_credentials.get(section.name), shared.in_config.get(section.name)
    if in_credentials and KEY_ID in in_credentials.values:
        return _static(section, in_credentials)
    if "login_session" in values:
        return Found(_source("login", section, "login_session", ("login_session",)))
    if "credential_process" in values:
        return Found(_source("process", section, "credential_process", ("credential_process",)))
    if in_config and KEY_ID in in_config.values:
        return _static(section, in_config)
    if section.get(KEYRING) and SECRET_KEY not in values:
        return _in_keyring(section)
    return _static(section, section) if SECRET_KEY in values else Found()


def credential_source(section: Section) -> Found:
    """The source that `credential_source` names; botocore wants its exact spelling."""
    name, where = section.get("credential_source"), section.origin("credential_source")
    kind = CREDENTIAL_SOURCES.get(name)
    if kind is None:
        message = f'"{clean(name)}", the credential_source of {clean(section.name)}, is not one.'
        return Found(None, Problem("unknown_source", message, where, f"There are: {', '.join(CREDENTIAL_SOURCES)}."))
    return Found(Source(kind, region=section.get("region") or None, origin=where))


def _static(section: Section, part: Section) -> Found:
    """The key pair of `part`, which is the profile in one file: botocore does not take the missing half from the other file."""
    identifier, secret = part.get(KEY_ID), part.get(SECRET_KEY)
    if not identifier or not secret:
        there, missing = (KEY_ID, SECRET_KEY) if not secret else (SECRET_KEY, KEY_ID)
        has = f"has {there} but no {missing}" if part.get(there) else "has empty keys"
        elsewhere = section.origin(missing) if section.get(missing) else None
        message = f"The profile {clean(section.name)} {has}" + (" in the same file." if elsewhere else ".")
        mend = f"Move {missing} from {elsewhere} beside it." if elsewhere else f"Add {missing} beside it."
        return Found(None, Problem("partial_keys", message, part.origin(there) or section.origin(there) or section.here, mend))
    token = part.get("aws_security_token") or part.get("aws_session_token")
    key = AccessKey(identifier, Secret(secret), Secret(token) if token else None)
    source = _source("static", section, KEY_ID, ("aws_account_id",))
    return Found(
        Source("static", section.name, key, source.mfa_serial, source.region, part.origin(KEY_ID) or source.origin, source.details)
    )


def _in_keyring(section: Section) -> Found:
    """Keys that only the keyring holds; an empty secret stands for theirs."""
    key = AccessKey(section.get(KEYRING), Secret(""))
    source = _source("static", section, KEYRING, (KEYRING, "aws_account_id"))
    return Found(Source("static", section.name, key, source.mfa_serial, source.region, source.origin, source.details))


def _web_identity(section: Section) -> Found:
    if not section.get("role_arn"):
        message = f"The profile {clean(section.name)} has a web_identity_token_file but no role_arn."
        return Found(None, Problem("missing_role", message, section.origin(WEB_IDENTITY), "Add role_arn."))
    return Found(_source("web_identity", section, WEB_IDENTITY, (WEB_IDENTITY, "role_arn", "role_session_name")))


def _identity_center(shared: SharedConfig, section: Section) -> Found:
    name, here = section.get("sso_session"), section.origin("sso_account_id") or section.origin("sso_role_name")
    texts = {setting: section.get(setting) for setting in _SSO_NEEDED if setting in section.values}
    if "sso_session" in section.values:
        session = shared.sso_sessions.get(name)
        if session is None:
            message = f"The profile {clean(section.name)} names the sso-session {clean(name)}, which is in no file."
            return Found(
                None, Problem("sso_session_missing", message, section.origin("sso_session"), f"Write [sso-session {clean(name)}].")
            )
        differing = [setting for setting, value in session.values.items() if section.get(setting, value[0]) != value[0]]
        if differing:
            message = f"{differing[0]} differs between the profile {clean(section.name)} and the sso-session {clean(name)}."
            mend = f"Keep the one at {session.origin(differing[0])}."
            return Found(None, Problem("sso_inconsistent", message, section.origin(differing[0]), mend))
        texts |= {setting: value[0] for setting, value in session.values.items()}
    missing = [setting for setting in _SSO_NEEDED if not texts.get(setting)]
    if missing:
        message = f"The profile {clean(section.name)} is missing {', '.join(missing)} for IAM Identity Center."
        mend = "Add them" + (
            f" to [sso-session {clean(name)}]." if name and not {"sso_account_id", "sso_role_name"} & set(missing) else "."
        )
        return Found(None, Problem("sso_incomplete", message, here, mend))
    source = _source("sso", section, "sso_role_name", ())
    details = {**texts, "sso_session": name}
    return Found(Source("sso", section.name, None, source.mfa_serial, source.region, here, details))


def _source(
    kind: Literal["static", "sso", "process", "web_identity", "login"], section: Section, main: str, details: tuple[str, ...]
) -> Source:
    return Source(
        kind,
        section.name,
        mfa_serial=section.get("mfa_serial") if "mfa_serial" in section.values else None,
        region=section.get("region") or None,
        origin=_origin(section, main),
        details={name: section.get(name) for name in details if name in section.values},
    )


def _origin(section: Section, main: str) -> Origin:
    return section.origin(main) or section.here
