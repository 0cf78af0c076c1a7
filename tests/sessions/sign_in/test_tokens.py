"""What a token is good for: role credentials, renewed in time, dropped when AWS takes it no more, given back."""

from __future__ import annotations

import errno
import time
from dataclasses import replace
from types import SimpleNamespace

import pytest

from tui_app.errors import OutOfReach, Refused, RoledeckError, SignedOut
from tui_app.model import SsoSession
from tui_app.secret import Secret
from tui_app.sessions.folder import PrivateFolder
from tui_app.sessions.sign_in.device import by_device
from tui_app.sessions.sign_in.start import sign_out_of
from tui_app.sessions.sign_in.tokens import access_token, portal, role_credentials

ACCOUNT, PERMISSION_SET = "777700001111", "ReadOnlyAccess"


def never():
    return False


def test_role_credentials(aws, door, bare_environ, signed_in, source):
    given = role_credentials(door, source, bare_environ, time.time)
    assert 0 < given.left(time.time()) <= 3600
    assert door.caller_identity(given.key).arn.startswith(f"arn:aws:sts::{ACCOUNT}:assumed-role/AWSReservedSSO_{PERMISSION_SET}_")


def test_without_a_token_a_person_is_needed(door, bare_environ, source, hub):
    with pytest.raises(SignedOut) as caught:
        role_credentials(door, source, bare_environ, time.time)
    assert caught.value.sentence() == "You are signed out of hub. Sign in with `roledeck login hub`."
    assert (caught.value.exit_code, caught.value.sign_in) == (3, "hub")


def test_a_permission_set_of_somebody_else(door, bare_environ, signed_in, source):
    other = replace(source, details={**source.details, "sso_role_name": "Nobody"})
    with pytest.raises(Refused) as caught:
        role_credentials(door, other, bare_environ, time.time)
    assert caught.value.message == f"The permission set Nobody is not assigned to you in {ACCOUNT}."
    assert "sso_role_name" in caught.value.next_step


ROLE_CREDENTIALS = {"accessKeyId": "ASIAX", "secretAccessKey": "s", "sessionToken": "t", "expiration": 1_900_000_000_000}


@pytest.mark.parametrize(
    "odd",
    [
        {"expiration": float("nan")},
        {"expiration": float("inf")},
        {"expiration": 10**400},
        {"expiration": 0},
        {"expiration": True},
        {"expiration": "soon"},
        {"sessionToken": "t\r\nHost: evil.example"},
        {"secretAccessKey": ""},
        {"accessKeyId": None},
    ],
)
def test_role_credentials_that_nobody_could_use_are_no_answer_of_aws(bare_environ, signed_in, source, odd):
    answer = {"roleCredentials": ROLE_CREDENTIALS | odd}
    door = SimpleNamespace(call=lambda *_asked, **_named: answer, host=lambda *_where: "sso in eu-west-1")
    with pytest.raises(OutOfReach, match="has no usable"):
        role_credentials(door, source, bare_environ, time.time)


def test_too_many_requests_are_out_of_reach_not_a_refusal(aws, door, bare_environ, signed_in, source):
    aws.fault("throttle", "sso:GetRoleCredentials", times=9)
    with pytest.raises(OutOfReach):
        role_credentials(door, source, bare_environ, time.time)


def test_a_token_near_its_end_is_renewed(aws, door, bare_environ, ground, signed_in, kept_with):
    kept_with(expires=time.time() + 600, unknown={"theirs": "kept"})
    renewed = access_token(door, ground.sign_in, bare_environ, time.time)
    assert renewed.access != signed_in.access
    assert renewed.left(time.time()) > 7 * 3600
    assert ground.files.token(ground.sign_in).unknown == {"theirs": "kept"}
    assert access_token(door, ground.sign_in, bare_environ, time.time).access == renewed.access


def test_a_token_that_is_over_is_renewed_too(door, bare_environ, signed_in, hub, kept_with):
    kept_with(expires=time.time() - 86400)
    assert access_token(door, hub, bare_environ, time.time).access != signed_in.access


def test_without_a_refresh_token_it_is_used_to_its_end(door, bare_environ, signed_in, hub, kept_with):
    kept_with(expires=time.time() + 600, refresh=None)
    assert access_token(door, hub, bare_environ, time.time).access == signed_in.access
    kept_with(expires=time.time() + 30, refresh=None)
    with pytest.raises(SignedOut):
        access_token(door, hub, bare_environ, time.time)


def test_a_renewal_that_fails_leaves_what_is_good_and_is_not_tried_at_once_again(aws, door, bare_environ, signed_in, hub, kept_with):
    kept_with(expires=time.time() + 600)
    aws.fault("500", "sso-oidc:CreateToken")
    before = len(aws.calls("CreateToken"))
    assert access_token(door, hub, bare_environ, time.time).access == signed_in.access
    assert access_token(door, hub, bare_environ, time.time).access == signed_in.access
    assert len(aws.calls("CreateToken")) <= before + 1


@pytest.fixture
def full_disk(monkeypatch):
    """No file can be written."""

    def put(_folder, _name, _data):
        raise OSError(errno.ENOSPC, "No space left on device")

    return lambda: monkeypatch.setattr(PrivateFolder, "put", put)


def test_a_full_disk_costs_neither_a_good_token_nor_the_refresh_token(aws, ground, bare_environ, signed_in, kept_with, full_disk):
    kept_with(expires=time.time() + 600)
    before = len(aws.calls("CreateToken"))
    full_disk()
    assert access_token(ground.door, ground.sign_in, bare_environ, time.time).access == signed_in.access
    assert len(aws.calls("CreateToken")) == before, "what AWS gives for a refresh token would be lost"


def test_a_token_that_is_over_is_not_renewed_where_it_could_not_be_kept(aws, door, bare_environ, hub, kept_with, full_disk):
    kept_with(expires=time.time() - 5)
    before = len(aws.calls("CreateToken"))
    full_disk()
    with pytest.raises(RoledeckError, match=r"cannot be written.*no space left"):
        access_token(door, hub, bare_environ, time.time)
    assert len(aws.calls("CreateToken")) == before


def test_out_of_reach_is_said_when_nothing_good_is_left(aws, door, bare_environ, ground, hub, kept_with):
    kept_with(expires=time.time() - 5)
    aws.fault("500", "sso-oidc:CreateToken")
    with pytest.raises(OutOfReach):
        access_token(door, hub, bare_environ, time.time)
    assert ground.files.token(hub) is not None


def test_a_refresh_token_that_aws_takes_no_more_signs_out(door, bare_environ, ground, hub, kept_with):
    kept_with(expires=time.time() - 5, refresh=Secret("spent"))
    with pytest.raises(SignedOut):
        access_token(door, hub, bare_environ, time.time)
    assert ground.files.token(hub) is None


def test_a_token_that_aws_takes_no_more_is_renewed_once(aws, ground, bare_environ, signed_in, source):
    aws.advance(9 * 3600)
    assert role_credentials(ground.door, source, bare_environ, time.time)
    assert ground.files.token(ground.sign_in).access != signed_in.access


def test_a_revoked_token_is_dropped(door, bare_environ, signed_in, source, ground, kept_with):
    kept_with(refresh=None)
    door.call("sso", "Logout", region="eu-west-1", key=None, parameters={"accessToken": signed_in.access.reveal()})
    with pytest.raises(SignedOut):
        role_credentials(door, source, bare_environ, time.time)
    assert ground.files.token(ground.sign_in) is None


def test_the_portal_lists_accounts(door, bare_environ, signed_in, hub):
    assert len(portal(door, hub, "ListAccounts", {"maxResults": 100}, bare_environ, time.time)["accountList"]) == 12


def test_an_older_profile_signs_in_by_its_start_url_and_gets_no_refresh_token(ground, approve, hub, at_once):
    older = replace(ground, sign_in=SsoSession("", hub.start_url, hub.region))
    token = by_device(older, approve, never)
    assert token.refresh is None
    assert ground.files.token(hub) is None
    assert ground.files.token(older.sign_in) is not None


def test_several_sign_ins_at_once(ground, approve, hub, at_once):
    other = replace(ground, sign_in=SsoSession("other", hub.start_url, hub.region))
    first, second = by_device(ground, approve, never), by_device(other, approve, never)
    assert ground.files.token(hub).access == first.access
    assert ground.files.token(other.sign_in).access == second.access


def test_signing_out_gives_the_token_back(door, bare_environ, hub, ground, kept_with):
    assert sign_out_of(door, hub, bare_environ, time.time) == (True, "")
    assert ground.files.token(hub) is None
    kept_with(refresh=None)
    with pytest.raises(SignedOut):
        portal(door, hub, "ListAccounts", {}, bare_environ, time.time)
    assert sign_out_of(door, hub, bare_environ, time.time) == (False, "")


def test_signing_out_works_without_aws_and_says_so(aws, door, bare_environ, signed_in, hub, ground):
    aws.fault("500", "sso:Logout", times=9)
    had, trouble = sign_out_of(door, hub, bare_environ, time.time)
    assert had
    assert trouble
    assert ground.files.token(hub) is None
