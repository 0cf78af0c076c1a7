"""`roledeck logout [SSO-SESSION]`: give the token back to AWS, and drop it here with the sessions that came through it."""

from __future__ import annotations

import argparse

from tui_app.cli.context import Context
from tui_app.cli.sign_ins import named_sign_in
from tui_app.clock import wall_clock
from tui_app.errors import UsageError
from tui_app.model import SsoSession
from tui_app.sessions.sign_in.start import roles_through, sign_out_of
from tui_app.text import clean


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """SSO-SESSION or `--all`."""
    parser.add_argument("sign_in", metavar="SSO-SESSION", nargs="?", help="which one; not needed where there is only one")
    parser.add_argument("--all", action="store_true", help="every one")


def run(options: argparse.Namespace, context: Context) -> int:
    """Sign out and tell what was dropped."""
    if options.all and options.sign_in is not None:
        raise UsageError("What should be signed out of is not clear.", "Say one of SSO-SESSION and --all.")
    chosen = list(context.catalog.sign_ins.values()) if options.all else [named_sign_in(context, options.sign_in)]
    signed_out = [_sign_out(sign_in, context) for sign_in in chosen]
    if not any(signed_out):
        context.note("You were not signed in.")
    return 0


def _sign_out(sign_in: SsoSession, context: Context) -> bool:
    had, trouble = sign_out_of(context.door, sign_in, context.environ, wall_clock)
    name = clean(sign_in.key, 256)
    if trouble:
        context.note(f"{name} is signed out here, but AWS was not told: {trouble} Its token stays good there until it ends.")
    if had:
        context.out(f"Signed out of {name}.")
    for role_key in roles_through(context.catalog, context.broker.known(), sign_in):
        for what in context.broker.forget(role_key):
            context.out(f"Dropped {what}.")
    return had
