"""Credentials that renew, lent to real programs: who they are, how long that lasts, and what is left behind."""

from __future__ import annotations

import json
import os
import pathlib
import socket
import subprocess
import sys
import time
from collections.abc import Mapping

import pytest

from tui_app.catalog.load import load_catalog
from tui_app.errors import WrongIdentity
from tui_app.handover.lending import Lending, Loan
from tui_app.secret import Secret
from tui_app.sessions.broker import Broker, Wanted
from tui_app.sessions.errand import no_code

ROLE = "production/cross-account/CrossAccountDeveloperRole"
NAMED = "arn:aws:sts::111122223333:assumed-role/CrossAccountDeveloperRole/"
WHO = "import boto3; print(boto3.Session().get_credentials().method, boto3.client('sts').get_caller_identity()['Arn'])"


@pytest.fixture
def lend(environ, tmp_path):
    """Lends the role to a child of the given parent environment; taken back at the end."""
    made: list[Lending] = []

    def lent(name: str = ROLE, ask=no_code, clock=time.time, agree=None, **more: str) -> Lending:
        parent = {**os.environ, **environ, "XDG_RUNTIME_DIR": str(tmp_path), **more}
        catalog = load_catalog(environ)
        broker = Broker(catalog, environ, clock=clock, ask_consent=agree)
        role = catalog.role(name)
        assert role is not None
        session = broker.obtain(role, Wanted(), ask)
        lending = Lending(broker, catalog, parent, Loan(role, session, Wanted(), "eu-west-1", environ["ROLEDECK_ENDPOINT_URL"]), clock)
        made.append(lending)
        return lending

    yield lent
    for lending in made:
        lending.close()


def who(variables: Mapping[str, str]) -> str:
    """Whom botocore takes itself for in that environment."""
    return subprocess.run([sys.executable, "-c", WHO], env=dict(variables), capture_output=True, text=True, check=True).stdout


def test_a_program_is_the_role_by_the_loopback_endpoint(lend):
    child = lend().child.variables
    assert who(child).startswith(f"container-role {NAMED}")
    assert not [name for name in ("AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN", "AWS_PROFILE") if name in child]
    assert child["ROLEDECK_ROLE"] == ROLE


SHAPES = {
    "keys of another in the environment": {"AWS_ACCESS_KEY_ID": "AKIASOMEBODYELSE0000", "AWS_SECRET_ACCESS_KEY": "x"},
    "a profile in the environment": {"AWS_PROFILE": "dev"},
    "another container": {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/credentials/else"},
    "web identity": {"AWS_ROLE_ARN": "arn:aws:iam::111122223333:role/Else", "AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere"},
    "a bearer token": {"AWS_BEARER_TOKEN_BEDROCK": "token"},
    "a proxy": {"HTTP_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"},
}


@pytest.mark.parametrize("more", SHAPES.values(), ids=SHAPES)
def test_what_the_parent_has_does_not_make_the_child_somebody_else(lend, more):
    assert NAMED in who(lend(**more).child.variables)


def test_default_keys_in_the_users_own_files_do_not_either(lend, environ, tmp_path):
    keys = "[default]\naws_access_key_id = AKIASOMEBODYELSE0000\naws_secret_access_key = x\n"
    for name in ("config", "credentials"):
        (tmp_path / name).write_text(keys)
    more = {"AWS_CONFIG_FILE": str(tmp_path / "config"), "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials")}
    child = lend(**more).child.variables
    assert NAMED in who(child)
    assert "AKIASOMEBODYELSE" not in pathlib.Path(child["AWS_CONFIG_FILE"]).read_text()


def test_a_child_that_would_be_somebody_else_is_not_started(lend, monkeypatch):
    monkeypatch.setattr("tui_app.handover.lending.is_role", lambda *_: False)
    with pytest.raises(WrongIdentity, match="would be"):
        lend()


def test_afterwards_there_is_neither_port_nor_file(lend, tmp_path):
    lending = lend()
    url = lending.child.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"]
    token = lending.child.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"]
    assert os.stat(token).st_mode & 0o777 == 0o600
    assert os.stat(os.path.dirname(token)).st_mode & 0o777 == 0o700
    lending.close()
    lending.close()
    assert not list(tmp_path.glob("roledeck-lent-*"))
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", int(url.split(":")[2].partition("/")[0])), 1)


def test_the_token_is_in_no_variable(lend):
    child = lend().child.variables
    token = pathlib.Path(child["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"]).read_text()
    assert token not in json.dumps(dict(child))


ADMIN = "production/AdminRole"


class Clock:
    """The machine's clock, and so many seconds more."""

    def __init__(self) -> None:
        self.more = 0.0

    def __call__(self) -> float:
        return time.time() + self.more


def test_a_role_with_a_code_says_until_when_and_goes_on_for_as_long_as_its_mfa_session_lives(aws, lend, wait_for):
    clock, code = Clock(), aws.code()
    lending = lend(ADMIN, lambda _: Secret(code), clock)
    assert f"; roledeck assume --fresh {ADMIN} in another terminal gives it one." in lending.lasting
    assert lending.lasting.startswith("Without another code this lasts until ")
    first, before, codes = lending.session, len(aws.calls("AssumeRole")), len(aws.calls("GetSessionToken"))
    clock.more = first.credentials.expires - first.issued - 600
    wait_for(lambda: lending.session is not first)
    assert (len(aws.calls("AssumeRole")), len(aws.calls("GetSessionToken"))) == (before + 1, codes)


def test_one_whose_code_has_to_be_typed_takes_what_another_terminal_got(aws, lend, environ, wait_for):
    clock, codes = Clock(), [aws.code(), aws.code()]
    text = pathlib.Path(environ["ROLEDECK_CONFIG"]).read_text().replace('mfa = "auto"', 'mfa = "direct"')
    pathlib.Path(environ["ROLEDECK_CONFIG"]).write_text(text)
    lending = lend(ADMIN, lambda _: Secret(codes.pop(0)), clock)
    first, before = lending.session, len(aws.calls("AssumeRole"))
    assert first.renews == "asks"
    clock.more = first.credentials.expires - first.issued - 600
    catalog = load_catalog(environ)
    later = Clock()
    later.more = 61
    role = catalog.role(ADMIN)
    # a session that ends in the same second as the one in use would bring the child nothing
    aws.advance(2)
    Broker(catalog, environ, clock=later).obtain(role, Wanted(fresh=True), lambda _: Secret(codes.pop(0)))
    wait_for(lambda: lending.session is not first)
    assert len(aws.calls("AssumeRole")) == before + 1


def test_a_role_without_codes_says_nothing(lend):
    assert lend().lasting == ""


def test_a_program_that_prints_codes_renews_it(aws, lend, environ, tmp_path, wait_for):
    config = pathlib.Path(environ["ROLEDECK_CONFIG"])
    printed, clock = tmp_path / "code", Clock()
    settings = f'mfa = "direct"\nmfa_command = ["/bin/cat", "{printed}"]'
    config.write_text(config.read_text().replace('mfa = "auto"', settings))
    printed.write_text(aws.code())
    lending = lend(ADMIN, clock=clock, agree=lambda _: True)
    assert lending.lasting.endswith("; mfa_command gives it one in time.")
    first = lending.session
    printed.write_text(aws.code())
    clock.more = first.credentials.expires - first.issued - 600
    wait_for(lambda: lending.session is not first)
