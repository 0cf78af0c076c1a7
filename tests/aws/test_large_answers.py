"""Answers far larger than any of AWS: given up on early, and nothing of them stays in memory."""

from __future__ import annotations

import io
import tracemalloc
from types import SimpleNamespace

import pytest
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
