"""What a rule is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Generic, Literal, NamedTuple, TypeVar

from tui_app.model import Origin
from tui_app.values import frozen

Severity = Literal["error", "warning", "hint"]
"""An error is lost or refused: here, by the AWS CLI, or by AWS. A warning works, but not everywhere or not as meant. A hint works."""
ENVIRONMENT = "environment:"
"""What the path of a finding in the environment starts with; the variable's name follows."""

Subject = TypeVar("Subject")


class Found(NamedTuple):
    """One place a rule objects to: where, one sentence, and what to do about it."""

    where: Origin | None
    message: str
    mend: str


@frozen
class Rule(Generic[Subject]):
    """One rule: how bad, one line about it, and the function that finds it in a subject."""

    severity: Severity
    about: str
    check: Callable[[Subject], Iterator[Found]]


@frozen
class Finding:
    """One finding, `where` being a file's line (0: the file as a whole) or `environment:NAME`."""

    where: Origin
    severity: Severity
    rule: str
    message: str
    mend: str

    @property
    def place(self) -> str:
        """`file:line`, or `environment:NAME`."""
        path, line = self.where.path, self.where.line
        return path if path.startswith(ENVIRONMENT) else f"{path}:{line}"


def found_by(rules: Mapping[str, Rule[Subject]], subject: Subject) -> Iterator[Finding]:
    """What all `rules` find in `subject`; a place that is not known is none of the user's making, and left out."""
    for name, rule in rules.items():
        for found in rule.check(subject):
            if found.where is not None:
                yield Finding(found.where, rule.severity, name, found.message, found.mend)
