"""`roledeck credential-process ROLE`: what the AWS `credential_process` setting calls. Exact names only; stdout carries the JSON alone."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from tui_app.cli.arguments import add_role_arguments
from tui_app.handover.credential_process import answer_of, enter, file_ready

if TYPE_CHECKING:
    from tui_app.cli.context import Context
    from tui_app.model import Role


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """ROLE."""
    add_role_arguments(parser)


def run(options: argparse.Namespace, context: Context) -> int:
    """Get the session and print it; the next call for the same words is answered without any of this.

    Raises:
        ConfigUnusable: the profile leads back to itself.
        NeedsPerson: a code is needed and there is no terminal.
    """
    enter(options.role, context.environ)
    role = context.find_role(options.role, options.via, exact=True)
    session = context.broker.obtain(role, context.wanted(options), context.ask_code)
    context.out(answer_of(session))
    if not session.from_cache:
        context.broker.journal.record("handover", session, how="credential-process")
    if _plain(options) and context.catalog.settings.storage == "file":
        file_ready(options.role, session, context.environ, _read(role, context))
    return 0


def _plain(options: argparse.Namespace) -> bool:
    """Whether the words were the name alone, which is what the fast path looks for."""
    return options.via is None and options.duration is None and not options.fresh and options.region is None


def _read(role: Role, context: Context) -> list[tuple[str, int, int, int]]:
    """The stamps of the files that led to the answer, the session's own file last: a session that is dropped is not handed out."""
    from tui_app.sessions.index import stamp

    stamps = [(kept.path, kept.mtime_ns, kept.size, kept.inode) for kept in context.catalog.stamps]
    file = context.broker.session_file(role)
    return [*stamps, stamp(file)] if file else stamps
