"""Which part of AWS an ARN or region belongs to, and the hosts that part uses.

Sources: botocore's partitions.json for the region patterns, the IAM user guide for sign-in and console hosts; the hosts of the
isolated partitions are not public, so those have none.
"""

from __future__ import annotations

import re

from tui_app.values import frozen

DEFAULT_REGION = "us-east-1"
DEFAULT_PARTITION = "aws"
_GLOBAL = "-global"


@frozen
class Partition:
    """One part of AWS: its id, a region where STS is always on, the hosts of its sign-in page and console (or none), what the hosts
    of its services end in, and the pattern of its regions.
    """

    id: str
    region: str
    signin_host: str
    console_host: str
    suffix: str
    regions: str


def _partition(name: str, region: str, hosts: str, suffix: str, regions: str) -> Partition:
    signin, console = (f"signin.{hosts}", f"console.{hosts}") if hosts else ("", "")
    return Partition(name, region, signin, console, suffix, regions)


PARTITIONS: tuple[Partition, ...] = (
    _partition("aws", DEFAULT_REGION, "aws.amazon.com", "amazonaws.com", r"(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+"),
    _partition("aws-cn", "cn-north-1", "amazonaws.cn", "amazonaws.com.cn", r"cn-\w+-\d+"),
    _partition("aws-us-gov", "us-gov-west-1", "amazonaws-us-gov.com", "amazonaws.com", r"us-gov-\w+-\d+"),
    _partition("aws-eusc", "eusc-de-east-1", "amazonaws-eusc.eu", "amazonaws.eu", r"eusc-(de)-\w+-\d+"),
    _partition("aws-iso", "us-iso-east-1", "", "c2s.ic.gov", r"us-iso-\w+-\d+"),
    _partition("aws-iso-b", "us-isob-east-1", "", "sc2s.sgov.gov", r"us-isob-\w+-\d+"),
    _partition("aws-iso-e", "eu-isoe-west-1", "", "cloud.adc-e.uk", r"eu-isoe-\w+-\d+"),
    _partition("aws-iso-f", "us-isof-south-1", "", "csp.hci.ic.gov", r"us-isof-\w+-\d+"),
)
_BY_ID = {partition.id: partition for partition in PARTITIONS}


def partition_of(arn_or_region: str) -> Partition:
    """The partition of an ARN or a region; what is neither belongs to `aws`."""
    if arn_or_region.startswith("arn:"):
        return _BY_ID.get(arn_or_region.split(":", 2)[1], _BY_ID[DEFAULT_PARTITION])
    return partition_of_region(arn_or_region) or _BY_ID[DEFAULT_PARTITION]


def partition_of_region(region: str) -> Partition | None:
    """The partition that a region lies in, `aws-cn-global` and its like too; None for what looks like a region of none."""
    if region.endswith(_GLOBAL):
        return _BY_ID.get(region.removesuffix(_GLOBAL))
    return next((part for part in PARTITIONS if re.fullmatch(part.regions, region)), None)


def within(region: str | None, arn: str) -> bool:
    """Whether the region may be used with that ARN: it lies in the same partition, or in none that is known."""
    if not region:
        return False
    theirs = partition_of_region(region)
    return theirs is None or theirs.id == partition_of(arn).id


def sts_region(region: str | None, arn: str = "") -> str:
    """The region whose STS should be asked: the given one where it lies in the partition of `arn`, else that partition's own."""
    partition = partition_of(arn) if arn else partition_of(region or "")
    if region and partition_of(region).id == partition.id and not region.endswith(_GLOBAL):
        return region
    return partition.region
