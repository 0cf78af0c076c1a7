"""Somebody who signs in at the demo's start page, and the token that comes of it."""

from __future__ import annotations

import http.client
import time
from contextlib import closing
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from tui_app.aws.door import AwsDoor
from tui_app.model import Source, SsoSession
from tui_app.sessions.sign_in import device
from tui_app.sessions.sign_in.device import by_device
from tui_app.sessions.sign_in.oidc import Ground
from tui_app.sessions.sign_in.token_files import TokenFiles

ACCOUNT, PERMISSION_SET = "777700001111", "ReadOnlyAccess"


@pytest.fixture
def door(aws):
    return AwsDoor(aws.url)


@pytest.fixture
def hub(aws):
    return SsoSession("hub", f"{aws.url}/start", "eu-west-1")


@pytest.fixture
def ground(door, hub, bare_environ):
    return Ground(door, hub, TokenFiles(bare_environ), time.time)


@pytest.fixture
def approve(aws, get):
    """What a person does in the browser, given a prompt."""

    def do(prompt):
        if prompt.user_code:
            aws.control("POST", "approve", {"user_code": prompt.user_code})
            return
        get(prompt.link)
        state = parse_qs(urlsplit(prompt.link).query)["state"][0]
        get(aws.control("POST", "approve", {"state": state})["approved"])

    return do


@pytest.fixture
def at_once(monkeypatch):
    """Nothing waits between two questions to AWS."""
    monkeypatch.setattr(device, "pause", lambda _seconds, _stop: None)


@pytest.fixture
def signed_in(ground, approve, at_once):
    return by_device(ground, approve, lambda: False)


@pytest.fixture
def source(hub):
    details = {
        "sso_session": hub.name,
        "sso_start_url": hub.start_url,
        "sso_region": hub.region,
        "sso_account_id": ACCOUNT,
        "sso_role_name": PERMISSION_SET,
    }
    return Source("sso", "dev", details=details)


@pytest.fixture
def get():
    """`get(address)`: status, page and headers; `host` is the Host that is claimed."""

    def fetch(address, host=None):
        parts = urlsplit(address)
        with closing(http.client.HTTPConnection(parts.netloc, timeout=10)) as connection:
            connection.request("GET", f"{parts.path}?{parts.query}", headers={"Host": host} if host else {})
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), dict(answer.getheaders())

    return fetch


@pytest.fixture
def kept_with(ground, signed_in):
    """`kept_with(**changes)`: the token of who has signed in is on the disk, changed like that."""

    def keep(**changes):
        ground.files.keep_token(ground.sign_in, replace(signed_in, **changes))

    return keep
