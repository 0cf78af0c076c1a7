"""The screen of the resources: all views on the left, the rows of one on the right; one over the other where there is no room."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal

from textual import events
from textual.app import ComposeResult

from tui_app.ui.commands import Situation, first_key
from tui_app.ui.draw import BLANK
from tui_app.ui.explorer import looking_round as asking
from tui_app.ui.explorer import reloading, standing, steps
from tui_app.ui.explorer.among import Among
from tui_app.ui.explorer.described import Described
from tui_app.ui.explorer.describing import FORMATS
from tui_app.ui.explorer.looking_round import feed
from tui_app.ui.explorer.overview import Listed, Overview, overview_rows, with_cursor
from tui_app.ui.explorer.places import Table, Visitor
from tui_app.ui.explorer.screen_rows import band_rows, head_rows, notes_below, stamp_below, views_stamp_below
from tui_app.ui.explorer.slices import let_go, work_off
from tui_app.ui.explorer.told import Keys, instead_rows, refused_rows
from tui_app.ui.explorer.widgets import ExplorerFooter, GridView, Told
from tui_app.ui.screens.main import box
from tui_app.ui.widgets.chrome import Header
from tui_app.ui.widgets.page import Page
from tui_app.ui.widgets.paper import TextField

if TYPE_CHECKING:
    from textual.timer import Timer

    from tui_app.explorer.results import ViewResult
    from tui_app.explorer.view import View
    from tui_app.ui.theme import Row

SPLIT, AIRY, TABLE = 110, 30, 68
"""From which width both halves are shown, from which height rows are set apart, and what the table keeps before the views get more."""
SPIN = 1 / 8
REST = 0.08
"""Seconds that the cursor rests on a view before its rows are drawn beside it."""
PartName = Literal["views", "rows", "details", "refusals"]


class Explorer(Among):
    """What one role can see, or several side by side. `trail` holds the table shown and those it was opened from."""

    AUTO_FOCUS = ""

    def __init__(self, visitors: tuple[Visitor, ...], view: str = "") -> None:
        super().__init__(visitors)
        self.trail: list[Table] = []
        self.detail: tuple[ViewResult, int] | None = None
        self.form = 0
        self.described = Described()
        self.at = 0
        self._from_top = False
        self._resting: Timer | None = None
        self.part: PartName = "views"
        self.views_query = ""
        self.tables: dict[str, Table] = {}
        self.reloads: dict[Table, reloading.Reloading] = {}
        """The tables that reload themselves."""
        self.listed = Listed([], [], [])
        self._wanted = view
        self.views_page = Page(id="views")
        self.head = Told("table-head", lambda width: head_rows(self, width))
        self.notes = Told("table-notes", lambda width: notes_below(self, width))
        self.stamp = Told("table-stamp", lambda width: stamp_below(self, width))
        self.body = GridView(self.stamp.refresh)
        self.views_stamp = Told("views-stamp", lambda width: views_stamp_below(self, width))
        self.foot = ExplorerFooter()

    @property
    def table(self) -> Table | None:
        """The table shown."""
        return self.trail[-1] if self.trail else None

    @property
    def split(self) -> bool:
        """Whether there is room for both halves."""
        return self.app.size.width >= SPLIT

    @property
    def body_is_seen(self) -> bool:
        """Whether the table has a place on the screen."""
        return self.query_one("#explorer").display and (self.split or self.part != "views")

    @property
    def airy(self) -> bool:
        """Whether there is room for empty rows."""
        return self.app.size.height >= AIRY

    def compose(self) -> ComposeResult:
        """The parts, top to bottom."""
        self.top = Header(self.deck.store)
        self.band = Told("explorer-band", lambda width: band_rows(self, width), "raised")
        yield self.top
        yield self.band
        with box("horizontal", id="explorer"):
            with box("vertical", id="explorer-views"):
                yield self.views_page
                yield self.views_stamp
            with box("vertical", id="explorer-rows"):
                yield self.head
                yield self.body
                yield self.notes
                yield self.stamp
        yield self.foot

    def on_mount(self) -> None:
        """Look round for everybody who has not been looked round for."""
        self.deck.explorer = self
        self.all_views = asking.views_of(self.deck)
        for visitor in self.visitors:
            asking.look_round(self.deck, visitor.key)
        self.share_out()
        self.update()
        self._choose(self._wanted)
        self.set_interval(SPIN, self._spin)
        self.set_interval(1, self._tick)

    def on_unmount(self) -> None:
        """Nothing is asked for a screen that is gone; the first sights go on, as the pane shows them too."""
        reloading.stop_all(self)
        for table in [*self.tables.values(), *self.trail]:
            asking.stop_asking(table)
        let_go(self)
        if self.deck.explorer is self:
            self.deck.explorer = None

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
        self.set_focus(self.views_page if self.part == "views" else self.body)

    def update(self) -> None:
        """Draw everything again from what is known now."""
        if not self.is_mounted:
            return
        if self.trail:
            feed(self, self.trail[0])
            work_off(self, self.table)
        if self.part == "refusals" and not (self.table and self.table.refusals):
            self.part = "rows"
        self._show_views()
        if self._from_top:
            self._from_top = False
            self.body.to_top()
        self._show_body()
        for part in (self.head, self.notes, self.stamp, self.views_stamp):
            part.settle()
        self.refresh_round()

    def _show_views(self) -> None:
        width = self.views_page.size.width
        if not width:
            return
        self.listed = overview_rows(self._overview(), width)
        self.at = max(0, min(self.at, len(self.listed.views) - 1))
        self.views_page.show(self.listed.rows, self.listed.choices)

    def _overview(self) -> Overview:
        sights = tuple(self.sight(visitor) for visitor in self.visitors)
        return Overview(
            self.visitors,
            sights,
            self.all_views,
            self.at,
            self.part == "views",
            self.views_query,
            self.typing and self.part == "views",
            self.spinner(),
            self.airy,
            first_key("explore.renew", self.deck.keys),
        )

    def _show_body(self) -> None:
        table, body = self.table, self.body
        if self.detail is not None:
            self.described.show(self, *self.detail)
        elif table is None:
            body.show_rows([])
        elif self.part == "refusals":
            self._show_instead(refused_rows(table, body.size.width, self.named_keys()))
        elif table.grid.shown:
            mark_of = partial(self.reloads[table].mark_of, table) if table in self.reloads else None
            body.show_grid(table.grid, table.visible(), table.offset, table.is_faded, mark_of)
        else:
            self._show_instead(instead_rows(table, body.size.width, self.spinner(), self.named_keys()))

    def _show_instead(self, rows: list[Row]) -> None:
        """Show what stands in the table's place; where there is room, an empty row stands above it already."""
        self.body.show_rows(rows[1:] if self.airy and rows[:1] == [BLANK] else rows)

    def table_of(self, view: View) -> Table:
        """The table of a view, made when it is first looked at."""
        table = self.tables.get(view.name)
        if table is None or table.regions != self.regions:
            table = self.tables[view.name] = Table(view, self.visitors, self.regions)
            feed(self, table)
            if not table.results:
                asking.remembered(self.deck, table)
        return table

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions that are looked in."""
        return next((sight.regions for visitor in self.visitors if (sight := self.sight(visitor))), ())

    @property
    def view(self) -> View | None:
        """The view under the cursor of the list."""
        return self.listed.views[self.at] if self.at < len(self.listed.views) else None

    def _choose(self, name: str) -> None:
        """Begin at a view, with its rows."""
        names = [view.name for view in self.listed.views] or [view.name for view in self._first_listing()]
        if name in names:
            self.at = names.index(name)
            self.show_view()
            self.go_to("rows")
        else:
            self.show_view()

    def _first_listing(self) -> list[View]:
        self.listed = overview_rows(self._overview(), 60)
        return self.listed.views

    def show_view(self) -> None:
        """Show the rows of the view under the cursor, as far as they are known."""
        self._turn_to_view()
        self.update()

    def _turn_to_view(self) -> None:
        if self.view is not None and (not self.trail or self.trail[0].view is not self.view or self.trail[0].regions != self.regions):
            self.trail = [self.table_of(self.view)]
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

    def situation(self) -> Situation:
        """What decides which commands apply now."""
        return standing.situation(self)

    @property
    def working(self) -> bool:
        """Whether AWS is being asked."""
        return standing.working(self)

    def ended_keys(self) -> list[str]:
        """The roles whose session is over while they are looked at."""
        return standing.ended_keys(self)

    def set_query(self, text: str) -> None:
        """Filter the part that has the keys."""
        if not text:
            self.field = TextField()
        if self.part == "views":
            self.views_query, self.at = text.strip(), 0
            self._show_views()
            self.show_view()
        elif self.table is not None:
            self.table.grid.set_query(text.strip())
            self._show_body()
            self.head.settle()
            self.notes.settle()
        self.foot.refresh()

    def take_key(self, event: events.Key) -> bool:
        """A key brings a person who has scrolled away back to the cursor."""
        self.body.cursor_is_seen = True
        return super().take_key(event)

    def on_grid_view_opened(self) -> None:
        """A double click is as good as enter."""
        self.deck.run_command("explore.open")

    def on_descendant_focus(self) -> None:
        """A click into a half gives it the keys."""
        among_rows: PartName = "details" if self.detail else "refusals" if self.part == "refusals" else "rows"
        part: PartName = "views" if self.focused is self.views_page else among_rows
        if part != self.part and self.split:
            self.part = part
            self.update()

    def _spin(self) -> None:
        if self.working:
            self._spun += 1
            if not self.deck.hands.at_rest:
                return
            self._show_views()
            self.head.renew()
            if self.table is not None and self.detail is None and not self.table.grid.shown:
                self._show_body()

    def refresh_round(self) -> None:
        """Draw again what stands round the halves; all of it, so that no two times differ."""
        for part in (self.top, self.band, self.foot):
            part.renew()

    def _tick(self) -> None:
        self.refresh_round()
        self.head.settle()
        reloading.look(self)

    def named_keys(self) -> Keys:
        """The keys that sentences name."""
        names = ("explore.renew", "explore.copy_id", "explore.more", "explore.reload", "app.filter", "explore.refusals")
        return Keys(*(first_key(name, self.deck.keys) for name in names))

    def show_details(self, result: ViewResult, index: int) -> None:
        """The description of a row, in the place of the table."""
        self.detail = (result, index)
        self.body.to_top()
        self.go_to("details")

    def here(self) -> tuple[ViewResult, int] | None:
        """The row that is looked at: that of the details, else the one under the cursor."""
        if self.part in ("views", "refusals") or self.table is None:
            return None
        return self.detail or self.table.under_cursor()

    @property
    def looked_at(self) -> Visitor:
        """Whose row is looked at; the first, where there is none."""
        here, table = self.here() or (self.table.under_cursor() if self.table else None), self.table
        among = table.visitors if table else self.visitors
        return next((one for one in among if here is not None and one.is_whom(here[0])), among[0])

    def other_pane(self) -> None:
        """Between views and rows; among the details, the next form."""
        if self.detail is not None:
            self.form = (self.form + 1) % len(FORMATS)
            self.body.to_top()
            self.update()
        else:
            self.go_to("views" if self.part == "rows" else "rows")

    def move(self, rows: int) -> None:
        """Move the cursor of the part that has the keys."""
        if self.part != "views":
            self.body.move(rows)
            return
        self.at = max(0, min(len(self.listed.views) - 1, self.at + rows))
        self._turn_to_view()
        # the rows beside it cost more than the next key may wait, and whoever holds the key down looks at none of them
        self.listed = with_cursor(self.listed, self.at, self.views_page.size.width)
        self.views_page.show(self.listed.rows, self.listed.choices)
        steps.show_cursor(self)
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(REST, self.update)

    def run(self, command_id: str) -> bool:
        """Do what a command of both places means here; False for one that has a deed of its own."""
        return steps.run(self, command_id)

    def regions_chosen(self) -> None:
        """Other regions: the tables are others."""
        reloading.stop_all(self)
        self.tables.clear()
        self.trail = []
        self.detail = None
        self.show_view()
