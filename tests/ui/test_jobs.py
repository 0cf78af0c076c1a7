from __future__ import annotations

import threading
import time

from tui_app.errors import Refused
from tui_app.secret import Secret
from tui_app.ui.codes import Codes
from tui_app.ui.jobs import Job, Jobs


class Loop:
    """The screen's thread: runs what is posted when the test says so."""

    def __init__(self):
        self.posted = []
        self.lock = threading.Lock()

    def post(self, run):
        with self.lock:
            self.posted.append(run)

    def run_until(self, so):
        end = time.monotonic() + 10
        while not so():
            assert time.monotonic() < end
            with self.lock:
                ready, self.posted = self.posted, []
            for run in ready:
                run()
            time.sleep(0.001)


def runner(limit=16):
    loop = Loop()
    return loop, Jobs(loop.post, limit=limit)


def test_a_value_comes_back_on_the_screens_thread():
    loop, jobs = runner()
    seen = []
    jobs.start("sum", lambda _: 1 + 1, lambda outcome: seen.append((outcome.value, threading.current_thread())))
    loop.run_until(lambda: seen)
    assert seen == [(2, threading.current_thread())]


def test_our_errors_are_outcomes_and_a_fault_is_told_without_its_text():
    loop, jobs = runner()
    ends = []

    def refuse(_):
        raise Refused("No.")

    jobs.start("refused", refuse, ends.append)

    def fall(_):
        secret = "SEKRET"
        raise KeyError(secret)

    jobs.start("fault", fall, ends.append)
    loop.run_until(lambda: len(ends) == 2)
    sentences = sorted(outcome.error.sentence() for outcome in ends)
    assert sentences[0] == "No."
    assert "KeyError at test_jobs.py:" in sentences[1]
    assert "SEKRET" not in sentences[1]


def test_no_more_run_at_once_than_allowed_and_all_get_their_turn():
    loop, jobs = runner(limit=5)
    running, most, done, lock = 0, 0, [], threading.Lock()
    go = threading.Event()

    def work(_):
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        go.wait(5)
        with lock:
            running -= 1

    for number in range(12):
        jobs.start(str(number), work, lambda _: done.append(1))
    while running < 5:
        time.sleep(0.001)
    go.set()
    loop.run_until(lambda: len(done) == 12)
    assert most == 5


def test_a_cancelled_job_that_had_not_begun_never_begins():
    loop, jobs = runner(limit=1)
    go, ends, ran = threading.Event(), [], []
    jobs.start("first", lambda _: go.wait(5), ends.append)
    second = jobs.start("second", lambda _: ran.append(1), ends.append)
    second.cancel()
    go.set()
    loop.run_until(lambda: len(ends) == 2)
    assert not ran
    assert ends[1].cancelled


def test_threads_do_not_keep_the_program_alive():
    _, jobs = runner()
    threads = []
    jobs.start("stuck", lambda _: (threads.append(threading.current_thread()), time.sleep(0.2)), lambda _: None)
    while not threads:
        time.sleep(0.001)
    assert threads[0].daemon


class Request:
    def __init__(self, serial):
        self.serial = serial


def asked(jobs, codes, serial, ends):
    def work(job):
        return codes.asker(job, lambda waiting: None)(Request(serial)).reveal()

    made = []
    job = jobs.start(serial, work, lambda outcome: (codes.ended(made[0]), ends.append(outcome)))
    made.append(job)
    return job


def test_one_question_is_on_the_screen_at_a_time_and_each_job_gets_its_own_code():
    loop, jobs = runner()
    shown, ends = [], []
    codes = Codes(loop.post, shown.append, lambda: shown.append("closed"))
    asked(jobs, codes, "a", ends)
    loop.run_until(lambda: len(shown) == 1)
    asked(jobs, codes, "b", ends)
    loop.run_until(lambda: len(codes._waiting) == 1)
    assert [question.request.serial for question in shown] == ["a"]
    codes.answer(Secret("111111"))
    loop.run_until(lambda: len(shown) == 3)
    assert shown[1] == "closed"
    assert shown[2].request.serial == "b"
    codes.answer(Secret("222222"))
    loop.run_until(lambda: len(ends) == 2)
    assert [outcome.value for outcome in ends] == ["111111", "222222"]


def test_leaving_the_modal_cancels_the_whole_job():
    loop, jobs = runner()
    shown, ends = [], []
    codes = Codes(loop.post, shown.append, lambda: shown.append("closed"))
    asked(jobs, codes, "a", ends)
    loop.run_until(lambda: shown)
    codes.cancel()
    loop.run_until(lambda: ends)
    assert ends[0].cancelled
    assert shown[-1] == "closed"


def test_a_job_that_holds_a_spent_code_is_waited_for_and_not_cancelled():
    loop, jobs = runner()
    go, ends = threading.Event(), []

    def work(job: Job):
        job.must_finish = True
        go.wait(5)
        return job.cancelled()

    job = jobs.start("spent", work, ends.append)
    while not jobs.must_finish():
        time.sleep(0.001)
    jobs.cancel_all()
    go.set()
    loop.run_until(lambda: ends)
    assert ends[0].value is False
    assert job.ended.is_set()
