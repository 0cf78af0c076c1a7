"""What a person types to find roles, taken apart: words, `field:value`, `"quoted text"`, and `-` or `!` before what must not be there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from tui_app.text import clean, nearest
from tui_app.values import frozen

FIELDS: Mapping[str, str] = {
    "env": "environment",
    "environment": "environment",
    "role": "role",
    "name": "name",
    "account": "account",
    "alias": "account",
    "id": "id",
    "tag": "tag",
    "region": "region",
    "via": "via",
    "profile": "profile",
    "arn": "arn",
    "state": "state",
    "is": "is",
}
"""The fields by what people write before the colon."""
KINDS: Mapping[str, str] = {
    "favourite": "favourite",
    "favorite": "favourite",
    "favourites": "favourite",
    "favorites": "favourite",
    "recent": "recent",
    "live": "live",
}
"""What may stand after `is:`."""
MOVING = frozenset({"state", "is"})
"""Fields whose answer changes while the files do not."""
LENGTH_LIMIT = 500
_PARTS_LIMIT = 24
_PART = re.compile(r'([-!]?)(?:([^\s":]+):)?(?:"([^"]*)"?|([^\s"]+))?')
_LEFT_OUT = ("Cf", "Cs", "Mn", "Mc", "Me")


@frozen
class Part:
    """One piece of a query. `field` is empty for a word; `value` is folded; `written` is what was typed."""

    field: str
    value: str
    excluded: bool
    written: str


def fold(text: str) -> str:
    """`text` as it is compared: no case, no accents, wide and joined letters as plain ones, controls as spaces, the unseen left out."""
    if text.isascii() and text.isprintable():
        return text.lower()
    kept = (character for character in unicodedata.normalize("NFKD", text) if unicodedata.category(character) not in _LEFT_OUT)
    return "".join(character if character.isprintable() else " " for character in kept).casefold()


def parse_query(text: str) -> tuple[Part, ...]:
    """The parts of a query in their order; what is only half typed (`env:`, `-`, a lone quote) asks for nothing yet.

    A word before a colon that is no field of ours belongs to a plain word, as in an ARN.
    """
    parts: list[Part] = []
    for found in _PART.finditer(text[:LENGTH_LIMIT]):
        written = found[0].strip()
        if not written or len(parts) == _PARTS_LIMIT:
            continue
        sign, name, quoted, plain = found.groups()
        field = FIELDS.get(fold(name)) if name else ""
        value = quoted if quoted is not None else plain or ""
        if name and (field is None or (field == "arn" and not sign and value.startswith("aws"))):
            field, value = "", f"{name}:{value}"
        value = fold(value).strip()
        if value:
            parts.append(Part(field or "", value, bool(sign), written))
    return tuple(parts)


def unknown_fields(text: str) -> tuple[str, ...]:
    """The words before a colon that are no field, as they were typed; the beginning of an ARN is none of them."""
    names = (found[2] for found in _PART.finditer(text[:LENGTH_LIMIT]) if found[2])
    return tuple(dict.fromkeys(name for name in names if fold(name) not in FIELDS and fold(name) != "arn"))


def advice(text: str) -> str:
    """One sentence about a field or a value that cannot be meant, or an empty text."""
    for name in unknown_fields(text):
        guess = nearest(fold(name), FIELDS)
        return f'There is no field "{clean(name)}:".' + (f" The nearest is {guess}:" if guess else f" There are {_listed(FIELDS)}")
    for part in parse_query(text):
        if part.field == "is" and part.value not in KINDS:
            return "is: takes favourite, recent or live"
    return ""


def _listed(names: Iterable[str]) -> str:
    shown = [f"{name}:" for name in names if name != "environment"]
    return f"{', '.join(shown[:-1])} and {shown[-1]}"
