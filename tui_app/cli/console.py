"""`roledeck console ROLE`: open the web console signed in as the role; its start page's shortcut for a permission set."""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING

from tui_app.catalog.chain import resolve_chain
from tui_app.catalog.regions import working_region
from tui_app.cli.arguments import add_session_arguments
from tui_app.cli.handing_over import asks_before, obtain
from tui_app.clock import clock_time
from tui_app.errors import Cancelled, UsageError
from tui_app.handover.browser import Browser, browser_for, no_browser, open_plain, open_secret
from tui_app.handover.console_sign_in import LINK_LASTS, Opening, SignInLink, opening, signed_in
from tui_app.handover.deep_links import service_lines
from tui_app.text import clean

if TYPE_CHECKING:
    from tui_app.cli.context import Context


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """ROLE, where to, how; `--services` needs no ROLE."""
    parser.add_argument("role", metavar="ROLE", nargs="?", help="profile, account/role or ARN")
    parser.add_argument("--to", metavar="SERVICE|ARN", default="", help="the page to open: ec2, s3, cfn, …, an ARN, or a console address")
    parser.add_argument("--services", action="store_true", help="list the services that --to knows")
    parser.add_argument("--print", action="store_true", dest="shown", help="print the sign-in link instead of opening it; it is a secret")
    parser.add_argument(
        "--sign-out",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="sign out of the console's present session first",
    )
    parser.add_argument("--region", metavar="R", help="the region to open it in")
    add_session_arguments(parser)


def run(options: argparse.Namespace, context: Context) -> int:
    """Open it, or print the link.

    Raises:
        UsageError: there is no such page, or no ROLE.
        RoledeckError: there is no session, it cannot sign in, or there is no browser.
    """
    if options.services:
        for line in service_lines():
            context.out(line)
        return 0
    if not options.role:
        raise UsageError("roledeck console needs ROLE.", "roledeck ls shows them; roledeck console --services lists pages.")
    role = context.find_role(options.role, options.via)
    region = working_region(context.catalog, role, options.region)
    opened = opening(role, resolve_chain(context.catalog, role), options.to, region)
    browser = browser_for(role, context.environ, context.catalog.settings.console)
    for remark in opened.remarks:
        context.note(remark)
    if not (options.shown or browser.there):
        # before anybody types a code for nothing
        raise no_browser()
    return _by_shortcut(opened, options, context, browser) if opened.shortcut else _by_session(opened, options, context, browser)


def _by_shortcut(opened: Opening, options: argparse.Namespace, context: Context, browser: Browser) -> int:
    """Leave the sign-in to the start page: nothing of ours is handed over."""
    role = opened.role
    if asks_before(role, context) and not context.confirm(f"Open the console of {clean(role.key)}?"):
        raise Cancelled(f"The console of {clean(role.key)} was not opened.")
    if options.shown:
        context.out(opened.shortcut)
        return 0
    open_plain(browser, opened.shortcut)
    context.broker.journal.record("console", role=role.key, role_arn=role.arn, how="start page")
    context.remember(role)
    context.out(f"The start page opens the console of {clean(role.key)} in the browser")
    return 0


def _by_session(opened: Opening, options: argparse.Namespace, context: Context, browser: Browser) -> int:
    handed = obtain(options, context, "console link" if options.shown else "console")
    sign_out = context.catalog.settings.console.get("sign_out") is True if options.sign_out is None else options.sign_out
    link = signed_in(context.door, opened, handed.session, sign_out=sign_out)
    name = clean(opened.role.key)
    if options.shown:
        context.out(link.address.reveal())
        context.note(f"Whoever has this link within {LINK_LASTS} is signed in as {name}: treat it like a password.")
        return 0
    open_secret(browser, link.address)
    context.out(f"The console of {name} opens in the browser{_until(link)}")
    return 0


def _until(link: SignInLink) -> str:
    return f", until {clock_time(link.until, time.time())}" if link.until else ""
