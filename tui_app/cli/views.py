"""`roledeck views`: what the explorer can show, and which permission each view needs."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from tui_app.explorer.views import VIEWS

if TYPE_CHECKING:
    from tui_app.cli.context import Context


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--json."""
    parser.add_argument("--json", action="store_true", help="as a list of objects")


def run(options: argparse.Namespace, context: Context) -> int:
    """Print every view; contacts nothing."""
    if options.json:
        names = ("name", "title", "group", "service", "operation", "action", "scope")
        context.json([{name: getattr(view, name) for name in names} | {"columns": list(view.heads)} for view in VIEWS])
        return 0
    rows = [("View", "Shows", "Service", "Scope", "Permission")]
    rows += [(view.name, view.title, view.service, view.scope, view.action) for view in VIEWS]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    context.out("\n".join("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows))
    return 0
