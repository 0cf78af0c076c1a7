"""The embedded AWS apart, as the screen has it: its authenticator answers at once and is right, and its end is heard of."""

from __future__ import annotations

import http.client
import json
import os
import signal
import urllib.parse
import urllib.request

import pytest

from tui_app.embedded_aws.apart import AwsApart
from tui_app.errors import OutOfReach, RoledeckError, UsageError

DEVICE = "arn:aws:iam::444455556666:mfa/DevUser"


@pytest.fixture
def apart(bare_environ, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with AwsApart(bare_environ) as running:
        yield running


def steer(apart, method, path, body=None):
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(f"{apart.url}/_demo/{path}", data, {"x-roledeck-demo": apart.secret}, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())


def device_says(apart, serial=DEVICE):
    return steer(apart, "GET", f"code?serial={urllib.parse.quote(serial)}")["code"]


def test_the_code_is_there_before_the_aws_and_is_the_one_it_takes(apart, wait_for):
    code, seconds = apart.code(DEVICE)
    assert len(code) == 6
    assert 1 <= seconds <= 30
    wait_for(lambda: apart.code(DEVICE)[0] == device_says(apart))


def test_the_authenticator_follows_the_demos_clock(apart, wait_for):
    before = apart.code(DEVICE)[0]
    for offset in (86_400 * 3, 0):
        steer(apart, "POST", "clock", {"offset": offset})
        wait_for(lambda: apart.code(DEVICE)[0] == device_says(apart))
        if offset:
            assert apart.code(DEVICE)[0] != before


def test_a_device_that_is_made_in_the_demo_is_known_a_moment_later(apart, wait_for):
    serial = "arn:aws:iam::444455556666:mfa/of-mine"
    assert apart.code(serial) is None
    connection = http.client.HTTPConnection(apart.url.removeprefix("http://"), timeout=60)
    connection.request(
        "POST",
        "/",
        "Action=CreateVirtualMFADevice&VirtualMFADeviceName=of-mine&Version=2010-05-08",
        {
            "x-moto-account-id": "444455556666",
            "x-roledeck-demo": apart.secret,
            "content-type": "application/x-www-form-urlencoded",
            "authorization": "AWS4-HMAC-SHA256 Credential=seed/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0",
        },
    )
    assert connection.getresponse().status == 200
    connection.close()
    wait_for(lambda: (apart.code(serial) or [""])[0] == device_says(apart, serial))


def test_a_device_that_nobody_has_shows_nothing(apart):
    steer(apart, "GET", "calls")
    assert apart.code("arn:aws:iam::444455556666:mfa/nobody") is None
    assert apart.code("no device at all") is None


def test_whoever_watches_hears_of_its_end_once_it_has_come_or_later(apart, tmp_path, wait_for):
    heard: list[RoledeckError] = []
    apart.watch(heard.append)
    failure = UsageError("This is something else.")
    assert apart.cause_of(failure) is failure
    os.kill(apart._process.pid, signal.SIGKILL)
    wait_for(lambda: heard)
    apart.watch(heard.append)
    assert heard[0] is heard[1] is apart.trouble
    assert "signal 9" in heard[0].message
    assert apart.cause_of(OutOfReach("Nobody answers.")) is apart.trouble
    assert apart.cause_of(failure) is failure
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(apart.url, timeout=10)
    assert apart.code(DEVICE) is not None
    assert apart.code("arn:aws:iam::444455556666:mfa/of-mine") is None


def test_an_end_that_was_asked_for_is_no_trouble(bare_environ, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    heard: list[RoledeckError] = []
    with AwsApart(bare_environ) as apart:
        apart.watch(heard.append)
        assert os.path.isdir(os.path.dirname(apart.environment()["ROLEDECK_CONFIG"]))
    apart.close()
    assert apart.trouble is None
    assert heard == []
    assert list(tmp_path.glob("roledeck-demo-*")) == []
    assert apart._process.returncode == -signal.SIGKILL


def test_what_comes_before_it_can_answer_waits_and_is_answered(apart):
    assert steer(apart, "GET", "calls") == []
