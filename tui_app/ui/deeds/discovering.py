"""Looking for roles at IAM Identity Center, and writing them into a file of ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui_app import paths
from tui_app.errors import RoledeckError, SignedOut
from tui_app.text import clean
from tui_app.ui.compat import end_screen
from tui_app.ui.deeds.listing import tell_counts
from tui_app.ui.deeds.signing_in import choose, offer, sign_in_elsewhere
from tui_app.ui.jobs import Job, Outcome

if TYPE_CHECKING:
    from tui_app.discovery.difference import Difference
    from tui_app.discovery.identity_center import StartPage
    from tui_app.model import SsoSession
    from tui_app.ui.deck import Deck
    from tui_app.ui.screens.discover import Discover


LOOK, IMPORT = "Look for roles at", "Import roles from"


def look_again(deck: Deck) -> None:
    """From the palette: ask a start page which roles there are, and list those that no file names."""
    choose(deck, LOOK, lambda chosen: look_at(deck, chosen), none=lambda: sign_in_elsewhere(deck))


def look_at(deck: Deck, chosen: SsoSession) -> None:
    """Ask one start page, and show how far it is."""
    _open(deck, LOOK, chosen, _refresh)


def bring_in(deck: Deck) -> None:
    """From the palette: the same, and show what writing them down would change."""
    choose(deck, IMPORT, lambda chosen: _open(deck, IMPORT, chosen, _compare), none=lambda: sign_in_elsewhere(deck))


def _open(deck: Deck, heading: str, chosen: SsoSession, then: Callable[[Deck, Discover, StartPage], None]) -> None:
    from tui_app.ui.screens.discover import Discover

    deck.push_screen(Discover(heading, chosen, lambda screen: _ask(deck, screen, then), lambda screen, found: _write(deck, screen, found)))


def _ask(deck: Deck, screen: Discover, then: Callable[[Deck, Discover, StartPage], None]) -> Job:
    loaded, chosen = deck.loaded, screen.sign_in

    def work(job: Job) -> StartPage:
        from tui_app.discovery.memory import discover_and_remember

        if loaded is None:
            raise RoledeckError("The files have not been read yet.", "Try again in a moment.")

        def tell(done: int, total: int) -> None:
            deck.post(lambda: screen.tell(done, total))

        return discover_and_remember(loaded.door, chosen, deck.environ, tell, job.cancelled, deck.store.clock)

    def done(outcome: Outcome[StartPage]) -> None:
        if not screen.is_about(job) or job.cancelled() or screen not in deck.screen_stack:
            return
        if outcome.value is not None:
            deck.reload()
            then(deck, screen, outcome.value)
        elif isinstance(outcome.error, SignedOut):
            _sign_in_first(deck, screen, outcome.error)
        else:
            screen.fail(outcome.error or RoledeckError("The roles could not be asked for."))

    job = deck.aws_jobs.start(f"look for roles {chosen.key}", work, done)
    return job


def _sign_in_first(deck: Deck, screen: Discover, error: SignedOut) -> None:
    """The sign-in lies over the screen; when it is done, the roles are asked for."""
    screen.fail(error)
    offer(deck, error, lambda: screen.start() if screen in deck.screen_stack else None)


def _refresh(deck: Deck, screen: Discover, page: StartPage) -> None:
    end_screen(screen, answer=True)
    tell_counts(deck, page)


def _compare(deck: Deck, screen: Discover, page: StartPage) -> None:
    def work(_: Job) -> Difference:
        from tui_app.catalog.load import load_catalog
        from tui_app.discovery.difference import difference
        from tui_app.discovery.proposal import of_start_page

        return difference(of_start_page(page), load_catalog(deck.environ), deck.environ)

    def done(outcome: Outcome[Difference]) -> None:
        if screen not in deck.screen_stack:
            return
        if outcome.value is None:
            screen.fail(outcome.error or RoledeckError("The roles could not be compared."))
        else:
            screen.show(outcome.value)

    deck.jobs.start("compare roles", work, done)


def _write(deck: Deck, screen: Discover, found: Difference) -> Job:
    def work(_: Job) -> str:
        from tui_app.discovery.difference import write

        return write(found, deck.environ)

    def done(outcome: Outcome[str]) -> None:
        if outcome.value is None:
            problem = outcome.error or RoledeckError("Nothing was written.")
            screen.fail(problem) if screen in deck.screen_stack else deck.toast(problem.sentence(), wrong=True)
            return
        place = clean(paths.shown(outcome.value, deck.environ))
        deck.toast(f"Written: {place}")
        deck.store.note(f"Imported {found.counts()} → {place}")
        deck.reload()
        end_screen(screen, answer=True)

    return deck.jobs.start("write roles", work, done)
