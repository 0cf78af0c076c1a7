"""`roledeck login [SSO-SESSION]`: sign in at an IAM Identity Center start page, in a browser here or with a code on another screen."""

from __future__ import annotations

import argparse

from tui_app.cli.context import Context
from tui_app.cli.sign_ins import named_sign_in
from tui_app.clock import clock_time, rfc3339, time_left, wall_clock
from tui_app.errors import RoledeckError, UsageError
from tui_app.model import SsoSession
from tui_app.sessions.sign_in.opening import can_open, open_link
from tui_app.sessions.sign_in.prompt import Prompt
from tui_app.sessions.sign_in.start import Way, sign_in_at, way_for
from tui_app.sessions.sign_in.token_files import SsoToken
from tui_app.text import clean, plural


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """SSO-SESSION, `--start-url`, `--region`, `--device`, `--no-browser`, `--json`."""
    parser.add_argument("sign_in", metavar="SSO-SESSION", nargs="?", help="which one; not needed where there is only one")
    parser.add_argument("--start-url", metavar="URL", help="a start page that is in no file yet; it is written down once you are in")
    parser.add_argument("--region", metavar="R", help="the region of that start page")
    parser.add_argument(
        "--device", "--use-device-code", action="store_true", help="show a code to approve on any other screen, as over SSH"
    )
    parser.add_argument("--no-browser", action="store_true", help="only show the link, for a browser on this machine")
    parser.add_argument("--json", action="store_true", help="answer as JSON")


def run(options: argparse.Namespace, context: Context) -> int:
    """Sign in; nothing is asked on the terminal, so none is needed."""
    sign_in = _sign_in(options, context)
    way = _way(options, sign_in, context)
    token = sign_in_at(
        context.door,
        sign_in,
        context.environ,
        wall_clock,
        way=way,
        show=lambda prompt: _show(prompt, context, opens=not options.no_browser),
        stop=lambda: False,
    )
    if options.json:
        context.json(_answer(sign_in, token))
    else:
        context.out(_words(sign_in, token))
    _keep(sign_in, context)
    _look_for_roles(sign_in, context)
    return 0


def _sign_in(options: argparse.Namespace, context: Context) -> SsoSession:
    """The one that the files name, or the one that the options describe."""
    if options.start_url is None:
        if options.region is not None:
            raise UsageError("--region goes with --start-url.", "A start page of the files has its region there.")
        return named_sign_in(context, options.sign_in)
    from tui_app.catalog.new_sign_in import checked

    return checked(options.start_url, options.region or "", options.sign_in or "", context.catalog.sign_ins)


def _keep(sign_in: SsoSession, context: Context) -> None:
    """A start page that no file names is written down, now that it has let the person in."""
    if sign_in.key in context.catalog.sign_ins:
        return
    from tui_app import paths
    from tui_app.catalog.new_sign_in import keep

    context.note(f"Written: {clean(paths.shown(keep(context.environ, sign_in), context.environ))}")


def _look_for_roles(sign_in: SsoSession, context: Context) -> None:
    """What the sign-in leads to is listed from now on; the sign-in itself stands, whatever becomes of this."""
    from tui_app.cli.progress import progress
    from tui_app.discovery.memory import discover_and_remember

    context.flush()
    try:
        page = discover_and_remember(context.door, sign_in, context.environ, progress(context.environ, "account"))
    except RoledeckError as failure:
        context.note(clean(f"Its roles could not be listed. {failure.message}"))
        return
    context.note(f"{plural(len(page.roles), 'role')} in {plural(len(page.accounts), 'account')}; `roledeck ls` shows them.")


def _way(options: argparse.Namespace, sign_in: SsoSession, context: Context) -> Way:
    if options.device:
        return "device"
    return "browser" if options.no_browser and sign_in.name else way_for(sign_in, context.environ)


def _show(prompt: Prompt, context: Context, *, opens: bool) -> None:
    """The link, and the code where there is one; on stderr, and there at once."""
    opened = opens and can_open(context.environ) and open_link(prompt.link, context.environ)
    minutes = max(1, round((prompt.ends - wall_clock()) / 60))
    name = clean(prompt.sign_in, 256)
    context.note(f"To sign in to {name}, {'a browser opens' if opened else 'open'}\n\n  {prompt.link}\n")
    if prompt.user_code:
        context.note(f"and compare the code there with  {prompt.user_code}\n")
        context.note(f"The code can also be typed at {prompt.page}")
    context.note(f"Waiting for up to {minutes} minutes; Ctrl-C gives up.")


def _answer(sign_in: SsoSession, token: SsoToken) -> dict[str, str]:
    return {
        "sso_session": sign_in.key,
        "start_url": sign_in.start_url,
        "region": sign_in.region,
        "expires": rfc3339(token.expires),
        "renews": "itself" if token.renews(wall_clock()) else "asks",
    }


def _words(sign_in: SsoSession, token: SsoToken) -> str:
    now = wall_clock()
    left, end = time_left(token.left(now)), clock_time(token.expires, now)
    renews = "renews itself" if token.renews(now) else "then you sign in again"
    return f"Signed in to {clean(sign_in.key, 256)}  {left} left, until {end} ({renews})"
