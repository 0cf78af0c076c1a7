"""Steering the embedded AWS over HTTP: codes, clock, faults, calls; and who may not."""

from __future__ import annotations

import http.client
import json
import time
from contextlib import closing

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError
from botocore.parsers import ResponseParserError

SERIAL = "arn:aws:iam::444455556666:mfa/DevUser"
HUB = "arn:aws:iam::777700001111:role/Hub"


def complaint(aws, method, path, body=None, secret=None):
    with pytest.raises(Exception, match=r".") as caught:
        aws.control(method, path, body, secret=secret)
    assert type(caught.value).__name__ == "ControlRefused"
    return caught.value.args


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", f"code?serial={SERIAL}", None),
        ("POST", "clock", {"offset": 5}),
        ("POST", "fault", {"kind": "500"}),
        ("POST", "approve", {"user_code": "x"}),
        ("GET", "calls", None),
    ],
)
def test_without_the_secret_everything_is_forbidden(aws, method, path, body):
    code, sentence = complaint(aws, method, path, body, secret="wrong")
    assert code == 403
    assert "x-roledeck-demo" in sentence
    assert aws.gate.offset == 0


def test_the_seeding_door_is_shut_without_the_secret(aws):
    form = {"Content-Type": "application/x-www-form-urlencoded", "x-moto-account-id": "111122223333"}
    for headers in (form, {**form, "x-roledeck-demo": "wrong"}):
        with closing(http.client.HTTPConnection(aws.url.removeprefix("http://"))) as connection:
            connection.request("POST", "/", b"Action=ListUsers&Version=2010-05-08", headers)
            assert connection.getresponse().status == 403


def test_the_authenticator_shows_a_code_that_works_once(aws):
    shown = aws.control("GET", f"code?serial={SERIAL}")
    assert len(shown["code"]) == 6
    assert 0 < shown["seconds"] <= 30
    assert aws.embedded.code(SERIAL)[0] == shown["code"]
    sts = aws.client("sts")
    assert sts.get_session_token(SerialNumber=SERIAL, TokenCode=shown["code"])["Credentials"]
    with pytest.raises(ClientError, match="MultiFactorAuthentication failed"):
        sts.get_session_token(SerialNumber=SERIAL, TokenCode=shown["code"])


def test_codes_given_to_a_test_are_all_different_and_good(aws):
    for _ in range(5):
        assert aws.client("sts").get_session_token(SerialNumber=SERIAL, TokenCode=aws.code())["Credentials"]


def test_the_code_follows_the_clock(aws):
    before = aws.control("GET", f"code?serial={SERIAL}")["code"]
    aws.control("POST", "clock", {"offset": 3600})
    assert aws.control("GET", f"code?serial={SERIAL}")["code"] != before


def test_the_clock_moves_expiry_but_not_signatures(aws):
    session = aws.assume(HUB)
    aws.control("POST", "clock", {"offset": 1800})
    aws.client("sts", session).get_caller_identity()
    aws.control("POST", "clock", {"offset": 3601})
    with pytest.raises(ClientError, match="ExpiredToken"):
        aws.client("sts", session).get_caller_identity()
    aws.client("sts").get_caller_identity()
    aws.control("POST", "clock", {"signatures": True})
    with pytest.raises(ClientError, match="Signature expired"):
        aws.client("sts").get_caller_identity()


def test_lifetime_holds_for_sessions_issued_from_now_on(aws):
    aws.control("POST", "clock", {"lifetime": 20})
    left = aws.assume(HUB)["Expiration"].timestamp() - time.time()
    assert 10 < left <= 21
    assert aws.control("POST", "clock", {"lifetime": None})["lifetime"] is None
    assert aws.assume(HUB)["Expiration"].timestamp() - time.time() > 3000


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("clock", {"offset": "soon"}, "offset"),
        ("clock", {"offset": True}, "offset"),
        ("clock", {"lifetime": 0}, "lifetime"),
        ("clock", {"lifetime": -3}, "lifetime"),
        ("clock", {"signatures": 1}, "signatures"),
        ("clock", {"speed": 2}, "speed is not known"),
        ("clock", [], "object"),
        ("fault", {}, "kind is one of"),
        ("fault", {"kind": "melt"}, "kind is one of"),
        ("fault", {"kind": "500", "match": 3}, "match"),
        ("fault", {"kind": "500", "times": -1}, "times"),
        ("fault", {"kind": "500", "times": 1.5}, "times"),
        ("fault", {"kind": "slow", "arg": -1}, "arg"),
        ("approve", {}, "what to approve"),
        ("approve", {"user_code": "A", "state": "B"}, "what to approve"),
        ("approve", {"user_code": "NONE-SUCH"}, "No device waits"),
        ("approve", {"state": "none"}, "No browser sign-in"),
    ],
)
def test_what_cannot_be_understood_is_told_in_a_sentence(aws, path, body, said):
    code, sentence = complaint(aws, "POST", path, body)
    assert code == 400
    assert said in sentence
    assert sentence.endswith(".")


def test_a_body_that_is_no_json_and_a_path_that_is_none(aws):
    with closing(http.client.HTTPConnection(aws.url.removeprefix("http://"))) as connection:
        connection.request("POST", "/_demo/clock", b"{", {"x-roledeck-demo": aws.secret})
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())["message"]) == (400, "The body is not JSON.")
    assert complaint(aws, "GET", "weather")[0] == 404
    assert complaint(aws, "GET", "code")[0] == 400
    assert complaint(aws, "GET", "code?serial=arn:aws:iam::444455556666:mfa/nobody")[0] == 400


@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [
        ("sts", "get_caller_identity", "Throttling"),
        ("iam", "list_mfa_devices", "Throttling"),
        ("ec2", "describe_instances", "RequestLimitExceeded"),
        ("s3", "list_buckets", "SlowDown"),
        ("dynamodb", "list_tables", "ThrottlingException"),
        ("lambda", "list_functions", "TooManyRequestsException"),
        ("cloudwatch", "describe_alarms", "Throttling"),
        ("sqs", "list_queues", "Throttling"),
    ],
)
def test_a_throttle_is_worded_as_the_service_words_it(aws, service, operation, code):
    aws.fault("throttle")
    with pytest.raises(ClientError) as caught:
        getattr(aws.client(service), operation)()
    assert caught.value.response["Error"]["Code"] == code
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] in (400, 429, 503)


def test_a_fault_is_used_up(aws):
    aws.fault("500", "sts:GetCallerIdentity", times=2)
    sts = aws.client("sts")
    for _ in range(2):
        with pytest.raises(ClientError) as caught:
            sts.get_caller_identity()
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert sts.get_caller_identity()


def test_a_fault_waits_for_its_match_and_can_be_taken_back(aws):
    aws.fault("500", "sts:AssumeRole", times=3)
    assert aws.client("sts").get_caller_identity()
    aws.fault("500", "sts:AssumeRole", times=0)
    assert aws.assume(HUB)


def test_a_match_may_name_the_action_as_policies_do(aws):
    aws.fault("throttle", "cloudwatch:DescribeAlarms")
    with pytest.raises(ClientError, match="Throttling"):
        aws.client("cloudwatch").describe_alarms()


def test_faults_reach_unsigned_requests_and_spare_the_seeding_door(aws):
    aws.fault("500", "sso-oidc:RegisterClient")
    with pytest.raises(ClientError):
        aws.client("sso-oidc").register_client(clientName="x", clientType="public")
    aws.fault("500")
    assert aws.seed("111122223333")("sqs").list_queues()


def test_slow_waits_and_then_answers(aws):
    aws.fault("slow", "sts", arg=0.3)
    began = time.monotonic()
    assert aws.client("sts").get_caller_identity()
    assert time.monotonic() - began >= 0.3


def test_slower_than_the_client_waits(aws):
    import boto3
    from botocore.config import Config

    aws.fault("slow", "sts", arg=1.5)
    key_id, secret = aws.key()
    config = Config(read_timeout=0.2, retries={"total_max_attempts": 1})
    sts = boto3.client("sts", "eu-west-1", endpoint_url=aws.url, aws_access_key_id=key_id, aws_secret_access_key=secret, config=config)
    with pytest.raises(ReadTimeoutError):
        sts.get_caller_identity()


@pytest.mark.parametrize("kind", ["drop", "truncate"])
def test_cut_connections(aws, kind):
    from botocore.exceptions import HTTPClientError

    aws.fault(kind, "sts")
    with pytest.raises((ConnectionClosedError, HTTPClientError, ResponseParserError)):
        aws.client("sts").get_caller_identity()
    assert aws.client("sts").get_caller_identity()


@pytest.mark.parametrize("kind", ["garbage", "html"])
def test_answers_that_are_not_from_aws(aws, kind):
    aws.fault(kind, "sts")
    with pytest.raises((ResponseParserError, KeyError)):
        aws.client("sts").get_caller_identity()["Arn"]
    assert aws.client("sts").get_caller_identity()


def test_calls_are_listed_oldest_first_with_who_and_what(aws):
    aws.client("sts").get_caller_identity()
    with pytest.raises(ClientError):
        aws.assume("arn:aws:iam::999900001111:role/PowerUser")
    last, latest = aws.control("GET", "calls")[-2:]
    assert last | {"at": 0} == {
        "at": 0,
        "service": "sts",
        "action": "GetCallerIdentity",
        "account": "444455556666",
        "arn": "arn:aws:iam::444455556666:user/DevUser",
        "code": "",
    }
    assert (latest["action"], latest["code"]) == ("AssumeRole", "AccessDenied")
    assert last["at"] <= latest["at"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("clock", b'{"offset": 1' + b"0" * 400 + b"}"),
        ("clock", b'{"offset": 1e15}'),
        ("clock", b'{"lifetime": 1e15}'),
        ("clock", b"[" * 100000),
        ("clock", b"\xff"),
        ("fault", b'{"kind": ["slow"]}'),
        ("fault", b'{"kind": "slow", "arg": 1e300}'),
        ("fault", b'{"kind": "slow", "arg": 1' + b"0" * 400 + b"}"),
    ],
)
def test_what_no_clock_can_show_is_refused_with_a_sentence(aws, path, body):
    with closing(http.client.HTTPConnection(aws.url.removeprefix("http://"))) as connection:
        connection.request("POST", f"/_demo/{path}", body, {"x-roledeck-demo": aws.secret})
        answer = connection.getresponse()
        assert answer.status == 400
        assert len(json.loads(answer.read())["message"]) > 10
    assert (aws.gate.offset, aws.gate.lifetime) == (0, None)
