"""Somebody else than asked for is an alarm, and nothing is kept."""

from __future__ import annotations

import time

import pytest

from tui_app import paths
from tui_app.aws.door import AwsDoor
from tui_app.errors import WrongIdentity
from tui_app.model import Identity
from tui_app.sessions.broker import Broker, Wanted

READ_ONLY = "staging-readonly"
TWO_HOPS = "iot-fleet"


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
