"""Reading the session cache onto the screen, off its thread: another window may have renewed, and sessions of before are still good."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from tui_app import paths
from tui_app.model import MfaSession, Session
from tui_app.text import clean
from tui_app.ui.jobs import Job, Outcome
from tui_app.values import frozen

if TYPE_CHECKING:
    from tui_app.ui.deck import Deck


@frozen
class Kept:
    """What the cache holds, and how many roles each MFA device's session serves."""

    sessions: tuple[Session, ...]
    mfa_sessions: tuple[MfaSession, ...]
    covers: Mapping[str, int]


def refresh_sessions(deck: Deck) -> None:
    """Read the session cache, off this thread."""
    if deck.loaded is None:
        return
    broker, known = deck.loaded.broker, dict(deck.store.covers)

    def read(_: Job) -> Kept:
        mfa_sessions = broker.mfa_sessions()
        covers = {item.serial: known.get(item.serial) or broker.covered(item.source_profile, item.serial) for item in mfa_sessions}
        return Kept(broker.known(), mfa_sessions, covers)

    def take(outcome: Outcome[Kept]) -> None:
        for sentence in (*broker.warnings, *([outcome.error.sentence()] if outcome.error and not outcome.cancelled else [])):
            _tell_once(deck, clean(sentence))
        if outcome.value is not None:
            deck.store.covers.update(outcome.value.covers)
            deck.store.take_sessions(outcome.value.sessions, outcome.value.mfa_sessions)

    deck.jobs.start("read the cache", read, take)


def _tell_once(deck: Deck, sentence: str) -> None:
    """How sessions are kept, or why they cannot be: once, however often the cache is read."""
    if not any(note.text == sentence for note in deck.store.activity):
        deck.store.note(sentence, kind="failed")
        deck.toast(sentence, wrong=True)


def cache_stamp(environ: Mapping[str, str]) -> int:
    """When the session cache changed last, in nanoseconds; 0 where there is none."""
    try:
        return os.stat(paths.sessions_folder(environ)).st_mtime_ns
    except OSError:
        return 0
