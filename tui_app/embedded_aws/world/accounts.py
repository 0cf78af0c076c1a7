"""Twelve accounts of one organization, and the units and service control policies that hold them."""

from __future__ import annotations

from types import MappingProxyType

from tui_app.embedded_aws.world.values import AccountSeed, Json, deny, policy

MANAGEMENT = "101010101010"
PRODUCTION = "111122223333"
DATA_LAKE = "121212121212"
PAYMENTS_LIVE = "222233334444"
IOT_FLEET = "333344445555"
DEVELOPMENT = "444455556666"
STAGING = "555566667777"
PAYMENTS_STAGING = "666677778888"
SHARED_SERVICES = "777700001111"
AUDIT = "777788889999"
USAGE = "888899990000"
SANDBOX = "999900001111"

ORGANIZATION_ID = "o-exampleorg"
ROOT_ID = "r-demo"

ACCOUNTS = (
    AccountSeed(MANAGEMENT, "management", "", "2021-02-01"),
    AccountSeed(SHARED_SERVICES, "shared-services", "infrastructure", "2021-02-03"),
    AccountSeed(AUDIT, "audit", "security", "2021-02-03"),
    AccountSeed(PRODUCTION, "production", "workloads", "2021-03-15"),
    AccountSeed(STAGING, "staging", "workloads", "2021-03-16"),
    AccountSeed(DEVELOPMENT, "development", "workloads", "2021-03-17"),
    AccountSeed(PAYMENTS_LIVE, "payments-live", "workloads", "2022-06-02"),
    AccountSeed(PAYMENTS_STAGING, "payments-staging", "workloads", "2022-06-02"),
    AccountSeed(IOT_FLEET, "iot-fleet", "workloads", "2023-01-20"),
    AccountSeed(USAGE, "usage", "workloads", "2023-05-08"),
    AccountSeed(DATA_LAKE, "data-lake", "workloads", "2024-04-29"),
    AccountSeed(SANDBOX, "sandbox", "experiments", "2024-09-12"),
)

UNITS = MappingProxyType(
    {
        "infrastructure": "ou-demo-infrastr",
        "security": "ou-demo-security",
        "workloads": "ou-demo-workload",
        "experiments": "ou-demo-experime",
    }
)
"""Organizational units by name, with the ids AWS would draw (`ou-` root, eight letters)."""

# Attached where named: a unit, or an account's id. FullAWSAccess stays attached everywhere, as AWS has it from the start.
CONTROL_POLICIES: tuple[tuple[str, str, str, Json], ...] = (
    (
        "NobodyBecomesOrganizationAdmin",
        "The role that account creation leaves behind is for emergencies only.",
        DEVELOPMENT,
        policy(deny("sts:AssumeRole", on="arn:aws:iam::*:role/OrganizationAccountAccessRole", sid="NoOrganizationAccountAccess")),
    ),
    (
        "OnlyOurRegions",
        "Workloads live in eu-west-1 and us-east-1.",
        "workloads",
        policy(
            {
                "Sid": "OnlyOurRegions",
                "Effect": "Deny",
                "NotAction": ["iam:*", "sts:*", "s3:*", "route53:*", "cloudfront:*", "organizations:*", "support:*", "account:*"],
                "Resource": "*",
                "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]}},
            }
        ),
    ),
)
