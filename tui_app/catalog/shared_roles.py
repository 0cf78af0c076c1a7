"""Profiles as roles: those with a `role_arn`, those of IAM Identity Center, those of extend-switch-roles, and those of `aws login`.

Settings that only other programs know are read where they mean the same (`foreign_settings`; aws-vault's `source_identity`,
`session_tags`, `transitive_session_tags` and `mfa_process`, extend-switch-roles' `aws_account_id` with `role_name`, `aws_account_alias`
and `color`, granted's `granted_color`); the rest is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tui_app.aws.partitions import partition_of
from tui_app.catalog import limits
from tui_app.catalog.accounts import Accounts
from tui_app.catalog.foreign_settings import INCLUDE, MARKS, MFA_PROCESS, command_of, filled, include_problem
from tui_app.catalog.ini_file import Section, Values
from tui_app.catalog.login_sessions import SETTING as LOGIN_SESSION
from tui_app.catalog.login_sessions import VIA as AWS_LOGIN
from tui_app.catalog.login_sessions import signed_in
from tui_app.catalog.shared_config import SharedConfig
from tui_app.model import Account, Origin, Problem, Request, Role
from tui_app.secret import Secret
from tui_app.text import clean

START_PAGE = "start page"
"""What stands under *via* for a profile of Identity Center that names no sso-session."""
ACCOUNT, ALIAS, DURATION, KEY_ID = "aws_account_id", "aws_account_alias", "duration_seconds", "aws_access_key_id"
UNUSUAL = frozenset({*MARKS, ALIAS, DURATION, MFA_PROCESS})
"""A profile with none of these needs no second look before its role is made."""


class Written(NamedTuple):
    """What a profile says that goes into a request, under the settings' own names; None where it says nothing."""

    mfa_serial: str | None
    external_id: str | None
    role_session_name: str | None
    source_identity: str | None
    session_tags: str | None
    transitive_session_tags: str | None
    region: str | None
    mfa_process: str | None
    duration_seconds: str | None


class SectionOrigins(Mapping[str, Origin]):
    """A profile's settings and where they are written; `role` is the section itself. Made when looked at: there may be ten thousand."""

    __slots__ = ("_section",)

    def __init__(self, section: Section) -> None:
        self._section = section

    def __getitem__(self, name: str) -> Origin:
        if name == "role":
            return self._section.here
        _, line, path = self._section.values[name]
        return Origin(path, line)

    def __iter__(self) -> Iterator[str]:
        yield "role"
        yield from self._section.values

    def __len__(self) -> int:
        return 1 + len(self._section.values)


class SharedRoles:
    """Makes roles of profiles; requests that say the same are one value."""

    def __init__(self, shared: SharedConfig, accounts: Accounts) -> None:
        self._shared = shared
        self._accounts = accounts
        self._requests: dict[tuple[str | None, ...], Request] = {}
        self._durations: set[str] = set()

    def sections(self) -> tuple[list[Section], list[Problem]]:
        """Every profile that is a role, in the order of the files, filled; and what is wrong with settings that then are not used."""
        profiles, found, problems = self._shared.profiles, list[Section](), list[Problem]()
        for written in profiles.values():
            section, values = written, written.values
            if not UNUSUAL.isdisjoint(values):
                section = filled(profiles, written)
                values = section.values
                problems += self._problems(written, section)
                if ALIAS in values and ACCOUNT in values:
                    self._accounts.call(section.get(ACCOUNT), section.get(ALIAS))
            if "role_arn" in values or is_role(values):
                found.append(section)
        return found, problems

    def role(self, section: Section) -> Role | None:
        """The role that the profile is, or None for one that is only a source."""
        section = filled(self._shared.profiles, section)
        return self.made(section) if is_role(section.values) else None

    def made(self, section: Section) -> Role:
        """The role of a filled profile that is one."""
        values = section.values
        if "role_arn" in values:
            return self._of_arn(section, values["role_arn"][0])
        if "sso_account_id" in values and "sso_role_name" in values:
            return self._of_identity_center(section)
        if not (ACCOUNT in values and "role_name" in values):
            return self._of_login(section)
        number, name = section.get(ACCOUNT), section.get("role_name").strip("/")
        return self._of_arn(section, f"arn:{partition_of(section.get('region')).id}:iam::{number}:role/{name}")

    def _of_arn(self, section: Section, arn: str) -> Role:
        parts = limits.split_role_arn(arn)
        via = section.get("source_profile") or section.get("credential_source")
        if parts is None:
            return self._made(section, arn, Account(""), arn.rpartition(":role/")[2], via)
        return self._made(section, arn, self._accounts.named(parts[1], parts[0]), parts[2], via)

    def _of_login(self, section: Section) -> Role:
        """Whoever signed in with `aws login`: a role, or a user, who then stands in a role's place."""
        written = section.get(LOGIN_SESSION)
        who = signed_in(written)
        if who is None:
            return self._made(section, written, Account(""), written, AWS_LOGIN)
        return self._made(section, who.arn, self._accounts.named(who.account, who.partition), who.name, AWS_LOGIN)

    def _of_identity_center(self, section: Section) -> Role:
        number, name = section.get("sso_account_id"), section.get("sso_role_name")
        session = section.get("sso_session")
        shared = self._shared.sso_sessions.get(session)
        region = section.get("sso_region") or (shared.get("sso_region") if shared else "")
        account = self._accounts.named(number, partition_of(region).id)
        return self._made(section, f"arn:{account.partition}:iam::{number}:role/{name}", account, name, session or START_PAGE)

    def _made(self, section: Section, arn: str, account: Account, name: str, via: str) -> Role:
        request = self._request(section)
        return Role(
            key=section.name,
            arn=arn,
            account=account,
            name=name,
            via=via,
            profile=section.name,
            request=request,
            regions=(request.region,) if request.region else account.regions,
            color=section.get("color") or section.get("granted_color"),
            description=section.get("description"),
            origins=SectionOrigins(section),
        )

    def _request(self, section: Section) -> Request:
        """What the profile says; profiles that say the same share one value, so that ten thousand are quick."""
        values = section.values
        texts = tuple([values[key][0] if key in values else None for key in Written._fields])
        found = self._requests.get(texts)
        if found is None:
            found = self._requests[texts] = _request_of(Written(*texts))
        return found

    def _problems(self, written: Section, section: Section) -> list[Problem]:
        found = []
        if DURATION in section.values and (text := section.get(DURATION)) not in self._durations:
            _, complaint = _duration(text)
            if not complaint:
                self._durations.add(text)
            else:
                message = f"The duration_seconds of {clean(section.name)} is not used. {complaint}"
                found.append(Problem("bad_value", message, section.origin(DURATION), "Write it in seconds, such as 3600."))
        if section.get(MFA_PROCESS) and not command_of(section.get(MFA_PROCESS)):
            message = f"The mfa_process of {clean(section.name)} is not used: its quotes do not match."
            found.append(Problem("bad_value", message, section.origin(MFA_PROCESS), "Close the quotation mark."))
        if INCLUDE in written.values and (problem := include_problem(self._shared.profiles, written)):
            found.append(problem)
        return found


def is_role(values: Values) -> bool:
    """Whether a filled profile's settings name a role, or somebody who signed in and whose keys are not written beside it."""
    return (
        "role_arn" in values
        or ("sso_account_id" in values and "sso_role_name" in values)
        or (ACCOUNT in values and "role_name" in values)
        or (LOGIN_SESSION in values and KEY_ID not in values)
    )


def _request_of(written: Written) -> Request:
    tags, transitive, duration = written.session_tags, written.transitive_session_tags, written.duration_seconds
    pairs = (pair.partition("=") for pair in tags.split(",") if pair.strip()) if tags else ()
    seconds, complaint = _duration(duration) if duration is not None else (0, "none")
    return Request(
        duration=None if complaint else seconds,
        mfa_serial=written.mfa_serial,
        mfa_command=command_of(written.mfa_process) if written.mfa_process else (),
        external_id=Secret(written.external_id) if written.external_id else None,
        session_name=written.role_session_name or None,
        source_identity=written.source_identity or None,
        tags=tuple((key.strip(), value.strip()) for key, _, value in pairs),
        transitive_tags=tuple(key.strip() for key in transitive.split(",") if key.strip()) if transitive else (),
        region=written.region or None,
    )


def _duration(text: str) -> tuple[int, str]:
    """A `duration_seconds` with what is wrong about it: what botocore takes for a number, so `+3600` too, else a duration as our own."""
    try:
        return limits.seconds(int(text), limits.LONGEST_ROLE)
    except ValueError:
        return limits.seconds(text, limits.LONGEST_ROLE)
