"""A session is replaced in time, by ourselves or by another window, and never given out after its end."""

from __future__ import annotations

import json
import threading

import pytest

from tui_app.errors import NeedsPerson, OutOfReach
from tui_app.handover import kept_fresh
from tui_app.handover.kept_fresh import KeptFresh
from tui_app.model import AccessKey, Credentials, Identity, Session
from tui_app.secret import Secret


class World:
    """A clock that stands, and a broker of sessions numbered as they are got."""

    def __init__(self) -> None:
        self.now = 1_000_000.0
        self.kept: Session | None = None
        self.renewals = 0
        self.failure: Exception | None = None
        self.asked = threading.Event()

    def clock(self) -> float:
        return self.now

    def session(self, number: int, life: float = 900.0) -> Session:
        key = AccessKey(f"ASIA{number:016}", Secret("secret"), Secret("token"))
        arn = "arn:aws:sts::111122223333:assumed-role/R/me"
        return Session(
            role_arn="arn:aws:iam::111122223333:role/R",
            role_key="production/R",
            credentials=Credentials(key, self.now + life),
            identity=Identity("111122223333", arn, "AROA", self.now),
            issued=self.now,
            duration=900,
            hops=1,
        )

    def peek(self) -> Session | None:
        return self.kept

    def renew(self, _old: Session) -> Session:
        self.asked.set()
        if self.failure is not None:
            raise self.failure
        self.renewals += 1
        return self.session(self.renewals)


@pytest.fixture
def world(monkeypatch):
    monkeypatch.setattr(kept_fresh, "PAUSE", 0.01)
    return World()


@pytest.fixture
def fresh(world):
    made = KeptFresh(world.peek, world.renew, world.session(0), world.clock)
    yield made
    made.close()


def key_of(fresh: KeptFresh) -> str:
    answer = fresh.answer()
    return json.loads(answer)["AccessKeyId"] if answer else ""


def test_what_is_not_due_is_given_out_as_it_is(fresh, world):
    assert key_of(fresh) == "ASIA0000000000000000"
    assert not world.renewals


def test_a_third_before_its_end_it_is_renewed_once(fresh, world, wait_for):
    world.now += 601
    wait_for(lambda: key_of(fresh) == "ASIA0000000000000001")
    assert world.renewals == 1


def test_what_another_window_has_got_is_taken_and_nothing_is_renewed(fresh, world, wait_for):
    world.now += 601
    world.kept = world.session(7)
    wait_for(lambda: key_of(fresh) == "ASIA0000000000000007")
    assert not world.renewals


@pytest.mark.parametrize("failure", [OutOfReach("AWS cannot be reached.", "Try again."), NeedsPerson("A code is needed.", "Type it.")])
def test_a_renewal_that_fails_leaves_the_old_one_in_use_to_its_end_and_then_nothing(fresh, world, wait_for, failure):
    world.failure = failure
    world.now += 700
    assert world.asked.wait(5)
    assert key_of(fresh) == "ASIA0000000000000000"
    world.now += 201
    assert fresh.answer() is None
    world.failure = None
    world.now += kept_fresh.RETRY + 1
    wait_for(lambda: key_of(fresh) == "ASIA0000000000000001")


def test_a_child_that_asks_in_the_last_moment_waits_for_the_renewal(world):
    gate = threading.Event()

    def renew(old: Session) -> Session:
        assert gate.wait(5)
        return world.renew(old)

    fresh = KeptFresh(world.peek, renew, world.session(0), world.clock)
    try:
        world.now += 899.5
        threading.Timer(0.1, gate.set).start()
        assert key_of(fresh) == "ASIA0000000000000001"
    finally:
        gate.set()
        fresh.close()


def test_a_fault_of_ours_costs_one_try_and_not_the_child(fresh, world, wait_for):
    world.failure = KeyError("a fault")
    world.now += 700
    assert world.asked.wait(5)
    world.failure = None
    world.now += kept_fresh.RETRY + 1
    wait_for(lambda: key_of(fresh) == "ASIA0000000000000001")


def test_what_does_not_wait_is_told_at_once_that_there_is_nothing_yet(fresh, world):
    world.failure = OutOfReach("AWS cannot be reached.", "Try again.")
    world.now += 899.5
    assert fresh.answer(wait=False) is None
    assert fresh.answer() is not None
