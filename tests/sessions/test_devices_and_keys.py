"""The wrong device, silent codes, and keys or sessions that AWS no longer takes: each told, none tried twice."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from tui_app.embedded_aws.world.people import DEV_USER
from tui_app.errors import Cancelled, NeedsPerson, Refused
from tui_app.sessions.broker import Wanted
from tui_app.sessions.errand import no_code

ADMIN, DEPLOYER, READ_ONLY, TWO_HOPS = "production/AdminRole", "staging/Deployer", "staging-readonly", "iot-fleet"
SERIAL = DEV_USER.serial
OLD = "arn:aws:iam::444455556666:mfa/OldPhone"


@pytest.fixture
def old_phone(world):
    """All files name a device that the user no longer has."""
    for name in ("ROLEDECK_CONFIG", "AWS_CONFIG_FILE"):
        file = Path(world.environ[name])
        file.write_text(file.read_text().replace(SERIAL, OLD))
    world.reload()


def test_the_users_own_device_is_offered_and_never_taken_silently(world, old_phone):
    world.person.answers = ["000001"]

    session = world.obtain(ADMIN)

    wrong, offered = world.person.asked
    assert (wrong.serial, offered.serial) == (OLD, SERIAL)
    assert offered.why == f"AWS says that {OLD} is no device of this user. The user's own device is {SERIAL}: set mfa_serial to it."
    assert offered.device_account == "444455556666"
    assert session.source_of_code == "mfa_session"
    assert world.calls() == ["GetSessionToken", "ListMFADevices", "GetSessionToken", "AssumeRole", "GetCallerIdentity"]
    world.obtain(DEPLOYER)
    assert len(world.person.asked) == 2, "the session that it started serves the other roles"


def test_a_device_whose_code_was_taken_is_the_one_that_is_asked_for_from_then_on(world, old_phone):
    world.person.answers = ["000001"]
    world.obtain(ADMIN)
    world.broker.forget_all()
    world.reload()
    world.person.asked.clear()
    world.aws.advance(60)
    world.clock.offset += 60

    world.obtain(ADMIN)

    assert [asked.serial for asked in world.person.asked] == [SERIAL]
    assert world.broker.mfa_sessions()[0].serial == OLD, "it is filed as the files name it"


@pytest.mark.parametrize("answer", [Cancelled("no"), NeedsPerson("nobody")])
def test_an_offer_that_is_not_taken_leaves_the_refusal_with_the_right_device(world, old_phone, answer):
    world.person.answers = ["000001", answer]

    with pytest.raises(Refused) as caught:
        world.obtain(ADMIN)

    assert caught.value.cause == "wrong_device"
    assert caught.value.next_step == f"The user's own device is {SERIAL}: set mfa_serial to it."
    assert world.broker.mfa_sessions() == ()


def test_who_may_not_list_devices_gets_the_plain_refusal(world, old_phone):
    world.person.answers = ["000001"]
    world.aws.fault("throttle", "iam:ListMFADevices", times=9)

    with pytest.raises(Refused, match="not one of this user's"):
        world.obtain(ADMIN)

    assert len(world.person.asked) == 1


@pytest.fixture
def authenticator(world, tmp_path):
    """An mfa_command that gives right codes, from a file, and was agreed to."""
    codes = tmp_path / "codes"
    program = [sys.executable, "-c", f"print(open({str(codes)!r}).read())"]
    config = Path(world.environ["ROLEDECK_CONFIG"])
    config.write_text(config.read_text().replace("[defaults]\n", f"[defaults]\nmfa_command = {json.dumps(program)}\n", 1))
    world.reload()

    def show(code):
        codes.write_text(code)

    show(world.aws.code())
    return show


def test_a_session_whose_codes_a_program_gives_renews_itself(world, authenticator):
    first = world.obtain(ADMIN)
    assert (first.renews, [mfa.renews for mfa in world.broker.mfa_sessions()]) == ("itself", ["itself"])
    # the MFA session ends together with the role's: only a new code lets it go on
    world.aws.advance(8 * 3600 - 1000)
    world.clock.offset = 8 * 3600 - 1000
    authenticator(world.aws.code())

    second = world.broker.obtain(world.role(ADMIN), Wanted(), no_code)
    world.clock.offset += 2900
    world.aws.advance(2900)
    authenticator(world.aws.code())
    third = world.broker.obtain(world.role(ADMIN), Wanted(), no_code)

    assert len({session.credentials.key.id for session in (first, second, third)}) == 3
    assert third.renews == "itself"
    assert world.person.asked == []


@pytest.fixture
def four_hours(world, authenticator):
    """A session of four hours, with the program's code in AssumeRole itself, ten minutes before its end."""
    name = f"TestSilent{os.urandom(4).hex()}"
    world.seed_role(name, mfa=True, maximum=14400)
    text = Path(world.environ["ROLEDECK_CONFIG"]).read_text()
    command = next(line for line in text.splitlines() if line.startswith("mfa_command"))
    world.own_config(name)
    config = Path(world.environ["ROLEDECK_CONFIG"])
    config.write_text(f"[defaults]\n{command}\n{config.read_text()}")
    world.reload()
    first = world.obtain(f"production/{name}")
    assert (first.source_of_code, first.renews) == ("code", "itself")
    world.aws.advance(4 * 3600 - 600)
    world.clock.offset = 4 * 3600 - 600
    return first


def test_a_code_in_assume_role_itself_renews_silently_too(world, authenticator, four_hours):
    authenticator(world.aws.code())

    second = world.broker.obtain(world.role(four_hours.role_key), Wanted(), no_code)

    assert second.credentials != four_hours.credentials
    assert world.person.asked == []


def test_a_program_that_fails_leaves_what_is_still_good(world, authenticator, four_hours):
    authenticator("no phone")

    assert world.broker.obtain(world.role(four_hours.role_key), Wanted(), no_code).credentials == four_hours.credentials
    assert world.person.asked == []


def revoke(world, role_arn_account, name, moment="2099-01-01T00:00:00Z"):
    """What the console's "Revoke active sessions" puts on a role."""
    deny = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"DateLessThan": {"aws:TokenIssueTime": moment}}}
    document = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
    iam = world.aws.seed(role_arn_account)("iam")
    iam.put_role_policy(RoleName=name, PolicyName="AWSRevokeOlderSessions", PolicyDocument=document)
    return lambda: iam.delete_role_policy(RoleName=name, PolicyName="AWSRevokeOlderSessions")


def first_hop(world):
    hop = world.broker.plan(world.role(TWO_HOPS)).hops[0].hop.role
    return hop.account.id, hop.short_name


def test_a_revoked_session_on_the_way_is_dropped_and_got_anew_once_and_said(world):
    from datetime import UTC, datetime, timedelta

    world.obtain(TWO_HOPS)
    world.aws.advance(10)
    soon = datetime.now(UTC) + timedelta(seconds=5)
    undo = revoke(world, *first_hop(world), soon.strftime("%Y-%m-%dT%H:%M:%SZ"))
    world.calls()
    try:
        session = world.obtain(TWO_HOPS, Wanted(fresh=True))
    finally:
        undo()

    assert session.hops == 2
    assert world.calls() == ["AssumeRole", *["AssumeRole", "GetCallerIdentity"] * 2]
    assert [line for line in world.broker.warnings if "got anew" in line] == [
        f"AWS no longer takes the kept session of {world.broker.plan(world.role(TWO_HOPS)).hops[0].hop.role.key}, so it was got anew."
    ]


def test_a_deny_that_stays_is_a_refusal_after_one_new_start(world):
    world.obtain(TWO_HOPS)
    undo = revoke(world, *first_hop(world))
    world.calls()
    try:
        with pytest.raises(Refused) as caught:
            world.obtain(TWO_HOPS, Wanted(fresh=True))
    finally:
        undo()

    assert caught.value.cause == "deny_identity"
    assert world.calls() == ["AssumeRole", "AssumeRole", "GetCallerIdentity", "AssumeRole"]


@pytest.fixture
def second_key(world):
    """DevUser's keys in the files are a pair of its own, which may be switched off."""
    iam = world.aws.seed("444455556666")("iam")
    made = iam.create_access_key(UserName="DevUser")["AccessKey"]
    file = Path(world.environ["AWS_SHARED_CREDENTIALS_FILE"])
    old = world.aws.key()
    file.write_text(file.read_text().replace(old[0], made["AccessKeyId"]).replace(old[1], made["SecretAccessKey"]))
    world.reload()
    yield made["AccessKeyId"], lambda: iam.update_access_key(UserName="DevUser", AccessKeyId=made["AccessKeyId"], Status="Inactive")
    iam.delete_access_key(UserName="DevUser", AccessKeyId=made["AccessKeyId"])


def test_a_key_that_was_switched_off_is_named_with_its_place(world, second_key):
    key_id, switch_off = second_key
    world.obtain(READ_ONLY)
    switch_off()

    with pytest.raises(Refused) as caught:
        world.obtain(READ_ONLY, Wanted(fresh=True))

    assert caught.value.cause == "unknown_key"
    assert f"It is ****{key_id[-4:]} of dev (" in caught.value.next_step
    assert "credentials:" in caught.value.next_step
    assert world.obtain(READ_ONLY).from_cache, "what was got before is good until its end"


def test_a_key_that_was_exchanged_in_the_file_starts_anew(world, second_key):
    world.obtain(READ_ONLY)
    file = Path(world.environ["AWS_SHARED_CREDENTIALS_FILE"])
    old = world.aws.key()
    file.write_text(f"[dev]\naws_access_key_id = {old[0]}\naws_secret_access_key = {old[1]}\n")

    assert not world.reload().obtain(world.role(READ_ONLY), Wanted(), world.person).from_cache


def test_the_first_of_three_hops_renews_alone_and_the_others_from_it_without_a_code(world):
    names = [world.seed_role("TestHopOne", mfa=True)]
    iam = world.aws.seed("111122223333")("iam")
    for name, before in (("TestHopTwo", "TestHopOne"), ("TestHopThree", "TestHopTwo")):
        trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::111122223333:role/{before}"}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        names.append(iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"])
    roles = [f'[[account.role]]\nname = "{arn.rpartition("/")[2]}"\n' for arn in names]
    ways = [f'via = "dev"\nmfa_serial = "{SERIAL}"\nmfa = "direct"\n', *(f'via = "production/{arn.rpartition("/")[2]}"\n' for arn in names)]
    whole = '[[account]]\nid = "111122223333"\nname = "production"\n' + "".join(map(str.__add__, roles, ways))
    Path(world.environ["ROLEDECK_CONFIG"]).write_text(whole)
    world.reload()
    one, two, three = (f"production/{arn.rpartition('/')[2]}" for arn in names)
    first = world.obtain(three)
    assert (first.hops, len(world.person.asked)) == (3, 1)

    renewed = world.obtain(one, Wanted(fresh=True))
    assert len(world.person.asked) == 2
    world.calls()
    second, third = world.obtain(two, Wanted(fresh=True)), world.obtain(three, Wanted(fresh=True))

    assert world.calls() == ["AssumeRole", "GetCallerIdentity"] * 2, "each from the one before it"
    assert len(world.person.asked) == 2
    assert len({session.credentials.key.id for session in (first, renewed, second, third)}) == 4
    # the kept first hop is the one that was renewed
    assert world.broker.plan(world.role(three)).hops[0].cached_until == renewed.credentials.expires
