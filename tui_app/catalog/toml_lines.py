"""Which line each table and setting of a TOML text stands on; `tomllib` does not say.

The text must be one that `tomllib` accepts. Settings inside an inline table are not found: their table's line stands for them.
"""

from __future__ import annotations

import re
from bisect import bisect_right

Place = tuple[str | int, ...]
"""A setting's way from the top: `("account", 0, "role", 2, "via")`."""

_PART = re.compile(r"""\s*(?:([A-Za-z0-9_-]+)|"((?:[^"\\]|\\.)*)"|'([^']*)')\s*(\.?)""")
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
                at = self._setting(at)
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
        parts, end = self._key(at)
        for depth in range(1, len(parts) + 1):
            self.lines.setdefault((*self.table, *parts[:depth]), self._line(at))
        return self._after_value(max(end, at + 1))

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

    def _after_value(self, at: int) -> int:
        depth, text = 0, self.text
        while at < len(text):
            character = text[at]
            if character in "\"'" and (string := _STRING.match(text, at)):
                at = string.end()
                continue
            if character == "#":
                at = self._end_of_line(at)
                continue
            if character == "\n" and depth <= 0:
                return at
            depth += (character in "[{") - (character in "]}")
            at += 1
        return at

    def _end_of_line(self, at: int) -> int:
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end

    def _line(self, at: int) -> int:
        return bisect_right(self.breaks, at - 1) + 1 if at else 1


def _unescaped(quoted: str) -> str:
    import tomllib

    try:
        return str(tomllib.loads(f'name = "{quoted}"')["name"])
    except ValueError:
        return quoted
