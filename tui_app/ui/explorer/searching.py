"""What a search of the estate has brought so far, as a table; plain, it knows neither AWS nor the screen."""

from __future__ import annotations

from collections.abc import Mapping

from tui_app.explorer.cells import cell
from tui_app.explorer.estate.answers import Engine, Found, Part, Searcher, check_whose, merged
from tui_app.explorer.estate.query import Query
from tui_app.explorer.estate.reports import found_by, shown_name
from tui_app.explorer.estate.search import Progress, in_order
from tui_app.text import clean
from tui_app.ui.explorer.grid import Chunk, Grid, Head, Key

HEADS = (Head("Name"), Head("Type"), Head("Account"), Head("Region"), Head("Found by"), Head("Last reported"))
_Place = tuple[str, Engine, str]


class Search:
    """One search: who was asked for what, and the answers so far. `names` is what accounts are called."""

    def __init__(self, query: Query, searchers: tuple[Searcher, ...], names: Mapping[str, str]) -> None:
        self.query, self.names = query, names
        self.searchers = {searcher.key: searcher for searcher in searchers}
        self.progress = Progress(0, len(searchers))
        self.said = ""
        self.running = True
        self.stopped = False
        """Whether a person did not wait for everybody."""
        self.found: tuple[Found, ...] = ()
        self._parts: dict[_Place, Part] = {}
        self._drawn = True

    @property
    def parts(self) -> tuple[Part, ...]:
        """The answers, role after role."""
        return in_order(self._parts.values(), tuple(self.searchers.values()))

    @property
    def further(self) -> tuple[Part, ...]:
        """The answers that have a further page."""
        return tuple(part for part in self._parts.values() if part.next is not None)

    @property
    def ended(self) -> tuple[str, ...]:
        """The roles whose session ended while they were asked."""
        return tuple(dict.fromkeys(part.searcher for part in self._parts.values() if part.cause == "expired"))

    @property
    def more(self) -> bool:
        """Whether AWS has more than it told."""
        return any(part.more for part in self._parts.values())

    def take(self, part: Part) -> None:
        """An answer, also one in the place of an earlier one.

        Raises:
            WrongIdentity: it was given to somebody else than was asked for.
        """
        check_whose(part, self.searchers[part.searcher].identity)
        self._parts[part.searcher, part.engine, part.region] = part
        self._drawn = False

    def fill(self, grid: Grid) -> bool:
        """Lay the rows out, if there are others than before; whether there were."""
        if self._drawn:
            return False
        self._drawn = True
        self.found = merged(self.parts)
        grid.replace(HEADS, [self._chunk()])
        return True

    def _chunk(self) -> Chunk:
        chunk = Chunk([], [], [], [])
        for found in self.found:
            account = self.names.get(found.account) or found.account
            shown = tuple(clean(text) for text in (shown_name(found), found.type, account, found.region, found_by(found)))
            chunk.keys.append(Key(0, "", found.arn))
            chunk.cells.append((*shown, cell(found.reported, "date")))
            chunk.values.append((*shown, found.reported))
            tags = (f"{key}={clean(value)}" for key, value in found.tags.items())
            chunk.haystacks.append("\x1f".join((*shown, found.account, clean(found.arn, 2048), *tags)).casefold())
        return chunk
