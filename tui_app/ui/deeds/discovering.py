"""Looking for roles at IAM Identity Center, and writing them into a file of ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui_app import paths
from tui_app.errors import RoledeckError
from tui_app.text import clean
from tui_app.ui.compat import end_screen
from tui_app.ui.deeds.listing import LOOK, ask_start_page, refresh
from tui_app.ui.deeds.signing_in import choose, offer, sign_in_elsewhere
from tui_app.ui.jobs import Job, Outcome

if TYPE_CHECKING:
    from tui_app.discovery.difference import Difference
    from tui_app.discovery.identity_center import StartPage
    from tui_app.errors import SignedOut
    from tui_app.model import SsoSession
    from tui_app.ui.deck import Deck
    from tui_app.ui.screens.discover import Discover


IMPORT = "Import roles from"


def look_again(deck: Deck) -> None:
    """From the palette: ask a start page which roles there are, and list those that no file names."""
    choose(deck, LOOK, lambda chosen: _open(deck, LOOK, chosen, refresh), none=lambda: sign_in_elsewhere(deck))


def bring_in(deck: Deck) -> None:
    """From the palette: the same, and show what writing them down would change."""
    choose(deck, IMPORT, lambda chosen: _open(deck, IMPORT, chosen, _compare), none=lambda: sign_in_elsewhere(deck))


def _open(deck: Deck, heading: str, chosen: SsoSession, then: Callable[[Deck, Discover, StartPage], None]) -> None:
    from tui_app.ui.screens.discover import Discover

    def ask(screen: Discover) -> Job:
        return ask_start_page(deck, screen, then, lambda error: _sign_in_first(deck, screen, error))

    deck.push_screen(Discover(heading, chosen, ask, lambda screen, found: _write(deck, screen, found)))


def _sign_in_first(deck: Deck, screen: Discover, error: SignedOut) -> None:
    """The sign-in lies over the screen; when it is done, the roles are asked for."""
    screen.fail(error)
    offer(deck, error, lambda: screen.start() if screen in deck.screen_stack else None)


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
