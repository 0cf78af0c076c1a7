"""Counts of every view for all live sessions in one table: a row for each role, a column for each view."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from rich.cells import cell_len

from tui_app.text import clean, plural
from tui_app.ui.commands import Situation
from tui_app.ui.draw import BLANK, line
from tui_app.ui.explorer import looking_round
from tui_app.ui.explorer.among import SPIN
from tui_app.ui.explorer.grid import Chunk, Head, Key, Plain
from tui_app.ui.explorer.grid_rows import in_two, tall_head_rows
from tui_app.ui.explorer.one_table import OneTable
from tui_app.ui.explorer.overview import summed
from tui_app.ui.explorer.places import ROLE, Visitor
from tui_app.ui.explorer.told import answered_to, clock_time_seconds, no_match_rows, said_of
from tui_app.ui.explorer.visiting import visitors_of
from tui_app.ui.theme import Part, Row

if TYPE_CHECKING:
    from tui_app.explorer.results import ViewResult
    from tui_app.explorer.view import View
    from tui_app.ui.sight import Sight

AT_ONCE = 2
"""How many roles are looked round for at the same time; each asks up to 32 calls at once. More are no quicker, and keys wait for them."""
WIDE = 110
"""From which width the foot says whose the rows are in a whole sentence."""


class Matrix(OneTable):
    """Accounts by services."""

    SIDEWAYS = 4

    def __init__(self, visitors: tuple[Visitor, ...], enter: Callable[[str], None]) -> None:
        """`enter` opens the resources of one role, by its key."""
        super().__init__(visitors, "matrix", (ROLE,))
        self._enter = enter
        self._started: set[str] = set()
        self._again = False

    def on_mount(self) -> None:
        """Look round for whoever has not been looked round for."""
        self._go_on()
        self.update()
        self.set_interval(SPIN, self._go_on)

    def _go_on(self) -> None:
        """Start the next roles; a few at a time."""
        running = sum(bool(sight and sight.running) for sight in map(self.sight, self.visitors))
        for visitor in self.visitors:
            if visitor.key not in self._started and running < AT_ONCE:
                self._started.add(visitor.key)
                looking_round.look_round(self.deck, visitor.key, again=self._again)
                sight = self.sight(visitor)
                running += bool(sight and sight.running)
                if sight is None:
                    self.update_soon()

    @property
    def working(self) -> bool:
        """Whether AWS is being asked."""
        left = any(visitor.key not in self._started for visitor in self.visitors)
        return left or any(sight.running for sight in map(self.sight, self.visitors) if sight)

    def update(self) -> None:
        """Lay the counts out again."""
        views = self._views()
        whose = replace(ROLE, owners=tuple(visitor.named for visitor in self.visitors))
        self.grid.replace((whose, *(Head(clean(view.title), right=True, told=True) for view in views)), [self._chunk(views)])
        # the heads have two lines
        columns = zip(self.grid.heads, zip(*self.grid.cells, strict=True), strict=True)
        self.grid.widths = [max(map(cell_len, (*in_two(head.title), *cells))) for head, cells in columns]
        self.show()

    def _views(self) -> tuple[View, ...]:
        """The views that any of them is looked round with, each as it is written now."""
        seen = {view.name: view for visitor in self.visitors if (sight := self.sight(visitor)) for view in sight.views}
        now = {view.name: view for view in looking_round.views_of(self.deck)}
        return tuple(now.get(name, view) for name, view in seen.items())

    def show_body(self) -> None:
        """The counts that are known."""
        if self.grid.terms and not self.grid.shown:
            self.body.show_rows(no_match_rows("role", self.grid.query, len(self.visitors), self.body.size.width))
        else:
            self.body.show_grid(self.grid, lambda: list(range(len(self.grid.heads))), self.passed, self._is_faded)

    def _is_faded(self, row: int) -> bool:
        """Whether some of its counts are of the last time."""
        sight = self.sight(self.visitors[self.grid.keys[row].owner])
        return bool(sight and sight.running and sight.before)

    def _chunk(self, views: tuple[View, ...]) -> Chunk:
        chunk = Chunk([], [], [], [])
        for number, visitor in enumerate(self.visitors):
            sight = self.sight(visitor)
            asked = sight.running if sight else visitor.key not in self._started
            nothing = "…" if asked else "—"
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

    def situation(self) -> Situation:
        """What decides which commands apply now."""
        return Situation(
            place="explorer",
            part="matrix",
            working=self.working,
            filtering=self.typing,
            filtered=bool(self.grid.query),
            sideways=self.body.hides_columns,
        )

    def deeds(self) -> Mapping[str, Callable[[], None]]:
        """What each command means here."""
        return {
            **super().deeds(),
            "explore.open": self._open,
            "explore.reload": self._reload,
            "explore.write": self._write,
        }

    def _open(self) -> None:
        cursor = self.grid.cursor
        if cursor is None:
            return
        if self.deck.store.live(cursor.id) is None:
            label = self.visitors[cursor.owner].label
            self.deck.toast(f"The session of {label} is over. Renew it in the list of roles.", wrong=True)
            return
        self._enter(cursor.id)

    def _reload(self) -> None:
        # a session's name is part of its identity, and may hold the time: then each renewal makes another one of it
        now = {visitor.key: visitor for visitor in visitors_of(self.deck.store, tuple(visitor.key for visitor in self.visitors))}
        self.visitors = tuple(now.get(visitor.key, visitor) for visitor in self.visitors)
        self._started.clear()
        self._again = True
        self._go_on()
        self.update()

    def back(self) -> None:
        """One step back: ask no more, else as everywhere."""
        stopped = [looking_round.stop_looking(self.deck, visitor.key) for visitor in self.visitors]
        left = [visitor for visitor in self.visitors if visitor.key not in self._started]
        if any(stopped) or left:
            self._started.update(visitor.key for visitor in self.visitors)
            self.update()
        else:
            super().back()

    def _write(self) -> None:
        from tui_app.ui.deeds.writing import write_sheet

        write_sheet(self.deck, [(visitor, sight) for visitor in self.visitors if (sight := self.sight(visitor))])

    def spun(self) -> None:
        """Draw again what turns with the spinner."""
        self.head.renew()

    def head_rows(self, width: int) -> list[Row]:
        """Whose counts these are, how many have answered, the heads of the columns."""
        sights = [sight for visitor in self.visitors if (sight := self.sight(visitor))]
        done, expected = sum(len(sight.results) for sight in sights), sum(sight.expected for sight in sights)
        far = f"   {self.spinner()} {done} of {expected} answered" if self.working else ""
        whose = "All live sessions" if len(self.visitors) >= len(self.deck.store.live_sessions()) else "Marked sessions"
        title = [(f"  {whose}", "bold text"), (f"   {plural(len(self.visitors), 'role')}, what each can see{far}", "muted")]
        if self.typing or self.grid.query:
            text = clean(self.field.text if self.typing else self.grid.query)
            title += [("   / ", "bold accent"), (text, "bold text"), ("▏" if self.typing else "", "bold text")]
        rows = [BLANK, line(width, title, self._seen_parts()), BLANK]
        return [*rows, *tall_head_rows(self.grid, self.body.laid, width)] if self.body.laid.columns else rows

    def _seen_parts(self) -> list[Part]:
        """Which of the views are seen, where there is no room for all."""
        if not self.body.hides_columns:
            return []
        before, seen = self.body.laid.left, len(self.body.laid.columns) - 1
        return [(f"views {before + 1} to {before + seen} of {len(self.grid.heads) - 1}  ", "faint")]

    def stamp_rows(self, width: int) -> list[Row]:
        """Who gave the counts under the cursor."""
        visitor = self.visitors[self.grid.cursor.owner] if self.grid.cursor else self.visitors[0]
        entry, sight = self.deck.store.entry(visitor.key), self.sight(visitor)
        account = entry.account if entry else visitor.account
        asked = max((result.at for result in sight.results.values()), default=0.0) if sight else 0.0
        when = f"   {clock_time_seconds(asked, self.deck.store.clock())}" if asked else ""
        whose = "Each row was answered to that role's own session   " if width >= WIDE else ""
        words = f"  {whose}⊘ denied   — not asked"
        said = f"{said_of(looking_round.tally_of(self.deck))} in all{when}  "
        return [BLANK, answered_to(visitor, account, width), line(width, [(words, "faint")], [(said, "faint")])]


def _found(sight: Sight | None, view: View) -> list[ViewResult]:
    """What is known of a view, as it is written; while it is asked again, what was seen the last time."""
    if sight is None:
        return []
    now = _of_view(sight.results, view)
    return now or (_of_view(sight.before, view) if sight.running else [])


def _of_view(results: Mapping[tuple[str, str], ViewResult], view: View) -> list[ViewResult]:
    return [result for (name, _), result in results.items() if name == view.name and result.view == view]
