"""Moving about: rows, filter, favourites, help, palette, look, and leaving."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui_app.text import plural
from tui_app.ui.jobs import Job, Outcome
from tui_app.ui.theme import PALETTES

if TYPE_CHECKING:
    from tui_app.ui.deck import Deck

_FAR = 10**6
"""More lines than any pane has."""


def up(deck: Deck) -> None:
    """One row up."""
    _move(deck, -1)


def down(deck: Deck) -> None:
    """One row down."""
    _move(deck, 1)


def page_down(deck: Deck) -> None:
    """A screenful down."""
    _page(deck, 1)


def page_up(deck: Deck) -> None:
    """A screenful up."""
    _page(deck, -1)


def first(deck: Deck) -> None:
    """To the top."""
    if deck.main.in_pane:
        deck.main.pane.move(-_FAR)
    else:
        deck.main.roles.first()


def last(deck: Deck) -> None:
    """To the end."""
    if deck.main.in_pane:
        deck.main.pane.move(_FAR)
    else:
        deck.main.roles.last()


def _move(deck: Deck, rows: int) -> None:
    if deck.main.in_pane:
        deck.main.pane.move(rows)
    else:
        deck.main.roles.move(rows)


def _page(deck: Deck, direction: int) -> None:
    if deck.main.in_pane:
        deck.main.pane.move(direction * max(1, deck.main.pane.page.size.height - 2))
    else:
        deck.main.roles.page(direction)


def filter_roles(deck: Deck) -> None:
    """Into the filter's field."""
    if deck.main.arranged.narrow and deck.main.pane_open:
        deck.main.close_pane()
    deck.main.to_filter()


def back(deck: Deck) -> None:
    """One step back: out of the pane, else stop what is under way, else clear the filter, else the marks."""
    store, main = deck.store, deck.main
    work = store.work.get(store.cursor)
    if main.in_pane:
        main.close_pane()
    elif work and work.cancel:
        work.cancel()
    elif store.query:
        main.head.clear()
    else:
        store.marks.clear()
        store.changed("states")


def group(deck: Deck) -> None:
    """The next way to group the list; kept for the next run."""
    from tui_app.ui.grouping import GROUPINGS, remember

    names = list(GROUPINGS)
    name = names[(names.index(deck.store.grouping) + 1) % len(names)]
    deck.store.group_by(name)
    deck.main.roles.show_group()
    deck.store.note(f"Roles {GROUPINGS[name]}", kind="note")
    if deck.store.query or not deck.main.head.airy:
        deck.toast(f"Roles {GROUPINGS[name]}")
    _keep(deck, "keep grouping", lambda: remember(deck.environ, lambda: deck.store.grouping), "The grouping cannot be kept")


def toggle_favourite(deck: Deck) -> None:
    """Make the role a favourite, or not any more."""
    from tui_app.catalog.favourites import set_favourite

    store, key = deck.store, deck.store.cursor
    others = tuple(item for item in store.favourites if item != key)
    store.favourites = others if key in store.favourites else (*others, key)
    store.changed("states")
    _keep(deck, "keep favourites", lambda: set_favourite(deck.environ, key, lambda: key in store.favourites), "Favourites cannot be kept")


def _keep(deck: Deck, name: str, write: Callable[[], object], wrong: str) -> None:
    """Write into the state folder, off this thread; what cannot be written is said."""

    def keep(_: Job) -> str:
        try:
            write()
        except OSError as error:
            return f"{wrong}: {error.strerror or 'the folder cannot be written'}."
        return ""

    def done(outcome: Outcome[str]) -> None:
        if outcome.value:
            deck.toast(outcome.value, wrong=True)

    deck.jobs.start(name, keep, done)


def next_favourite(deck: Deck) -> None:
    """From the palette: to the favourite after the one under the cursor."""
    store = deck.store
    at = store.favourites.index(store.cursor) if store.cursor in store.favourites else -1
    deck.go_to_favourite((at + 1) % len(store.favourites) + 1)


def suspend(deck: Deck) -> None:
    """To the shell that started us, which brings us back with `fg`."""
    from tui_app.ui.leaving import stop_job

    deck.outside(stop_job, lent=False)


def show_help(deck: Deck) -> None:
    """All keys, searchable."""
    from tui_app.ui.screens.help import Help

    deck.push_screen(Help(deck.keys, deck.situation().place), lambda chosen: deck.run_command(chosen) if chosen else None)


def palette(deck: Deck) -> None:
    """Every command that applies here."""
    from tui_app.ui.screens.help import Palette

    deck.push_screen(Palette(deck.keys, deck.situation()), lambda chosen: deck.run_command(chosen) if chosen else None)


def next_theme(deck: Deck) -> None:
    """Dark, light, plain, and round again; kept for the next run."""
    from tui_app.ui.look_choice import remember

    names = list(PALETTES)
    name = names[(names.index(deck.look.name) + 1) % len(names)]
    deck.use_look(name)
    try:
        remember(deck.environ, name)
    except OSError:
        deck.toast("The look cannot be kept for the next run.", wrong=True)


def add_role(deck: Deck) -> None:
    """The form of a new role."""
    from tui_app.ui.screens.add_role import AddRole

    if deck.loaded is not None:
        deck.push_screen(AddRole(deck.loaded.catalog))


def leave(deck: Deck) -> None:
    """Quit at once; a shell that is stopped is asked about first."""
    stopped = [key for key, child in deck.store.children.items() if child.stopped]
    if not stopped:
        deck.exit()
        return
    from tui_app.ui.screens.confirm import Question, ask

    what = Question(
        stopped[0] if len(stopped) == 1 else "",
        f"Quit while {plural(len(stopped), 'shell')} {'is' if len(stopped) == 1 else 'are'} stopped",
        ("A stopped shell is ended when roledeck quits, with the programs in it.",),
        f"quit and end {plural(len(stopped), 'shell')}",
    )
    ask(deck, what, deck.exit)
