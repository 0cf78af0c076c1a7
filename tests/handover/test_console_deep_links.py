"""Where `--to` leads: services, aliases, ARNs, and never anywhere but the partition's own console."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.aws.partitions import PARTITIONS, partition_of
from tui_app.errors import ConfigUnusable, UsageError
from tui_app.handover.deep_link_pages import ALIASES, PAGES, SERVICES
from tui_app.handover.deep_links import checked_address, destination, service_lines

AWS = partition_of("us-east-1")
EU = "https://eu-west-1.console.aws.amazon.com"
US = "https://us-east-1.console.aws.amazon.com"
REGION = "eu-west-1"
PUBLIC = [partition for partition in PARTITIONS if partition.console_host]


def to(text, region=REGION, partition=AWS):
    return destination(partition, text, region).address


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ("", f"{EU}/console/home?region=eu-west-1"),
        ("ec2", f"{EU}/ec2/home?region=eu-west-1#Home:"),
        ("S3", f"{EU}/s3/buckets?region=eu-west-1"),
        ("iam", f"{US}/iam/home#/home"),
        ("r53", f"{US}/route53/v2/home"),
        ("ddb", f"{EU}/dynamodbv2/home?region=eu-west-1"),
        ("logs", f"{EU}/cloudwatch/home?region=eu-west-1#logsV2:log-groups"),
        ("cw", f"{EU}/cloudwatch/home?region=eu-west-1"),
        ("cfn", f"{EU}/cloudformation/home?region=eu-west-1"),
        ("lambda", f"{EU}/lambda/home?region=eu-west-1#/functions"),
        ("sns", f"{EU}/sns/v3/home?region=eu-west-1"),
    ],
)
def test_a_service_has_its_page(asked, address):
    assert to(asked) == address


ARNS = {
    "arn:aws:s3:::my-bucket": f"{EU}/s3/buckets/my-bucket?region=eu-west-1&tab=objects",
    "arn:aws:s3:::my-bucket/a/b/": f"{EU}/s3/buckets/my-bucket?region=eu-west-1&prefix=a%2Fb%2F&tab=objects",
    "arn:aws:s3:::my-bucket/a/b&c.txt": f"{EU}/s3/object/my-bucket?region=eu-west-1&prefix=a%2Fb%26c.txt",
    "arn:aws:ec2:us-west-2:111122223333:instance/i-0abc": (
        "https://us-west-2.console.aws.amazon.com/ec2/home?region=us-west-2#InstanceDetails:instanceId=i-0abc"
    ),
    "arn:aws:lambda:eu-west-1:111122223333:function:ship:PROD": f"{EU}/lambda/home?region=eu-west-1#/functions/ship?tab=code",
    "arn:aws:iam::111122223333:role/team/Dev": f"{US}/iam/home#/roles/details/Dev?section=permissions",
    "arn:aws:iam::111122223333:user/Me": f"{US}/iam/home#/users/details/Me?section=permissions",
    "arn:aws:sts::111122223333:assumed-role/Dev/me": f"{US}/iam/home#/roles/details/Dev",
    "arn:aws:dynamodb:eu-west-1:111122223333:table/T/index/I": f"{EU}/dynamodbv2/home?region=eu-west-1#table?name=T",
    "arn:aws:rds:eu-west-1:111122223333:db:main": f"{EU}/rds/home?region=eu-west-1#database:id=main;is-cluster=false",
    "arn:aws:cloudformation:eu-west-1:111122223333:stack/s/1-2": (
        f"{EU}/cloudformation/home?region=eu-west-1#/stacks/stackinfo?stackId="
        "arn%3Aaws%3Acloudformation%3Aeu-west-1%3A111122223333%3Astack%2Fs%2F1-2"
    ),
    "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:cpu high": f"{EU}/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/cpu%20high",
    "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/x:*": (
        f"{EU}/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/$252Faws$252Flambda$252Fx"
    ),
    "arn:aws:sns:eu-west-1:111122223333:news": (
        f"{EU}/sns/v3/home?region=eu-west-1#/topic/arn%3Aaws%3Asns%3Aeu-west-1%3A111122223333%3Anews"
    ),
    "arn:aws:sqs:eu-west-1:111122223333:jobs": (
        f"{EU}/sqs/v3/home?region=eu-west-1#/queues/https%3A%2F%2Fsqs.eu-west-1.amazonaws.com%2F111122223333%2Fjobs"
    ),
    "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db/pw-AbCdEf": f"{EU}/secretsmanager/secret?region=eu-west-1&name=db%2Fpw",
    "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1": f"{EU}/efs/home?region=eu-west-1#/file-systems/fs-1",
    "arn:aws:ecs:eu-west-1:111122223333:service/c/web": f"{EU}/ecs/v2/clusters/c/services/web?region=eu-west-1",
    "arn:aws:wisdom:eu-west-1:111122223333:assistant/1": (
        "https://console.aws.amazon.com/go/view?arn=arn%3Aaws%3Awisdom%3Aeu-west-1%3A111122223333%3Aassistant%2F1"
    ),
}


@pytest.mark.parametrize(("arn", "address"), ARNS.items())
def test_an_arn_has_its_page(arn, address):
    assert to(arn) == address


def test_an_arn_tells_its_account():
    assert destination(AWS, "arn:aws:sns:eu-west-1:999999999999:news").account == "999999999999"
    assert destination(AWS, "arn:aws:s3:::bucket").account == ""


@pytest.mark.parametrize("partition", PUBLIC, ids=lambda partition: partition.id)
def test_each_partition_stays_in_its_own_console(partition):
    for asked in (
        "",
        "ec2",
        "iam",
        f"arn:{partition.id}:iam::111122223333:role/R",
        f"arn:{partition.id}:x:{partition.region}:111122223333:y",
    ):
        address = to(asked, partition.region, partition)
        assert checked_address(address, partition) == address
    assert f"sqs.{partition.region}.{partition.suffix}" in to(
        f"arn:{partition.id}:sqs:{partition.region}:111122223333:jobs", None, partition
    )


@pytest.mark.parametrize("partition", [item for item in PARTITIONS if not item.console_host], ids=lambda partition: partition.id)
def test_an_isolated_partition_has_no_public_console(partition):
    with pytest.raises(ConfigUnusable, match="no public console"):
        destination(partition, "ec2")


@pytest.mark.parametrize(
    ("asked", "says", "next_step"),
    [
        ("dynamdb", 'no service "dynamdb"', "Did you mean dynamodb?"),
        ("ecc2", 'no service "ecc2"', "Did you mean ec2?"),
        ("zzzzzz", 'no service "zzzzzz"', "--services"),
        ("a\x1b[2Jb", "␛", "--services"),
        ("arn:aws:s3", "is not an ARN", "arn:aws:SERVICE"),
        ("arn:aws:s3:::a\nb", "is not an ARN", ""),
        ("arn:aws:s3:::é", "is not an ARN", ""),
        ("arn:aws-cn:s3:::bucket", "lies in aws-cn", "same partition"),
        ("arn:aws:sns:cn-north-1:111122223333:x", "cn-north-1 is no region of aws", ""),
        ("https://evil.example/", "no page of AWS's console", "https://console.aws.amazon.com/"),
        ("http://console.aws.amazon.com/", "no page of AWS's console", ""),
        ("https://console.aws.amazon.com.evil.example/", "no page of AWS's console", ""),
        ("https://me@console.aws.amazon.com/", "no page of AWS's console", ""),
        ("https://evil.example\\.console.aws.amazon.com/", "no page of AWS's console", ""),
        ("https://evilconsole.aws.amazon.com/", "no page of AWS's console", ""),
        ("https://console.amazonaws.cn/", "no page of AWS's console", ""),
        ("https://console.aws.amazon.com:8443/", "no page of AWS's console", ""),
        ("https://[::1/", "no page of AWS's console", ""),
        ("javascript://console.aws.amazon.com/%0aalert(1)", "no page of AWS's console", ""),
    ],
)
def test_what_is_no_page_is_said(asked, says, next_step):
    with pytest.raises(UsageError) as refused:
        to(asked)
    assert says in refused.value.message
    assert next_step in refused.value.next_step


def test_an_address_of_the_console_may_be_given_as_it_is():
    for address in (
        f"{EU}/s3/home?region=eu-west-1#x",
        "https://console.aws.amazon.com/",
        "https://111122223333-abc.eu-west-1.console.aws.amazon.com/x",
    ):
        assert to(address) == address


def test_the_list_has_every_service_and_every_alias_means_one():
    text = "\n".join(service_lines())
    assert all(name in text for name in (*SERVICES, *ALIASES))
    assert set(ALIASES.values()) <= set(SERVICES)
    assert not set(ALIASES) & set(SERVICES)
    assert {"ec2", "s3", "iam", "lambda", "rds", "cfn", "cw", "logs", "ddb", "sns", "sqs", "route53"} <= {*SERVICES, *ALIASES}


@given(
    st.sampled_from(sorted(PAGES)),
    st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=40),
    st.sampled_from(["", REGION]),
)
def test_whatever_an_arn_holds_it_stays_in_the_console(service, resource, region):
    address = to(f"arn:aws:{service}:{region}:111122223333:{resource}")
    assert checked_address(address, AWS) == address
    assert (urlsplit(address).hostname or "").endswith("console.aws.amazon.com")
    assert urlsplit(address).query.count("region=") <= 1
