"""One token, several who use it: processes, threads, botocore and the AWS CLI."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tui_app.errors import Refused
from tui_app.secret import Secret
from tui_app.sessions.sign_in import tokens
from tui_app.sessions.sign_in.token_files import token_name
from tui_app.sessions.sign_in.tokens import access_token

ACCOUNT, PERMISSION_SET = "777700001111", "ReadOnlyAccess"


WORKER = """
import os, sys, time
from tui_app.aws.door import AwsDoor
from tui_app.model import SsoSession
from tui_app.sessions.sign_in.tokens import access_token
door, hub = AwsDoor(sys.argv[1]), SsoSession("hub", sys.argv[1] + "/start", "eu-west-1")
print("ready", flush=True)
sys.stdin.readline()
print(access_token(door, hub, os.environ, time.time).access.reveal(), flush=True)
"""


def refreshes(aws):
    return aws.calls("sso-oidc:CreateToken")


def test_processes_renew_a_token_once(aws, bare_environ, ground, hub, kept_with):
    kept_with(expires=time.time() + 30)
    before = len(refreshes(aws))
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, aws.url], env=bare_environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    assert {worker.stdout.readline().strip() for worker in workers} == {"ready"}
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    got = {worker.communicate(timeout=30)[0].strip() for worker in workers}
    assert got == {ground.files.token(hub).access.reveal()}
    assert len(refreshes(aws)) == before + 1


def test_threads_renew_a_token_once(aws, door, bare_environ, ground, hub, kept_with):
    kept_with(expires=time.time() + 30)
    before, got = len(refreshes(aws)), []
    threads = [threading.Thread(target=lambda: got.append(access_token(door, hub, bare_environ, time.time).access)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(got) == {ground.files.token(hub).access}
    assert len(got) == 8
    assert len(refreshes(aws)) == before + 1


def test_a_token_that_the_aws_cli_renewed_in_the_meantime_is_taken(bare_environ, ground, signed_in, monkeypatch, kept_with):
    door, hub = ground.door, ground.sign_in
    kept_with(expires=time.time() + 30)
    theirs = replace(signed_in, access=Secret("theirs"), expires=time.time() + 28800)

    def refused(*_arguments, **_more):
        ground.files.keep_token(hub, theirs)
        raise Refused("spent", code="InvalidGrantException")

    monkeypatch.setattr(tokens, "create_token", refused)
    assert access_token(door, hub, bare_environ, time.time).access == Secret("theirs")


def test_botocore_takes_our_token(aws, bare_environ, signed_in, hub):
    aws_folder = Path(bare_environ["HOME"]) / ".aws"
    (aws_folder / "config").write_text(
        f"[sso-session hub]\nsso_start_url = {hub.start_url}\nsso_region = eu-west-1\n"
        f"[profile dev]\nsso_session = hub\nsso_account_id = {ACCOUNT}\nsso_role_name = {PERMISSION_SET}\nregion = eu-west-1\n"
    )
    program = "import boto3; print(boto3.Session(profile_name='dev').client('sts').get_caller_identity()['Arn'])"
    environ = bare_environ | {"AWS_ENDPOINT_URL": aws.url}
    done = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, text=True, check=False, timeout=60)
    assert f"assumed-role/AWSReservedSSO_{PERMISSION_SET}_" in done.stdout, done.stderr


@pytest.mark.program("aws")
def test_the_aws_cli_takes_our_token(aws, bare_environ, signed_in, hub):
    aws_folder = Path(bare_environ["HOME"]) / ".aws"
    (aws_folder / "config").write_text(
        f"[sso-session hub]\nsso_start_url = {hub.start_url}\nsso_region = eu-west-1\n"
        f"[profile dev]\nsso_session = hub\nsso_account_id = {ACCOUNT}\nsso_role_name = {PERMISSION_SET}\nregion = eu-west-1\n"
    )
    words = ["aws", "--profile", "dev", "--endpoint-url", aws.url, "sts", "get-caller-identity", "--output", "json"]
    environ = bare_environ | {"AWS_ENDPOINT_URL": aws.url}
    done = subprocess.run(words, env=environ, capture_output=True, text=True, check=False, timeout=60)
    assert json.loads(done.stdout)["Account"] == ACCOUNT, done.stderr


def test_a_folder_in_a_tokens_place_is_none_and_leaves_nothing_open(ground, hub, bare_environ):
    folder = Path(ground.files.folder.path)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{token_name(hub)}.json").mkdir()
    assert ground.files.token(hub) is None

    before = len(os.listdir("/proc/self/fd"))
    assert [ground.files.token(hub) for _ in range(5)] == [None] * 5
    assert len(os.listdir("/proc/self/fd")) == before
