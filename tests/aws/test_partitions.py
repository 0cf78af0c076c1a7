from __future__ import annotations

import json
import os
import re

import botocore
import pytest
from botocore.awsrequest import AWSResponse
from botocore.session import Session

from tui_app.aws.door import AwsDoor
from tui_app.aws.partitions import PARTITIONS, partition_of, partition_of_region, sts_region, within
from tui_app.model import AccessKey
from tui_app.secret import Secret

with open(os.path.join(os.path.dirname(botocore.__file__), "data", "partitions.json"), encoding="utf-8") as _file:
    BOTOCORE = {partition["id"]: partition for partition in json.load(_file)["partitions"]}
REGIONS = sorted((region, name) for name, partition in BOTOCORE.items() for region in partition["regions"])
KEY = AccessKey("AKIAIOSFODNN7EXAMPLE", Secret("example"))
IDENTITY = b"""<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::111122223333:user/x</Arn><UserId>AIDA</UserId><Account>111122223333</Account></GetCallerIdentityResult>
</GetCallerIdentityResponse>"""


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
        ("aws-cn-global", "aws-cn"),
        ("aws-global", "aws"),
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


def test_the_table_is_botocores():
    ours = {partition.id: (partition.regions, partition.suffix) for partition in PARTITIONS}
    theirs = {name: (_pattern(partition["regionRegex"]), partition["outputs"]["dnsSuffix"]) for name, partition in BOTOCORE.items()}
    assert ours == theirs


def _pattern(regex: str) -> str:
    """Botocore's pattern as ours are written: without its anchors, and without a backslash before what needs none."""
    return re.sub(r"\\-", "-", regex.removeprefix("^").removesuffix("$"))


@pytest.mark.parametrize(("region", "name"), REGIONS)
def test_every_region_that_botocore_knows_lies_where_botocore_says(region, name):
    assert partition_of(region).id == name
    assert partition_of_region(region).id == name
    assert within(region, f"arn:{name}:iam::111122223333:role/x")
    other = "aws" if name != "aws" else "aws-cn"
    assert not within(region, f"arn:{other}:iam::111122223333:role/x")


def test_a_region_of_no_known_partition_is_no_reason_to_refuse():
    assert partition_of_region("mars-north-1") is None
    assert within("mars-north-1", "arn:aws-cn:iam::1:role/x")
    assert not within("", "arn:aws:iam::1:role/x")
    assert not within(None, "arn:aws:iam::1:role/x")


def _asked(client, calls: list[str]) -> None:
    """Answer the client's requests here, and note where they would have gone."""

    def answer(request, **_rest):
        calls.append(request.url)
        return _Answer(request.url, 200, {"content-type": "text/xml"}, None)

    client.meta.events.register("before-send.sts", answer)


class _Answer(AWSResponse):
    """An answer without a network."""

    content = IDENTITY
    text = IDENTITY.decode()


@pytest.mark.parametrize("region", [region for region, _ in REGIONS if not region.endswith("-global")])
def test_our_sts_endpoint_is_botocores_regional_one(region, monkeypatch):
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    ours, theirs = list[str](), list[str]()
    door = AwsDoor()
    _asked(door._client("sts", region, KEY, 10.0, 1), ours)
    door.call("sts", "GetCallerIdentity", region=region, key=KEY, parameters={}, read_timeout=10.0, retry=False)
    client = _BOTO.create_client("sts", region, aws_access_key_id=KEY.id, aws_secret_access_key="example")
    _asked(client, theirs)
    client.get_caller_identity()
    client.close()
    assert ours == theirs
    suffix = BOTOCORE[partition_of(region).id]["outputs"]["dnsSuffix"]
    assert ours == [f"https://sts.{region}.{suffix}/"]


_BOTO = Session()


@pytest.mark.parametrize("partition", PARTITIONS, ids=lambda partition: partition.id)
def test_without_a_region_sts_is_asked_where_the_role_is(partition):
    where = sts_region(None, f"arn:{partition.id}:iam::111122223333:role/x")
    assert where in BOTOCORE[partition.id]["regions"]
    assert sts_region(f"{partition.id}-global", f"arn:{partition.id}:iam::111122223333:role/x") == where
