"""Copying ids and links, and saying how it was done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_app.secret import Secret
from tui_app.ui.jobs import Job, Outcome

if TYPE_CHECKING:
    from tui_app.ui.deck import Deck


def account(deck: Deck) -> None:
    """Copy the account id."""
    role = deck.store.roles.get(deck.store.cursor)
    if role:
        copy(deck, role.account.id, "Account id")


def arn(deck: Deck) -> None:
    """Copy the role's ARN."""
    role = deck.store.roles.get(deck.store.cursor)
    if role:
        copy(deck, role.arn, "Role ARN")


def link(deck: Deck) -> None:
    """Copy the console's switch-role link, and say where it will not work."""
    role = deck.store.roles.get(deck.store.cursor)
    if role is None or deck.loaded is None:
        return
    from tui_app.catalog.chain import resolve_chain
    from tui_app.errors import RoledeckError
    from tui_app.handover.console import switch_role_link
    from tui_app.text import clean

    plan = deck.findings.plans.get(role.key)
    try:
        made = switch_role_link(role, plan.chain if plan else resolve_chain(deck.loaded.catalog, role))
    except RoledeckError as error:
        deck.toast(error.message, wrong=True)
        deck.store.note(error.sentence(), role.key, "failed")
        return
    warnings = [clean(warning) for warning in made.warnings]
    for warning in warnings:
        deck.store.note(warning, role.key, "note")
    copy(deck, made.url, "Switch-role link", " ".join(warnings))


def copy(deck: Deck, text: str | Secret, what: str, warning: str = "") -> None:
    """Copy `text`, a `Secret` for a while only; one toast says how it went, and another what `warning` says."""
    from tui_app.handover.clipboard import copy_secret, copy_text
    from tui_app.ui import compat

    def done(outcome: Outcome[str]) -> None:
        if outcome.error:
            deck.toast(outcome.error.message, wrong=True)
            deck.store.note(outcome.error.sentence(), deck.store.cursor, "failed")
            return
        sentence = f"{what} {outcome.value}"
        deck.toast(sentence)
        if warning:
            deck.toast(warning, wrong=True)
        deck.store.note(sentence, deck.store.cursor)

    def work(_: Job) -> str:
        write = lambda sequence: deck.post(lambda: compat.write_terminal(deck, sequence))  # noqa: E731 - passed on once
        return copy_secret(text, deck.environ, write) if isinstance(text, Secret) else copy_text(text, deck.environ, write)

    deck.jobs.start("copy", work, done)
