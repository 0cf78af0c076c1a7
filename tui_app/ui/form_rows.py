"""Rows of forms: a field with its insertion point, and TOML as it would be written. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_app.text import clean
from tui_app.ui.draw import cells, clip, wrapped_arn
from tui_app.ui.theme import Part, Row

if TYPE_CHECKING:
    from tui_app.ui.widgets.paper import TextField

LONGEST = 4096


def typed_parts(field: TextField, room: int, hint: str = "", mask: str = "") -> list[Part]:
    """A field that is being typed, in `room` columns; empty, it says what may stand in it. With a `mask` no letter of it is shown."""
    text = mask * len(field.text) if mask else clean(field.text, LONGEST)
    start = max(0, field.at - room + 2)
    before, rest = text[start : field.at], text[field.at :]
    under: Part = (rest[:1] or " ", "reverse text")
    tail = rest[1:] if rest else " " * max(0, room - cells([(before, "")]) - 1)
    after: Part = (f" {hint}", "faint") if hint and not text else (tail, "underline accent")
    return clip([(before, "underline accent"), under, after], room)


def toml_rows(text: str, width: int) -> list[Row]:
    """A line of TOML: names muted, values bright, tables strong; never cut."""
    text = clean(text, LONGEST)
    if "=" not in text:
        return [((text, "bold text"),)] if len(text) <= width else [((piece, "bold text"),) for piece in wrapped_arn(text, width)]
    name, _, value = text.partition(" = ")
    pieces = wrapped_arn(value, max(8, width - len(name) - 3))
    first: Row = ((name, "muted"), (" = ", "faint"), (pieces[0], "text"))
    return [first, *(((" " * (len(name) + 3), ""), (piece, "text")) for piece in pieces[1:])]
