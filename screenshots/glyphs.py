"""Characters that are drawn as shapes: block elements, rules, the circles of the states, and the braille spinner."""

from __future__ import annotations

CELL_WIDTH = 12
CELL_HEIGHT = 24
_MIDDLE = CELL_HEIGHT // 2
_RADIUS = 4.6

_BLOCKS = {
    "█": (0, 0, 8, 8),
    "▀": (0, 0, 8, 4),
    "▄": (0, 4, 8, 4),
    "▌": (0, 0, 4, 8),
    "▐": (4, 0, 4, 8),
    "▁": (0, 7, 8, 1),
    "▂": (0, 6, 8, 2),
    "▃": (0, 5, 8, 3),
    "▅": (0, 3, 8, 5),
    "▆": (0, 2, 8, 6),
    "▇": (0, 1, 8, 7),
    "▉": (0, 0, 7, 8),
    "▊": (0, 0, 6, 8),
    "▋": (0, 0, 5, 8),
    "▍": (0, 0, 3, 8),
    "▎": (0, 0, 2, 8),
    "▏": (0, 0, 1, 8),
    "▔": (0, 0, 8, 1),
    "▕": (7, 0, 1, 8),
}
"""Left, top, width and height in eighths of the cell."""
_LINES = {"─": (0, 12, 12, 1), "━": (0, 11, 12, 3), "│": (6, 0, 1, 24), "┃": (5, 0, 3, 24)}
"""Left, top, width and height in pixels."""
_CIRCLES = frozenset("●○◌◐◑⊘")
_BRAILLE = range(0x2800, 0x2900)
_DOTS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))
"""Column and row of each bit of a braille pattern."""


def draw(character: str, x: float, y: float, ink: str) -> str | None:
    """The shape of a character whose cell starts at (x, y), or None for one that the font sets."""
    if character in _BLOCKS:
        left, top, width, height = _BLOCKS[character]
        return _rect(x + left * CELL_WIDTH / 8, y + top * CELL_HEIGHT / 8, width * CELL_WIDTH / 8, height * CELL_HEIGHT / 8, ink)
    if character in _LINES:
        left, top, width, height = _LINES[character]
        return _rect(x + left, y + top, width, height, ink)
    if character in _CIRCLES:
        return _circle(character, x + CELL_WIDTH / 2, y + _MIDDLE, ink)
    if ord(character) in _BRAILLE:
        bits = ord(character) - _BRAILLE.start
        dots = [place for bit, place in enumerate(_DOTS) if bits >> bit & 1]
        return "".join(f'<circle cx="{x + 3.5 + 5 * column}" cy="{y + 4.5 + 5 * row}" r="1.5" fill="{ink}"/>' for column, row in dots)
    return None


def _rect(x: float, y: float, width: float, height: float, ink: str) -> str:
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" fill="{ink}" shape-rendering="crispEdges"/>'


def _circle(character: str, x: float, y: float, ink: str) -> str:
    ring = f'<circle cx="{x:g}" cy="{y:g}" r="{_RADIUS}" fill="none" stroke="{ink}" stroke-width="1.3"'
    if character == "●":
        return f'<circle cx="{x:g}" cy="{y:g}" r="5.2" fill="{ink}"/>'
    if character == "◌":
        return f'{ring} stroke-dasharray="1.6 2" stroke-linecap="round"/>'
    if character == "⊘":
        reach = _RADIUS * 0.707
        return f'{ring}/><path d="M{x - reach:.1f} {y + reach:.1f}L{x + reach:.1f} {y - reach:.1f}" stroke="{ink}" stroke-width="1.3"/>'
    if character in "◐◑":
        sweep = 0 if character == "◐" else 1
        return f'{ring}/><path d="M{x:g} {y - _RADIUS:g}A{_RADIUS} {_RADIUS} 0 0 {sweep} {x:g} {y + _RADIUS:g}Z" fill="{ink}"/>'
    return f"{ring}/>"
