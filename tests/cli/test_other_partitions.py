"""Roles in China, GovCloud, the European Sovereign Cloud and the isolated partitions, through the real commands."""

from __future__ import annotations

import json
import pathlib

import pytest

CHINA = """
[[account]]
id = "222233334444"
name = "beijing"
partition = "{partition}"
{regions}
  [[account.role]]
  name = "team/Developer"
  via = "base"
"""
KEYS = "[base]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n"


@pytest.fixture
def roledeck(bare_environ, run_in):
    """Run roledeck with these files: config.toml, shared config."""
    home = pathlib.Path(bare_environ["HOME"])

    def run(*words, own="", shared="", credentials=KEYS, **variables):
        for place, text in ((".config/roledeck/config.toml", own), (".aws/config", shared), (".aws/credentials", credentials)):
            (home / place).parent.mkdir(parents=True, exist_ok=True)
            (home / place).write_text(text, encoding="utf-8")
        return run_in({**bare_environ, **variables}, *words)

    return run


@pytest.mark.parametrize(
    ("written", "regions", "partition"),
    [
        ("aws-cn", "", "aws-cn"),
        ("aws-us-gov", 'regions = ["us-gov-east-1"]', "aws-us-gov"),
        ("", 'regions = ["eusc-de-east-1"]', "aws-eusc"),
        ("", 'regions = ["us-isob-east-1"]', "aws-iso-b"),
        ("", "", "aws"),
    ],
)
def test_a_role_of_ours_gets_its_arn_from_the_accounts_partition(roledeck, written, regions, partition):
    own = CHINA.replace('partition = "{partition}"', f'partition = "{written}"' if written else "").replace("{regions}", regions)
    chain = json.loads(roledeck("chain", "beijing/team/Developer", "--json", own=own).stdout)
    assert chain["role"]["arn"] == f"arn:{partition}:iam::222233334444:role/team/Developer"
    assert chain["problems"] == []


@pytest.mark.parametrize(
    ("arn", "host"),
    [
        ("arn:aws-cn:iam::222233334444:role/Dev", "signin.amazonaws.cn"),
        ("arn:aws-us-gov:iam::222233334444:role/Dev", "signin.amazonaws-us-gov.com"),
        ("arn:aws-eusc:iam::222233334444:role/Dev", "signin.amazonaws-eusc.eu"),
        ("arn:aws:iam::222233334444:role/Dev", "signin.aws.amazon.com"),
    ],
)
def test_the_link_goes_to_the_partitions_own_page(roledeck, arn, host):
    done = roledeck("link", "there", shared=f"[profile there]\nrole_arn = {arn}\nsource_profile = base\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"https://{host}/switchrole?account=222233334444&roleName=Dev&")


@pytest.mark.parametrize("partition", ["aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f"])
def test_an_isolated_partition_has_no_public_link(roledeck, partition):
    done = roledeck(
        "link", "there", shared=f"[profile there]\nrole_arn = arn:{partition}:iam::222233334444:role/Dev\nsource_profile = base\n"
    )
    assert (done.returncode, done.stdout) == (6, "")
    assert "no public sign-in page" in done.stderr


def test_a_region_of_another_partition_is_noted_and_the_partitions_own_is_used(roledeck):
    shared = "[profile there]\nrole_arn = arn:aws-cn:iam::222233334444:role/Dev\nsource_profile = base\nregion = us-east-1\n"
    chain = json.loads(roledeck("chain", "there", "--json", shared=shared).stdout)
    assert chain["problems"] == []
    (note,) = chain["hops"][-1]["notes"]
    assert note == "us-east-1, the region of there, is in another partition than the role; cn-north-1 is used."
    found = json.loads(roledeck("lint", "--json", shared=shared).stdout)
    assert [finding["rule"] for finding in found if finding["where"].endswith(".aws/config:2")] == ["role_partition"]


def test_a_default_region_of_another_partition_is_passed_over(roledeck):
    own = '[defaults]\nregion = "eu-west-1"\n' + CHINA.format(partition="aws-cn", regions="")
    chain = json.loads(roledeck("chain", "beijing/team/Developer", "--json", own=own).stdout)
    assert chain["problems"] == []
    done = roledeck("profiles", "install", "--yes", "--json", own=own)
    (profile,) = json.loads(done.stdout)["profiles"]
    assert profile["region"] == "cn-north-1"


def test_a_region_that_was_asked_for_must_lie_where_the_role_is(roledeck):
    own = CHINA.format(partition="aws-cn", regions="")
    done = roledeck("env", "beijing/team/Developer", "--region", "eu-west-1", own=own)
    assert (done.returncode, done.stdout) == (2, "")
    assert "eu-west-1 is no region of aws-cn" in done.stderr


@pytest.mark.parametrize(("region", "partition"), [("cn-northwest-1", "aws-cn"), ("us-gov-east-1", "aws-us-gov")])
def test_assume_asks_the_regional_sts_of_the_partition(roledeck, aws, region, partition):
    door = aws.seed("222233334444", region)("iam")
    user, role = f"User{partition}", f"Dev{partition}"
    door.create_user(UserName=user)
    key = door.create_access_key(UserName=user)["AccessKey"]
    door.put_user_policy(UserName=user, PolicyName="may", PolicyDocument=json.dumps(allow("sts:AssumeRole", Resource="*")))
    trust = allow("sts:AssumeRole", Principal={"AWS": f"arn:{partition}:iam::222233334444:root"})
    door.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(trust))
    shared = f"[profile there]\nrole_arn = arn:{partition}:iam::222233334444:role/{role}\nsource_profile = base\nregion = {region}\n"
    credentials = f"[base]\naws_access_key_id = {key['AccessKeyId']}\naws_secret_access_key = {key['SecretAccessKey']}\n"
    done = roledeck("whoami", "there", "--json", shared=shared, credentials=credentials, ROLEDECK_ENDPOINT_URL=aws.url)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["arn"].startswith(f"arn:{partition}:sts::222233334444:assumed-role/{role}/")
    assert (answer["region"], answer["match"]) == (region, True)


def allow(action: str, **more: object) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, **more}]}


@pytest.mark.parametrize(
    ("region", "partition", "regions"),
    [
        ("us-gov-west-1", "aws-us-gov", ["us-gov-west-1", "us-gov-east-1"]),
        ("cn-northwest-1", "aws-cn", ["cn-northwest-1", "cn-north-1"]),
    ],
)
def test_all_regions_are_those_of_the_partition(roledeck, aws, region, partition, regions):
    """Also beside a role of another partition nobody is asked where he cannot be, and every link and ARN stays where it belongs."""
    seed = aws.seed("505050505050", region)
    allowed = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
    name = f"reader-of-{partition}"
    seed("iam").create_user(UserName=name)
    seed("iam").put_user_policy(UserName=name, PolicyName="all", PolicyDocument=json.dumps(allowed))
    key = seed("iam").create_access_key(UserName=name)["AccessKey"]
    trust = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "505050505050"}}}
    arn = seed("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    seed("iam").put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=json.dumps(allowed))
    seed("sqs").create_queue(QueueName=f"queue-{partition}")
    shared = f"[profile there]\nrole_arn = {arn}\nsource_profile = base\nregion = {region}\n"
    credentials = f"[base]\naws_access_key_id = {key['AccessKeyId']}\naws_secret_access_key = {key['SecretAccessKey']}\n"
    words = ("resources", "there", "--view", "sqs-queues", "--json", "--region")
    found = [
        json.loads(roledeck(*words, where, shared=shared, credentials=credentials, ROLEDECK_ENDPOINT_URL=aws.url).stdout)
        for where in ("all", "eu-west-1")
    ]
    assert [view["region"] for view in found[0]["views"]] == regions
    first = found[0]["views"][0]
    assert first["arns"] == [f"arn:{partition}:sqs:{region}:505050505050:queue-{partition}"]
    assert f"https://{region}.console." in first["links"][0]
    assert "//us-east-1" not in json.dumps(found[0])
    (elsewhere,) = found[1]["views"]
    assert (elsewhere["state"], elsewhere["cause"]) == ("off", "region_off")
    assert elsewhere["message"] == f"eu-west-1 lies in aws, and this session belongs to {partition}."
