"""How policies compare texts: wildcards, ARNs and `${variables}`, in time linear in the texts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

Value = str | tuple[str, ...]
Context = Mapping[str, Value]
"""What is known of a request: condition key in lower case to its value, or its values for a multivalued key."""

ARN_PARTS = 6

_VARIABLE = re.compile(r"\$\{\s*([^},]*?)\s*(?:,\s*'([^']*)'\s*)?\}")
_LITERAL = str.maketrans({"*": "\ue000", "?": "\ue001"})
_BACK = str.maketrans({"\ue000": "*", "\ue001": "?"})


def matches(pattern: str, text: str) -> bool:
    """Whether `text` fits `pattern`, where `*` is any run of characters and `?` any single one. Case counts."""
    if "*" not in pattern and "?" not in pattern:
        return pattern == text
    first, *rest = pattern.split("*")
    if not rest:
        return len(pattern) == len(text) and _same(pattern, text, 0)
    last = rest.pop()
    if len(text) < len(first) + len(last) or not _same(first, text, 0) or not _same(last, text, len(text) - len(last)):
        return False
    place, end = len(first), len(text) - len(last)
    for piece in rest:
        place = _find(piece, text, place, end)
        if place < 0:
            return False
    return True


def _same(piece: str, text: str, place: int) -> bool:
    if "?" not in piece:
        return text.startswith(piece, place)
    return len(text) - place >= len(piece) and all(mine in ("?", text[place + offset]) for offset, mine in enumerate(piece))


def _find(piece: str, text: str, place: int, end: int) -> int:
    """Where the piece ends at its first fit between `place` and `end`; -1 for nowhere."""
    if "?" not in piece:
        found = text.find(piece, place, end)
        return found + len(piece) if found >= 0 else -1
    return next((start + len(piece) for start in range(place, end - len(piece) + 1) if _same(piece, text, start)), -1)


def arn_matches(pattern: str, arn: str) -> bool:
    """Whether each of the six parts of `arn` fits that of `pattern`; wildcards do not reach over a colon of the first five."""
    mine, theirs = pattern.split(":", 5), arn.split(":", 5)
    return len(mine) == len(theirs) == ARN_PARTS and all(map(matches, mine, theirs))


def resolve(pattern: str, context: Context) -> str | None:
    """`pattern` with its variables replaced by literal texts that no wildcard reads into; None when one has no single value.

    `literal()` has to be applied to the text that such a result is compared with.
    """
    if "${" not in pattern:
        return pattern
    unknown = False

    def replace(found: re.Match[str]) -> str:
        nonlocal unknown
        name, default = found[1], found[2]
        if name in ("*", "?", "$"):
            return name.translate(_LITERAL)
        value = context.get(name.lower())
        if isinstance(value, str):
            return value.translate(_LITERAL)
        if default is not None:
            return default.translate(_LITERAL)
        unknown = True
        return ""

    text = _VARIABLE.sub(replace, pattern)
    return None if unknown else text


def literal(text: str) -> str:
    """`text` as it is compared with a resolved pattern."""
    return text.translate(_LITERAL)


def plain(resolved: str) -> str:
    """A resolved pattern as an ordinary text, for comparisons without wildcards."""
    return resolved.translate(_BACK)


def fits(pattern: str, text: str, context: Context, *, variables: bool) -> bool | None:
    """`matches` with variables replaced first; None when a variable has no value."""
    if not variables or "${" not in pattern:
        return matches(pattern, text)
    resolved = resolve(pattern, context)
    return None if resolved is None else _fits_resolved(resolved, text)


def _fits_resolved(resolved: str, text: str) -> bool:
    """A real `*` of the pattern stays one; a `*` that a variable brought is a character."""
    return matches(resolved, literal(text))


class ActionSet:
    """Many action patterns, quick to ask: exact names by a set, wildcards by service. Case does not count."""

    __slots__ = ("_by_service", "_everywhere", "_exact")

    def __init__(self, patterns: tuple[str, ...]) -> None:
        lowered = [pattern.lower() for pattern in patterns]
        self._exact = frozenset(pattern for pattern in lowered if "*" not in pattern and "?" not in pattern)
        self._by_service: dict[str, list[str]] = {}
        self._everywhere: list[str] = []
        for pattern in lowered:
            if pattern in self._exact:
                continue
            service, colon, _ = pattern.partition(":")
            wild = not colon or "*" in service or "?" in service
            (self._everywhere if wild else self._by_service.setdefault(service, [])).append(pattern)

    def __contains__(self, action: str) -> bool:
        name = action.lower()
        if name in self._exact:
            return True
        candidates = self._by_service.get(name.partition(":")[0], ())
        return any(matches(pattern, name) for pattern in candidates) or any(matches(pattern, name) for pattern in self._everywhere)


@lru_cache(maxsize=4096)
def action_set(patterns: tuple[str, ...]) -> ActionSet:
    """The prepared set of these patterns."""
    return ActionSet(patterns)
