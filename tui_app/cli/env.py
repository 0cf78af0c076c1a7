"""`roledeck env ROLE`: the credentials as variables, for `eval` and for files of other programs."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from tui_app.cli.arguments import add_role_arguments
from tui_app.cli.handing_over import obtain
from tui_app.errors import UsageError
from tui_app.handover.environment import is_redirect, render
from tui_app.handover.formats import FORMATS, UNSETTING, sh
from tui_app.text import clean

if TYPE_CHECKING:
    from tui_app.cli.context import Context


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """ROLE, --format, --show."""
    add_role_arguments(parser)
    parser.add_argument("--format", choices=tuple(FORMATS), default="sh", help="for which reader (default: sh)")
    parser.add_argument("--show", action="store_true", help="also where a terminal would show them")


def run(options: argparse.Namespace, context: Context) -> int:
    """Print the variables.

    Raises:
        UsageError: stdout is a terminal and --show was not given.
    """
    if sys.stdout.isatty() and not options.show:
        raise UsageError(
            "This would show the secrets on the terminal.",
            f'Use eval "$(roledeck env {sh(clean(options.role))})", or --show to see them.',
        )
    handed = obtain(options, context, "env")
    endpoint = context.endpoint_url
    context.out(render(handed.session, options.format, region=handed.region, endpoint_url=endpoint, parent=context.environ))
    if redirects := sorted(name for name, value in context.environ.items() if is_redirect(name) and value != endpoint):
        verb = "is" if len(redirects) == 1 else "are"
        what = f"{verb} unset along with this" if options.format in UNSETTING else f"{verb} set here"
        context.note(f"{', '.join(redirects)} {what}: the credentials would go elsewhere.")
    return 0
