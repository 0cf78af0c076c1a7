"""The explorer's own widgets: head, table, notes, stamp, band, footer. Each draws what the screen's state says."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from tui_app.ui.commands import Situation
from tui_app.ui.draw import line
from tui_app.ui.explorer.grid import Grid, Head
from tui_app.ui.explorer.grid_rows import Laid, Mark, grid_row, lay_out
from tui_app.ui.theme import Row
from tui_app.ui.widgets.chrome import Footer
from tui_app.ui.widgets.paper import Drawn, Paper

if TYPE_CHECKING:
    from tui_app.ui.explorer.among import Among


MarkOf = Callable[[int], Mark | None]
"""What a reload did to a row, by its index."""


def _no_mark(_row: int) -> Mark | None:
    return None


class Told(Paper):
    """Rows that a function of the screen gives, as many as there are."""

    def __init__(self, id: str, give: Callable[[int], list[Row]], ground: str = "ground") -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self._give = give
        self.GROUND = ground

    def rows(self, width: int, height: int) -> list[Row]:
        """What the screen says."""
        del height
        return self._give(width)

    def settle(self) -> None:
        """Draw it again; the screen is laid out anew only where there are more or fewer rows than before."""
        if self.get_content_height(self.size, self.size, self.size.width) != self.size.height:
            self.refresh(layout=True)
        else:
            self.renew()


class ExplorerFooter(Footer):
    """The keys that do something among the resources."""

    def situation(self) -> Situation:
        """What decides which keys apply."""
        return cast("Among", self.screen).situation()


class GridView(Drawn, ScrollView, can_focus=True):
    """A table drawn line by line, so that a hundred thousand rows cost what a hundred do; or the rows that stand in its place."""

    ALLOW_SELECT = False

    class Clicked(Message):
        """It was clicked anywhere."""

    class Opened(Message):
        """A row was clicked twice."""

    def __init__(self, moved: Callable[[], object] = lambda: None) -> None:
        """`moved` is called when the cursor was moved to another row."""
        super().__init__(id="grid")
        self._moved = moved
        self.styles.height = "1fr"
        self.styles.scrollbar_size_vertical = self.styles.scrollbar_size_horizontal = 0
        # a bar that comes and goes has the screen laid out anew, even one without a column
        self.styles.overflow_x, self.styles.overflow_y = "hidden", "scroll"
        self.grid: Grid | None = None
        self.instead: list[Row] = []
        self.chosen: Callable[[], list[int]] = list
        self.offset_columns = 0
        self.is_faded: Callable[[int], bool] = lambda _: False
        self.mark_of: MarkOf = _no_mark
        self.cursor_is_seen = True
        self._carried = 0
        self._laid, self._laid_for = Laid((), 0, 0), tuple[Head, ...]()

    @property
    def laid(self) -> Laid:
        """The columns that fit. Rows under other heads may have come between two drawings."""
        if self.grid is not None and self._laid_for is not self.grid.heads:
            self._lay_out(self.grid)
        return self._laid

    def _lay_out(self, grid: Grid) -> None:
        self._laid, self._laid_for = lay_out(grid, self.chosen(), self.offset_columns, self.size.width), grid.heads

    @property
    def hides_columns(self) -> bool:
        """Whether there are columns to the left or to the right of those that fit."""
        return self.grid is not None and bool(self.laid.left or self.laid.right)

    def show_grid(
        self, grid: Grid, chosen: Callable[[], list[int]], offset: int, is_faded: Callable[[int], bool], mark_of: MarkOf | None = None
    ) -> None:
        """Show a table. `chosen` tells the columns to show; `is_faded` and `mark_of` are asked about the rows that are seen."""
        self.mark_of = mark_of or _no_mark
        stays = self.grid is grid and not self.cursor_is_seen
        if self.grid is not grid:
            self._carried = grid.carried
        self.grid, self.instead = grid, []
        self.chosen, self.offset_columns, self.is_faded = chosen, offset, is_faded
        self._settle(len(grid.shown))
        if not stays:
            self.show_cursor()

    def grows(self) -> bool:
        """Take rows that came above and below those that are seen; False where there is room for them on the screen."""
        if self.grid is None or self.virtual_size.height <= self.scroll_offset.y + self.size.height:
            return False
        self.set_reactive(Widget.virtual_size, Size(self.size.width, len(self.grid.shown)))
        self._follow()
        self.refresh(Region(0, self.size.height - 1, self.size.width, 1))
        return True

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """A person who has scrolled away from the cursor is not brought back by rows that come."""
        super().watch_scroll_y(old_value, new_value)
        if self.grid is not None:
            self.cursor_is_seen = self.top <= self.grid.at < self.top + max(1, self.size.height)

    @property
    def top(self) -> int:
        """The row on the first line; as many as have come above it since it was scrolled there move it nowhere."""
        return self.scroll_offset.y + (self.grid.carried - self._carried if self.grid is not None else 0)

    def _follow(self) -> None:
        """Scroll as far as the cursor's row was carried: what is seen is the same, so nothing is drawn."""
        if self.grid is not None and self._carried != self.grid.carried:
            top, self._carried = max(0, self.top), self.grid.carried
            self.set_reactive(Widget.scroll_y, top)
            self.set_reactive(Widget.scroll_target_y, top)

    def show_rows(self, rows: list[Row]) -> None:
        """Show rows that scroll and have no cursor; the very same ones are there already."""
        if self.grid is None and rows == self.instead and self.virtual_size == Size(self.size.width, len(rows)):
            return
        self.grid, self.instead = None, rows
        self._settle(len(rows))

    def _settle(self, count: int) -> None:
        if self.grid is not None:
            self._lay_out(self.grid)
        # its place on the screen stays as it is: laying out anew would draw all of the screen
        self.set_reactive(Widget.virtual_size, Size(self.size.width, count))
        self._follow()
        if self.scroll_y > self.max_scroll_y:
            self.scroll_to(y=self.max_scroll_y, animate=False, force=True, immediate=True)
        self.refresh()

    def on_resize(self) -> None:
        """The columns are laid out for a width, and the cursor's row stays in sight."""
        self._settle(len(self.grid.shown) if self.grid is not None else len(self.instead))
        self.show_cursor()

    def show_cursor(self) -> None:
        """Scroll so that the cursor's row is seen; the last line of a cut table says how much is below, so the cursor keeps off it."""
        if self.grid is not None and self.size.height:
            self.cursor_is_seen = True
            at = self.grid.at
            end = min(len(self.grid.shown), at + 2)
            self.scroll_to_region(Region(0, at, 1, max(1, end - at)), animate=False, force=True, immediate=True)

    def move(self, rows: int) -> None:
        """Move the cursor, or scroll where there is none."""
        if self.grid is None:
            self.scroll_to(y=self.scroll_offset.y + rows, animate=False, force=True, immediate=True)
            return
        before, shown = self.grid.at, self.grid.shown
        self.grid.move(rows)
        if self.grid.shown is not shown or len(shown) != self.virtual_size.height:
            self._settle(len(self.grid.shown))
        self._moved()
        top = self.scroll_offset.y
        self.show_cursor()
        if self.scroll_offset.y == top:
            self.refresh(*(Region(0, at - top, self.size.width, 1) for at in {before, self.grid.at}))

    def page(self, direction: int) -> None:
        """Move by a screenful, less a row to keep one's bearings."""
        self.move(direction * max(2, self.size.height - 2))

    def to_top(self) -> None:
        """Scroll to the first line."""
        self.scroll_to(y=0, animate=False, force=True, immediate=True)

    def render_line(self, y: int) -> Strip:
        """One line of what is scrolled to; the last one says how much is below."""
        at, width = y + self.top, self.size.width
        count = len(self.grid.shown) if self.grid is not None else len(self.instead)
        below = count - at - 1
        if below > 0 and y == self.size.height - 1:
            so_far = " so far" if self.grid and self.grid.finding and self.grid.finding.has_left(above=False) else ""
            row: Row = line(width, [], [(f"↓ {below + 1:,} more{so_far}  ", "faint")])
        elif not 0 <= at < count:
            row = ()
        elif self.grid is None:
            row = self.instead[at]
        else:
            index = self.grid.shown[at]
            here = ("focused" if self.has_focus else "unfocused") if at == self.grid.at else ""
            faded, mark = self.is_faded(index), self.mark_of(index)
            row = grid_row(self.grid.cells[index], self.grid, self.laid, width, here=here, faded=faded, mark=mark)
        return self.look.strip(row, width)

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor there, a second one opens."""
        at = event.y + self.top
        self.focus()
        self.post_message(self.Clicked())
        if self.grid is not None and 0 <= at < len(self.grid.shown):
            self.move(at - self.grid.at)
            if event.chain == 2:  # noqa: PLR2004 - a double click
                self.post_message(self.Opened())

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Any:
        """Draw again."""
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
