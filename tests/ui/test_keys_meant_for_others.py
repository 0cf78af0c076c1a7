"""Keys typed for another program, which the screen had read before that program got the terminal, are not the screen's."""

from __future__ import annotations

import contextlib

import pytest
from textual import events


def typed_too_early(deck, *keys):
    """Keys that lie in the screen's queue while another program has the terminal."""
    for key in keys:
        deck.post_message(events.Key(key, None))


@pytest.mark.parametrize("keys", [("j",), ("enter",), ("space", "b", "enter"), ("q",)])
async def test_keys_from_before_the_screen_came_back_do_nothing(stage, monkeypatch, keys):
    async with stage() as s:
        monkeypatch.setattr(s.deck, "suspend", contextlib.nullcontext)
        cursor, grouping = s.store.cursor, s.store.grouping
        s.deck.outside(lambda: typed_too_early(s.deck, *keys))
        await s.pilot.pause()
        assert s.deck.is_running
        assert (s.store.cursor, s.store.grouping, set(s.store.marks)) == (cursor, grouping, set())
        assert not s.broker.obtained


async def test_keys_typed_after_it_are_taken(stage, monkeypatch):
    async with stage() as s:
        monkeypatch.setattr(s.deck, "suspend", contextlib.nullcontext)
        cursor = s.store.cursor
        s.deck.outside(lambda: None)
        await s.press("j")
        assert s.store.cursor != cursor
