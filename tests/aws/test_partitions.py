from __future__ import annotations

import pytest

from tui_app.aws.partitions import PARTITIONS, partition_of, sts_region


@pytest.mark.parametrize(
    ("text", "partition"),
    [
        ("arn:aws:iam::111122223333:role/Dev", "aws"),
        ("arn:aws-cn:iam::111122223333:role/Dev", "aws-cn"),
        ("arn:aws-us-gov:iam::111122223333:role/Dev", "aws-us-gov"),
        ("arn:aws-mars:iam::111122223333:role/Dev", "aws"),
        ("eu-west-1", "aws"),
        ("il-central-1", "aws"),
        ("cn-northwest-1", "aws-cn"),
        ("us-gov-east-1", "aws-us-gov"),
        ("eusc-de-east-1", "aws-eusc"),
        ("us-iso-east-1", "aws-iso"),
        ("us-isob-east-1", "aws-iso-b"),
        ("eu-isoe-west-1", "aws-iso-e"),
        ("us-isof-south-1", "aws-iso-f"),
        ("", "aws"),
        ("nonsense", "aws"),
    ],
)
def test_which_partition(text, partition):
    assert partition_of(text).id == partition


@pytest.mark.parametrize(
    ("region", "arn", "asked"),
    [
        ("eu-west-1", "arn:aws:iam::1:role/x", "eu-west-1"),
        (None, "arn:aws:iam::1:role/x", "us-east-1"),
        ("eu-west-1", "arn:aws-cn:iam::1:role/x", "cn-north-1"),
        ("cn-northwest-1", "arn:aws-cn:iam::1:role/x", "cn-northwest-1"),
        ("us-gov-east-1", "", "us-gov-east-1"),
        ("aws-global", "arn:aws:iam::1:role/x", "us-east-1"),
        (None, "", "us-east-1"),
    ],
)
def test_sts_is_asked_inside_the_roles_own_partition(region, arn, asked):
    assert sts_region(region, arn) == asked


def test_every_default_region_lies_in_its_own_partition():
    assert {partition.id: partition_of(partition.region).id for partition in PARTITIONS} == {part.id: part.id for part in PARTITIONS}
