"""The same refusal in each protocol: expired, unsigned, badly signed, denied; and what a service says for it."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta

import boto3
import botocore.auth
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

# service, operation, parameters: query, ec2, json, rest-json, rest-xml, cbor
CALLS = {
    "iam": ("list_roles", {}),
    "rds": ("describe_db_instances", {}),
    "sns": ("list_topics", {}),
    "cloudformation": ("list_stacks", {}),
    "ec2": ("describe_instances", {}),
    "s3": ("list_buckets", {}),
    "dynamodb": ("list_tables", {}),
    "sqs": ("list_queues", {}),
    "secretsmanager": ("list_secrets", {}),
    "ecs": ("list_clusters", {}),
    "lambda": ("list_functions", {}),
    "eks": ("list_clusters", {}),
    "route53": ("list_hosted_zones", {}),
    "cloudwatch": ("describe_alarms", {}),
    "accessanalyzer": ("list_analyzers", {}),
    "cloudtrail": ("lookup_events", {}),
}
QUERY, JSON, REST = (
    ("iam", "rds", "cloudformation", "route53"),
    ("dynamodb", "secretsmanager", "ecs", "cloudtrail"),
    ("lambda", "eks", "accessanalyzer"),
)


def spelled(query, ec2, s3, json_code, **more):
    """What each service of CALLS says; SQS, CloudWatch and SNS say it as the query protocol does."""
    table = dict.fromkeys(QUERY, query) | dict.fromkeys(JSON, (json_code, 400)) | dict.fromkeys(REST, (json_code, 403))
    return table | {"ec2": ec2, "s3": s3} | dict.fromkeys(("sqs", "cloudwatch", "sns"), query) | more


EXPIRED = spelled(("ExpiredToken", 403), ("RequestExpired", 400), ("ExpiredToken", 400), "ExpiredTokenException")
UNKNOWN = spelled(("InvalidClientTokenId", 403), ("AuthFailure", 401), ("InvalidAccessKeyId", 403), "UnrecognizedClientException")
WRONG_TOKEN = UNKNOWN | {"s3": ("InvalidToken", 400)}
FORGED = spelled(("SignatureDoesNotMatch", 403), ("AuthFailure", 401), ("SignatureDoesNotMatch", 403), "InvalidSignatureException")
LATE = spelled(("SignatureDoesNotMatch", 403), ("RequestExpired", 400), ("RequestTimeTooSkewed", 403), "InvalidSignatureException")
DENIED = spelled(
    ("AccessDenied", 403), ("UnauthorizedOperation", 403), ("AccessDenied", 403), "AccessDeniedException", sns=("AuthorizationError", 403)
)
ACTIONS = {"s3": "s3:ListAllMyBuckets", "cloudwatch": "cloudwatch:DescribeAlarms", "accessanalyzer": "access-analyzer:ListAnalyzers"}
SERVICES = pytest.mark.parametrize("service", CALLS)
ONE_OF_EACH = pytest.mark.parametrize("service", ["iam", "ec2", "s3", "dynamodb", "lambda", "route53", "cloudwatch"])


def ask(estate, service, key):
    operation, parameters = CALLS[service]
    return getattr(estate.aws.client(service, key), operation)(**parameters)


def refusal_of(estate, service, key):
    return estate.refused(lambda: ask(estate, service, key))


@pytest.fixture
def admin(estate, dev):
    """The session of a role that may do everything."""
    return estate.assume(dev, estate.role(estate.trusting({"AWS": estate.home}), estate.allow("*")))


@SERVICES
def test_a_session_works_until_it_expires(estate, admin, service):
    assert ask(estate, service, admin)["ResponseMetadata"]["HTTPStatusCode"] == 200
    estate.aws.advance(3601)
    refusal = refusal_of(estate, service, admin)
    assert (refusal.code, refusal.status) == EXPIRED[service]
    texts = {"ec2": "Request has expired.", "s3": "The provided token has expired."}
    assert refusal.message == texts.get(service, "The security token included in the request is expired")


@ONE_OF_EACH
def test_unknown_keys(estate, service):
    refusal = refusal_of(estate, service, ("AKIAIOSFODNN7EXAMPLE", "x" * 40, None))
    assert (refusal.code, refusal.status) == UNKNOWN[service]


@SERVICES
def test_a_wrong_session_token(estate, admin, service):
    refusal = refusal_of(estate, service, (*admin[:2], "another"))
    assert (refusal.code, refusal.status) == WRONG_TOKEN[service]
    refusal = refusal_of(estate, service, (*admin[:2], None))
    assert (refusal.code, refusal.status) == UNKNOWN[service]


@SERVICES
def test_a_wrong_secret(estate, admin, service):
    refusal = refusal_of(estate, service, (admin[0], "x" * 40, admin[2]))
    assert (refusal.code, refusal.status) == FORGED[service]
    assert "validate the provided" in refusal.message or refusal.message.startswith("The request signature we calculated does not match")


@SERVICES
def test_a_denial(estate, service):
    nobody = estate.user()
    refusal = refusal_of(estate, service, nobody.key)
    operation = "".join(part.capitalize() for part in CALLS[service][0].split("_")).replace("Db", "DB")
    action = ACTIONS.get(service, f"{service}:{operation}")
    assert (refusal.code, refusal.status) == DENIED[service]
    assert f"User: {nobody.arn} is not authorized to perform: {action}" in refusal.message
    assert f"because no identity-based policy allows the {action} action" in refusal.message
    assert refusal.message.startswith("You are not authorized to perform this operation. ") == (service == "ec2")


@ONE_OF_EACH
def test_an_explicit_deny(estate, service):
    refused = estate.user(estate.allow("*"), estate.deny("*"))
    assert refusal_of(estate, service, refused.key).message.endswith("with an explicit deny in an identity-based policy")


@ONE_OF_EACH
@pytest.mark.parametrize("minutes", [-16, 16])
def test_a_clock_that_is_off(estate, admin, service, minutes, monkeypatch):
    wrong = datetime.now(UTC) + timedelta(minutes=minutes)
    signers = ["botocore.auth", *(["botocore.crt.auth"] if botocore.compat.HAS_CRT else [])]
    for signer in signers:  # with awscrt botocore signs by that
        monkeypatch.setattr(
            f"{signer}.get_current_datetime", lambda remove_tzinfo=True: wrong.replace(tzinfo=None) if remove_tzinfo else wrong
        )
    refusal = refusal_of(estate, service, admin)
    assert (refusal.code, refusal.status) == LATE[service]
    if service in QUERY:
        begins = "Signature expired: " if minutes < 0 else "Signature not yet current: "
        assert refusal.message.startswith(begins + wrong.strftime("%Y%m%dT%H%M%SZ"))
        assert refusal.message.endswith("- 15 min.)" if minutes < 0 else "+ 15 min.)")


def test_the_demos_clock_moves_signatures_only_when_told_to(estate, dev):
    estate.aws.advance(3600)
    assert estate.sts(dev).get_caller_identity()
    estate.aws.gate.signatures_follow_clock = True
    refusal = estate.refused(estate.sts(dev).get_caller_identity)
    assert (refusal.code, refusal.status) == ("SignatureDoesNotMatch", 403)
    assert refusal.message.startswith("Signature expired: ")


def test_lifetime_shortens_sessions_from_now_on(estate, dev):
    role = estate.role(estate.trusting({"AWS": estate.home}))
    long = estate.assume(dev, role)
    estate.aws.gate.lifetime = 20
    answer = estate.sts(dev).assume_role(RoleArn=role, RoleSessionName="short", DurationSeconds=3600)
    assert answer["Credentials"]["Expiration"].timestamp() - estate.aws.gate.now() <= 20
    estate.aws.advance(21)
    assert estate.refused(estate.sts(estate.triple(answer)).get_caller_identity).code == "ExpiredToken"
    assert estate.sts(long).get_caller_identity()


def fetch(url, data=None, headers=None):
    request = urllib.request.Request(url, data=data, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode(), answer.headers
    except urllib.error.HTTPError as no:
        return no.code, no.read().decode(), no.headers


@pytest.mark.parametrize(
    ("path", "data", "headers", "code", "status"),
    [
        ("/", b"Action=GetCallerIdentity&Version=2011-06-15", {}, "MissingAuthenticationToken", 403),
        ("/?Action=ListUsers&Version=2010-05-08", None, {}, "MissingAuthenticationToken", 403),
        ("/", b"{}", {"X-Amz-Target": "DynamoDB_20120810.ListTables"}, "MissingAuthenticationTokenException", 400),
        ("/2015-03-31/functions/", None, {}, "MissingAuthenticationTokenException", 403),
        ("/", None, {}, "MissingAuthenticationToken", 403),
        ("/some-bucket/some-key", None, {}, "AccessDenied", 403),
        ("/", b"Action=GetCallerIdentity", {"Authorization": "AWS4-HMAC-SHA256 Credential=AKIA/20250101"}, "IncompleteSignature", 400),
    ],
)
def test_requests_that_are_not_signed(estate, path, data, headers, code, status):
    answer = fetch(estate.aws.url + path, data, headers)
    assert (answer[0], code in answer[1] or code == answer[2]["x-amzn-errortype"]) == (status, True), answer[1]
    assert answer[2]["x-amzn-RequestId"]


def test_the_seeding_door_wants_the_right_secret(estate):
    url, body = estate.aws.url, b"Action=GetCallerIdentity&Version=2011-06-15"
    claim = {
        "Authorization": "AWS4-HMAC-SHA256 Credential=x/20250101/eu-west-1/sts/aws4_request, SignedHeaders=host, Signature=x",
        "x-amz-date": "20250101T000000Z",
    }
    opened = fetch(url, body, claim | {"x-moto-account-id": estate.home, "x-roledeck-demo": estate.aws.secret})
    assert f"<Arn>arn:aws:iam::{estate.home}:root</Arn>" in opened[1]
    for headers in ({}, {"x-roledeck-demo": "guess"}, {"x-roledeck-demo": ""}):
        assert fetch(url, body, claim | {"x-moto-account-id": estate.home} | headers)[0] == 403
    assert fetch(url, body, claim | {"x-moto-account-id": "12", "x-roledeck-demo": estate.aws.secret})[0] == 400


def test_an_account_header_without_the_secret_is_refused_whoever_signed(estate, dev):
    client = estate.aws.client("sts", dev.key)
    client.meta.events.register(
        "before-send", lambda request, **_: request.headers.update({"x-moto-account-id": estate.away, "x-roledeck-demo": "guess"})
    )
    refused = estate.refused(client.get_caller_identity)
    assert (refused.code, refused.status) == ("AccessDenied", 403)
    assert "x-roledeck-demo" in refused.message


@pytest.mark.parametrize("version", ["s3v4", "s3"])
def test_presigned_urls(estate, admin, version):
    s3 = estate.door(estate.away, "s3")
    bucket = f"presigned-{version}-{estate.away}"
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket=bucket, Key="a b/ü+c", Body=b"content")
    url = presigner(estate, admin, version).generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "a b/ü+c"}, ExpiresIn=60)
    assert fetch(url)[:2] == (200, "content")
    status, text, _ = fetch(url.replace("a%20b", "x%20b"))
    assert (status, "<Code>SignatureDoesNotMatch</Code>" in text) == (403, True)
    estate.aws.gate.signatures_follow_clock = True
    estate.aws.advance(61)
    status, text, _ = fetch(url)
    assert (status, "Request has expired" in text) == (403, True)
    estate.aws.gate.signatures_follow_clock = False
    estate.aws.advance(4000)
    status, text, _ = fetch(url)
    assert (status, "<Code>ExpiredToken</Code>" in text) == (400, True)


def presigner(estate, key, version):
    return boto3.Session().client(
        "s3", "eu-west-1", endpoint_url=estate.aws.url, aws_access_key_id=key[0], aws_secret_access_key=key[1], aws_session_token=key[2],
        config=Config(signature_version=version, s3={"addressing_style": "path"}),
    )  # fmt: skip


def test_a_presigned_denial(estate, dev):
    bucket = f"closed-{estate.home}"
    estate.door(estate.home, "s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    status, text, _ = fetch(presigner(estate, dev.key, "s3v4").generate_presigned_url("list_objects_v2", Params={"Bucket": bucket}))
    assert (status, "s3:ListBucket" in text, "<Code>AccessDenied</Code>" in text) == (403, True, True)


def test_a_presigned_identity(estate, dev):
    url = estate.aws.client("sts", dev.key).generate_presigned_url("get_caller_identity", HttpMethod="GET")
    assert f"<Arn>{dev.arn}</Arn>" in fetch(url)[1]


def test_a_changed_body_is_noticed(estate, dev):
    client = estate.aws.client("sts", dev.key)
    client.meta.events.register(
        "before-send", lambda request, **_: setattr(request, "body", str(request.body).replace("Version", "version"))
    )
    assert estate.refused(client.get_caller_identity).code == "SignatureDoesNotMatch"


def test_a_changed_object_is_noticed(estate, admin):
    s3 = estate.aws.client("s3", admin)
    bucket = f"tampered-{estate.away}"
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket=bucket, Key="k", Body=b"x" * 2_000_000)
    s3.meta.events.register("before-send", lambda request, **_: setattr(request, "body", b"evil") if request.method == "PUT" else None)
    assert estate.refused(lambda: s3.put_object(Bucket=bucket, Key="k", Body=b"good")).code == "SignatureDoesNotMatch"


def test_what_aws_cannot_do_here_is_said_so(estate, admin):
    refusal = estate.refused(estate.aws.client("amplify", admin).list_apps)
    assert (refusal.code, refusal.status) == ("NotImplemented", 501)
    assert refusal.message == "The embedded AWS has no amplify ListApps."


def test_an_encoded_message_can_be_decoded(estate, admin):
    nobody = estate.user()
    message = estate.refused(lambda: estate.aws.client("ec2", nobody.key).terminate_instances(InstanceIds=["i-0123"])).message
    encoded = message.rpartition("Encoded authorization failure message: ")[2]
    decoded = json.loads(estate.sts(admin).decode_authorization_message(EncodedMessage=encoded)["DecodedMessage"])
    assert (decoded["allowed"], decoded["context"]["action"]) == (False, "ec2:TerminateInstances")


def test_motos_own_pages_are_out_of_reach(estate, admin):
    s3 = estate.aws.client("s3", admin)
    assert estate.refused(lambda: s3.put_object(Bucket="moto-api", Key="reset", Body=b"")).code == "NoSuchBucket"
    assert fetch(f"{estate.aws.url}/moto-api/reset", b"")[0] == 403
    assert fetch(f"{estate.aws.url}/moto-api/data.json")[0] == 403


@pytest.mark.parametrize(
    ("service", "action", "version", "code"),
    [
        ("sts", "Frobnicate", "2011-06-15", "InvalidAction"),
        ("iam", "Frobnicate", "2010-05-08", "InvalidAction"),
        ("sts", "AssumeRoleWithWebIdentity", "2011-06-15", "ValidationError"),
    ],
)
def test_operations_that_a_query_service_has_not(estate, service, action, version, code):
    person = estate.user(estate.allow(["sts:AssumeRole", "iam:*"]))
    request = AWSRequest(
        "POST", estate.aws.url, data=f"Action={action}&Version={version}", headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    SigV4Auth(Credentials(*person.key), service, "us-east-1").add_auth(request)
    status, body, *_ = fetch(request.url, request.body, dict(request.headers))
    assert status == 400
    assert f"<Code>{code}</Code>" in body


def test_an_unsigned_query_is_recorded_under_its_service(estate):
    fetch(estate.aws.url, b"Action=ListUsers&Version=2010-05-08", {"Content-Type": "application/x-www-form-urlencoded"})
    last = estate.aws.gate.calls[-1]
    assert (last["service"], last["action"], last["code"]) == ("iam", "ListUsers", "MissingAuthenticationToken")
