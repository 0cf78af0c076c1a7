"""Profiles of `aws login`: the CLI's file read, renewed with rotation, shared with other programs, and every way in which it can fail."""

from __future__ import annotations

import errno
import json
import os
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tui_app.aws.door import AwsDoor
from tui_app.aws.own_login import OVER
from tui_app.catalog.login_sessions import token_file
from tui_app.clock import parse_moment, rfc3339
from tui_app.errors import ConfigUnusable, OutOfReach, Refused, RoledeckError, SignedOut, WrongIdentity
from tui_app.sessions.broker import Wanted
from tui_app.sessions.folder import PrivateFolder
from tui_app.sessions.sources import login
from tui_app.sessions.sources.login_files import LoginFiles

USER = "arn:aws:iam::444455556666:user/DevUser"
READER = "arn:aws:sts::555566667777:assumed-role/ReadOnly/alice"
RENEWED, VERIFIED = "CreateOAuth2Token", "GetCallerIdentity"
PROFILES = f"""
[profile me]
login_session = {USER}
region = eu-west-1
[profile reader]
login_session = {READER}
[profile onward]
role_arn = arn:aws:iam::555566667777:role/ReadOnly
source_profile = me
duration_seconds = 14400
"""
WHO_AM_I = (
    "import boto3; s = boto3.Session(); print(s.client('sts', 'eu-west-1').get_caller_identity()['Arn'], s.get_credentials().access_key)"
)


@pytest.fixture
def console(world):
    """`console()` signs in as `aws login` would; what it is given changes the file. The profiles are there."""
    world.shared(PROFILES)
    login._FAILED.clear()

    def sign_in(arn=USER, *, left=None, **changes):
        fields = world.aws.control("POST", "login", {"login_session": arn}) | changes
        write(world, fields, arn)
        if left is not None:
            lasting(world, left, arn)
        world.calls()
        return fields

    return sign_in


def write(world, fields, arn=USER):
    file = Path(token_file(arn, world.environ))
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.write_text(fields if isinstance(fields, str) else json.dumps(fields))
    file.chmod(0o600)


def kept(world, arn=USER):
    return json.loads(Path(token_file(arn, world.environ)).read_text())


def lasting(world, seconds, arn=USER):
    """The kept credentials end in so many seconds; what roledeck keeps of them is dropped."""
    fields = kept(world, arn)
    fields["accessToken"]["expiresAt"] = rfc3339(world.clock() + seconds)
    write(world, fields, arn)
    world.broker.forget_all()


def test_a_good_sign_in_is_used_as_it_is_and_verified(world, console):
    fields = console()
    session = world.obtain("me")

    assert session.credentials.key.id == fields["accessToken"]["accessKeyId"]
    assert session.credentials.expires == parse_moment(fields["accessToken"]["expiresAt"])
    assert (session.identity.arn, session.role_key, session.hops, session.renews) == (USER, "me", 0, "itself")
    assert world.calls() == [VERIFIED]
    assert world.obtain("me").from_cache
    assert kept(world) == fields, "nothing was written"


@pytest.mark.parametrize("arn", [READER, "arn:aws:iam::555566667777:root"])
def test_roles_and_the_root_sign_in_too(world, console, arn):
    console(arn, left=-10)
    world.shared(f"[profile other]\nlogin_session = {arn}\n")
    session = world.obtain("other")

    assert session.identity.arn == arn
    assert session.role_arn == arn.replace("sts", "iam").replace("assumed-role", "role").removesuffix("/alice")


def test_credentials_that_are_over_are_renewed_and_written_back_in_the_clis_own_format(world, console):
    before = console(left=-10, ofAnotherProgram={"kept": True})
    session = world.obtain("me")
    after = kept(world)

    assert world.calls() == [RENEWED, VERIFIED]
    assert after.keys() == before.keys()
    assert after["accessToken"].keys() == before["accessToken"].keys()
    assert {name for name in after if after[name] != before[name]} == {"accessToken", "refreshToken"}
    assert session.credentials.key.id == after["accessToken"]["accessKeyId"] != before["accessToken"]["accessKeyId"]
    assert 880 < parse_moment(after["accessToken"]["expiresAt"]) - time.time() <= 900
    assert stat.S_IMODE(os.stat(token_file(USER, world.environ)).st_mode) == 0o600
    assert not [name for name in os.listdir(LoginFiles(world.environ).folder.path) if not name.endswith((".json", ".lock"))]
    for _ in range(2):  # each with the refresh token of the one before
        lasting(world, -10)
        world.reload()
        world.obtain("me")
    assert world.calls().count(RENEWED) == 2


def test_renewal_begins_where_botocores_does_and_fresh_asks_for_it(world, console):
    console(left=400)
    world.obtain("me")
    assert RENEWED not in world.calls()
    world.obtain("me", Wanted(fresh=True))
    assert RENEWED in world.calls()
    lasting(world, 290)
    world.obtain("me")
    assert RENEWED in world.calls()


def test_a_chain_starts_from_it_verified_first_and_capped(world, console):
    console(left=-10)
    session = world.obtain("onward")

    assert session.identity.arn.startswith("arn:aws:sts::555566667777:assumed-role/ReadOnly/")
    assert session.duration == 3600
    assert world.calls() == [RENEWED, VERIFIED, "AssumeRole", VERIFIED]
    assert world.obtain("me").from_cache
    assert world.broker.source_key(world.broker.catalog.sources["me"]) == world.obtain("me").credentials.key


# -- a person is needed


def test_where_nobody_has_signed_in_a_person_is_needed(world, console):
    for key in ("me", "onward"):
        with pytest.raises(SignedOut, match="Nobody has signed in for me") as caught:
            world.obtain(key)
        assert "`aws login --profile me`" in caught.value.next_step
        assert caught.value.exit_code == 3
    assert world.calls() == []


@pytest.mark.parametrize(
    "junk",
    [
        "", "{", "[]", "null", "[" * 60_000, "{}", '{"accessToken": "x"}', '{"accessToken": {"accessKeyId": "A"}}',
        '{"accessToken": {"accessKeyId": "A", "secretAccessKey": "b", "sessionToken": "c", "expiresAt": "soon"}}',
        '{"accessToken": {"accessKeyId": "A", "secretAccessKey": "b c", "sessionToken": "c", "expiresAt": "2030-01-01T00:00:00Z"}}',
        '{"accessToken": {"accessKeyId": "A", "secretAccessKey": 1, "sessionToken": "c", "expiresAt": 5}}', "x" * 100_000,
    ],
)  # fmt: skip
def test_junk_is_no_sign_in(world, console, junk):
    write(world, junk)
    with pytest.raises(SignedOut, match=r"The sign-in of me, ~/\.aws/login/cache/\w{64}\.json, cannot be used: it ") as caught:
        world.obtain("me")
    assert "aws login" in caught.value.next_step
    assert world.calls() == []


@pytest.mark.parametrize("kind", ["fifo", "folder", "loop", "foreign"])
def test_what_is_no_file_of_ours_is_not_read(world, console, kind):
    file = Path(token_file(USER, world.environ))
    console()
    fields = file.read_text()
    file.unlink()
    if kind == "fifo":
        os.mkfifo(file)
    elif kind == "folder":
        file.mkdir()
    elif kind == "loop":
        file.symlink_to(file)
    elif os.geteuid() != 0:
        pytest.skip("only root can give a file away")
    else:
        write(world, fields)
        os.chown(file, 4711, 4711)
    with pytest.raises(SignedOut, match="cannot be used"):
        world.obtain("me")
    assert world.calls() == []


def test_a_refresh_token_that_was_used_before_wants_a_person_and_leaves_the_file(world, console):
    used = console(left=-10)
    world.obtain("me")
    write(world, used)
    lasting(world, -10)
    before = kept(world)
    with pytest.raises(SignedOut, match="The sign-in of me has ended") as caught:
        world.obtain("me")
    assert "`aws login --profile me`" in caught.value.next_step
    assert kept(world) == before


def test_a_sign_in_ends_after_12_hours(world, console):
    console(left=-10)
    world.aws.advance(12 * 3600 + 1)
    with pytest.raises(SignedOut, match="has ended"):
        world.obtain("me")


def test_a_user_without_the_permission_is_told_its_name_and_a_deleted_one_that_it_is_over(world, console):
    iam = world.aws.seed("444455556666")("iam")
    arn = iam.create_user(UserName="LoginGuest")["User"]["Arn"]
    deny = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "signin:*", "Resource": "*"}]}
    iam.put_user_policy(UserName="LoginGuest", PolicyName="no", PolicyDocument=json.dumps(deny))
    world.shared(f"[profile guest]\nlogin_session = {arn}\n")
    console(arn, left=-10)
    with pytest.raises(Refused, match="command line") as caught:
        world.obtain("guest")
    assert "SignInLocalDevelopmentAccess" in caught.value.next_step
    console(arn, left=-10)
    iam.delete_user_policy(UserName="LoginGuest", PolicyName="no")
    iam.delete_user(UserName="LoginGuest")
    with pytest.raises(SignedOut):
        world.obtain("guest")


@pytest.mark.parametrize("changes", [{"dpopKey": "none"}, {"dpopKey": ""}, {"dpopKey": None}, {"refreshToken": ""}, {"clientId": 5}])
def test_a_file_that_cannot_be_renewed_is_good_until_its_end(world, console, changes):
    console(left=120, **changes)
    assert world.obtain("me").credentials.left(time.time()) < 121
    lasting(world, -10)
    with pytest.raises(SignedOut, match="has ended"):
        world.obtain("me")


def test_another_account_than_the_files_name_is_an_alarm_and_nothing_is_kept(world, console):
    console()
    write(world, world.aws.control("POST", "login", {"login_session": READER}))
    with pytest.raises(WrongIdentity, match="555566667777") as caught:
        world.obtain("me")
    assert "aws login --profile me" in caught.value.next_step
    with pytest.raises(WrongIdentity):
        world.obtain("onward")
    assert "AssumeRole" not in world.calls()
    assert world.broker.sessions() == ()


@pytest.mark.parametrize("written", ["x", "arn:aws:iam::1:user/x", "arn:aws:iam::111122223333:role/x", "arn:aws:s3:::b", ""])
def test_a_login_session_that_is_none_is_told_with_its_place(world, written):
    world.shared(f"[profile odd]\nlogin_session = {written}\n")
    with pytest.raises(ConfigUnusable, match=r"the login_session of odd \(.*config:\d+\), is not the ARN of a sign-in") as caught:
        world.obtain("odd")
    assert caught.value.where
    assert world.calls() == []


# -- without the extra


@pytest.fixture
def without_awscrt(monkeypatch):
    monkeypatch.setattr(login, "can_renew", lambda: False)


def test_without_the_extra_good_credentials_work_and_only_a_renewal_wants_it(world, console, without_awscrt):
    console(left=200)
    assert world.obtain("me").identity.arn == USER
    (note,) = world.broker.plan(world.role("me")).start.notes
    assert "roledeck[login]" in note
    lasting(world, -10)
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
    lasting(world, -10)
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


# -- the way there


@pytest.mark.parametrize("kind", ["html", "garbage", "drop", "500"])
def test_while_aws_is_out_of_reach_what_is_good_is_used(world, console, kind):
    console(left=200)
    world.aws.fault(kind, RENEWED, times=5)
    assert world.obtain("me").credentials.left(world.clock()) < 200
    login._FAILED.clear()
    lasting(world, -10)
    world.aws.fault(kind, RENEWED, times=5)
    with pytest.raises(OutOfReach):
        world.obtain("me")
    assert kept(world)["refreshToken"]


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


# -- others who use the same file


def test_another_program_that_was_quicker_is_believed(world, console, monkeypatch):
    console(left=-10)
    newer = world.aws.control("POST", "login", {"login_session": USER})

    def too_late(*_arguments):
        write(world, newer)
        raise Refused("AWS no longer takes the sign-in.", cause=OVER)

    monkeypatch.setattr(login, "renewed", too_late)
    assert world.obtain("me").credentials.key.id == newer["accessToken"]["accessKeyId"]


def test_a_new_sign_in_meanwhile_is_not_written_over(world, console, monkeypatch):
    console(left=-10)
    newer = world.aws.control("POST", "login", {"login_session": USER})
    renewed = login.renewed

    def meanwhile(*arguments):
        fields = renewed(*arguments)
        write(world, newer)
        return fields

    monkeypatch.setattr(login, "renewed", meanwhile)
    assert world.obtain("me").credentials.key.id == newer["accessToken"]["accessKeyId"]
    assert kept(world) == newer


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

    with ThreadPoolExecutor(10) as pool:
        done = list(pool.map(run, [*words.values(), *words.values()]))
    assert [(one.returncode, one.stderr) for one in done if one.returncode] == []
    assert world.calls().count(RENEWED) == 1
    secrets = [kept(world)[name] for name in ("refreshToken", "dpopKey")]
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
    lasting(world, -10)
    _, theirs = boto3_as(world, "me")
    assert theirs == kept(world)["accessToken"]["accessKeyId"] != ours.credentials.key.id, "and renews it with our refresh token"
    assert world.obtain("me").credentials.key.id == theirs, "we read its file"
    lasting(world, -10)
    assert world.obtain("me").credentials.key.id not in {theirs, ours.credentials.key.id}, "and renew it"
    assert world.calls().count(RENEWED) == 3


# -- what is told


def test_the_plan_says_how_the_sign_in_stands_and_contacts_nothing(world, console):
    def notes():
        (note,) = world.broker.plan(world.role("onward")).start.notes
        return note

    assert notes().startswith("Nobody has signed in for me")
    console()
    assert "Its credentials last until" in notes()
    lasting(world, -10)
    assert "Its credentials ended at" in notes()
    assert "renewed without a person" in notes()
    write(world, kept(world) | {"refreshToken": None})
    assert "nothing is kept that could renew them: `aws login --profile me`" in notes()
    write(world, "junk")
    assert "cannot be used" in notes()
    assert world.calls() == []


def test_no_secret_is_in_what_is_shown_of_a_token(world, console):
    fields = console(left=-10)
    write(world, kept(world) | {"refreshToken": "used-up-long-ago"})
    secrets = [fields["dpopKey"], fields["refreshToken"], "used-up-long-ago", *list(fields["accessToken"].values())[1:3]]
    token = LoginFiles(world.environ).kept(USER).token
    with pytest.raises(SignedOut) as caught:
        world.obtain("me")
    shown = f"{token!r} {token.key!r} {caught.value!r} {caught.value.sentence()} {caught.value.__cause__!r}"
    assert not [secret for secret in secrets if secret in shown]
    assert caught.value.__suppress_context__
    assert isinstance(LoginFiles(world.environ).folder, PrivateFolder)
