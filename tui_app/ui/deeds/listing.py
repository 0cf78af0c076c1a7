"""Listing the roles that a sign-in leads to: with its progress, or while the person goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui_app.errors import RoledeckError, SignedOut
from tui_app.text import clean, plural
from tui_app.ui.backstage import once_read
from tui_app.ui.compat import end_screen
from tui_app.ui.jobs import Job, Outcome

if TYPE_CHECKING:
    from tui_app.discovery.identity_center import StartPage
    from tui_app.model import SsoSession
    from tui_app.ui.deck import Deck
    from tui_app.ui.screens.discover import Discover

LOOK = "Look for roles at"


def list_after_sign_in(deck: Deck, chosen: SsoSession) -> None:
    """With its progress where nothing is known of the start page yet, else while the person goes on."""
    from tui_app.ui.screens.discover import Discover

    known = deck.loaded.catalog.discovered if deck.loaded else ()
    if any(one.sso_session == chosen.key for one in known):
        list_quietly(deck, chosen)
        return

    def ask(screen: Discover) -> Job:
        return ask_start_page(deck, screen, refresh, screen.fail)

    deck.push_screen(Discover(LOOK, chosen, ask))


def ask_start_page(
    deck: Deck, screen: Discover, then: Callable[[Deck, Discover, StartPage], None], signed_out: Callable[[SignedOut], None]
) -> Job:
    """Ask the screen's start page for every role; `then` has the answer, `signed_out` hears that a person has to sign in first."""
    loaded, chosen = deck.loaded, screen.sign_in

    def work(job: Job) -> StartPage:
        from tui_app.discovery.memory import discover_and_remember

        def tell(done: int, total: int) -> None:
            deck.post(lambda: screen.tell(done, total))

        return discover_and_remember(once_read(loaded).door, chosen, deck.environ, tell, job.cancelled, deck.store.clock)

    def done(outcome: Outcome[StartPage]) -> None:
        if not screen.is_about(job) or job.cancelled() or screen not in deck.screen_stack:
            return
        if outcome.value is not None:
            deck.reload()
            then(deck, screen, outcome.value)
        elif isinstance(outcome.error, SignedOut):
            signed_out(outcome.error)
        else:
            screen.fail(outcome.error or RoledeckError("The roles could not be asked for."))

    job = deck.aws_jobs.start(f"look for roles {chosen.key}", work, done)
    return job


def refresh(deck: Deck, screen: Discover, page: StartPage) -> None:
    """The screen has done its work; the list shows the roles."""
    end_screen(screen, answer=True)
    tell_counts(deck, page)


def list_quietly(deck: Deck, chosen: SsoSession) -> None:
    """After a sign-in: list what it leads to, while the person goes on."""
    loaded = deck.loaded
    deck.toast(f"Signed in to {clean(chosen.key, 128)}; asking which roles there are")

    def work(job: Job) -> StartPage:
        from tui_app.discovery.memory import discover_and_remember

        return discover_and_remember(once_read(loaded).door, chosen, deck.environ, cancelled=job.cancelled, clock=deck.store.clock)

    def done(outcome: Outcome[StartPage]) -> None:
        if outcome.value is not None:
            deck.reload()
            tell_counts(deck, outcome.value)
        elif outcome.error is not None and not outcome.cancelled:
            deck.toast(f"The roles of {clean(chosen.key, 128)} could not be listed.", wrong=True)
            deck.store.note(outcome.error.sentence(), kind="failed")

    deck.aws_jobs.start(f"list roles {chosen.key}", work, done)


def tell_counts(deck: Deck, page: StartPage) -> None:
    """Say how many roles a start page leads to, and which accounts did not answer."""
    silent = len(page.missed)
    said = f"{plural(len(page.roles), 'role')} in {plural(len(page.accounts), 'account')} at {clean(page.sign_in.key, 128)}"
    lost = f"; {plural(silent, 'account')} did not answer" if silent else ""
    deck.toast(said + lost, wrong=bool(silent))
    deck.store.note(said + lost, kind="failed" if silent else "note")
    for missed in page.missed:
        deck.store.note(f"{clean(missed.account.name or missed.account.id)}: {missed.why}", kind="failed")
