"""Asking AWS for what a role sees at first sight, and how any job of the explorer asks. On threads; answers come by `post`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tui_app.explorer.asking import Asker, Asking, Retry, Tally
from tui_app.text import clean
from tui_app.ui.jobs import Job, Outcome
from tui_app.ui.sight import Sight

if TYPE_CHECKING:
    from tui_app.explorer.results import ViewResult
    from tui_app.explorer.view import View
    from tui_app.model import Session
    from tui_app.ui.backstage import Loaded
    from tui_app.ui.deck import Deck


def tally_of(deck: Deck) -> Tally:
    """The calls of this run of the screen."""
    if deck.findings.tally is None:
        deck.findings.tally = Tally()
    return deck.findings.tally


def asking_of(deck: Deck, loaded: Loaded, job: Job, said: Callable[[str], None]) -> Asking:
    """How a job asks: for as long as it is wanted. When AWS asks to wait, `said` hears a sentence about it, on the screen's thread."""

    def slowed(retry: Retry) -> None:
        sentence = clean(retry.sentence())
        deck.post(lambda: said(sentence))

    return Asking(loaded.explorer_door, deck.store.clock, tally_of(deck), slowed, job.cancelled)


def views_of(deck: Deck) -> tuple[View, ...]:
    """Every view that may be opened; those of the person's own are among them."""
    from tui_app.explorer.own_views import own_views
    from tui_app.explorer.views import VIEWS

    return (*VIEWS, *own_views(deck.loaded.catalog.settings.explorer)[0]) if deck.loaded else VIEWS


def look_round(deck: Deck, key: str, *, again: bool = False, regions: tuple[str, ...] = ()) -> None:
    """The first sight of a role: one page of each view. What was seen before stays, greyed, until its answer is there."""
    session, loaded, role = deck.store.live(key), deck.loaded, deck.store.roles.get(key)
    known = deck.findings.sight_of(key, session)
    wanted = regions or known is None or (again and not known.running)
    if session is None or loaded is None or role is None or not wanted:
        return
    from tui_app.explorer.fetch import fetch_first_sight
    from tui_app.explorer.own_views import first_sight_of

    views, places = first_sight_of(loaded.catalog.settings.explorer)[0], regions or _regions_for(deck, key, session)
    before = {**known.before, **known.results} if known else {}
    stop_looking(deck, key)
    deck.findings.sights[key] = Sight(session.identity.arn, places, views, before=before)
    looking = _Looking(deck, key)

    def work(job: Job) -> tuple[ViewResult, ...]:
        asker = Asker(session, asking_of(deck, loaded, job, looking.say))
        return fetch_first_sight(asker, places, lambda result: deck.post(lambda: looking.take(result)), views=views)

    looking.job = deck.findings.looking[key] = deck.jobs.start("look round", work, looking.done)
    deck.answers.soon()


class _Looking:
    """One look round for a role: what comes of it is heard until another one begins, or somebody stops it."""

    def __init__(self, deck: Deck, key: str) -> None:
        self._deck, self._key = deck, key
        self.job: Job | None = None

    def take(self, result: ViewResult) -> None:
        """An answer."""
        self._change(lambda sight: sight.with_result(result))

    def say(self, sentence: str) -> None:
        """A sentence about waits."""
        self._change(lambda sight: replace(sight, progress=sentence))

    def done(self, outcome: Outcome[tuple[ViewResult, ...]]) -> None:
        """All is answered, or nothing more is asked."""
        problem = clean(outcome.error.message) if outcome.error else ""
        self._change(lambda sight: replace(sight, running=False, problem=problem))

    def _change(self, change: Callable[[Sight], Sight]) -> None:
        findings = self._deck.findings
        sight = findings.sights.get(self._key)
        if sight is not None and self.job is findings.looking.get(self._key):
            findings.sights[self._key] = change(sight)
        self._deck.answers.soon()


def look_round_alike(deck: Deck, keys: Sequence[str]) -> None:
    """The first sights of several roles, all in the regions that any of them is looked at in: only those can be compared."""
    from tui_app.explorer.regions import same_for_all

    alive = [(key, session) for key in keys if (session := deck.store.live(key)) is not None]
    wanted = {key: _regions_for(deck, key, session) for key, session in alive}
    for key, session in alive:
        own = same_for_all(wanted.values(), session.identity.arn)
        look_round(deck, key, regions=() if set(own) <= set(wanted[key]) else own)


def _regions_for(deck: Deck, key: str, session: Session) -> tuple[str, ...]:
    """The regions that a role has been looked at in, else is to be."""
    from tui_app.explorer.regions import own_regions

    known, role = deck.findings.sight_of(key, session), deck.store.roles.get(key)
    if known is not None or role is None or deck.loaded is None:
        return known.regions if known is not None else ()
    return own_regions(deck.loaded.catalog, role, session, deck.environ)


def stop_looking(deck: Deck, key: str) -> bool:
    """Ask no more for a role's first sight; whether anything was under way."""
    job, sight = deck.findings.looking.pop(key, None), deck.findings.sights.get(key)
    if job is not None:
        job.cancel()
    if sight is None or not sight.running:
        return False
    deck.findings.sights[key] = replace(sight, running=False)
    return True


def tell(deck: Deck) -> None:
    """Draw what has come, on the pane and on every screen of the resources."""
    deck.store.changed("pane")
    for screen in deck.screen_stack:
        update = getattr(screen, "update_now", None)
        if update is not None:
            update()
