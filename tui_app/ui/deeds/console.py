"""Opening the web console signed in as a role, or copying the link where there is no browser to open it in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_app.errors import RoledeckError
from tui_app.text import clean
from tui_app.ui.backstage import once_read
from tui_app.ui.deeds.copying import copy
from tui_app.ui.deeds.handing_over import hand_over, note_handover, with_consent
from tui_app.ui.jobs import Job, Outcome

if TYPE_CHECKING:
    from tui_app.handover.browser import Browser
    from tui_app.handover.console_sign_in import Opening, SignInLink
    from tui_app.model import Session
    from tui_app.ui.deck import Deck

WORD = "signing in"


def open_console(deck: Deck, key: str = "", to: str = "", region: str | None = None) -> None:
    """The console of a role, else of that under the cursor; without a browser here the link is copied instead, after a yes.

    `to` is a service or an ARN to open it at, in `region`.
    """
    from tui_app.handover.browser import browser_for

    key = key or deck.store.cursor
    opened = _opening(deck, key, to, region)
    if opened is None or deck.loaded is None:
        return
    browser = browser_for(opened.role, deck.environ, deck.loaded.catalog.settings.console)
    if opened.shortcut:
        with_consent(deck, opened.role, "open its console", lambda: _by_shortcut(deck, opened, browser))
    elif browser.there:
        hand_over(deck, key, "open its console", lambda session: _sign_in(deck, opened, session, browser))
    else:
        _offer_link(deck, opened)


def _opening(deck: Deck, key: str, to: str = "", region: str | None = None) -> Opening | None:
    """What is to be opened; a toast says why it cannot be."""
    from tui_app.catalog.chain import resolve_chain
    from tui_app.catalog.regions import working_region
    from tui_app.handover.console_sign_in import opening

    role, loaded = deck.store.roles.get(key), deck.loaded
    if role is None or loaded is None:
        return None
    plan = deck.findings.plans.get(key)
    try:
        chain = plan.chain if plan else resolve_chain(loaded.catalog, role)
        return opening(role, chain, to, region or working_region(loaded.catalog, role))
    except RoledeckError as error:
        _tell(deck, key, error)
        return None


def _by_shortcut(deck: Deck, opened: Opening, browser: Browser) -> None:
    """The start page signs in by itself, so its link is no secret."""
    if not browser.there:
        copy(deck, opened.shortcut, "There is no browser here. Start page link")
        return
    from tui_app.handover.browser import open_plain

    def done(outcome: Outcome[None]) -> None:
        if outcome.error:
            _tell(deck, opened.role.key, outcome.error)
        else:
            _say(deck, opened, "The start page opens the console of {}")

    deck.jobs.start("open console", lambda _: open_plain(browser, opened.shortcut), done)


def _offer_link(deck: Deck, opened: Opening) -> None:
    from tui_app.handover.console_sign_in import LINK_LASTS
    from tui_app.ui.screens.confirm import Question, ask

    facts = ("There is no browser here.", f"Whoever has the link within {LINK_LASTS} is signed in: it is copied like a password.")
    what = Question(opened.role.key, f"Copy the sign-in link of {_name(opened)}", facts, "copy the link", "cancel")
    give = lambda session: _sign_in(deck, opened, session, None)  # noqa: E731 - passed on once
    ask(deck, what, lambda: hand_over(deck, opened.role.key, "copy its sign-in link", give, agreed=True))


def _sign_in(deck: Deck, opened: Opening, session: Session, browser: Browser | None) -> None:
    """Get the link and open it in the browser, else copy it; both off the screen's thread, and esc gives up."""
    key = opened.role.key
    if deck.loaded is None or key in deck.store.work:
        return

    def done(outcome: Outcome[SignInLink]) -> None:
        if job.cancelled() or outcome.cancelled:
            deck.store.let_go(key, job)
            return
        if deck.store.is_under_way(key, job):
            deck.store.end(key)
        if outcome.value is None:
            _tell(deck, key, outcome.error or RoledeckError("The console did not open."))
        else:
            _signed_in(deck, opened, session, outcome.value, browser)

    job = deck.aws_jobs.start(f"console {key}", lambda job: _link(deck, opened, session, browser, job), done)

    def stop() -> None:
        job.cancel()
        deck.store.let_go(key, job)

    deck.store.begin(key, WORD, stop, job)


def _link(deck: Deck, opened: Opening, session: Session, browser: Browser | None, job: Job) -> SignInLink:
    """The link, fetched by the browser already where there is one."""
    from tui_app.handover.browser import open_secret
    from tui_app.handover.console_sign_in import signed_in

    loaded = once_read(deck.loaded)
    sign_out = loaded.catalog.settings.console.get("sign_out") is True
    link = signed_in(loaded.door, opened, session, sign_out=sign_out, cancelled=job.cancelled)
    if browser is not None:
        deck.post(lambda: _progress(deck, opened.role.key, job))
        open_secret(browser, link.address, job.cancelled)
    return link


def _signed_in(deck: Deck, opened: Opening, session: Session, link: SignInLink, browser: Browser | None) -> None:
    note_handover(deck, session, "console" if browser else "console link")
    if browser is None:
        copy(deck, link.address, "Sign-in link")
        return
    from tui_app.clock import clock_time

    until = f", until {clock_time(link.until, deck.store.clock())}" if link.until else ""
    _say(deck, opened, "Console of {} opens in the browser" + until)


def _progress(deck: Deck, key: str, job: Job) -> None:
    if deck.store.is_under_way(key, job):
        deck.store.progress(key, detail="Waiting for the browser to fetch the link")


def _tell(deck: Deck, key: str, error: RoledeckError) -> None:
    deck.store.note(error.sentence(), key, "failed")
    deck.toast(error.message, wrong=True)


def _say(deck: Deck, opened: Opening, sentence: str) -> None:
    said = sentence.format(_name(opened))
    deck.store.note(said, opened.role.key)
    deck.toast(said)


def _name(opened: Opening) -> str:
    return f"{clean(opened.role.account.label)} {clean(opened.role.short_name)}"
