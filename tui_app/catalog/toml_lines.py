"""Which line each table and setting of a TOML text stands on; `tomllib` does not say.

The text must be one that `tomllib` accepts. Items of lists and settings of inline tables have their own lines too.
"""

from __future__ import annotations

import re
from bisect import bisect_right

Place = tuple[str | int, ...]
"""A setting's way from the top: `("account", 0, "role", 2, "via")`."""

_PART = re.compile(r"""\s*(?:([A-Za-z0-9_-]+)|"((?:[^"\\]|\\.)*)"|'([^']*)')\s*(\.?)""")
_BETWEEN = re.compile(r"(?:[\s,]|#[^\n]*)*")
_SCALAR = re.compile(r"[^,\]}#\n]*")
_STRING = re.compile(r"""\"{3}(?:[^\\]|\\.)*?"{3,5}|'{3}.*?'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""", re.DOTALL)


def setting_lines(text: str) -> dict[Place, int]:
    """Line numbers, from 1, by place."""
    return _Scan(text).run()


def line_of(lines: dict[Place, int], place: Place) -> int:
    """The line of `place`, or of the nearest thing around it."""
    while place:
        if place in lines:
            return lines[place]
        place = place[:-1]
    return 1


class _Scan:
    def __init__(self, text: str) -> None:
        self.text = text
        self.breaks = [match.start() for match in re.finditer("\n", text)]
        self.lines: dict[Place, int] = {}
        self.lengths: dict[Place, int] = {}
        self.table: Place = ()

    def run(self) -> dict[Place, int]:
        at, text = 0, self.text
        while at < len(text):
            character = text[at]
            if character.isspace():
                at += 1
            elif character == "#":
                at = self._end_of_line(at)
            elif character == "[":
                at = self._header(at)
            else:
                at = max(at + 1, self._setting(at))
        return self.lines

    def _header(self, at: int) -> int:
        is_array = self.text.startswith("[[", at)
        parts, end = self._key(at + (2 if is_array else 1))
        place = self._resolved(parts[:-1]) if is_array else self._resolved(parts)
        if is_array and parts:
            place = (*place, parts[-1])
            self.lengths[place] = self.lengths.get(place, 0) + 1
            place = (*place, self.lengths[place] - 1)
        self.table = place
        for depth in range(1, len(place) + 1):
            self.lines.setdefault(place[:depth], self._line(at))
        return self._end_of_line(end)

    def _setting(self, at: int) -> int:
        return self._pair(at, self.table)

    def _pair(self, at: int, table: Place) -> int:
        """A key, possibly dotted, and its value."""
        parts, end = self._key(at)
        for depth in range(1, len(parts) + 1):
            self.lines.setdefault((*table, *parts[:depth]), self._line(at))
        equals = self.text.find("=", end)
        return len(self.text) if equals < 0 else self._value(equals + 1, (*table, *parts))

    def _key(self, at: int) -> tuple[list[str], int]:
        parts: list[str] = []
        while match := _PART.match(self.text, at):
            bare, quoted, literal, dot = match.groups()
            parts.append(bare if bare is not None else literal if literal is not None else _unescaped(quoted))
            at = match.end()
            if not dot:
                break
        return parts, at

    def _resolved(self, parts: list[str]) -> Place:
        place: Place = ()
        for part in parts:
            place = (*place, part)
            if place in self.lengths:
                place = (*place, self.lengths[place] - 1)
        return place

    def _value(self, at: int, place: Place) -> int:
        """Past the value that starts after `at`, with the lines of what is in it."""
        text = self.text
        while at < len(text) and text[at] in " \t":
            at += 1
        first = text[at : at + 1]
        if first in ("'", '"') and (string := _STRING.match(text, at)):
            return string.end()
        if first == "[":
            return self._list(at + 1, place)
        if first == "{":
            return self._inline_table(at + 1, place)
        return _end(_SCALAR, text, at)

    def _list(self, at: int, place: Place) -> int:
        number, at = 0, _end(_BETWEEN, self.text, at)
        while at < len(self.text) and self.text[at] != "]":
            self.lines.setdefault((*place, number), self._line(at))
            at = _end(_BETWEEN, self.text, max(at + 1, self._value(at, (*place, number))))
            number += 1
        return at + 1

    def _inline_table(self, at: int, place: Place) -> int:
        at = _end(_BETWEEN, self.text, at)
        while at < len(self.text) and self.text[at] != "}":
            at = _end(_BETWEEN, self.text, max(at + 1, self._pair(at, place)))
        return at + 1

    def _end_of_line(self, at: int) -> int:
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end

    def _line(self, at: int) -> int:
        return bisect_right(self.breaks, at - 1) + 1 if at else 1


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


def _unescaped(quoted: str) -> str:
    import tomllib

    try:
        return str(tomllib.loads(f'name = "{quoted}"')["name"])
    except ValueError:
        return quoted
