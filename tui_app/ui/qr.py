"""A link as a QR code of half blocks, for the camera of a phone."""

from __future__ import annotations

from tui_app.ui.draw import line
from tui_app.ui.theme import Part, Row

BORDER = 2
"""Modules of quiet round the code; less than the standard's four, so that it fits into 24 rows, and phones read it."""
_BLOCKS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


def qr_rows(text: str, width: int, *, light_paper: bool) -> list[Row]:
    """The code in the middle of `width`, two modules a row; on `light_paper` what is drawn is dark, else the light between is drawn."""
    from segno import make_qr  # 20 ms, for the few who ask for it

    modules = make_qr(text, error="l", boost_error=False).matrix_iter(scale=1, border=BORDER)
    drawn = [[bool(module) is light_paper for module in row] for row in modules]
    drawn += [[False] * len(drawn[0])] * (len(drawn) % 2)
    pad: Part = (" " * max(0, (width - len(drawn[0])) // 2), "")
    pairs = zip(drawn[::2], drawn[1::2], strict=True)
    return [line(width, [pad, ("".join(_BLOCKS[both] for both in zip(*pair, strict=True)), "text on ground")]) for pair in pairs]
