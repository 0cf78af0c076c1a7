"""The screen of a search across all live sessions: the words, what was found, and who answered by which engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal

from textual import events

from tui_app.ui.commands import Situation
from tui_app.ui.draw import BLANK, line
from tui_app.ui.explorer import estate_rows as drawn
from tui_app.ui.explorer.describing import FORMATS, detail_rows
from tui_app.ui.explorer.grid import Grid
from tui_app.ui.explorer.grid_rows import head_row
from tui_app.ui.explorer.looking_round import tally_of
from tui_app.ui.explorer.one_table import OneTable
from tui_app.ui.explorer.places import Visitor
from tui_app.ui.explorer.searching import HEADS, Search
from tui_app.ui.explorer.widgets import Told
from tui_app.ui.theme import Row
from tui_app.ui.widgets.paper import TextField

if TYPE_CHECKING:
    from tui_app.explorer.estate.answers import Found
    from tui_app.ui.jobs import Job

TALL = 30
Part = Literal["words", "rows", "answers", "details"]


class EstateSearch(OneTable):
    """Words above, rows below. `part` is where the keys go; `field` is the words' while they are typed, else the filter's."""

    SIDEWAYS = 2

    def __init__(self, visitors: tuple[Visitor, ...], words: str = "") -> None:
        super().__init__(visitors, "search", HEADS)
        self.words = TextField(words)
        self.part: Part = "words"
        self.search: Search | None = None
        self.jobs: list[Job] = []
        self.detail: Found | None = None
        self.form, self.recalled = 0, -1
        self.answers = Told("search-answers", self._answer_rows)
        self.parts = (self.head, self.body, self.answers, self.stamp, self.foot)
        self._moved = False

    def on_unmount(self) -> None:
        """Nothing is asked for a screen that is gone."""
        for job in self.jobs:
            job.cancel()

    @property
    def working(self) -> bool:
        """Whether AWS is being asked."""
        return self.search is not None and self.search.running

    @property
    def here(self) -> Found | None:
        """The resource that is looked at: that of the details, else the one under the cursor."""
        if self.detail is not None or self.search is None or self.part == "words":
            return self.detail
        return self.search.found[self.grid.row] if self.grid.row >= 0 and self.part == "rows" else None

    def update(self) -> None:
        """Draw everything again from what is known now."""
        if not self.is_mounted:
            return
        if self.search is not None and self.search.fill(self.grid) and not self._moved:
            self.grid.at = 0
        self.show()

    def show_body(self) -> None:
        """The description that is looked at, who answered, the rows found, or why there are none."""
        width, body = self.body.size.width, self.body
        if self.detail is not None:
            from tui_app.ui.deeds.searching import description

            body.show_rows([BLANK, *detail_rows(description(self.detail), FORMATS[self.form], width)])
        elif self.part == "answers" and self.search is not None:
            body.show_rows(drawn.full_rows(self.search, width, self.deck.store.clock()))
        elif self.grid.shown:
            body.show_grid(self.grid, lambda: list(range(len(HEADS))), self.passed, lambda _: False)
        else:
            body.show_rows(drawn.instead_rows(self.search, self.grid, width, self.spinner()))

    def begin(self, search: Search) -> None:
        """Show another search."""
        self.search, self.grid = search, Grid(HEADS)
        self.detail, self.passed, self._moved = None, 0, False
        self.body.to_top()
        self.go_to("rows")

    def go_to(self, part: Part) -> None:
        """Put the keys to a part."""
        self.part, self.typing = part, False
        if part != "details":
            self.detail = None
        if part in ("answers", "details"):
            self.body.to_top()
        self.update()
        self.body.show_cursor()

    def situation(self) -> Situation:
        """What decides which commands apply now."""
        return Situation(
            place="explorer",
            part=self.part if self.part in ("details", "answers") else "search",
            row=self.here is not None,
            more=self.search is not None and bool(self.search.further) and not self.working,
            ended=self.search is not None and bool(self.search.ended),
            working=self.working,
            typing=self.part == "words",
            filtering=self.typing,
            empty=self.part == "rows" and not self.grid.cells and not self.working,
            sideways=self.part == "rows" and self.body.hides_columns,
            filtered=bool(self.grid.query) and self.part == "rows",
        )

    def take_key(self, event: events.Key) -> bool:
        """A key: a letter of the words while they are typed."""
        if self.part != "words" or self.typing or not self.has_room:
            return super().take_key(event)
        if event.key == "enter":
            self._ask()
        elif event.key == "escape":
            self._leave_words()
        elif event.key in ("up", "down"):
            self._recall(1 if event.key == "up" else -1)
        elif event.key == "tab":
            self.go_to("rows" if self.search is not None else "words")
        elif event.key == "ctrl+p":
            return super().take_key(event)
        elif not self.words.key(event):
            return False
        self.head.settle()
        return True

    def on_paste(self, event: events.Paste) -> None:
        """Paste into the words; into the filter it is pasted as everywhere among the resources."""
        if self.part == "words" and not self.typing:
            self.words.insert(" ".join(event.text.split()))
            self.head.settle()

    def _ask(self) -> None:
        from tui_app.ui.deeds.searching import search

        search(self.deck, self, self.words.text)

    def _leave_words(self) -> None:
        if self.search is None:
            self.dismiss(None)
            return
        self.words = TextField(self.search.query.text)
        self.go_to("rows")

    def _recall(self, step: int) -> None:
        """The words before these, or after them; what was typed is at the end of that way."""
        known = self.deck.findings.searches
        self.recalled = max(-1, min(len(known) - 1, self.recalled + step))
        self.words = TextField(known[self.recalled] if self.recalled >= 0 else "")

    def deeds(self) -> Mapping[str, Callable[[], None]]:
        """What each command means here."""
        from tui_app.ui.deeds import searching, writing

        return {
            **super().deeds(),
            "look.search": lambda: self.go_to("words"),
            "explore.open": lambda: searching.open_it(self.deck, self),
            "explore.details": self._details,
            "explore.console": lambda: searching.console(self.deck, self),
            "explore.copy_id": lambda: searching.copy_id(self.deck, self),
            "explore.copy_arn": lambda: searching.copy_arn(self.deck, self),
            "explore.pane": self._other_pane,
            "explore.more": lambda: searching.more(self.deck, self),
            "explore.all": lambda: searching.more(self.deck, self, to_the_end=True),
            "explore.reload": lambda: searching.again(self.deck, self),
            "explore.renew": lambda: searching.renew(self.deck, self),
            "explore.write": lambda: writing.write_found(self.deck, self),
        }

    def on_grid_view_clicked(self) -> None:
        """A click among what was found gives it the keys, also while other words are typed."""
        if self.part == "words" and self.search is not None:
            self.go_to("rows")

    def cursor_moved(self) -> None:
        """A person looks at another row: rows that come do not take the cursor away any more."""
        self._moved = True
        super().cursor_moved()

    def _details(self) -> None:
        if self.here is not None:
            self.detail, self._moved = self.here, True
            self.go_to("details")

    def _other_pane(self) -> None:
        if self.detail is not None:
            self.form = (self.form + 1) % len(FORMATS)
            self.update()
        elif self.search is not None:
            self.go_to("rows" if self.part == "answers" else "answers")

    def filter(self) -> None:
        """Into the field of the filter, from wherever the keys are."""
        self.go_to("rows")
        super().filter()

    def back(self) -> None:
        """One step back: out of a part, else ask no more, else as everywhere."""
        from tui_app.ui.deeds.searching import stop

        if self.part in ("details", "answers"):
            self.go_to("rows")
        elif stop(self):
            self.update()
        else:
            super().back()

    def spun(self) -> None:
        """Draw again what turns with the spinner."""
        self.head.refresh()
        if not self.grid.shown and self.part == "rows":
            self.show_body()

    def head_rows(self, width: int) -> list[Row]:
        """The words, what was found for them, the heads of the columns."""
        words = drawn.words_row(width, self.words, self.spinner(), typing=self.part == "words", search=self.search)
        counted = drawn.count_parts(self.search, self.grid, self.field, len(self.visitors), filtering=self.typing)
        airy = self.app.size.height >= TALL
        rows = [words, line(width, counted, drawn.filter_parts(self.grid, self.deck.key("app.filter"), filtering=self.typing))]
        if self.grid.shown and self.part in ("rows", "words"):
            rows += [BLANK] if airy else []
            rows.append(head_row(self.grid, self.body.laid, width))
        return [BLANK, *rows] if airy else rows

    def _answer_rows(self, width: int) -> list[Row]:
        if self.part in ("answers", "details"):
            return []
        most = drawn.MANY if self.app.size.height >= TALL else drawn.FEW
        return drawn.answer_rows(self.search, width, self.deck.store.clock(), most, self.deck.key("explore.pane"))

    def stamp_rows(self, width: int) -> list[Row]:
        """Who was answered."""
        row = drawn.stamp_row(self.search, tally_of(self.deck), width, self.here)
        return [BLANK, row] if self.app.size.height >= TALL else [row]
