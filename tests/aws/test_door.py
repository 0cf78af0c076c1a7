"""The door to AWS: where requests go, what they carry, how often they are sent, and what refusals become."""

from __future__ import annotations

import json
import subprocess
import sys
import threading

import pytest

from tests.aws.sts_answers import END, KEY, KEYS, REQUEST, credentials, error, identity_of, send
from tui_app.aws.door import AwsDoor, endpoint_from
from tui_app.errors import ConfigUnusable, OutOfReach, Refused, RoledeckError, SessionExpired
from tui_app.secret import Secret
from tui_app.sessions.request import AssumeRole

REFUSALS = {
    "AccessDenied": "User: arn:aws:iam::444455556666:user/DevUser is not authorized to perform: sts:AssumeRole on resource: arn:x",
    "InvalidClientTokenId": "The security token included in the request is invalid",
    "SignatureDoesNotMatch": "Signature expired: 20220127T001427Z is now earlier than 20220127T014428Z (20220127T015928Z - 15 min.)",
    "RegionDisabledException": "STS is not activated in this region for account:123456789012.",
    "ValidationError": "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
}


@pytest.mark.parametrize("code", REFUSALS)
def test_a_refusal_is_told_and_never_sent_again(stub, code):
    stub.says(403, error(code, REFUSALS[code]))

    with pytest.raises(Refused) as caught:
        send(AwsDoor(stub.url))

    assert caught.value.code == code
    assert caught.value.aws_message == REFUSALS[code]
    assert caught.value.request_id == "r-1"
    assert caught.value.next_step
    assert len(stub.requests) == 1


def test_expired_credentials_are_told_apart(stub):
    stub.says(403, error("ExpiredToken", "The security token included in the request is expired"))

    with pytest.raises(SessionExpired):
        send(AwsDoor(stub.url))


def test_terminal_controls_in_a_refusal_are_cleaned(stub):
    stub.says(403, error("AccessDenied", "no &#x85;&#x202e;[b]bold[/b]"))

    with pytest.raises(Refused) as caught:
        send(AwsDoor(stub.url))

    assert "\x85" not in caught.value.aws_message
    assert "\u202e" not in caught.value.aws_message


@pytest.mark.parametrize(("code", "tries"), [(None, 3), (Secret("123456"), 1)])
def test_a_fault_is_tried_three_times_but_a_code_is_sent_once(stub, code, tries, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    stub.says(500, error("InternalFailure", "x"))
    request = AssumeRole(REQUEST.role_arn, "me", 3600, serial="arn:aws:iam::444455556666:mfa/Dev" if code else None, code=code)

    with pytest.raises(OutOfReach):
        send(AwsDoor(stub.url), request)

    assert len(stub.requests) == tries


def test_a_role_is_assumed_with_every_parameter(stub):
    stub.says(200, credentials(KEYS + END))
    request = AssumeRole(
        "arn:aws:iam::111122223333:role/path/Dev",
        "me@host",
        900,
        external_id=Secret("ext"),
        serial="arn:aws:iam::444455556666:mfa/Dev",
        code=Secret("012345"),
        source_identity="me",
        tags=(("team", "payments"),),
        transitive_tags=("team",),
        policy='{"Version": "2012-10-17"}',
        policy_arns=("arn:aws:iam::aws:policy/ReadOnlyAccess",),
    )
    request.check({})

    got, identity = send(AwsDoor(stub.url), request)

    assert got.key.id == "ASIAX"
    assert got.expires == 1893456000
    assert identity.arn == "arn:aws:sts::111122223333:assumed-role/Dev/me"
    sent = stub.requests[0]
    sent.pop("Version")
    assert sent == {
        "Action": "AssumeRole",
        "RoleArn": "arn:aws:iam::111122223333:role/path/Dev",
        "RoleSessionName": "me@host",
        "DurationSeconds": "900",
        "ExternalId": "ext",
        "SerialNumber": "arn:aws:iam::444455556666:mfa/Dev",
        "TokenCode": "012345",
        "SourceIdentity": "me",
        "Tags.member.1.Key": "team",
        "Tags.member.1.Value": "payments",
        "TransitiveTagKeys.member.1": "team",
        "Policy": '{"Version": "2012-10-17"}',
        "PolicyArns.member.1.arn": "arn:aws:iam::aws:policy/ReadOnlyAccess",
    }


def test_nothing_of_the_environment_reaches_a_client(stub, monkeypatch, tmp_path):
    hostile = tmp_path / "config"
    keys = "aws_access_key_id = AKIAOTHER\naws_secret_access_key = x\n"
    hostile.write_text(f"[default]\nregion = mars-1\nendpoint_url = http://127.0.0.1:9\n{keys}[profile broken\n")
    for name, value in {
        "AWS_CONFIG_FILE": str(hostile),
        "AWS_SHARED_CREDENTIALS_FILE": str(hostile),
        "AWS_PROFILE": "not-there",
        "AWS_ACCESS_KEY_ID": "AKIAENVIRONMENT",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_SESSION_TOKEN": "planted-token",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_ENDPOINT_URL_STS": "http://127.0.0.1:9",
        "AWS_BEARER_TOKEN_STS": "planted-bearer",
        "HTTP_PROXY": "http://127.0.0.1:9",
        "AWS_DATA_PATH": str(tmp_path),
    }.items():
        monkeypatch.setenv(name, value)
    stub.says(200, credentials(KEYS + END))

    send(AwsDoor(stub.url))

    assert "Credential=AKIAEXAMPLE/" in stub.headers[0]["Authorization"]
    assert "planted" not in str(stub.headers[0])


def test_a_request_without_a_key_is_not_signed(stub):
    stub.says(200, "{}", "application/json")

    AwsDoor(stub.url).call(
        "sso-oidc", "RegisterClient", region="eu-west-1", key=None, parameters={"clientName": "x", "clientType": "public"}
    )

    assert "Authorization" not in stub.headers[0]


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com",
        "ftp://127.0.0.1",
        "127.0.0.1:80",
        "http://",
        "http://user@127.0.0.1/",
        "http://127.0.0.1.evil.example/",
        "https://[",
        "http://[::1",
    ],
)
def test_an_endpoint_is_https_or_this_machine(url):
    with pytest.raises(ConfigUnusable):
        AwsDoor(url)


@pytest.mark.parametrize("url", ["https://proxy.example/aws", "http://127.0.0.1:4566", "http://localhost:1", "http://[::1]:1"])
def test_usable_endpoints(url):
    assert AwsDoor(url).endpoint_url == url


def test_the_variable_wins_over_the_config():
    assert endpoint_from({"ROLEDECK_ENDPOINT_URL": "http://a"}, "http://b") == "http://a"
    assert endpoint_from({"ROLEDECK_ENDPOINT_URL": ""}, "http://b") == "http://b"
    assert endpoint_from({}, "") is None


def test_threads_share_one_client(stub):
    stub.says(200, identity_of("444455556666"))
    door, found = AwsDoor(stub.url), []
    threads = [threading.Thread(target=lambda: found.append(door.caller_identity(KEY, "eu-west-1").arn)) for _ in range(12)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == ["arn:aws:iam::444455556666:user/Dev"] * 12
    assert len(door._clients) == 1


@pytest.mark.parametrize("account", ["", "12", "44445555666x", "٤٤٤٤٥٥٥٥٦٦٦٦"])
def test_an_identity_with_an_odd_account_is_not_believed(stub, account):
    stub.says(200, identity_of(account), "text/xml; charset=utf-8")

    with pytest.raises(OutOfReach):
        AwsDoor(stub.url).caller_identity(KEY)


@pytest.mark.parametrize("endpoint", [None, "http://127.0.0.1:9"])
@pytest.mark.parametrize("region", ["not a region", "evil.example/", "eu_west_1"])
def test_a_region_that_is_none_is_told(region, endpoint):
    with pytest.raises(ConfigUnusable, match=f"^{region} is not a region"):
        AwsDoor(endpoint).call("sts", "GetCallerIdentity", region=region, key=KEY, parameters={})


def test_a_service_that_botocore_does_not_know_is_one_sentence():
    with pytest.raises(RoledeckError, match="does not know teleport:Beam"):
        AwsDoor("http://127.0.0.1:9").call("teleport", "Beam", region="eu-west-1", key=KEY, parameters={})


def test_the_light_loader_sends_each_partition_to_its_own_host():
    program = """
from botocore.loaders import Loader
from tui_app.aws.boto import closed_session
import json
answers = {}
for light in (True, False):
    session = closed_session(light=light)
    if not light:
        session.register_component("data_loader", Loader())
    for region in ("eu-west-1", "us-east-1", "cn-north-1", "us-gov-west-1", "eusc-de-east-1"):
        client = session.create_client("sts", region_name=region, aws_access_key_id="A", aws_secret_access_key="B")
        url = client.generate_presigned_url("get_caller_identity")
        answers.setdefault(region, set()).add((url.split("?")[0], url.split("Credential=")[1].split("%2F")[2]))
print(json.dumps({region: sorted(map(list, found)) for region, found in answers.items()}))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    answers = json.loads(done.stdout)
    assert {region: len(found) for region, found in answers.items()} == dict.fromkeys(answers, 1)
    assert answers["cn-north-1"] == [["https://sts.cn-north-1.amazonaws.com.cn/", "cn-north-1"]]


def test_importing_the_door_imports_no_boto():
    program = (
        "import sys, tui_app.aws.door, tui_app.sessions.obtain\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('boto3', 'botocore')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_throttling_is_tried_three_times_after_waits_that_differ(stub, monkeypatch):
    waits = []
    monkeypatch.setattr("time.sleep", waits.append)
    stub.says(400, error("Throttling", "Rate exceeded"))
    door = AwsDoor(stub.url)

    for _ in range(8):
        with pytest.raises(OutOfReach) as caught:
            send(door)
        assert caught.value.cause == "throttled"

    assert len(stub.requests) == 8 * 3
    assert len(waits) == 8 * 2
    assert all(0 <= first <= 1 for first in waits[::2])
    assert all(0 <= second <= 2 for second in waits[1::2])
    assert len(set(waits)) == len(waits), "full jitter: callers who were throttled together do not come back together"


def test_a_proxy_that_lets_nothing_through_is_told(stub, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setattr("time.sleep", lambda _seconds: None)

    with pytest.raises(OutOfReach, match="The proxy cannot be reached, or lets nothing through") as caught:
        AwsDoor().caller_identity(KEY, "eu-west-1")

    assert not caught.value.sent
