"""What a view answered, and to whom. Rows of two identities are never in one result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property
from typing import Any

from tui_app.aws.partitions import partition_of
from tui_app.errors import WrongIdentity
from tui_app.explorer.cells import Plain, cell, plain, words
from tui_app.explorer.description import tags_of, withheld
from tui_app.explorer.expressions import fill_in, finder, look_up
from tui_app.explorer.late import Late
from tui_app.explorer.piles import piled
from tui_app.explorer.refusals import STATES, Cause, Refusal, ViewState
from tui_app.explorer.view import GLOBAL, OWN, View
from tui_app.model import Identity
from tui_app.text import clean
from tui_app.values import frozen

Row = Mapping[str, Any]
MOST_LATE = 200
"""Rows whose cells take a few milliseconds to make: those of a first sight, most of which nobody looks at."""


@frozen
class ViewResult:
    """What one view answered, and to whom.

    `rows` are for people: cleaned cells, in the order of `columns`. `values` are the same cells for scripts, `ids` and `arns` the raw
    names for copying, `tags` each row's tags, all one a row. `region` is `global` for a view of the whole account. `at` is in epoch
    seconds. `message` is one sentence where there are no rows to show; `aws_message` is AWS's own. `note` is what the rows lack.
    `state` is not `ok` and there are rows all the same where a later page or a reload failed. `asked` is what a sub-view was opened at,
    `next` what its next page is asked with; None where there is none, or nobody knows how to ask for it.
    """

    view: View
    region: str
    identity: Identity
    at: float
    state: ViewState = "ok"
    cause: Cause = ""
    rows: Sequence[tuple[str, ...]] = ()
    values: Sequence[tuple[Plain, ...]] = ()
    ids: Sequence[str] = ()
    arns: Sequence[str] = ()
    more: bool = False
    message: str = ""
    note: str = ""
    refusal: Refusal | None = None
    tags: Sequence[Mapping[str, str]] = field(default=(), repr=False, hash=False)
    asked: Mapping[str, Any] = field(default_factory=dict, hash=False)
    next: Mapping[str, Any] | None = field(default=None, repr=False, hash=False)
    raw: Sequence[Any] = field(default=(), repr=False, compare=False)

    @property
    def service(self) -> str:
        """The service that was asked."""
        return self.view.service

    @property
    def action(self) -> str:
        """The IAM action that the call needs; of several, the one that was refused."""
        return (self.refusal.action if self.refusal else "") or self.view.action

    @property
    def aws_message(self) -> str:
        """AWS's own sentence."""
        return self.refusal.aws_message if self.refusal else ""

    @property
    def denied_by(self) -> str:
        """Who denied it, in words; empty where AWS does not say."""
        return self.refusal.denied_by if self.refusal else ""

    @property
    def request_id(self) -> str:
        """What AWS's support asks for."""
        return self.refusal.request_id if self.refusal else ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The heads of the columns."""
        return self.view.heads

    @property
    def count(self) -> int:
        """How many rows there are so far."""
        return len(self.rows)

    @property
    def count_text(self) -> str:
        """The figure a list shows: `0`, `12`, `100+` where there is more."""
        return f"{self.count}+" if self.more else str(self.count)

    def document(self, index: int) -> Any:
        """All that AWS told of a row, for people to read; what may be a secret is withheld."""
        return withheld(self.raw[index])

    def row(self, index: int) -> dict[str, Any]:
        """A row as sub-views and ARNs look at it: what AWS told, and under `asked` what it was asked with."""
        return _with_asked(self.raw[index], self.asked)


def rows_in(view: View, answer: object) -> tuple[Any, ...]:
    """The rows of an answer as AWS sent them, taken out by the view's expression; none where it has none of that shape."""
    found = look_up(view.rows, answer)
    return tuple(row for row in found if row is not None) if isinstance(found, list) else ()


def of_rows(empty: ViewResult, rows: tuple[Any, ...], *, more: bool) -> ViewResult:
    """The result with rows as AWS sent them; `empty` says of which view they are, from where, and to whom.

    Their cells are made when somebody looks at one, where they are so few that it takes but a moment.
    """
    making = _Making(empty, rows)
    late = len(rows) <= MOST_LATE

    def part(number: int) -> Sequence[Any]:
        return Late(len(rows), lambda: making.parts[number]) if late else making.parts[number]

    cells, values, ids, arns, tags = map(part, range(5))
    return replace(empty, rows=cells, values=values, ids=ids, arns=arns, tags=tags, more=more, raw=rows)


class _Making:
    """What is made of the rows of one answer, all at once: cells, values, ids, ARNs, tags."""

    def __init__(self, empty: ViewResult, rows: tuple[Any, ...]) -> None:
        self._empty, self._rows = empty, rows

    @cached_property
    def parts(self) -> tuple[tuple[Any, ...], ...]:
        """Each part one a row."""
        view, region, identity, asked = self._empty.view, self._empty.region, self._empty.identity, self._empty.asked
        seen = tuple(withheld(row) for row in self._rows) if view.group == OWN else self._rows
        places = {"partition": partition_of(identity.arn).id, "region": "" if region == GLOBAL else region, "account": identity.account}
        columns = [(finder(column.path), column.shape) for column in view.columns]
        found = [[(find(row), shape) for find, shape in columns] for row in seen]
        name, whole = finder(view.id), "{asked." in view.arn
        return (
            tuple(tuple([cell(value, shape) for value, shape in line]) for line in found),
            tuple(tuple([plain(value, shape) for value, shape in line]) for line in found),
            tuple(words(name(row) or "") for row in seen),
            tuple(fill_in(view.arn, _with_asked(row, asked) if whole else row, places) for row in seen),
            tuple(tags_of(view.tags, row) for row in seen),
        )


def refused(empty: ViewResult, refusal: Refusal) -> ViewResult:
    """The result of a refusal."""
    return replace(empty, state=STATES[refusal.cause], cause=refusal.cause, message=refusal.sentence, refusal=refusal)


def joined(before: ViewResult, page: ViewResult) -> ViewResult:
    """The rows so far and those of the next page. Where the page was refused the rows stay, and the state says why there are no more.

    Raises:
        WrongIdentity: the page was answered to somebody else, or is one of another view.
    """
    check_same(before, page)
    if page.state != "ok":
        return replace(before, state=page.state, cause=page.cause, message=page.message, refusal=page.refusal)
    return replace(
        before,
        at=page.at,
        state="ok",
        cause="",
        message="",
        refusal=None,
        rows=piled(before.rows, page.rows),
        values=piled(before.values, page.values),
        ids=piled(before.ids, page.ids),
        arns=piled(before.arns, page.arns),
        tags=piled(before.tags, page.tags),
        raw=piled(before.raw, page.raw),
        more=page.more,
        next=page.next,
        note=before.note or page.note,
    )


def renewed(before: ViewResult, now: ViewResult) -> ViewResult:
    """What to show after a reload: the new rows, or the old ones with the state that kept the new ones away.

    A denial takes the rows away: what may no longer be seen is not shown.

    Raises:
        WrongIdentity: the reload was answered to somebody else, or is one of another view.
    """
    check_same(before, now)
    if now.state != "error" or not before.rows:
        return now
    return replace(before, state=now.state, cause=now.cause, message=now.message, refusal=now.refusal)


def check_same(one: ViewResult, other: ViewResult) -> None:
    """Refuse to lay rows of two identities side by side as if they were of one.

    Raises:
        WrongIdentity: they were answered to two identities, or by two views or regions.
    """
    mine, theirs = one.identity, other.identity
    if (mine.account, mine.arn) != (theirs.account, theirs.arn):
        raise WrongIdentity(
            f"{one.view.title} was answered to {clean(mine.arn)}, and now to {clean(theirs.arn)}.", "Nothing of the second is shown."
        )
    if (one.view.name, one.region, one.asked) != (other.view.name, other.region, other.asked):
        raise WrongIdentity(f"{one.view.title} and {other.view.title} are two different tables.", "Load the table again.")


def _with_asked(row: Any, asked: Mapping[str, Any]) -> dict[str, Any]:
    return {**(row if isinstance(row, dict) else {}), "asked": asked}
