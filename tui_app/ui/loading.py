"""Getting the roles onto the screen: names at once, the files after the first frame, sessions from the cache, and again after a change."""

from __future__ import annotations

import gc
import importlib
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, overload

from tui_app.errors import Cancelled, RoledeckError
from tui_app.model import Problem
from tui_app.text import clean
from tui_app.ui import doubtful_views
from tui_app.ui.backstage import Loaded
from tui_app.ui.jobs import Outcome
from tui_app.ui.kept_sessions import refresh_sessions
from tui_app.ui.listing import Entry, Listing, entry_of, listing_of
from tui_app.ui.noted_problems import note_problems
from tui_app.ui.theme import colour_ink
from tui_app.values import frozen

if TYPE_CHECKING:
    from tui_app.catalog.quick_rows import QuickRows
    from tui_app.catalog.search import Search
    from tui_app.catalog.settings import Settings
    from tui_app.catalog.stamps import FileStamp
    from tui_app.ui.deck import Deck


class QuickEntries(Sequence[Entry]):
    """Entries of large files, each read from its own few lines when it is drawn."""

    def __init__(self, rows: QuickRows) -> None:
        self._rows = rows
        self._made: dict[int, Entry] = {}

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Entry]: ...
    def __getitem__(self, index: int | slice) -> Entry | Sequence[Entry]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        found = self._made.get(index)
        if found is None:
            found = self._made[index] = entry_of(self._rows.role(index))
        return found


def first_listing(deck: Deck) -> Listing:
    """The roles for the first frame: all of them where the files are small, else their names, and the rest when it is drawn."""
    from tui_app.catalog.quick import quick_rows
    from tui_app.ui.grouping import remembered

    deck.store.grouping = remembered(deck.environ)
    rows = quick_rows(deck.environ)
    if rows is None:
        return _all_of(deck)
    known = {str(table.values.get("id", "")): str(table.values.get("environment", "")) for table in rows.user.accounts}
    named = any(known.values())
    environments = [known.get(rows.account_id(number), "") if named else "" for number in range(len(rows))]
    return Listing(QuickEntries(rows), rows.names, environments)


def _all_of(deck: Deck) -> Listing:
    if deck.backstage.catalog is None:
        return Listing()
    catalog = deck.backstage.catalog()
    deck.store.inks = inks_of(catalog.settings)
    return listing_of(catalog.roles, deck.store.inks)


@frozen
class Reading:
    """What a job made of the files."""

    loaded: Loaded
    listing: Listing
    inks: Mapping[str, str]
    search: Search


_NEEDED_NEXT = (
    "tui_app.catalog.favourites",
    "tui_app.catalog.recents",
    "tui_app.ui.deeds",
    "tui_app.ui.explorer.screen",
    "tui_app.ui.own_keys",
    "tui_app.ui.renewer",
    "tui_app.ui.screens.first_run",
    "tui_app.ui.watching",
    "tui_app.ui.widgets.notices",
)
"""The modules that the screen's thread would import when the files are read, which holds it longer than a key may wait."""


def load(deck: Deck) -> None:
    """Read the files on a job's thread and show what is in them; asked for while that is under way, it is done once more afterwards."""
    if deck.readings:
        deck.readings = 2
        return
    deck.readings = 1

    def done(outcome: Outcome[Reading]) -> None:
        again, deck.readings = deck.readings > 1, 0
        _loaded(deck, outcome)
        deck.main.ahead.let_go(deck.main.take_key)
        if again:
            load(deck)

    deck.jobs.start("read the files", lambda _: _load(deck), done)


def _load(deck: Deck) -> Reading:
    from tui_app.catalog.search import Search, haystacks_of

    for name in _NEEDED_NEXT:
        importlib.import_module(name)
    loaded = deck.backstage.load()
    inks = inks_of(loaded.catalog.settings)
    return Reading(loaded, listing_of(loaded.catalog.roles, inks), inks, Search(haystacks_of(loaded.catalog.roles).warm()))


def inks_of(settings: Settings) -> Mapping[str, str]:
    """The tokens of the colours in `[environment.NAME]`."""
    found = {clean(name): colour_ink(setting.color) for name, setting in settings.environments.items() if setting.color}
    return {name: ink for name, ink in found.items() if ink}


def _loaded(deck: Deck, outcome: Outcome[Reading]) -> None:
    if outcome.value is None:
        _failed(deck, outcome.error or Cancelled("Cancelled."))
        return
    reading, store = outcome.value, deck.store
    catalog = reading.loaded.catalog
    from tui_app.ui.screens.first_run import hide_first_run, show_first_run

    deck.loaded = reading.loaded
    store.loaded = True
    store.inks = reading.inks
    known = set(store.problems)
    store.problems = (*catalog.problems, *_take_keys(deck, catalog.settings))
    store.remembered = {one.path: one.at for one in catalog.discovered}
    store.covers.clear()
    deck.findings.forget_plans()
    deck.findings.remarks.clear()
    _take_favourites(deck)
    _take_listing(deck, reading)
    store.changed("problems")
    _note(deck, {problem for problem in known if problem.kind not in doubtful_views.KINDS})
    doubtful_views.look(deck, known)
    _dress(deck, catalog.settings.theme)
    (hide_first_run if catalog.roles else show_first_run)(deck)
    refresh_sessions(deck)
    if deck.renewer is None:
        from tui_app.ui.renewer import Renewer

        deck.renewer = Renewer(deck)
    _watch(deck, catalog.stamps)


def _take_keys(deck: Deck, settings: Settings) -> tuple[Problem, ...]:
    """Take the person's own keys; what is wrong with them."""
    from tui_app.ui.own_keys import read_keymap

    keys, complaints = read_keymap(settings.keys)
    deck.use_keys(keys)
    written = {name: origin for name in settings.keys if (origin := settings.origins.get(f"keys.{name}"))}
    lines = (next((origin for name, origin in written.items() if clean(name) in sentence), None) for sentence in complaints)
    return tuple(Problem("keymap", *pair) for pair in zip(complaints, lines, strict=True))


def _watch(deck: Deck, stamps: tuple[FileStamp, ...]) -> None:
    """Hear of the next change of what has just been read."""
    if deck.watch is None:
        from tui_app.ui.watching import Watch

        deck.watch = Watch(lambda: deck.post(lambda: _changed(deck)))
    deck.watch.take(stamps)


def _changed(deck: Deck) -> None:
    deck.store.note("The files have changed; read again", kind="note")
    load(deck)


def _note(deck: Deck, known: Collection[Problem]) -> None:
    """Write the problems that were not there before into the activity log, and that there are none any more."""
    if known and not deck.store.problems:
        deck.store.note("The files can be used again", kind="note")
    note_problems(deck, [problem for problem in deck.store.problems if problem not in known])


def _take_listing(deck: Deck, reading: Reading) -> None:
    """The rows, and how they are searched: states, favourites and recents are asked for anew at each search."""
    from tui_app.catalog.search import Standing

    store, search = deck.store, reading.search

    def state(number: int) -> str:
        return store.state(reading.listing.keys[number])

    def standing() -> Standing:
        return Standing(store.rows_of(store.favourites), store.rows_of(store.recents))

    store.widen = lambda query: search.without_each(query, state, standing())
    roles = {role.key: role for role in reading.loaded.catalog.roles}
    store.set_listing(reading.listing, roles, lambda query: search(query, state, standing()))
    # ten thousand roles are no garbage: looking through them again would make now and then a key wait
    gc.freeze()


def _failed(deck: Deck, error: RoledeckError) -> None:
    deck.store.problems = (Problem("config", error.sentence()),)
    deck.store.note(error.sentence(), kind="failed")
    deck.store.changed("problems")


def _take_favourites(deck: Deck) -> None:
    from tui_app.catalog.favourites import read_favourites
    from tui_app.catalog.recents import by_weight, read_recents

    deck.store.favourites = read_favourites(deck.environ)
    deck.store.recents = by_weight(read_recents(deck.environ), deck.store.clock())


def _dress(deck: Deck, settings: Mapping[str, object]) -> None:
    """The config's `[theme]` holds where nothing was chosen in the program."""
    from tui_app.ui.look_choice import choose_look

    chosen = choose_look(deck.environ, settings)
    if settings and (chosen.name != deck.look.name or chosen.ascii_only != deck.look.ascii_only):
        deck.look.ascii_only = chosen.ascii_only
        deck.use_look(chosen.name)
