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
from tui_app.ui.explorer.laying import Place
from tui_app.values import frozen

if TYPE_CHECKING:
    from tui_app.explorer.results import ViewResult
    from tui_app.explorer.view import View


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


class Answers:
    """What is known of a view, and what is asked. `before` is what was seen last, until there are newer answers."""

    def __init__(self, view: View, visitors: tuple[Visitor, ...], regions: tuple[str, ...], opened: Opened | None) -> None:
        self.view = view
        self.visitors = visitors
        self.regions = regions
        self.opened = opened
        self.results: dict[Place, ViewResult] = {}
        self.before: dict[Place, ViewResult] = {}
        self.pending: set[Place] = set()
        self.expected: set[Place] = set()
        """What a first sight that is under way will answer."""
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
        self.results[place] = result
        self.before.pop(place, None)
        self.pending.discard(place)
        self.expected.discard(place)
        return place

    def note_seen(self, number: int, result: ViewResult) -> bool:
        """What was seen last, until it is answered anew; False for what is of another identity, or of no use."""
        of_use = self.visitors[number].is_whom(result) and (number, result.region) not in self.results and bool(result.rows)
        if of_use:
            self.before[number, result.region] = result
        return of_use

    def known(self) -> list[tuple[Place, ViewResult]]:
        """All results, those of each role together."""
        return sorted({**self.before, **self.results}.items(), key=lambda item: item[0][0])

    @property
    def of_last_time(self) -> Mapping[Place, ViewResult]:
        """What was seen before, and is not answered anew yet."""
        return {**self.before, **{place: result for place, result in self.results.items() if self.is_asked_anew(place)}}

    def is_asked_anew(self, place: Place) -> bool:
        """Whether the answer of a place is about to have another one in its stead; further pages come behind it."""
        if place in self.expected:
            return True
        return self.last_asked == "table" and bool(self.pending & {place, (place[0], "…")})

    @property
    def readable(self) -> int:
        """How many roles were shown it at all; against one that was not, nothing is a difference."""
        return len({place[0] for place, result in self.known() if result.state == "ok" or result.rows})

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
        return bool(self.pending or self.expected)

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
