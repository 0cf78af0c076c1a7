"""What every command is given: the environment, the catalog, the broker, the door to AWS, and the person at the terminal, if any."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from tui_app.errors import NeedsPerson, RoledeckError
from tui_app.secret import Secret

if TYPE_CHECKING:
    import argparse

    from tui_app.aws.door import AwsDoor
    from tui_app.catalog.load import Catalog
    from tui_app.cli.codes import Codes
    from tui_app.model import Role
    from tui_app.sessions.broker import Broker, CodeRequest, Wanted


class RunningDemo(Protocol):
    """The embedded AWS, while it runs."""

    url: str
    secret: str
    trouble: RoledeckError | None

    def environment(self) -> dict[str, str]:
        """The variables that point any AWS client at it."""
        ...

    def code(self, serial: str) -> tuple[str, int] | None:
        """The code of a device now, and how many seconds it lasts; None where it is not known."""
        ...

    def watch(self, told: Callable[[RoledeckError], None]) -> None:
        """Have `told` called, on another thread, when it ends by itself."""
        ...

    def cause_of(self, failure: RoledeckError) -> RoledeckError:
        """What a person is told: its own end where that is behind `failure`, else `failure`."""
        ...

    def close(self) -> None:
        """End it and remove its folder."""
        ...


class Context:
    """One run of one command. Catalog, door and broker are made when first asked for."""

    def __init__(
        self, environ: MutableMapping[str, str], *, demo: RunningDemo | None = None, yes: bool = False, debug: bool = False
    ) -> None:
        self.environ = environ
        self.demo = demo
        self.yes = yes
        self.debug = debug

    @cached_property
    def catalog(self) -> Catalog:
        """Which roles there are, from files."""
        from tui_app.catalog.load import load_catalog

        return load_catalog(self.environ)

    @cached_property
    def door(self) -> AwsDoor:
        """The way to AWS."""
        from tui_app.aws.door import AwsDoor

        return AwsDoor(self.endpoint_url)

    @cached_property
    def broker(self) -> Broker:
        """Who gets and keeps credentials."""
        from tui_app.cli.consent import asker
        from tui_app.sessions.broker import Broker

        return Broker(self.catalog, self.environ, self.door, ask_consent=asker(self.environ, lambda: self.yes))

    @property
    def endpoint_url(self) -> str | None:
        """Our own endpoint, which children get too, or None for AWS itself."""
        from tui_app.aws.door import endpoint_from

        return endpoint_from(self.environ, self.catalog.settings.endpoint_url)

    @property
    def interactive(self) -> bool:
        """Whether a person types at stdin, so that a unique prefix of a name will do."""
        return sys.stdin is not None and sys.stdin.isatty()

    def out(self, text: str) -> None:
        """Print a line of the answer.

        Raises:
            RoledeckError: it cannot be written: the disk is full.
        """
        with _answer_may_be_lost():
            sys.stdout.write(text + "\n")

    def flush(self) -> None:
        """Let the answer so far go.

        Raises:
            RoledeckError: it cannot be written.
        """
        with _answer_may_be_lost():
            sys.stdout.flush()

    def note(self, text: str) -> None:
        """Print a line beside the answer."""
        self.flush()
        sys.stderr.write(text + "\n")
        sys.stderr.flush()

    def json(self, answer: object) -> None:
        """Print a `--json` answer; everything beyond ASCII is escaped, so it is safe on a terminal too."""
        import json

        self.out(json.dumps(answer, indent=2))

    def log(self, message: str, *arguments: object, failure: BaseException | None = None) -> None:
        """Note a step in the debug log, if `--debug` keeps one."""
        if self.debug:
            from tui_app.cli import redaction

            redaction.log(message, *arguments, failure=failure)

    def find_role(self, text: str, via: str | None = None, *, exact: bool = False) -> Role:
        """The role that `text` names.

        Raises:
            UnknownRole: none, or several.
        """
        from tui_app.catalog.names import find_role

        return find_role(self.catalog, text, prefix=self.interactive and not exact, via=via)

    def remember(self, role: Role) -> None:
        """The role has been used: it goes before its equals in searches. What cannot be kept is not missed."""
        from contextlib import suppress

        from tui_app.catalog.recents import note_recent
        from tui_app.clock import wall_clock

        with suppress(OSError):
            note_recent(self.environ, role.key, wall_clock())

    def wanted(self, options: argparse.Namespace) -> Wanted:
        """What the options say about the session."""
        from tui_app.sessions.broker import Wanted

        return Wanted(duration=options.duration, fresh=options.fresh, region=_first(getattr(options, "region", None)))

    def ask_code(self, request: CodeRequest) -> Secret:
        """A six-digit code for `request`: ROLEDECK_MFA_CODE once, else from the terminal.

        Raises:
            NeedsPerson: none of them is there.
        """
        return self._codes.ask(request)

    @cached_property
    def _codes(self) -> Codes:
        from tui_app.cli.codes import Codes

        return Codes(self.environ)

    def confirm(self, question: str) -> bool:
        """Ask yes or no; the answer is no unless yes is typed.

        Raises:
            NeedsPerson: there is no terminal, and --yes was not given.
        """
        if self.yes:
            return True
        from tui_app.cli import terminal

        answer = terminal.ask(f"{question} [y/N] ")
        if answer is None:
            raise NeedsPerson(f"{question} There is no terminal to ask on.", "Answer beforehand with --yes.")
        return terminal.is_yes(answer)


@contextmanager
def _answer_may_be_lost() -> Iterator[None]:
    """A full disk in words; stdout goes nowhere from then on, so that nothing stumbles over what is still in its buffer."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as failure:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        reason = (failure.strerror or "unknown reason").lower()
        raise RoledeckError(f"The answer cannot be written: {reason}.", "Send it somewhere else.") from None


def _first(region: str | list[str] | None) -> str | None:
    """The region that a session is got in: of a `--region` that may be said several times, the first."""
    return next(iter(region), None) if isinstance(region, list) else region
