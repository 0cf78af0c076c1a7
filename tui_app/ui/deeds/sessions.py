"""What is done to sessions: assuming, renewing and forgetting them, and marking roles for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_app.text import plural
from tui_app.ui.deeds.obtaining import obtain, store_name
from tui_app.ui.jobs import Job, Outcome
from tui_app.ui.kept_sessions import refresh_sessions

if TYPE_CHECKING:
    from tui_app.ui.deck import Deck


def assume_or_open(deck: Deck) -> None:
    """Enter: opens a view in the resources, opens what is live, assumes what is not."""
    entry = deck.store.selected
    if entry is None:
        return
    main = deck.main
    if main.in_pane and deck.findings.tab == "Resources" and main.pane.view:
        from tui_app.ui.deeds.entering import enter

        enter(deck, (entry.key,), main.pane.view)
    elif deck.store.live(entry.key):
        main.open_pane()
    else:
        obtain(deck, entry.key)


def renew(deck: Deck) -> None:
    """Renew the marked roles, else the one under the cursor."""
    _renew(deck, _take_marks(deck) or [deck.store.cursor])


def renew_all(deck: Deck) -> None:
    """Renew the marked roles, else everything that is live; what needs no code goes first."""
    keys = _take_marks(deck) or [session.role_key for session in deck.store.live_sessions()]
    _renew(deck, keys)
    if len(keys) > 1:
        deck.store.note(f"Renewing {plural(len(keys), 'session')}", kind="note")


def _take_marks(deck: Deck) -> list[str]:
    """The marked roles in the order of the list; they are marked no more."""
    store = deck.store
    keys = sorted(store.marks, key=lambda key: store.index_of(key) or 0)
    store.marks.clear()
    return keys


def _renew(deck: Deck, keys: list[str]) -> None:
    """Renew what is live and assume what is not: a mark is an order, whatever the role's state."""
    sessions = deck.store.sessions
    for key in sorted(keys, key=lambda item: item in sessions and sessions[item].renews == "asks"):
        obtain(deck, key, fresh=key in sessions)


def forget(deck: Deck) -> None:
    """Ask, then drop the sessions of the marked roles, else of the one under the cursor."""
    store = deck.store
    keys = [key for key in store.marks if key in store.sessions or key in store.failures] if store.marks else [store.cursor]
    held = [key for key in keys if store.live(key)]
    if not held:
        for key in keys:
            store.drop_session(key)
        store.marks.clear()
        _drop(deck, keys)
        return
    from tui_app.ui.screens.confirm import Question, ask

    name = store_name(deck, held[0]) if len(held) == 1 else plural(len(held), "session")
    what = Question(
        held[0] if len(held) == 1 else "",
        f"Forget {name}",
        ("Its credentials are removed from this machine.", "AWS keeps them valid until they expire; programs that hold them go on."),
        f"forget {plural(len(held), 'session')}",
    )
    ask(deck, what, lambda: _drop(deck, keys))


def _drop(deck: Deck, keys: list[str]) -> None:
    loaded = deck.loaded
    if loaded is None:
        return

    def work(_: Job) -> tuple[str, ...]:
        return tuple(line for key in keys for line in loaded.broker.forget(key))

    def done(outcome: Outcome[tuple[str, ...]]) -> None:
        for key in keys:
            deck.store.drop_session(key)
            deck.findings.forget(key)
        deck.store.marks.clear()
        for line in outcome.value or ():
            deck.store.note(f"Forgot {line}")
        if outcome.error:
            deck.store.note(outcome.error.sentence(), kind="failed")
            deck.toast(outcome.error.message, wrong=True)
        refresh_sessions(deck)

    deck.jobs.start("forget", work, done)


def mark(deck: Deck) -> None:
    """Mark the role for renew and forget, and go on to the next."""
    deck.store.toggle_mark(deck.store.cursor)
    deck.main.roles.move(1)
