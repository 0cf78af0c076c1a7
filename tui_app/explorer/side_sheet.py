"""Several identities side by side as quiet text: the counts of all views, and one view's rows in one column set."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from tui_app.explorer.compare import SideBySide, matrix, who
from tui_app.explorer.results import ViewResult
from tui_app.explorer.sheet import DENIED, GAP, row_line, widths_within
from tui_app.explorer.view import GLOBAL
from tui_app.text import cells, clean

ALL = "all"
"""Stands for everybody who was asked."""
DIFFERENT = "≠"
"""Before a view whose counts are not the same for everybody."""


def counts(results: Sequence[ViewResult], labels: Sequence[str]) -> list[str]:
    """A line for each view with what each identity sees, by region where there are several; `≠` where they differ."""
    people = list(dict.fromkeys(who(result) for result in results))
    marks = matrix(results)
    views = list(dict.fromkeys(result.view for result in results))
    table = {view.name: [" / ".join(marks[view.name].get(person, ("",))) for person in people] for view in views}
    title = max([len(view.title) for view in views] + [len("View")])
    widths = [max(cells(label), *(cells(line[index]) for line in table.values())) for index, label in enumerate(labels)]
    lines = [_counted("View", labels, title, widths, "")]
    for group, members in groupby(views, key=lambda view: view.group):
        lines += ["", group]
        for view in members:
            found = table[view.name]
            lines.append(_counted(view.title, found, title, widths, DIFFERENT if len(set(found)) > 1 else ""))
    return lines


def side_table(side: SideBySide, labels: Sequence[str], width: int | None = None) -> list[str]:
    """Every row once, with who was shown it; under it a line for everybody who was shown none."""
    lines = [side.view.title]
    regions = {line.region for line in side.lines} - {GLOBAL}
    heads = ("Seen by", *(("Region",) if len(regions) > 1 else ()), *side.view.heads)
    rows = [
        (_seen(line.seen_by, labels), *((clean(line.region),) if len(regions) > 1 else ()), *line.cells)
        for line in sorted(side.lines, key=lambda line: (line.cells[:1], line.seen_by))
    ]
    if rows:
        right = [False] * (len(heads) - len(side.view.columns)) + [column.right for column in side.view.columns]
        widths = widths_within([max(map(cells, column)) for column in zip(heads, *rows, strict=True)], width)
        lines += ["", *(row_line(row, widths, right) for row in (heads, *rows))]
    refused = [_refused(result, labels[side.identities.index(who(result))]) for result in side.refused]
    return [*lines, *(["", *dict.fromkeys(refused)] if refused else [])]


def _seen(seen_by: Sequence[int], labels: Sequence[str]) -> str:
    return ALL if len(set(seen_by)) == len(labels) > 1 else ", ".join(dict.fromkeys(labels[number] for number in seen_by))


def _refused(result: ViewResult, label: str) -> str:
    if result.state == "denied":
        return GAP.join(filter(None, (label, DENIED, result.action, result.denied_by)))
    return GAP.join((label, *(() if result.region == GLOBAL else (result.region,)), result.message))


def _counted(title: str, found: Sequence[str], width: int, widths: Sequence[int], difference: str) -> str:
    figures = [" " * (size - cells(text)) + text for text, size in zip(found, widths, strict=True)]
    return (GAP + " ").join([title.ljust(width), *figures, difference]).rstrip()
