"""Rows built from parts: lines, bars, large figures, facts, key caps. Pure; nothing here knows a widget."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len, chop_cells, set_cell_size

from tui_app.text import middle, middle_cells
from tui_app.ui.theme import Part, Row

GAP: Part = ("  ", "")
BLANK: Row = ()
LABEL = 14
"""The label column of every list of facts."""

_NUMERALS = {
    "0": "█▀██ █▀▀▀",
    "1": "▀█  █ ▀▀▀",
    "2": "▀▀██▀▀▀▀▀",
    "3": "▀▀█ ▀█▀▀▀",
    "4": "█ █▀▀█  ▀",
    "5": "█▀▀▀▀█▀▀▀",
    "6": "█▀▀█▀█▀▀▀",
    "7": "▀▀█  █  ▀",
    "8": "█▀██▀█▀▀▀",
    "9": "█▀█▀▀█▀▀▀",
    ":": "▄▄ ",
    "h": "█  █▀█▀ ▀",
    "m": "     █▀█▀█▀ ▀ ▀",
    " ": "   ",
}


def cells(parts: Iterable[Part]) -> int:
    """How many columns the parts take."""
    return sum(len(text) if text.isascii() else cell_len(text) for text, _ in parts)


def line(width: int, left: Sequence[Part], right: Sequence[Part] = (), on: str = "") -> Row:
    """One row: parts from the left, parts from the right, the gap between them. What does not fit is cut from the left parts."""
    room = max(0, width - cells(right))
    kept = clip(left, room)
    parts = [*kept, (" " * max(0, room - cells(kept)), ""), *right]
    return on_ground(parts, on) if on else tuple(parts)


def on_ground(parts: Iterable[Part], ground: str) -> Row:
    """The parts, each that names no ground of its own put on `ground`."""
    return tuple((text, ink if " on " in ink else f"{ink or 'text'} on {ground}") for text, ink in parts)


def clip(parts: Sequence[Part], width: int) -> list[Part]:
    """The parts that fit into `width`; the last one ends in `…` where it was cut."""
    kept: list[Part] = []
    left = width
    for text, ink in parts:
        size = cells([(text, ink)])
        if size <= left:
            kept.append((text, ink))
            left -= size
            continue
        if left > 0 and text.strip():
            kept.append((fit(text, left), ink))
        break
    return kept


def fit(text: str, width: int, *, cut: str = "end") -> str:
    """`text` cut and padded to `width` columns: at the end, or in the `middle` where the tail tells things apart."""
    if width <= 0:
        return ""
    if text.isascii():
        if len(text) > width:
            text = middle(text, width) if cut == "middle" else text[: width - 1] + "…"
        return text.ljust(width)
    if cell_len(text) > width:
        text = middle_cells(text, width, cell_len) if cut == "middle" else set_cell_size(text, width - 1).rstrip() + "…"
    return set_cell_size(text, width)


def bar(width: int, share: float, ink: str, track: str = "line") -> list[Part]:
    """Time as a line: heavy is left, light is gone, so that it reads without colour; rounded down, at least one cell."""
    full = min(width, max(1, int(width * share))) if share > 0 and width else 0
    return [("━" * full, ink), ("─" * (width - full), track)]


def numerals(text: str) -> list[str]:
    """Three rows of large figures for `47:12` or `3h 41m`: the only large type on the screen."""
    shapes = [(_NUMERALS[character], len(_NUMERALS[character]) // 3) for character in text]
    return [" ".join(shape[row * wide : row * wide + wide] for shape, wide in shapes) for row in range(3)]


def wrapped(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width`; a longer word is broken, where it can be after a slash or a colon, and never dropped."""
    room, lines = max(8, width), [""]
    if not text.isascii() and cell_len(text) != len(text):
        return [part.rstrip() for part in verbatim(" ".join(text.split()), room)]
    for word in text.split():
        gap = 1 if lines[-1] else 0
        if len(lines[-1]) + gap + len(word) <= room:
            lines[-1] += " " * gap + word
            continue
        pieces = wrapped_arn(word, room)
        lines += pieces if lines[-1] else pieces[1:]
        if not lines[0]:
            lines[0] = pieces[0]
    return lines


def wrapped_arn(arn: str, width: int) -> list[str]:
    """An ARN in lines of at most `width`, broken after a slash or a colon where it can be, and never cut."""
    lines, rest = [], arn
    while len(rest) > width > 0:
        at = rest.rfind("/", 0, width) + 1 or rest.rfind(":", 0, width) + 1 or width
        lines.append(rest[:at])
        rest = rest[at:]
    return [*lines, rest]


def verbatim(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` columns with every character of it, spaces too; broken after a space where it can be."""
    lines, rest = [], text
    while cell_len(rest) > width > 1:
        most = len(chop_cells(rest, width)[0])
        at = rest.rfind(" ", 0, most) + 1 or most
        lines.append(rest[:at])
        rest = rest[at:]
    return [*lines, rest]


def fact(width: int, label: str, *value: Part) -> Row:
    """A label and its value in one row."""
    return line(width, [(f"  {label:<{LABEL}}", "muted"), *value])


def facts(width: int, label: str, lines: Sequence[str], ink: str = "text") -> list[Row]:
    """A label with a value of several lines."""
    return [fact(width, label if index == 0 else "", (text, ink)) for index, text in enumerate(lines)]


def paragraph(width: int, text: str, ink: str = "text", margin: int = 2, lead: Part | None = None) -> list[Row]:
    """`text` wrapped between margins; `lead` stands before the first line and the others are indented by its width."""
    indent = margin + (len(lead[0]) if lead else 0)
    rows = []
    for index, words in enumerate(wrapped(text, width - indent - 2)):
        head: list[Part] = [(" " * margin, ""), lead] if lead and index == 0 else [(" " * indent, "")]
        rows.append(line(width, [*head, (words, ink)]))
    return rows


def key_cap(key: str, verb: str) -> list[Part]:
    """A key and what it does."""
    return [(key, "bold accent"), (f" {verb}", "muted")]


def keys_row(width: int, pairs: Sequence[tuple[str, str]], indent: int = 4) -> list[Row]:
    """Keys that help here, one a row, their verbs aligned: the way out of an empty or a failed pane."""
    size = max((len(key) for key, _ in pairs), default=0)
    return [line(width, [(" " * indent, ""), (f"{key:<{size}}", "bold accent"), (f"  {verb}", "muted")]) for key, verb in pairs]
