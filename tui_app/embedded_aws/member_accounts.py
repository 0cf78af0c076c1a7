"""AWS Organizations as a member account sees it: moto answers everyone as if they were the management account.

Facts: the Organizations API reference; ListAccounts gives at most 20 accounts a page, and to the management account only.
"""

from __future__ import annotations

from typing import Any

from tui_app.embedded_aws.callers import Caller
from tui_app.embedded_aws.gate import Gate
from tui_app.embedded_aws.ledger import Ledger
from tui_app.embedded_aws.organization import organization_of
from tui_app.embedded_aws.wire import Answer, AwsError, AwsRequest, json_answer

PAGE = 20

_FOR_THE_MANAGEMENT_ACCOUNT = (
    "DescribeAccount",
    "DescribeOrganizationalUnit",
    "DescribePolicy",
    "ListAccountsForParent",
    "ListAWSServiceAccessForOrganization",
    "ListChildren",
    "ListDelegatedAdministrators",
    "ListOrganizationalUnitsForParent",
    "ListParents",
    "ListPolicies",
    "ListPoliciesForTarget",
    "ListRoots",
    "ListTagsForResource",
    "ListTargetsForPolicy",
)


def register(gate: Gate) -> None:
    """Guard the operations that only the management account may call."""
    gate.add_operation("organizations", "ListAccounts", _list_accounts)
    for action in _FOR_THE_MANAGEMENT_ACCOUNT:
        gate.add_operation("organizations", action, _guard)


def _guard(_request: AwsRequest, caller: Caller, _ledger: Ledger) -> None:
    _of(caller.account)


def _of(account: str) -> Any:
    from moto.organizations.models import organizations_backends

    backend = organizations_backends[account]["aws"]
    if backend.org is not None:
        return backend
    if organization_of(account):
        raise AwsError("AccessDeniedException", "You don't have permissions to access this resource.", 400, spelled=True)
    raise AwsError("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.", 400, spelled=True)


def _list_accounts(request: AwsRequest, caller: Caller, _ledger: Ledger) -> Answer:
    accounts = sorted(_of(caller.account).accounts, key=lambda account: account.create_time)
    size, token = request.json.get("MaxResults") or PAGE, str(request.json.get("NextToken") or "0")
    if not isinstance(size, int) or not 1 <= size <= PAGE or not token.isdigit():
        raise AwsError("InvalidInputException", "You provided an invalid value for MaxResults or NextToken.", 400, spelled=True)
    first = int(token)
    more = {"NextToken": str(first + size)} if first + size < len(accounts) else {}
    return json_answer({"Accounts": [account.describe() for account in accounts[first : first + size]], **more})
