"""The screen of the resources: all views on the left, the rows of one on the right; one over the other where there is no room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from textual import events
from textual.app import ComposeResult

from tui_app.ui.commands import Situation
from tui_app.ui.compat import ring_once
from tui_app.ui.explorer import asking_tables, looking_round, reloading, standing, steps
from tui_app.ui.explorer.among import Among
from tui_app.ui.explorer.described import Described
from tui_app.ui.explorer.feeding import feed
from tui_app.ui.explorer.following import follow
from tui_app.ui.explorer.kept_layout import take_layout
from tui_app.ui.explorer.places import Table, Visitor
from tui_app.ui.explorer.screen_body import show_body, show_found
from tui_app.ui.explorer.screen_rows import band_rows, head_rows, notes_below, stamp_below, views_stamp_below
from tui_app.ui.explorer.slices import free_tables, work_off
from tui_app.ui.explorer.view_list import ViewList
from tui_app.ui.explorer.views_anew import take_views
from tui_app.ui.explorer.widgets import ExplorerFooter, GridView, Told
from tui_app.ui.screens.main import box
from tui_app.ui.widgets.paper import TextField

if TYPE_CHECKING:
    from textual.timer import Timer

    from tui_app.explorer.results import ViewResult
    from tui_app.explorer.view import View

SPLIT, AIRY, TABLE = 110, 30, 68
"""From which width both halves are shown, from which height rows are set apart, and what the table keeps before the views get more."""
REST = 0.08
"""Seconds that the cursor rests on a view before its rows are drawn beside it."""
PartName = Literal["views", "rows", "details", "refusals"]


class Explorer(Among):
    """What one role can see, or several side by side. `trail` holds the table shown and those it was opened from."""

    AUTO_FOCUS = ""
    SHOWS_RESOURCES = True

    def __init__(self, visitors: tuple[Visitor, ...], view: str = "", *, in_rows: bool = True) -> None:
        super().__init__(visitors)
        self.trail: list[Table] = []
        self.detail: tuple[ViewResult, int] | None = None
        self.gone_from: ViewResult | None = None
        """The later answer in which the row of the details is no more."""
        self.form = 0
        self.described = Described()
        self._from_top = False
        self._resting: Timer | None = None
        """Rings when the cursor rests on a view; until then the table is another one than is drawn, and has no rows yet."""
        self.part: PartName = "views"
        self.tables: dict[str, Table] = {}
        self.reloads: dict[Table, reloading.Reloading] = {}
        """The tables that reload themselves."""
        self._wanted, self._in_rows = view, in_rows
        self.band = Told("explorer-band", lambda width: band_rows(self, width), "raised")
        self.views = ViewList(lambda: standing.overview(self))
        self.head = Told("table-head", lambda width: head_rows(self, width))
        self.notes = Told("table-notes", lambda width: notes_below(self, width))
        self.stamp = Told("table-stamp", lambda width: stamp_below(self, width))
        self.body = GridView(self.stamp.refresh)
        self.views_stamp = Told("views-stamp", lambda width: views_stamp_below(self, width))
        self.foot = ExplorerFooter()

    def compose(self) -> ComposeResult:
        """The parts, top to bottom."""
        yield self.top
        yield self.band
        with box("horizontal", id="explorer"):
            with box("vertical", id="explorer-views"):
                yield self.views
                yield self.views_stamp
            with box("vertical", id="explorer-rows"):
                yield self.head
                yield self.body
                yield self.notes
                yield self.stamp
        yield self.foot

    def on_mount(self) -> None:
        """Look round for everybody who has not been looked round for."""
        self.all_views, self.read = looking_round.views_of(self.deck), self.deck.loaded
        looking_round.look_round_alike(self.deck, [visitor.key for visitor in self.visitors])
        self.share_out()
        self.update()
        chosen = self.views.choose(self._wanted)
        self.show_view()
        if chosen and self._in_rows:
            self.go_to("rows")

    def on_unmount(self) -> None:
        """Nothing is asked for a screen that is gone; the first sights go on, as the pane shows them too."""
        reloading.stop_all(self)
        tables = {*self.tables.values(), *self.trail}
        for table in tables:
            asking_tables.stop_asking(table)
        free_tables(tables, self.body)
        self.tables.clear()
        self.trail.clear()
        self.detail = self.gone_from = None

    def on_resize(self) -> None:
        """Share the room out again."""
        self.share_out()
        self.call_after_refresh(self.update)

    def share_out(self) -> None:
        """Lay the halves out for the terminal's size and for where the cursor is."""
        left, right = self.query_one("#explorer-views"), self.query_one("#explorer-rows")
        left.display = self.split or self.part == "views"
        right.display = self.split or self.part != "views"
        left.styles.width = max(44, min(60, self.app.size.width - TABLE)) if self.split else "1fr"
        right.styles.border_left = ("vkey", self.deck.line_colour()) if self.split else ("none", "black")
        self.show_room(self.query_one("#explorer"), self.band, self.foot)
        self.set_focus(self.views if self.part == "views" else self.body)

    @property
    def split(self) -> bool:
        """Whether there is room for both halves."""
        return self.app.size.width >= SPLIT

    @property
    def airy(self) -> bool:
        """Whether there is room for empty rows."""
        return self.app.size.height >= AIRY

    @property
    def body_is_seen(self) -> bool:
        """Whether the table has a place on the screen."""
        return self.query_one("#explorer").display and (self.split or self.part != "views")

    def update(self) -> None:
        """Draw everything again from what is known now."""
        if not self.is_mounted:
            return
        self._rest_is_over()
        self.take_views()
        if self.trail:
            feed(self, self.trail[0])
            follow(self)
            work_off(self, self.table)
        if self.part == "refusals" and not (self.table and self.table.refusals):
            self.part = "rows"
        self.views.draw()
        if self._from_top:
            self._from_top = False
            self.body.to_top()
        show_body(self)
        for part in (self.head, self.notes, self.stamp, self.views_stamp):
            part.settle()
        self.refresh_round()

    def spun(self) -> None:
        """Draw again what turns with the spinner."""
        self.views.draw()
        self.head.renew()
        if self.table is not None and self._resting is None and self.detail is None and not self.table.grid.shown:
            show_body(self)

    def _tick(self) -> None:
        self.refresh_round()
        if self.deck.hands.at_rest and self._resting is None:
            self.head.settle()
        else:
            self.update_soon()  # laying out anew takes as long as a key may wait
        if self.table is not None:
            asking_tables.resume(self.deck, self.table, self.update_soon)
        reloading.look(self)

    def refresh_round(self) -> None:
        """Draw again what stands round the halves; all of it, so that no two times differ."""
        for part in (self.top, self.band, self.foot):
            part.renew()

    @property
    def table(self) -> Table | None:
        """The table shown."""
        return self.trail[-1] if self.trail else None

    def table_of(self, view: View) -> Table:
        """The table of a view, made when it is first looked at."""
        table = self.tables.get(view.name)
        if table is None or table.regions != self.regions:
            table = self.tables[view.name] = Table(view, self.visitors, self.regions)
            take_layout(self.deck, table)
        return table

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions that any of them is looked at in."""
        sights = (sight for visitor in self.visitors if (sight := self.sight(visitor)))
        return tuple(dict.fromkeys(region for sight in sights for region in sight.regions))

    def take_views(self) -> None:
        """The views as they are written now."""
        if take_views(self):
            self.views.draw()
            self._turn_to_view()

    def regions_chosen(self) -> None:
        """Other regions: the tables are others."""
        reloading.stop_all(self)
        self.tables.clear()
        self.trail = []
        self.detail = None
        self.show_view()

    def show_view(self) -> None:
        """Show the rows of the view under the cursor, as far as they are known."""
        self._turn_to_view()
        self.update()

    def _turn_to_view(self) -> None:
        view = self.views.view
        if view is not None and (not self.trail or self.trail[0].view is not view or self.trail[0].regions != self.regions):
            self.trail = [self.table_of(view)]
            self.detail = None
            self._from_top = True

    def go_to(self, part: PartName) -> None:
        """Put the keys to a part."""
        self.part = part
        self.typing = False
        if part != "details":
            self.detail = None
        self.share_out()
        self.update()
        self.call_after_refresh(self.update)

    def show_details(self, result: ViewResult, index: int) -> None:
        """The description of a row, in the place of the table."""
        self.detail, self.gone_from = (result, index), None
        self.body.to_top()
        self.go_to("details")

    def here(self) -> tuple[ViewResult, int] | None:
        """The row that is looked at: that of the details, else the one under the cursor."""
        if self.part in ("views", "refusals") or self.table is None:
            return None
        return self.detail or self.table.under_cursor()

    def situation(self) -> Situation:
        """What decides which commands apply now."""
        return standing.situation(self)

    @property
    def working(self) -> bool:
        """Whether AWS is being asked."""
        return standing.working(self)

    def take_key(self, event: events.Key) -> bool:
        """A key brings a person who has scrolled away back to the cursor."""
        self.body.cursor_is_seen = True
        if self.table is not None and not self.typing:
            self.table.grid.move(0)  # what a command is about has to be found first
        return super().take_key(event)

    def run(self, command_id: str) -> bool:
        """Do what a command of both places means here; False for one that has a deed of its own."""
        return steps.run(self, command_id)

    def set_query(self, text: str) -> None:
        """Filter the part that has the keys."""
        if not text:
            self.field = TextField()
        if self.part == "views":
            self.views.set_query(text.strip())
            self.show_view()
        elif self.table is not None:
            self.table.filter_by(text.strip())
            show_found(self)
            work_off(self, self.table)
        self.foot.refresh()

    def move(self, rows: int) -> None:
        """Move the cursor of the part that has the keys."""
        if self.part != "views":
            self.body.move(rows)
            return
        self.views.move(rows)
        self._turn_to_view()
        # the rows beside it cost more than the next key may wait, and whoever holds the key down looks at none of them
        self._rest_is_over()
        self._resting = ring_once(self, REST, self.update)

    def _rest_is_over(self) -> None:
        if self._resting is not None:
            self._resting.stop()
            self._resting = None

    def on_descendant_focus(self) -> None:
        """A click into a half gives it the keys."""
        among_rows: PartName = "details" if self.detail else "refusals" if self.part == "refusals" else "rows"
        part: PartName = "views" if self.focused is self.views else among_rows
        if part != self.part and self.split:
            self.part, self.typing = part, False
            self.update()

    def on_view_list_picked(self, picked: ViewList.Picked) -> None:
        """A click on a view is as good as the keys that lead there, a second one as enter."""
        if self.part == "views":
            self.typing = False
            self.move(picked.at - self.views.at)
            if picked.opens:
                self.deck.run_command("explore.open")
