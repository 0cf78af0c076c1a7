"""What the indexes of Resource Explorer know: the resources that moto holds, as Search tells them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tui_app.embedded_aws.callers import iam_of
from tui_app.embedded_aws.world.estates import OVERSEAS

_GIVEN_BY_AWS = frozenset({"ec2:managed-prefix-lists", "athena:workgroup", "events:event-bus"})
"""What stands in every account of itself; moto lists it with the account's own."""


def items_of(account: str, region: str, reported: str) -> Iterator[dict[str, Any]]:
    """What moto holds for an account in a region; roles, which lie nowhere, are in the index of us-east-1."""
    from moto.core.resource_tagging import iter_taggable_backends

    for backend in iter_taggable_backends(account, region):
        for resource in list(backend.iter_tagged_resources()):
            arn = str(resource.arn)
            lies = _region_of(arn, account)
            if resource.resource_type not in _GIVEN_BY_AWS and lies in (region, "global"):
                yield _item(arn, str(resource.resource_type), lies, account, reported, dict(resource.tags))
    if region == OVERSEAS:
        for role in list(iam_of(account).roles.values()):
            yield _item(role.arn, "iam:role", "global", account, reported, {})


def _region_of(arn: str, account: str) -> str:
    region = arn.split(":")[3]
    if region or not arn.startswith("arn:aws:s3:::"):
        return region or "global"
    from moto.s3.models import s3_backends

    bucket = s3_backends[account]["aws"].buckets.get(arn.removeprefix("arn:aws:s3:::"))
    return str(bucket.region_name) if bucket is not None else "global"


def _item(arn: str, kind: str, region: str, account: str, reported: str, tags: dict[str, str]) -> dict[str, Any]:
    service = kind.partition(":")[0]
    return {
        "Arn": arn,
        "OwningAccountId": account,
        "Region": region,
        "ResourceType": kind,
        "Service": service,
        "LastReportedAt": reported,
        "Tags": {str(key): str(value) for key, value in tags.items()},
    }
