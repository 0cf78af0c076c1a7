"""What the user's own config says apart from accounts and roles, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Literal

from tui_app.model import Account, MfaStrategy, Origin
from tui_app.values import frozen

if TYPE_CHECKING:
    from tui_app.model import SsoSession

Storage = Literal["file", "keyring", "memory"]
Prefetch = Literal["none", "favourites"]
MFA_SESSION = 8 * 3600


@frozen
class Defaults:
    """`[defaults]`: what holds for every role that does not say otherwise; durations in seconds, None where nothing is said."""

    region: str = ""
    duration: int | None = None
    mfa_serial: str | None = None
    session_name: str = ""
    mfa: MfaStrategy = "auto"
    mfa_session: int = MFA_SESSION
    mfa_command: tuple[str, ...] = ()
    prefetch: Prefetch = "none"
    origins: Mapping[str, Origin] = field(default_factory=dict, hash=False)


@frozen
class EnvironmentSettings:
    """`[environment.NAME]`; an empty colour leaves the built-in look of `prod` and the others."""

    name: str
    color: str = ""
    confirm: bool = False


@frozen
class Settings:
    """The tables that are about the program. `keys` is as written: command id → key, or a list of keys.

    An `endpoint_url` that is not allowed is kept as written: whoever connects must refuse it, not go to AWS instead.
    `storage` is `memory` where the file that would say it cannot be read, so that nothing is kept on disk against the user's word.
    """

    storage: Storage = "file"
    share_with_aws_cli: bool = False
    endpoint_url: str = ""
    mfa_command: tuple[str, ...] = ()
    environments: Mapping[str, EnvironmentSettings] = field(default_factory=dict)
    theme: Mapping[str, object] = field(default_factory=dict)
    keys: Mapping[str, object] = field(default_factory=dict)
    explorer: Mapping[str, object] = field(default_factory=dict)
    shell: Mapping[str, object] = field(default_factory=dict)
    console: Mapping[str, object] = field(default_factory=dict)
    sign_ins: Mapping[str, SsoSession] = field(default_factory=dict)
    origins: Mapping[str, Origin] = field(default_factory=dict, hash=False)

    def wants_a_yes(self, account: Account) -> bool:
        """Whether a person is to be asked before credentials of that account are handed over."""
        environment = self.environments.get(account.environment)
        return account.confirm or bool(environment and environment.confirm)

    def colour(self, account: Account) -> str:
        """The colour that the files give to the account's environment, as written; an empty text where they give none."""
        environment = self.environments.get(account.environment)
        return environment.color if environment else ""
