"""The palette as named tokens, the three looks, and the one place where a token becomes a terminal style.

Colour means something or is absent: an environment is a ground or a stripe, a state is an ink, accent is a key or work under way.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.theme import BUILTIN_THEMES, Theme

DARK: Mapping[str, str] = {
    "ground": "#0e1116",
    "raised": "#171c24",
    "cursor": "#263040",
    "line": "#36414f",
    "text": "#dde3ea",
    "muted": "#9ca7b5",
    "faint": "#8d99a8",
    "accent": "#8ec7ff",
    "live": "#63d297",
    "soon": "#f0be55",
    "wrong": "#ff8b81",
    "fill": "#bd2640",
    "on-fill": "#ffffff",
    "on-fill-muted": "#ffe3e7",
    "on-fill-line": "#dd7485",
    "prod": "#ff8795",
    "staging": "#c3a6ff",
    "dev": "#58cdb9",
    "shared": "#9fb4dd",
    "sandbox": "#c9b98f",
}
LIGHT: Mapping[str, str] = {
    "ground": "#ffffff",
    "raised": "#f3f3ef",
    "cursor": "#dde6f0",
    "line": "#c4c6c4",
    "text": "#1a1e23",
    "muted": "#4f5863",
    "faint": "#5b646e",
    "accent": "#0a56a3",
    "live": "#12683a",
    "soon": "#7a4f00",
    "wrong": "#ad211b",
    "fill": "#b81d38",
    "on-fill": "#ffffff",
    "on-fill-muted": "#ffe3e7",
    "on-fill-line": "#dd7485",
    "prod": "#b3152f",
    "staging": "#6237b8",
    "dev": "#0a655b",
    "shared": "#3a5589",
    "sandbox": "#6b5712",
}
PLAIN: Mapping[str, str] = dict.fromkeys(DARK, "ansi_default")
PALETTES: Mapping[str, Mapping[str, str]] = {"dark": DARK, "light": LIGHT, "plain": PLAIN}

GROUNDS = ("ground", "raised", "cursor")
INKS = ("text", "muted", "faint", "accent", "live", "soon", "wrong", "prod", "staging", "dev", "shared", "sandbox")
READABLE = 4.5
"""The contrast every ink keeps on every ground it may stand on (WCAG AA)."""

_INSTEAD = {
    "muted": "dim",
    "faint": "dim",
    "line": "dim",
    "on-fill-line": "dim",
    "soon": "bold",
    "wrong": "bold",
    "prod": "bold",
}
"""Without colour, the attribute that stands in for a token."""
_REVERSED = ("fill", "cursor")
_ATTRIBUTES = ("bold", "dim", "underline", "reverse")

Part = tuple[str, str]
"""A text and its ink: `bold live`, `text on cursor`."""
Row = tuple[Part, ...]


def textual_theme(name: str) -> Theme:
    """The Textual theme that carries a palette as variables `$r-…` for the stylesheet."""
    tokens, ansi = PALETTES[name], name == "plain"
    variables = {f"r-{token}": colour for token, colour in tokens.items()}
    if ansi:
        # without Textual's own ansi variables its stylesheet does not parse
        variables |= BUILTIN_THEMES["ansi-dark"].variables
    variables |= {"scrollbar": tokens["line"], "scrollbar-hover": tokens["line"], "scrollbar-active": tokens["line"]}
    variables |= dict.fromkeys(
        ("scrollbar-background", "scrollbar-background-hover", "scrollbar-background-active", "scrollbar-corner-color"), tokens["ground"]
    )
    return Theme(
        name,
        primary=tokens["accent"],
        secondary=tokens["accent"],
        warning=tokens["soon"],
        error=tokens["wrong"],
        success=tokens["live"],
        accent=tokens["accent"],
        foreground=tokens["text"],
        background=tokens["ground"],
        surface=tokens["raised"],
        panel=tokens["raised"],
        boost=tokens["raised"],
        dark=name != "light",
        ansi=ansi,
        variables=variables,
    )


class Look:
    """How everything is drawn: a palette, and whether only ASCII may be used."""

    def __init__(self, name: str = "dark", *, ascii_only: bool = False) -> None:
        self.name = name
        self.ascii_only = ascii_only
        self.tokens = PALETTES[name]
        self._styles: dict[str, Style] = {}

    @property
    def plain(self) -> bool:
        """Without colour: bold, dim, underline and reverse only."""
        return self.name == "plain"

    def style(self, spec: str) -> Style:
        """The terminal style of `bold live on cursor`; an ink that names no ground stands on the page."""
        found = self._styles.get(spec)
        if found is None:
            found = self._styles[spec] = self._plain_style(spec) if self.plain else self._colour_style(spec)
        return found

    def _colour_style(self, spec: str) -> Style:
        ink, _, ground = spec.partition(" on ")
        words = ink.split()
        colours = [word for word in words if word not in _ATTRIBUTES]
        return _styled(words, self.tokens[colours[0] if colours else "text"], self.tokens[ground or "ground"])

    def _plain_style(self, spec: str) -> Style:
        ink, _, ground = spec.partition(" on ")
        words = {word if word in _ATTRIBUTES else _INSTEAD.get(word, "") for word in ink.split()}
        if ground in _REVERSED:
            words.add("reverse")
        return _styled(words)

    def strip(self, row: Row, width: int, ground: str = "ground") -> Strip:
        """One terminal line of exactly `width` cells; parts that name no ground stand on `ground`."""
        suffix = f" on {ground}"
        segments = [Segment(text, self.style(ink if " on " in ink else ink + suffix)) for text, ink in row if text]
        return Strip(segments).adjust_cell_length(width, self.style("text" + suffix))

    @cached_property
    def spinner(self) -> str:
        """The frames that stand in for the working glyph while work is under way."""
        return "|/~\\" if self.ascii_only else "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


def _styled(words: Collection[str], colour: str | None = None, ground: str | None = None) -> Style:
    on = {word: True if word in words else None for word in _ATTRIBUTES}
    return Style(color=colour, bgcolor=ground, bold=on["bold"], dim=on["dim"], underline=on["underline"], reverse=on["reverse"])


def contrast(one: str, other: str) -> float:
    """The WCAG 2 contrast ratio of two colours written `#rrggbb`, from 1 to 21."""
    lights = sorted((_luminance(one), _luminance(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)  # noqa: PLR2004 - sRGB
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


_ENVIRONMENTS = {
    "prod": "prod",
    "production": "prod",
    "live": "prod",
    "staging": "staging",
    "stage": "staging",
    "test": "staging",
    "dev": "dev",
    "development": "dev",
    "shared": "shared",
    "shared-services": "shared",
}


def environment_ink(environment: str) -> str:
    """The token of an environment's ink; names we do not know share one that is no state's colour."""
    return _ENVIRONMENTS.get(environment.casefold(), "sandbox")


_COLOURS = {
    "red": "prod",
    "pink": "prod",
    "violet": "staging",
    "purple": "staging",
    "magenta": "staging",
    "teal": "dev",
    "cyan": "dev",
    "blue": "shared",
    "sand": "sandbox",
    "brown": "sandbox",
    "green": "live",
    "amber": "soon",
    "orange": "soon",
    "yellow": "soon",
    "grey": "muted",
    "gray": "muted",
    "white": "text",
    "black": "text",
}
_HEX_DIGITS = 6


def colour_ink(colour: str) -> str:
    """The token for a colour that a person names, or writes as `#rrggbb`: the nearest of ours, so that it can be read on every ground.

    An empty text where the word is no colour we know.
    """
    word = colour.strip().casefold()
    if word in _COLOURS or not word:
        return _COLOURS.get(word, "")
    wanted = word.removeprefix("#")
    if len(wanted) != _HEX_DIGITS or any(digit not in "0123456789abcdef" for digit in wanted):
        return ""
    aim = _hue(wanted)
    return min(
        dict.fromkeys(_COLOURS.values()), key=lambda token: sum((a - b) ** 2 for a, b in zip(aim, _hue(DARK[token][1:]), strict=True))
    )


def _hue(digits: str) -> tuple[float, ...]:
    """Red, green and blue without their lightness: each as the part above the smallest, of the largest."""
    channels = [int(digits[index : index + 2], 16) / 255 for index in (0, 2, 4)]
    low, high = min(channels), max(channels)
    return tuple((channel - low) / high if high else 0.0 for channel in channels)


def is_production(environment: str) -> bool:
    """Whether it gets the red ground and the word PROD."""
    return environment_ink(environment) == "prod"


def on_plain_border(widget: object, *, plain: bool) -> None:
    """Without colour a ground cannot set a sheet off from the page: then it gets one heavy border."""
    if plain:
        styles = widget.styles  # type: ignore[attr-defined]  # any Textual widget; this module knows none
        styles.border = ("heavy", "ansi_default")
