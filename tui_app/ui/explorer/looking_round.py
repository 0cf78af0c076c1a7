"""Asking AWS for what the explorer shows: a first sight, one table, further pages, regions. All on threads; answers come by `post`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from tui_app.explorer.asking import Retry, Tally
from tui_app.text import clean
from tui_app.ui.jobs import Job, Outcome
from tui_app.ui.sight import Sight

if TYPE_CHECKING:
    from tui_app.explorer.fetch import ViewResult
    from tui_app.explorer.view import View
    from tui_app.model import Session
    from tui_app.ui.deck import Deck
    from tui_app.ui.explorer.among import Among
    from tui_app.ui.explorer.laying import Place
    from tui_app.ui.explorer.places import Table

Changed = Callable[[], None]


def tally_of(deck: Deck) -> Tally:
    """The calls of this run of the screen."""
    if deck.findings.tally is None:
        deck.findings.tally = Tally()
    return deck.findings.tally


def views_of(deck: Deck) -> tuple[View, ...]:
    """Every view that may be opened; those of the person's own are among them."""
    from tui_app.explorer.own_views import own_views
    from tui_app.explorer.views import VIEWS

    return (*VIEWS, *own_views(deck.loaded.catalog.settings.explorer)[0]) if deck.loaded else VIEWS


def look_round(deck: Deck, key: str, *, again: bool = False, regions: tuple[str, ...] = ()) -> None:
    """The first sight of a role: one page of each view. What was seen before stays, greyed, until its answer is there."""
    session, loaded, role = deck.store.live(key), deck.loaded, deck.store.roles.get(key)
    known = deck.findings.sight_of(key, session)
    if (
        session is None
        or loaded is None
        or role is None
        or (known and not again and not regions)
        or (known and known.running and not regions)
    ):
        return
    from tui_app.explorer.fetch import fetch_first_sight, regions_of
    from tui_app.explorer.own_views import first_sight_of

    views, wanted = first_sight_of(loaded.catalog.settings.explorer)
    places = regions or (known.regions if known else regions_of(role, session, () if role.regions or role.account.regions else wanted))
    before = {**known.before, **known.results} if known else {}
    sight = Sight(session.identity.arn, places, views, before=before)
    stop_looking(deck, key)
    deck.findings.sights[key] = sight

    def is_mine() -> Sight | None:
        mine = deck.findings.sights.get(key)
        return mine if mine and job is deck.findings.looking.get(key) else None

    def add(result: ViewResult) -> None:
        mine = is_mine()
        if mine:
            deck.findings.sights[key] = mine.with_result(result)
            deck.told()

    def retried(retry: Retry) -> None:
        mine = is_mine()
        if mine:
            deck.findings.sights[key] = replace(mine, progress=clean(retry.sentence()))
            deck.told()

    def work(job: Job) -> tuple[ViewResult, ...]:
        return fetch_first_sight(
            loaded.explorer_door,
            session,
            places,
            lambda result: deck.post(lambda: add(result)),
            job.cancelled,
            views=views,
            clock=deck.store.clock,
            tally=tally_of(deck),
            on_retry=lambda retry: deck.post(lambda: retried(retry)),
        )

    def done(outcome: Outcome[tuple[ViewResult, ...]]) -> None:
        mine = is_mine()
        if mine:
            deck.findings.sights[key] = replace(mine, running=False, problem=clean(outcome.error.message) if outcome.error else "")
        deck.told()

    job = deck.jobs.start("look round", work, done)
    deck.findings.looking[key] = job
    deck.told()


def stop_looking(deck: Deck, key: str) -> bool:
    """Ask no more for a role's first sight; whether anything was under way."""
    job, sight = deck.findings.looking.pop(key, None), deck.findings.sights.get(key)
    if job is not None:
        job.cancel()
    if sight is None or not sight.running:
        return False
    deck.findings.sights[key] = replace(sight, running=False)
    return True


def ask_table(deck: Deck, table: Table, changed: Changed) -> None:
    """Ask for the first page of a table, of everybody and everywhere it is of; the rows there are stay until then."""
    from tui_app.explorer.fetch import fetch_below, fetch_first_sight

    loaded = deck.loaded
    table.waits = ""
    for number, visitor in enumerate(table.visitors):
        session = deck.store.live(visitor.key)
        if session is None or loaded is None:
            table.waits = "table"
            continue
        table.pending |= _places(table, number)
        heard = _heard(deck, table, number, changed)

        def work(job: Job, session: Session = session, heard: Callable[[ViewResult], None] = heard) -> None:
            take: Callable[[ViewResult], None] = lambda result: deck.post(lambda: heard(result))  # noqa: E731 - passed on once
            if table.opened is not None:
                opened = table.opened
                take(
                    fetch_below(table.view, opened.of, opened.index, loaded.explorer_door, session, deck.store.clock, tally=tally_of(deck))
                )
                return
            say = lambda retry: deck.post(lambda: _say(table, retry.sentence(), changed))  # noqa: E731 - same
            fetch_first_sight(
                loaded.explorer_door,
                session,
                table.regions,
                take,
                job.cancelled,
                views=(table.view,),
                clock=deck.store.clock,
                tally=tally_of(deck),
                on_retry=say,
            )

        table.jobs.append(deck.jobs.start(f"view {table.view.name}", work, _ended(table, number, changed)))


def _places(table: Table, number: int) -> set[Place]:
    if table.opened is not None:
        return {(number, "…")}
    return {(number, place) for place in (("global",) if table.view.scope == "global" else table.regions)}


def _heard(deck: Deck, table: Table, number: int, changed: Changed) -> Callable[[ViewResult], None]:
    def take(result: ViewResult) -> None:
        place = (number, result.region)
        if _take(table, number, result, table.results.get(place) or table.before.get(place)):
            table.progress = ""
            deck.findings.keep(result, asked(table))
        table.pending -= {place, (number, "…")}
        changed()

    return take


def _take(table: Table, number: int, result: ViewResult, known: ViewResult | None = None) -> bool:
    """Give a table an answer, in the place of an earlier one; False, and a sentence instead, where it was given to somebody else."""
    from tui_app.errors import WrongIdentity
    from tui_app.explorer.fetch import renewed

    try:
        table.take(number, renewed(known, result) if known is not None else result)
    except WrongIdentity as alarm:
        table.progress = clean(alarm.sentence())
        return False
    return True


def asked(table: Table) -> str:
    """What tells the tables of one sub-view apart: the rows they were opened at."""
    opened = table.opened
    return f"{opened.of.view.name} {opened.of.region} {sorted(opened.of.asked.items())} {opened.of.ids[opened.index]}" if opened else ""


def remembered(deck: Deck, table: Table) -> None:
    """Put into a table what was seen last, if the very same identities saw it."""
    for number, visitor in enumerate(table.visitors):
        for result in deck.findings.kept(visitor.arn, table.view.name, asked(table)):
            if table.opened is not None or result.region in (*table.regions, "global"):
                table.remember(number, result)


def _ended(table: Table, number: int, changed: Changed) -> Callable[[Outcome[None]], None]:
    def done(outcome: Outcome[None]) -> None:
        table.pending = {place for place in table.pending if place[0] != number}
        if outcome.error and not outcome.cancelled:
            table.progress = clean(outcome.error.sentence())
        changed()

    return done


def _say(table: Table, sentence: str, changed: Changed) -> None:
    table.progress = clean(sentence)
    changed()


def ask_more(deck: Deck, table: Table, changed: Changed, *, to_the_end: bool = False) -> None:
    """The next page of every place that has one, or all of them; the rows there are stay whatever comes."""
    from tui_app.explorer.fetch import MOST_ROWS, fetch_more

    loaded = deck.loaded
    table.waits = ""
    for place, result in table.next_pages.items():
        number = place[0]
        session = deck.store.live(table.visitors[number].key)
        if place in table.pending:
            continue
        if session is None or loaded is None:
            table.waits = "page"
            continue
        table.pending.add(place)
        heard = _page_heard(table, number, changed, to_the_end=to_the_end)

        def work(job: Job, session: Session = session, result: ViewResult = result, heard: Callable[[ViewResult], None] = heard) -> None:
            going = True
            while going:
                result = fetch_more(result, loaded.explorer_door, session, deck.store.clock, tally=tally_of(deck))
                deck.post(lambda page=result: heard(page))  # type: ignore[misc]  # bound now, as the name goes on to the next page
                going = to_the_end and result.next is not None and result.state == "ok" and result.count < MOST_ROWS
                going = going and not job.cancelled()

        table.jobs.append(deck.jobs.start(f"more {table.view.name}", work, _ended(table, number, changed)))


def _page_heard(table: Table, number: int, changed: Changed, *, to_the_end: bool) -> Callable[[ViewResult], None]:
    def take(result: ViewResult) -> None:
        _take(table, number, result)
        if to_the_end and result.next is not None and result.state == "ok" and table.jobs:
            table.pending.add((number, result.region))
        changed()

    return take


def stop_asking(table: Table) -> bool:
    """Ask no more for a table; whether anything was under way."""
    running = bool(table.pending)
    for job in table.jobs:
        job.cancel()
    table.jobs.clear()
    table.pending.clear()
    if running:
        table.progress = "Stopped."
    return running


def feed(screen: Among, table: Table) -> None:
    """Give a table the answers that the first sight has for it, and what was seen the last time."""
    if table.opened is not None:
        return
    table.expected = False
    for number, visitor in enumerate(table.visitors):
        sight = screen.sight(visitor)
        table.expected |= sight is not None and sight.running and table.view in sight.views
        for place in ("global", *table.regions):
            result = sight.results.get((table.view.name, place)) if sight else None
            known = table.results.get((number, place))
            if result is not None and (known is None or result.at > known.at):
                table.progress = ""
                _take(table, number, result)
            elif result is None and known is None and sight and (old := sight.before.get((table.view.name, place))):
                table.remember(number, old)
