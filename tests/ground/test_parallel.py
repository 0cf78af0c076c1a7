"""Work on several threads: whose answers they are, whose faults, and that nobody works on for those who have left."""

from __future__ import annotations

import threading

import pytest

from tui_app.parallel import Crew, never, pause

LIMIT = 10


def gone(name: str, wait_for) -> None:
    wait_for(lambda: not any(thread.name == name for thread in threading.enumerate()))


def test_each_answer_comes_with_the_number_of_its_item_on_the_thread_that_waits():
    here, workers = threading.current_thread(), set()

    def work(item, _cancelled):
        workers.add(threading.current_thread())
        return item * 2

    with Crew("numbers", 3, work) as crew:
        crew.send("a", "b")
        crew.send("c")
        assert crew.unanswered == 3
        assert dict(crew.answers()) == {0: "aa", 1: "bb", 2: "cc"}
        assert crew.unanswered == 0
    assert here not in workers
    assert all(worker.daemon for worker in workers)


def test_as_many_work_together_as_are_wanted_and_no_more():
    together, lock = threading.Barrier(3, timeout=LIMIT), threading.Lock()
    busy, most = 0, 0

    def work(_item, _cancelled):
        nonlocal busy, most
        with lock:
            busy += 1
            most = max(most, busy)
        together.wait()
        with lock:
            busy -= 1

    with Crew("together", 3, work) as crew:
        crew.send(*range(9))
        assert len(list(crew.answers())) == 9
    assert most == 3


def test_an_answer_may_lead_to_further_items():
    with Crew("further", 2, lambda item, _cancelled: item) as crew:
        crew.send(3)
        seen = []
        for number, item in crew.answers():
            seen.append((number, item))
            if item:
                crew.send(item - 1)
    assert seen == [(0, 3), (1, 2), (2, 1), (3, 0)]


def test_nothing_sent_is_nothing_answered():
    with Crew("idle", 2, lambda item, _cancelled: item) as crew:
        assert list(crew.answers()) == []


def test_a_fault_belongs_to_the_thread_that_waits_and_ends_the_rest(wait_for):
    begun = threading.Event()

    def work(item, cancelled):
        if item == "bad":
            assert begun.wait(LIMIT)
            raise ZeroDivisionError
        begun.set()
        pause(LIMIT * 100, cancelled)

    def ask():
        with Crew("faults", 2, work) as crew:
            crew.send("good", "bad", "never begun")
            list(crew.answers())

    with pytest.raises(ZeroDivisionError):
        ask()
    gone("faults", wait_for)


def test_after_a_cancel_nothing_is_heard_though_the_work_hangs(wait_for):
    gate, begun, done = threading.Event(), threading.Event(), []

    def work(item, _cancelled):
        begun.set()
        assert gate.wait(LIMIT)
        done.append(item)
        return item

    with Crew("hanging", 1, work) as crew:
        crew.send("first", "second")
        assert list(crew.answers(lambda: begun.wait(LIMIT))) == []
    gate.set()
    gone("hanging", wait_for)
    assert done == ["first"]


def test_who_breaks_off_in_the_middle_ends_the_others_waits(wait_for):
    def ask():
        with Crew("broken off", 2, lambda item, cancelled: item or pause(LIMIT * 100, cancelled)) as crew:
            crew.send(0, 1)
            for _ in crew.answers():
                raise KeyError

    with pytest.raises(KeyError):
        ask()
    gone("broken off", wait_for)


def test_a_pause_says_whether_anybody_still_wants_the_answer():
    assert pause(0, never) is True
    assert pause(0.001, never) is True
    looks = iter((False, True))
    assert pause(LIMIT * 100, lambda: next(looks)) is False
    assert pause(0, lambda: True) is False
