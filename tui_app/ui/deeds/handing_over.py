"""Giving the session to other programs: a subshell, an export."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from tui_app.catalog.settings import Settings
from tui_app.clock import clock_time
from tui_app.errors import RoledeckError
from tui_app.model import Role, Session
from tui_app.secret import Secret
from tui_app.text import clean
from tui_app.ui.deeds.obtaining import obtain, remember
from tui_app.ui.happenings import Child
from tui_app.ui.kept_sessions import refresh_sessions
from tui_app.values import frozen

if TYPE_CHECKING:
    from tui_app.handover.child import Child as StoppedChild
    from tui_app.handover.child import Ended, Stopped
    from tui_app.handover.environment import ChildEnvironment
    from tui_app.handover.lending import Lending
    from tui_app.handover.shell import ShellStart
    from tui_app.sessions.broker import Broker
    from tui_app.ui.deck import Deck
    from tui_app.ui.jobs import Outcome

    RunChild = Callable[[Sequence[str], Mapping[str, str]], Ended | Stopped]


SHELL = "open a shell with its credentials"


@frozen
class Opening:
    """A shell about to be opened: how it starts, what it is given, the line above its first prompt, and what the journal calls it."""

    start: ShellStart
    given: ChildEnvironment
    first: str
    how: str


def shell(deck: Deck) -> None:
    """A subshell with the role's credentials; a stopped one goes on, a role without a session is assumed first."""
    key = deck.store.cursor
    child = deck.store.children.get(key)
    if child and child.stopped:
        resumed = cast("StoppedChild", child.handle)
        _after(deck, key, guarded(deck, key, lambda: deck.outside(resumed.resume)))
        return
    hand_over(deck, key, SHELL, lambda session: _open_shell(deck, key, session))


def hand_over(deck: Deck, key: str, verb: str, give: Callable[[Session], None], *, agreed: bool = False) -> None:
    """Give the role's session away: after a yes where the files want one and nobody `agreed` yet; a role without one is assumed first."""
    role = deck.store.roles.get(key)
    if role is None:
        return

    def go() -> None:
        session = deck.store.live(key)
        if session is not None:
            give(session)
            return
        obtain(deck, key, then=give)

    if agreed:
        go()
    else:
        with_consent(deck, role, verb, go)


def with_consent(deck: Deck, role: Role, verb: str, go: Callable[[], None]) -> None:
    """Go on at once, or after a yes where there is a reason to ask."""
    reasons = tuple(_reasons_to_ask(deck, role, verb))
    if not reasons:
        go()
        return
    from tui_app.ui.screens.confirm import Question, ask

    ask(deck, Question(role.key, f"Hand over {_name(role)}", reasons, verb, "cancel"), go)


def _reasons_to_ask(deck: Deck, role: Role, verb: str) -> Iterator[str]:
    from tui_app.handover.environment import MARK

    if deck.loaded is not None and deck.loaded.catalog.settings.wants_a_yes(role.account):
        yield "Your files want a yes before credentials of this account are handed over."
    if verb == SHELL and (inside := deck.environ.get(MARK)):
        yield f"roledeck runs in a shell of {clean(inside)} already; this one would be inside it."


def note_handover(deck: Deck, session: Session, how: str) -> None:
    """Write into the audit journal who got the credentials."""
    journal = getattr(deck.loaded.broker, "journal", None) if deck.loaded else None
    if journal is not None:
        deck.jobs.start("journal", lambda _: journal.record("handover", session, how=how), lambda _: None)
    remember(deck, session.role_key)


def shell_that_renews(deck: Deck) -> None:
    """A subshell whose credentials renew for as long as it runs."""
    hand_over(deck, deck.store.cursor, SHELL, lambda session: _lend(deck, session))


def _lend(deck: Deck, session: Session) -> None:
    """Serve the credentials, off the screen's thread: a program has to prove first who it would be with them."""
    from tui_app.handover.lending import Lending, Loan
    from tui_app.sessions.wanted import Wanted

    loaded, role = deck.loaded, deck.store.roles.get(session.role_key)
    if loaded is None or role is None:
        return
    loan = Loan(role, session, Wanted(), _region(session, role), getattr(loaded.door, "endpoint_url", None))
    broker = cast("Broker", loaded.broker)

    def lent(outcome: Outcome[Lending]) -> None:
        if outcome.value is None:
            error = outcome.error or RoledeckError("Nothing was lent.")
            deck.store.note(error.sentence(), role.key, "failed")
            deck.toast(error.message, wrong=True)
        else:
            lending = outcome.value
            _after(deck, role.key, guarded(deck, role.key, lambda: _run_lent(deck, role, lending)))

    deck.toast("Proving who the shell will be")
    deck.aws_jobs.start(f"lend {role.key}", lambda _: Lending(broker, loaded.catalog, deck.environ, loan), lent)


def _run_lent(deck: Deck, role: Role, lending: Lending) -> Ended | Stopped | None:
    from tui_app.handover.lending import Borrower

    session = lending.session
    try:
        start = _start(deck, role, None)
        first = f"{_name(role)} for as long as it runs. exit goes back to roledeck.\n{lending.lasting}".rstrip()
        return _outside(deck, role, session, Opening(start, lending.child, first, "shell --renew"), Borrower(lending).run)
    except BaseException:
        lending.close()
        raise


def _open_shell(deck: Deck, key: str, session: Session) -> None:
    role = deck.store.roles.get(key)
    if role is not None:
        _after(deck, key, guarded(deck, key, lambda: _run_shell(deck, role, session)))


def _run_shell(deck: Deck, role: Role, session: Session) -> Ended | Stopped | None:
    from tui_app.handover.child import run_child
    from tui_app.handover.environment import child_environment

    endpoint = getattr(deck.loaded.door, "endpoint_url", None) if deck.loaded else None
    given = child_environment(deck.environ, session, region=_region(session, role), endpoint_url=endpoint, mark=role.key)
    first = f"{_name(role)} until {clock_time(session.credentials.expires, deck.store.clock())}. exit goes back to roledeck."
    return _outside(deck, role, session, Opening(_start(deck, role, session), given, first, "shell"), run_child)


def _start(deck: Deck, role: Role, session: Session | None) -> ShellStart:
    from tui_app.handover.shell import prompt_ink, prompt_mark, start_of_shell

    settings = deck.loaded.catalog.settings if deck.loaded else Settings()
    mark, ink = prompt_mark(role, session, deck.store.clock), prompt_ink(role, deck.environ, settings.colour(role.account))
    return start_of_shell(deck.environ, mark, ink, str(settings.shell.get("program") or ""))


def _outside(deck: Deck, role: Role, session: Session, opening: Opening, run: RunChild) -> Ended | Stopped | None:
    """Give the terminal to the shell."""
    start, given = opening.start, opening.given
    for sentence in filter(None, (start.note, given.sentence())):
        deck.store.note(sentence, role.key, "note")

    def go() -> Ended | Stopped:
        os.write(1, f"{opening.first}\n".encode())
        return run(start.argv, {**given.variables, **start.variables})

    deck.store.note("Subshell opened", role.key)
    note_handover(deck, session, opening.how)
    try:
        return deck.outside(go)
    finally:
        start.tidy()


def _name(role: Role) -> str:
    return f"{clean(role.account.label)} {clean(role.short_name)}"


def _region(session: Session, role: Role) -> str | None:
    return session.identity.region or role.request.region or None


def guarded(deck: Deck, key: str, run: Callable[[], Ended | Stopped | None]) -> Ended | Stopped | None:
    """Run something that takes the terminal; what goes wrong is said, and None comes back."""
    from textual.app import SuspendNotSupported

    try:
        return run()
    except RoledeckError as error:
        deck.store.note(error.sentence(), key, "failed")
        deck.toast(error.message, wrong=True)
    except SuspendNotSupported:
        deck.toast("This terminal cannot be handed to another program.", wrong=True)
    return None


def _after(deck: Deck, key: str, ending: Ended | Stopped | None) -> None:
    if ending is None:
        return
    now, code = deck.store.clock(), getattr(ending, "code", None)
    if code is None:
        handle = cast("Stopped", ending).child
        words = f"subshell, process {handle.pid}, stopped"
        deck.store.children[key] = Child(words, now, stopped=True, handle=handle)
    else:
        words = f"subshell ended with {code}"
        deck.store.children[key] = Child(words, now)
        deck.toast(words[0].upper() + words[1:])
    deck.store.note(words[0].upper() + words[1:], key)
    deck.store.changed("states")
    refresh_sessions(deck)


def export(deck: Deck) -> None:
    """Choose a format; the credentials are copied in it, on purpose and never shown."""
    key = deck.store.cursor
    hand_over(deck, key, "choose a format", lambda session: _choose(deck, key, session))


def _choose(deck: Deck, key: str, session: Session) -> None:
    from tui_app.handover.environment import render
    from tui_app.ui.deeds.copying import copy
    from tui_app.ui.screens.export import Export

    endpoint = getattr(deck.loaded.door, "endpoint_url", None) if deck.loaded else None

    def chosen(form: str | None) -> None:
        if form is None:
            return
        try:
            text = render(session, form, region=session.identity.region or None, endpoint_url=endpoint, parent=deck.environ)
        except RoledeckError as error:
            deck.toast(error.message, wrong=True)
            return
        note_handover(deck, session, f"copied as {form}")
        copy(deck, Secret(text), f"Credentials as {form}")

    deck.push_screen(Export(key), chosen)
