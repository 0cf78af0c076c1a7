"""Down into a sub-view by names: `s3-objects` in a bucket, `ecs-tasks` in a service in a cluster."""

from __future__ import annotations

from collections.abc import Sequence

from tui_app.aws.partitions import partition_of
from tui_app.errors import UsageError
from tui_app.explorer.asking import Door, Tally
from tui_app.explorer.fetch import fetch_below, fetch_more, fetch_view
from tui_app.explorer.results import ViewResult
from tui_app.explorer.view import GLOBAL, View
from tui_app.explorer.views import SUB_VIEWS, VIEWS
from tui_app.model import Session
from tui_app.text import clean, plural


def way_to(view: View, depth: int) -> tuple[View, ...]:
    """The views from the top down to `view`, `depth` of them above it.

    Raises:
        UsageError: it lies deeper, or not so deep.
    """
    ways = _ways(view, depth)
    if not ways:
        depths = [number for number in range(1, 4) if _ways(view, number)]
        above = " in ".join(step.name for step in reversed(_ways(view, depths[0])[0][:-1]))
        raise UsageError(f"{view.name} lies in {above}.", f"Name {plural(depths[0], 'row')} with --in, the outermost first.")
    return ways[0]


def _ways(view: View, depth: int) -> list[tuple[View, ...]]:
    named = {known.name: known for known in (*VIEWS, *SUB_VIEWS)}
    if depth == 0:
        return [] if view.parents else [(view,)]
    return [(*way, view) for parent in view.parents for way in _ways(named[parent.view], depth - 1)]


def fetch_in(
    view: View, names: Sequence[str], door: Door, session: Session, regions: Sequence[str], *, tally: Tally | None = None
) -> tuple[ViewResult, ...]:
    """The sub-view at the rows with these names, in each region that has them; a refusal on the way is the result.

    Raises:
        UsageError: there is no such row in any region, or the view does not lie so deep.
    """
    way = way_to(view, len(names))
    found: list[ViewResult] = []
    for region in regions[:1] if way[0].scope == GLOBAL else regions:
        key, identity = session.credentials.key, session.identity
        result = fetch_view(way[0], door, key, region or partition_of(identity.arn).region, identity, tally=tally)
        for below, name in zip(way[1:], names, strict=True):
            result, index = _row_called(result, name, door, session, tally)
            if index is None:
                break
            result = fetch_below(below, result, index, door, session, tally=tally)
        if result.view is view or result.state != "ok":
            found.append(result)
    if not found:
        where = " and ".join(clean(region) for region in regions)
        raise UsageError(f"There is no {' in '.join(clean(name) for name in reversed(names))} in {way[0].name} of {where}.")
    return tuple(found)


def _row_called(result: ViewResult, name: str, door: Door, session: Session, tally: Tally | None) -> tuple[ViewResult, int | None]:
    """The result with as many pages as it took, and the number of the row with that id, ARN or first cell."""
    looked = 0
    while True:
        for index in range(looked, result.count):
            if name in (result.ids[index], result.arns[index], result.values[index][0], result.ids[index].rpartition("/")[2]):
                return result, index
        looked = result.count
        if result.next is None or result.state != "ok":
            return result, None
        result = fetch_more(result, door, session, tally=tally)
