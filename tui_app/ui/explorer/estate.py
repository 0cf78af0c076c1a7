"""The screen of a search across all live sessions: the words, what was found, and who answered by which engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal

from textual import events
from textual.app import ComposeResult

from tui_app.ui.commands import Situation
from tui_app.ui.draw import BLANK, line
from tui_app.ui.explorer import estate_rows as drawn
from tui_app.ui.explorer.among import Among
from tui_app.ui.explorer.describing import FORMATS, detail_rows
from tui_app.ui.explorer.grid import Grid
from tui_app.ui.explorer.grid_rows import head_row
from tui_app.ui.explorer.looking_round import tally_of
from tui_app.ui.explorer.places import Visitor
from tui_app.ui.explorer.searching import HEADS, Search
from tui_app.ui.explorer.widgets import ExplorerFooter, GridView, Told
from tui_app.ui.screens.main import SMALLEST
from tui_app.ui.theme import Row
from tui_app.ui.widgets.chrome import Header
from tui_app.ui.widgets.paper import TextField

if TYPE_CHECKING:
    from tui_app.explorer.estate.answers import Found
    from tui_app.ui.jobs import Job

SPIN = 1 / 8
TALL = 30
STEP = 2
"""How many columns a key goes sideways."""
_FAR = 10**6
Part = Literal["words", "rows", "answers", "details"]


class EstateSearch(Among):
    """Words above, rows below. `part` is where the keys go; `field` is the words' while they are typed, else the filter's."""

    AUTO_FOCUS = "#grid"

    def __init__(self, visitors: tuple[Visitor, ...], words: str = "") -> None:
        super().__init__(visitors)
        self.words = TextField(words)
        self.part: Part = "words"
        self.search: Search | None = None
        self.jobs: list[Job] = []
        self.grid = Grid(HEADS)
        self.detail: Found | None = None
        self.form, self.recalled = 0, -1
        self.body = GridView()
        self.head = Told("search-head", self._head_rows)
        self.answers = Told("search-answers", self._answer_rows)
        self.stamp = Told("search-stamp", self._stamp_rows)
        self.foot = ExplorerFooter()
        self._offset, self._moved = 0, False

    def compose(self) -> ComposeResult:
        """Header, words, table, who answered, stamp, footer."""
        self.top = Header(self.deck.store)
        yield self.top
        yield self.head
        yield self.body
        yield self.answers
        yield self.stamp
        yield self.foot

    def on_mount(self) -> None:
        """Wait for words."""
        self.update()
        self.set_interval(SPIN, self._spin)
        self.set_interval(1, self.top.refresh)

    def on_unmount(self) -> None:
        """Nothing is asked for a screen that is gone."""
        for job in self.jobs:
            job.cancel()

    def on_resize(self) -> None:
        """Where there is room, and where there is none."""
        self.show_room(self.head, self.body, self.answers, self.stamp, self.foot)
        self.call_after_refresh(self.update)

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
        self._show_body()
        for part in (self.head, self.answers, self.stamp):
            part.settle()
        self.foot.refresh()

    def _show_body(self) -> None:
        width, body = self.body.size.width, self.body
        if self.detail is not None:
            from tui_app.ui.deeds.searching import description

            body.show_rows([BLANK, *detail_rows(description(self.detail), FORMATS[self.form], width)])
        elif self.part == "answers" and self.search is not None:
            body.show_rows(drawn.full_rows(self.search, width, self.deck.store.clock()))
        elif self.grid.shown:
            body.show_grid(self.grid, list(range(len(HEADS))), self._offset, lambda _: False)
        else:
            body.show_rows(drawn.instead_rows(self.search, self.grid, width, self.spinner()))

    def begin(self, search: Search) -> None:
        """Show another search."""
        self.search, self.grid = search, Grid(HEADS)
        self.detail, self._offset, self._moved = None, 0, False
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
            filtered=bool(self.grid.query) and self.part == "rows",
        )

    def set_query(self, text: str) -> None:
        """Filter what was found."""
        self.grid.set_query(text.strip())
        self.update()

    def take_key(self, event: events.Key) -> bool:
        """A key: a letter of the words while they are typed."""
        if self.part != "words" or self.typing or not self._has_room:
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

    @property
    def _has_room(self) -> bool:
        return self.app.size.width >= SMALLEST[0] and self.app.size.height >= SMALLEST[1]

    def on_paste(self, event: events.Paste) -> None:
        """Paste into the field that is typed in."""
        if self.part == "words" and not self.typing:
            self.words.insert(" ".join(event.text.split()))
            self.head.settle()
            event.stop()
        else:
            super().on_paste(event)

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

    def on_grid_view_opened(self) -> None:
        """A double click is as good as enter."""
        self.deck.run_command("explore.open")

    def run(self, command_id: str) -> bool:
        """Do what a command means here; False for one that the whole program does."""
        deed = self._deeds().get(command_id)
        if deed is not None:
            deed()
        return deed is not None or command_id.startswith("explore.")

    def _deeds(self) -> Mapping[str, Callable[[], None]]:
        from tui_app.ui.deeds import searching

        return {
            "look.search": lambda: self.go_to("words"),
            "move.up": lambda: self._move(-1),
            "move.down": lambda: self._move(1),
            "move.first": lambda: self._move(-_FAR),
            "move.last": lambda: self._move(_FAR),
            "move.page_up": lambda: self.body.page(-1),
            "move.page_down": lambda: self.body.page(1),
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
            "explore.write": lambda: searching.write(self.deck, self),
            "explore.sort_next": lambda: self._sort(1),
            "explore.sort_previous": lambda: self._sort(-1),
            "explore.turn": self._turn,
            "explore.right": lambda: self._sideways(1),
            "explore.left": lambda: self._sideways(-1),
            "app.filter": self._filter,
            "app.back": self._back,
        }

    def _move(self, rows: int) -> None:
        self._moved = True
        self.body.move(rows)
        self.stamp.refresh()

    def _details(self) -> None:
        if self.here is not None:
            self.detail = self.here
            self.go_to("details")

    def _other_pane(self) -> None:
        if self.detail is not None:
            self.form = (self.form + 1) % len(FORMATS)
            self.update()
        elif self.search is not None:
            self.go_to("rows" if self.part == "answers" else "answers")

    def _sort(self, step: int) -> None:
        self.grid.step_sort(step, range(len(HEADS)))
        self.update()

    def _turn(self) -> None:
        self.grid.sort_by(self.grid.sort, down=not self.grid.down)
        self.update()

    def _sideways(self, step: int) -> None:
        laid = self.body.laid
        if (step > 0 and laid.right) or (step < 0 and laid.left):
            self._offset = max(0, laid.left + step * STEP)
            self.update()

    def _filter(self) -> None:
        self.go_to("rows")
        self.field, self.typing = TextField(self.grid.query), True
        self.update()

    def _back(self) -> None:
        from tui_app.ui.deeds.searching import stop

        if self.part in ("details", "answers"):
            self.go_to("rows")
        elif stop(self):
            self.update()
        elif self.grid.query:
            self.set_query("")
        else:
            self.dismiss(None)

    def _spin(self) -> None:
        if self.working:
            self._spun += 1
            if not self.deck.hands.at_rest:
                return
            self.head.refresh()
            if not self.grid.shown and self.part == "rows":
                self._show_body()

    def _head_rows(self, width: int) -> list[Row]:
        words = drawn.words_row(width, self.words, self.spinner(), typing=self.part == "words", search=self.search)
        counted = drawn.count_parts(self.search, self.grid, self.field, len(self.visitors), filtering=self.typing)
        airy = self.app.size.height >= TALL
        rows = [words, line(width, counted)]
        if self.grid.shown and self.part in ("rows", "words"):
            rows += [BLANK] if airy else []
            rows.append(head_row(self.grid, self.body.laid, width))
        return [BLANK, *rows] if airy else rows

    def _answer_rows(self, width: int) -> list[Row]:
        if self.part in ("answers", "details"):
            return []
        most = drawn.MANY if self.app.size.height >= TALL else drawn.FEW
        return drawn.answer_rows(self.search, width, self.deck.store.clock(), most, self.deck.key("explore.pane"))

    def _stamp_rows(self, width: int) -> list[Row]:
        row = drawn.stamp_row(self.search, tally_of(self.deck), width, self.here)
        return [BLANK, row] if self.app.size.height >= TALL else [row]
