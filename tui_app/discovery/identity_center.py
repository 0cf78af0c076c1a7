"""IAM Identity Center's portal: the accounts a signed-in person has, and the permission sets in each of them.

Source: the service model of `sso`. ListAccounts and ListAccountRoles give up to 100 a page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tui_app.catalog import limits
from tui_app.catalog.discovered import FoundAccount, FoundRole, is_permission_set
from tui_app.clock import Clock, wall_clock
from tui_app.discovery.patience import Progress, for_each, patiently, unheard
from tui_app.errors import OutOfReach, Refused
from tui_app.model import SsoSession
from tui_app.parallel import never
from tui_app.values import frozen

PAGE = 100
_NO = frozenset({"sso_forbidden", "not_found"})
MOST_PAGES = 1000
"""More pages than any organization fills: a service that goes on for longer answers in a circle."""


Ask = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
"""Asks the portal for one operation as the person who is signed in: `sessions.sign_in.tokens.portal` with its first arguments given."""


@frozen
class Missed:
    """An account whose roles could not be listed, and why, in one sentence. `gone` is whether AWS said no, not merely nothing."""

    account: FoundAccount
    why: str
    gone: bool


@frozen
class StartPage:
    """What a start page leads to; `at` in epoch seconds, `dropped` the names that AWS could not have given."""

    sign_in: SsoSession
    at: float
    accounts: tuple[FoundAccount, ...]
    roles: tuple[FoundRole, ...]
    missed: tuple[Missed, ...] = ()
    dropped: tuple[str, ...] = ()


def list_start_page(
    ask: Ask, sign_in: SsoSession, progress: Progress = unheard, cancelled: Callable[[], bool] = never, clock: Clock = wall_clock
) -> StartPage:
    """Every account and role of the person who is signed in; an account that refuses loses no other.

    Raises:
        NeedsPerson: nobody is signed in. Refused, OutOfReach: the list of accounts itself could not be had. Cancelled.
    """
    portal = _Portal(ask)
    listed = list(portal.accounts(cancelled))
    accounts = tuple(account for account in listed if not limits.account_id(account.id))
    progress(0, len(accounts))
    answers = for_each(accounts, portal.roles_or_why, progress, cancelled)
    found = [role for answer in answers if not isinstance(answer, Missed) for role in answer]
    return StartPage(
        sign_in,
        clock(),
        accounts,
        tuple(role for role in found if is_permission_set(role.name)),
        tuple(answer for answer in answers if isinstance(answer, Missed)),
        (
            *(account.id or account.name for account in listed if limits.account_id(account.id)),
            *(f"{role.account_id}/{role.name}" for role in found if not is_permission_set(role.name)),
        ),
    )


class _Portal:
    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def accounts(self, cancelled: Callable[[], bool]) -> Iterator[FoundAccount]:
        for item in self._items("ListAccounts", "accountList", {}, cancelled):
            yield FoundAccount(str(item.get("accountId", "")), str(item.get("accountName") or ""))

    def roles_or_why(self, account: FoundAccount, cancelled: Callable[[], bool]) -> tuple[FoundRole, ...] | Missed:
        """The roles of one account, or why not."""
        try:
            items = list(self._items("ListAccountRoles", "roleList", {"accountId": account.id}, cancelled))
        except (Refused, OutOfReach) as failure:
            return Missed(account, failure.message, getattr(failure, "cause", "") in _NO)
        return tuple(dict.fromkeys(FoundRole(account.id, str(item.get("roleName", ""))) for item in items))

    def _items(
        self, operation: str, name: str, parameters: Mapping[str, Any], cancelled: Callable[[], bool]
    ) -> Iterator[Mapping[str, Any]]:
        more: dict[str, Any] = {}
        for _ in range(MOST_PAGES):
            asked = {**parameters, **more, "maxResults": PAGE}
            answer = patiently(lambda asked=asked: self._ask(operation, asked), cancelled)  # type: ignore[misc]
            items = answer.get(name)
            yield from (item for item in items if isinstance(item, Mapping)) if isinstance(items, list) else ()
            following = answer.get("nextToken")
            if not following or more.get("nextToken") == following:
                return
            more = {"nextToken": following}
