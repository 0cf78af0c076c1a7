"""The roles: those that work, those that chain, those that must fail, and the ones that lie in every account."""

from __future__ import annotations

from tui_app.embedded_aws.world.accounts import (
    AUDIT,
    DATA_LAKE,
    DEVELOPMENT,
    IOT_FLEET,
    MANAGEMENT,
    ORGANIZATION_ID,
    PAYMENTS_LIVE,
    PAYMENTS_STAGING,
    PRODUCTION,
    SANDBOX,
    SHARED_SERVICES,
    STAGING,
    USAGE,
)
from tui_app.embedded_aws.world.people import CONTRACTOR_USER, DEV_USER
from tui_app.embedded_aws.world.roles_everywhere import ROLES_OF_EVERY_ACCOUNT
from tui_app.embedded_aws.world.values import RoleSeed, Tags, allow, deny, policy, root_of, trust

FOUR_HOURS = 4 * 3600
EXTERNAL_ID = "UniqueExternalId12345"
PARTNER_EXTERNAL_ID = "northwind-2026"
SESSION_TABLE = "dynamodb-session-store-test"

_DEV_ROOT = root_of(DEVELOPMENT)
_PRESENT = {"aws:MultiFactorAuthPresent": "true"}
_BY_TEAM: Tags = (("managed-by", "terraform"), ("team", "platform"))

S3_DEV_ACCESS = policy(
    allow("s3:ListBucket", "s3:GetBucketLocation", on="arn:aws:s3:::dev-*", sid="SeeDevBuckets"),
    allow("s3:GetObject", "s3:PutObject", "s3:DeleteObject", on="arn:aws:s3:::dev-*/*", sid="UseDevObjects"),
)

_THE_STORY = (
    RoleSeed(
        PRODUCTION,
        "CrossAccountDeveloperRole",
        trust(
            DEV_USER.arn,
            {"StringEquals": {"sts:ExternalId": EXTERNAL_ID}},
            actions=("sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"),
        ),
        managed=("ReadOnlyAccess",),
        policies={
            "S3DevAccess": S3_DEV_ACCESS,
            "PeopleAndSecretsStayHidden": policy(deny("iam:ListUsers", "secretsmanager:ListSecrets", sid="HidePeopleAndSecrets")),
        },
        path="/cross-account/",
        max_session=FOUR_HOURS,
        description="Developers of the development account read production and write its dev-* buckets.",
        tags=_BY_TEAM,
    ),
    RoleSeed(
        PRODUCTION,
        "AdminRole",
        trust(_DEV_ROOT, {"Bool": _PRESENT, "NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}),
        managed=("AdministratorAccess",),
        description="Administration, with an MFA code that is less than an hour old.",
        tags=_BY_TEAM,
    ),
    RoleSeed(
        PAYMENTS_LIVE,
        "BillingReadOnly",
        trust(_DEV_ROOT),
        managed=("ReadOnlyAccess",),
        description="Reads payments and their bills.",
        tags=(("team", "payments"),),
    ),
    RoleSeed(
        PAYMENTS_LIVE,
        "AdministratorAccess",
        trust(_DEV_ROOT, {"Bool": _PRESENT}),
        managed=("AdministratorAccess",),
        max_session=FOUR_HOURS,
        description="Administration of the payments account, with MFA.",
        tags=(("team", "payments"),),
    ),
    RoleSeed(
        DEVELOPMENT,
        "lambda-exec",
        policy(*trust("lambda.amazonaws.com", service=True)["Statement"], *trust(_DEV_ROOT)["Statement"]),
        policies={
            "AssumeExternalAccountRole": policy(
                allow("sts:AssumeRole", on=f"arn:aws:iam::{IOT_FLEET}:role/ExternalAccountRole"), allow("logs:*")
            )
        },
        path="/service-role/",
        max_session=12 * 3600,
        description="Execution role of the telemetry functions; from here they enter the IoT account.",
        tags=_BY_TEAM,
    ),
    RoleSeed(
        IOT_FLEET,
        "ExternalAccountRole",
        trust(f"arn:aws:iam::{DEVELOPMENT}:role/service-role/lambda-exec"),
        managed=("ReadOnlyAccess",),
        policies={"WriteTelemetry": policy(allow("dynamodb:*", "iot:*", "sqs:*"))},
        max_session=FOUR_HOURS,
        description="Telemetry functions of the development account read the fleet.",
        tags=(("team", "iot"),),
    ),
    RoleSeed(
        USAGE,
        "SessionStoreReader",
        trust(_DEV_ROOT),
        policies={
            "SessionStore": policy(
                allow("dynamodb:*", on=f"arn:aws:dynamodb:*:{USAGE}:table/{SESSION_TABLE}*", sid="OwnsTheTable"),
                allow("dynamodb:ListTables"),
            )
        },
        description="Owns the session table that long-running programs write to.",
        tags=(("team", "usage"),),
    ),
)

_STAGING = (
    RoleSeed(
        STAGING,
        "Deployer",
        trust(_DEV_ROOT, {"Bool": _PRESENT}),
        managed=("PowerUserAccess",),
        max_session=FOUR_HOURS,
        description="Deploys to staging, with MFA.",
        tags=_BY_TEAM,
    ),
    RoleSeed(STAGING, "ReadOnly", trust(_DEV_ROOT), managed=("ReadOnlyAccess",), description="Reads staging.", tags=_BY_TEAM),
    RoleSeed(
        STAGING,
        "ContractorRole",
        trust(
            CONTRACTOR_USER.arn,
            {"DateGreaterThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}, "DateLessThan": {"aws:CurrentTime": "2036-12-31T23:59:59Z"}},
        ),
        managed=("ReadOnlyAccess",),
        path="/contractors/",
        description="Northwind Consulting, while contract 2026-117 runs.",
        tags=(("contract", "2026-117"),),
    ),
    RoleSeed(
        STAGING,
        "ContractorRole-2024",
        trust(
            CONTRACTOR_USER.arn,
            {"DateGreaterThan": {"aws:CurrentTime": "2024-01-01T00:00:00Z"}, "DateLessThan": {"aws:CurrentTime": "2024-12-31T23:59:59Z"}},
        ),
        managed=("ReadOnlyAccess",),
        path="/contractors/",
        description="Northwind Consulting, contract 2024-031: over since the end of 2024.",
        tags=(("contract", "2024-031"),),
    ),
    RoleSeed(
        STAGING,
        "DatabaseAdmin",
        trust(_DEV_ROOT, {"Bool": _PRESENT}),
        policies={"Databases": policy(allow("rds:*", "dynamodb:*"))},
        description="Administers databases, with MFA; the demo's config names no device for it, so AWS refuses.",
        tags=_BY_TEAM,
    ),
    RoleSeed(
        PAYMENTS_STAGING,
        "DatabaseMigrationOperator-eu",
        trust(_DEV_ROOT),
        policies={"Migrations": policy(allow("rds:*", "dms:*", "ec2:Describe*", "cloudwatch:*"))},
        max_session=3600,
        description="Runs migrations; the config asks 4h and the role allows 1h.",
        tags=(("team", "payments"),),
    ),
)

_NEAR_HOME = (
    RoleSeed(
        DEVELOPMENT,
        "S3Developer",
        trust(_DEV_ROOT),
        policies={"S3DevAccess": S3_DEV_ACCESS, "SeeBuckets": policy(allow("s3:ListAllMyBuckets", "s3:GetBucketLocation"))},
        max_session=12 * 3600,
        description="Works in the dev-* buckets, up to twelve hours.",
        tags=_BY_TEAM,
    ),
    RoleSeed(
        DEVELOPMENT,
        "OfficeNetworkOnly",
        trust(_DEV_ROOT, {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "2001:db8:17::/48"]}}),
        managed=("PowerUserAccess",),
        description="From the office network only; from anywhere else AWS refuses.",
        tags=_BY_TEAM,
    ),
    RoleSeed(
        DEVELOPMENT,
        "LocalNetworkOnly",
        trust(_DEV_ROOT, {"IpAddress": {"aws:SourceIp": ["127.0.0.0/8", "10.0.0.0/8", "192.168.0.0/16"]}}),
        managed=("ReadOnlyAccess",),
        description="From a private network only.",
        tags=_BY_TEAM,
    ),
)

_SHARED = (
    RoleSeed(
        SHARED_SERVICES,
        "Hub",
        trust(_DEV_ROOT),
        managed=("ReadOnlyAccess",),
        policies={
            "OnwardToAudit": policy(
                allow("sts:AssumeRole", on=(f"arn:aws:iam::{AUDIT}:role/ReadOnly", f"arn:aws:iam::{MANAGEMENT}:role/OrganizationReader"))
            )
        },
        max_session=FOUR_HOURS,
        description="The way into audit: first here, then on.",
        tags=_BY_TEAM,
    ),
    RoleSeed(
        AUDIT,
        "ReadOnly",
        trust(f"arn:aws:iam::{SHARED_SERVICES}:role/Hub", {"StringEquals": {"aws:PrincipalOrgID": ORGANIZATION_ID}}),
        managed=("ReadOnlyAccess", "SecurityAudit"),
        max_session=FOUR_HOURS,
        description="Reads the trails of every account; reached through the hub.",
        tags=(("team", "security"),),
    ),
    RoleSeed(
        MANAGEMENT,
        "OrganizationReader",
        trust(f"arn:aws:iam::{SHARED_SERVICES}:role/Hub"),
        policies={"ReadOrganization": policy(allow("organizations:List*", "organizations:Describe*"))},
        description="Lists the accounts of the organization.",
        tags=(("team", "security"),),
    ),
    RoleSeed(
        SHARED_SERVICES,
        "NetworkAdmin",
        trust(_DEV_ROOT, {"BoolIfExists": _PRESENT, "Null": {"aws:MultiFactorAuthAge": "false"}}),
        policies={"Network": policy(allow("ec2:*", "route53:*", "elasticloadbalancing:*"))},
        max_session=FOUR_HOURS,
        description="Networks and names, with MFA.",
        tags=_BY_TEAM,
    ),
)

_SANDBOX = (
    RoleSeed(SANDBOX, "ReadOnly", trust(_DEV_ROOT), managed=("ReadOnlyAccess",), description="Reads the sandbox.", tags=_BY_TEAM),
    RoleSeed(
        SANDBOX,
        "PowerUser",
        trust(root_of(SHARED_SERVICES)),
        managed=("PowerUserAccess",),
        description="Trusts shared-services only, so DevUser is refused.",
        tags=_BY_TEAM,
    ),
    RoleSeed(
        SANDBOX,
        "PartnerUpload",
        trust(_DEV_ROOT, {"StringEquals": {"sts:ExternalId": PARTNER_EXTERNAL_ID}}),
        policies={"Upload": policy(allow("s3:PutObject"))},
        path="/partners/",
        description="Wants this year's external id; the demo's config still has last year's.",
        tags=(("partner", "northwind"),),
    ),
)

ROLES = (
    *_THE_STORY,
    *_STAGING,
    *_NEAR_HOME,
    *_SHARED,
    *_SANDBOX,
    *ROLES_OF_EVERY_ACCOUNT,
    RoleSeed(
        DATA_LAKE,
        "Analyst",
        trust(_DEV_ROOT),
        managed=("ReadOnlyAccess",),
        description="Asks questions of the lake.",
        tags=(("team", "data"),),
    ),
)
