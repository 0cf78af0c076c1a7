"""Answers wait for hands that press keys: what comes by itself is drawn together, between the keys, and never too late."""

from __future__ import annotations

import dataclasses
import time

import pytest
from textual import events

from tests.ui.exploring import DEVELOPER, Door, explore, live
from tui_app.explorer.views import VIEWS
from tui_app.ui.explorer.overview import Overview, overview_rows, with_cursor
from tui_app.ui.explorer.places import Visitor
from tui_app.ui.hands import LONGEST, PRESSING, Gathering, Hands
from tui_app.ui.sight import Sight

WAIT = 0.05


class Timers:
    """A clock that is set by hand, and the timers that it rings."""

    def __init__(self) -> None:
        self.now = 100.0
        self._set: list[Timer] = []

    def set_timer(self, delay, callback):
        self._set.append(Timer(self.now + delay, callback))
        return self._set[-1]

    def go_on(self, seconds: float) -> None:
        end = self.now + seconds
        while due := sorted((one for one in self._set if one.at <= end and not one.stopped), key=lambda one: one.at):
            self._set.remove(due[0])
            self.now = max(self.now, due[0].at)
            due[0].callback()
        self.now = end


@dataclasses.dataclass
class Timer:
    at: float
    callback: object
    stopped: bool = False

    def stop(self) -> None:
        self.stopped = True


@pytest.fixture
def timers():
    return Timers()


@pytest.fixture
def hands(timers):
    return Hands(lambda: timers.now)


@pytest.fixture
def drawn():
    return []


@pytest.fixture
def gathering(timers, hands, drawn):
    return Gathering(timers, hands, WAIT, lambda: drawn.append(timers.now))


def test_what_comes_together_is_drawn_once(gathering, timers, drawn):
    for _ in range(80):
        gathering.soon()
    timers.go_on(1)
    assert drawn == [pytest.approx(100 + WAIT)]


def test_what_comes_later_is_drawn_later(gathering, timers, drawn):
    for _ in range(2):
        gathering.soon()
        timers.go_on(1)
    assert len(drawn) == 2


def test_nothing_is_drawn_between_keys_that_follow_each_other(gathering, timers, hands, drawn):
    gathering.soon()
    for _ in range(5):
        hands.pressed()
        timers.go_on(0.06)
    assert drawn == []
    timers.go_on(PRESSING + WAIT)
    assert len(drawn) == 1


def test_whoever_never_rests_sees_answers_just_after_a_keys_frame(gathering, timers, hands, drawn):
    gathering.soon()
    frames = []
    for _ in range(100):
        hands.pressed()
        timers.go_on(0.005)
        frames.append(timers.now)
        hands.answered()
        timers.go_on(0.025)
    assert drawn == [pytest.approx(100 + LONGEST, abs=WAIT + 0.03)]
    assert drawn[0] in frames


def test_what_was_drawn_meanwhile_does_not_wait_for_a_key(gathering, timers, hands, drawn):
    gathering.soon()
    while not hands.waited_for:
        hands.pressed()
        timers.go_on(0.03)
    timers.go_on(PRESSING + WAIT)
    assert len(drawn) == 1
    hands.answered()
    assert len(drawn) == 1


def test_a_timer_that_rings_although_it_was_stopped_keeps_nothing_from_being_drawn(gathering, timers, hands, drawn, monkeypatch):
    monkeypatch.setattr(Timer, "stop", lambda _timer: None)
    for times in range(1, 4):
        gathering.soon()
        for _ in range(40):
            hands.pressed()
            timers.go_on(0.005)
            hands.answered()
            timers.go_on(0.025)
        assert len(drawn) == times


def test_what_is_drawn_at_once_is_not_drawn_again(gathering, timers, drawn):
    gathering.soon()
    gathering.now()
    timers.go_on(1)
    assert drawn == [100]


def test_a_key_makes_the_hands_busy_for_a_while(timers, hands):
    assert hands.at_rest
    hands.pressed()
    assert not hands.at_rest
    timers.go_on(PRESSING * 1.01)
    assert hands.at_rest


async def test_answers_that_have_waited_are_drawn_after_the_keys_own_frame(stage):
    async with stage(door=Door()) as s:
        screen = await explore(s)
        await s.until(lambda: not screen.working)
        order = []
        screen._compositor_refresh = spied(screen._compositor_refresh, lambda: order.append("frame"))
        s.deck.hands.waited_for.append(lambda: order.append("answers"))
        await s.press("j")
        await s.until(lambda: "answers" in order)
        assert order[0] == "frame"


def spied(method, before):
    def called(*arguments, **named):
        before()
        return method(*arguments, **named)

    return called


async def test_answers_come_onto_the_screen_while_a_key_is_held_down(stage):
    door = Door(s3__ListBuckets={"Buckets": [{"Name": "prod-data", "BucketRegion": "eu-west-1"}]})
    door.gate.clear()
    async with stage(door=door) as s:
        await live(s, DEVELOPER)
        await s.press("v", "v")
        await s.until(lambda: s.deck.explorer and s.deck.explorer.working)
        door.gate.set()

        end = time.monotonic() + 10
        while "readable" not in s.screen:
            assert time.monotonic() < end
            await s.press("j")


@pytest.mark.parametrize(
    ("way", "key"),
    [("", "j"), ("", "f9"), ("vv", "j"), ("vv", "f9"), ("vv?", "down"), ("V", "f9"), ("F", "f9")],
)
async def test_whichever_key_is_held_down_and_wherever_answers_are_drawn(stage, monkeypatch, way, key):
    async with stage(door=Door()) as s:
        await live(s, DEVELOPER)
        await s.press(*("question_mark" if one == "?" else one for one in way))
        await s.until(lambda: not any(sight.running for sight in s.deck.findings.sights.values()))
        drawn = []
        monkeypatch.setattr(s.deck.answers, "_draw", lambda: drawn.append("answers"))
        monkeypatch.setattr(Hands, "at_rest", False)
        s.deck.answers.soon()
        end = time.monotonic() + 10
        while not drawn:
            assert time.monotonic() < end
            s.deck.post_message(events.Key(key, None))
            await s.pilot.pause(0.02)


@pytest.mark.parametrize("way", ["V", "vv"])
async def test_answers_that_wait_for_a_key_are_not_drawn_on_a_screen_which_that_key_ends(stage, monkeypatch, way):
    async with stage(door=Door()) as s:
        await live(s, DEVELOPER)
        await s.press(*way)
        await s.until(lambda: not any(sight.running for sight in s.deck.findings.sights.values()))
        await s.pilot.pause(0.2)
        screen, drawn = s.deck.screen, []
        monkeypatch.setattr(Hands, "at_rest", False)
        screen.update_soon()
        await s.until(lambda: s.deck.hands.waited_for)
        monkeypatch.setattr(screen, "update", lambda: drawn.append("answers"), raising=False)
        await s.press("escape")
        await s.until(lambda: not s.deck.hands.waited_for)
        assert screen not in s.deck.screen_stack
        assert drawn == []


def test_a_list_whose_cursor_moves_is_as_one_drawn_with_it_there():
    visitor = Visitor(DEVELOPER, "Developer", "111122223333", "arn:aws:sts::111122223333:assumed-role/Developer/me")
    first = VIEWS[:9]
    seen = Overview((visitor,), (Sight(visitor.arn, ("eu-west-1", "us-east-1"), first),), VIEWS)
    listed = overview_rows(seen, 60)
    for at in (1, 0, len(first), len(VIEWS) - 1, 5):
        listed = with_cursor(listed, at, 60)
        assert listed == overview_rows(dataclasses.replace(seen, at=at), 60)
