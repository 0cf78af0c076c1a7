"""What every kind of broken, late or missing answer becomes at the door to AWS: one sentence, and another try where that may help."""

from __future__ import annotations

import json
import threading
from types import SimpleNamespace

import pytest
from botocore.exceptions import ReadTimeoutError

from tests.aws.sts_answers import END, KEY, KEYS, NAMESPACE, USER, credentials, error, identity_of, result, send
from tui_app.aws import bounded
from tui_app.aws.door import AwsDoor
from tui_app.errors import OutOfReach

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


@pytest.mark.parametrize("more", [{}, {"Transfer-Encoding": "chunked"}])
def test_an_answer_that_breaks_off_is_asked_for_again(stub, more, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    stub.says(200, identity_of("444455556666"))
    stub.more, stub.mode = more, "cut"

    with pytest.raises(OutOfReach, match="broke off"):
        AwsDoor(stub.url).caller_identity(KEY)

    assert len(stub.requests) == 3


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


@pytest.mark.parametrize("status", [401, 403, 404])
@pytest.mark.parametrize(("service", "operation"), [("sqs", "ListQueues"), ("s3", "ListBuckets"), ("lambda", "ListFunctions")])
def test_a_page_that_forbids_is_no_refusal_of_aws_in_whatever_protocol(stub, service, operation, status):
    stub.says(status, "<html><body>Blocked by the network, planted</body></html>", "text/html")

    with pytest.raises(OutOfReach, match="is not an answer of AWS") as caught:
        AwsDoor(stub.url).call(service, operation, region="eu-west-1", key=KEY, parameters={}, retry=False)

    assert caught.value.cause == "not_aws"
    assert "planted" not in caught.value.sentence()
