"""A start page of one's own, and a person who is signed in there."""

from __future__ import annotations

import json
import time
from types import SimpleNamespace

import pytest

from tui_app.aws.door import AwsDoor
from tui_app.catalog.load import load_catalog
from tui_app.clock import rfc3339
from tui_app.sessions.sign_in.token_files import TokenFiles, token_name


@pytest.fixture
def door(aws):
    return AwsDoor(aws.url)


@pytest.fixture
def start_page(environ):
    """The demo's sign-in as the files have it."""
    return load_catalog(environ).sign_ins["start-page"]


@pytest.fixture
def signed_in(aws, environ, start_page):
    """A token of the start page in the AWS CLI's own cache, as `aws sso login` leaves it."""
    token = f"aoa-test-{time.monotonic_ns()}"
    aws.embedded.service.identity_center._portal.admit(token, aws.gate.now() + 8 * 3600)
    folder = TokenFiles(environ).folder
    said = {
        "startUrl": start_page.start_url,
        "region": start_page.region,
        "accessToken": token,
        "expiresAt": rfc3339(time.time() + 8 * 3600),
    }
    folder.put(token_name(start_page) + ".json", json.dumps(said).encode())
    return SimpleNamespace(token=token, end=lambda: aws.embedded.service.identity_center._portal._tokens.pop(token))
