"""What lies in each account, region by region: names only, the seeders know the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from tui_app.embedded_aws.world.accounts import ACCOUNTS
from tui_app.embedded_aws.world.roles import SESSION_TABLE
from tui_app.values import frozen

HOME, OVERSEAS = "eu-west-1", "us-east-1"


@frozen
class Estate:
    """The resources of one account in one region. Texts of several words are `name kind …`, in the order the seeder reads."""

    instances: tuple[str, ...] = ()  # name type state
    vpcs: tuple[str, ...] = ()  # name range
    groups: tuple[str, ...] = ()  # security groups: name port
    functions: tuple[str, ...] = ()  # name runtime memory
    clusters: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)  # ECS cluster: services
    kubernetes: tuple[str, ...] = ()
    stacks: tuple[str, ...] = ()
    machines: tuple[str, ...] = ()  # state machines
    images: tuple[str, ...] = ()  # ECR repositories
    tables: tuple[str, ...] = ()  # name key
    databases: tuple[str, ...] = ()  # name engine class
    secrets: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()  # KMS aliases
    balancers: tuple[str, ...] = ()  # name scheme
    apis: tuple[str, ...] = ()
    alarms: tuple[str, ...] = ()  # name namespace metric state
    logs: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


_STACKS = (
    "network",
    "data",
    "cluster",
    "web",
    "api",
    "checkout",
    "search",
    "queues",
    "alarms",
    "pipelines",
    "dns",
    "certificates",
    "backups",
)
_PRODUCTION = {
    HOME: Estate(
        instances=("web-1 t3.large running", "web-2 t3.large running", "worker-1 m7g.large running", "bastion t4g.nano stopped"),
        vpcs=("storefront 10.20.0.0/16",),
        groups=("web 443", "api 8443", "workers 9000", "databases 5432", "caches 6379", "bastion 22", "monitoring 9090"),
        functions=(
            "resize-images python3.13 1024",
            "send-receipts nodejs22.x 256",
            "price-feed python3.13 512",
            "order-events java21 1024",
            "search-indexer python3.12 2048",
            "fraud-score python3.12 3008",
            "cart-cleanup nodejs20.x 128",
            "webhook-relay nodejs22.x 256",
        ),
        clusters={"storefront": ("web", "api", "checkout")},
        stacks=(*(f"storefront-{part}" for part in _STACKS), "baseline", "guardrails", "audit-trail", "cost-reports"),
        machines=("fulfil-order", "refund-order", "nightly-reports"),
        images=("storefront/web", "storefront/api", "storefront/checkout"),
        tables=("orders order_id", "carts cart_id", "idempotency-keys key"),
        databases=("orders-primary postgres db.r6g.xlarge", "reporting mysql db.t4g.medium"),
        secrets=("orders/database", "payments/gateway", "search/admin"),
        parameters=("/storefront/feature-flags", "/storefront/log-level", "/storefront/search/endpoint", "/baseline/version"),
        keys=("orders", "exports", "backups", "terraform-state"),
        balancers=("storefront internet-facing", "storefront-internal internal"),
        apis=("partner-api", "webhooks"),
        alarms=(
            "orders-queue-too-old AWS/SQS ApproximateAgeOfOldestMessage ALARM",
            "api-5xx AWS/ApplicationELB HTTPCode_Target_5XX_Count OK",
        ),
        logs=tuple(f"/storefront/{part}/{number:02}" for part in ("web", "api", "checkout", "workers") for number in range(1, 14)),
        queues=("orders", "orders-dead-letters", "receipts", "price-changes", "webhooks"),
        topics=("order-events", "price-changes", "on-call"),
    ),
    OVERSEAS: Estate(
        functions=("edge-headers nodejs20.x 128",),
        groups=("edge 443", "health-checks 80"),
        stacks=("storefront-cdn", "storefront-certificates"),
        logs=tuple(f"/cdn/{part}" for part in ("access", "errors", "headers", "rewrites", "health", "waf")),
    ),
}

_IOT = {
    HOME: Estate(
        functions=("telemetry-ingest python3.13 512", "device-shadow-sync python3.13 256", "firmware-rollout nodejs22.x 256"),
        tables=("devices device_id", "telemetry device_id", "firmware-versions version"),
        queues=("telemetry", "telemetry-dead-letters", "commands"),
        topics=("device-alerts", "firmware-rollouts"),
        stacks=("fleet-ingest", "fleet-devices", "baseline"),
        machines=("roll-out-firmware",),
        parameters=("/fleet/rollout/percentage", "/fleet/telemetry/interval"),
        keys=("telemetry",),
        alarms=("telemetry-lag AWS/Kinesis GetRecords.IteratorAgeMilliseconds OK", "devices-offline Fleet OfflineDevices ALARM"),
        logs=("/aws/lambda/telemetry-ingest", "/aws/lambda/device-shadow-sync", "/aws/lambda/firmware-rollout", "/fleet/rules"),
    )
}

_USAGE = {
    HOME: Estate(
        tables=(f"{SESSION_TABLE} id", "usage-records account_id", "usage-rollups month"),
        functions=("roll-up-usage python3.13 1024",),
        stacks=("usage-pipeline", "baseline"),
        queues=("usage-events",),
        keys=("usage",),
        logs=("/aws/lambda/roll-up-usage",),
        parameters=("/usage/rollup/schedule",),
    )
}

_DATA_LAKE = {
    HOME: Estate(
        instances=("notebook-1 m7i.xlarge stopped",),
        functions=("partition-raw python3.13 2048", "compact-parquet python3.13 3008"),
        tables=("catalog-locks lock_id",),
        databases=("metastore postgres db.t4g.large",),
        machines=("ingest-daily", "compact-weekly"),
        stacks=("lake-storage", "lake-catalog", "lake-ingest", "baseline"),
        topics=("lake-events",),
        keys=("lake", "exports"),
        logs=("/aws/lambda/partition-raw", "/aws/lambda/compact-parquet"),
    )
}

_SHARED = {
    HOME: Estate(
        instances=(
            "dns-resolver-1 t4g.small running",
            "dns-resolver-2 t4g.small running",
            "build-agent-1 c7g.2xlarge running",
            "vpn t3.small running",
        ),
        vpcs=("transit 10.0.0.0/16", "inspection 10.1.0.0/16"),
        groups=("resolvers 53", "vpn 1194", "build-agents 22"),
        clusters={"runners": ("github-runner",)},
        kubernetes=("platform",),
        stacks=("transit-gateway", "dns", "runners", "artifact-store", "baseline"),
        images=("base/python", "base/node", "base/java", "runners/github"),
        secrets=("github/app", "vpn/shared-key"),
        parameters=("/golden/ami/al2023", "/golden/ami/ubuntu", "/network/transit-gateway-id"),
        keys=("artifacts", "terraform-state"),
        balancers=("vpn-endpoint internet-facing",),
        topics=("platform-announcements",),
        alarms=("runner-queue-length Runners Queued OK",),
        logs=("/dns/queries", "/vpn/connections", "/runners/github"),
    ),
    OVERSEAS: Estate(stacks=("dns-global",), images=("base/python", "base/node")),
}

_AUDIT = {
    HOME: Estate(
        functions=("digest-findings python3.13 512",),
        tables=("findings finding_id",),
        stacks=("organization-trail", "access-reviews", "baseline"),
        queues=("findings",),
        topics=("security-findings",),
        keys=("organization-trail",),
        alarms=("root-sign-in CloudTrailMetrics RootSignIn OK", "console-without-mfa CloudTrailMetrics NoMfaSignIn OK"),
        logs=("/organization/cloudtrail", "/aws/lambda/digest-findings"),
    )
}


def _usual(name: str) -> dict[str, Estate]:
    """A small web application, for the accounts that have no story of their own."""
    prefix = name.split("-", maxsplit=1)[0]
    return {
        HOME: Estate(
            instances=(f"{prefix}-web-1 t3.small running", f"{prefix}-worker-1 t3.medium {'stopped' if name == 'sandbox' else 'running'}"),
            vpcs=(f"{prefix} 10.40.0.0/16",),
            groups=("web 443", "workers 9000", "databases 5432"),
            functions=(
                f"{prefix}-resize-images python3.13 512",
                f"{prefix}-send-receipts nodejs22.x 256",
                f"{prefix}-cleanup nodejs22.x 128",
            ),
            clusters={prefix: ("web", "api")},
            kubernetes=("experiments",) if name in ("sandbox", "development") else (),
            stacks=(f"{prefix}-network", f"{prefix}-data", f"{prefix}-web", "baseline"),
            machines=(f"{prefix}-fulfil-order",),
            images=(f"{prefix}/web", f"{prefix}/api"),
            tables=(f"{prefix}-orders order_id", f"{prefix}-carts cart_id"),
            databases=(f"{prefix}-primary postgres db.t4g.medium",),
            secrets=(f"{prefix}/database",),
            parameters=(f"/{prefix}/feature-flags", f"/{prefix}/log-level", "/baseline/version"),
            keys=(prefix, "terraform-state"),
            balancers=(f"{prefix} internet-facing",),
            apis=(f"{prefix}-api",),
            alarms=(f"{prefix}-api-5xx AWS/ApplicationELB HTTPCode_Target_5XX_Count OK",),
            logs=tuple(f"/{prefix}/{part}" for part in ("web", "api", "workers", "deployments")),
            queues=(f"{prefix}-orders", f"{prefix}-orders-dead-letters"),
            topics=(f"{prefix}-events", "on-call"),
        ),
        OVERSEAS: Estate(functions=(f"{prefix}-edge-headers nodejs20.x 128",), stacks=(f"{prefix}-cdn",), logs=(f"/{prefix}/cdn",)),
    }


_WITH_A_STORY = {
    "production": _PRODUCTION,
    "iot-fleet": _IOT,
    "usage": _USAGE,
    "data-lake": _DATA_LAKE,
    "shared-services": _SHARED,
    "audit": _AUDIT,
}
ESTATES: Mapping[str, Mapping[str, Estate]] = {
    account.id: _WITH_A_STORY.get(account.name) or ({} if account.name == "management" else _usual(account.name)) for account in ACCOUNTS
}

BUCKETS: Mapping[str, tuple[str, ...]] = {  # name region created access
    "production": (
        "dev-assets eu-west-1 2024-02-11 private",
        "dev-build-artifacts eu-west-1 2024-02-11 private",
        "dev-session-exports eu-west-1 2025-06-30 private",
        "prod-access-logs eu-west-1 2023-09-01 hidden",
        "prod-cloudtrail-111122223333 eu-west-1 2023-08-29 hidden",
        "prod-customer-uploads eu-west-1 2023-10-19 hidden",
        "prod-data-lake-raw eu-west-1 2024-05-02 hidden",
        "prod-static-site us-east-1 2023-11-23 public",
        "prod-terraform-state eu-west-1 2023-08-28 hidden",
        "prod-web-fonts us-east-1 2024-01-15 public",
    ),
    "development": (
        "dev-playground eu-west-1 2024-03-07 private",
        "dev-uploads eu-west-1 2024-03-07 private",
        "development-terraform-state eu-west-1 2023-08-28 private",
    ),
    "audit": ("organization-trail-777788889999 eu-west-1 2021-02-04 private", "access-reviews-777788889999 eu-west-1 2022-10-11 private"),
    "data-lake": (
        "lake-raw-121212121212 eu-west-1 2024-05-02 private",
        "lake-curated-121212121212 eu-west-1 2024-05-02 private",
        "lake-exports-121212121212 eu-west-1 2025-01-20 private",
    ),
    "management": ("billing-reports-101010101010 us-east-1 2021-02-02 private",),
    **{
        account.name: (
            f"{account.name}-assets eu-west-1 2024-04-18 private",
            f"{account.name}-terraform-state eu-west-1 2024-04-18 private",
        )
        for account in ACCOUNTS
        if account.name in ("staging", "payments-live", "payments-staging", "iot-fleet", "usage", "shared-services", "sandbox")
    },
}

ZONES: Mapping[str, tuple[str, ...]] = {  # name kind
    "production": ("example.com public", "shop.example.com public", "example.net public", "production.internal private"),
    "shared-services": ("corp.example.com public", "shared.internal private"),
    "staging": ("staging.example.com public",),
    "development": ("dev.example.com public",),
    "iot-fleet": ("fleet.example.com public",),
    "sandbox": ("sandbox.example.com public",),
}
