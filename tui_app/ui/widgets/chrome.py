"""The parts round the list: header, one-row band, list head with the filter, footer, banner, and the word for a terminal too small."""

from __future__ import annotations

from textual import events

from tui_app.text import clean, plural
from tui_app.ui.bands import Base, band, header
from tui_app.ui.commands import BY_ID, Situation
from tui_app.ui.draw import BLANK, GAP, cells, clip, key_cap, line
from tui_app.ui.footer import footer
from tui_app.ui.grouping import GROUPINGS
from tui_app.ui.key_names import ARROWS
from tui_app.ui.rows import column_heads, said
from tui_app.ui.store import Store
from tui_app.ui.theme import Part, Row
from tui_app.ui.widgets.paper import Paper, TextField

HINT = "any words, or env:prod role:admin"
"""What an empty filter says may be typed."""


class Header(Paper):
    """One row that holds for everything."""

    GROUND = "raised"
    HEIGHT = 1

    def __init__(self, store: Store) -> None:
        super().__init__(id="header")
        self.store = store

    def rows(self, width: int, height: int) -> list[Row]:
        """The header."""
        del height
        return [header(width, self.store, self.deck.base() if self.store.selected else Base(), self.store.clock(), demo=self.deck.demo)]


class BandRow(Paper):
    """The band in one row, for narrow terminals."""

    HEIGHT = 1

    def __init__(self, store: Store) -> None:
        super().__init__(id="band-row")
        self.store = store

    def rows(self, width: int, height: int) -> list[Row]:
        """The band of the role under the cursor."""
        del height
        entry = self.store.selected
        return [band(width, entry, said(self.store, entry.key, self.store.clock(), self.deck.spin()))] if entry else [BLANK]


class ListHead(Paper, can_focus=True):
    """Title, filter and column heads. With the focus it is the filter's field."""

    def __init__(self, store: Store) -> None:
        super().__init__(id="list-head")
        self.store = store
        self.field = TextField()
        self.airy = False

    def rows(self, width: int, height: int) -> list[Row]:
        """Title row where there is room or a filter, then the heads."""
        del height
        heads = column_heads(width, self.store.listing.widest)
        if self.airy:
            return [BLANK, self._title(width), BLANK, heads]
        return [self._title(width), heads] if self.has_focus or self.store.query else [heads]

    def _title(self, width: int) -> Row:
        store = self.store
        if self.has_focus or store.query:
            count = f"{store.shown:,} of {len(store.entries):,} " + (" " if width >= 84 else "")  # noqa: PLR2004 - the list's margin
            return line(width, [("      / ", "bold accent"), *self._typed(max(12, width - 30))], [(count, "muted")])
        total = len(store.entries)
        accounts = store.listing.accounts
        words = f"   {total:,} in {plural(accounts, 'account')}" if accounts else f"   {total:,}"
        if store.grouping != "environment":
            words = f"   {total:,} {GROUPINGS[store.grouping]}"
        key = self.deck.key("app.filter")
        return line(
            width, [("      All roles", "bold text"), (words, "muted")], [(key, "bold accent"), (" filter  ", "faint")] if key else []
        )

    def _typed(self, room: int) -> list[Part]:
        text, at = self.field.text, self.field.at
        shown = clean(text[-(room - 1) :] if len(text) >= room else text)
        if not self.has_focus:
            return [(shown, "bold text")]
        at = min(at, len(shown))
        under = (shown[at : at + 1] or " ", "reverse text")
        if not shown:
            return clip([under, (f" {HINT}", "faint")], room)
        rest = shown[at + 1 :].ljust(max(0, room - at - 1))
        return [(shown[:at], "underline accent"), under, (rest, "underline accent")]

    def take_key(self, event: events.Key) -> bool:
        """Type; enter and the arrows go to the list, esc clears; False for a key that means nothing here."""
        if event.key == "escape":
            self._set("")
            self.deck.main.to_list()
        elif event.key in ("enter", "down", "up", "tab"):
            self.deck.main.to_list()
        elif self.field.key(event):
            self._set(self.field.text, keep=True)
        else:
            return False
        return True

    def on_paste(self, event: events.Paste) -> None:
        """Paste into the field."""
        self.field.insert(event.text.strip())
        self._set(self.field.text, keep=True)
        event.stop()

    def _set(self, text: str, *, keep: bool = False) -> None:
        if not keep:
            self.field = TextField(text)
        self.store.set_query(text.strip())
        self.settle()

    def settle(self) -> None:
        """Draw it again; the screen is laid out anew only where it has more or fewer rows than before, which costs a whole drawing."""
        self.refresh(layout=self.get_content_height(self.size, self.size, self.size.width) != self.size.height)

    def clear(self) -> None:
        """Show all roles again."""
        self._set("")

    def on_focus(self) -> None:
        """The title row appears where it was not."""
        self.settle()

    def on_blur(self) -> None:
        """And goes again."""
        self.settle()

    def on_click(self) -> None:
        """A click is as good as the key."""
        self.deck.main.to_filter()


class Footer(Paper):
    """The keys that do something here; a click on one runs it."""

    GROUND = "raised"
    HEIGHT = 1

    def __init__(self) -> None:
        super().__init__(id="footer")
        self._spans: list[tuple[int, int, str]] = []

    def rows(self, width: int, height: int) -> list[Row]:
        """Most used first; dropped from the right until it fits."""
        del height
        left, right = footer(self.situation(), self.deck.keys)
        if self.look.ascii_only:
            left = [(key.translate(ARROWS), verb, command) for key, verb, command in left]
        ends: list[Part] = []
        for number, (key, verb, _) in enumerate(right):
            ends += [("   " if number else "", ""), *key_cap(key, verb)]
        ends.append(GAP)
        if width < 100 and len(right) > 1 and right[1][2] == "app.quit":  # noqa: PLR2004 - the room goes to the keys
            ends, right = [*key_cap(*right[0][:2]), GAP], right[:1]
        while left and self._columns(left) + 2 + cells(ends) + 2 > width:
            left = _without_one(left)
        parts: list[Part] = [GAP]
        self._spans, at = [], 2
        for number, (key, verb, command) in enumerate(left):
            at += 3 if number else 0
            parts += [("   " if number else "", ""), *key_cap(key, verb)]
            size = cells(key_cap(key, verb))
            self._spans.append((at, at + size, command))
            at += size
        at = width - cells(ends)
        for number, (key, verb, command) in enumerate(right):
            at += 3 if number else 0
            size = cells(key_cap(key, verb))
            self._spans.append((at, at + size, command))
            at += size
        return [line(width, parts, ends, on="raised")]

    @staticmethod
    def _columns(items: list[tuple[str, str, str]]) -> int:
        return sum(cells(key_cap(key, verb)) for key, verb, _ in items) + 3 * max(0, len(items) - 1)

    def situation(self) -> Situation:
        """What decides which keys apply."""
        return self.deck.situation()

    def on_click(self, event: events.Click) -> None:
        """Run the command that was clicked."""
        for start, end, command in self._spans:
            if start <= event.x < end and command:
                self.deck.run_command(command)


def _without_one(items: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Without the key that is missed least: the last of those that can be spared most."""
    spare = [BY_ID[command].spare if command else 0 for _, _, command in items]
    at = len(spare) - 1 - spare[::-1].index(max(spare))
    return items[:at] + items[at + 1 :]
