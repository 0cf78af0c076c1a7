"""Profiles of `aws login`: the CLI's file read, renewed with rotation, and every way in which a person is needed."""

from __future__ import annotations

import json
import os
import stat
import time
from pathlib import Path

import pytest

from tui_app.catalog.login_sessions import token_file
from tui_app.clock import parse_moment
from tui_app.errors import ConfigUnusable, Refused, SignedOut, WrongIdentity
from tui_app.sessions.broker import Wanted
from tui_app.sessions.folder import PrivateFolder
from tui_app.sessions.sources.login_files import LoginFiles

USER = "arn:aws:iam::444455556666:user/DevUser"
READER = "arn:aws:sts::555566667777:assumed-role/ReadOnly/alice"
RENEWED, VERIFIED = "CreateOAuth2Token", "GetCallerIdentity"
WHO_AM_I = (
    "import boto3; s = boto3.Session(); print(s.client('sts', 'eu-west-1').get_caller_identity()['Arn'], s.get_credentials().access_key)"
)


def test_a_good_sign_in_is_used_as_it_is_and_verified(world, console):
    fields = console()
    session = world.obtain("me")

    assert session.credentials.key.id == fields["accessToken"]["accessKeyId"]
    assert session.credentials.expires == parse_moment(fields["accessToken"]["expiresAt"])
    assert (session.identity.arn, session.role_key, session.hops, session.renews) == (USER, "me", 0, "itself")
    assert world.calls() == [VERIFIED]
    assert world.obtain("me").from_cache
    assert console.kept() == fields, "nothing was written"


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
    after = console.kept()

    assert world.calls() == [RENEWED, VERIFIED]
    assert after.keys() == before.keys()
    assert after["accessToken"].keys() == before["accessToken"].keys()
    assert {name for name in after if after[name] != before[name]} == {"accessToken", "refreshToken"}
    assert session.credentials.key.id == after["accessToken"]["accessKeyId"] != before["accessToken"]["accessKeyId"]
    assert 880 < parse_moment(after["accessToken"]["expiresAt"]) - time.time() <= 900
    assert stat.S_IMODE(os.stat(token_file(USER, world.environ)).st_mode) == 0o600
    assert not [name for name in os.listdir(LoginFiles(world.environ).folder.path) if not name.endswith((".json", ".lock"))]
    for _ in range(2):  # each with the refresh token of the one before
        console.lasting(-10)
        world.reload()
        world.obtain("me")
    assert world.calls().count(RENEWED) == 2


def test_renewal_begins_where_botocores_does_and_fresh_asks_for_it(world, console):
    console(left=400)
    world.obtain("me")
    assert RENEWED not in world.calls()
    world.obtain("me", Wanted(fresh=True))
    assert RENEWED in world.calls()
    console.lasting(290)
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
    console.write(junk)
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
        console.write(fields)
        os.chown(file, 4711, 4711)
    with pytest.raises(SignedOut, match="cannot be used"):
        world.obtain("me")
    assert world.calls() == []


def test_a_refresh_token_that_was_used_before_wants_a_person_and_leaves_the_file(world, console):
    used = console(left=-10)
    world.obtain("me")
    console.write(used)
    console.lasting(-10)
    before = console.kept()
    with pytest.raises(SignedOut, match="The sign-in of me has ended") as caught:
        world.obtain("me")
    assert "`aws login --profile me`" in caught.value.next_step
    assert console.kept() == before


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
    console.lasting(-10)
    with pytest.raises(SignedOut, match="has ended"):
        world.obtain("me")


def test_another_account_than_the_files_name_is_an_alarm_and_nothing_is_kept(world, console):
    console()
    console.write(world.aws.control("POST", "login", {"login_session": READER}))
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


def test_the_plan_says_how_the_sign_in_stands_and_contacts_nothing(world, console):
    def notes():
        (note,) = world.broker.plan(world.role("onward")).start.notes
        return note

    assert notes().startswith("Nobody has signed in for me")
    console()
    assert "Its credentials last until" in notes()
    console.lasting(-10)
    assert "Its credentials ended at" in notes()
    assert "renewed without a person" in notes()
    console.write(console.kept() | {"refreshToken": None})
    assert "nothing is kept that could renew them: `aws login --profile me`" in notes()
    console.write("junk")
    assert "cannot be used" in notes()
    assert world.calls() == []


def test_no_secret_is_in_what_is_shown_of_a_token(world, console):
    fields = console(left=-10)
    console.write(console.kept() | {"refreshToken": "used-up-long-ago"})
    secrets = [fields["dpopKey"], fields["refreshToken"], "used-up-long-ago", *list(fields["accessToken"].values())[1:3]]
    token = LoginFiles(world.environ).kept(USER).token
    with pytest.raises(SignedOut) as caught:
        world.obtain("me")
    shown = f"{token!r} {token.key!r} {caught.value!r} {caught.value.sentence()} {caught.value.__cause__!r}"
    assert not [secret for secret in secrets if secret in shown]
    assert caught.value.__suppress_context__
    assert isinstance(LoginFiles(world.environ).folder, PrivateFolder)
