"""Who looks, and what each was answered about one view: nothing is taken which was answered to anybody else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal

from tui_app.aws.partitions import within
from tui_app.errors import WrongIdentity
from tui_app.explorer.labels import Named
from tui_app.text import clean
from tui_app.ui.explorer.laying import Comparable, Place
from tui_app.values import frozen

if TYPE_CHECKING:
    from tui_app.explorer.results import ViewResult
    from tui_app.explorer.view import View
    from tui_app.model import Identity


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
        return self.is_of(result.identity)

    def is_of(self, identity: Identity) -> bool:
        """Whether it is this very identity."""
        return (identity.account, identity.arn) == (self.account, self.arn)


@frozen
class Opened:
    """The row that a sub-view was opened at: the result it is a row of, its index there, and its name."""

    of: ViewResult
    index: int
    name: str


@frozen
class Tail:
    """Rows behind those that were asked anew, which were not: their indexes, the first of them, and when they were answered."""

    start: int
    end: int
    first: Any
    at: float

    def is_in(self, result: ViewResult) -> bool:
        """Whether they still stand there."""
        return self.start < result.count and result.raw[self.start] is self.first


class Answers:
    """What is known of a view, and what is asked. `before` is what was seen last, until there are newer answers."""

    def __init__(self, view: View, visitors: tuple[Visitor, ...], regions: tuple[str, ...], opened: Opened | None) -> None:
        self.view = view
        self.visitors = visitors
        self.regions = regions
        self.opened = opened
        self.results: dict[Place, ViewResult] = {}
        self.before: dict[Place, ViewResult] = {}
        self.since: dict[Place, float] = {}
        """When the first page of each result was answered; a result has the time of its last."""
        self.tails: dict[Place, Tail] = {}
        self.pending: set[Place] = set()
        self.anew: set[Place] = set()
        """What was asked from its first page on, of what is pending."""
        self.expected: set[Place] = set()
        """What a first sight that is under way will answer."""
        self.fed: dict[Place, ViewResult] = {}
        """The answers of a first sight that were taken, or that it has from here."""
        self.jobs: list[Any] = []
        self.progress = ""
        self.waits: Literal["", "table", "page"] = ""
        """What could not be asked for, because the session had ended."""
        self.waiting: set[int] = set()
        """Whose session that was."""
        self.last_asked: Literal["table", "page", "pages"] = "table"
        """What a renewed session is to go on with."""

    @property
    def beside(self) -> bool:
        """Whether several roles are in it."""
        return len(self.visitors) > 1

    def regions_of(self, number: int) -> tuple[str, ...]:
        """The regions in which a role is asked: none where it cannot be."""
        if not self.beside:
            return self.regions
        return tuple(region for region in self.regions if within(region, self.visitors[number].arn)) or self.regions

    def note(self, number: int, result: ViewResult) -> Place:
        """An answer, also one in the place of an earlier one; which place that is.

        Raises:
            WrongIdentity: it was given to somebody else, or by another view.
        """
        visitor = self.visitors[number]
        if not visitor.is_whom(result) or result.view.name != self.view.name:
            raise WrongIdentity(
                f"{clean(self.view.title)} is of {clean(visitor.arn)}, and the answer was given to {clean(result.identity.arn)}.",
                "Nothing of it is shown.",
            )
        place = (number, result.region)
        known, tail = self.results.get(place), self.tails.get(place)
        pages_on = known is not None and bool(known.raw and result.raw) and known.raw[0] is result.raw[0]
        self.since[place] = self.since[place] if pages_on else result.at
        if tail is not None and not tail.is_in(result):
            del self.tails[place]
        self.results[place] = result
        self.before.pop(place, None)
        self.pending.discard(place)
        self.expected.discard(place)
        return place

    def note_tail(self, place: Place, start: int, at: float) -> None:
        """The rows of an answer from `start` on are of that moment, as only those before them were asked anew."""
        result = self.results[place]
        if start < result.count:
            self.tails[place] = Tail(start, result.count, result.raw[start], at)

    def answered_at(self, place: Place) -> float:
        """When the oldest rows of a place were answered."""
        result, tail = self.results.get(place), self.tails.get(place)
        at = self.since[place] if result is not None else self.before[place].at
        return min(at, tail.at) if tail is not None else at

    def note_seen(self, number: int, result: ViewResult) -> bool:
        """What was seen last, until it is answered anew; False for what is of another identity, or of no use."""
        place = (number, result.region)
        of_use = self.visitors[number].is_whom(result) and place not in self.results and bool(result.rows)
        known = self.before.get(place)
        if not of_use or (known is not None and known.at >= result.at):
            return False
        self.before[place] = result
        return True

    def known(self) -> list[tuple[Place, ViewResult]]:
        """All results, those of each role together."""
        return sorted({**self.before, **self.results}.items(), key=lambda item: item[0][0])

    @property
    def of_last_time(self) -> Mapping[Place, ViewResult]:
        """What was seen before, and is not answered anew yet."""
        return {**self.before, **{place: result for place, result in self.results.items() if self.is_asked_anew(place)}}

    def is_asked_anew(self, place: Place) -> bool:
        """Whether the answer of a place is about to have another one in its stead; further pages come behind it."""
        return place in self.expected or bool(self.anew & self.pending & {place, (place[0], "…")})

    @property
    def incomplete(self) -> bool:
        """Whether a place of which nothing is known yet will be answered."""
        known = {*self.results, *self.before}
        of_whom = {number for number, _ in known}
        under_way = self.pending | self.expected
        return any(number not in of_whom if region == "…" else (number, region) not in known for number, region in under_way)

    def of_now(self, result: ViewResult) -> ViewResult | None:
        """The answer that has come in the place of one of before, or that one itself; None where there is none any more."""
        known = (known for (number, region), known in self.known() if region == result.region and self.visitors[number].is_whom(result))
        return next(known, None)

    @property
    def comparable(self) -> Comparable:
        """What can be compared; against a role that was not shown a region, nothing there is a difference."""
        found: dict[str, dict[int, bool]] = {}
        for (number, region), result in self.known():
            if result.state == "ok" or result.rows:
                found.setdefault(region, {})[number] = result.state == "ok" and not result.more
        return found

    def known_tags(self) -> tuple[str, ...]:
        """The tags that any row has, most used first."""
        counted = Counter(tag for _, result in self.known() for tag in chain.from_iterable(result.tags))
        return tuple(sorted(counted, key=lambda tag: (-counted[tag], tag)))

    @property
    def next_pages(self) -> Mapping[Place, ViewResult]:
        """The results that have a further page which can be asked for."""
        return {place: result for place, result in self.results.items() if result.next is not None}

    @property
    def refusals(self) -> list[tuple[Place, ViewResult]]:
        """The results that are none, or that broke off; with a session that is asked with again it has not ended any more."""
        found = [(place, result) for place, result in self.results.items() if result.state != "ok"]
        return [(place, result) for place, result in found if result.cause != "expired" or not self.is_asked_anew(place)]

    @property
    def asked(self) -> bool:
        """Whether an answer is on its way."""
        return bool(self.pending or self.expected)

    @property
    def unasked(self) -> bool:
        """Whether nobody has asked for it yet."""
        return not self.results and not self.asked

    @property
    def over(self) -> list[Visitor]:
        """Whose session ended while it was asked, or before."""
        expired = {place[0] for place, result in self.refusals if result.cause == "expired"}
        return [self.visitors[number] for number in sorted(expired | (self.waiting if self.waits else set()))]

    @property
    def ended(self) -> bool:
        """Whether a session ended while it was asked, or before."""
        return bool(self.waits) or any(result.cause == "expired" for _, result in self.refusals)
