"""Answers far larger than any of AWS: given up on early, and nothing of them stays in memory."""

from __future__ import annotations

import io
import threading
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from botocore.exceptions import ReadTimeoutError
from urllib3.response import HTTPResponse

from tui_app.aws import bounded
from tui_app.errors import OutOfReach

SIZE = 4_000_000
REQUEST = SimpleNamespace(url="https://x", method="POST", stream_output=False)


class Counting(io.BytesIO):
    """Counts what has been read of it."""

    taken = 0

    def read(self, *sizes):
        piece = super().read(*sizes)
        self.taken += len(piece)
        return piece


class Large:
    """An HTTP session whose answer has `SIZE` bytes, announced or not."""

    def __init__(self, headers):
        self.headers, self.body = headers, Counting(b" " * SIZE)

    def send(self, _request):
        raw = HTTPResponse(self.body, headers=self.headers, preload_content=False, enforce_content_length=False)
        return SimpleNamespace(raw=raw, headers=self.headers)


def test_what_is_announced_as_too_large_is_not_read(monkeypatch):
    monkeypatch.setattr(bounded, "LARGEST", SIZE - 1)
    large = Large({"content-length": str(SIZE)})

    with pytest.raises(OutOfReach, match="far larger") as caught:
        bounded.BoundedSession(large, 5).send(REQUEST)

    assert large.body.taken == 0
    assert caught.value.cause == "not_aws", "so that nobody asks again"


def test_the_failure_holds_nothing_of_what_was_read(monkeypatch):
    monkeypatch.setattr(bounded, "LARGEST", SIZE // 2)
    larges = [Large({}) for _ in range(5)]
    failures = []
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for large in larges:
            with pytest.raises(OutOfReach, match="far larger") as caught:
                bounded.BoundedSession(large, 5).send(REQUEST)
            failures.append(caught.value)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert len(failures) == len(larges)
    assert after - before < SIZE // 4


def test_the_head_of_a_large_object_is_none_of_it(monkeypatch):
    monkeypatch.setattr(bounded, "LARGEST", 1000)
    large = Large({"content-length": str(SIZE)})
    large.body = Counting()

    answer = bounded.BoundedSession(large, 5).send(SimpleNamespace(url="https://x", method="HEAD", stream_output=False))

    assert answer._content == b""


class Abreast:
    """An HTTP session whose answers are large and of which it counts how many are being read together, and how large they are by then."""

    def __init__(self):
        self.under_way, self.most = 0, 0
        self._lock, self._together = threading.Lock(), threading.Barrier(bounded.LARGE_AT_ONCE)

    def send(self, _request):
        return SimpleNamespace(raw=self, headers={})

    def stream(self, size):
        for number in range(SIZE // size):
            yield b" " * size
            # asked for the next piece
            if (number + 1) * size > bounded.USUAL and number * size <= bounded.USUAL:
                with self._lock:
                    self.under_way += 1
                    self.most = max(self.most, self.under_way)
                self._together.wait(30)
        with self._lock:
            self.under_way -= 1


def test_only_some_large_answers_are_taken_in_together():
    abreast = Abreast()
    session = bounded.BoundedSession(abreast, 60)
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(session.send, [SimpleNamespace(**vars(REQUEST)) for _ in range(12)]))

    assert abreast.most == bounded.LARGE_AT_ONCE
    assert len(answers) == 12


class Stuck:
    """An answer that grows large, and then does not go on until it is woken."""

    def __init__(self):
        self.woken, self.left = threading.Event(), threading.Event()

    def send(self, _request):
        return SimpleNamespace(raw=self, headers={})

    def stream(self, size):
        try:
            yield b" " * (bounded.USUAL + 1)
            self.woken.wait()
            yield b" " * size
        finally:
            self.left.set()

    def shutdown(self):
        self.woken.set()


def test_a_large_answer_that_does_not_come_keeps_no_turn_and_no_thread(wait_for):
    stuck = [Stuck() for _ in range(bounded.LARGE_AT_ONCE + 1)]
    for one in stuck:
        with pytest.raises(ReadTimeoutError):
            bounded.BoundedSession(one, 0.2).send(SimpleNamespace(**vars(REQUEST)))

    wait_for(lambda: all(one.left.is_set() for one in stuck))
    large = Large({})
    assert bounded.BoundedSession(large, 60).send(SimpleNamespace(**vars(REQUEST)))._content == b" " * SIZE


def test_a_failure_gives_the_turn_back(monkeypatch):
    monkeypatch.setattr(bounded, "LARGEST", SIZE // 2)
    for _ in range(bounded.LARGE_AT_ONCE + 1):
        with pytest.raises(OutOfReach, match="far larger"):
            bounded.BoundedSession(Large({}), 60).send(SimpleNamespace(**vars(REQUEST)))


def test_an_answer_that_begins_after_its_time_is_not_read():
    late, asked = Large({}), threading.Event()
    send = late.send
    late.send = lambda request: asked.wait() and send(request)

    with pytest.raises(ReadTimeoutError):
        bounded.BoundedSession(late, 0.2).send(SimpleNamespace(**vars(REQUEST)))
    asked.set()
    for thread in [thread for thread in threading.enumerate() if thread.name == "answer"]:
        thread.join(30)

    assert late.body.taken == 0
