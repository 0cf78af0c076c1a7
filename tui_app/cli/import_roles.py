"""`roledeck import [SOURCE]`: accounts and roles from AWS or other programs' files, as a diff first and then as one file in config.d."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from tui_app import paths
from tui_app.cli.context import Context
from tui_app.cli.progress import progress
from tui_app.errors import ConfigUnusable, UnknownRole, UsageError
from tui_app.text import clean, nearest

if TYPE_CHECKING:
    from tui_app.discovery.difference import Difference
    from tui_app.discovery.proposal import Proposal
    from tui_app.model import AccessKey

SOURCES = ("sso", "organization", "policies", "config", "aws-vault", "switch-roles")
STDIN = "-"
_WITH_KEYS = frozenset({"organization", "policies"})
_WITH_VIA = _WITH_KEYS | {"switch-roles"}
_WAYS = "Say from where: SSO-SESSION, or --from organization, policies, config, aws-vault or switch-roles."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """SOURCE, `--from`, `--via`, `--role`, `--json`, `--dry-run`."""
    parser.add_argument("source", metavar="SOURCE", nargs="?", help="an sso-session, a profile or role, or a file (- for stdin)")
    parser.add_argument("--from", dest="kind", choices=SOURCES, help="what SOURCE is; without it, it goes by its name")
    parser.add_argument("--via", metavar="PROFILE", help="the profile or role that asks, and that the roles are then reached from")
    parser.add_argument("--role", metavar="NAME", help="with organization: add this role in every account")
    parser.add_argument("--dry-run", action="store_true", help="show what would change, and write nothing")
    parser.add_argument("--json", action="store_true", help="answer as JSON")


def run(options: argparse.Namespace, context: Context) -> int:
    """Gather, show what is new, changed and gone, ask, write."""
    from tui_app.discovery.difference import difference, write

    kind = _kind(options, context)
    found = difference(_proposal(kind, options, context), context.catalog, context.environ)
    wanted = bool(found.changes) and not options.dry_run
    if not options.json:
        _show(found, context)
    elif not wanted or not context.yes:
        _answer(found, context, written=False)
    if not wanted:
        return 0
    if not context.confirm(_question(found, context)):
        context.note("Nothing was written.")
        return 0
    write(found, context.environ)
    if options.json and context.yes:
        _answer(found, context, written=True)
    else:
        context.note(f"Written: {clean(paths.shown(found.path, context.environ))}. `roledeck ls` shows the roles.")
    return 0


def _kind(options: argparse.Namespace, context: Context) -> str:
    """What is brought in; what the options say has to fit it.

    Raises:
        UsageError: it is not clear, or an option is for something else.
    """
    kind: str = options.kind or _guessed(options, context)
    if options.via and kind not in _WITH_VIA:
        raise UsageError(f"--via is not for {kind}.", "It goes with organization, policies and switch-roles.")
    if options.role and kind != "organization":
        raise UsageError(f"--role is not for {kind}.", "It goes with --from organization.")
    if options.source and kind in {"config", "aws-vault"}:
        raise UsageError(f"{kind} takes no SOURCE.", "AWS_CONFIG_FILE says which file is read.")
    return kind


def _guessed(options: argparse.Namespace, context: Context) -> str:
    source, catalog = options.source, context.catalog
    if source is None:
        if len(catalog.sign_ins) == 1 and not options.via and not options.role:
            return "sso"
        raise UsageError("It is not said what to import.", _WAYS)
    if source in catalog.sign_ins:
        return "sso"
    if source in catalog.sources or catalog.role(source) or catalog.named(source):
        return "organization" if options.role else "policies"
    if source == STDIN or os.path.isfile(source):
        return "switch-roles"
    near = nearest(source, [*catalog.sign_ins, *catalog.sources])
    raise UsageError(f'"{clean(source)}" is no sso-session, profile, role or file.', f'Did you mean "{clean(near)}"?' if near else _WAYS)


def _proposal(kind: str, options: argparse.Namespace, context: Context) -> Proposal:
    if kind == "sso":
        return _of_start_page(options, context)
    if kind in _WITH_KEYS:
        return _of_account(kind, options, context)
    from tui_app.discovery import profiles

    shared = context.catalog.shared
    if kind == "switch-roles":
        text, name = _text_of(options.source)
        if options.via:
            _known(options.via, context)
        return profiles.of_switch_roles(text, name, options.via or "", shared)
    return profiles.of_config(shared) if kind == "config" else profiles.of_aws_vault(shared)


def _of_start_page(options: argparse.Namespace, context: Context) -> Proposal:
    from tui_app.cli.sign_ins import named_sign_in
    from tui_app.discovery.memory import discover_and_remember
    from tui_app.discovery.proposal import of_start_page

    sign_in = named_sign_in(context, options.source)
    return of_start_page(discover_and_remember(context.door, sign_in, context.environ, progress(context.environ, "account")))


def _of_account(kind: str, options: argparse.Namespace, context: Context) -> Proposal:
    from tui_app.discovery.proposal import of_organization, of_policies

    if options.source and options.via and options.source != options.via:
        raise UsageError("SOURCE and --via name different credentials.", "Say one of them.")
    via = options.via or options.source or _only_source(context)
    key, region, via = _keys(via, context)
    if kind == "organization":
        from tui_app.discovery.organization import list_organization

        if options.role:
            _check_role(options.role)
        return of_organization(list_organization(context.door, key, region, progress(context.environ, "account")), via, options.role or "")
    from tui_app.discovery.own_policies import read_own_policies

    return of_policies(read_own_policies(context.door, key, region, progress(context.environ, "policy")), via)


def _only_source(context: Context) -> str:
    """The profile that AWS clients would use here, else the only one with credentials."""
    from tui_app.catalog.shared_config import chosen_profile

    sources, chosen = context.catalog.sources, chosen_profile(context.environ)
    if chosen in sources or context.catalog.role(chosen):
        return chosen
    if len(sources) == 1:
        return next(iter(sources))
    names = ", ".join(map(clean, sources)) or "no profile has credentials"
    raise UsageError("It is not said whose credentials to ask with.", f"Add --via PROFILE: {names}.")


def _known(via: str, context: Context) -> None:
    """Refuse a way that no file names, before anything is written with it.

    Raises:
        UnknownRole: no profile and no role goes by that name.
    """
    if via not in context.catalog.shared.profiles:
        context.find_role(via, exact=True)


def _keys(via: str, context: Context) -> tuple[AccessKey, str | None, str]:
    """The keys of a profile or a role, the region to ask in, and its name as a `via` has it."""
    from tui_app.sessions.broker import Wanted

    catalog = context.catalog
    source = catalog.sources.get(via)
    if catalog.role(via) is None and source is not None:
        return context.broker.source_key(source), source.region or catalog.defaults.region, via
    try:
        role = context.find_role(via)
    except UnknownRole:
        if via in catalog.shared.profiles:
            raise ConfigUnusable(f"The profile {clean(via)} has no credentials.", "Name another with --via.") from None
        raise
    session = context.broker.obtain(role, Wanted(), context.ask_code)
    return session.credentials.key, role.request.region or catalog.defaults.region, role.key


def _check_role(name: str) -> None:
    from tui_app.catalog import limits

    if should_be := limits.role_name(name):
        raise UsageError(f"{clean(name)} is not a role's name.", should_be)


def _text_of(source: str | None) -> tuple[str, str]:
    """The text of a file or of stdin, and the name it is filed under."""
    if source in (None, STDIN):
        if sys.stdin is None or sys.stdin.isatty():
            raise UsageError("It is not said which file to read.", "roledeck import --from switch-roles FILE, or - for stdin.")
        return sys.stdin.buffer.read().decode("utf-8-sig", "replace"), "stdin"
    from tui_app.catalog.reading import read_file

    content, trouble = read_file(str(source))
    if trouble:
        raise ConfigUnusable(f"{clean(source)} {trouble}.", "Name the text that extend-switch-roles shows in its options.")
    return content.decode("utf-8-sig", "replace"), os.path.splitext(os.path.basename(str(source)))[0]


def _show(found: Difference, context: Context) -> None:
    from tui_app.cli.import_diff import lines

    for line in lines(found, context):
        context.out(line)


def _answer(found: Difference, context: Context, *, written: bool) -> None:
    from tui_app.cli.import_diff import document

    context.json(document(found, written=written))


def _question(found: Difference, context: Context) -> str:
    return f"Write this to {clean(paths.shown(found.path, context.environ))} ({found.counts()})?"
