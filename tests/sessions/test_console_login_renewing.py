"""Renewing the sign-ins of `aws login`: without its extra, while AWS is away, and beside others who use the same file."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tui_app.aws.door import AwsDoor
from tui_app.aws.own_login import OVER
from tui_app.errors import ConfigUnusable, OutOfReach, Refused, RoledeckError
from tui_app.sessions.sources import login
from tui_app.sessions.sources.login_files import LoginFiles

USER = "arn:aws:iam::444455556666:user/DevUser"
READER = "arn:aws:sts::555566667777:assumed-role/ReadOnly/alice"
RENEWED, VERIFIED = "CreateOAuth2Token", "GetCallerIdentity"
WHO_AM_I = (
    "import boto3; s = boto3.Session(); print(s.client('sts', 'eu-west-1').get_caller_identity()['Arn'], s.get_credentials().access_key)"
)


@pytest.fixture
def without_awscrt(monkeypatch):
    monkeypatch.setattr(login, "can_renew", lambda: False)


def test_without_the_extra_good_credentials_work_and_only_a_renewal_wants_it(world, console, without_awscrt):
    console(left=200)
    assert world.obtain("me").identity.arn == USER
    (note,) = world.broker.plan(world.role("me")).start.notes
    assert "roledeck[login]" in note
    console.lasting(-10)
    with pytest.raises(ConfigUnusable, match="not installed") as caught:
        world.obtain("me")
    assert "pip install 'roledeck[login]'" in caught.value.next_step
    assert "aws sts get-caller-identity --profile me" in caught.value.next_step
    assert RENEWED not in world.calls()


def test_where_awscrt_is_not_installed_everything_but_a_renewal_works(world, console, tmp_path):
    blocker = tmp_path / "blocker"
    blocker.mkdir()
    (blocker / "sitecustomize.py").write_text("import sys; sys.modules['awscrt'] = None")
    environ = world.environ | {"PYTHONPATH": f"{blocker}{os.pathsep}{Path(__file__).parents[2]}"}

    def run(*words):
        return subprocess.run([sys.executable, "-m", "tui_app", *words], env=environ, capture_output=True, text=True, check=False)

    console(left=200)
    assert json.loads(run("assume", "me", "--json").stdout)["arn"] == USER
    console.lasting(-10)
    said = run("assume", "me")
    assert (said.returncode, "pip install 'roledeck[login]'" in said.stderr) == (6, True)
    notes = json.loads(run("chain", "onward", "--json").stdout)["notes"]
    assert "Its credentials ended" in notes[-1]
    assert "roledeck[login]" in notes[-1]
    assert "login_not_renewed" in run("lint").stdout
    assert run("exec", "onward", "--", "true").returncode == 6
    assert RENEWED not in world.calls()


def test_a_botocore_that_has_no_elliptic_curves_is_the_same(world, console, monkeypatch):
    monkeypatch.setattr("botocore.credentials.EC", None)
    console(left=-10)
    with pytest.raises(ConfigUnusable, match="not installed"):
        world.obtain("me")
    assert RENEWED not in world.calls()


@pytest.mark.parametrize("kind", ["html", "garbage", "drop", "500"])
def test_while_aws_is_out_of_reach_what_is_good_is_used(world, console, kind):
    console(left=200)
    world.aws.fault(kind, RENEWED, times=5)
    assert world.obtain("me").credentials.left(world.clock()) < 200
    login._FAILED.clear()
    console.lasting(-10)
    world.aws.fault(kind, RENEWED, times=5)
    with pytest.raises(OutOfReach):
        world.obtain("me")
    assert console.kept()["refreshToken"]


def test_a_renewal_that_failed_is_not_tried_again_at_once(world, console):
    console(left=200)
    world.aws.fault("html", RENEWED, times=5)
    world.obtain("me")
    world.broker.forget_all()
    world.calls()
    world.obtain("me")
    assert world.calls() == [VERIFIED]


def test_a_folder_that_takes_no_file_costs_no_refresh_token(world, console, monkeypatch):
    console(left=-10)

    def full(_folder, _name, _data):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(LoginFiles(world.environ).folder.__class__, "put", full)
        with pytest.raises(RoledeckError, match=r"is not renewed: .*no space left"):
            world.obtain("me")
    assert RENEWED not in world.calls()
    assert world.obtain("me").identity.arn == USER


def test_it_is_renewed_where_the_file_says_else_where_the_environment_or_the_profile_does(world, console, monkeypatch):
    asked = []

    def none(_door, service, region):
        asked.append((service, region))
        raise OutOfReach("Not now.")

    monkeypatch.setattr(AwsDoor, "unsigned_client", none)
    for where, variables in (("ap-south-1", {}), (None, {"AWS_REGION": "us-west-2"}), (None, {"AWS_DEFAULT_REGION": ""})):
        console(left=-10, signInRegion=where)
        world.environ.pop("AWS_DEFAULT_REGION", None)
        world.environ |= variables
        with pytest.raises(OutOfReach):
            world.obtain("me")
        world.environ.pop("AWS_REGION", None)
    assert asked == [("signin", "ap-south-1"), ("signin", "us-west-2"), ("signin", "eu-west-1")]


def test_another_program_that_was_quicker_is_believed(world, console, monkeypatch):
    console(left=-10)
    newer = world.aws.control("POST", "login", {"login_session": USER})

    def too_late(*_arguments):
        console.write(newer)
        raise Refused("AWS no longer takes the sign-in.", cause=OVER)

    monkeypatch.setattr(login, "renewed", too_late)
    assert world.obtain("me").credentials.key.id == newer["accessToken"]["accessKeyId"]


def test_a_new_sign_in_meanwhile_is_not_written_over(world, console, monkeypatch):
    console(left=-10)
    newer = world.aws.control("POST", "login", {"login_session": USER})
    renewed = login.renewed

    def meanwhile(*arguments):
        fields = renewed(*arguments)
        console.write(newer)
        return fields

    monkeypatch.setattr(login, "renewed", meanwhile)
    assert world.obtain("me").credentials.key.id == newer["accessToken"]["accessKeyId"]
    assert console.kept() == newer


def test_many_processes_at_once_renew_once(world, console):
    console(left=-10)
    words = {
        "me": ["assume", "me", "--json"], "onward": ["assume", "onward", "--json"], "process": ["credential-process", "me"],
        "whoami": ["whoami", "me", "--json"], "env": ["env", "me", "--format", "json"],
    }  # fmt: skip

    def run(line):
        return subprocess.run(
            [sys.executable, "-m", "tui_app", *line],
            env=world.environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(run, [*words.values(), words["process"]]))
    assert [(one.returncode, one.stderr) for one in done if one.returncode] == []
    assert world.calls().count(RENEWED) == 1
    secrets = [console.kept()[name] for name in ("refreshToken", "dpopKey")]
    assert not [one for one in done for secret in secrets if secret in one.stdout + one.stderr]


def test_threads_of_one_process_renew_once(world, console):
    console(left=-10)
    source = world.broker.catalog.sources["me"]

    def read(_number):
        door = AwsDoor(world.aws.url)
        return login.login_credentials(door, source, world.environ, world.clock, lambda: False).key.id

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(read, range(8)))) == 1
    assert world.calls().count(RENEWED) == 1


def boto3_as(world, profile):
    environ = {**world.environ, "AWS_PROFILE": profile}
    done = subprocess.run([sys.executable, "-c", WHO_AM_I], env=environ, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_botocore_goes_on_with_what_was_written_here_and_the_other_way_round(world, console):
    console(left=-10)
    ours = world.obtain("me")
    assert boto3_as(world, "me") == [USER, ours.credentials.key.id], "botocore reads our file"
    console.lasting(-10)
    _, theirs = boto3_as(world, "me")
    assert theirs == console.kept()["accessToken"]["accessKeyId"] != ours.credentials.key.id, "and renews it with our refresh token"
    assert world.obtain("me").credentials.key.id == theirs, "we read its file"
    console.lasting(-10)
    assert world.obtain("me").credentials.key.id not in {theirs, ours.credentials.key.id}, "and renew it"
    assert world.calls().count(RENEWED) == 3
