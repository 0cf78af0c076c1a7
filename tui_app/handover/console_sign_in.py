"""How a role's console is opened: by its start page's shortcut where one is known, else by a session that signs in.

Sources: IAM user guide, "Enable custom identity broker access to the AWS console"; IAM Identity Center user guide, "Create shortcut links".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui_app.aws.partitions import partition_of
from tui_app.clock import Clock, wall_clock
from tui_app.errors import ConfigUnusable
from tui_app.handover.console import shortcut_link
from tui_app.handover.deep_links import Destination, destination
from tui_app.model import Chain, Role, Session
from tui_app.secret import Secret
from tui_app.text import clean
from tui_app.values import frozen

if TYPE_CHECKING:
    from tui_app.aws.door import AwsDoor

QUARTER = 900
"""Console sessions are asked for in quarters of an hour: the sign-in page has refused odd lengths."""
LINK_LASTS = "15 minutes"
"""How long whoever has the link can sign in with it."""


@frozen
class Opening:
    """What is to be opened: the role, the page, and the shortcut of its start page, for which nothing of ours is needed."""

    role: Role
    chain: Chain
    to: Destination
    shortcut: str = ""
    remarks: tuple[str, ...] = ()


@frozen
class SignInLink:
    """An address that signs a browser in; `until` is the end of the console session, in epoch seconds, or 0 where it is not known."""

    address: Secret
    until: float = 0


def opening(role: Role, chain: Chain, to: str = "", region: str | None = None) -> Opening:
    """What `to` (a service, an ARN, an address of the console) means for a role; contacts nothing.

    Raises:
        UsageError: there is no such page.
        ConfigUnusable: the role's partition has no public console.
    """
    partition = partition_of(role.arn)
    page = destination(partition, to, region)
    remarks: tuple[str, ...] = ()
    if page.account and role.account.id and page.account != role.account.id:
        remarks = (f"That resource is in account {page.account}, and {clean(role.key)} is a role of {role.account.id}.",)
    asked = bool(to or region)
    return Opening(role, chain, page, shortcut_link(role, chain, page.address if asked else ""), remarks)


def signed_in(
    door: AwsDoor,
    opened: Opening,
    session: Session,
    *,
    sign_out: bool = False,
    cancelled: Callable[[], bool] = lambda: False,
    clock: Clock = wall_clock,
) -> SignInLink:
    """The address that opens the page signed in as the session. `sign_out`: what the browser is signed in to is ended first.

    Raises:
        Refused, OutOfReach, ConfigUnusable, Cancelled.
    """
    from tui_app.aws.federation import sign_in_address, sign_in_page, sign_in_token, sign_out_first

    if session.credentials.key.token is None:
        raise ConfigUnusable("Long-term keys cannot sign in at the console.", "Only a role's session can.")
    partition = partition_of(session.role_arn)
    token = sign_in_token(door, partition, session.credentials.key, console_seconds(opened.chain, session), cancelled)
    page = sign_in_page(door, partition)
    address = sign_in_address(page, token, opened.to.address)
    until = clock() + token.seconds if token.seconds else session.credentials.expires
    return SignInLink(sign_out_first(page, address) if sign_out else address, until)


def console_seconds(chain: Chain, session: Session) -> int | None:
    """How long the console session may be asked to last; None where AWS refuses any length: then it ends with the credentials.

    AWS takes one only with keys that come from one AssumeRole by long-term keys, or from a web identity.
    """
    by_keys = session.hops == 1 and chain.source.kind == "static" and session.source_of_code != "mfa_session" and not _temporary(chain)
    by_token = session.hops == 0 and chain.source.kind == "web_identity"
    if not (by_keys or by_token):
        return None
    return max(QUARTER, session.duration // QUARTER * QUARTER)


def _temporary(chain: Chain) -> bool:
    key = chain.source.access_key
    return bool(key and key.token)
