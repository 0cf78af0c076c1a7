"""Getting, keeping and renewing sessions against an AWS that refuses what AWS refuses."""

from __future__ import annotations

import json
import os
import re
import threading
import time
from pathlib import Path

import pytest

from tui_app import paths
from tui_app.aws.door import AwsDoor
from tui_app.errors import Cancelled, ConfigUnusable, NeedsPerson, OutOfReach, Refused, UsageError, WrongIdentity
from tui_app.model import Identity
from tui_app.sessions import index
from tui_app.sessions.broker import Broker, Wanted

DEVELOPER = "production/cross-account/CrossAccountDeveloperRole"
ADMIN = "production/AdminRole"
DEPLOYER = "staging/Deployer"
READ_ONLY = "staging-readonly"
TWO_HOPS = "iot-fleet"


def obtain(world, key, wanted=None, **more):
    return world.broker.obtain(world.role(key), wanted or Wanted(), world.person, **more)


def test_a_role_is_assumed_and_verified_then_kept(world):
    session = obtain(world, DEVELOPER)

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
    first = obtain(world, READ_ONLY)

    second = obtain(world, READ_ONLY, Wanted(fresh=True))

    assert second.credentials != first.credentials
    assert world.broker.peek(world.role(READ_ONLY)).credentials == second.credentials


def test_one_code_serves_many_roles(world):
    sessions = [obtain(world, key) for key in (ADMIN, DEPLOYER, "shared-services/NetworkAdmin")]

    assert len(world.person.asked) == 1
    request = world.person.asked[0]
    assert request.goes_into == "sts:GetSessionToken"
    assert request.serial == "arn:aws:iam::444455556666:mfa/DevUser"
    assert request.device_account == "444455556666"
    assert request.covers >= 4
    assert {session.source_of_code for session in sessions} == {"mfa_session"}
    assert {session.renews for session in sessions} == {"itself"}
    assert world.calls().count("GetSessionToken") == 1
    (mfa,) = world.broker.mfa_sessions()
    assert mfa.source_profile == "dev"
    assert mfa.credentials.left(time.time()) > 7 * 3600


def test_a_refused_code_is_told_and_asked_again(world):
    world.person.answers = ["000000"]

    session = obtain(world, ADMIN)

    assert session.source_of_code == "mfa_session"
    first, second = world.person.asked
    assert first.refusal == ""
    assert "invalid MFA one time pass code" in second.refusal
    assert second.not_before > world.clock()


def test_three_refused_codes_end_it(world):
    world.person.answers = ["000000", "000001", "000002"]

    with pytest.raises(Refused, match="3 codes in a row"):
        obtain(world, ADMIN)

    assert world.calls() == ["GetSessionToken"] * 3


def test_a_used_code_is_never_sent_again(world):
    code = world.aws.code()
    world.person.answers = [code]
    obtain(world, ADMIN)
    world.broker.forget_all()
    world.calls()
    world.person.answers = [code]

    world.reload().obtain(world.role(ADMIN), Wanted(), world.person)

    assert world.calls().count("GetSessionToken") == 1, "only the second, new code was sent"
    first, second = world.person.asked[1:]
    assert first.not_before > world.clock()
    assert "used already" in second.refusal


def test_what_is_not_a_code_is_not_sent(world):
    world.person.answers = ["12345", "abcdef"]

    obtain(world, ADMIN)

    assert world.calls().count("GetSessionToken") == 1
    assert world.person.asked[1].refusal == "A code has six digits."


@pytest.mark.parametrize("answer", [Cancelled("no"), NeedsPerson("nobody")])
def test_nobody_to_answer_means_nothing_is_sent(world, answer):
    world.person.answers = [answer]

    with pytest.raises(type(answer)):
        obtain(world, ADMIN)

    assert world.calls() == []


def test_a_code_typed_after_cancelling_is_not_sent(world):
    with pytest.raises(Cancelled):
        obtain(world, ADMIN, cancelled=lambda: bool(world.person.asked))

    assert world.calls() == []


def test_cancelled_before_it_begins(world):
    with pytest.raises(Cancelled):
        obtain(world, READ_ONLY, cancelled=lambda: True)

    assert world.calls() == []


LONG = """
[[account]]
id = "111122223333"
name = "production"
  [[account.role]]
  name = "%s"
  via = "dev"
  mfa_serial = "arn:aws:iam::444455556666:mfa/DevUser"
  duration = "4h"
"""


def own_config(world, name):
    config = Path(world.environ["ROLEDECK_CONFIG"])
    config.write_text(LONG % name)
    return world.reload()


def test_more_than_an_hour_puts_the_code_into_assume_role(world):
    world.seed_role("TestLong", mfa=True, maximum=14400)
    own_config(world, "TestLong")

    session = obtain(world, "production/TestLong")

    assert world.person.asked[0].goes_into == "sts:AssumeRole"
    assert session.source_of_code == "code"
    assert session.renews == "asks"
    assert session.left(time.time()) > 3 * 3600
    assert "GetSessionToken" not in world.calls()


def test_a_lower_maximum_asks_for_the_next_code_and_is_remembered(world):
    world.seed_role("TestShort", mfa=True, maximum=3600)
    own_config(world, "TestShort")

    session = obtain(world, "production/TestShort")

    assert session.duration == 3600
    first, second = world.person.asked
    assert (first.duration, second.duration) == (14400, 3600)
    assert "refused 4h" in second.why
    assert second.not_before > 0
    plan = world.reload().plan(world.role("production/TestShort"), Wanted(fresh=True))
    assert plan.hops[0].duration == 3600
    assert plan.strategy == "session"


def test_a_lower_maximum_without_a_code_is_asked_once_more(world):
    session = obtain(world, "payments-staging/DatabaseMigrationOperator-eu")

    assert session.duration == 3600
    assert world.calls() == ["AssumeRole", "AssumeRole", "GetCallerIdentity"]
    obtain(world, "payments-staging/DatabaseMigrationOperator-eu", Wanted(fresh=True))
    assert world.calls() == ["AssumeRole", "GetCallerIdentity"]


def test_a_role_that_refuses_an_old_mfa_session_gets_a_fresh_code_and_that_is_remembered(world):
    obtain(world, DEPLOYER)
    world.aws.advance(2 * 3600)

    session = obtain(world, ADMIN)

    assert session.source_of_code == "code"
    request = world.person.asked[-1]
    assert request.goes_into == "sts:AssumeRole"
    assert "refused the MFA session" in request.why
    plan = world.reload().plan(world.role(ADMIN), Wanted(fresh=True))
    assert plan.strategy == "direct"
    assert "refused an MFA session before" in plan.why


@pytest.mark.parametrize(
    ("answer", "next_step"), [(Cancelled("no"), "letter by letter"), (NeedsPerson("nobody", "Come here."), "younger .* Come here.")]
)
def test_when_the_fresh_code_is_not_given_the_refusal_is_told(world, answer, next_step):
    obtain(world, DEPLOYER)
    world.aws.advance(2 * 3600)
    world.person.answers = [answer]

    with pytest.raises(Refused) as caught:
        obtain(world, ADMIN)

    assert caught.value.code == "AccessDenied"
    assert re.search(next_step, caught.value.next_step)
    assert world.reload().plan(world.role(ADMIN)).strategy == "session"


def test_a_plain_refusal_asks_for_no_code(world):
    with pytest.raises(Refused) as caught:
        obtain(world, "sandbox/PowerUser")

    assert caught.value.exit_code == 4
    assert caught.value.cause == "assume_role"
    assert world.person.asked == []
    assert world.calls() == ["AssumeRole"]
    assert world.broker.sessions() == ()


def test_each_hop_is_kept_and_the_last_renews_alone(world):
    session = obtain(world, TWO_HOPS)
    assert session.hops == 2
    assert world.calls() == ["AssumeRole", "GetCallerIdentity"] * 2, "each AssumeRole is verified"

    obtain(world, TWO_HOPS, Wanted(fresh=True))

    assert world.calls() == ["AssumeRole", "GetCallerIdentity"]
    assert [hop.cached_until is not None for hop in world.broker.plan(world.role(TWO_HOPS)).hops] == [True, True]


def test_a_chained_hop_is_capped_before_the_call(world):
    plan = world.broker.plan(world.role(TWO_HOPS), Wanted(duration=14400))

    assert [hop.duration for hop in plan.hops] == [3600, 3600]
    assert "capped at 1h" in plan.hops[1].why_duration
    assert obtain(world, TWO_HOPS, Wanted(duration=14400)).duration == 3600


def test_a_parent_that_aws_no_longer_takes_is_got_again(world):
    obtain(world, TWO_HOPS)
    world.aws.advance(2 * 3600)
    world.calls()

    session = obtain(world, TWO_HOPS, Wanted(fresh=True))

    assert session.hops == 2
    assert world.calls() == ["AssumeRole", *["AssumeRole", "GetCallerIdentity"] * 2]


def test_an_mfa_session_that_aws_no_longer_takes_asks_for_a_new_code(world):
    obtain(world, DEPLOYER)
    world.aws.advance(9 * 3600)

    obtain(world, DEPLOYER, Wanted(fresh=True))

    assert [request.goes_into for request in world.person.asked] == ["sts:GetSessionToken"] * 2


def test_an_endpoint_of_the_config_keeps_its_sessions_apart(world):
    first = obtain(world, READ_ONLY)
    del world.environ["ROLEDECK_ENDPOINT_URL"]
    world.reload(f'\n[aws]\nendpoint_url = "{world.aws.url}"\n')

    assert world.broker.peek(world.role(READ_ONLY)).credentials == first.credentials
    assert obtain(world, READ_ONLY).from_cache
    world.environ["ROLEDECK_ENDPOINT_URL"] = "http://127.0.0.1:9"
    assert world.reload().peek(world.role(READ_ONLY)) is None


def test_what_needs_no_code_renews_itself_when_it_is_due(world):
    first = obtain(world, READ_ONLY)
    world.clock.offset = 3600 - 1300
    assert obtain(world, READ_ONLY).from_cache

    world.clock.offset = 3600 - 1100
    second = obtain(world, READ_ONLY)

    assert not second.from_cache
    assert second.credentials != first.credentials


@pytest.mark.parametrize("kind", ["drop", "500", "garbage"])
def test_the_old_session_stays_in_use_while_aws_is_out_of_reach(world, kind):
    first = obtain(world, READ_ONLY)
    world.clock.offset = 3600 - 600
    world.aws.fault(kind, "sts:AssumeRole", times=3)

    assert obtain(world, READ_ONLY).credentials == first.credentials


def test_an_expired_session_is_not_used(world):
    obtain(world, READ_ONLY)
    world.clock.offset = 3600 - 30
    world.aws.fault("drop", "sts:AssumeRole", times=9)

    with pytest.raises(OutOfReach):
        obtain(world, READ_ONLY)

    world.aws.reset()
    assert [session.role_key for session in world.broker.known()] == [READ_ONLY]
    assert world.broker.sessions() == ()


def test_a_session_that_asks_is_not_renewed_behind_ones_back(world):
    world.seed_role("TestAsks", mfa=True, maximum=14400)
    own_config(world, "TestAsks")
    first = obtain(world, "production/TestAsks")
    world.clock.offset = 4 * 3600 - 600

    assert obtain(world, "production/TestAsks").credentials == first.credentials
    assert len(world.person.asked) == 1


class LyingDoor(AwsDoor):
    """Somebody else answers GetCallerIdentity."""

    arn = "arn:aws:sts::999988887777:assumed-role/ReadOnly/tester"

    def caller_identity(self, key, region=None):
        return Identity(self.arn.split(":")[4], self.arn, "AROAX", time.time(), region or "")


@pytest.mark.parametrize(
    "arn", [LyingDoor.arn, "arn:aws:sts::555566667777:assumed-role/Other/tester", "arn:aws:iam::555566667777:user/ReadOnly"]
)
def test_a_wrong_identity_is_an_alarm_and_nothing_is_kept(world, arn, files_of):
    door = LyingDoor(world.aws.url)
    door.arn = arn
    broker = Broker(world.broker.catalog, world.environ, door)

    with pytest.raises(WrongIdentity):
        broker.obtain(world.role(READ_ONLY), Wanted(), world.person)

    assert broker.sessions() == ()
    kept = [name for name in files_of(paths.sessions_folder(world.environ)) if name.endswith(".json")]
    assert kept == []


def test_a_wrong_identity_on_the_way_stops_before_the_next_hop(world, files_of):
    broker = Broker(world.broker.catalog, world.environ, LyingDoor(world.aws.url))

    with pytest.raises(WrongIdentity, match="lambda-exec"):
        broker.obtain(world.role(TWO_HOPS), Wanted(), world.person)

    assert world.calls() == ["AssumeRole"]
    assert [name for name in files_of(paths.sessions_folder(world.environ)) if name.endswith(".json")] == []


def test_keys_in_the_environment_never_replace_the_profile(world):
    world.environ |= {"AWS_ACCESS_KEY_ID": "AKIAOTHER", "AWS_SECRET_ACCESS_KEY": "other", "AWS_PROFILE": "contractor"}

    assert obtain(world, READ_ONLY).identity.account == "555566667777"


def test_threads_that_want_one_role_make_one_call(world):
    found = []
    threads = [threading.Thread(target=lambda: found.append(obtain(world, READ_ONLY))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({session.credentials.key.id for session in found}) == 1
    assert len(found) == 8
    assert world.calls() == ["AssumeRole", "GetCallerIdentity"]


def test_threads_that_need_a_code_ask_one_person_once(world):
    found = []
    keys = [ADMIN, DEPLOYER, "shared-services/NetworkAdmin", "payments-live/AdministratorAccess"]
    threads = [threading.Thread(target=lambda key=key: found.append(obtain(world, key))) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == len(keys)
    assert len(world.person.asked) == 1


def test_the_session_is_not_locked_while_a_person_types(world):
    asked, typed = threading.Event(), threading.Event()

    def slow(request):
        asked.set()
        assert typed.wait(20)
        return world.person(request)

    slow_one = threading.Thread(target=lambda: world.broker.obtain(world.role(ADMIN), Wanted(), slow))
    slow_one.start()
    assert asked.wait(20)
    # another role of the same source, and the same role's plan, go on meanwhile
    assert obtain(world, READ_ONLY).hops == 1
    assert world.broker.peek(world.role(ADMIN)) is None
    typed.set()
    slow_one.join()
    assert world.broker.peek(world.role(ADMIN)) is not None


def test_an_explicit_duration_is_kept_apart_but_serves_whoever_asks_for_none(world):
    world.seed_role("TestTwo", maximum=14400)
    config = LONG.replace("mfa_serial", "# ").replace('duration = "4h"', "")
    Path(world.environ["ROLEDECK_CONFIG"]).write_text(config % "TestTwo")
    world.reload()
    long = obtain(world, "production/TestTwo", Wanted(duration=7200))

    assert obtain(world, "production/TestTwo").credentials == long.credentials
    assert obtain(world, "production/TestTwo", Wanted(duration=900)).duration == 900
    assert world.broker.peek(world.role("production/TestTwo"), Wanted(duration=7200)).credentials == long.credentials


def test_forget_drops_and_tells(world):
    obtain(world, READ_ONLY)
    obtain(world, ADMIN)
    index.write_ready(READ_ONLY, world.environ, "{}", 9_999_999_999, [])

    (dropped,) = world.broker.forget(READ_ONLY)
    assert dropped.startswith(f"{READ_ONLY}, ")
    assert dropped.endswith(" left")
    assert world.broker.forget(READ_ONLY) == ()
    assert index.read_ready(READ_ONLY, world.environ) is None
    assert world.broker.forget_expired() == ()
    dropped = world.broker.forget_all()
    assert [what.partition(",")[0] for what in dropped] == ["the MFA session of dev", ADMIN]
    assert world.broker.sessions() == () == world.broker.mfa_sessions()


def test_the_journal_tells_who_became_what_and_no_secret(world):
    session = obtain(world, ADMIN)
    obtain(world, ADMIN, Wanted(fresh=True))
    world.broker.forget(ADMIN)

    entries = world.broker.journal.entries()
    assert [entry["event"] for entry in entries] == ["assume", "renew", "forget"]
    assert entries[0]["arn"] == session.identity.arn
    text = Path(paths.state_folder(world.environ), "journal.jsonl").read_text()
    assert session.credentials.key.secret.reveal() not in text
    assert session.credentials.key.token.reveal() not in text
    assert "UniqueExternalId12345" not in text
    assert os.stat(os.path.join(paths.state_folder(world.environ), "journal.jsonl")).st_mode & 0o777 == 0o600


def test_no_code_external_id_or_base_key_reaches_a_file(world, files_of):
    code = world.aws.code()
    world.person.answers = [code]
    obtain(world, ADMIN)
    obtain(world, DEVELOPER)

    _, secret = world.aws.key("dev")
    top = os.path.dirname(paths.sessions_folder(world.environ))
    for file in (*files_of(top), *files_of(paths.state_folder(world.environ))):
        text = Path(file).read_text()
        assert f'"{code}"' not in text
        assert "UniqueExternalId12345" not in text
        assert secret not in text


def test_a_folder_that_cannot_be_written_degrades_to_memory_with_one_warning(world):
    folder = Path(paths.sessions_folder(world.environ))
    folder.parent.mkdir(parents=True)
    folder.write_text("in the way")
    world.reload()

    obtain(world, READ_ONLY)
    obtain(world, DEPLOYER)

    assert obtain(world, READ_ONLY).from_cache
    assert len(world.broker.warnings) == 1


def test_storage_memory_writes_no_session(world, files_of):
    world.reload('\n[storage]\nsessions = "memory"\n')

    obtain(world, READ_ONLY)

    assert obtain(world, READ_ONLY).from_cache
    assert not [name for name in files_of(paths.sessions_folder(world.environ)) if name.endswith(".json")]


CIRCLE = """
[profile a]
role_arn = arn:aws:iam::111122223333:role/x
source_profile = b
[profile b]
role_arn = arn:aws:iam::111122223333:role/y
source_profile = a
"""


@pytest.mark.parametrize(
    ("shared", "key", "sentence"),
    [
        ("[profile lost]\nrole_arn = arn:aws:iam::111122223333:role/x\nsource_profile = nobody\n", "lost", r"nobody.*/config:\d+\)"),
        (CIRCLE, "a", r"circle.*/config:\d+\)"),
        (
            "[profile ec2]\nrole_arn = arn:aws:iam::111122223333:role/x\ncredential_source = Ec2InstanceMetadata\n",
            "ec2",
            "cannot be used yet",
        ),
        (
            "[profile none]\nrole_arn = arn:aws:iam::111122223333:role/x\ncredential_source = Environment\n",
            "none",
            "keys in the environment",
        ),
        ("[profile x]\nrole_arn = arn:aws:iam::111122223333:role/x\nsource_profile = dev\nexternal_id = a b\n", "x", "external_id"),
    ],
)
def test_what_the_files_get_wrong_is_one_sentence_and_contacts_nothing(world, shared, key, sentence):
    with open(world.environ["AWS_CONFIG_FILE"], "a", encoding="utf-8") as file:
        file.write("\n" + shared)
    world.reload()

    with pytest.raises(ConfigUnusable) as caught:
        obtain(world, key)

    assert re.search(sentence, caught.value.sentence())
    assert "a b" not in caught.value.sentence(), "an external id is not shown"
    assert world.calls() == []


@pytest.mark.parametrize("region", ["", "eu_west_1", "evil.example/"])
def test_a_region_that_is_none_is_not_asked(world, region):
    with pytest.raises(UsageError, match="is not a region"):
        obtain(world, READ_ONLY, Wanted(region=region))

    assert world.calls() == []


def test_keys_of_the_environment_where_the_file_names_them(world):
    with open(world.environ["AWS_CONFIG_FILE"], "a", encoding="utf-8") as file:
        file.write(
            "\n[profile env]\nrole_arn = arn:aws:iam::555566667777:role/ReadOnly\ncredential_source = Environment\nregion = eu-west-1\n"
        )
    key_id, secret = world.aws.key("dev")
    world.environ |= {"AWS_ACCESS_KEY_ID": key_id, "AWS_SECRET_ACCESS_KEY": secret}
    world.reload()

    assert obtain(world, "env").identity.account == "555566667777"


def test_a_credential_process_is_run_without_a_shell(world, tmp_path):
    key_id, secret = world.aws.key("dev")
    script = tmp_path / "print keys"
    script.write_text(f'#!/bin/sh\necho \'{{"Version": 1, "AccessKeyId": "{key_id}", "SecretAccessKey": "{secret}"}}\'\n')
    script.chmod(0o700)
    config = Path(world.environ["AWS_CONFIG_FILE"])
    config.write_text(
        f'[profile p]\ncredential_process = "{script}" ; touch {tmp_path}/pwned\n'
        "[profile x]\nrole_arn = arn:aws:iam::555566667777:role/ReadOnly\nsource_profile = p\nregion = eu-west-1\n"
    )
    world.reload()

    assert obtain(world, "x").identity.account == "555566667777"
    assert not (tmp_path / "pwned").exists()
    config.chmod(0o666)
    with pytest.raises(ConfigUnusable, match="written by others"):
        obtain(world, "x", Wanted(fresh=True))


def test_a_credential_process_is_told_for_whom_it_runs(world, tmp_path):
    key_id, secret = world.aws.key("dev")
    script = tmp_path / "keys"
    answer = json.dumps({"Version": 1, "AccessKeyId": key_id, "SecretAccessKey": secret})
    script.write_text(f"#!/bin/sh\necho \"$_ROLEDECK_PROCESS_CHAIN\" > {tmp_path}/told\necho '{answer}'\n")
    script.chmod(0o700)
    Path(world.environ["AWS_CONFIG_FILE"]).write_text(
        f"[profile p]\ncredential_process = {script}\n"
        "[profile x]\nrole_arn = arn:aws:iam::555566667777:role/ReadOnly\nsource_profile = p\nregion = eu-west-1\n"
    )
    world.environ["_ROLEDECK_PROCESS_CHAIN"] = "outer"
    world.reload()

    obtain(world, "x")

    assert (tmp_path / "told").read_text() == "outer\nx\n", "so that a command that leads back here is seen at once"


def test_two_names_of_one_role_share_its_session_under_their_own_names(world):
    with open(world.environ["AWS_CONFIG_FILE"], "a", encoding="utf-8") as file:
        file.write("\n[profile twin]\nrole_arn = arn:aws:iam::555566667777:role/ReadOnly\nsource_profile = dev\n")
    world.reload()
    first, second = obtain(world, READ_ONLY), obtain(world, "twin")

    assert (first.role_key, second.role_key) == (READ_ONLY, "twin")
    assert second.credentials == first.credentials
    assert world.broker.peek(world.role("twin")).role_key == "twin"
    (told,) = world.broker.forget("twin")
    assert "left" in told
    assert world.broker.peek(world.role(READ_ONLY)) is None


def test_an_external_id_command_is_run_and_its_failure_told(world, tmp_path):
    config = Path(world.environ["ROLEDECK_CONFIG"])
    text = config.read_text()
    config.write_text(text.replace('external_id = "UniqueExternalId12345"', 'external_id_command = ["printf", "UniqueExternalId12345"]'))
    world.reload()
    assert obtain(world, DEVELOPER).hops == 1

    config.write_text(text.replace('external_id = "UniqueExternalId12345"', 'external_id_command = ["false"]'))
    world.reload()
    with pytest.raises(Exception, match="external_id_command failed with 1"):
        obtain(world, DEVELOPER, Wanted(fresh=True))
