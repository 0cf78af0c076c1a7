"""What would change in a config file, as a unified diff for people: every line safe on a terminal, no key or token ever shown."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from tui_app.text import clean

CONTEXT = 3
LONG = 3000
"""Changed lines above which lines are no longer matched one with the other: that would take seconds and help nobody."""
_SECRET = re.compile(r"(?i)([^=:]*(?:secret|token|password|access_key|external_id)[^=:]*[=:]).*")
_HUNK = re.compile(r"@@ -(\d+)(,\d+)? \+(\d+)(,\d+)? @@")


def unified(old: bytes, new: bytes, shown: str) -> list[str]:
    """The lines of the diff from `old` to `new`; none where they are the same. The values of secret settings are left out."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    if before == after:
        return []
    same = _common(before, after)
    tail = _common(before[same:][::-1], after[same:][::-1])
    start = max(same - CONTEXT, 0)
    one, two = before[start : len(before) - tail + CONTEXT], after[start : len(after) - tail + CONTEXT]
    lines = _short(one, two) if max(len(one), len(two)) <= LONG else _whole(one, two)
    return [f"--- {shown}", f"+++ {shown}", *(_line(line, start) for line in lines)]


def _common(one: Sequence[bytes], two: Sequence[bytes]) -> int:
    pairs = zip(one, two, strict=False)
    return next((number for number, (left, right) in enumerate(pairs) if left != right), min(len(one), len(two)))


def _short(one: Sequence[bytes], two: Sequence[bytes]) -> list[str]:
    texts = [[line.decode("utf-8", "surrogateescape") for line in lines] for lines in (one, two)]
    return list(difflib.unified_diff(texts[0], texts[1], n=CONTEXT))[2:]


def _whole(one: Sequence[bytes], two: Sequence[bytes]) -> list[str]:
    head = _common(one, two)
    tail = _common(one[head:][::-1], two[head:][::-1])
    signed = [
        *((" ", line) for line in one[:head]),
        *(("-", line) for line in one[head : len(one) - tail]),
        *(("+", line) for line in two[head : len(two) - tail]),
        *((" ", line) for line in one[len(one) - tail :]),
    ]
    lines = [sign + line.decode("utf-8", "surrogateescape") for sign, line in signed]
    return [f"@@ -{1 if one else 0},{len(one)} +{1 if two else 0},{len(two)} @@", *lines]


def _line(line: str, start: int) -> str:
    if match := _HUNK.match(line):
        return f"@@ -{int(match[1]) + start}{match[2] or ''} +{int(match[3]) + start}{match[4] or ''} @@"
    text, sign = line[1:].rstrip("\r\n"), line[:1]
    ended = "" if line.endswith(("\n", "\r")) else "\n\\ No newline at end of file"
    hidden = _SECRET.fullmatch(text)
    return sign + clean(hidden[1] + " ****" if hidden else text) + ended
