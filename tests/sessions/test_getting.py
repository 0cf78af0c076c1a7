"""Getting a session, keeping it, and getting the next one."""

from __future__ import annotations

import threading

import pytest

from tui_app.errors import Cancelled, Refused
from tui_app.sessions.broker import Wanted

DEVELOPER = "production/cross-account/CrossAccountDeveloperRole"
READ_ONLY = "staging-readonly"


def test_a_role_is_assumed_and_verified_then_kept(world):
    session = world.obtain(DEVELOPER)

    assert session.identity.arn == "arn:aws:sts::111122223333:assumed-role/CrossAccountDeveloperRole/tester"
    assert session.identity.verified > 0
    assert not session.from_cache
    assert world.calls() == ["AssumeRole", "GetCallerIdentity"]
    again = world.reload().obtain(world.role(DEVELOPER), Wanted(), world.person)
    assert again.from_cache
    assert again.credentials == session.credentials
    assert world.broker.peek(world.role(DEVELOPER)) == again
    assert world.calls() == []
    assert world.person.asked == []


def test_fresh_gets_a_new_session(world):
    first = world.obtain(READ_ONLY)

    second = world.obtain(READ_ONLY, Wanted(fresh=True))

    assert second.credentials != first.credentials
    assert world.broker.peek(world.role(READ_ONLY)).credentials == second.credentials


def test_cancelled_before_it_begins(world):
    with pytest.raises(Cancelled):
        world.obtain(READ_ONLY, cancelled=lambda: True)

    assert world.calls() == []


def test_a_plain_refusal_asks_for_no_code(world):
    with pytest.raises(Refused) as caught:
        world.obtain("sandbox/PowerUser")

    assert caught.value.exit_code == 4
    assert caught.value.cause == "assume_role"
    assert world.person.asked == []
    assert world.calls() == ["AssumeRole"]
    assert world.broker.sessions() == ()


def test_a_lower_maximum_without_a_code_is_asked_once_more(world):
    session = world.obtain("payments-staging/DatabaseMigrationOperator-eu")

    assert session.duration == 3600
    assert world.calls() == ["AssumeRole", "AssumeRole", "GetCallerIdentity"]
    world.obtain("payments-staging/DatabaseMigrationOperator-eu", Wanted(fresh=True))
    assert world.calls() == ["AssumeRole", "GetCallerIdentity"]


def test_an_endpoint_of_the_config_keeps_its_sessions_apart(world):
    first = world.obtain(READ_ONLY)
    del world.environ["ROLEDECK_ENDPOINT_URL"]
    world.reload(f'\n[aws]\nendpoint_url = "{world.aws.url}"\n')

    assert world.broker.peek(world.role(READ_ONLY)).credentials == first.credentials
    assert world.obtain(READ_ONLY).from_cache
    world.environ["ROLEDECK_ENDPOINT_URL"] = "http://127.0.0.1:9"
    assert world.reload().peek(world.role(READ_ONLY)) is None


def test_keys_in_the_environment_never_replace_the_profile(world):
    world.environ |= {"AWS_ACCESS_KEY_ID": "AKIAOTHER", "AWS_SECRET_ACCESS_KEY": "other", "AWS_PROFILE": "contractor"}

    assert world.obtain(READ_ONLY).identity.account == "555566667777"


def test_threads_that_want_one_role_make_one_call(world):
    found = []
    threads = [threading.Thread(target=lambda: found.append(world.obtain(READ_ONLY))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({session.credentials.key.id for session in found}) == 1
    assert len(found) == 8
    assert world.calls() == ["AssumeRole", "GetCallerIdentity"]


def test_an_explicit_duration_is_kept_apart_but_serves_whoever_asks_for_none(world):
    world.seed_role("TestTwo", maximum=14400)
    world.own_config("TestTwo", plain=True)
    long = world.obtain("production/TestTwo", Wanted(duration=7200))

    assert world.obtain("production/TestTwo").credentials == long.credentials
    assert world.obtain("production/TestTwo", Wanted(duration=900)).duration == 900
    assert world.broker.peek(world.role("production/TestTwo"), Wanted(duration=7200)).credentials == long.credentials


def test_two_names_of_one_role_share_its_session_under_their_own_names(world):
    with open(world.environ["AWS_CONFIG_FILE"], "a", encoding="utf-8") as file:
        file.write("\n[profile twin]\nrole_arn = arn:aws:iam::555566667777:role/ReadOnly\nsource_profile = dev\n")
    world.reload()
    first, second = world.obtain(READ_ONLY), world.obtain("twin")

    assert (first.role_key, second.role_key) == (READ_ONLY, "twin")
    assert second.credentials == first.credentials
    assert world.broker.peek(world.role("twin")).role_key == "twin"
    assert {session.role_key for session in world.broker.known()} == {READ_ONLY, "twin"}
    assert [session.role_key for session in world.broker.sessions()] == [READ_ONLY]
    (told,) = world.broker.forget("twin")
    assert "left" in told
    assert world.broker.peek(world.role(READ_ONLY)) is None
    assert world.broker.known() == ()
