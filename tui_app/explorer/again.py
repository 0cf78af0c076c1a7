"""Asking again for what is known: the same pages of the same place, and how often that is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tui_app.aws.partitions import partition_of
from tui_app.catalog.limits import LONGEST_RELOAD, SHORTEST_RELOAD
from tui_app.clock import parse_duration, typed_duration
from tui_app.explorer.asking import Asker, ask
from tui_app.explorer.changes import paired
from tui_app.explorer.fetch import MOST_ROWS, fetch_more
from tui_app.explorer.onward import Onward
from tui_app.explorer.results import ViewResult, check_same, renewed
from tui_app.explorer.view import GLOBAL
from tui_app.values import frozen

CHOICES = (2, 5, 10, 30, 60, 300)
"""Seconds between two reloads that a person is offered."""
USUAL = 10
MOST_PAGES = 10
"""How many pages of a place one reload asks for at most: each is a call."""
LONGEST_PAUSE = 600
"""Seconds that the pause may grow to after reloads that failed."""


@frozen
class Pace:
    """How often: every so many seconds, and how many reloads in a row AWS slowed down or did not answer."""

    every: int
    failures: int = 0

    @property
    def pause(self) -> int:
        """Seconds until the next reload: twice as many after each failure."""
        return min(self.every << min(self.failures, 20), max(self.every, LONGEST_PAUSE))

    def after(self, *, well: bool) -> Pace:
        """The pace after a reload."""
        return Pace(self.every, 0 if well else self.failures + 1)


@frozen
class Again:
    """A place asked again. `asked_rows` is how many of its rows are of now; the others lie beyond `MOST_PAGES` and are as they were."""

    result: ViewResult
    asked_rows: int


def interval(text: str) -> int:
    """Seconds between two reloads, from what a person typed.

    Raises:
        ValueError: no duration, or one that is too short or too long; the message is a sentence.
    """
    should_be = f"{typed_duration(SHORTEST_RELOAD)} to {typed_duration(LONGEST_RELOAD)}, written 10s, 5m or 30"
    try:
        found = parse_duration(text)
    except ValueError:
        found = 0
    if not SHORTEST_RELOAD <= found <= LONGEST_RELOAD:
        message = f"The time between two reloads is {should_be}."
        raise ValueError(message)
    return found


def said(seconds: int) -> str:
    """A time between reloads in a sentence: `10 s`, `5 min`, `90 s`, `1 h`."""
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds and seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def may_be_asked(result: ViewResult) -> bool:
    """Whether asking again makes sense: not where it was denied, the region is off, or there is none."""
    return result.state not in ("denied", "off") and result.cause != "no_region"


def fetch_again(asker: Asker, known: ViewResult) -> Again:
    """As many pages as are known, at most `MOST_PAGES`; where all rows were known, to the end. The rows stay where a page fails.

    Raises:
        WrongIdentity: the session is not the one that the known rows were answered to.
    """
    check_same(known, replace(known, identity=asker.identity))
    place = "" if known.region == GLOBAL else known.region
    region = str(known.asked.get("region") or place or partition_of(asker.identity.arn).region)
    now = replace(ask(asker, known.view, region, known.asked), asked=known.asked)
    pages = 1
    while now.next is not None and now.state == "ok" and not asker.how.cancelled() and (now.count < known.count or not known.more):
        if pages == MOST_PAGES:
            break
        now = fetch_more(asker, now)
        pages += 1
    if now.state == "ok" and now.next is not None and now.count < known.count:
        return Again(with_rest(known, now), now.count)
    return Again(renewed(known, now), now.count)


def as_far_as(asker: Callable[[], Asker], now: ViewResult, known: ViewResult, so_far: Callable[[int], None]) -> ViewResult:
    """After the first page as many more as are known; where all rows were known, to the end. `so_far` hears how many rows there are.

    `asker` says for each page who asks, as a session may be renewed in the middle.
    """
    onward, brought = Onward(), now.count
    while onward.leads(now.next, brought) and now.state == "ok" and now.count < MOST_ROWS and (now.count < known.count or not known.more):
        asks = asker()
        if asks.how.cancelled():
            break
        so_far(now.count)
        before, now = now.count, fetch_more(asks, now)
        brought = now.count - before
    return now


def with_rest(known: ViewResult, now: ViewResult) -> ViewResult:
    """The rows of now, then those known rows that lie behind the one which is the last known row of now, none of them twice.

    A row that has moved up from far below takes nothing with it.
    """
    pairs = paired(known, now)
    there = set(pairs)
    first = next((was + 1 for was in reversed(pairs) if was >= 0), now.count)
    rest = [index for index in range(first, known.count) if index not in there]

    def joined(name: str) -> tuple[object, ...]:
        mine, theirs = getattr(now, name), getattr(known, name)
        return (*mine, *(theirs[index] for index in rest)) if theirs else mine

    parts = {name: joined(name) for name in ("rows", "values", "ids", "arns", "tags", "raw")}
    return replace(now, **parts, more=known.more, next=known.next)  # type: ignore[arg-type]  # the same fields in the same order
