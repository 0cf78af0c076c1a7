"""Getting a session for a role: the job, what its row says meanwhile, and what became of it. The broker decides everything."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui_app.errors import RoledeckError, SignedOut, WrongIdentity
from tui_app.model import Role, Session
from tui_app.text import clean
from tui_app.ui import consents
from tui_app.ui.deeds import signing_in
from tui_app.ui.happenings import Failure
from tui_app.ui.jobs import Job, Outcome
from tui_app.ui.kept_sessions import refresh_sessions

if TYPE_CHECKING:
    from tui_app.ui.deck import Deck

Then = Callable[[Session], None]


def obtain(deck: Deck, key: str, *, fresh: bool = False, then: Then | None = None) -> None:
    """Get a session for a role; `then` runs on the screen's thread once it is there."""
    role, loaded, store = deck.store.roles.get(key), deck.loaded, deck.store
    if role is None or loaded is None or key in store.work:
        return
    from tui_app.sessions.wanted import Wanted

    wanted, word = Wanted(fresh=fresh), "renewing" if fresh and store.live(key) else "assuming"

    def came(job: Job, *, word: str | None = None, detail: str | None = None) -> None:
        if not job.cancelled():
            store.progress(key, word=word, detail=detail)

    def work(job: Job) -> Session:
        ask = deck.codes.asker(job, lambda waiting: came(job, word="code?" if waiting else word))
        tell = lambda line: deck.post(lambda: came(job, detail=line))  # noqa: E731 - passed on once
        agree = consents.asker(deck, job, key, lambda waiting: came(job, word="allow?" if waiting else word))
        return loaded.broker.obtain(role, wanted, ask, job.cancelled, tell, agree)

    again = lambda: obtain(deck, key, fresh=fresh, then=then)  # noqa: E731 - passed on once
    job = deck.aws_jobs.start(f"{word} {key}", work, lambda outcome: _obtained(deck, role, job, outcome, then, again))

    def stop() -> None:
        job.cancel()
        _let_go(deck, key, job)

    store.begin(key, word, stop, job)
    job.on_cancel(lambda: deck.post(lambda: _let_go(deck, key, job)))


def _let_go(deck: Deck, key: str, job: Job) -> None:
    """The person has cancelled: nobody is asked for its code any more."""
    deck.codes.ended(job)
    deck.store.let_go(key, job)


def _obtained(deck: Deck, role: Role, job: Job, outcome: Outcome[Session], then: Then | None, again: Callable[[], None]) -> None:
    store = deck.store
    deck.codes.ended(job)
    if job.cancelled():
        _let_go(deck, role.key, job)
        if outcome.value is not None:
            store.note("AWS answered after it was cancelled; the session is kept", role.key, "note")
            refresh_sessions(deck)
    elif outcome.value is not None:
        store.end(role.key)
        store.take_session(outcome.value)
        store.note(f"{clean(role.account.label)} {clean(role.short_name)} until {_until(outcome.value)}", role.key)
        remember(deck, role.key)
        learn_caller(deck, role.key)
        if store.cursor != role.key and not deck.main.shows(role.key):
            deck.toast(f"{store_name(deck, role.key)} is live")
        refresh_sessions(deck)
        if then:
            then(outcome.value)
    elif outcome.cancelled or outcome.error is None:
        _let_go(deck, role.key, job)
    elif isinstance(outcome.error, SignedOut) and signing_in.offer(deck, outcome.error, again):
        store.end(role.key, failure_of(outcome.error, store.clock()))
    else:
        _failed(deck, role.key, outcome.error)


def _failed(deck: Deck, key: str, error: RoledeckError) -> None:
    failure = failure_of(error, deck.store.clock())
    deck.store.end(key, failure)
    deck.store.note(f"{store_name(deck, key)}: {failure.message}", key, "failed")
    if deck.store.cursor != key or deck.store.live(key):
        deck.toast(f"{store_name(deck, key)}: {failure.message}", wrong=True)


def failure_of(error: RoledeckError, now: float) -> Failure:
    """What a row and the pane say of an error."""
    word = "alarm" if isinstance(error, WrongIdentity) else error.word
    return Failure(
        word,
        clean(error.message),
        clean(error.next_step),
        now,
        clean(getattr(error, "aws_message", "")),
        clean(getattr(error, "code", "")),
        clean(getattr(error, "request_id", "")),
    )


def store_name(deck: Deck, key: str) -> str:
    """`production AdminRole`, for a sentence."""
    entry = deck.store.entry(key)
    return f"{entry.account} {entry.role}" if entry else clean(key)


def _until(session: Session) -> str:
    from tui_app.clock import clock_time

    return clock_time(session.credentials.expires, session.issued)


def remember(deck: Deck, key: str) -> None:
    """The role has been assumed or handed over: it goes before its equals in searches."""
    from tui_app.catalog.recents import by_weight, note_recent, read_recents

    now = deck.store.clock()

    def keep(_: Job) -> tuple[str, ...]:
        try:
            note_recent(deck.environ, key, now)
        except OSError:
            return ()  # what was used last is a convenience; the session matters
        return by_weight(read_recents(deck.environ), now)

    def take(outcome: Outcome[tuple[str, ...]]) -> None:
        deck.store.recents = outcome.value or deck.store.recents

    deck.jobs.start("keep recents", keep, take)


def learn_caller(deck: Deck, key: str) -> None:
    """Ask AWS once for each profile who its keys are; called when they have just been used anyway."""
    role, loaded, callers = deck.store.roles.get(key), deck.loaded, deck.findings.callers
    if role is None or loaded is None:
        return

    def work(_: Job) -> tuple[str, str]:
        source = loaded.broker.plan(role).chain.source
        profile, access_key, region = source.profile or "", source.access_key, source.region or loaded.catalog.defaults.region
        if access_key is None or not access_key.secret or not profile or profile in callers:
            return "", ""
        return profile, loaded.door.caller_identity(access_key, region or "us-east-1").arn

    def done(outcome: Outcome[tuple[str, str]]) -> None:
        profile, arn = outcome.value or ("", "")
        if profile:
            callers[profile] = arn
            deck.store.changed("pane")

    deck.jobs.start("who am I", work, done)
