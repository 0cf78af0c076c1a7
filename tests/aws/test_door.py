"""The door to AWS: where requests go, what they carry, and what every kind of broken answer becomes."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from tui_app.aws import bounded
from tui_app.aws.door import AwsDoor, endpoint_from
from tui_app.errors import ConfigUnusable, OutOfReach, Refused, RoledeckError, SessionExpired
from tui_app.model import AccessKey
from tui_app.secret import Secret
from tui_app.sessions.request import AssumeRole
from tui_app.sessions.sts import assume_role

KEY = AccessKey("AKIAEXAMPLE", Secret("planted-secret-key"))
REQUEST = AssumeRole("arn:aws:iam::111122223333:role/path/Dev", "me", 3600, external_id=Secret("planted-external-id"))
NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"
KEYS = "<AccessKeyId>ASIAX</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
USER = "<AssumedRoleUser><AssumedRoleId>AROAX:me</AssumedRoleId><Arn>arn:aws:sts::111122223333:assumed-role/Dev/me</Arn></AssumedRoleUser>"
END = "<Expiration>2030-01-01T00:00:00Z</Expiration>"


def error(code: str, message: str) -> str:
    inner = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error><RequestId>r-1</RequestId>"
    return f'<ErrorResponse xmlns="{NAMESPACE}">{inner}</ErrorResponse>'


def result(inner: str) -> str:
    return f'<AssumeRoleResponse xmlns="{NAMESPACE}"><AssumeRoleResult>{inner}</AssumeRoleResult></AssumeRoleResponse>'


def identity_of(account: str) -> str:
    inner = f"<Arn>arn:aws:iam::444455556666:user/Dev</Arn><UserId>AIDAX</UserId><Account>{account}</Account>"
    outer = f"<GetCallerIdentityResult>{inner}</GetCallerIdentityResult>"
    return f'<GetCallerIdentityResponse xmlns="{NAMESPACE}">{outer}</GetCallerIdentityResponse>'


def credentials(inner: str) -> str:
    return result(f"<Credentials>{inner}</Credentials>{USER}")


BROKEN: dict[str, tuple[int, str, str, str]] = {
    "empty": (200, "", "text/xml", ""),
    "captive portal": (200, "<html><body>Please sign in</body></html>", "text/html", ""),
    "captive portal, not closed": (200, "<html><body><br>Please sign in", "text/html", ""),
    "redirect": (302, "<html>moved</html>", "text/html", ""),
    "proxy wants a sign-in": (407, "<html>proxy</html>", "text/html", ""),
    "too many, from a proxy": (429, "<html>slow</html>", "text/html", ""),
    "gateway page": (502, "<html>Bad Gateway</html>", "text/html", ""),
    "json": (200, "{}", "application/json", ""),
    "binary": (200, "\x00\x01not xml", "application/octet-stream", ""),
    "cut off": (200, credentials(KEYS + END) + " " * 400, "text/xml", "cut"),
    "dropped": (200, "", "text/xml", "drop"),
    "no credentials": (200, result(USER), "text/xml", ""),
    "no result": (200, f'<AssumeRoleResponse xmlns="{NAMESPACE}"></AssumeRoleResponse>', "text/xml", ""),
    "no expiry": (200, credentials(KEYS), "text/xml", ""),
    "date is NaN": (200, credentials(KEYS + "<Expiration>NaN</Expiration>"), "text/xml", ""),
    "date is a fruit": (200, credentials(KEYS + "<Expiration>banana</Expiration>"), "text/xml", ""),
    "empty key": (
        200,
        credentials("<AccessKeyId></AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>" + END),
        "text/xml",
        "",
    ),
    "token with a line break": (
        200,
        credentials("<AccessKeyId>A</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t\nx</SessionToken>" + END),
        "text/xml",
        "",
    ),
    "no assumed role": (200, result(f"<Credentials>{KEYS}{END}</Credentials>"), "text/xml", ""),
    "internal failure": (500, error("InternalFailure", "x"), "text/xml", ""),
    "unavailable": (503, error("ServiceUnavailable", "x"), "text/xml", ""),
    "throttled": (400, error("Throttling", "Rate exceeded"), "text/xml", ""),
}


def send(door: AwsDoor, request: AssumeRole = REQUEST) -> Any:
    return assume_role(door, KEY, request, "eu-west-1")


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_answer_is_out_of_reach_with_a_sentence(stub, kind, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    status, body, content_type, stub.mode = BROKEN[kind]
    stub.says(status, body, content_type)

    with pytest.raises(OutOfReach) as caught:
        send(AwsDoor(stub.url))

    sentence = caught.value.sentence()
    assert sentence.endswith(".")
    assert "Error" not in sentence
    assert "planted" not in sentence
    assert "sign in" not in sentence.replace("sign-in", ""), "a foreign body must not reach the message"
    assert caught.value.__cause__ is None


def test_a_slow_answer_runs_into_the_time_limit(stub):
    stub.mode = "slow"

    with pytest.raises(OutOfReach, match="did not answer in time") as caught:
        AwsDoor(stub.url).call("sts", "GetCallerIdentity", region="eu-west-1", key=KEY, parameters={}, read_timeout=0.2, retry=False)

    assert caught.value.sent


def test_nobody_listening_is_out_of_reach_and_nothing_was_sent():
    with pytest.raises(OutOfReach) as caught:
        send(AwsDoor("http://127.0.0.1:9"))

    assert not caught.value.sent


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
    door.forget()
    assert not door._clients


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


@pytest.mark.parametrize(("status", "code"), [(500, "InternalServerException"), (500, "ServiceFailure"), (503, "Busy"), (504, "x")])
def test_any_fault_of_a_service_is_out_of_reach_and_no_refusal(stub, status, code, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    stub.says(status, json.dumps({"message": "it broke"}), "application/json")
    stub.more = {"x-amzn-errortype": code}

    with pytest.raises(OutOfReach) as caught:
        AwsDoor(stub.url).call(
            "sso-oidc", "RegisterClient", region="eu-west-1", key=None, parameters={"clientName": "x", "clientType": "public"}
        )

    assert caught.value.cause == "broken"


def test_a_filters_page_is_not_taken_for_a_denial_of_aws(stub):
    stub.says(403, "<html>This site is blocked</html>", "text/html")

    with pytest.raises(OutOfReach, match="not an answer of AWS"):
        send(AwsDoor(stub.url))


def test_an_answer_that_never_ends_is_given_up_on(stub, monkeypatch):
    monkeypatch.setattr(bounded, "LARGEST", 10_000)
    stub.says(200, credentials(KEYS + END) + " " * 20_000)

    with pytest.raises(OutOfReach, match="far larger than any of AWS"):
        send(AwsDoor(stub.url))


def test_a_host_that_never_answers_is_given_up_on_by_the_whole_time_it_takes():
    with pytest.raises(ReadTimeoutError):
        bounded.BoundedSession(BoundedProbe(), BoundedProbe.patience).send(SimpleNamespace(url="https://x", stream_output=False))


class BoundedProbe:
    """An HTTP session that hangs, as a name server does that never answers."""

    patience = 0.2
    hung = threading.Event()

    def send(self, _request):
        self.hung.wait(2)


def test_a_proxy_that_lets_nothing_through_is_told(stub, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setattr("time.sleep", lambda _seconds: None)

    with pytest.raises(OutOfReach, match="The proxy cannot be reached, or lets nothing through") as caught:
        AwsDoor().caller_identity(KEY, "eu-west-1")

    assert not caught.value.sent
