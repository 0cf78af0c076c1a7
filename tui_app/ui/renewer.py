"""Renewing what needs nobody and getting ahead what will be wanted, on threads of its own, also while another program has the terminal."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from tui_app.errors import NeedsPerson, RoledeckError, SignedOut
from tui_app.model import Role, Session
from tui_app.secret import Secret
from tui_app.sessions.renewal import renewal_due
from tui_app.ui.jobs import Jobs
from tui_app.ui.kept_sessions import cache_stamp, refresh_sessions

if TYPE_CHECKING:
    from tui_app.ui.backstage import Loaded
    from tui_app.ui.deck import Deck

PAUSE = 1.0
RETRY = 60.0
"""Seconds before a renewal that failed is tried again, or a tenth of the session's life; what is still good stays in use."""
AT_ONCE = 5
FETCHED = 9
"""How many favourites are got ahead: those that have a key."""


class Renewer:
    """Looks once a second which sessions are due.

    Its thread reads a snapshot of the store's sessions, and puts what it has renewed into it itself: while another program has the
    terminal the screen's thread does nothing.
    """

    def __init__(self, deck: Deck) -> None:
        self._deck = deck
        self._sessions: dict[str, Session] = {}
        self._swapping = threading.Lock()
        self._cache = 0
        self._not_before: dict[str, float] = {}
        self._busy: set[str] = set()
        self._told: set[tuple[str, float]] = set()
        self._ahead: set[str] = set()
        self._jobs = Jobs(deck.post, limit=AT_ONCE)
        self._stopped = threading.Event()
        threading.Thread(target=self._run, name="renewer", daemon=True).start()

    def stop(self) -> None:
        """No renewal starts any more."""
        self._stopped.set()

    def look(self) -> None:
        """From the screen's thread, once a second: take the sessions there are now, and hear of other windows."""
        with self._swapping:
            # what was renewed meanwhile is newer than what the screen has heard of
            newer = {key: kept for key, kept in self._sessions.items() if _is_newer(kept, self._deck.store.sessions.get(key))}
            self._sessions = {**self._deck.store.sessions, **newer}
        stamp = cache_stamp(self._deck.environ)
        if stamp != self._cache:
            self._cache = stamp
            refresh_sessions(self._deck)
        self._fetch_ahead()

    def _run(self) -> None:
        while not self._stopped.wait(PAUSE):
            now = self._deck.store.clock()
            for key, session in tuple(self._sessions.items()):
                if session.left(now) > 0 and renewal_due(session, now) and key not in self._busy and now >= self._not_before.get(key, 0):
                    self._start(key, session)

    def _start(self, key: str, held: Session) -> None:
        deck = self._deck
        loaded, role = deck.loaded, deck.store.roles.get(key)
        if loaded is None or role is None or key in deck.store.work:
            return
        self._busy.add(key)
        life = held.credentials.expires - held.issued
        self._not_before[key] = deck.store.clock() + min(RETRY, life / 10)

        def work(_: Any) -> Session:
            try:
                session = _renewed(loaded, role, held, deck.store.clock())
                with self._swapping:
                    if key in self._sessions:
                        self._sessions = {**self._sessions, key: session}
                return session
            finally:
                self._busy.discard(key)

        self._jobs.start(f"renew {key}", work, lambda outcome: self._came(key, held, outcome.value, outcome.error))

    def _came(self, key: str, held: Session, session: Session | None, error: RoledeckError | None) -> None:
        store = self._deck.store
        if session is not None and (current := store.sessions.get(key)) is not None and _is_newer(session, current):
            store.take_session(session)
            store.note(f"{self._name(key)} renewed itself", key)
        elif isinstance(error, SignedOut):
            self._ask_once(key, held, f"{self._name(key)} needs a sign-in to go on")
        elif isinstance(error, NeedsPerson):
            self._ask_once(key, held, f"{self._name(key)} needs a code to go on")
        elif error is not None:
            store.note(f"{self._name(key)} could not renew itself: {error.message}", key, "failed")

    def _ask_once(self, key: str, held: Session, sentence: str) -> None:
        """Say once for each session that only a person lets it go on; the key that renews asks again."""
        told = (key, held.credentials.expires)
        if told not in self._told:
            self._told.add(told)
            self._deck.toast(f"{sentence}: {self._deck.key('role.renew')}")
            self._deck.store.note(sentence, key, "note")

    def _fetch_ahead(self) -> None:
        """Get favourites and marked roles once, where the files want that and nobody has to be asked."""
        deck, store = self._deck, self._deck.store
        if deck.loaded is None or deck.loaded.catalog.defaults.prefetch == "none":
            return
        for key in (*store.favourites[:FETCHED], *sorted(store.marks)):
            role = store.roles.get(key)
            if role is not None and key not in self._ahead and key not in store.work:
                self._ahead.add(key)
                self._get(deck.loaded, role)

    def _get(self, loaded: Loaded, role: Role) -> None:
        def work(_: Any) -> Session | None:
            from tui_app.sessions.wanted import Wanted

            plan = loaded.broker.plan(role)
            asks = plan.chain.problems or any(hop.asks_for_code for hop in plan.hops)
            return None if asks else loaded.broker.obtain(role, Wanted(), _nobody)

        def done(session: Session | None, error: RoledeckError | None) -> None:
            if session is not None and not session.from_cache:
                self._deck.store.take_session(session)
                self._deck.store.note(f"{self._name(role.key)} was got ahead", role.key)
            elif error is not None and not isinstance(error, NeedsPerson):
                self._deck.store.note(f"{self._name(role.key)} could not be got ahead: {error.message}", role.key, "note")

        self._jobs.start(f"get {role.key} ahead", work, lambda outcome: done(outcome.value, outcome.error))

    def _name(self, key: str) -> str:
        entry = self._deck.store.entry(key)
        return f"{entry.account} {entry.role}" if entry else key


def _renewed(loaded: Loaded, role: Role, held: Session, now: float) -> Session:
    """A session that is not due: what another window has got, else a new one.

    Raises:
        NeedsPerson: only a person lets it go on.
        RoledeckError: it cannot be renewed now.
    """
    from tui_app.sessions.wanted import Wanted

    kept = loaded.broker.peek(role)
    if kept is not None and _is_newer(kept, held) and not renewal_due(kept, now):
        return kept
    return loaded.broker.obtain(role, Wanted(fresh=True), _nobody)


def _is_newer(session: Session, other: Session | None) -> bool:
    return other is not None and session.issued > other.issued


def _nobody(_: Any) -> Secret:
    raise NeedsPerson("Renewing it needs a code.", "Press the key that renews.")
