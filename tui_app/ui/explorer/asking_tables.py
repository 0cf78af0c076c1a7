"""Asking AWS for one table: its first page, further pages, as far as it was known. All on threads; answers come by `post`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Literal

from tui_app.explorer.asking import Asker, Asking
from tui_app.text import clean
from tui_app.ui.explorer.looking_round import asking_of
from tui_app.ui.jobs import Job, Outcome

if TYPE_CHECKING:
    from tui_app.explorer.results import ViewResult
    from tui_app.model import Session
    from tui_app.ui.backstage import Loaded
    from tui_app.ui.deck import Deck
    from tui_app.ui.explorer.laying import Place
    from tui_app.ui.explorer.places import Table

Changed = Callable[[], None]
Joined = Callable[["ViewResult", "ViewResult"], "ViewResult"]
"""From what was known and what is answered now to what is to be shown."""


def ask_table(deck: Deck, table: Table, changed: Changed) -> None:
    """Ask for the first page of a table, of everybody and everywhere it is of; the rows there are stay until then."""
    stop_asking(table)  # a page that comes after these answers would bring back the rows of before
    table.waits, table.progress, table.last_asked = "", "", "table"
    table.waiting.clear()
    for number in range(len(table.visitors)):
        _ask_first(deck, table, number, changed)


def _ask_first(deck: Deck, table: Table, number: int, changed: Changed) -> None:
    """Ask for the first page with one visitor's session, everywhere the table is of."""
    from tui_app.explorer.fetch import fetch_below, fetch_first_sight

    who = _who_asks(deck, table, number, "table")
    if who is None:
        return
    session, loaded = who
    places, regions = _places(table, number), table.regions_of(number)
    table.pending |= places
    table.anew |= places
    known = {place[1]: result for place, result in table.results.items() if place[0] == number}
    say = partial(_say, table, changed)
    take = partial(_as_far_as_known, deck, known, say, _heard(deck, table, number, changed))

    def work(job: Job) -> None:
        asker, opened = Asker(session, asking_of(deck, loaded, job, say)), table.opened
        if opened is None:
            fetch_first_sight(asker, regions, partial(take, asker), views=(table.view,))
        else:
            take(asker, fetch_below(asker, table.view, opened.of, opened.index))

    _start(deck, table, f"view {table.view.name}", work, places, changed)


def _who_asks(deck: Deck, table: Table, number: int, what: Literal["table", "page"]) -> tuple[Session, Loaded] | None:
    """A visitor's session, and what it asks through; where it is over the table waits for it, to be asked for `what`."""
    session = deck.store.live(table.visitors[number].key)
    if session is None or deck.loaded is None:
        table.waits = what
        table.waiting.add(number)
        return None
    return session, deck.loaded


def _as_far_as_known(
    deck: Deck,
    known: Mapping[str, ViewResult],
    say: Callable[[str], None],
    heard: Callable[[ViewResult], None],
    asker: Asker,
    first: ViewResult,
) -> None:
    """On the thread that asks: after the first page as many more as were there before, so that no row is lost that was looked at."""
    from tui_app.explorer.again import as_far_as

    before = known.get(first.region)

    def so_far(count: int) -> None:
        if before is not None:
            deck.post(lambda: say(f"{count:,} of {before.count:,} asked again"))

    now = partial(_asker, deck, asker.session, asker.how)
    whole = as_far_as(now, first, before, so_far) if before is not None else first
    if not asker.how.cancelled():
        deck.post(lambda: heard(whole))


def _asker(deck: Deck, session: Session, how: Asking) -> Asker:
    """Who asks now: the session that one began with may end before the last page, and has been renewed by then."""
    return Asker(deck.store.live(session.role_key) or session, how)


def _places(table: Table, number: int) -> set[Place]:
    if table.opened is not None:
        return {(number, "…")}
    return {(number, place) for place in (("global",) if table.view.scope == "global" else table.regions_of(number))}


def _heard(deck: Deck, table: Table, number: int, changed: Changed) -> Callable[[ViewResult], None]:
    def take(result: ViewResult) -> None:
        place = (number, result.region)
        if take_into(table, number, result, table.results.get(place) or table.before.get(place)):
            table.progress = ""
            deck.findings.keep(result, asked(table))
            count_in_list(deck, table, number, table.results[place])
        table.pending -= {place, (number, "…")}
        changed()

    return take


def count_in_list(deck: Deck, table: Table, number: int, result: ViewResult) -> None:
    """The list of views, and what is written of it, say the same as the table."""
    key = table.visitors[number].key
    sight = deck.findings.sights.get(key)
    place = (table.view.name, result.region)
    if sight is None or table.opened is not None or sight.identity != result.identity.arn:
        return
    if place in sight.results or result.region in sight.awaited(table.view):
        table.fed[number, result.region] = result
        deck.findings.sights[key] = replace(sight, results={**sight.results, place: result})


def take_into(table: Table, number: int, result: ViewResult, known: ViewResult | None = None, joined: Joined | None = None) -> bool:
    """Give a table an answer, in the place of an earlier one; False, and a sentence instead, where it was given to somebody else."""
    from tui_app.errors import WrongIdentity
    from tui_app.explorer.results import renewed

    try:
        table.take(number, (joined or renewed)(known, result) if known is not None else result)
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
            if of_this(table, result) and (table.opened is not None or result.region in (*table.regions, "global")):
                table.remember(number, result)


def _start(deck: Deck, table: Table, name: str, work: Callable[[Job], None], places: set[Place], changed: Changed) -> None:
    """Ask for these places of a table; the end of what was stopped before is not the end of what is asked for now."""

    def done(outcome: Outcome[None]) -> None:
        if job not in table.jobs:
            return
        table.jobs.remove(job)
        table.pending -= places
        if outcome.error and not outcome.cancelled:
            table.progress = clean(outcome.error.sentence())
        changed()

    job = deck.jobs.start(name, work, done)
    table.jobs.append(job)


def _say(table: Table, changed: Changed, sentence: str) -> None:
    if table.pending:  # what was stopped meanwhile is still on its way here
        table.progress = sentence
        changed()


def ask_more(deck: Deck, table: Table, changed: Changed, *, to_the_end: bool = False) -> None:
    """The next page of every place that has one, or all of them; the rows there are stay whatever comes."""
    table.waits = ""
    table.waiting.clear()
    for place, result in table.next_pages.items():
        if not table.pending & {place, (place[0], "…")}:
            table.progress, table.last_asked = "", "pages" if to_the_end else "page"
            _ask_on(deck, table, place, result, changed, to_the_end=to_the_end)


def _ask_on(deck: Deck, table: Table, place: Place, result: ViewResult, changed: Changed, *, to_the_end: bool) -> None:
    """Ask for what comes after the pages of one place."""
    who = _who_asks(deck, table, place[0], "page")
    if who is None:
        return
    session, loaded = who
    table.pending.add(place)
    table.anew.discard(place)
    heard = _page_heard(deck, table, place[0], changed, to_the_end=to_the_end)

    def work(job: Job) -> None:
        how = asking_of(deck, loaded, job, partial(_say, table, changed))
        _follow(deck, partial(_asker, deck, session, how), result, heard, to_the_end=to_the_end)

    _start(deck, table, f"more {table.view.name}", work, {place}, changed)


def _follow(deck: Deck, now: Callable[[], Asker], result: ViewResult, heard: Callable[[ViewResult], None], *, to_the_end: bool) -> None:
    """On the thread that asks: one page more, or one after the other to the last; `now` says each time who asks."""
    from tui_app.explorer.fetch import MOST_ROWS, fetch_more
    from tui_app.explorer.onward import Onward

    onward, going = Onward(), True
    while going:
        asker, before = now(), result.count
        result = fetch_more(asker, result)
        if asker.how.cancelled():
            return
        deck.post(partial(heard, result))
        going = to_the_end and onward.leads(result.next, result.count - before) and result.state == "ok" and result.count < MOST_ROWS


def _page_heard(deck: Deck, table: Table, number: int, changed: Changed, *, to_the_end: bool) -> Callable[[ViewResult], None]:
    def take(result: ViewResult) -> None:
        if take_into(table, number, result):
            table.progress = ""
            count_in_list(deck, table, number, result)
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


def resume(deck: Deck, table: Table, changed: Changed) -> None:
    """Ask for what has waited for a session, now that it is there again; it may have been renewed by itself, or in another window."""
    live = deck.store.live
    sessions = [(table.visitors[number], live(table.visitors[number].key)) for number in table.waiting]
    if not table.waits or not all(session is not None and whose.is_of(session.identity) for whose, session in sessions):
        return
    if table.waits == "page":
        ask_more(deck, table, changed, to_the_end=table.last_asked == "pages")
    else:
        ask_table(deck, table, changed)
    changed()


def of_this(table: Table, result: ViewResult | None) -> ViewResult | None:
    """The result, if it is of the table's view as it is written now: one of before has other columns."""
    return result if result is not None and result.view == table.view else None
