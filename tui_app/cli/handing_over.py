"""What `env`, `exec` and `shell` have in common: a verified session, a yes where the account wants one, and the child's environment."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from types import FrameType
from typing import TYPE_CHECKING

from tui_app.catalog.regions import working_region
from tui_app.errors import Cancelled
from tui_app.handover.child import SIGNALLED, Stopped, cannot_start, run_child
from tui_app.handover.environment import child_environment
from tui_app.model import Role, Session
from tui_app.text import clean
from tui_app.values import frozen

if TYPE_CHECKING:
    from tui_app.cli.context import Context

_ENDING = (signal.SIGTERM, signal.SIGHUP)
_IGNORED_BY_PYTHON = (signal.SIGPIPE, signal.SIGXFSZ)


@frozen
class Handed:
    """A session that may leave, and the region to work in where one is known."""

    role: Role
    session: Session
    region: str | None


def obtain(options: argparse.Namespace, context: Context, how: str) -> Handed:
    """The session of `options.role`, after a yes where the account wants one; `how` goes into the journal.

    Raises:
        Cancelled: the person said no.
        RoledeckError: there is no session to hand over.
    """
    role = context.find_role(options.role, options.via)
    region = working_region(context.catalog, role, options.region)
    if asks_before(role, context) and not context.confirm(f"Hand credentials of {clean(role.key)} over?"):
        raise Cancelled(f"Nothing of {clean(role.key)} was handed over.")
    session = context.broker.obtain(role, context.wanted(options), context.ask_code)
    for warning in context.broker.warnings:
        context.note(clean(warning))
    context.broker.journal.record("handover", session, how=how)
    context.remember(role)
    return Handed(role, session, region)


def environment(handed: Handed, context: Context) -> Mapping[str, str]:
    """The variables of a child; says what was taken out of them that a person should know."""
    made = child_environment(context.environ, handed.session, region=handed.region, endpoint_url=context.endpoint_url, mark=handed.role.key)
    if made.reported:
        context.note(made.sentence())
    return made.variables


def become(argv: Sequence[str], variables: Mapping[str, str], context: Context) -> int:
    """Be replaced by the program; under the demo, whose AWS would die, run it and wait: its exit code.

    Raises:
        CommandNotFound, NotExecutable: it does not start.
    """
    sys.stdout.flush()
    if context.demo is not None:
        return wait_for(argv, variables)
    # Python ignores these from its start, and what is ignored stays so across exec
    before = {number: signal.signal(number, signal.SIG_DFL) for number in _IGNORED_BY_PYTHON}
    try:
        os.execvpe(argv[0], list(argv), dict(variables))  # noqa: S606 - no shell is the point
    except OSError as failure:
        for number, handler in before.items():
            signal.signal(number, handler)
        raise cannot_start(argv[0], failure) from None


@contextmanager
def lent(options: argparse.Namespace, handed: Handed, context: Context) -> Iterator[Mapping[str, str]]:
    """The variables of one child whose credentials renew, until this is left; says how long they last where nobody can renew them here.

    Raises:
        WrongIdentity: a child would be somebody else.
        RoledeckError: they cannot be served.
    """
    from tui_app.handover.lending import HIDDEN, Lending, Loan

    loan = Loan(handed.role, handed.session, replace(context.wanted(options), fresh=False), handed.region, context.endpoint_url)
    with _unwound_by_signals(), Lending(context.broker, context.catalog, context.environ, loan) as lending:
        for sentence in filter(None, (lending.lasting, HIDDEN, lending.child.sentence())):
            context.note(sentence)
        yield lending.child.variables


@contextmanager
def _unwound_by_signals() -> Iterator[None]:
    """What would end us at once ends us by SystemExit, so that what was lent is taken back; what is ignored from the start stays so."""

    def end(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(SIGNALLED + number)

    before = {number: signal.getsignal(number) for number in _ENDING}
    watched = [number for number, handler in before.items() if handler is not signal.SIG_IGN]
    for number in watched:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number in watched:
            signal.signal(number, before[number])


def wait_for(argv: Sequence[str], variables: Mapping[str, str]) -> int:
    """Run the program with job control of our own, stop and go on with it; its exit code.

    Raises:
        CommandNotFound, NotExecutable: it does not start.
    """
    sys.stdout.flush()
    outcome = run_child(argv, variables)
    while isinstance(outcome, Stopped):
        try:
            # stop as the child did, the whole pipeline with us, and go on when our shell says `fg` or `bg`
            os.kill(0, signal.SIGTSTP)
        except BaseException:
            outcome.child.end()
            raise
        outcome = outcome.child.resume()
    return outcome.code


def asks_before(role: Role, context: Context) -> bool:
    """Whether the files want a yes before anything of the role's account is handed over."""
    return context.catalog.settings.wants_a_yes(role.account)
