"""`roledeck views`: what the explorer can show, which permission each view needs, and what a page of it costs."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tui_app.cli.places import told
from tui_app.explorer.view import View
from tui_app.explorer.views import SUB_VIEWS, VIEWS, sub_views
from tui_app.text import clean

if TYPE_CHECKING:
    from tui_app.cli.context import Context


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--json."""
    parser.add_argument("--json", action="store_true", help="as a list of objects")


def run(options: argparse.Namespace, context: Context) -> int:
    """Print every view, those inside others under them; contacts nothing."""
    from tui_app.explorer.own_views import complaints, own_views

    own, _ = own_views(context.catalog.settings.explorer)
    for problem in complaints(context.catalog.settings):
        context.note(told(problem, context.environ))
    if options.json:
        context.json([_described(view) for view in (*VIEWS, *own, *SUB_VIEWS)])
        return 0
    rows: list[tuple[str, ...]] = [("View", "Shows", "Asks", "Scope", "A page costs", "Permission")]
    for view in (*VIEWS, *own):
        rows += _lines(view, 0)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    context.out("\n".join([*lines, "", "* is in the first sight. What is indented lies in a row of the view above it: --view V --in ROW."]))
    return 0


def _lines(view: View, depth: int) -> list[tuple[str, ...]]:
    mark = "*" if view.first_sight else " "
    line = (
        f"{'  ' * depth}{mark if depth == 0 else ' '} {view.name}",
        clean(view.title),
        f"{view.service} {view.operation}",
        view.scope,
        view.cost,
        ", ".join(view.actions),
    )
    below = [found for found in sub_views(view) if found is not view]
    return [line, *(inner for found in below for inner in _lines(found, depth + 1))]


def _described(view: View) -> Mapping[str, Any]:
    names = ("name", "title", "group", "service", "operation", "action", "scope", "first_sight", "calls", "cost")
    return {
        **{name: getattr(view, name) for name in names},
        "charged": view.charged or None,
        "actions": list(view.actions),
        "columns": list(view.heads),
        "id": view.id,
        "arn": view.arn or None,
        "console": view.console or None,
        "in": [parent.view for parent in view.parents],
    }
