"""Chains and sessions that are renewed, each hop with its parent."""

from __future__ import annotations

import pytest

from tui_app.errors import OutOfReach
from tui_app.sessions import obtain
from tui_app.sessions.broker import Wanted

READ_ONLY = "staging-readonly"
TWO_HOPS = "iot-fleet"


def test_each_hop_is_kept_and_the_last_renews_alone(world):
    session = world.obtain(TWO_HOPS)
    assert session.hops == 2
    assert world.calls() == ["AssumeRole", "GetCallerIdentity"] * 2, "each AssumeRole is verified"

    world.obtain(TWO_HOPS, Wanted(fresh=True))

    assert world.calls() == ["AssumeRole", "GetCallerIdentity"]
    assert [hop.cached_until is not None for hop in world.broker.plan(world.role(TWO_HOPS)).hops] == [True, True]


def test_a_chained_hop_is_capped_before_the_call(world):
    plan = world.broker.plan(world.role(TWO_HOPS), Wanted(duration=14400))

    assert [hop.duration for hop in plan.hops] == [3600, 3600]
    assert "capped at 1h" in plan.hops[1].why_duration
    assert world.obtain(TWO_HOPS, Wanted(duration=14400)).duration == 3600


def test_a_parent_that_aws_no_longer_takes_is_got_again(world):
    world.obtain(TWO_HOPS)
    world.aws.advance(2 * 3600)
    world.calls()

    session = world.obtain(TWO_HOPS, Wanted(fresh=True))

    assert session.hops == 2
    assert world.calls() == ["AssumeRole", *["AssumeRole", "GetCallerIdentity"] * 2]


def test_what_needs_no_code_renews_itself_when_it_is_due(world):
    first = world.obtain(READ_ONLY)
    world.clock.offset = 3600 - 1300
    assert world.obtain(READ_ONLY).from_cache

    world.clock.offset = 3600 - 1100
    second = world.obtain(READ_ONLY)

    assert not second.from_cache
    assert second.credentials != first.credentials


@pytest.mark.parametrize("kind", ["drop", "500", "garbage"])
def test_the_old_session_stays_in_use_while_aws_is_out_of_reach(world, kind):
    first = world.obtain(READ_ONLY)
    world.clock.offset = 3600 - 600
    world.aws.fault(kind, "sts:AssumeRole", times=3)

    assert world.obtain(READ_ONLY).credentials == first.credentials


def test_what_is_still_good_is_not_held_up_by_an_aws_that_does_not_answer(world, monkeypatch):
    first = world.obtain(READ_ONLY)
    world.clock.offset = 3600 - 600
    monkeypatch.setattr(obtain, "HASTE", 0.1)
    world.aws.fault("slow", "sts:AssumeRole", times=3, arg=1)

    assert world.obtain(READ_ONLY).credentials == first.credentials


def test_a_session_that_ends_while_aws_does_not_answer_is_not_handed_out(world):
    first = world.obtain(READ_ONLY)
    world.clock.offset = 3600 - 600
    world.aws.fault("drop", "sts:AssumeRole", times=3)

    def time_passes(_line):
        world.clock.offset = 3600 - 30

    second = world.broker.obtain(world.role(READ_ONLY), Wanted(), world.person, progress=time_passes)

    assert second.credentials != first.credentials
    assert not second.from_cache


def test_an_expired_session_is_not_used(world):
    world.obtain(READ_ONLY)
    world.clock.offset = 3600 - 30
    world.aws.fault("drop", "sts:AssumeRole", times=9)

    with pytest.raises(OutOfReach):
        world.obtain(READ_ONLY)

    world.aws.reset()
    assert [session.role_key for session in world.broker.known()] == [READ_ONLY]
    assert world.broker.sessions() == ()
