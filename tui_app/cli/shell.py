"""`roledeck shell ROLE`: a subshell with the credentials and a mark in its prompt."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from tui_app.cli.arguments import add_renew_argument, add_role_arguments
from tui_app.cli.handing_over import Handed, become, environment, lent, obtain, wait_for
from tui_app.errors import Cancelled
from tui_app.handover.environment import MARK
from tui_app.handover.shell import ShellStart, prompt_ink, prompt_mark, start_of_shell
from tui_app.text import clean

if TYPE_CHECKING:
    from tui_app.cli.context import Context


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """ROLE."""
    add_role_arguments(parser)
    add_renew_argument(parser)


def run(options: argparse.Namespace, context: Context) -> int:
    """Get the session, then be the shell.

    Raises:
        Cancelled: this is a role's shell already, and the person does not want another inside.
        NeedsPerson: the same, and there is no terminal to ask on.
    """
    inside = context.environ.get(MARK)
    if inside and not context.confirm(f"This is a shell of {clean(inside)} already. Open another inside it?"):
        raise Cancelled("No shell was opened.")
    handed = obtain(options, context, "shell --renew" if options.renew else "shell")
    if not options.renew:
        variables = environment(handed, context)
        return _open(handed, context, lambda start: become(start.argv, {**variables, **start.variables}, context), renews=False)
    with lent(options, handed, context) as child:
        return _open(handed, context, lambda start: wait_for(start.argv, {**child, **start.variables}), renews=True)


def _open(handed: Handed, context: Context, run: Callable[[ShellStart], int], *, renews: bool) -> int:
    settings, environ = context.catalog.settings, context.environ
    mark = prompt_mark(handed.role, None if renews else handed.session)
    ink = prompt_ink(handed.role, environ, settings.colour(handed.role.account))
    start = start_of_shell(environ, mark, ink, str(settings.shell.get("program") or ""))
    if start.note:
        context.note(start.note)
    try:
        return run(start)
    finally:
        start.tidy()
