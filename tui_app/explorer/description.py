"""A row as AWS told it, for the eyes: what may hold a secret is withheld, and tags are one mapping whatever their service calls them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tui_app.explorer.cells import scalar, words
from tui_app.explorer.expressions import look_up

WITHHELD = "(withheld)"
"""Stands where a value may be a secret: of environment variables and passwords only the names are told."""

_SECRET = re.compile(
    r"(?i)(secret(string|binary|accesskey|key)?|.*password|auth_?token|session_?token|private_?key|client_?secret|user_?data|connectionstring"
    r"|(header|parameter|resolved)value)"
)
"""What is withheld; among it headers that CloudFront sends to an origin, and parameters of stacks, as not each secret one has NoEcho."""
_VARIABLES = re.compile(r"(?i)environment(variables)?|variables|env")
"""What services call the variables of a program: a mapping of name to value, or a list of names with values."""


def withheld(value: Any, *, variables: bool = False) -> Any:
    """The value as plain JSON: dates as RFC 3339, bytes left out, and what may be a secret replaced by `WITHHELD`."""
    if isinstance(value, Mapping):
        return {str(name): _member(str(name), item, variables=variables) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [withheld(item, variables=variables) for item in value]
    if isinstance(value, bytes):
        return WITHHELD
    return scalar(value)


def _member(name: str, item: Any, *, variables: bool) -> Any:
    nested = isinstance(item, (Mapping, list, tuple))
    if _SECRET.fullmatch(name) and isinstance(item, (str, bytes)):
        return WITHHELD
    if _SECRET.fullmatch(name) and isinstance(item, Mapping) and "Value" in item:  # as EC2 tells user data
        return {**withheld(item), "Value": WITHHELD}
    if variables and not nested and name.casefold() not in ("name", "type"):
        return WITHHELD
    return withheld(item, variables=nested and (variables or bool(_VARIABLES.fullmatch(name))))


def tags_of(path: str, row: object) -> Mapping[str, str]:
    """The tags of a row: a list of keys with values, or a mapping; none where there are none."""
    found = look_up(path, row) if path else None
    if isinstance(found, dict):
        return {str(name): words(value) for name, value in found.items()}
    pairs = [pair for pair in found if isinstance(pair, dict)] if isinstance(found, list) else []
    named = [(pair.get("Key", pair.get("key")), pair.get("Value", pair.get("value", ""))) for pair in pairs]
    return {str(name): words(value) for name, value in named if name is not None}
