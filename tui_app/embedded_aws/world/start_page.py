"""The Identity Center start page: who signs in there, and which permission sets wait in which account."""

from __future__ import annotations

import hashlib
from types import MappingProxyType

from tui_app.embedded_aws.world.accounts import (
    ACCOUNTS,
    AUDIT,
    DATA_LAKE,
    DEVELOPMENT,
    IOT_FLEET,
    MANAGEMENT,
    PAYMENTS_LIVE,
    PAYMENTS_STAGING,
    PRODUCTION,
    SANDBOX,
    SHARED_SERVICES,
    STAGING,
    USAGE,
)
from tui_app.embedded_aws.world.values import Json, RoleSeed, allow, policy

USER = "dev.user@example.com"
REGION = "eu-west-1"

PERMISSION_SETS = MappingProxyType(
    {
        "AdministratorAccess": ("AdministratorAccess",),
        "PowerUserAccess": ("PowerUserAccess",),
        "ReadOnlyAccess": ("ReadOnlyAccess",),
        "ViewOnlyAccess": ("ViewOnlyAccess",),
        "SecurityAudit": ("SecurityAudit",),
        "Billing": (),
        "DatabaseMigrationOperator-eu": (),
        "BillingReadOnly": (),
    }
)
"""Each permission set with the AWS managed policies it attaches."""

INLINE: dict[str, Json] = {
    "Billing": policy(allow("aws-portal:*", "ce:*", "budgets:*", "organizations:ListAccounts")),
    "BillingReadOnly": policy(allow("aws-portal:View*", "ce:Get*", "ce:Describe*")),
    "DatabaseMigrationOperator-eu": policy(allow("rds:*", "dms:*", "ec2:Describe*")),
}

_USUAL = ("AdministratorAccess", "PowerUserAccess", "ReadOnlyAccess")
ASSIGNMENTS = MappingProxyType(
    {
        AUDIT: ("ReadOnlyAccess", "SecurityAudit", "ViewOnlyAccess"),
        DATA_LAKE: (*_USUAL, "ViewOnlyAccess"),
        DEVELOPMENT: (*_USUAL, "ViewOnlyAccess"),
        IOT_FLEET: ("PowerUserAccess", "ReadOnlyAccess", "ViewOnlyAccess"),
        MANAGEMENT: ("Billing", "ReadOnlyAccess"),
        PAYMENTS_LIVE: ("AdministratorAccess", "BillingReadOnly", "ReadOnlyAccess", "SecurityAudit"),
        PAYMENTS_STAGING: ("AdministratorAccess", "DatabaseMigrationOperator-eu", "PowerUserAccess", "ReadOnlyAccess"),
        PRODUCTION: ("ReadOnlyAccess", "SecurityAudit", "ViewOnlyAccess"),
        SANDBOX: _USUAL,
        SHARED_SERVICES: (*_USUAL, "SecurityAudit"),
        STAGING: (*_USUAL, "ViewOnlyAccess"),
        USAGE: ("PowerUserAccess", "ReadOnlyAccess"),
    }
)
NAMES = MappingProxyType({account.id: account for account in ACCOUNTS})


def reserved_role(account: str, permission_set: str) -> tuple[str, str]:
    """The path and name of the role that Identity Center keeps in an account for a permission set."""
    suffix = hashlib.sha256(f"{account}/{permission_set}".encode()).hexdigest()[:16]
    return f"/aws-reserved/sso.amazonaws.com/{REGION}/", f"AWSReservedSSO_{permission_set}_{suffix}"


def _reserved(account: str, permission_set: str) -> RoleSeed:
    path, name = reserved_role(account, permission_set)
    provider = f"arn:aws:iam::{account}:saml-provider/AWSSSO_{hashlib.sha256(account.encode()).hexdigest()[:16]}_DO_NOT_DELETE"
    saml = {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": ["sts:AssumeRoleWithSAML", "sts:TagSession"],
        "Condition": saml,
    }
    inline = {"AwsSSOInlinePolicy": INLINE[permission_set]} if permission_set in INLINE else None
    return RoleSeed(
        account,
        name,
        policy(statement),
        managed=PERMISSION_SETS[permission_set],
        policies=inline,
        path=path,
        max_session=43200,
        description=f"Permission set {permission_set}.",
    )


RESERVED_ROLES = tuple(_reserved(account, permission_set) for account, names in ASSIGNMENTS.items() for permission_set in names)
