"""Signing in and out at IAM Identity Center, by the palette, or because a role needs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from tui_app import paths
from tui_app.errors import RoledeckError
from tui_app.text import clean
from tui_app.ui.backstage import once_read
from tui_app.ui.compat import end_screen
from tui_app.ui.deeds.listing import list_after_sign_in
from tui_app.ui.jobs import Job, Outcome

if TYPE_CHECKING:
    from tui_app.errors import SignedOut
    from tui_app.model import SsoSession
    from tui_app.sessions.sign_in.prompt import Prompt
    from tui_app.sessions.sign_in.token_files import SsoToken
    from tui_app.ui.deck import Deck
    from tui_app.ui.screens.new_sign_in import NewSignIn
    from tui_app.ui.screens.sign_in import SignInScreen

Use = Callable[["SsoSession"], None]


def sign_in(deck: Deck) -> None:
    """From the palette: sign in where the role under the cursor needs it, else at the only start page, else at the chosen one."""
    choose(deck, "Sign in to", lambda chosen: _open(deck, chosen), none=lambda: sign_in_elsewhere(deck))


def sign_in_elsewhere(deck: Deck) -> None:
    """Ask for a start page that no file names, sign in there, and write it down."""
    from tui_app.ui.screens.new_sign_in import NewSignIn

    if deck.loaded is not None:
        deck.push_screen(NewSignIn(_known(deck), lambda form, typed: _open(deck, typed, lambda: _keep(deck, form, typed))))


def _keep(deck: Deck, form: NewSignIn, typed: SsoSession) -> None:
    """The start page has let the person in: its name goes into a file, and its roles into the list."""

    def work(_: Job) -> str:
        from tui_app.catalog.new_sign_in import keep

        return keep(deck.environ, typed)

    def done(outcome: Outcome[str]) -> None:
        if outcome.value is None:
            problem = outcome.error or RoledeckError("Nothing was written.")
            form.fail(problem.sentence())
            deck.store.note(problem.sentence(), kind="failed")
            return
        deck.store.note(f"Written: {paths.shown(outcome.value, deck.environ)}")
        end_screen(form)
        deck.reload()
        list_after_sign_in(deck, typed)

    deck.jobs.start("write a sign-in", work, done)


def sign_out(deck: Deck) -> None:
    """From the palette: give the token back, and drop the sessions that came through it."""
    choose(deck, "Sign out of", lambda chosen: _sign_out(deck, chosen))


def offer(deck: Deck, error: SignedOut, then: Callable[[], None]) -> bool:
    """Let the person sign in, and then do what needed it; False where the sign-in is in no file."""
    found = _known(deck).get(error.sign_in)
    if found is None:
        return False
    _open(deck, found, then)
    return True


def _known(deck: Deck) -> Mapping[str, SsoSession]:
    return deck.loaded.catalog.sign_ins if deck.loaded else {}


def choose(deck: Deck, heading: str, use: Use, none: Callable[[], None] | None = None) -> None:
    """Find out which sign-in is meant: that of the role under the cursor, the only one, or the one the person picks.

    `none` runs where the files name none; without it that is said.
    """
    known = _known(deck)
    if not known and none is not None:
        none()
        return
    if not known:
        deck.toast("There is no start page in the files.", wrong=True)
        return
    wanted = _of_cursor(deck)
    if wanted in known or len(known) == 1:
        use(known.get(wanted) or next(iter(known.values())))
        return
    from tui_app.ui.screens.sign_in import ChooseSignIn

    lines = [(key, clean(found.start_url, 128) if found.name else "") for key, found in known.items()]
    deck.push_screen(ChooseSignIn(heading, lines), lambda key: use(known[key]) if key else None)


def _of_cursor(deck: Deck) -> str:
    """The key of the sign-in that the role under the cursor starts from, or an empty text."""
    from tui_app.catalog.sign_ins import sign_in_of

    plan = deck.findings.plans.get(deck.store.cursor)
    return sign_in_of(plan.chain.source).key if plan and plan.chain.source.kind == "sso" else ""


def _open(deck: Deck, chosen: SsoSession, then: Callable[[], None] | None = None) -> None:
    """Open the sign-in's screen; where it is open already, `then` waits with the others."""
    from tui_app.ui.screens.sign_in import SignInScreen

    screen = next((item for item in deck.screen_stack if isinstance(item, SignInScreen) and item.sign_in.key == chosen.key), None)
    if screen is None:
        screen = SignInScreen(chosen, lambda asked: _start(deck, asked), lambda link: _open_page(deck, link))
        deck.push_screen(screen)
    if then:
        screen.waiting.append(then)


def _start(deck: Deck, screen: SignInScreen) -> Job:
    chosen, loaded = screen.sign_in, deck.loaded

    def work(job: Job) -> SsoToken:
        from tui_app.sessions.sign_in.start import sign_in_at

        def show(prompt: Prompt) -> None:
            if not job.cancelled():
                deck.post(lambda: screen.show(prompt))

        return sign_in_at(once_read(loaded).door, chosen, deck.environ, deck.store.clock, way="device", show=show, stop=job.cancelled)

    job = deck.jobs.start(f"sign in {chosen.key}", work, lambda outcome: _ended(deck, screen, job, outcome))
    return job


def _ended(deck: Deck, screen: SignInScreen, job: Job, outcome: Outcome[SsoToken]) -> None:
    if outcome.value is not None:
        from tui_app.clock import clock_time

        until = clock_time(outcome.value.expires, deck.store.clock())
        deck.store.note(f"Signed in to {clean(screen.sign_in.key, 128)} until {until}")
    if not screen.is_about(job) or job.cancelled() or screen not in deck.screen_stack:
        return
    if outcome.value is None:
        screen.fail(outcome.error or RoledeckError("The sign-in did not work."))
        return
    end_screen(screen)
    for then in screen.waiting:
        then()
    if not screen.waiting:
        list_after_sign_in(deck, screen.sign_in)


def _open_page(deck: Deck, link: str) -> None:
    def work(_: Job) -> bool:
        from tui_app.sessions.sign_in.opening import can_open, open_link

        return can_open(deck.environ) and open_link(link, deck.environ)

    def done(outcome: Outcome[bool]) -> None:
        if outcome.value:
            deck.toast("The page opens in the browser")
        else:
            deck.toast("There is no browser here; y copies the link.", wrong=True)

    deck.jobs.start("open page", work, done)


def _sign_out(deck: Deck, chosen: SsoSession) -> None:
    from tui_app.ui.screens.confirm import Question, ask

    name = clean(chosen.key, 128)
    what = Question(
        "",
        f"Sign out of {name}",
        ("Its token is given back to AWS; the AWS CLI uses the same one.", "Sessions that came through it go too."),
        "sign out",
    )
    ask(deck, what, lambda: _give_back(deck, chosen))


def _give_back(deck: Deck, chosen: SsoSession) -> None:
    loaded = deck.loaded
    if loaded is None:
        return
    through = list(deck.store.sessions.values())

    def work(_: Job) -> tuple[bool, str, list[str]]:
        from tui_app.sessions.sign_in.start import roles_through, sign_out_of

        had, trouble = sign_out_of(loaded.door, chosen, deck.environ, deck.store.clock)
        keys = roles_through(loaded.catalog, through, chosen)
        for key in keys:
            loaded.broker.forget(key)
        return had, trouble, keys

    def done(outcome: Outcome[tuple[bool, str, list[str]]]) -> None:
        had, trouble, keys = outcome.value or (False, outcome.error.message if outcome.error else "", [])
        for key in keys:
            deck.store.drop_session(key)
            deck.findings.forget(key)
        name = clean(chosen.key, 128)
        said = f"Signed out of {name}" if had else f"You were not signed in to {name}"
        deck.toast(trouble or said, wrong=bool(trouble))
        deck.store.note(f"{said}. {trouble}".strip(), kind="failed" if trouble else "note")

    deck.jobs.start("sign out", work, done)
