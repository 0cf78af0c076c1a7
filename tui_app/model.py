"""The words of the product as frozen values: accounts, roles, sources, chains, credentials, identities, sessions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from tui_app.secret import Secret
from tui_app.values import frozen

State = Literal["never", "live", "expiring", "expired", "failed"]
SourceKind = Literal["static", "sso", "process", "web_identity", "environment", "instance", "container", "login", "missing"]
SourceOfCode = Literal["none", "mfa_session", "code"]
Renews = Literal["itself", "asks"]
MfaStrategy = Literal["auto", "session", "direct"]

NO_TEXTS: Mapping[str, str] = {}
SOON = 15 * 60
"""A session with less than this many seconds left is `expiring`."""
DEFAULT_DURATION = 3600
DEFAULT_SCOPES = ("sso:account:access",)
"""What a sign-in at Identity Center asks for where the files say nothing."""
CHAIN_LIMIT = 3600
"""STS caps a role assumed by a role, or with GetSessionToken credentials, at one hour."""


@frozen
class Origin:
    """The place a setting was read from; `path` is absolute, `line` counts from 1 (0: the file as a whole)."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


@frozen
class Account:
    """An AWS account: `id` has 12 digits, or is empty where only the name is known."""

    id: str
    name: str = ""
    environment: str = ""
    partition: str = "aws"
    alias: str = ""
    regions: tuple[str, ...] = ()
    confirm: bool = False
    tags: Mapping[str, str] = field(default_factory=dict, hash=False)
    origin: Origin | None = None

    @property
    def label(self) -> str:
        """The name people know it by, else the id."""
        return self.name or self.alias or self.id


@frozen
class Problem:
    """Something in the files that keeps a chain from resolving, or that deserves a note."""

    kind: str
    message: str
    where: Origin | None = None
    mend: str = ""


@frozen
class Request:
    """What an AssumeRole asks for, as the files and the command line say; None means not said.

    `mfa_serial` of an empty text switches the code off. `duration` is in seconds.
    """

    duration: int | None = None
    mfa_serial: str | None = None
    external_id: Secret | None = None
    external_id_command: tuple[str, ...] = ()
    session_name: str | None = None
    source_identity: str | None = None
    tags: tuple[tuple[str, str], ...] = ()
    transitive_tags: tuple[str, ...] = ()
    policy: str | None = None
    policy_arns: tuple[str, ...] = ()
    region: str | None = None
    mfa: MfaStrategy | None = None
    mfa_command: tuple[str, ...] = ()


@frozen
class Role:
    """A target the user may become.

    `key` is unique in the catalog and is what people type: the profile's name, else `account/role`.
    `name` is the path and name without a leading slash. `via` names a shared-config profile or another role's key.
    `origins` has the file and line of each setting, by its name in the file.
    """

    key: str
    arn: str
    account: Account
    name: str
    via: str = ""
    profile: str | None = None
    request: Request = Request()
    regions: tuple[str, ...] = ()
    color: str = ""
    description: str = ""
    origins: Mapping[str, Origin] = field(default_factory=dict, hash=False)

    @property
    def short_name(self) -> str:
        """The role's name without its path."""
        return self.name.rpartition("/")[2]

    @property
    def origin(self) -> Origin | None:
        """Where the role itself is written."""
        return self.origins.get("role") or next(iter(self.origins.values()), None)


@frozen
class Source:
    """Where a chain starts. `access_key` holds the keys of a static source; `origin` says where they were read."""

    kind: SourceKind
    profile: str | None = None
    access_key: AccessKey | None = None
    mfa_serial: str | None = None
    region: str | None = None
    origin: Origin | None = None
    details: Mapping[str, str] = field(default_factory=dict, hash=False)


@frozen
class SsoSession:
    """An IAM Identity Center start page. `name` is empty where an older profile has the page itself; `scopes` where the files say none."""

    name: str
    start_url: str
    region: str
    scopes: tuple[str, ...] = ()
    origin: Origin | None = None

    @property
    def asked_scopes(self) -> tuple[str, ...]:
        """What a sign-in asks for; an older profile's asks for nothing, and so gets no refresh token."""
        return (self.scopes or DEFAULT_SCOPES) if self.name else ()

    @property
    def key(self) -> str:
        """What its token is filed under, and what people type: the name, else the start URL."""
        return self.name or self.start_url


@frozen
class Hop:
    """One AssumeRole of a chain, as the files have it: which role, from where (`via`), with what."""

    role: Role
    via: str
    request: Request


@frozen
class Chain:
    """Source, hops, role. `hops[-1].role` is `role`; `problems` is not empty where the files do not resolve."""

    role: Role
    source: Source
    hops: tuple[Hop, ...]
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


@frozen
class AccessKey:
    """Keys that sign requests; `token` is set for temporary ones."""

    id: str
    secret: Secret
    token: Secret | None = None

    def __repr__(self) -> str:
        return f"AccessKey(****{self.id[-4:]})"


@frozen
class Credentials:
    """Temporary credentials with their end, in epoch seconds."""

    key: AccessKey
    expires: float

    def left(self, now: float) -> float:
        """Seconds until the end; negative when it is past."""
        return self.expires - now


@frozen
class Identity:
    """The answer of GetCallerIdentity, and when it was given."""

    account: str
    arn: str
    user_id: str
    verified: float
    region: str = ""


@frozen
class Session:
    """Live temporary credentials of a role, verified.

    `hops` is how many AssumeRoles led to it, 0 for a source that is a role itself. `duration` is in seconds, `issued` in epoch seconds.
    """

    role_arn: str
    role_key: str
    credentials: Credentials
    identity: Identity
    issued: float
    duration: int
    hops: int
    source_of_code: SourceOfCode = "none"
    renews: Renews = "itself"
    source_profile: str = ""
    from_cache: bool = False

    def left(self, now: float) -> float:
        """Seconds until the end."""
        return self.credentials.left(now)


@frozen
class MfaSession:
    """GetSessionToken with a code: one code that serves every role of the same user."""

    source_profile: str
    serial: str
    credentials: Credentials
    issued: float
    renews: Renews = "asks"


def session_state(expires: float | None, now: float) -> State:
    """The word for a role's session by its end alone: never, live, expiring or expired."""
    if expires is None:
        return "never"
    left = expires - now
    return "expired" if left <= 0 else "expiring" if left < SOON else "live"
