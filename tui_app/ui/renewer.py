"""Renewing what needs no code, on threads of its own, also while another program has the terminal."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from tui_app.errors import NeedsPerson, RoledeckError, SignedOut
from tui_app.model import Session
from tui_app.secret import Secret
from tui_app.sessions.renewal import renewal_due, renews_itself
from tui_app.ui.jobs import Jobs

if TYPE_CHECKING:
    from tui_app.ui.deck import Deck

PAUSE = 1.0
RETRY = 60.0
"""Seconds before a renewal that failed is tried again; what is still good stays in use."""
AT_ONCE = 5


class Renewer:
    """Looks once a second which sessions are due. The thread reads a snapshot of the store that the screen's thread replaces whole."""

    def __init__(self, deck: Deck) -> None:
        self._deck = deck
        self._sessions: tuple[Session, ...] = ()
        self._cache = 0
        self._not_before: dict[str, float] = {}
        self._busy: set[str] = set()
        self._told: set[tuple[str, float]] = set()
        self._jobs = Jobs(deck.post, limit=AT_ONCE)
        self._stopped = threading.Event()
        threading.Thread(target=self._run, name="renewer", daemon=True).start()

    def stop(self) -> None:
        """No renewal starts any more."""
        self._stopped.set()

    def look(self) -> None:
        """From the screen's thread, once a second: take the sessions there are now, hear of other windows, and ask in time."""
        from tui_app.ui.loading import cache_stamp, refresh_sessions

        store = self._deck.store
        self._sessions = tuple(store.sessions.values())
        stamp = cache_stamp(self._deck.environ)
        if stamp != self._cache:
            self._cache = stamp
            refresh_sessions(self._deck)
        now = store.clock()
        for session in self._sessions:
            told = (session.role_key, session.credentials.expires)
            if session.renews == "asks" and session.left(now) > 0 and renewal_due(session, now) and told not in self._told:
                self._told.add(told)
                entry = store.entry(session.role_key)
                name = f"{entry.account} {entry.role}" if entry else session.role_key
                self._deck.toast(f"{name} needs a code to go on: {self._deck.key('role.renew')}")
                store.note(f"{name} needs a code to go on", session.role_key, "note")

    def _run(self) -> None:
        while not self._stopped.wait(PAUSE):
            now = self._deck.store.clock()
            for session in self._sessions:
                key = session.role_key
                if session.left(now) > 0 and renews_itself(session, now) and key not in self._busy and now >= self._not_before.get(key, 0):
                    self._start(key)

    def _start(self, key: str) -> None:
        deck = self._deck
        loaded, role = deck.loaded, deck.store.roles.get(key)
        if loaded is None or role is None or key in deck.store.work:
            return
        from tui_app.sessions.plan import Wanted

        self._busy.add(key)
        self._not_before[key] = deck.store.clock() + RETRY

        def work(_: Any) -> Session:
            try:
                return loaded.broker.obtain(role, Wanted(fresh=True), _nobody)
            finally:
                self._busy.discard(key)

        self._jobs.start(f"renew {key}", work, lambda outcome: self._renewed(key, outcome.value, outcome.error))

    def _renewed(self, key: str, session: Session | None, error: RoledeckError | None) -> None:
        store = self._deck.store
        entry = store.entry(key)
        name = f"{entry.account} {entry.role}" if entry else key
        if session is not None:
            store.take_session(session)
            store.note(f"{name} renewed itself", key)
            self._sessions = tuple(store.sessions.values())
        elif isinstance(error, SignedOut):
            self._ask_to_sign_in(key, name, error)
        elif error is not None and not isinstance(error, NeedsPerson):
            store.note(f"{name} could not renew itself: {error.message}", key, "failed")

    def _ask_to_sign_in(self, key: str, name: str, error: SignedOut) -> None:
        """Say once for each session that only a sign-in lets it go on."""
        held = self._deck.store.sessions.get(key)
        told = (key, held.credentials.expires if held else 0.0)
        if told not in self._told:
            self._told.add(told)
            self._deck.toast(f"{name} needs a sign-in to go on: {self._deck.key('role.renew')}")
            self._deck.store.note(f"{name} cannot renew itself: {error.message}", key, "note")


def _nobody(_: Any) -> Secret:
    raise NeedsPerson("Renewing it needs a code.", "Press the key that renews.")
