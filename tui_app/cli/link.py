"""`roledeck link ROLE`: the console's switch-role link, and why it may not work."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from tui_app.catalog.chain import resolve_chain
from tui_app.handover.console import switch_role_link

if TYPE_CHECKING:
    from tui_app.cli.context import Context


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """ROLE alone: nothing is assumed."""
    parser.add_argument("role", metavar="ROLE", help="profile, account/role or ARN")
    parser.add_argument("--via", metavar="SOURCE", help="the profile or role to start from")


def run(options: argparse.Namespace, context: Context) -> int:
    """Print the link; what may keep it from working goes to stderr. Contacts nothing."""
    role = context.find_role(options.role, options.via)
    link = switch_role_link(role, resolve_chain(context.catalog, role))
    context.out(link.url)
    for warning in link.warnings:
        context.note(warning)
    return 0
