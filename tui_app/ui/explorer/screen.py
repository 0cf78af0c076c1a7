"""The screen of the resources: all views on the left, the rows of one on the right; one over the other where there is no room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from textual.app import ComposeResult

from tui_app.ui.commands import Situation, first_key
from tui_app.ui.draw import BLANK
from tui_app.ui.explorer import looking_round as asking
from tui_app.ui.explorer.among import Among
from tui_app.ui.explorer.describing import FORMATS, detail_rows
from tui_app.ui.explorer.looking_round import feed
from tui_app.ui.explorer.overview import Listed, Overview, overview_rows
from tui_app.ui.explorer.places import Table, Visitor
from tui_app.ui.explorer.screen_rows import band_rows, head_rows, notes_below, stamp_below, views_stamp_below
from tui_app.ui.explorer.told import Keys, instead_rows
from tui_app.ui.explorer.widgets import ExplorerFooter, GridView, Told
from tui_app.ui.screens.main import box
from tui_app.ui.widgets.chrome import Header
from tui_app.ui.widgets.page import Page
from tui_app.ui.widgets.paper import TextField

if TYPE_CHECKING:
    from tui_app.explorer.results import ViewResult
    from tui_app.explorer.view import View

SPLIT, ROOMY, AIRY = 110, 130, 30
"""From which width both halves are shown, from which the left one gets more, and from which height rows are set apart."""
SPIN = 1 / 8
PartName = Literal["views", "rows", "details"]


class Explorer(Among):
    """What one role can see, or several side by side. `trail` holds the table shown and those it was opened from."""

    AUTO_FOCUS = ""

    def __init__(self, visitors: tuple[Visitor, ...], view: str = "") -> None:
        super().__init__(visitors)
        self.trail: list[Table] = []
        self.detail: tuple[ViewResult, int] | None = None
        self.form = 0
        self.at = 0
        self.part: PartName = "views"
        self.views_query = ""
        self.tables: dict[str, Table] = {}
        self.listed = Listed([], [], [])
        self._wanted = view
        self.views_page = Page(id="views")
        self.head = Told("table-head", lambda width: head_rows(self, width))
        self.body = GridView()
        self.notes = Told("table-notes", lambda width: notes_below(self, width))
        self.stamp = Told("table-stamp", lambda width: stamp_below(self, width))
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
        for table in [*self.tables.values(), *self.trail]:
            asking.stop_asking(table)
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
        left.styles.width = "1fr" if not self.split else 60 if self.app.size.width >= ROOMY else 44
        right.styles.border_left = ("vkey", self.deck.line_colour()) if self.split else ("none", "black")
        self.show_room(self.query_one("#explorer"), self.band, self.foot)
        self.set_focus(self.views_page if self.part == "views" else self.body)

    def update(self) -> None:
        """Draw everything again from what is known now."""
        if not self.is_mounted:
            return
        if self.trail:
            feed(self, self.trail[0])
        self._show_views()
        self._show_body()
        for part in (self.head, self.notes, self.stamp, self.views_stamp):
            part.settle()
        self.band.refresh()
        self.foot.refresh()

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
        )

    def _show_body(self) -> None:
        table, body = self.table, self.body
        if self.detail is not None:
            result, index = self.detail
            body.show_rows([BLANK, *detail_rows(result.document(index), FORMATS[self.form], body.size.width)])
        elif table is None:
            body.show_rows([])
        elif table.grid.shown:
            body.show_grid(table.grid, table.visible(), table.offset, table.is_faded)
        else:
            body.show_rows(instead_rows(table, body.size.width, self.spinner(), self.named_keys()))

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
        if self.view is not None and (not self.trail or self.trail[0].view is not self.view or self.trail[0].regions != self.regions):
            self.trail = [self.table_of(self.view)]
            self.detail = None
            self.body.to_top()
        self.update()

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
        table = self.table
        row = self.part != "views" and (self.detail is not None or (table is not None and table.grid.row >= 0))
        return Situation(
            place="explorer",
            part=self.part,
            row=row,
            more=table is not None and self.part == "rows" and bool(table.next_pages),
            denied=self.part == "rows" and not row and table is not None and any(item.cause == "denied" for _, item in table.refusals),
            ended=bool(self.ended_keys()),
            beside=len(self.visitors) > 1,
            working=self.working,
            filtered=bool(self.views_query if self.part == "views" else table and table.grid.query),
            narrow=not self.split,
        )

    @property
    def working(self) -> bool:
        """Whether AWS is being asked."""
        sights = (self.sight(visitor) for visitor in self.visitors)
        return any(sight.running for sight in sights if sight) or bool(self.table and self.table.pending)

    def ended_keys(self) -> list[str]:
        """The roles whose session is over while they are looked at."""
        now = self.deck.store.clock()
        over = [visitor.key for visitor in self.visitors if self.deck.store.live(visitor.key, now) is None]
        if not over and self.table is not None and self.table.ended:
            over = [self.table.visitors[place[0]].key for place, result in self.table.refusals if result.cause == "expired"]
        if not over:
            sights = ((visitor.key, self.sight(visitor)) for visitor in self.visitors)
            over = [key for key, sight in sights if sight and any(result.cause == "expired" for result in sight.results.values())]
        return list(dict.fromkeys(over))

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

    def on_grid_view_opened(self) -> None:
        """A double click is as good as enter."""
        self.deck.run_command("explore.open")

    def on_descendant_focus(self) -> None:
        """A click into a half gives it the keys."""
        part: PartName = "views" if self.focused is self.views_page else "details" if self.detail else "rows"
        if part != self.part and self.split:
            self.part = part
            self.update()

    def _spin(self) -> None:
        if self.working:
            self._spun += 1
            self._show_views()
            self.head.refresh()
            if self.table is not None and self.detail is None and not self.table.grid.shown:
                self._show_body()

    def _tick(self) -> None:
        for part in (self.top, self.band, self.foot):
            part.refresh()
        self.head.settle()

    def named_keys(self) -> Keys:
        """The keys that sentences name."""
        names = ("explore.renew", "explore.copy_id", "explore.more", "explore.reload", "app.filter")
        return Keys(*(first_key(name, self.deck.keys) for name in names))

    def show_details(self, result: ViewResult, index: int) -> None:
        """The description of a row, in the place of the table."""
        self.detail = (result, index)
        self.body.to_top()
        self.go_to("details")

    def here(self) -> tuple[ViewResult, int] | None:
        """The row that is looked at: that of the details, else the one under the cursor."""
        if self.part == "views" or self.table is None:
            return None
        return self.detail or self.table.under_cursor()

    def other_pane(self) -> None:
        """Between views and rows; among the details, the next form."""
        if self.detail is not None:
            self.form = (self.form + 1) % len(FORMATS)
            self.body.to_top()
            self.update()
        else:
            self.go_to("rows" if self.part == "views" else "views")

    def move(self, rows: int) -> None:
        """Move the cursor of the part that has the keys."""
        if self.part != "views":
            self.body.move(rows)
            return
        self.at = max(0, min(len(self.listed.views) - 1, self.at + rows))
        self.show_view()
        self._show_cursor()

    def page(self, direction: int) -> None:
        """Move by a screenful."""
        if self.part != "views":
            self.body.page(direction)
        else:
            self.move(direction * max(2, self.views_page.size.height - 4))

    def _show_cursor(self) -> None:
        page = self.views_page
        if not self.listed.choices:
            return
        at, top, high = self.listed.choices[self.at], page.scroll_offset.y, page.size.height
        if at < top + 2 or at >= top + high - 2:
            page.scroll_to(y=max(0, at - 3 if at < top + 2 else at - high + 3), animate=False, force=True)

    def filter(self) -> None:
        """Into the filter's field."""
        if self.part == "details":
            return
        query = self.views_query if self.part == "views" else self.table.grid.query if self.table else ""
        self.field, self.typing = TextField(query), True
        self.update()

    def back(self) -> None:
        """One step back: out of the details, else stop asking, else clear the filter, else up the trail, else to the views, else out."""
        table = self.table
        if self.detail is not None:
            self.go_to("rows")
        elif self._stop():
            self.update()
        elif self.views_query if self.part == "views" else table and table.grid.query:
            self.set_query("")
        elif self.part == "rows" and len(self.trail) > 1:
            self.trail.pop()
            self.go_to("rows")
        elif self.part == "rows":
            self.go_to("views")
        else:
            self.dismiss(None)

    def run(self, command_id: str) -> bool:
        """Do what a command of both places means here; False for one that has a deed of its own."""
        far = 10**6
        moves = {"move.up": -1, "move.down": 1, "move.first": -far, "move.last": far}
        pages = {"move.page_down": 1, "move.page_up": -1}
        if command_id in moves:
            self.move(moves[command_id])
        elif command_id in pages:
            self.page(pages[command_id])
        elif command_id == "app.filter":
            self.filter()
        elif command_id == "app.back":
            self.back()
        else:
            return False
        return True

    def _stop(self) -> bool:
        stopped = [asking.stop_looking(self.deck, visitor.key) for visitor in self.visitors]
        return any([*stopped, bool(self.table) and asking.stop_asking(self.table)]) if self.table else any(stopped)

    def regions_chosen(self) -> None:
        """Other regions: the tables are others."""
        self.tables.clear()
        self.trail = []
        self.detail = None
        self.show_view()
