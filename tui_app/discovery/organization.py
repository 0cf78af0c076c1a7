"""The accounts of an organization, as its management account or a delegated administrator may list them.

Source: the Organizations API reference: ListAccounts gives 20 a page; `State` took the place of `Status`, which ended in September 2026.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from tui_app.aws.partitions import partition_of
from tui_app.catalog import limits
from tui_app.discovery.identity_center import MOST_PAGES
from tui_app.discovery.patience import Progress, patiently, unheard
from tui_app.errors import OutOfReach, Refused, SessionExpired
from tui_app.model import AccessKey, Identity
from tui_app.parallel import never
from tui_app.values import frozen

if TYPE_CHECKING:
    from tui_app.aws.door import AwsDoor

ACTIVE = "ACTIVE"
_NO_ORGANIZATION = "AWSOrganizationsNotInUseException"


@frozen
class Member:
    """An account of the organization. `state` is AWS's word, ACTIVE where AWS says nothing; `alias` is known of one's own account only."""

    id: str
    name: str
    state: str = ACTIVE
    alias: str = ""


@frozen
class Organization:
    """The accounts as they were listed; `identity` asked."""

    identity: Identity
    members: tuple[Member, ...]


def list_organization(
    door: AwsDoor, key: AccessKey, region: str | None, progress: Progress = unheard, cancelled: Callable[[], bool] = never
) -> Organization:
    """Every account, suspended and closed ones too.

    Raises:
        Refused: the account is no management or delegated account, or the identity may not list. SessionExpired, OutOfReach, Cancelled.
    """
    identity = door.caller_identity(key, region)
    place = partition_of(identity.arn).region

    def ask(parameters: dict[str, str]) -> dict[str, Any]:
        return door.call("organizations", "ListAccounts", region=place, key=key, parameters=parameters)

    try:
        found = _listed(ask, progress, cancelled)
    except SessionExpired:
        raise
    except Refused as refused:
        raise _may_not(identity, refused) from None
    alias = own_alias(door, key, place)
    members = (Member(one.id, one.name, one.state, alias if one.id == identity.account else "") for one in found)
    return Organization(identity, tuple(members))


def _listed(ask: Callable[[dict[str, str]], dict[str, Any]], progress: Progress, cancelled: Callable[[], bool]) -> list[Member]:
    found: list[Member] = []
    more: dict[str, str] = {}
    for _ in range(MOST_PAGES):
        answer = patiently(partial(ask, more), cancelled)
        found += [_member(item) for item in answer.get("Accounts") or () if isinstance(item, dict)]
        progress(len(found), len(found) + (1 if answer.get("NextToken") else 0))
        if not answer.get("NextToken"):
            break
        more = {"NextToken": str(answer["NextToken"])}
    return found


def _may_not(identity: Identity, refused: Refused) -> Refused:
    """AWS's refusal in words that fit: of one's own rights it often says nothing, and nothing of who may list."""
    if refused.code == _NO_ORGANIZATION:
        message, step = f"Account {identity.account} is in no organization.", "`roledeck import --from policies` asks for your own roles."
    else:
        message = f"{identity.arn} may not list the organization's accounts."
        step = "The management account and its delegated administrators may, with an Allow for organizations:ListAccounts."
    return Refused(
        message,
        step,
        code=refused.code,
        status=refused.status,
        aws_message=refused.aws_message,
        request_id=refused.request_id,
        action=refused.action or "organizations:ListAccounts",
        cause=refused.cause,
    )


def own_alias(door: AwsDoor, key: AccessKey, region: str) -> str:
    """The alias of the account that the key belongs to; empty where it has none or may not be asked."""
    try:
        aliases = door.call("iam", "ListAccountAliases", region=region, key=key, parameters={}).get("AccountAliases") or ("",)
    except (Refused, OutOfReach):
        return ""
    alias = str(aliases[0])
    return "" if limits.alias(alias) else alias


def _member(item: dict[str, object]) -> Member:
    state = item.get("State") or item.get("Status") or ACTIVE
    return Member(str(item.get("Id", "")), str(item.get("Name") or ""), str(state))
