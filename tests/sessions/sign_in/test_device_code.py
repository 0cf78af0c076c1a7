"""Signing in by a code that is typed into any browser."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest

from tui_app.aws.door import AwsDoor
from tui_app.errors import Cancelled, ConfigUnusable, Refused, RoledeckError
from tui_app.model import SsoSession
from tui_app.secret import Secret
from tui_app.sessions.sign_in import device
from tui_app.sessions.sign_in.device import by_device
from tui_app.sessions.sign_in.oidc import Ground, registration
from tui_app.sessions.sign_in.token_files import TokenFiles


def never():
    return False


def test_a_device_code_signs_in_and_the_token_is_kept(ground, approve, signed_in):
    assert ground.files.token(ground.sign_in).access == signed_in.access
    assert signed_in.left(time.time()) > 7 * 3600
    assert signed_in.renews(time.time())


def test_a_registration_is_used_again(aws, ground, approve, at_once):
    before = len(aws.calls("RegisterClient"))
    by_device(ground, approve, never)
    by_device(ground, approve, never)
    assert len(aws.calls("RegisterClient")) == before + 1


def test_a_registration_that_aws_has_forgotten_is_made_anew(ground, approve, at_once):
    client = registration(ground, ())
    ground.files.keep_registration(ground.sign_in, replace(client, client_secret=Secret("forgotten")))
    assert by_device(ground, approve, never)


def test_the_code_is_asked_for_until_it_is_approved_and_more_slowly_when_aws_says_so(aws, ground, approve, monkeypatch):
    waits = []
    shown = []

    def pause(seconds, stop):
        waits.append(round(seconds))
        if len(waits) == 4:
            approve(shown[0])

    monkeypatch.setattr(device, "pause", pause)
    assert by_device(ground, shown.append, never)
    assert waits[:4] == [1, 1, 6, 11]


@pytest.mark.parametrize("kind", ["500", "drop", "garbage", "html", "truncate", "throttle"])
def test_a_network_that_stumbles_does_not_end_the_waiting(aws, ground, approve, monkeypatch, kind):
    shown, waits = [], []

    def show(prompt):
        shown.append(prompt)
        aws.fault(kind, "sso-oidc:CreateToken", times=2)

    def pause(seconds, stop):
        waits.append(seconds)
        if len(waits) == 4:
            approve(shown[0])

    monkeypatch.setattr(device, "pause", pause)
    assert by_device(ground, show, never)
    assert len(waits) >= 4


def test_a_code_that_ran_out_is_a_sentence(aws, ground, at_once):
    with pytest.raises(Refused, match="not approved in time"):
        by_device(ground, lambda _: aws.advance(601), never)


def test_waiting_can_be_cancelled(ground):
    cancelled = threading.Event()
    with pytest.raises(Cancelled):
        by_device(ground, lambda _: cancelled.set(), cancelled.is_set)
    assert ground.files.token(ground.sign_in) is None


def test_waiting_ends_by_itself(ground, monkeypatch):
    monkeypatch.setattr(device, "LONGEST_WAIT", 1)
    with pytest.raises(RoledeckError, match="not approved in time"):
        by_device(ground, lambda _: None, never)


@pytest.mark.parametrize(
    "page", ["http://elsewhere.example/start", "https://me:word@x.awsapps.com/start", "javascript:alert(1)", "https://a b"]
)
def test_a_start_page_that_is_no_https_address_is_refused(ground, page):
    with pytest.raises(ConfigUnusable, match="start URL"):
        by_device(replace(ground, sign_in=SsoSession("hub", page, "eu-west-1")), lambda _: None, never)


def test_a_loopback_start_page_is_only_for_a_loopback_aws(bare_environ, hub):
    real = Ground(AwsDoor(None), hub, TokenFiles(bare_environ), time.time)
    with pytest.raises(ConfigUnusable, match="start URL"):
        by_device(real, lambda _: None, never)
