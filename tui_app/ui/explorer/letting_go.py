"""Rows that nobody looks at any more are freed a few at a time: a hundred thousand at once hold every key for 60 ms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

STEP = 2_000
"""Items that are freed in one step: about a millisecond."""


def let_go(held: list[Sequence[Any]]) -> Iterator[None]:
    """Free what these sequences hold, in steps. The list is emptied, so that whoever made it holds nothing back."""
    while held:
        items = list(held.pop())
        while items:
            del items[-STEP:]
            yield
