"""From Textual's picture of a screen to a lean SVG that needs no network, and from that to a PNG.

Textual exports what Rich draws: one `text` a run, one `rect` a ground, on a grid of 12.2 x 24.4. Here the same runs are set again on
whole pixels in the font that lies beside this file; block elements, rules, state circles and spinners are drawn as shapes, because the
font lacks some of them and because shapes join without gaps in every viewer.
"""

from __future__ import annotations

import os
import re
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import dataclass
from html import escape

import resvg_py
from glyphs import CELL_HEIGHT, CELL_WIDTH, draw
from rich.cells import cell_len

FONT_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "font")
FAMILY = "JetBrains Mono"
FONT_SIZE = 20
BASELINE = 18
MARGIN = 10
BAR = 40
"""Height of the window's bar, in pixels."""

_RICH_WIDTH, _RICH_HEIGHT, _RICH_TOP = 12.2, 24.4, 1.5
_SPACE = "\N{NO-BREAK SPACE}"
_RULE = re.compile(r"\.[\w-]+-(r\d+) \{([^}]*)\}")
_LIGATURES = re.compile(r"(?<=[^\w\s])(?=[^\w\s])")
"""Between two signs the font may draw a ligature, as `=>`; a terminal does not."""
_LIGHTS = ("#ff5f57", "#febc2e", "#28c840")


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one style on one row, from `column` on."""

    row: int
    column: int
    text: str
    style: str


@dataclass(frozen=True, slots=True)
class Ground:
    """A coloured stretch of a row, `width` cells wide."""

    row: int
    column: int
    width: int
    colour: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A screen as runs on grounds; cells without a ground of their own have the terminal's, `default`. A run's style is its CSS."""

    columns: int
    rows: int
    runs: tuple[Run, ...]
    grounds: tuple[Ground, ...]
    default: str

    @property
    def text(self) -> str:
        """Every character of the screen, row by row."""
        lines = [[" "] * self.columns for _ in range(self.rows)]
        for run in self.runs:
            lines[run.row][run.column : run.column + len(run.text)] = run.text
        return "\n".join("".join(line).rstrip() for line in lines)


def read(exported: str) -> Picture:
    """The picture in an SVG that `App.export_screenshot` made."""
    root = ET.fromstring(exported)  # noqa: S314 - our own program wrote it
    styles = {name: css.strip().rstrip(";") for name, css in _RULE.findall(exported)}
    grounds, runs = [], []
    for element in root.iter():
        kind, name = element.tag.rpartition("}")[2], element.get("class", "").rpartition("-")[2]
        if kind == "rect" and element.get("shape-rendering"):
            width = round(float(element.get("width", 0)) / _RICH_WIDTH)
            grounds.append(Ground(_row(element.get("y"), _RICH_TOP), _column(element.get("x")), width, element.get("fill", "")))
        elif kind == "text" and name in styles and (text := (element.text or "").replace("\n", "")):
            runs.append(Run(_row(element.get("y"), FONT_SIZE), _column(element.get("x")), text.replace(_SPACE, " "), styles[name]))
    columns, rows = _size(root)
    return Picture(columns, rows, tuple(runs), tuple(_joined(grounds)), _default_ground(root))


def to_svg(exported: str, title: str = "roledeck") -> str:
    """A window with that screen in it; the same screen always gives the same text."""
    picture = read(exported)
    ground = _commonest(picture)
    width, height = picture.columns * CELL_WIDTH + 2 * MARGIN, picture.rows * CELL_HEIGHT + BAR + MARGIN
    names = {style: f"s{number}" for number, style in enumerate(dict.fromkeys(run.style for run in picture.runs))}
    body = [_ground(part) for part in _grounds(picture) if part.colour != ground]
    body += [shape for run in picture.runs for shape in _run(run, names[run.style])]
    return "\n".join([*_window(title, width, height, names), _screen(picture, ground), *body, "</g>", "</svg>", ""])


def to_png(svg: str) -> bytes:
    """The SVG as a PNG, drawn with the font beside this file and no other."""
    drawn = resvg_py.svg_to_bytes(
        svg_string=svg, skip_system_fonts=True, font_dirs=[FONT_FOLDER], monospace_family=FAMILY, font_family=FAMILY
    )
    return bytes(drawn)


def _window(title: str, width: int, height: int, names: dict[str, str]) -> list[str]:
    """The picture's head, and the window round the screen."""
    font = f"text{{font-family:'{FAMILY}',ui-monospace,monospace;font-size:{FONT_SIZE}px;white-space:pre;font-variant-ligatures:none}}"
    css = "".join(f".{name}{{{style}}}" for style, name in names.items())
    bar = f'x="{width // 2}" y="{BAR // 2 + 6}" text-anchor="middle" style="font-size:17px;font-weight:bold" fill="#c5c8c6"'
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">',
        f"<title>{escape(title)}</title>",
        f"<style>{font}{css}</style>",
        f'<rect width="{width}" height="{height}" rx="10" fill="#2b2f36"/>',
        *(f'<circle cx="{24 + 22 * number}" cy="{BAR // 2}" r="6.5" fill="{colour}"/>' for number, colour in enumerate(_LIGHTS)),
        f"<text {bar}>{escape(title)}</text>",
        f'<g transform="translate({MARGIN},{BAR})">',
    ]


def _screen(picture: Picture, ground: str) -> str:
    return f'<rect width="{picture.columns * CELL_WIDTH}" height="{picture.rows * CELL_HEIGHT}" fill="{ground}"/>'


def _row(y: str | None, offset: float) -> int:
    return round((float(y or 0) - offset) / _RICH_HEIGHT)


def _column(x: str | None) -> int:
    return round(float(x or 0) / _RICH_WIDTH)


def _grounds(picture: Picture) -> list[Ground]:
    """Every cell's ground: where a row has none, the terminal's own."""
    gaps = []
    for row in range(picture.rows):
        column = 0
        for part in (*(part for part in picture.grounds if part.row == row), Ground(row, picture.columns, 0, "")):
            if part.column > column:
                gaps.append(Ground(row, column, part.column - column, picture.default))
            column = max(column, part.column + part.width)
    return [*gaps, *picture.grounds]


def _joined(grounds: list[Ground]) -> list[Ground]:
    """Neighbours of one colour as one."""
    joined: list[Ground] = []
    for part in sorted(grounds, key=lambda part: (part.row, part.column)):
        last = joined[-1] if joined else None
        if last and last.row == part.row and last.colour == part.colour and last.column + last.width == part.column:
            joined[-1] = Ground(last.row, last.column, last.width + part.width, last.colour)
        else:
            joined.append(part)
    return joined


def _size(root: ET.Element) -> tuple[int, int]:
    """Columns and rows, from the frame that cuts off what does not fit on the terminal."""
    for clip in root.iter():
        if clip.get("id", "").endswith("clip-terminal"):
            width, height = float(clip[0].get("width", 0)), float(clip[0].get("height", 0))
            return round((width + 1) / _RICH_WIDTH), round((height + 1) / _RICH_HEIGHT) or 1
    return 1, 1


def _default_ground(root: ET.Element) -> str:
    return next((part.get("fill", "") for part in root if part.tag.endswith("rect")), "#000000")


def _commonest(picture: Picture) -> str:
    areas: Counter[str] = Counter()
    for part in picture.grounds:
        areas[part.colour] += part.width
    areas[picture.default] += picture.columns * picture.rows - areas.total()
    return areas.most_common(1)[0][0]


def _ground(part: Ground) -> str:
    x, y, width = part.column * CELL_WIDTH, part.row * CELL_HEIGHT, part.width * CELL_WIDTH
    return f'<rect x="{x}" y="{y}" width="{width}" height="{CELL_HEIGHT}" fill="{part.colour}" shape-rendering="crispEdges"/>'


def _run(run: Run, name: str) -> list[str]:
    """The run as texts between its drawn glyphs; spaces at its ends are left to the ground, unless they are underlined."""
    shapes, pending, start, column = [], "", run.column, run.column
    ink = next((part.partition(":")[2].strip() for part in run.style.split(";") if part.strip().startswith("fill:")), "#000000")
    for character in run.text:
        shape = draw(character, column * CELL_WIDTH, run.row * CELL_HEIGHT, ink)
        if shape is not None:
            shapes += [*_text(pending, start, run, name), shape]
            pending, start = "", column + 1
        else:
            pending += character
        column += cell_len(character)
    return [*shapes, *_text(pending, start, run, name)]


def _text(text: str, column: int, run: Run, name: str) -> list[str]:
    if "underline" not in run.style:
        column += cell_len(text) - cell_len(text.lstrip(" "))
        text = text.strip(" ")
    texts, y = [], run.row * CELL_HEIGHT + BASELINE
    for part in _LIGATURES.split(text) if text else ():
        width = cell_len(part)
        place = f'x="{column * CELL_WIDTH}" y="{y}" textLength="{width * CELL_WIDTH}"'
        texts.append(f'<text class="{name}" {place} xml:space="preserve">{escape(part)}</text>')
        column += width
    return texts
