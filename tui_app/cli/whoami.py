"""`roledeck whoami [ROLE]`: who the credentials are, where they came from, and what wins over what was meant."""

from __future__ import annotations

import argparse

from tui_app import paths
from tui_app.cli.arguments import add_session_arguments
from tui_app.cli.context import Context
from tui_app.errors import ConfigUnusable
from tui_app.model import AccessKey, Identity, Role, Source
from tui_app.sessions.ambient import KEY_VARIABLES, Ambient, ambient
from tui_app.sessions.identity import is_role
from tui_app.text import clean
from tui_app.values import frozen


@frozen
class Found:
    """An identity with its story; `role` is who was meant, where that is known."""

    identity: Identity
    region: str
    role: Role | None
    came_from: str
    warnings: tuple[str, ...]

    @property
    def match(self) -> bool | None:
        """Whether it is who was meant; None where nobody was."""
        return is_role(self.role.arn, self.identity.arn) if self.role else None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """ROLE is optional: without one it is about this environment."""
    parser.add_argument("role", metavar="ROLE", nargs="?", help="profile, account/role or ARN; without it: what AWS clients get here")
    add_session_arguments(parser)
    parser.add_argument("--region", metavar="R", help="the region to ask in")
    parser.add_argument("--json", action="store_true", help="answer as JSON")


def run(options: argparse.Namespace, context: Context) -> int:
    """Ask GetCallerIdentity and tell."""
    found = _found(options, context)
    for warning in context.broker.warnings:
        context.note(clean(warning))
    if options.json:
        context.json(_answer(found))
        return 0
    for line in _lines(found, context):
        context.out(line)
    for warning in found.warnings:
        context.note(warning)
    return 0


def _found(options: argparse.Namespace, context: Context) -> Found:
    if not options.role:
        return _of_environment(options, context)
    source = context.catalog.sources.get(options.role)
    if (
        source is not None
        and options.via is None
        and context.catalog.role(options.role) is None
        and not context.catalog.named(options.role)
    ):
        return _of_source(source, options, context)
    return _of_role(options, context)


def _of_source(source: Source, options: argparse.Namespace, context: Context) -> Found:
    """A profile that is no role: who its own credentials are."""
    region = options.region or source.region or context.catalog.defaults.region
    identity = context.door.caller_identity(context.broker.source_key(source), region or None)
    place = f", {clean(paths.shown(str(source.origin), context.environ))}" if source.origin else ""
    return Found(identity, region or identity.region, None, f"profile {clean(options.role)}{place}", ())


def _of_role(options: argparse.Namespace, context: Context) -> Found:
    role = context.find_role(options.role, options.via)
    session = context.broker.obtain(role, context.wanted(options), context.ask_code)
    region = options.region or role.request.region or next(iter(role.regions), "") or context.catalog.defaults.region
    identity = context.door.caller_identity(session.credentials.key, region or None)
    warnings = tuple(
        f"{name} is set here: AWS clients use it, not {clean(role.key)}, unless roledeck starts them."
        for name in KEY_VARIABLES[:1]
        if context.environ.get(name)
    )
    kept = "kept" if session.from_cache else "new"
    return Found(identity, region or identity.region, role, f"a {kept} session of {clean(role.key)}{_places(role, context)}", warnings)


def _places(role: Role, context: Context) -> str:
    """Each setting with its file and line."""
    written = [f"{clean(name)} {clean(paths.shown(str(origin), context.environ))}" for name, origin in role.origins.items()]
    return f" ({', '.join(written)})" if written else ""


def _of_environment(options: argparse.Namespace, context: Context) -> Found:
    here = ambient(context.catalog, context.environ)
    region = options.region or here.region
    if here.role is not None:
        session = context.broker.obtain(here.role, context.wanted(options), context.ask_code)
        key = session.credentials.key
    else:
        key = here.key or _source_key(here, context)
    identity = context.door.caller_identity(key, region or None)
    return Found(identity, region or identity.region, here.role, here.came_from, here.warnings)


def _source_key(here: Ambient, context: Context) -> AccessKey:
    if here.source is None:
        reason = here.warnings[-1] if here.warnings else f"AWS clients find {here.came_from}."
        raise ConfigUnusable(reason, "Name a role: roledeck whoami ROLE; or set AWS_PROFILE.")
    return context.broker.source_key(here.source)


def _answer(found: Found) -> dict[str, object]:
    return {
        "account": found.identity.account,
        "arn": found.identity.arn,
        "user_id": found.identity.user_id,
        "region": found.region,
        "expected": {"account": found.role.account.id, "role": found.role.name} if found.role else None,
        "match": found.match,
        "credentials_from": found.came_from,
        "warnings": list(found.warnings),
    }


def _lines(found: Found, context: Context) -> list[str]:
    account = next((account for account in context.catalog.accounts if account.id == found.identity.account), None)
    named = f"  {clean(account.label)}" if account and account.name else ""
    lines = [
        f"Account   {found.identity.account}{named}",
        f"ARN       {clean(found.identity.arn, 2048)}",
        f"User id   {clean(found.identity.user_id)}",
        f"Region    {clean(found.region) or 'none is set'}",
        f"From      {found.came_from}",
    ]
    if found.match is not None:
        lines.append(
            f"Expected  {clean(found.role.key) if found.role else ''}: {'yes, that is who this is' if found.match else 'NO, somebody else'}"
        )
    return lines
