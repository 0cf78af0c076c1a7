"""The roles as the list shows them: a row for each, cleaned and ready to draw, and all of them together. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tui_app.catalog.discovered import sso_session_of
from tui_app.model import Role
from tui_app.text import clean
from tui_app.ui.theme import colour_ink, environment_ink
from tui_app.values import frozen

NO_INKS: Mapping[str, str] = {}


@frozen
class Entry:
    """A row of the list: cleaned texts, ready to draw."""

    key: str
    account: str
    account_id: str
    role: str
    via: str
    environment: str
    own_ink: str = ""
    """The token of the colour that the files give the role or its environment; empty for the built-in one."""

    @property
    def ink(self) -> str:
        """The token of its stripe and of its environment's name."""
        return self.own_ink or environment_ink(self.environment)


@frozen
class Listing:
    """All roles: their keys and environments, and an entry for each, which may be made only when it is looked at.

    `accounts` is how many accounts they lie in, `widest` how long the longest account's name is; 0 while that is not known.
    """

    entries: Sequence[Entry] = ()
    keys: Sequence[str] = ()
    environments: Sequence[str] = ()
    accounts: int = 0
    widest: int = 0


def entry_of(role: Role, inks: Mapping[str, str] = NO_INKS) -> Entry:
    """The row of a role of the catalog; `inks` are the colours that the files give to environments."""
    account = role.account
    environment = clean(account.environment)
    ink = (colour_ink(role.color) if role.color else "") or inks.get(environment, "")
    via = clean(sso_session_of(role.via) or role.via)
    return Entry(role.key, clean(account.label or "?"), clean(account.id), clean(role.short_name), via, environment, ink)


def listing_of(roles: Sequence[Role], inks: Mapping[str, str] = NO_INKS) -> Listing:
    """The listing of a catalog's roles."""
    entries = tuple(entry_of(role, inks) for role in roles)
    accounts = {entry.account_id or entry.account: len(entry.account) for entry in entries}
    environments = tuple(entry.environment for entry in entries)
    return Listing(entries, tuple(role.key for role in roles), environments, len(accounts), max(accounts.values(), default=0))
