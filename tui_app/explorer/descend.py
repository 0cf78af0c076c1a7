"""Down into a sub-view by names: `s3-objects` in a bucket, `ecs-tasks` in a service in a cluster."""

from __future__ import annotations

from collections.abc import Sequence

from tui_app.aws.partitions import partition_of
from tui_app.errors import UsageError
from tui_app.explorer.asking import Asker
from tui_app.explorer.fetch import fetch_below, fetch_more, fetch_view
from tui_app.explorer.onward import Onward
from tui_app.explorer.results import ViewResult
from tui_app.explorer.view import GLOBAL, View
from tui_app.explorer.views import SUB_VIEWS, VIEWS
from tui_app.text import clean, nearest, plural


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


def fetch_in(asker: Asker, view: View, names: Sequence[str], regions: Sequence[str]) -> tuple[ViewResult, ...]:
    """The sub-view at the rows with these names, in each region that has them; a refusal on the way is the result.

    Raises:
        UsageError: there is no such row in any region, or the view does not lie so deep.
    """
    way = way_to(view, len(names))
    found: list[ViewResult] = []
    for region in regions[:1] if way[0].scope == GLOBAL else regions:
        result = fetch_view(asker, way[0], region or partition_of(asker.identity.arn).region)
        for below, name in zip(way[1:], names, strict=True):
            result, index = _row_called(asker, result, name)
            if index is None:
                break
            result = fetch_below(asker, below, result, index)
        else:
            found.append(result)
            continue
        if result.state != "ok":
            found.append(result)
        missed = name, result
    if not found:
        raise _no_such_row(way[0], names, regions, *missed)
    return tuple(found)


def _no_such_row(top: View, names: Sequence[str], regions: Sequence[str], missed: str, among: ViewResult) -> UsageError:
    where = " and ".join(clean(region) for region in regions)
    looked_for = " in ".join(clean(name) or "row without a name" for name in reversed(names))
    near = nearest(missed, [*(str(values[0]) for values in among.values), *among.ids])
    return UsageError(
        f"There is no {looked_for} in {top.name} of {where}.",
        f"Did you mean {clean(near)}?" if near else f"--view {top.name} lists what there is.",
    )


def _row_called(asker: Asker, result: ViewResult, name: str) -> tuple[ViewResult, int | None]:
    """The result with as many pages as it took, and the number of the row with that id or ARN, else of the only one with that name.

    Raises:
        UsageError: several rows have that name.
    """
    looked, onward = 0, Onward()
    while name:
        rows = range(looked, result.count)
        exact = [index for index in rows if name in (result.ids[index], result.arns[index])]
        named = exact or [index for index in rows if name in (result.values[index][0], result.ids[index].rpartition("/")[2])]
        if len(named) > 1 and not exact:
            candidates = ", ".join(clean(result.ids[index]) for index in named)
            raise UsageError(f"There are {len(named)} {clean(name)} in {result.view.name}.", f"Name one by its id: {candidates}.")
        if named:
            return result, named[0]
        brought, looked = result.count - looked, result.count
        if not onward.leads(result.next, brought) or result.state != "ok":
            break
        result = fetch_more(asker, result)
    return result, None
