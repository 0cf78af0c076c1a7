"""Several identities side by side: the same view in one column set, and the counts of all views in one matrix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from tui_app.explorer.results import ViewResult
from tui_app.explorer.sheet import mark
from tui_app.explorer.view import View
from tui_app.values import frozen

Who = tuple[str, str]
"""Account id and ARN of an identity."""


@frozen
class Line:
    """One row of a view, and which of the identities, by their number, were shown it; `cells` are those of the first of them."""

    cells: tuple[str, ...]
    id: str
    arn: str
    region: str
    seen_by: tuple[int, ...]


@frozen
class SideBySide:
    """One view of several identities: the columns they share, every row once, and the results that have none."""

    view: View
    identities: tuple[Who, ...]
    lines: tuple[Line, ...]
    refused: tuple[ViewResult, ...]
    regions: tuple[str, ...] = ()
    """Where anybody was asked."""
    cut: tuple[ViewResult, ...] = ()
    """The results of which there is more: who was not shown a row may be on a further page."""

    def only(self, number: int) -> tuple[Line, ...]:
        """The rows that one identity alone was shown."""
        return tuple(line for line in self.lines if line.seen_by == (number,))


def side_by_side(results: Sequence[ViewResult]) -> SideBySide:
    """Results of one view, of any identities and regions; rows are the same where account, region, ARN (else id) and cells are.

    Raises:
        ValueError: they are of several views.
    """
    views = {result.view.name for result in results}
    if len(views) != 1:
        message = f"side by side are results of one view, not {len(views)}"
        raise ValueError(message)
    identities = tuple(dict.fromkeys(who(result) for result in results))
    lines: dict[tuple[object, ...], Line] = {}
    for result in results:
        number = identities.index(who(result))
        repeated: Counter[tuple[object, ...]] = Counter()
        for cells, name, arn in zip(result.rows, result.ids, result.arns, strict=True):
            same = (result.identity.account, result.region, arn or name, cells)
            repeated[same] += 1
            known = lines.get(key := (*same, repeated[same]))
            seen = (*known.seen_by, number) if known else (number,)
            lines[key] = Line(cells, name, arn, result.region, seen)
    refused = tuple(result for result in results if result.state != "ok")
    regions = tuple(dict.fromkeys(result.region for result in results))
    cut = tuple(result for result in results if result.state == "ok" and result.more)
    return SideBySide(results[0].view, identities, tuple(lines.values()), refused, regions, cut)


def matrix(results: Sequence[ViewResult]) -> Mapping[str, Mapping[Who, tuple[str, ...]]]:
    """By view and identity, the marks of each region (`12`, `100+`, `⊘ denied`), in the order of the results."""
    made: dict[str, dict[Who, tuple[str, ...]]] = {}
    for result in results:
        row = made.setdefault(result.view.name, {})
        row[who(result)] = (*row.get(who(result), ()), mark(result))
    return made


def who(result: ViewResult) -> Who:
    """Whom a result was answered to."""
    return result.identity.account, result.identity.arn
