"""The first run: no roles yet. Only what works now is offered, and nothing is sent before the person chooses."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from tui_app import paths
from tui_app.text import clean, plural
from tui_app.ui.compat import end_screen
from tui_app.ui.draw import BLANK, GAP, fit, key_cap, line, paragraph
from tui_app.ui.theme import Part, Row
from tui_app.ui.widgets.paper import Paper

if TYPE_CHECKING:
    from tui_app.ui.deck import Deck

SAMPLE = "roledeck.example.toml"


class Way(NamedTuple):
    """One way to roles: its key, its name, what it would do."""

    key: str
    name: str
    note: str


def ways(deck: Deck) -> tuple[Way, ...]:
    """What can be chosen on this machine."""
    config = clean(paths.shown(paths.shared_config_file(deck.environ), deck.environ))
    own = clean(paths.shown(paths.user_config_file(deck.environ), deck.environ))
    return (
        Way("s", "Identity Center", _start_page(deck)),
        Way("i", config, f"{_profiles(deck)}; open it, roles in it are listed here"),
        Way("a", "Add a role", "say its ARN and where to start from"),
        Way("h", "By hand", f"write accounts and roles into {own}"),
        Way("d", "Demo", "made-up accounts on this machine, nothing to set up"),
    )


def _start_page(deck: Deck) -> str:
    known = [clean(key, 128) for key in deck.loaded.catalog.sign_ins] if deck.loaded else []
    return f"sign in to {known[0] if len(known) == 1 else plural(len(known), 'start page') if known else 'your start page'}, list its roles"


def _profiles(deck: Deck) -> str:
    if deck.loaded is None or not os.path.exists(paths.shared_config_file(deck.environ)):
        return "not there yet"
    return f"{plural(len(deck.loaded.catalog.sources), 'profile')} found, none of them assumes a role"


class Offer(Paper, can_focus=True):
    """The whole page."""

    HEIGHT = "1fr"

    def __init__(self) -> None:
        super().__init__(id="offer")
        self.at = 0

    def rows(self, width: int, height: int) -> list[Row]:
        """Mark, sentence, ways, promise."""
        margin = 12 if width >= 100 else 4  # noqa: PLR2004 - narrow terminals give the room to the words
        pad: Part = (" " * margin, "")
        top = [BLANK] * max(1, (height - 22) // 2)
        gap = [BLANK] if height >= 26 else []  # noqa: PLR2004 - room for air
        rows: list[Row] = [*top, line(width, [pad, ("role", "muted"), ("deck", "bold text")]), BLANK, *gap]
        rows += [line(width, [pad, ("No roles yet. ", "bold text"), ("Where do yours come from?", "text")]), BLANK, *gap]
        size = min(width - 2 * (margin - 2), 96)
        for number, way in enumerate(ways(self.deck)):
            here = number == self.at
            row = line(
                size,
                [
                    (f"  {way.key}  ", "bold accent"),
                    (fit(way.name, 18, cut="middle") + "  ", "bold text"),
                    (way.note, "text" if here else "muted"),
                ],
                on="cursor" if here else "",
            )
            rows += [((" " * (margin - 2), ""), *row), BLANK]
        for problem in self.deck.store.problems:
            where = f"{self.deck.shown(problem.where)}  " if problem.where else ""
            rows += paragraph(width - margin, clean(f"{where}{problem.message}"), "text", margin=margin, lead=("✕ ", "bold wrong"))
        promise = "Nothing is sent before you choose. ~/.aws is read, never rewritten."
        return [*rows, BLANK, *paragraph(width, promise, "faint", margin=margin)]

    def on_click(self, event: events.Click) -> None:
        """A click on a way chooses it."""
        shown = self.rows(self.size.width, self.size.height)
        keys = [way.key for way in ways(self.deck)]
        text = "".join(part for part, _ in shown[event.y]).split() if event.y < len(shown) else []
        if text and text[0] in keys:
            self.choose(keys.index(text[0]))

    def take_key(self, event: events.Key) -> bool:
        """Move, choose, leave; False for a key that means nothing here."""
        keys = [way.key for way in ways(self.deck)]
        if event.key in ("down", "j", "tab"):
            self.at = min(len(keys) - 1, self.at + 1)
        elif event.key in ("up", "k", "shift+tab"):
            self.at = max(0, self.at - 1)
        elif event.key == "enter":
            self.choose(self.at)
        elif event.key in keys:
            self.choose(keys.index(event.key))
        elif event.key == "q":
            self.deck.exit()
        elif event.key == "ctrl+r":
            self.deck.reload()
        else:
            return False
        self.refresh()
        return True

    def choose(self, number: int) -> None:
        """Do what was chosen."""
        from tui_app.ui.deeds.around import add_role
        from tui_app.ui.deeds.editing import edit
        from tui_app.ui.deeds.signing_in import sign_in

        self.at = number
        key = ways(self.deck)[number].key
        if key == "d":
            self.deck.wants_demo = True
            self.deck.exit()
        elif key == "a":
            add_role(self.deck)
        elif key == "s":
            sign_in(self.deck)
        elif key == "i":
            edit(self.deck, paths.shared_config_file(self.deck.environ), 1)
        else:
            path = paths.user_config_file(self.deck.environ)
            problem = lay_sample(path)
            if problem:
                self.deck.store.note(problem, kind="failed")
                self.notify(problem, markup=False, severity="error")
                return
            edit(self.deck, path, 1)


def lay_sample(path: str) -> str:
    """Put the sample at `path` when nothing is there; a sentence when that cannot be done."""
    if os.path.exists(path):
        return ""
    try:
        os.makedirs(os.path.dirname(path) or ".", mode=0o700, exist_ok=True)
        with open(paths.sample(SAMPLE), "rb") as sample, open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as own:
            # an editor finds the schema where the program lies, not beside the person's own file
            own.write(sample.read().replace(b"./schema.json", paths.sample("schema.json").encode(), 1))
    except OSError as error:
        return f"{clean(path)} cannot be written: {error.strerror or 'no reason given'}."
    return ""


class Keys(Paper):
    """The footer of the page."""

    GROUND = "raised"
    HEIGHT = 1

    def __init__(self) -> None:
        super().__init__()
        self.styles.dock = "bottom"

    def rows(self, width: int, height: int) -> list[Row]:
        """Only keys that do something here."""
        del height
        return [
            line(
                width,
                [GAP, *key_cap("enter", "choose"), ("   ", ""), *key_cap("ctrl+r", "look again")],
                [*key_cap("q", "quit"), GAP],
                on="raised",
            )
        ]


class FirstRun(Screen[None]):
    """The page over the empty main screen; it goes when there are roles."""

    AUTO_FOCUS = "#offer"
    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__()
        self.offer = Offer()

    def compose(self) -> ComposeResult:
        """The offer and its keys."""
        yield self.offer
        yield Keys()

    def take_key(self, event: events.Key) -> bool:
        """Every key is the offer's."""
        return self.offer.take_key(event)


def show_first_run(deck: Deck) -> None:
    """Show the page, unless it is shown already."""
    shown = next((screen for screen in deck.screen_stack if isinstance(screen, FirstRun)), None)
    if shown is None:
        deck.push_screen(FirstRun())
    else:
        shown.offer.refresh()


def hide_first_run(deck: Deck) -> None:
    """There are roles now."""
    for screen in list(deck.screen_stack):
        if isinstance(screen, FirstRun):
            end_screen(screen)
