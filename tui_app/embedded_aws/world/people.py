"""The IAM users: DevUser and ContractorUser, whom the demo plays, and a few who are only there to be seen."""

from __future__ import annotations

from tui_app.embedded_aws.world.accounts import ACCOUNTS, DEVELOPMENT, IOT_FLEET, MANAGEMENT, PRODUCTION, STAGING
from tui_app.embedded_aws.world.values import Json, UserSeed, allow, deny, policy

_OWN_DEVICES = allow(
    "iam:GetUser",
    "iam:ListMFADevices",
    "iam:ListAccessKeys",
    "iam:GetAccessKeyLastUsed",
    "iam:ListAccountAliases",
    "iam:ListAttachedUserPolicies",
    "iam:ListUserPolicies",
    "iam:GetUserPolicy",
    "iam:ListGroupsForUser",
    "iam:ListGroupPolicies",
    "iam:GetGroupPolicy",
    "iam:ListAttachedGroupPolicies",
    "iam:GetPolicy",
    "iam:GetPolicyVersion",
    sid="SeeOneself",
)

DEV_USER = UserSeed(
    DEVELOPMENT,
    "DevUser",
    policies={
        "AssumeCrossAccount": policy(
            allow("sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity", on="arn:aws:iam::*:role/*", sid="BecomeAnyRole")
        ),
        "Myself": policy(_OWN_DEVICES),
    },
    key="dev",
    mfa=True,
    groups=("developers",),
    tags=(("team", "platform"), ("email", "dev.user@example.com")),
)

CONTRACTOR_USER = UserSeed(
    DEVELOPMENT,
    "ContractorUser",
    policies={
        "AssumeContractorRoles": policy(
            allow("sts:AssumeRole", on=f"arn:aws:iam::{STAGING}:role/contractors/*", sid="OnlyContractorRoles"), _OWN_DEVICES
        )
    },
    key="contractor",
    path="/contractors/",
    tags=(("company", "Northwind Consulting"), ("contract", "2026-117")),
)

_BYSTANDERS = (
    UserSeed(DEVELOPMENT, "ada", {}, mfa=True, groups=("developers",), tags=(("team", "platform"),)),
    UserSeed(DEVELOPMENT, "grace", {}, mfa=True, groups=("developers", "leads"), tags=(("team", "payments"),)),
    UserSeed(DEVELOPMENT, "ci-runner", {"Push": policy(allow("ecr:*"))}, path="/machines/"),
    UserSeed(PRODUCTION, "break-glass", {"Everything": policy(allow("*"))}, mfa=True),
    UserSeed(PRODUCTION, "backup-agent", {"Backups": policy(allow("s3:PutObject", on="arn:aws:s3:::prod-*/*"))}, path="/machines/"),
    UserSeed(IOT_FLEET, "fleet-provisioner", {"Provision": policy(allow("iot:*"))}, path="/machines/"),
    UserSeed(MANAGEMENT, "billing-contact", {"Bills": policy(allow("aws-portal:View*", "ce:Get*"))}),
)

USERS = (
    DEV_USER,
    CONTRACTOR_USER,
    *_BYSTANDERS,
    *(UserSeed(account.id, "auditor-of-record", {}, path="/audit/") for account in ACCOUNTS if account.unit == "workloads"),
)
GROUPS: dict[str, dict[str, dict[str, Json]]] = {
    DEVELOPMENT: {
        "developers": {
            "RolesOfDevelopers": policy(
                allow(
                    "sts:AssumeRole",
                    on=(
                        f"arn:aws:iam::{PRODUCTION}:role/cross-account/CrossAccountDeveloperRole",
                        f"arn:aws:iam::{STAGING}:role/ReadOnly",
                        f"arn:aws:iam::{STAGING}:role/Deployer",
                        f"arn:aws:iam::{STAGING}:role/RetiredRole",
                    ),
                    sid="NamedRoles",
                ),
                deny("sts:AssumeRole", on=f"arn:aws:iam::{STAGING}:role/RetiredRole", sid="Retired"),
            )
        },
        "leads": {},
    }
}
"""Groups by account, each with its inline policies."""
