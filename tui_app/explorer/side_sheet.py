"""Several identities side by side as quiet text: the counts of all views, and one view's rows in one column set."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from tui_app.explorer.compare import SideBySide, matrix, who
from tui_app.explorer.labels import Named, told_apart
from tui_app.explorer.results import ViewResult
from tui_app.explorer.sheet import DENIED, GAP, row_line, widths_within
from tui_app.explorer.view import GLOBAL, View
from tui_app.text import cells, clean, plural

ALL = "all"
"""Stands for everybody who was asked."""
DIFFERENT = "≠"
"""Behind a view whose counts are not the same for everybody."""
WHOLE, SHORTER = sys.maxsize, (24, 16, 12, 8)
"""How long a name may be: as long as it is, or where the line has no room for that, shorter and shorter."""


def counts(results: Sequence[ViewResult], names: tuple[Named, ...], width: int | None = None) -> list[str]:
    """A line for each view with what each identity sees, by region where there are several; `≠` where they differ.

    Where `width` has no room for all identities beside each other, the rest follow below, under their own heads.
    """
    people = list(dict.fromkeys(who(result) for result in results))
    marks = matrix(results)
    views = list(dict.fromkeys(result.view for result in results))
    table = {view.name: [_one_cell(marks[view.name].get(person, ("",))) for person in people] for view in views}
    title = max([len(view.title) for view in views] + [len("View")])
    labels, blocks = _blocks(names, [max(cells(line[index]) for line in table.values()) for index in range(len(names))], title, width)
    lines: list[str] = []
    for block in blocks:
        lines += [*([""] if lines else []), *_block(views, table, block, labels, title)]
    regions = list(dict.fromkeys(result.region for result in results if result.region != GLOBAL))
    return [*lines, *(["", f"Regional figures are of {' / '.join(map(clean, regions))}."] if len(regions) > 1 else [])]


def _one_cell(marks: Sequence[str]) -> str:
    """The marks of all regions; one where none is a figure and all are alike."""
    return marks[0] if len(set(marks)) == 1 and not marks[0][:1].isdigit() else " / ".join(marks)


def _blocks(names: tuple[Named, ...], figures: Sequence[int], title: int, width: int | None) -> tuple[tuple[str, ...], list[list[int]]]:
    """What each identity is called, and which of them stand beside each other."""
    everybody = list(range(len(names)))
    for longest in (WHOLE, *SHORTER[:2]):
        labels = told_apart(names, longest, "/")
        sizes = [len(GAP) + 1 + max(cells(label), figure) for label, figure in zip(labels, figures, strict=True)]
        room = (width or sys.maxsize) - title - len(GAP) - 1 - len(DIFFERENT)
        if sum(sizes) <= room:
            return labels, [everybody]
    blocks: list[list[int]] = [[]]
    for number in everybody:
        if blocks[-1] and sum(sizes[other] for other in (*blocks[-1], number)) > room:
            blocks.append([])
        blocks[-1].append(number)
    return labels, blocks


def _block(views: Sequence[View], table: Mapping[str, Sequence[str]], block: Sequence[int], labels: Sequence[str], title: int) -> list[str]:
    widths = [max(cells(labels[number]), *(cells(line[number]) for line in table.values())) for number in block]
    lines = [_counted("View", [labels[number] for number in block], title, widths, "")]
    for group, members in groupby(views, key=lambda view: view.group):
        lines += ["", group]
        for view in members:
            found = table[view.name]
            lines.append(_counted(view.title, [found[number] for number in block], title, widths, DIFFERENT if len(set(found)) > 1 else ""))
    return lines


def side_table(side: SideBySide, names: tuple[Named, ...], width: int | None = None) -> list[str]:
    """Every row once, with who was shown it; under it a line for everybody who was shown none, or not all."""
    lines = [side.view.title]
    regions = {line.region for line in side.lines} - {GLOBAL}
    labels = called = told_apart(names, WHOLE, "/")
    heads = ("Seen by", *(("Region",) if len(regions) > 1 else ()), *side.view.heads)
    if side.lines:
        ordered = sorted(side.lines, key=lambda line: (line.cells[:1], line.seen_by))
        own = [(*((clean(line.region),) if len(regions) > 1 else ()), *line.cells) for line in ordered]
        right = [False] * (len(heads) - len(side.view.columns)) + [column.right for column in side.view.columns]
        for longest in (WHOLE, *SHORTER):
            called = told_apart(names, longest, "/")
            rows = [(_seen(line.seen_by, called), *cut) for line, cut in zip(ordered, own, strict=True)]
            sizes = [max(map(cells, column)) for column in zip(heads, *rows, strict=True)]
            # whose a row is, is never cut
            widths = [sizes[0], *widths_within(sizes[1:], None if width is None else width - sizes[0] - len(GAP))]
            if width is None or sum(widths) + len(GAP) * (len(widths) - 1) <= width:
                break
        lines += ["", *(row_line(row, widths, right) for row in (heads, *rows))]
    below = [*_refused(side, labels), *_cut(side, called)]
    return [*lines, *(["", *below] if below else [])]


def _seen(seen_by: Sequence[int], labels: Sequence[str]) -> str:
    """Everybody, those who were shown it, or where that is shorter those who were not."""
    those = list(dict.fromkeys(seen_by))
    others = [number for number in range(len(labels)) if number not in those]
    if len(labels) > 1 and not others:
        return ALL
    if len(others) < len(those) - 1:
        return f"{ALL} but {', '.join(labels[number] for number in others)}"
    return ", ".join(labels[number] for number in those)


def _refused(side: SideBySide, labels: Sequence[str]) -> list[str]:
    """A line for each identity and reason, with the regions in which it was so where that is not everywhere."""
    regions: dict[tuple[str, ...], list[str]] = {}
    for result in side.refused:
        denied = result.state == "denied"
        why = (DENIED, result.action, result.denied_by) if denied else ("", "", result.message)
        regions.setdefault((labels[side.identities.index(who(result))], *why), []).append(result.region)
    everywhere = set(side.regions)
    where = {why: ", ".join(map(clean, places)) if set(places) < everywhere else "" for why, places in regions.items()}
    return [GAP.join(filter(None, (label, where[label, *why], *why))) for label, *why in regions]


def _cut(side: SideBySide, labels: Sequence[str]) -> Iterator[str]:
    """A line for each answer of which there is more."""
    for result in side.cut:
        region = "" if result.region == GLOBAL else clean(result.region)
        said = f"only the first {plural(result.count, 'row')}, there is more"
        yield GAP.join(filter(None, (labels[side.identities.index(who(result))], region, said)))


def _counted(title: str, found: Sequence[str], width: int, widths: Sequence[int], difference: str) -> str:
    figures = [" " * (size - cells(text)) + text for text, size in zip(found, widths, strict=True)]
    return (GAP + " ").join([title.ljust(width), *figures, difference]).rstrip()
