"""The roles that lie in every account but the management account: the one left by its creation, and those of services."""

from __future__ import annotations

from tui_app.embedded_aws.world.accounts import ACCOUNTS, DEVELOPMENT, MANAGEMENT, SANDBOX
from tui_app.embedded_aws.world.values import RoleSeed, allow, policy, root_of, trust

_LEFT_BY_ACCOUNT_CREATION = tuple(
    RoleSeed(
        account.id,
        "OrganizationAccountAccessRole",
        trust((root_of(MANAGEMENT), root_of(DEVELOPMENT)) if account.id == SANDBOX else root_of(MANAGEMENT)),
        managed=("AdministratorAccess",),
        description="Made with the account. A service control policy keeps development out of it.",
    )
    for account in ACCOUNTS
    if account.id != MANAGEMENT
)


def _of_service(account: str, name: str, service: str, description: str, path: str = "/service-role/") -> RoleSeed:
    return RoleSeed(
        account,
        name,
        trust(f"{service}.amazonaws.com", service=True),
        policies={"Run": policy(allow("logs:*"))},
        path=path,
        description=description,
    )


_OF_SERVICES = tuple(
    role
    for account in ACCOUNTS
    if account.id != MANAGEMENT
    for role in (
        _of_service(account.id, "app-functions", "lambda", "Execution role of the functions."),
        _of_service(account.id, "ecs-tasks", "ecs-tasks", "What the tasks may do."),
        _of_service(account.id, "eks-cluster", "eks", "The control plane of the cluster."),
        _of_service(account.id, "workflows", "states", "What the state machines may do."),
        _of_service(account.id, "instances", "ec2", "What the instances may do.", "/"),
        _of_service(account.id, "flow-logs", "vpc-flow-logs", "Writes the network's flow logs."),
    )
)

ROLES_OF_EVERY_ACCOUNT = (*_LEFT_BY_ACCOUNT_CREATION, *_OF_SERVICES)
