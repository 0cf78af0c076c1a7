"""`roledeck forget`: drop sessions, and say what was dropped."""

from __future__ import annotations

import argparse

from tui_app.cli.context import Context
from tui_app.errors import UnknownRole, UsageError
from tui_app.text import clean


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One of ROLE, `--expired`, `--all`."""
    parser.add_argument("role", metavar="ROLE", nargs="?", help="profile, account/role or ARN")
    parser.add_argument("--via", metavar="SOURCE", help="the profile or role that an ARN starts from")
    parser.add_argument("--expired", action="store_true", help="only sessions that are over")
    parser.add_argument("--all", action="store_true", help="every session, MFA sessions too")


def run(options: argparse.Namespace, context: Context) -> int:
    """Drop and tell."""
    if bool(options.role) + options.expired + options.all != 1:
        raise UsageError("What should be forgotten is not clear.", "Say one of ROLE, --expired and --all.")
    if options.all:
        dropped = context.broker.forget_all()
    elif options.expired:
        dropped = context.broker.forget_expired()
    else:
        dropped = _of_role(options, context)
    for what in dropped:
        context.out(f"Dropped {what}.")
    # what could not be removed
    stays = context.broker.warnings
    for warning in stays:
        context.note(clean(warning))
    if not dropped and not stays:
        context.note("There was nothing to drop.")
    return 1 if stays else 0


def _of_role(options: argparse.Namespace, context: Context) -> tuple[str, ...]:
    try:
        role = context.find_role(options.role, options.via)
    except UnknownRole:
        # a session outlives the entry in the files that it came from
        if dropped := context.broker.forget(options.role):
            return dropped
        raise
    return context.broker.forget(role.key)
