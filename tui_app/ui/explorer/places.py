"""Who looks, and what each was shown of one view: a table that takes nothing which was answered to anybody else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tui_app.errors import WrongIdentity
from tui_app.text import clean
from tui_app.ui.explorer.grid import Chunk, Grid, Head, Key, Plain
from tui_app.values import frozen

if TYPE_CHECKING:
    from tui_app.explorer.results import ViewResult
    from tui_app.explorer.view import View

Place = tuple[int, str]
"""Who was asked, by number, and the region."""
ROLE, DIFFERENCE, REGION = Head("Role"), Head("Difference"), Head("Region")
ONLY, DIFFERS = "only here", "differs"


@frozen
class Visitor:
    """A role that looks: its key, how people call it, and the stamp of its session: account id and ARN."""

    key: str
    label: str
    account: str
    arn: str

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
        self.jobs: list[Any] = []
        self.progress = ""
        self.hidden: set[str] = set()
        self.tags: tuple[str, ...] = ()
        self.offset = 0
        self.differences = False
        self.grid = Grid(self.heads())
        self._taken: dict[Place, int] = {}
        self._where: list[tuple[Place, int]] = []

    @property
    def beside(self) -> bool:
        """Whether several roles are in it."""
        return len(self.visitors) > 1

    def heads(self) -> tuple[Head, ...]:
        """Name, whose and where if that is a question, the other columns, chosen tags."""
        first, *others = (Head(column.title, column.right) for column in self.view.columns)
        added = ([ROLE, DIFFERENCE] if self.beside else []) + ([REGION] if self._shows_region() else [])
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
        known = self.results.get(place)
        self.results[place] = result
        self.before.pop(place, None)
        self.pending.discard(place)
        if self.beside or not self._goes_on(place, known, result):
            self.rebuild()

    def remember(self, number: int, result: ViewResult) -> None:
        """What was seen last, until it is answered anew; nothing of another identity."""
        if self.visitors[number].is_whom(result) and (number, result.region) not in self.results and result.rows:
            self.before[number, result.region] = result
            self.rebuild()

    def _goes_on(self, place: Place, known: ViewResult | None, result: ViewResult) -> bool:
        """Add only the rows that a further page brought; False where the rows before them are not the same."""
        had = self._taken.get(place, 0)
        same = known is not None and 0 < had == len(known.raw) <= len(result.raw) and result.raw[had - 1] is known.raw[-1]
        if not same or len(result.columns) != len(self.view.columns):
            return False
        self._add(place, result, had)
        return True

    def rebuild(self) -> None:
        """Lay out all rows again."""
        self._taken.clear()
        self._where = []
        shown = sorted({**self.before, **self.results}.items(), key=lambda item: item[0][0])
        chunks = [self._chunk(place, result, 0) for place, result in shown]
        if self.beside:
            _say_differences(chunks, self._readable(shown), only=self.differences, where=self._where)
        self.grid.replace(self.heads(), chunks)

    @staticmethod
    def _readable(shown: list[tuple[Place, ViewResult]]) -> int:
        """How many roles were shown it at all; against one that was not, nothing is a difference."""
        return len({place[0] for place, result in shown if result.state == "ok" or result.rows})

    def _add(self, place: Place, result: ViewResult, start: int) -> None:
        self.grid.add(self._chunk(place, result, start))

    def _chunk(self, place: Place, result: ViewResult, start: int) -> Chunk:
        number, region = place
        end = len(result.rows)
        extra: tuple[str, ...] = ((self.visitors[number].label, "") if self.beside else ()) + ((region,) if self._shows_region() else ())
        chunk, counted = Chunk([], [], [], []), dict[str, int]()
        for index in range(start, end):
            tags = result.tags[index] if result.tags else {}
            tagged = tuple(clean(tags.get(tag, "")) for tag in self.tags)
            cells, values = result.rows[index], result.values[index]
            shown = (*cells[:1], *extra, *cells[1:], *tagged)
            name = result.ids[index] or str(index)
            seen = counted[name] = counted.get(name, -1) + 1
            chunk.keys.append(Key(number, region, name, seen))
            chunk.cells.append(shown)
            chunk.values.append((*values[:1], *extra, *values[1:], *tagged))
            others = [f"{key}={clean(value)}" for key, value in tags.items()] if tags else []
            chunk.haystacks.append("\x1f".join((*shown, *others)).casefold())
        self._where += [(place, index) for index in range(start, end)]
        self._taken[place] = end
        return chunk

    def under_cursor(self) -> tuple[ViewResult, int] | None:
        """The result that the row under the cursor is of, and its index there."""
        row = self.grid.row
        if row < 0:
            return None
        place, index = self._where[row]
        return (self.results.get(place) or self.before[place]), index

    def shown_rows(self) -> list[tuple[ViewResult, int]]:
        """All rows that the filter lets through, in the order shown."""
        found = ((self._where[row][0], self._where[row][1]) for row in self.grid.shown)
        return [((self.results.get(place) or self.before[place]), index) for place, index in found]

    def is_faded(self, row: int) -> bool:
        """Whether the row was seen before, and is not answered anew yet."""
        return bool(self.before) and self._where[row][0] in self.before

    def visible(self) -> list[int]:
        """The columns that are not hidden, by number; the first is never."""
        return [number for number, head in enumerate(self.grid.heads) if number == 0 or head.title not in self.hidden]

    def known_tags(self) -> tuple[str, ...]:
        """The tags that any row has, most used first."""
        counted: dict[str, int] = {}
        for result in self.results.values():
            for tags in result.tags:
                for tag in tags:
                    counted[tag] = counted.get(tag, 0) + 1
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
    def ended(self) -> bool:
        """Whether a session ended while it was asked."""
        return any(result.cause == "expired" for result in self.results.values())


def _say_differences(chunks: list[Chunk], readable: int, *, only: bool, where: list[tuple[Place, int]]) -> None:
    """Put into each row's column whether other roles were shown the same; `only`: leave out what all were shown alike."""
    seen: dict[tuple[str, str, int], dict[int, tuple[str, ...]]] = {}
    for chunk in chunks:
        for key, cells in zip(chunk.keys, chunk.cells, strict=True):
            seen.setdefault((key.region, key.id, key.number), {})[key.owner] = (*cells[:1], *cells[3:])
    at, kept = 0, list[tuple[Place, int]]()
    for number, chunk in enumerate(chunks):
        made = Chunk([], [], [], [])
        for key, cells, values, haystack in zip(*chunk, strict=True):
            owners = seen[key.region, key.id, key.number]
            word = "" if readable < 2 else ONLY if len(owners) == 1 else _differing(owners, readable)  # noqa: PLR2004 - two to compare
            if word or not only:
                made.keys.append(key)
                made.cells.append((*cells[:2], word, *cells[3:]))
                made.values.append(_with(values, word))
                made.haystacks.append(f"{haystack}\x1f{word}")
                kept.append(where[at])
            at += 1
        chunks[number] = made
    where[:] = kept


def _differing(owners: Mapping[int, tuple[str, ...]], readable: int) -> str:
    if len(set(owners.values())) > 1:
        return DIFFERS
    return f"{len(owners)} of {readable}" if len(owners) < readable else ""


def _with(values: tuple[Plain, ...], word: str) -> tuple[Plain, ...]:
    return (*values[:2], word, *values[3:])
