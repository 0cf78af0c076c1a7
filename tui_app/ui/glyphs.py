"""Glyphs of states, and the ASCII that stands in for every character of ours where the terminal has no other."""

from __future__ import annotations

from collections.abc import Mapping

STATES: Mapping[str, tuple[str, str]] = {
    "live": ("●", "live"),
    "expiring": ("◐", "soon"),
    "expired": ("○", "muted"),
    "failed": ("✕", "wrong"),
    "working": ("◌", "accent"),
    "never": ("·", "faint"),
}
"""Glyph and ink of each state of a row."""
DENIED = "⊘"
GONE = "\u2212"
"""A minus, before what is there no more."""

ASCII: Mapping[int, str] = str.maketrans(
    {
        "●": "*",
        "◐": "!",
        "○": "o",
        "✕": "x",
        "◌": "~",
        "·": ".",
        "⊘": "x",
        "✓": "+",
        "━": "=",
        "─": "-",
        "│": "|",
        "▌": "|",
        "▎": "|",
        "█": "#",
        "▁": "_",
        "▏": "|",
        "▸": ">",
        "▾": "v",
        "▼": "v",
        "■": "#",
        "↓": "v",
        "↑": "^",
        "←": "<",
        "→": ">",
        "…": "~",
        "—": "-",
        GONE: "-",
        "▔": "-",
        "▉": "|",
        "▊": "|",
        "▕": "|",
        "▂": "_",
        "▄": "_",
        "▀": "-",
    }
)
"""One column each, so that nothing moves; what stands alone in a cell of counts differs: denied, not asked, on its way."""
