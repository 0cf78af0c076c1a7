"""What the pane shows: tabs, plans, resources, trust policies. Everything that asks AWS runs as a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_app.text import clean
from tui_app.ui.bands import Base
from tui_app.ui.jobs import Job, Outcome

if TYPE_CHECKING:
    from tui_app.catalog.lint.findings import Finding
    from tui_app.explorer.trust import TrustReading
    from tui_app.sessions.broker import Plan
    from tui_app.ui.deck import Deck


def show_tab(deck: Deck, name: str) -> None:
    """Show a tab; what it needs is read if it is not known yet."""
    deck.findings.tab = name
    deck.main.pane.view_cursor = 0
    deck.main.pane.page.scroll_to(y=0, animate=False, force=True)
    if deck.main.arranged.narrow and not deck.main.pane_open:
        deck.main.open_pane()
    look(deck)
    deck.main.heard("pane")


def look(deck: Deck, *, again: bool = False) -> None:
    """Read what the shown tab needs."""
    key = deck.store.cursor
    read_plan(deck)
    if deck.findings.tab == "Resources":
        from tui_app.ui.explorer.looking_round import look_round

        look_round(deck, key, again=again)
    elif deck.findings.tab == "Trust":
        _read_trust(deck, key, again=again)


def resources(deck: Deck) -> None:
    """Show what the role can see; pressed again, the explorer; with marked roles, all of them side by side."""
    from tui_app.ui.deeds.entering import compare_marked, enter

    if compare_marked(deck):
        return
    shown = deck.findings.tab == "Resources" and deck.main.in_pane
    if shown and deck.store.live(deck.store.cursor):
        enter(deck, (deck.store.cursor,))
        return
    show_tab(deck, "Resources")
    deck.main.open_pane()


def trust(deck: Deck) -> None:
    """The trust policy; pressed again, the chain."""
    over = deck.main.arranged.narrow and not deck.main.pane_open
    show_tab(deck, "Chain" if deck.findings.tab == "Trust" and not over else "Trust")


def to_pane_and_back(deck: Deck) -> None:
    """Give the focus to the pane, or back to the list."""
    (deck.main.close_pane if deck.main.in_pane else deck.main.open_pane)()


def next_tab(deck: Deck) -> None:
    """One tab to the right."""
    _step(deck, 1)


def previous_tab(deck: Deck) -> None:
    """One tab to the left."""
    _step(deck, -1)


def _step(deck: Deck, step: int) -> None:
    if deck.main.arranged.narrow and not deck.main.pane_open:
        deck.main.open_pane()
        return
    deck.findings.step_tab(step)
    show_tab(deck, deck.findings.tab)


def reload(deck: Deck) -> None:
    """Read again what is shown: the tab when the pane has the focus, else the files and the cache."""
    if deck.main.in_pane and deck.findings.tab in ("Resources", "Trust"):
        look(deck, again=True)
        deck.main.heard("pane")
    else:
        deck.reload()
        if deck.findings.tab == "Trust":
            look(deck, again=True)
        deck.store.note("Files read again", kind="note")


def read_plan(deck: Deck) -> None:
    """Work out the chain of the role under the cursor; it asks nobody, but it reads the cache."""
    key, loaded = deck.store.cursor, deck.loaded
    role = deck.store.roles.get(key)
    if loaded is None or role is None or key in deck.findings.plans or ("plan", key) in deck.findings.pending:
        return
    deck.findings.pending.add(("plan", key))

    def done(outcome: Outcome[Plan]) -> None:
        deck.findings.pending.discard(("plan", key))
        if outcome.value is not None:
            deck.findings.plans[key] = outcome.value
            _read_remarks(deck, key)
        if deck.store.cursor == key:
            deck.store.changed("pane")
        else:
            read_plan(deck)

    deck.jobs.start("plan", lambda _: loaded.broker.plan(role), done)


def _read_remarks(deck: Deck, key: str) -> None:
    """What lint says of the role under the cursor; after its plan, because nobody waits for it."""
    loaded, role = deck.loaded, deck.store.roles.get(key)
    if loaded is None or role is None or key in deck.findings.remarks:
        return

    def read(_job: Job) -> tuple[Finding, ...]:
        from tui_app.catalog.lint.run import of_role  # the rules are not needed before somebody looks at a role

        return of_role(loaded.catalog, role, deck.environ)

    def done(outcome: Outcome[tuple[Finding, ...]]) -> None:
        if outcome.value is not None and deck.loaded is loaded:
            deck.findings.remarks[key] = outcome.value
            if outcome.value and deck.store.cursor == key:
                deck.store.changed("pane")

    deck.jobs.start("remarks", read, done)


def _read_trust(deck: Deck, key: str, *, again: bool) -> None:
    loaded, role = deck.loaded, deck.store.roles.get(key)
    known, waiting = deck.findings.trusts.get(key), ("Trust", key) in deck.findings.pending
    if loaded is None or role is None or waiting or (known and known.policy is not None and not again):
        return
    from tui_app.explorer.trust import read_trust

    sessions = tuple(deck.store.live_sessions())
    deck.findings.pending.add(("Trust", key))

    def done(outcome: Outcome[TrustReading]) -> None:
        deck.findings.pending.discard(("Trust", key))
        if outcome.value is not None:
            deck.findings.trusts[key] = outcome.value
        deck.store.changed("pane")

    deck.jobs.start("read trust", lambda _: read_trust(loaded.explorer_door, role, sessions, deck.store.clock), done)


def base_of(deck: Deck) -> Base:
    """Who the selected role is reached as: what AWS said, else the user of the MFA device, else the profile."""
    plan = deck.findings.plans.get(deck.store.cursor)
    if plan is None:
        return deck.last_base
    source = plan.chain.source
    device = next((item.serial for item in deck.store.mfa_sessions if item.source_profile == source.profile), "")
    arn = deck.findings.callers.get(source.profile or "") or plan.serial or source.mfa_serial or device
    fields = arn.split(":", 5)
    if len(fields) == 6 and "/" in fields[5]:  # noqa: PLR2004 - the parts of an ARN
        account, user = clean(fields[4]), clean(fields[5].rpartition("/")[2])
        known = deck.account_name(account)
        deck.last_base = Base(f"{user} @ {known or account}", account if known else "")
    else:
        deck.last_base = Base(clean(source.profile or source.kind))
    return deck.last_base
