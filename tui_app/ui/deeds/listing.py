"""Listing the roles that a sign-in leads to, while the person goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_app.errors import RoledeckError
from tui_app.text import clean, plural
from tui_app.ui.jobs import Job, Outcome

if TYPE_CHECKING:
    from tui_app.discovery.identity_center import StartPage
    from tui_app.model import SsoSession
    from tui_app.ui.deck import Deck


def list_quietly(deck: Deck, chosen: SsoSession) -> None:
    """After a sign-in: list what it leads to, while the person goes on."""
    loaded = deck.loaded
    deck.toast(f"Signed in to {clean(chosen.key, 128)}; asking which roles there are")

    def work(job: Job) -> StartPage:
        from tui_app.discovery.memory import discover_and_remember

        if loaded is None:
            raise RoledeckError("The files have not been read yet.", "Try again in a moment.")
        return discover_and_remember(loaded.door, chosen, deck.environ, cancelled=job.cancelled, clock=deck.store.clock)

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
