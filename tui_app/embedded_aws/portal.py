"""The Identity Center portal: which accounts and permission sets a signed-in person has, and credentials for one of them."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from tui_app.embedded_aws.callers import Caller, role_by_arn
from tui_app.embedded_aws.gate import Gate
from tui_app.embedded_aws.rest_answers import Complaint, answered, rest_json
from tui_app.embedded_aws.wire import Answer, AwsRequest
from tui_app.embedded_aws.world.start_page import NAMES, USER, reserved_role

SESSION_SECONDS = 3600


class Portal:
    """Answers whoever brings an access token; `assignments` are the permission sets by account."""

    def __init__(self, assignments: Mapping[str, tuple[str, ...]]) -> None:
        self._assignments = assignments
        self._tokens: dict[str, float] = {}
        self._lock = threading.Lock()

    def register(self, gate: Gate) -> None:
        """Take the portal's paths."""
        gate.add_path("/assignment/accounts", answered(self._list_accounts), "sso", "ListAccounts")
        gate.add_path("/assignment/roles", answered(self._list_roles), "sso", "ListAccountRoles")
        gate.add_path("/federation/credentials", answered(self._role_credentials), "sso", "GetRoleCredentials")
        gate.add_path("/logout", answered(self._logout), "sso", "Logout")

    def admit(self, token: str, expires: float) -> None:
        """Let an access token in until `expires`."""
        with self._lock:
            self._tokens[token] = expires

    def _list_accounts(self, request: AwsRequest, gate: Gate) -> Answer:
        self._signed_in(request, gate)
        accounts = [
            {"accountId": account, "accountName": NAMES[account].name, "emailAddress": NAMES[account].email}
            for account in sorted(self._assignments)
        ]
        return rest_json(_page(request, "accountList", accounts))

    def _list_roles(self, request: AwsRequest, gate: Gate) -> Answer:
        self._signed_in(request, gate)
        account = request.query.get("account_id", "")
        names = self._assignments.get(account)
        if names is None:
            raise Complaint("ForbiddenException", "No access", 403)
        return rest_json(_page(request, "roleList", [{"roleName": name, "accountId": account} for name in names]))

    def _role_credentials(self, request: AwsRequest, gate: Gate) -> Answer:
        self._signed_in(request, gate)
        account, name = request.query.get("account_id", ""), request.query.get("role_name", "")
        path, role_name = reserved_role(account, name)
        role = role_by_arn(f"arn:aws:iam::{account}:role{path}{role_name}") if name in self._assignments.get(account, ()) else None
        if role is None:
            raise Complaint("ForbiddenException", "No access", 403)
        caller = Caller(
            "role",
            account,
            f"arn:aws:sts::{account}:assumed-role/{role_name}/{USER}",
            f"{role.id}:{USER}",
            role_name,
            "",
            "",
            role_arn=role.arn,
            role_path=role.path,
            session_name=USER,
        )
        session = gate.sessions.issue(caller, gate.now(), gate.lifetime or SESSION_SECONDS)
        return rest_json(
            {
                "roleCredentials": {
                    "accessKeyId": session.key_id,
                    "secretAccessKey": session.secret,
                    "sessionToken": session.token,
                    "expiration": int((session.expires or 0) * 1000),
                }
            }
        )

    def _logout(self, request: AwsRequest, gate: Gate) -> Answer:
        token = self._signed_in(request, gate)
        with self._lock:
            self._tokens.pop(token, None)
        return Answer(200)

    def _signed_in(self, request: AwsRequest, gate: Gate) -> str:
        token = request.header("x-amz-sso_bearer_token")
        expires = self._tokens.get(token)
        if expires is None or gate.now() > expires:
            raise Complaint("UnauthorizedException", "Session token not found or invalid", 401)
        return token


def _page(request: AwsRequest, name: str, items: list[dict[str, str]]) -> dict[str, Any]:
    size, start = request.query.get("max_result", "") or request.query.get("max_results", ""), request.query.get("next_token", "0")
    if not start.isdigit() or (size and not size.isdigit()):
        raise Complaint("InvalidRequestException", "Invalid paging parameters")
    first, count = int(start), min(int(size or 100), 100)
    more = {"nextToken": str(first + count)} if first + count < len(items) else {}
    return {name: items[first : first + count], **more}
