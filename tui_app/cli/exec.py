"""`roledeck exec ROLE -- COMMAND…`: one command with the credentials."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from tui_app.cli.arguments import add_renew_argument, add_role_arguments
from tui_app.cli.handing_over import become, environment, lent, obtain, wait_for
from tui_app.errors import UsageError
from tui_app.text import clean

if TYPE_CHECKING:
    from tui_app.cli.context import Context


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """ROLE; the command stands after `--`."""
    parser.usage = "roledeck exec ROLE [options] -- COMMAND..."
    add_role_arguments(parser)
    add_renew_argument(parser)


def run(options: argparse.Namespace, context: Context) -> int:
    """Get the session, then be the command.

    Raises:
        UsageError: there is no command.
        CommandNotFound, NotExecutable: it does not start.
    """
    if not options.command:
        raise UsageError("There is no command to run.", f"Put it after --: roledeck exec {clean(options.role)} -- aws s3 ls.")
    handed = obtain(options, context, "exec --renew" if options.renew else "exec")
    if not options.renew:
        return become(options.command, environment(handed, context), context)
    with lent(options, handed, context) as variables:
        return wait_for(options.command, variables)
