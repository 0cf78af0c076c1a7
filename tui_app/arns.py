"""Amazon Resource Names taken apart: `arn:partition:service:region:account:resource`."""

from __future__ import annotations

from typing import NamedTuple

_PARTS = 6


class Arn(NamedTuple):
    """The parts as they are written; `resource` may hold colons of its own."""

    partition: str
    service: str
    region: str
    account: str
    resource: str


def parse_arn(text: str) -> Arn | None:
    """The parts of an ARN; None for what is none, such as a hardware device's serial."""
    parts = text.split(":", _PARTS - 1)
    return Arn(*parts[1:]) if len(parts) == _PARTS and parts[0] == "arn" else None


def account_of(text: str) -> str:
    """The account id in an ARN; an empty text for what is none."""
    arn = parse_arn(text)
    return arn.account if arn else ""
