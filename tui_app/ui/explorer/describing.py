"""A row as AWS described it, as a tree, as JSON and as YAML. Pure; the document comes with possible secrets withheld."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from rich.cells import chop_cells

from tui_app.text import clean
from tui_app.ui.draw import line, wrapped
from tui_app.ui.theme import Part, Row

Format = Literal["Tree", "JSON", "YAML"]
FORMATS: tuple[Format, ...] = ("Tree", "JSON", "YAML")
_PLAIN = re.compile(r"[A-Za-z_./][A-Za-z0-9_./@+ -]*")
_MEANT = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n", "~"})
_LABEL_MOST = 28


def _yaml(value: Any, depth: int) -> Iterator[str]:
    margin = "  " * depth
    if isinstance(value, Mapping) and value:
        for name, item in value.items():
            yield from _entry(f"{margin}{_scalar(str(name))}:", item, depth + 1)
    elif isinstance(value, list) and value:
        for item in value:
            lines = _yaml(item, depth + 1)
            yield f"{margin}- {next(lines).strip()}"
            yield from lines
    else:
        yield margin + _scalar(value)


def _entry(head: str, item: Any, depth: int) -> Iterator[str]:
    if isinstance(item, (Mapping, list)) and item:
        yield head
        yield from _yaml(item, depth)
    else:
        yield f"{head} {_scalar(item)}"


def _scalar(value: Any) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.casefold() not in _MEANT and value == value.strip():
        return value
    return json.dumps(value, default=str)


def detail_rows(document: Any, form: Format, width: int) -> list[Row]:
    """The rows of a description in one of the forms."""
    return list(detail_lines(document, form, width))


def detail_lines(document: Any, form: Format, width: int) -> Iterator[Row]:
    """The same one after the other, as far as they are looked at: a description may have megabytes."""
    if form == "Tree":
        yield from _tree(document, width, 2)
        return
    for code in json_lines(document) if form == "JSON" else yaml_lines(document):
        yield from _code(code, width)


def json_lines(document: Any) -> Iterator[str]:
    """Indented JSON; characters that are not ASCII are escaped, so that nothing hides in it."""
    begun = ""
    for piece in json.JSONEncoder(indent=2, default=str).iterencode(document):
        *whole, begun = (begun + piece).split("\n")
        yield from whole
    yield begun


def yaml_lines(document: Any) -> Iterator[str]:
    """The same as YAML 1.2: texts that could be taken for something else are quoted as JSON quotes them."""
    return _yaml(document, 0)


def _code(written: str, width: int) -> Iterator[Row]:
    """A line of code: broken where it is too long, never cut."""
    text, margin = clean(written, 100_000), len(written) - len(written.lstrip())
    room = max(8, width - 4)
    first, rest = _split(text, room)
    yield line(width, [("  ", ""), (first, "text")])
    room = max(8, room - margin - 2)
    while rest:
        first, rest = _split(rest, room)
        yield line(width, [(" " * (margin + 4), ""), (first, "text")])


def _split(text: str, room: int) -> tuple[str, str]:
    """As much of a text as there is room for, and the rest."""
    kept = text[:room] if text[:room].isascii() else chop_cells(text[:room], room)[0]
    return kept, text[len(kept) :]


def _tree(value: Any, width: int, indent: int) -> Iterator[Row]:
    if isinstance(value, Mapping):
        label = min(_LABEL_MOST, max((len(clean(name)) for name, item in value.items() if not _nested(item)), default=0)) + 2
        for name, item in value.items():
            yield from _member(clean(name), item, width, indent, label)
    elif isinstance(value, list):
        for number, item in enumerate(value, 1):
            if _nested(item):
                yield line(width, [(" " * indent, ""), (f"{number} of {len(value)}", "faint")])
                yield from _tree(item, width, indent + 2)
            else:
                yield from _value("", item, width, indent, 0)
    else:
        yield from _value("", value, width, indent, 0)


def _member(name: str, item: Any, width: int, indent: int, label: int) -> Iterator[Row]:
    if not _nested(item):
        yield from _value(name, item, width, indent, label)
        return
    count = len(item)
    words = f"  {count} of them" if isinstance(item, list) and count > 1 else ""
    yield line(width, [(" " * indent, ""), (name, "bold text"), (words, "faint")])
    yield from _tree(item, width, indent + 2)


def _value(name: str, item: Any, width: int, indent: int, label: int) -> Iterator[Row]:
    text = "—" if item in (None, "", [], {}) else "yes" if item is True else "no" if item is False else clean(item, 20_000)
    # a name longer than its column pushes the value on, rather than losing its end
    lead = max(label, len(name) + 2) if name else 0
    for number, words in enumerate(wrapped(text, width - indent - lead - 2)):
        head: Part = (name.ljust(lead) if number == 0 else " " * lead, "muted")
        yield line(width, [(" " * indent, ""), head, (words, "muted" if text in ("—", "(withheld)") else "text")])


def _nested(item: Any) -> bool:
    return isinstance(item, (Mapping, list)) and bool(item)
