"""When a person is asked for a code, what for, and what becomes of it."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
import threading
import time

import pytest

from tui_app import paths
from tui_app.errors import Cancelled, NeedsPerson, Refused
from tui_app.sessions import codes
from tui_app.sessions.broker import Wanted
from tui_app.sessions.folder import PrivateFolder
from tui_app.sessions.record import digest

ADMIN = "production/AdminRole"
DEPLOYER = "staging/Deployer"
READ_ONLY = "staging-readonly"


def test_one_code_serves_many_roles(world):
    sessions = [world.obtain(key) for key in (ADMIN, DEPLOYER, "shared-services/NetworkAdmin")]

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

    session = world.obtain(ADMIN)

    assert session.source_of_code == "mfa_session"
    first, second = world.person.asked
    assert first.refusal == ""
    assert "invalid MFA one time pass code" in second.refusal
    assert second.not_before == 0, "who has mistyped a code need not wait for the next"


def test_a_refused_code_that_is_typed_again_is_waited_out_and_not_sent(world):
    world.person.answers = ["000000", "000000"]

    world.obtain(ADMIN)

    assert world.calls().count("GetSessionToken") == 2
    assert [request.not_before > world.clock() for request in world.person.asked] == [False, False, True]


def test_three_refused_codes_end_it(world):
    world.person.answers = ["000000", "000001", "000002"]

    with pytest.raises(Refused, match="3 codes in a row"):
        world.obtain(ADMIN)

    assert world.calls() == ["GetSessionToken"] * 3


def test_a_used_code_is_never_sent_again(world):
    code = world.aws.code()
    world.person.answers = [code]
    world.obtain(ADMIN)
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

    world.obtain(ADMIN)

    assert world.calls().count("GetSessionToken") == 1
    assert world.person.asked[1].refusal == "A code has six digits."


@pytest.mark.parametrize("answer", [Cancelled("no"), NeedsPerson("nobody")])
def test_nobody_to_answer_means_nothing_is_sent(world, answer):
    world.person.answers = [answer]

    with pytest.raises(type(answer)):
        world.obtain(ADMIN)

    assert world.calls() == []


def test_a_code_typed_after_cancelling_is_not_sent(world):
    with pytest.raises(Cancelled):
        world.obtain(ADMIN, cancelled=lambda: bool(world.person.asked))

    assert world.calls() == []


def test_more_than_an_hour_puts_the_code_into_assume_role(world):
    world.seed_role("TestLong", mfa=True, maximum=14400)
    world.own_config("TestLong")

    session = world.obtain("production/TestLong")

    assert world.person.asked[0].goes_into == "sts:AssumeRole"
    assert session.source_of_code == "code"
    assert session.renews == "asks"
    assert session.left(time.time()) > 3 * 3600
    assert "GetSessionToken" not in world.calls()


def test_a_lower_maximum_asks_for_the_next_code_and_is_remembered(world):
    world.seed_role("TestShort", mfa=True, maximum=3600)
    world.own_config("TestShort")

    session = world.obtain("production/TestShort")

    assert session.duration == 3600
    first, second = world.person.asked
    assert (first.duration, second.duration) == (14400, 3600)
    assert "refused 4h" in second.why
    assert second.not_before > 0
    plan = world.reload().plan(world.role("production/TestShort"), Wanted(fresh=True))
    assert plan.hops[0].duration == 3600
    assert plan.strategy == "session"


def test_a_role_that_refuses_an_old_mfa_session_gets_a_fresh_code_and_that_is_remembered(world):
    world.obtain(DEPLOYER)
    world.aws.advance(2 * 3600)

    session = world.obtain(ADMIN)

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
    world.obtain(DEPLOYER)
    world.aws.advance(2 * 3600)
    world.person.answers = [answer]

    with pytest.raises(Refused) as caught:
        world.obtain(ADMIN)

    assert caught.value.code == "AccessDenied"
    assert re.search(next_step, caught.value.next_step)
    assert world.reload().plan(world.role(ADMIN)).strategy == "session"


def test_an_mfa_session_that_aws_no_longer_takes_asks_for_a_new_code(world):
    world.obtain(DEPLOYER)
    world.aws.advance(9 * 3600)

    world.obtain(DEPLOYER, Wanted(fresh=True))

    assert [request.goes_into for request in world.person.asked] == ["sts:GetSessionToken"] * 2


def test_threads_that_need_a_code_ask_one_person_once(world):
    found = []
    keys = [ADMIN, DEPLOYER, "shared-services/NetworkAdmin", "payments-live/AdministratorAccess"]
    threads = [threading.Thread(target=lambda key=key: found.append(world.obtain(key))) for key in keys]
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
    assert world.obtain(READ_ONLY).hops == 1
    assert world.broker.peek(world.role(ADMIN)) is None
    typed.set()
    slow_one.join()
    assert world.broker.peek(world.role(ADMIN)) is not None


def test_a_session_that_asks_is_not_renewed_behind_ones_back(world):
    world.seed_role("TestAsks", mfa=True, maximum=14400)
    world.own_config("TestAsks")
    first = world.obtain("production/TestAsks")
    world.clock.offset = 4 * 3600 - 600

    assert world.obtain("production/TestAsks").credentials == first.credentials
    assert len(world.person.asked) == 1


def test_however_long_a_person_takes_jobs_of_one_window_ask_once(world, monkeypatch):
    monkeypatch.setattr(codes, "OTHER_WINDOW", 0.1)
    asked, typed, waiting = threading.Event(), threading.Event(), threading.Event()

    def slow(request):
        asked.set()
        assert typed.wait(20)
        return world.person(request)

    first = threading.Thread(target=lambda: world.broker.obtain(world.role(ADMIN), Wanted(), slow))
    first.start()
    assert asked.wait(20)
    looks = itertools.count()
    second = threading.Thread(
        target=lambda: world.broker.obtain(world.role(DEPLOYER), Wanted(), world.person, lambda: next(looks) > 4 and waiting.set())
    )
    second.start()
    assert waiting.wait(20), "it has waited for longer than another window would"
    typed.set()
    first.join()
    second.join()

    assert len(world.person.asked) == 1
    assert world.calls().count("GetSessionToken") == 1


def test_a_question_that_nobody_answers_lets_one_more_window_ask(world, monkeypatch):
    monkeypatch.setattr(codes, "OTHER_WINDOW", 0.3)
    folder = PrivateFolder(paths.sessions_folder(world.environ))
    claim = f"asking-{digest(world.broker.plan(world.role(ADMIN)).serial)[:16]}"
    program = (
        "import sys\nfrom tui_app.sessions.folder import PrivateFolder\nfrom tui_app.sessions.locks import held\n"
        f"with held(PrivateFolder({folder.path!r}), {claim!r}, lambda: False): print('held', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert other.stdout.readline() == "held\n"

    world.obtain(ADMIN)

    other.communicate()
    assert len(world.person.asked) == 1
