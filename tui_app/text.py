"""Text from AWS and from files is hostile until it has been through here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches

CELL_LIMIT = 1024
MARKS_LIMIT = 4

_UNSAFE = (
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)


def _stand_in(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:  # noqa: PLR2004 - the C0 controls have pictures of their own at U+2400
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"  # noqa: PLR2004 - DEL


def clean(text: object, limit: int = CELL_LIMIT) -> str:
    """`text` as one safe terminal line: controls, bidi and invisible characters replaced, length and stacked marks capped.

    Idempotent. Copying and API calls use the raw value, never this one.
    """
    line = str(text)
    if len(line) > limit:
        line = line[: limit - 1] + "…"
    if line.isascii() and line.isprintable():
        return line
    return _cap_marks(re.sub(_UNSAFE, _stand_in, line))


def _cap_marks(line: str) -> str:
    kept, marks = [], 0
    for character in line:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= MARKS_LIMIT:
            kept.append(character)
    return "".join(kept)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` was probably meant to be, or None."""
    found = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return found[0] if found else None


def middle(text: str, width: int) -> str:
    """`text` cut in its middle to `width` characters: `CrossAcc…operRole`."""
    if len(text) <= width:
        return text
    if width < 2:  # noqa: PLR2004 - no room for anything but the mark
        return "…"[:width]
    tail = (width - 1) // 2
    return text[: width - 1 - tail] + "…" + text[len(text) - tail :]


def cells(text: str) -> int:
    """How many columns of a terminal `text` takes: wide characters two, marks on the one before none."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def middle_cells(text: str, width: int, measure: Callable[[str], int] = cells) -> str:
    """`text` cut in its middle to at most `width` columns, so that its end still tells it from others."""
    if measure(text) <= width:
        return text
    if text.isascii():
        return middle(text, width)
    head, tail = (width - 1) - (width - 1) // 2, max(0, width - 1) // 2
    start, end = 0, len(text)
    while start < end and measure(text[: start + 1]) <= head:
        start += 1
    while end > start and measure(text[end - 1 :]) <= tail:
        end -= 1
    # a mark does not stand alone: it goes with the letter that was cut away
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return text[:start] + "…" + text[end:] if width > 0 else ""


def padded(text: str, width: int) -> str:
    """`text` cut in its middle or filled with spaces to exactly `width` columns."""
    shown = middle_cells(text, width)
    return shown + " " * (width - cells(shown))


def front(text: str, width: int) -> str:
    """`text` cut at its front to `width` characters, for paths: `…config.toml:22`."""
    return text if len(text) <= width else "…" + text[len(text) - width + 1 :] if width > 0 else ""


def plural(count: int, noun: str) -> str:
    """`1 role`, `3 roles`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def utf8(environ: Mapping[str, str]) -> bool:
    """Whether the locale is UTF-8.

    Python itself sets LC_CTYPE to C.UTF-8 where the locale is C, so that value says nothing when LANG says otherwise.
    """
    ctype = environ.get("LC_CTYPE", "")
    coerced = ctype in ("C.UTF-8", "C.utf8") and bool(environ.get("LANG"))
    said = environ.get("LC_ALL") or ("" if coerced else ctype) or environ.get("LANG") or ctype
    return not said or "utf-8" in said.casefold() or "utf8" in said.casefold()
