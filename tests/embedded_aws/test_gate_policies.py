"""What a session may do: identity policies on resources, AWS managed policies, session policies, federated users."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest


@pytest.fixture
def buckets(estate):
    """A bucket for development and one for production."""
    names = f"dev-assets-{estate.away}", f"prod-x-{estate.away}"
    s3 = estate.door(estate.away, "s3")
    for name in names:
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        s3.put_object(Bucket=name, Key="reports/a.txt", Body=b"content")
    return names


def client_of_role(estate, dev, service, *statements, managed=(), **more):
    role = estate.role(estate.trusting({"AWS": estate.home}), *statements)
    for arn in managed:
        estate.door(estate.away).attach_role_policy(RoleName=role.rsplit("/", 1)[1], PolicyArn=arn)
    return estate.aws.client(service, estate.assume(dev, role, **more))


def test_buckets_by_their_names(estate, dev, buckets):
    own, other = buckets
    s3 = client_of_role(estate, dev, "s3", estate.allow("s3:*", ["arn:aws:s3:::dev-*", "arn:aws:s3:::dev-*/*"]))
    assert s3.list_objects_v2(Bucket=own)["KeyCount"] == 1
    assert s3.get_object(Bucket=own, Key="reports/a.txt")["Body"].read() == b"content"
    assert s3.head_bucket(Bucket=own)
    assert s3.put_object(Bucket=own, Key="b", Body=b"")
    assert estate.refused(s3.list_buckets).message.endswith("because no identity-based policy allows the s3:ListAllMyBuckets action")
    refusal = estate.refused(lambda: s3.list_objects_v2(Bucket=other))
    assert f's3:ListBucket on resource: "arn:aws:s3:::{other}" because no identity-based policy allows' in refusal.message
    assert f'"arn:aws:s3:::{other}/reports/a.txt"' in estate.refused(lambda: s3.get_object(Bucket=other, Key="reports/a.txt")).message
    assert estate.refused(lambda: s3.head_bucket(Bucket=other)).status == 403


def test_objects_by_their_keys_and_by_prefix(estate, dev, buckets):
    own, _ = buckets
    listing = estate.allow("s3:ListBucket", f"arn:aws:s3:::{own}", Condition={"StringLike": {"s3:prefix": "reports/*"}})
    s3 = client_of_role(estate, dev, "s3", listing, estate.allow("s3:GetObject", f"arn:aws:s3:::{own}/reports/*"))
    assert s3.list_objects_v2(Bucket=own, Prefix="reports/")["KeyCount"] == 1
    assert s3.get_object(Bucket=own, Key="reports/a.txt")
    assert estate.refused(lambda: s3.list_objects_v2(Bucket=own)).code == "AccessDenied"
    assert estate.refused(lambda: s3.get_object(Bucket=own, Key="other.txt")).code == "AccessDenied"
    assert estate.refused(lambda: s3.delete_object(Bucket=own, Key="reports/a.txt")).code == "AccessDenied"


@pytest.mark.parametrize(
    ("service", "resource", "allowed", "refused"),
    [
        ("dynamodb", "table/mine*", ("describe_table", {"TableName": "mine-1"}), ("scan", {"TableName": "yours"})),
        ("lambda", "function:mine", ("get_function", {"FunctionName": "mine"}), ("invoke", {"FunctionName": "yours"})),
        ("sqs", "mine", ("get_queue_url", {"QueueName": "mine"}), ("get_queue_url", {"QueueName": "yours"})),
        ("sns", "mine", ("create_topic", {"Name": "mine"}), ("create_topic", {"Name": "yours"})),
        (
            "secretsmanager",
            "secret:mine-*",
            ("describe_secret", {"SecretId": "mine"}),
            ("get_secret_value", {"SecretId": "yours"}),
        ),
        ("ssm", "parameter/mine", ("get_parameter", {"Name": "mine"}), ("get_parameter", {"Name": "yours"})),
        (
            "logs",
            "log-group:mine:*",
            ("describe_log_streams", {"logGroupName": "mine"}),
            ("describe_log_streams", {"logGroupName": "yours"}),
        ),
    ],
)
def test_resources_of_other_services(estate, dev, service, resource, allowed, refused):
    client = client_of_role(estate, dev, service, estate.allow(f"{service}:*", f"arn:aws:{service}:eu-west-1:{estate.away}:{resource}"))
    passed = outcome(client, *allowed)
    assert "authorized" not in passed
    assert "Denied" not in passed
    refusal = estate.refused(lambda: getattr(client, refused[0])(**refused[1]))
    assert " on resource: arn:aws:" in refusal.message
    assert "yours" in refusal.message


def outcome(client, operation, parameters):
    """The service's own answer, past the gate: granted, or that there is no such thing."""
    try:
        getattr(client, operation)(**parameters)
    except client.exceptions.ClientError as no:
        return str(no)
    return "granted"


def test_iam_resources_have_their_paths(estate, dev):
    role = estate.role(estate.trusting("*"), Path="/team/")
    iam = client_of_role(estate, dev, "iam", estate.allow("iam:*", f"arn:aws:iam::{estate.away}:role/team/*"))
    assert iam.get_role(RoleName=role.rsplit("/", 1)[1])["Role"]["Arn"] == role
    assert estate.refused(lambda: iam.get_role(RoleName="other")).message.endswith(
        "because no identity-based policy allows the iam:GetRole action"
    )


READ = {"s3": "list_buckets", "ec2": "describe_instances", "dynamodb": "list_tables", "lambda": "list_functions", "iam": "list_roles"}


@pytest.mark.parametrize(
    ("name", "allowed", "refused"),
    [
        (
            "ReadOnlyAccess",
            READ,
            {
                "sqs": ("create_queue", {"QueueName": "q"}),
                "sts": ("assume_role", {"RoleArn": "arn:aws:iam::123456789012:role/x", "RoleSessionName": "ab"}),
            },
        ),
        ("job-function/ViewOnlyAccess", {"s3": "list_buckets", "ec2": "describe_instances"}, {"sqs": ("create_queue", {"QueueName": "q"})}),
        ("SecurityAudit", {"iam": "list_roles", "ec2": "describe_instances"}, {"sqs": ("create_queue", {"QueueName": "q"})}),
        ("PowerUserAccess", {"s3": "list_buckets", "sqs": "list_queues"}, {"iam": ("create_user", {"UserName": "u"})}),
        ("AdministratorAccess", READ | {"sqs": "list_queues"}, {}),
        ("AmazonS3ReadOnlyAccess", {"s3": "list_buckets"}, {"ec2": ("describe_instances", {})}),
    ],
)
def test_aws_managed_policies(estate, dev, name, allowed, refused):
    role = estate.role(estate.trusting({"AWS": estate.home}))
    arn, iam = f"arn:aws:iam::aws:policy/{name}", estate.door(estate.away)
    iam.attach_role_policy(RoleName=role.rsplit("/", 1)[1], PolicyArn=arn)
    attached = iam.list_attached_role_policies(RoleName=role.rsplit("/", 1)[1])["AttachedPolicies"]
    assert attached == [{"PolicyName": name.rsplit("/", 1)[-1], "PolicyArn": arn}]
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    assert iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]["Statement"]
    session = estate.assume(dev, role)
    for service, operation in allowed.items():
        assert getattr(estate.aws.client(service, session), operation)()
    for service, (operation, parameters) in refused.items():
        refusal = estate.refused(lambda: getattr(estate.aws.client(service, session), operation)(**parameters))  # noqa: B023 - called at once
        assert "not authorized to perform" in refusal.message


def test_a_managed_policy_that_aws_does_not_have(estate):
    role = estate.role(estate.trusting("*")).rsplit("/", 1)[1]
    refusal = estate.refused(
        lambda: estate.door(estate.away).attach_role_policy(RoleName=role, PolicyArn="arn:aws:iam::aws:policy/NoSuchPolicy")
    )
    assert (refusal.code, refusal.status) == ("NoSuchEntity", 404)


def test_session_policies_narrow(estate, dev):
    everything = estate.allow("*")
    narrow = json.dumps(estate.policy(estate.allow("sqs:*")))
    sqs = client_of_role(estate, dev, "sqs", everything, Policy=narrow)
    assert sqs.list_queues()
    s3 = client_of_role(estate, dev, "s3", everything, Policy=narrow)
    assert estate.refused(s3.list_buckets).message.endswith("because no session policy allows the s3:ListAllMyBuckets action")
    denied = client_of_role(estate, dev, "s3", everything, Policy=json.dumps(estate.policy(everything, estate.deny("s3:*"))))
    assert estate.refused(denied.list_buckets).message.endswith("with an explicit deny in a session policy")
    arns = [{"arn": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}, {"arn": estate.managed(estate.allow("sqs:*"))}]
    assert client_of_role(estate, dev, "s3", everything, PolicyArns=arns).list_buckets()
    assert client_of_role(estate, dev, "sqs", everything, PolicyArns=arns).list_queues()
    assert (
        estate.refused(client_of_role(estate, dev, "ec2", everything, PolicyArns=arns).describe_instances).code == "UnauthorizedOperation"
    )
    assert estate.refused(client_of_role(estate, dev, "s3", estate.allow("sqs:*"), PolicyArns=arns).list_buckets).code == "AccessDenied"


def test_a_federated_user_has_what_both_allow(estate):
    maker = estate.user(estate.allow(["sts:GetFederationToken", "s3:*", "sqs:*"]))
    both = json.dumps(estate.policy(estate.allow(["s3:*", "ec2:*"])))
    guest = estate.triple(estate.sts(maker).get_federation_token(Name="guest", Policy=both))
    assert estate.aws.client("s3", guest).list_buckets()
    assert estate.refused(estate.aws.client("sqs", guest).list_queues).message.endswith(
        "because no session policy allows the sqs:ListQueues action"
    )
    assert "no identity-based policy allows" in estate.refused(estate.aws.client("ec2", guest).describe_instances).message
    plain = estate.triple(estate.sts(maker).get_federation_token(Name="guest"))
    assert estate.refused(estate.aws.client("s3", plain).list_buckets).code == "AccessDenied"
    trusted = estate.role(estate.trusting({"AWS": f"arn:aws:sts::{estate.home}:federated-user/guest"}))
    assert estate.refused_role(guest, trusted).code == "AccessDenied"


def test_mfa_in_an_identity_policy(estate):
    person = estate.user(estate.allow("s3:*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}))
    serial = estate.device(person)
    assert estate.refused(estate.aws.client("s3", person.key).list_buckets).code == "AccessDenied"
    plain = estate.triple(estate.sts(person).get_session_token())
    assert estate.refused(estate.aws.client("s3", plain).list_buckets).code == "AccessDenied"
    proved = estate.triple(estate.sts(person).get_session_token(SerialNumber=serial, TokenCode=estate.aws.code(serial)))
    assert estate.aws.client("s3", proved).list_buckets()
    assert estate.aws.client("iam", proved)


def test_variables_in_resources(estate):
    person = estate.user(estate.allow("s3:*", "arn:aws:s3:::home-${aws:username}/*"), UserName=f"kim-{estate.home}")
    s3 = estate.aws.client("s3", person.key)
    assert estate.refused(lambda: s3.get_object(Bucket=f"home-{person.name}", Key="k")).code == "NoSuchBucket"
    assert estate.refused(lambda: s3.get_object(Bucket="home-lee", Key="k")).code == "AccessDenied"


def test_accounts_are_apart_on_every_service(estate, dev):
    estate.door(estate.away, "sqs").create_queue(QueueName="theirs")
    session = estate.assume(dev, estate.role(estate.trusting({"AWS": estate.home}), estate.allow("*")))
    assert estate.aws.client("sqs", session).list_queues()["QueueUrls"][0].endswith(f"/{estate.away}/theirs")
    back = estate.role(estate.trusting({"AWS": estate.away}), estate.allow("*"), account=estate.home)
    assert "QueueUrls" not in estate.aws.client("sqs", estate.assume(session, back)).list_queues()


def test_what_was_asked_is_told(estate, dev):
    role = estate.role(estate.trusting({"AWS": estate.home}))
    session = estate.assume(dev, role)
    estate.refused(estate.aws.client("s3", session).list_buckets)
    made, listed = estate.aws.gate.calls[-2:]
    assert {name: made[name] for name in ("service", "action", "account", "arn", "code")} == {
        "service": "sts", "action": "AssumeRole", "account": estate.home, "arn": dev.arn, "code": "",
    }  # fmt: skip
    assert (listed["service"], listed["action"], listed["account"], listed["code"]) == ("s3", "ListBuckets", estate.away, "AccessDenied")
    assert isinstance(made["at"], float)
    ours, theirs = (estate.aws.gate.trail.events(account)[-1 if account == estate.home else 0] for account in (estate.home, estate.away))
    assert ours.record["sharedEventID"] == theirs.record["sharedEventID"]
    assert ours.record["userIdentity"]["arn"] == dev.arn
    assert "arn" not in theirs.record["userIdentity"]
    assert ours.record["responseElements"]["credentials"]["accessKeyId"] == session[0]


def test_sixteen_at_a_time(estate, dev):
    roles = [estate.role(estate.trusting({"AWS": estate.home}), estate.allow("*")) for _ in range(4)]
    sts = estate.sts(dev)

    def become(place):
        role = roles[place % 4]
        session = estate.triple(sts.assume_role(RoleArn=role, RoleSessionName=f"worker{place}"))
        return estate.sts(session).get_caller_identity()["Arn"].endswith(f"{role.rsplit('/', 1)[1]}/worker{place}")

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(become, range(64)))


def test_one_code_serves_one_of_many_that_come_at_once(estate, dev):
    serial = estate.device(dev)
    code, sts = estate.aws.code(serial), estate.sts(dev)

    def give(_):
        try:
            return bool(sts.get_session_token(SerialNumber=serial, TokenCode=code))
        except sts.exceptions.ClientError:
            return False

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(give, range(8))) == 1
