"""A screen of one table: a head above, a stamp below, and what every such table does for its keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from textual.app import ComposeResult
from textual.widget import Widget

from tui_app.ui.explorer.among import Among
from tui_app.ui.explorer.grid import Grid, Head
from tui_app.ui.explorer.moving import moves
from tui_app.ui.explorer.places import Visitor
from tui_app.ui.explorer.widgets import ExplorerFooter, GridView, Told
from tui_app.ui.theme import Row
from tui_app.ui.widgets.paper import TextField


class OneTable(Among):
    """`passed` is how many columns are to the left of those that are shown. A subclass says what stands in the table and round it."""

    AUTO_FOCUS = "#grid"
    SIDEWAYS = 1
    """How many columns a key goes sideways."""

    def __init__(self, visitors: tuple[Visitor, ...], name: str, heads: Sequence[Head]) -> None:
        super().__init__(visitors)
        self.grid = Grid(heads)
        self.passed = 0
        self.head = Told(f"{name}-head", self.head_rows)
        self.body = GridView(self.cursor_moved)
        self.stamp = Told(f"{name}-stamp", self.stamp_rows)
        self.foot = ExplorerFooter()
        self.parts: tuple[Widget, ...] = (self.head, self.body, self.stamp, self.foot)
        """What stands below the header, top to bottom."""

    def head_rows(self, width: int) -> list[Row]:
        """What stands above the table."""
        raise NotImplementedError

    def stamp_rows(self, width: int) -> list[Row]:
        """Who was answered."""
        raise NotImplementedError

    def show_body(self) -> None:
        """Draw the table, or what stands in its place."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """The header, and what stands below it."""
        yield self.top
        yield from self.parts

    def on_resize(self) -> None:
        """Where there is room, and where there is none."""
        self.show_room(*self.parts)
        self.call_after_refresh(self.show)

    def show(self) -> None:
        """Draw what is laid out."""
        self.show_body()
        for part in self.parts:
            if isinstance(part, Told):
                part.settle()
        self.foot.refresh()

    def cursor_moved(self) -> None:
        """The cursor is on another row, which may be somebody else's."""
        self.stamp.refresh()

    def set_query(self, text: str) -> None:
        """Filter the rows."""
        self.grid.set_query(text.strip())
        self.show()

    def run(self, command_id: str) -> bool:
        """Do what a command means here; False for one that the whole program does."""
        deed = self.deeds().get(command_id)
        if deed is not None:
            deed()
        return deed is not None or command_id.startswith("explore.")

    def deeds(self) -> Mapping[str, Callable[[], None]]:
        """What each command means here."""
        return {
            **moves(self.body.move, self.body.page),
            "explore.sort_next": lambda: self._sort(1),
            "explore.sort_previous": lambda: self._sort(-1),
            "explore.turn": self._turn,
            "explore.right": lambda: self._sideways(1),
            "explore.left": lambda: self._sideways(-1),
            "app.filter": self.filter,
            "app.back": self.back,
        }

    def _sort(self, step: int) -> None:
        self.grid.step_sort(step, range(len(self.grid.heads)))
        self.show()

    def _turn(self) -> None:
        self.grid.sort_by(self.grid.sort, down=not self.grid.down)
        self.show()

    def _sideways(self, step: int) -> None:
        laid = self.body.laid
        if (step > 0 and laid.right) or (step < 0 and laid.left):
            # no column is passed over unseen
            self.passed = max(0, laid.left + step * max(1, min(self.SIDEWAYS, len(laid.columns) - 1)))
            self.show()

    def filter(self) -> None:
        """Into the filter's field."""
        self.field, self.typing = TextField(self.grid.query), True
        self.show()

    def back(self) -> None:
        """One step back: clear the filter, else out."""
        if self.grid.query:
            self.set_query("")
        else:
            self.dismiss(None)
