"""What every account has besides its estate, so that each view has something to list; named after what the account is for."""

from __future__ import annotations

from collections.abc import Mapping

from tui_app.embedded_aws.world.accounts import ACCOUNTS
from tui_app.embedded_aws.world.estates import HOME, OVERSEAS
from tui_app.values import frozen


@frozen
class Furnishing:
    """The furniture of one account in one region. Texts of several words are `name kind …`, in the order the seeder reads."""

    scaling_groups: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()  # launch templates
    volumes: tuple[str, ...] = ()  # name gibibytes
    snapshots: tuple[str, ...] = ()  # each of the first volume
    images: tuple[str, ...] = ()  # AMIs of the first instance
    key_pairs: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()  # Batch, unmanaged
    job_queues: tuple[str, ...] = ()
    builds: tuple[str, ...] = ()
    gateways: tuple[str, ...] = ()  # NAT, each with an address of the same name
    internet_gateways: tuple[str, ...] = ()
    endpoints: tuple[str, ...] = ()  # VPC endpoints: name service
    targets: tuple[str, ...] = ()  # target groups
    classic: tuple[str, ...] = ()  # load balancers of the first kind
    http_apis: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    database_clusters: tuple[str, ...] = ()
    database_snapshots: tuple[str, ...] = ()  # each of the first database
    file_systems: tuple[str, ...] = ()
    caches: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()  # OpenSearch
    streams: tuple[str, ...] = ()
    deliveries: tuple[str, ...] = ()
    workgroups: tuple[str, ...] = ()
    warehouses: tuple[str, ...] = ()
    trails: tuple[str, ...] = ()
    recorders: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()  # Config rules: name identifier
    vaults: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()  # backup plans
    rules: tuple[str, ...] = ()  # EventBridge
    buses: tuple[str, ...] = ()
    schedules: tuple[str, ...] = ()
    dashboards: tuple[str, ...] = ()
    subscribed: tuple[str, ...] = ()  # queues that hear the first topic


PREFIXES: Mapping[str, str] = {
    account.id: {
        "production": "storefront",
        "iot-fleet": "fleet",
        "data-lake": "lake",
        "shared-services": "platform",
        "audit": "findings",
    }.get(account.name, account.name.split("-", maxsplit=1)[0])
    for account in ACCOUNTS
}
"""The word that names of an account begin with, by its id."""


def _home(word: str) -> Furnishing:
    return Furnishing(
        scaling_groups=(f"{word}-web",),
        templates=(f"{word}-web",),
        volumes=(f"{word}-data 200", f"{word}-scratch 50"),
        snapshots=(f"{word}-data-weekly",),
        images=(f"{word}-golden",),
        key_pairs=(f"{word}-bastion",),
        environments=(f"{word}-nightly",),
        job_queues=(f"{word}-nightly",),
        builds=(f"{word}-build", f"{word}-release"),
        gateways=(f"{word}-nat-a",),
        internet_gateways=(f"{word}-internet",),
        endpoints=(f"{word}-s3 s3",),
        targets=(f"{word}-web", f"{word}-api"),
        classic=(f"{word}-legacy",),
        http_apis=(f"{word}-http",),
        certificates=(f"{word}.example.com",),
        database_clusters=(f"{word}-aurora",),
        database_snapshots=(f"{word}-before-upgrade",),
        file_systems=(f"{word}-shared",),
        caches=(f"{word}-sessions",),
        domains=(f"{word}-search",),
        streams=(f"{word}-clicks",),
        deliveries=(f"{word}-clicks-to-s3",),
        workgroups=(f"{word}-analysts",),
        warehouses=(f"{word}-warehouse",),
        trails=(f"{word}-trail",),
        recorders=("default",),
        checks=(f"{word}-volumes-encrypted ENCRYPTED_VOLUMES",),
        vaults=(f"{word}-vault",),
        plans=(f"{word}-daily",),
        rules=(f"{word}-nightly", f"{word}-on-deploy"),
        buses=(f"{word}-bus",),
        schedules=(f"{word}-rotate-logs",),
        dashboards=(f"{word}-overview",),
        subscribed=(f"{word}-events-heard",),
    )


def _overseas(word: str) -> Furnishing:
    return Furnishing(certificates=(f"cdn.{word}.example.com",), rules=(f"{word}-edge",), streams=(f"{word}-edge-logs",))


FURNISHINGS: Mapping[str, Mapping[str, Furnishing]] = {
    account.id: {} if account.name == "management" else {HOME: _home(PREFIXES[account.id]), OVERSEAS: _overseas(PREFIXES[account.id])}
    for account in ACCOUNTS
}
DISTRIBUTIONS: Mapping[str, str] = {
    account.id: f"cdn.{PREFIXES[account.id]}.example.com" for account in ACCOUNTS if FURNISHINGS[account.id]
}
"""The name that each account's CloudFront distribution answers to."""
