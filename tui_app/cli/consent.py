"""The question whether a program that the files name may be run; asked once for each, on the terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tui_app.cli import terminal
from tui_app.sessions.consent import Program, question_of, unasked


def asker(environ: Mapping[str, str], said_yes: Callable[[], bool]) -> Callable[[Program], bool]:
    """The callback for the broker; `said_yes` is whether --yes was given, which answers it."""

    def ask(program: Program) -> bool:
        if said_yes():
            return True
        question = f"{question_of(program, environ)}\n  {program.shown}\nRun it now, and from now on without asking? [y/N] "
        answer = terminal.ask(question)
        if answer is None:
            raise unasked(program, environ)
        return terminal.is_yes(answer)

    return ask
