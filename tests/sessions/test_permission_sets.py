"""Roles of Identity Center: straight from the sign-in, kept like any session, and the seed of chains."""

from __future__ import annotations

import json

import pytest

from tui_app.aws.door import AwsDoor
from tui_app.clock import wall_clock
from tui_app.errors import NeedsPerson, WrongIdentity
from tui_app.model import Identity, SsoSession
from tui_app.sessions.broker import Broker, Wanted
from tui_app.sessions.identity import check_identity, is_role
from tui_app.sessions.sign_in import device
from tui_app.sessions.sign_in.device import by_device
from tui_app.sessions.sign_in.oidc import Ground
from tui_app.sessions.sign_in.start import sign_out_of
from tui_app.sessions.sign_in.token_files import TokenFiles

ACCOUNT, NAME = "555566667777", "AdministratorAccess"
ARN = f"arn:aws:iam::{ACCOUNT}:role/{NAME}"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/AWSReservedSSO_{NAME}_0123456789abcdef/me"


@pytest.fixture
def hub(world):
    """The profile `eng` of the sso-session `hub`, and `onward`, which it may assume; nobody is signed in."""
    start = f"{world.aws.url}/start"
    statement = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}
    iam = world.aws.seed(ACCOUNT)("iam")
    if not any(role["RoleName"] == "OnwardOfEng" for role in iam.list_roles()["Roles"]):
        trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        iam.create_role(RoleName="OnwardOfEng", AssumeRolePolicyDocument=trust, MaxSessionDuration=14400)
    world.shared(
        f"[sso-session hub]\nsso_start_url = {start}\nsso_region = eu-west-1\n"
        f"[profile eng]\nsso_session = hub\nsso_account_id = {ACCOUNT}\nsso_role_name = {NAME}\nregion = eu-west-1\n"
        f"[profile onward]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/OnwardOfEng\nsource_profile = eng\nduration_seconds = 14400\n"
    )
    return SsoSession("hub", start, "eu-west-1")


@pytest.fixture
def sign_in(world, hub, monkeypatch):
    monkeypatch.setattr(device, "pause", lambda _seconds, _stop: None)

    def do():
        ground = Ground(AwsDoor(world.aws.url), hub, TokenFiles(world.environ), wall_clock)
        by_device(ground, lambda prompt: world.aws.control("POST", "approve", {"user_code": prompt.user_code}), lambda: False)
        world.calls()

    return do


def test_a_permission_set_gives_a_session_that_is_kept_verified_and_forgotten_like_any(world, sign_in):
    sign_in()
    session = world.obtain("eng")

    assert f":assumed-role/AWSReservedSSO_{NAME}_" in session.identity.arn
    assert session.role_arn == ARN
    assert (session.role_key, session.hops, session.renews) == ("eng", 0, "itself")
    assert session.duration > 900
    assert world.calls() == ["GetRoleCredentials", "GetCallerIdentity"]
    world.reload()
    assert world.obtain("eng").from_cache
    assert world.obtain("eng", Wanted(duration=3600)).from_cache, "the permission set decides how long it lasts"
    assert world.broker.peek(world.role("eng")).credentials == session.credentials
    assert world.calls() == []
    assert world.obtain("eng", Wanted(fresh=True)).credentials != session.credentials
    (told,) = world.broker.forget("eng")
    assert told.startswith("eng, ")


def test_without_a_sign_in_a_person_is_needed_and_nothing_is_asked(world, hub):
    with pytest.raises(NeedsPerson, match="hub") as caught:
        world.obtain("eng")
    assert "roledeck login hub" in caught.value.sentence()
    with pytest.raises(NeedsPerson):
        world.obtain("onward")
    assert world.calls() == []


def test_what_is_still_good_is_used_after_the_sign_in_has_ended(world, hub, sign_in):
    sign_in()
    session = world.obtain("eng")
    sign_out_of(AwsDoor(world.aws.url), hub, world.environ, wall_clock)
    world.calls()
    world.clock.offset = session.left(world.clock()) - 700

    assert world.obtain("eng").credentials == session.credentials
    with pytest.raises(NeedsPerson):
        world.obtain("eng", Wanted(fresh=True))


def test_a_role_from_there_is_chained(world, sign_in):
    sign_in()
    plan = world.broker.plan(world.role("onward"))
    assert plan.start.role_arn == ARN
    assert [hop.duration for hop in plan.hops] == [3600]
    session = world.obtain("onward")
    assert (session.duration, session.hops, session.renews) == (3600, 1, "itself")
    assert world.calls() == ["GetRoleCredentials", "GetCallerIdentity", "AssumeRole", "GetCallerIdentity"]
    assert world.obtain("eng").from_cache


class LyingDoor(AwsDoor):
    """Somebody else answers GetCallerIdentity."""

    arn = ""

    def caller_identity(self, key, region=None):
        return Identity(self.arn.split(":")[4], self.arn, "AROAX", 1.0, region or "")


@pytest.mark.parametrize(
    "arn",
    [
        SESSION.replace(ACCOUNT, "999988887777"),
        SESSION.replace(NAME, "ReadOnlyAccess"),
        SESSION.replace("0123456789abcdef", "0123456789abcde"),
        SESSION.replace("0123456789abcdef", "0123456789abcdeg"),
        f"arn:aws:sts::{ACCOUNT}:assumed-role/Other_{NAME}_0123456789abcdef/me",
        SESSION.replace("arn:aws:", "arn:aws-cn:"),
    ],
)
def test_another_permission_set_is_an_alarm(world, sign_in, arn):
    sign_in()
    door = LyingDoor(world.aws.url)
    door.arn = arn
    broker = Broker(world.broker.catalog, world.environ, door)
    with pytest.raises(WrongIdentity):
        broker.obtain(world.role("eng"), Wanted(), world.person)
    assert broker.known() == ()


def test_only_a_role_of_identity_center_may_have_the_reserved_name():
    identity = Identity(ACCOUNT, SESSION, "AROAX", 1.0)
    check_identity(ARN, identity, permission_set=True)
    assert is_role(ARN, SESSION)
    with pytest.raises(WrongIdentity):
        check_identity(ARN, identity)
