"""`roledeck env`: variables for every reader, and no secret on a terminal that nobody asked for."""

from __future__ import annotations

import configparser
import json
import pathlib
import subprocess
import sys

import pytest

from tui_app.cli.main import dispatch
from tui_app.handover.formats import FORMATS

ROLE = "staging-readonly"
ROOT = str(pathlib.Path(__file__).parents[2])


@pytest.fixture
def printed(environ, capsys):
    """What `env` prints in a format, and beside it."""

    def run(form, **more):
        assert dispatch(["env", ROLE, "--format", form], {**environ, **more}) == 0
        return capsys.readouterr()

    return run


@pytest.fixture
def secret(environ, capsys):
    assert dispatch(["env", ROLE, "--format", "json"], environ) == 0
    return json.loads(capsys.readouterr().out)["AWS_SECRET_ACCESS_KEY"]


def test_a_terminal_gets_them_only_when_it_asks(environ, on_terminal, secret):
    words = [sys.executable, "-m", "tui_app", "env", ROLE]
    program = on_terminal(words, **environ)
    assert program.exit_code() == 2
    assert "would show the secrets" in program.seen
    assert secret not in program.seen
    program = on_terminal([*words, "--show"], **environ)
    assert program.exit_code() == 0
    assert secret in program.seen


def test_a_refusal_asks_for_no_session(aws, environ, on_terminal):
    before = len(aws.calls())
    assert on_terminal([sys.executable, "-m", "tui_app", "env", ROLE], **environ).exit_code() == 2
    assert len(aws.calls()) == before


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_carries_the_same_values(printed, secret, form):
    out = printed(form).out
    assert secret in out
    if form == "json":
        assert json.loads(out).keys() >= {"AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN", "AWS_CREDENTIAL_EXPIRATION", "AWS_REGION"}
    if form == "ini":
        parser = configparser.RawConfigParser()
        parser.read_string(out)
        assert parser[ROLE]["aws_secret_access_key"] == secret


@pytest.mark.parametrize(("form", "says"), [("sh", "is unset along with this"), ("dotenv", "is set here")])
def test_what_would_send_them_elsewhere_is_told(printed, form, says):
    said = printed(form, AWS_ENDPOINT_URL_S3="http://elsewhere")
    assert f"AWS_ENDPOINT_URL_S3 {says}" in said.err
    assert ("unset AWS_ENDPOINT_URL_S3" in said.out) == (form == "sh")


def test_evaluated_in_a_shell_that_was_somebody_else_it_is_the_role(environ):
    polluted = {"AWS_PROFILE": "dev", "AWS_SECURITY_TOKEN": "old", "AWS_ACCESS_KEY_ID": "AKIAOLDOLDOLDOLDOLD0", "PYTHONPATH": ROOT}
    who = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"
    script = f'eval "$({sys.executable} -m tui_app env {ROLE})" && {sys.executable} -c "{who}"'
    done = subprocess.run(["sh", "-c", script], env={**environ, **polluted}, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("arn:aws:sts::555566667777:assumed-role/ReadOnly/")


def test_an_unknown_format_is_exit_two(environ, capsys):
    assert dispatch(["env", ROLE, "--format", "toml"], environ) == 2
    assert "powershell" in capsys.readouterr().err
