"""Who looks, and what each was shown of one view: a table that takes nothing which was answered to anybody else."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal

from tui_app.aws.partitions import within
from tui_app.errors import WrongIdentity
from tui_app.explorer.labels import Named
from tui_app.text import clean
from tui_app.ui.explorer.filtering import SEPARATOR
from tui_app.ui.explorer.grid import AT_ONCE, Chunk, Grid, Head
from tui_app.ui.explorer.laying import DIFFERENCE_AT, Differences, Laying, Place, Shown
from tui_app.ui.explorer.letting_go import let_go
from tui_app.values import frozen

if TYPE_CHECKING:
    from tui_app.explorer.results import ViewResult
    from tui_app.explorer.view import View
    from tui_app.ui.explorer.writing import Writing

ROLE, DIFFERENCE, REGION = Head("Role"), Head("Difference"), Head("Region")


@frozen
class Visitor:
    """A role that looks: its key, how people call it, and the stamp of its session: account id and ARN."""

    key: str
    label: str
    account: str
    arn: str
    named: Named = Named("", "")

    def is_whom(self, result: ViewResult) -> bool:
        """Whether the result was answered to this very identity."""
        return (result.identity.account, result.identity.arn) == (self.account, self.arn)


@frozen
class Opened:
    """The row that a sub-view was opened at: the result it is a row of, its index there, and its name."""

    of: ViewResult
    index: int
    name: str


class Table:
    """One view as some identities were shown it. `before` is what was seen last, until there are newer answers."""

    def __init__(self, view: View, visitors: tuple[Visitor, ...], regions: tuple[str, ...], opened: Opened | None = None) -> None:
        self.view = view
        self.visitors = visitors
        self.regions = regions
        self.opened = opened
        self.results: dict[Place, ViewResult] = {}
        self.before: dict[Place, ViewResult] = {}
        self.pending: set[Place] = set()
        self.expected = False
        """Whether a first sight that is under way will answer it."""
        self.jobs: list[Any] = []
        self.progress = ""
        self.writing: Writing | None = None
        """The file that is being written of it."""
        self.waits: Literal["", "table", "page"] = ""
        """What could not be asked for, because the session had ended."""
        self.waiting: set[int] = set()
        """Whose session that was."""
        self.last_asked: Literal["table", "page", "pages"] = "table"
        """What a renewed session is to go on with."""
        self.hidden: set[str] = set()
        self.tags: tuple[str, ...] = ()
        self.offset = 0
        self.differences = False
        self.grid = Grid(self.heads())
        self.unfinished: Iterator[None] | None = None
        self.worked_off = False
        self.spared = 0
        self._rebuilds, self._again = False, False
        self._laying = self._new_laying()

    @property
    def beside(self) -> bool:
        """Whether several roles are in it."""
        return len(self.visitors) > 1

    def regions_of(self, number: int) -> tuple[str, ...]:
        """The regions in which a role is asked: none where it cannot be."""
        if not self.beside:
            return self.regions
        return tuple(region for region in self.regions if within(region, self.visitors[number].arn)) or self.regions

    def heads(self) -> tuple[Head, ...]:
        """Name, whose and where if that is a question, the other columns, chosen tags."""
        first, *others = (Head(column.title, column.right) for column in self.view.columns)
        whose = replace(ROLE, owners=tuple(visitor.named for visitor in self.visitors))
        added = ([whose, DIFFERENCE] if self.beside else []) + ([REGION] if self._shows_region() else [])
        titles = {first.title, *(head.title for head in (*added, *others))}
        tags = (Head(f"{clean(tag)} (tag)" if tag in titles else clean(tag)) for tag in self.tags)
        return (first, *added, *others, *tags)

    def _shows_region(self) -> bool:
        several = self.view.scope != "global" and self.opened is None and len(self.regions) > 1
        return several and REGION.title not in self.view.heads

    def take(self, number: int, result: ViewResult) -> None:
        """A result, also one in the place of an earlier one.

        Raises:
            WrongIdentity: it was answered to somebody else than this table is of, or by another view.
        """
        visitor = self.visitors[number]
        if not visitor.is_whom(result) or result.view.name != self.view.name:
            raise WrongIdentity(
                f"{clean(self.view.title)} is of {clean(visitor.arn)}, and the answer was given to {clean(result.identity.arn)}.",
                "Nothing of it is shown.",
            )
        place = (number, result.region)
        self.results[place] = result
        self.before.pop(place, None)
        self.pending.discard(place)
        if not self._goes_on(place, result):
            self._lay_out_again()

    def remember(self, number: int, result: ViewResult) -> None:
        """What was seen last, until it is answered anew; nothing of another identity."""
        if self.visitors[number].is_whom(result) and (number, result.region) not in self.results and result.rows:
            self.before[number, result.region] = result
            self._lay_out_again()

    def rebuild(self) -> None:
        """Lay out all rows again, with other columns or only with differences; many rows in steps, see `go_on`."""
        self._again = True
        self._lay_out_again()

    def sort_by(self, column: int, *, down: bool = False) -> None:
        """Sort; many rows in steps, see `go_on`."""
        self.grid.wanted = (column, down)
        if self._rebuilds:
            return
        self.unfinished = self.grid.sorting(column, down)
        if len(self.grid.cells) <= AT_ONCE:
            self.go_on()

    def filter_by(self, query: str) -> None:
        """Filter; of many rows only the first are found at once, see `go_on`."""
        self.grid.look_for(query)
        if len(self.grid.cells) <= AT_ONCE:
            self.grid.find_all()

    @property
    def settled(self) -> bool:
        """Whether everything is in its place, and all that the filter lets through is found."""
        return self.unfinished is None and self.grid.finding is None

    def go_on(self, seconds: float = math.inf) -> bool:
        """Work for about so long on what is unfinished; whether nothing is any more. The table can be used at any moment."""
        end = time.perf_counter() + seconds
        while not self.settled:
            # somebody is looking at what a filter finds
            if not self.grid.find_more():
                self._next_step()
            if time.perf_counter() > end:
                break
        return self.settled

    def _next_step(self) -> None:
        if self.unfinished is not None and next(self.unfinished, self) is self:
            self.unfinished, self._rebuilds = None, False

    def _lay_out_again(self) -> None:
        count = sum(len(result.rows) for _, result in self._known())
        if not self._rebuilds or count <= AT_ONCE:
            self.unfinished, self._rebuilds = self._rebuilding(), True
        if count <= AT_ONCE:
            self.go_on()

    def _rebuilding(self) -> Iterator[None]:
        """Lay out all rows again in steps, and what came meanwhile; the rows there are stay until then, where there are any."""
        while True:
            self._again = False
            shown, laying = self._known(), self._new_laying()
            if self.beside:
                laying.differences = Differences(self._readable(shown))
                yield from self.grid.replacing(self.heads(), laying.compared(shown, only=self.differences))
            elif self.grid.cells:
                yield from self.grid.replacing(self.heads(), laying.chunks(shown))
            else:
                yield from self._filling(laying, shown)
            held, self._laying = self._laying.held_besides(laying), laying
            if (self.grid.sort, self.grid.down) != self.grid.wanted:
                yield from self.grid.sorting(*self.grid.wanted)
            yield from let_go(held)
            if self._is_up_to_date():
                break

    def _filling(self, laying: Laying, shown: Shown) -> Iterator[None]:
        """Rows into an empty table: they are seen as they come."""
        self._laying = laying
        self.grid.replace(self.heads(), ())
        for chunk in laying.chunks(shown):
            self.grid.add(chunk)
            yield

    def _is_up_to_date(self) -> bool:
        """Whether all that is known is in the table; pages that came while it was laid out are added."""
        known, laid = dict(self._known()), self._laying.results
        if self._again or known.keys() != laid.keys():
            return False
        return all(laid[place] is result or self._goes_on(place, result) for place, result in known.items())

    def _known(self) -> list[tuple[Place, ViewResult]]:
        """All results, those of each role together."""
        return sorted({**self.before, **self.results}.items(), key=lambda item: item[0][0])

    def _new_laying(self) -> Laying:
        labels = [visitor.label for visitor in self.visitors] if self.beside else ()
        return Laying(labels, self.tags, with_region=self._shows_region())

    def _goes_on(self, place: Place, result: ViewResult) -> bool:
        """Add only the rows that are not in the table; False where those before them are not the same."""
        laying, known = self._laying, self._laying.results.get(place)
        had = laying.laid.get(place, 0)
        if known is None:
            # the first answer of a place is the last of the table, where nothing that was seen before stands behind it
            same = not self.beside and not self._rebuilds and place == next(reversed(self.results))
        else:
            same = 0 < had == len(known.raw) <= len(result.raw) and result.raw[had - 1] is known.raw[-1]
        if not same or len(result.rows) - had > AT_ONCE or (self.before and known is None):
            return False
        if self.beside:
            return self._compares_on(place, result)
        for chunk in laying.further(place, result):
            self.grid.add(chunk)
        laying.results[place] = result
        return True

    def _compares_on(self, place: Place, result: ViewResult) -> bool:
        """The same with several roles: further rows also change what is said of those of the others."""
        laying, grid = self._laying, self.grid
        readable = self._readable(self._known())
        if self.differences or laying.differences.readable != readable or grid.wanted[0] == DIFFERENCE_AT:
            return len(result.rows) == laying.laid[place] and laying.differences.readable == readable
        for chunk in laying.further(place, result):
            entered = laying.differences.enter(chunk.keys)
            grid.add(Chunk(chunk.keys, chunk.cells, chunk.values, [f"{text}{SEPARATOR}" for text in chunk.haystacks]))
            rows = [row for same in entered for row in laying.differences.rows(same)]
            words = {row: laying.differences.word(grid.keys[row], grid.cells) for row in rows}
            grid.change({row: word for row, word in words.items() if word != grid.cells[row][DIFFERENCE_AT]}, DIFFERENCE_AT)
        laying.results[place] = result
        return True

    @staticmethod
    def _readable(shown: Shown) -> int:
        """How many roles were shown it at all; against one that was not, nothing is a difference."""
        return len({place[0] for place, result in shown if result.state == "ok" or result.rows})

    def under_cursor(self) -> tuple[ViewResult, int] | None:
        """The result that the row under the cursor is of, and its index there."""
        row = self.grid.row
        return self.of_row(row) if row >= 0 else None

    def shown_rows(self) -> Iterator[tuple[ViewResult, int]]:
        """All rows that the filter lets through now, in the order shown: the results that they are of, and their indexes there."""
        self.grid.find_all()
        return map(partial(_of_row, self._laying), self.grid.shown)

    def of_row(self, row: int) -> tuple[ViewResult, int]:
        """The result that a row is of, and its index there."""
        return _of_row(self._laying, row)

    def is_faded(self, row: int) -> bool:
        """Whether the row was seen before, and is not answered anew yet."""
        return bool(self.before) and self._laying.where(row)[0] in self.before

    def visible(self) -> list[int]:
        """The columns that are not hidden, by number; the first is never."""
        return [number for number, head in enumerate(self.grid.heads) if number == 0 or head.title not in self.hidden]

    def known_tags(self) -> tuple[str, ...]:
        """The tags that any row has, most used first."""
        counted = Counter(tag for result in self.results.values() for tag in chain.from_iterable(result.tags))
        return tuple(sorted(counted, key=lambda tag: (-counted[tag], tag)))

    @property
    def next_pages(self) -> Mapping[Place, ViewResult]:
        """The results that have a further page which can be asked for."""
        return {place: result for place, result in self.results.items() if result.next is not None}

    @property
    def refusals(self) -> list[tuple[Place, ViewResult]]:
        """The results that are none, or that broke off."""
        return [(place, result) for place, result in self.results.items() if result.state != "ok"]

    @property
    def asked(self) -> bool:
        """Whether an answer is on its way."""
        return bool(self.pending) or self.expected

    @property
    def unasked(self) -> bool:
        """Whether nobody has asked for it yet."""
        return not self.results and not self.asked

    @property
    def over(self) -> list[str]:
        """Whose session ended while it was asked, or before."""
        expired = {place[0] for place, result in self.results.items() if result.cause == "expired"}
        return [self.visitors[number].label for number in sorted(expired | (self.waiting if self.waits else set()))]

    @property
    def ended(self) -> bool:
        """Whether a session ended while it was asked, or before."""
        return bool(self.waits) or any(result.cause == "expired" for result in self.results.values())


def _of_row(laying: Laying, row: int) -> tuple[ViewResult, int]:
    place, index = laying.where(row)
    return laying.results[place], index
