"""Counts of every view for all live sessions in one table: a row for each role, a column for each view."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.app import ComposeResult

from tui_app.text import clean, plural
from tui_app.ui.commands import Situation
from tui_app.ui.draw import BLANK, line
from tui_app.ui.explorer import looking_round as asking
from tui_app.ui.explorer.among import Among
from tui_app.ui.explorer.grid import Chunk, Grid, Head, Key, Plain
from tui_app.ui.explorer.grid_rows import in_two, tall_head_rows
from tui_app.ui.explorer.overview import summed
from tui_app.ui.explorer.places import ROLE, Visitor
from tui_app.ui.explorer.told import answered_to, clock_time_seconds, said_of
from tui_app.ui.explorer.widgets import ExplorerFooter, GridView, Told
from tui_app.ui.theme import Row
from tui_app.ui.widgets.chrome import Header
from tui_app.ui.widgets.paper import TextField

if TYPE_CHECKING:
    from tui_app.explorer.results import ViewResult
    from tui_app.explorer.view import View
    from tui_app.ui.sight import Sight

AT_ONCE = 3
"""How many roles are looked round for at the same time; each asks up to 32 calls at once."""
SPIN = 1 / 8
WIDE = 110
"""From which width the foot says whose the rows are in a whole sentence."""
STEP = 4
"""How many columns a key goes sideways."""


class Matrix(Among):
    """Accounts by services."""

    AUTO_FOCUS = "#grid"

    def __init__(self, visitors: tuple[Visitor, ...], enter: Callable[[str], None]) -> None:
        """`enter` opens the resources of one role, by its key."""
        super().__init__(visitors)
        self._enter = enter
        self.grid = Grid((ROLE,))
        self.head = Told("matrix-head", self._head_rows)
        self.stamp = Told("matrix-stamp", self._stamp_rows)
        self.body = GridView(self.stamp.refresh)
        self.foot = ExplorerFooter()
        self._started: set[str] = set()
        self._offset, self._again = 0, False

    def compose(self) -> ComposeResult:
        """Header, title, table, stamp, footer."""
        self.top = Header(self.deck.store)
        yield self.top
        yield self.head
        yield self.body
        yield self.stamp
        yield self.foot

    def on_mount(self) -> None:
        """Look round for whoever has not been looked round for."""
        self._go_on()
        self.update()
        self.set_interval(SPIN, self._spin)
        self.set_interval(1, self.top.refresh)

    def on_resize(self) -> None:
        """Where there is room, and where there is none."""
        self.show_room(self.head, self.body, self.stamp, self.foot)
        self.call_after_refresh(self._show)

    def _go_on(self) -> None:
        """Start the next roles; a few at a time."""
        running = sum(bool(sight and sight.running) for sight in map(self.sight, self.visitors))
        for visitor in self.visitors:
            if visitor.key not in self._started and running < AT_ONCE:
                self._started.add(visitor.key)
                asking.look_round(self.deck, visitor.key, again=self._again)
                sight = self.sight(visitor)
                running += bool(sight and sight.running)

    @property
    def working(self) -> bool:
        """Whether AWS is being asked."""
        left = any(visitor.key not in self._started for visitor in self.visitors)
        return left or any(sight.running for sight in map(self.sight, self.visitors) if sight)

    def _now(self) -> None:
        self._soon = False
        self._go_on()
        self.update()

    def update(self) -> None:
        """Lay the counts out again."""
        views = tuple(dict.fromkeys(view for visitor in self.visitors if (sight := self.sight(visitor)) for view in sight.views))
        self.grid.replace((ROLE, *(Head(clean(view.title), right=True, told=True) for view in views)), [self._chunk(views)])
        # the heads have two lines
        columns = zip(self.grid.heads, zip(*self.grid.cells, strict=True), strict=True)
        self.grid.widths = [max(map(cell_len, (*in_two(head.title), *cells))) for head, cells in columns]
        self._show()

    def _show(self) -> None:
        self.body.show_grid(self.grid, list(range(len(self.grid.heads))), self._offset, self._is_faded)
        self.head.settle()
        self.stamp.settle()
        self.foot.refresh()

    def _is_faded(self, row: int) -> bool:
        """Whether some of its counts are of the last time."""
        sight = self.sight(self.visitors[self.grid.keys[row].owner])
        return bool(sight and sight.running and sight.before)

    def _chunk(self, views: tuple[View, ...]) -> Chunk:
        chunk = Chunk([], [], [], [])
        for number, visitor in enumerate(self.visitors):
            sight = self.sight(visitor)
            nothing = "…" if sight is None or sight.running else "—"
            cells, values = [visitor.label], list[Plain]([visitor.label])
            for view in views:
                found = _found(sight, view)
                cells.append(summed(found, nothing)[0])
                values.append(sum(result.count for result in found) if any(result.state == "ok" for result in found) else None)
            chunk.keys.append(Key(number, "", visitor.key))
            chunk.cells.append(tuple(cells))
            chunk.values.append(tuple(values))
            chunk.haystacks.append(f"{visitor.label} {visitor.account}".casefold())
        return chunk

    def set_query(self, text: str) -> None:
        """Filter the roles."""
        self.grid.set_query(text.strip())
        self._show()

    def situation(self) -> Situation:
        """What decides which commands apply now."""
        return Situation(place="explorer", part="matrix", working=self.working, filtered=bool(self.grid.query))

    def run(self, command_id: str) -> bool:
        """Do what a command means here; False for one that the whole program does."""
        deed = self._deeds().get(command_id)
        if deed is not None:
            deed()
        return deed is not None or command_id.startswith("explore.")

    def _deeds(self) -> Mapping[str, Callable[[], None]]:
        return {
            "move.up": lambda: self.body.move(-1),
            "move.down": lambda: self.body.move(1),
            "move.first": lambda: self.body.move(-len(self.visitors)),
            "move.last": lambda: self.body.move(len(self.visitors)),
            "move.page_up": lambda: self.body.page(-1),
            "move.page_down": lambda: self.body.page(1),
            "explore.open": self._open,
            "explore.sort_next": lambda: self._sort(1),
            "explore.sort_previous": lambda: self._sort(-1),
            "explore.turn": self._turn,
            "explore.right": lambda: self._sideways(1),
            "explore.left": lambda: self._sideways(-1),
            "explore.reload": self._reload,
            "explore.write": self._write,
            "app.filter": self._filter,
            "app.back": self._back,
        }

    def _open(self) -> None:
        cursor = self.grid.cursor
        if cursor is not None:
            self._enter(cursor.id)

    def _sort(self, step: int) -> None:
        self.grid.step_sort(step, range(len(self.grid.heads)))
        self._show()

    def _turn(self) -> None:
        self.grid.sort_by(self.grid.sort, down=not self.grid.down)
        self._show()

    def _sideways(self, step: int) -> None:
        laid = self.body.laid
        if (step > 0 and laid.right) or (step < 0 and laid.left):
            self._offset = max(0, laid.left + step * STEP)
            self._show()

    def _reload(self) -> None:
        self._started.clear()
        self._again = True
        self._go_on()
        self.update()

    def _filter(self) -> None:
        self.field, self.typing = TextField(self.grid.query), True
        self._show()

    def _back(self) -> None:
        stopped = [asking.stop_looking(self.deck, visitor.key) for visitor in self.visitors]
        left = [visitor for visitor in self.visitors if visitor.key not in self._started]
        if any(stopped) or left:
            self._started.update(visitor.key for visitor in self.visitors)
            self.update()
        elif self.grid.query:
            self.grid.set_query("")
            self._show()
        else:
            self.dismiss(None)

    def _write(self) -> None:
        from tui_app.ui.deeds.tables import write_sheet

        write_sheet(self.deck, [(visitor, sight) for visitor in self.visitors if (sight := self.sight(visitor))])

    def _spin(self) -> None:
        if self.working:
            self._spun += 1
            self._go_on()
            if self.deck.hands.at_rest:
                self.head.refresh()

    def _head_rows(self, width: int) -> list[Row]:
        sights = [sight for visitor in self.visitors if (sight := self.sight(visitor))]
        done, expected = sum(len(sight.results) for sight in sights), sum(sight.expected for sight in sights)
        far = f"   {self.spinner()} {done} of {expected} answered" if self.working else ""
        whose = "All live sessions" if len(self.visitors) >= len(self.deck.store.live_sessions()) else "Marked sessions"
        title = [(f"  {whose}", "bold text"), (f"   {plural(len(self.visitors), 'role')}, what each can see{far}", "muted")]
        if self.typing or self.grid.query:
            text = clean(self.field.text if self.typing else self.grid.query)
            title += [("   / ", "bold accent"), (text, "bold text"), ("▏" if self.typing else "", "bold text")]
        rows = [BLANK, line(width, title), BLANK]
        return [*rows, *tall_head_rows(self.grid, self.body.laid, width)] if self.body.laid.columns else rows

    def _stamp_rows(self, width: int) -> list[Row]:
        visitor = self.visitors[self.grid.cursor.owner] if self.grid.cursor else self.visitors[0]
        entry, sight = self.deck.store.entry(visitor.key), self.sight(visitor)
        account = entry.account if entry else visitor.account
        asked = max((result.at for result in sight.results.values()), default=0.0) if sight else 0.0
        when = f"   {clock_time_seconds(asked, self.deck.store.clock())}" if asked else ""
        whose = "Each row was answered to that role's own session   " if width >= WIDE else ""
        words = f"  {whose}⊘ denied   — not asked"
        said = f"{said_of(asking.tally_of(self.deck))} in all{when}  "
        return [BLANK, answered_to(visitor, account, width), line(width, [(words, "faint")], [(said, "faint")])]


def _found(sight: Sight | None, view: View) -> list[ViewResult]:
    """What is known of a view; while it is asked again, what was seen the last time."""
    if sight is None:
        return []
    now = [result for (name, _), result in sight.results.items() if name == view.name]
    return now or ([result for (name, _), result in sight.before.items() if name == view.name] if sight.running else [])
