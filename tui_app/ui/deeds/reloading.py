"""Making the table that is shown reload itself: how often, and once before it begins to cost money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_app.text import clean
from tui_app.ui.deeds.exploring import ask, on_table
from tui_app.ui.explorer import reloading

if TYPE_CHECKING:
    from tui_app.ui.deck import Deck
    from tui_app.ui.explorer.places import Table
    from tui_app.ui.explorer.screen import Explorer

OFF = "off"
HOUR = 3600


@on_table
def every(deck: Deck, screen: Explorer, table: Table) -> None:
    """Ask how often, with the config's own time under the cursor, or that of now."""
    from tui_app.explorer.again import CHOICES, said
    from tui_app.ui.explorer.choices import Choice
    from tui_app.ui.explorer.reload_rows import MEANING

    now, offered = screen.reloads.get(table), _offered(deck)
    seconds = sorted({*CHOICES, offered})
    at = 1 + seconds.index(offered)
    if now is not None:
        seconds = sorted({*seconds, now.pace.every})
        at = 1 + seconds.index(now.pace.every)
    names = (OFF, *map(said, seconds))

    def take(chosen: int | None) -> None:
        if chosen == 0:
            reloading.stop(screen, table)
            screen.update()
        elif chosen is not None:
            _begin(deck, screen, table, seconds[chosen - 1])

    deck.push_screen(Choice(f"Reload {clean(table.view.title, 40)} every", names, at, MEANING), take)


def _offered(deck: Deck) -> int:
    """The time of `[explorer] reload`, else ours."""
    from tui_app.explorer.again import USUAL

    found = deck.loaded.catalog.settings.explorer.get("reload") if deck.loaded else None
    return found if isinstance(found, int) and found else USUAL


def _begin(deck: Deck, screen: Explorer, table: Table, seconds: int) -> None:
    """From now on; once before it begins where AWS charges for each reload."""
    from tui_app.explorer.again import said

    view = table.view

    def go() -> None:
        deck.findings.agreed.add(view.name)
        reloading.start(deck, screen, table, seconds)
        if not table.results and not table.pending:
            ask(deck, screen, table)

    if not view.charged or table in screen.reloads:
        go()
        return
    from tui_app.ui.screens.confirm import Question
    from tui_app.ui.screens.confirm import ask as ask_person

    calls = view.calls * max(1, len(table.results)) * HOUR // seconds
    facts = (f"{clean(view.charged)}.", f"Every {said(seconds)} that is at least {calls:,} calls an hour, until esc.")
    ask_person(deck, Question(table.visitors[0].key, f"Reload {clean(view.title)} again and again", facts, "begin", "do not"), go)
