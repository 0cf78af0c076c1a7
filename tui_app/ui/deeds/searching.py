"""What is done with a search of the estate: asking, further pages, opening, copying, the console."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from tui_app.errors import RoledeckError, WrongIdentity
from tui_app.text import clean
from tui_app.ui.jobs import Job, Outcome

if TYPE_CHECKING:
    from tui_app.explorer.estate.answers import Found, Part, Searcher
    from tui_app.explorer.estate.search import Progress
    from tui_app.ui.deck import Deck
    from tui_app.ui.explorer.estate import EstateSearch
    from tui_app.ui.explorer.searching import Search

REMEMBERED = 20
"""How many searches the field goes back to, for as long as the program runs."""


def search(deck: Deck, screen: EstateSearch, words: str) -> None:
    """Ask everybody for these words."""
    from tui_app.explorer.estate.query import parse
    from tui_app.explorer.estate.search import search_estate
    from tui_app.ui.explorer.looking_round import asking_of
    from tui_app.ui.explorer.searching import Search

    loaded = deck.loaded
    try:
        query = parse(words)
    except RoledeckError as failure:
        deck.toast(clean(failure.sentence()), wrong=True)
        return
    searchers = tuple(filter(None, (_searcher(deck, visitor.key) for visitor in screen.visitors)))
    if loaded is None or not searchers:
        deck.toast("No session of these roles is live any more.", wrong=True)
        return
    stop(screen)
    _remember(deck, words)
    begun = Search(query, searchers, _names(deck))
    screen.begin(begun)
    for doubt in query.doubts:
        deck.toast(doubt)

    def work(job: Job) -> object:
        how = asking_of(deck, loaded, job, partial(_say, screen, begun))
        return search_estate(how, searchers, query, lambda part, progress: deck.post(lambda: _heard(screen, begun, part, progress)))

    screen.jobs.append(deck.jobs.start("search", work, _ended(screen, begun)))


def _searcher(deck: Deck, key: str) -> Searcher | None:
    """The role as it can search now; None where its session is over."""
    from tui_app.explorer.estate.search import searcher_of
    from tui_app.explorer.regions import own_regions

    session, role = deck.store.live(key), deck.store.roles.get(key)
    if session is None or deck.loaded is None:
        return None
    return searcher_of(key, session, role, own_regions(deck.loaded.catalog, role, session, deck.environ))


def _names(deck: Deck) -> Mapping[str, str]:
    known = deck.loaded.catalog.accounts if deck.loaded else ()
    return {account.id: account.label for account in known if account.label != account.id}


def _remember(deck: Deck, words: str) -> None:
    known = deck.findings.searches
    if words.strip():
        known[:] = [words, *(other for other in known if other != words)][:REMEMBERED]


def _heard(screen: EstateSearch, begun: Search, part: Part, progress: Progress | None = None) -> None:
    """An answer; one of a search that is over, or to somebody else, is not shown."""
    if screen.search is not begun:
        return
    begun.progress, begun.said = progress or begun.progress, ""
    try:
        begun.take(part)
    except WrongIdentity as alarm:
        begun.said = clean(alarm.sentence())
    screen.update_soon()


def _say(screen: EstateSearch, begun: Search, sentence: str) -> None:
    if screen.search is begun:
        begun.said = sentence
        screen.update_soon()


def _ended(screen: EstateSearch, begun: Search) -> Callable[[Outcome[object]], None]:
    def done(outcome: Outcome[object]) -> None:
        if screen.search is begun:
            begun.running = False
            if outcome.error and not outcome.cancelled:
                begun.said = clean(outcome.error.sentence())
            screen.update_now()

    return done


def stop(screen: EstateSearch) -> bool:
    """Ask no more; whether anything was under way."""
    for job in screen.jobs:
        job.cancel()
    screen.jobs.clear()
    begun = screen.search
    if begun is None or not begun.running:
        return False
    begun.running, begun.stopped = False, True
    begun.said = f"Stopped. {begun.progress.answered} of {begun.progress.expected} had answered."
    return True


def again(deck: Deck, screen: EstateSearch) -> None:
    """The same search anew."""
    if screen.search is not None:
        search(deck, screen, screen.search.query.text)


def more(deck: Deck, screen: EstateSearch, *, to_the_end: bool = False) -> None:
    """The next page of every answer that has one, or all of them; the rows there are stay whatever comes."""
    begun = screen.search
    if begun is None or begun.running:
        return
    asked = [(part, searcher) for part in begun.further if (searcher := _searcher(deck, part.searcher))]
    if not asked:
        deck.toast("The session has ended.", wrong=True)
        return
    begun.running, begun.said = True, ""
    screen.jobs.append(deck.jobs.start("search more", _pages(deck, screen, begun, asked, to_the_end=to_the_end), _ended(screen, begun)))
    screen.update()


def _pages(
    deck: Deck, screen: EstateSearch, begun: Search, asked: list[tuple[Part, Searcher]], *, to_the_end: bool
) -> Callable[[Job], object]:
    from tui_app.explorer.estate.search import MOST_FOUND, more_of
    from tui_app.ui.explorer.looking_round import asking_of

    loaded = deck.loaded

    def work(job: Job) -> object:
        if loaded is None:
            return None
        how = asking_of(deck, loaded, job, partial(_say, screen, begun))
        for first, searcher in asked:
            part, going = first, True
            while going and not job.cancelled():
                part = more_of(how, part, searcher, begun.query)
                if not job.cancelled():
                    deck.post(lambda page=part: _heard(screen, begun, page))  # type: ignore[misc]  # bound now, as the name goes on
                going = to_the_end and part.next is not None and part.state == "ok" and len(part.found) < MOST_FOUND
        return None

    return work


def renew(deck: Deck, screen: EstateSearch) -> None:
    """Renew what has ended, and search again."""
    from tui_app.ui.deeds.obtaining import obtain

    for key in screen.search.ended if screen.search else ():
        obtain(deck, key, fresh=key in deck.store.sessions, then=lambda _session: again(deck, screen))


def _role_at(deck: Deck, found: Found) -> str:
    """The role to go there with: one that was told of it, else any live one, in the account that it lies in; empty for none."""
    own = [one.key for one in found.finders if one.identity.account == found.account and deck.store.live(one.key)]
    others = [session.role_key for session in deck.store.live_sessions() if session.identity.account == found.account]
    return next(iter((*own, *others)), "")


def _role_there(deck: Deck, found: Found) -> str:
    key = _role_at(deck, found)
    if not key:
        deck.toast(f"It lies in {clean(_names(deck).get(found.account) or found.account)}, where no role is live.", wrong=True)
    return key


def open_it(deck: Deck, screen: EstateSearch) -> None:
    """The view of the resource, at its row; the description where no view lists its kind."""
    from tui_app.explorer.estate.names import named
    from tui_app.explorer.estate.views_of import row_words, view_of

    found = screen.here
    if found is None:
        return
    view = view_of(found, named(found.arn).type)
    if not view:
        screen.run("explore.details")
        return
    if key := _role_there(deck, found):
        _enter(deck, key, view, found, row_words(found))


def _enter(deck: Deck, key: str, view: str, found: Found, words: str) -> None:
    from tui_app.ui.explorer.looking_round import look_round
    from tui_app.ui.explorer.screen import Explorer
    from tui_app.ui.explorer.visiting import visitor

    whose = visitor(deck.store, key)
    if whose is None:
        return
    sight = deck.findings.sight_of(key, deck.store.live(key))
    searcher = _searcher(deck, key)
    regions = sight.regions if sight else searcher.regions if searcher else ()
    if found.region != "global" and found.region not in regions:
        look_round(deck, key, regions=(*regions, found.region))
    explorer = Explorer((whose,), view)
    deck.push_screen(explorer)

    def narrow() -> None:
        if explorer.table is not None:
            if explorer.table.unasked:
                deck.run_command("explore.open")
            explorer.set_query(words)

    explorer.call_after_refresh(narrow)


def console(deck: Deck, screen: EstateSearch) -> None:
    """The console signed in as the role, at the resource."""
    from tui_app.ui.deeds.console import open_console

    found = screen.here
    if found is not None and (key := _role_there(deck, found)):
        open_console(deck, key, found.arn, None if found.region == "global" else found.region)


def copy_id(deck: Deck, screen: EstateSearch) -> None:
    """The id."""
    from tui_app.ui.deeds.copying import copy

    if screen.here is not None:
        copy(deck, screen.here.id, "Id")


def copy_arn(deck: Deck, screen: EstateSearch) -> None:
    """The ARN."""
    from tui_app.ui.deeds.copying import copy

    if screen.here is not None:
        copy(deck, screen.here.arn, "ARN")


def description(found: Found) -> Any:
    """All that AWS told of it, and to whom, for people to read; what may be a secret is withheld."""
    from tui_app.explorer.description import withheld

    told = [{"Role": one.label, "Identity": one.identity.arn, "Engine": one.engine} for one in found.finders]
    others = {name: value for name, value in found.raw.items() if name not in ("Properties", "Tags")}
    return {"Name": found.name, "Account": found.account, **withheld({**others, "Tags": dict(found.tags)}), "FoundBy": told}
