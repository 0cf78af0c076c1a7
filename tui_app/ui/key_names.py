"""What keys are called: by Textual, by people who read them, and by people who type them into a config."""

from __future__ import annotations

SHOWN = {
    "slash": "/",
    "colon": ":",
    "question_mark": "?",
    "escape": "esc",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "equals_sign": "=",
    "pagedown": "pgdn",
    "pageup": "pgup",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
}
ARROWS = str.maketrans({"↑": "up", "↓": "down", "←": "left", "→": "right"})
"""Where only ASCII can be shown, as < and > are keys of their own."""
TYPED = {
    "/": "slash",
    ":": "colon",
    "?": "question_mark",
    "<": "less_than_sign",
    ">": "greater_than_sign",
    "=": "equals_sign",
    "esc": "escape",
    "pgdn": "pagedown",
    "pgup": "pageup",
    "return": "enter",
}
_NAMED = {
    *(
        "enter",
        "escape",
        "space",
        "tab",
        "backspace",
        "delete",
        "insert",
        "home",
        "end",
        "pageup",
        "pagedown",
        "up",
        "down",
        "left",
        "right",
    ),
    *(f"f{number}" for number in range(1, 25)),
    *("slash", "colon", "question_mark", "comma", "full_stop", "semicolon", "minus", "plus", "equals_sign", "at", "number_sign"),
    *("exclamation_mark", "asterisk", "underscore", "tilde", "left_square_bracket", "right_square_bracket", "vertical_line"),
    *("less_than_sign", "greater_than_sign"),
}
_MODIFIERS = ("ctrl", "shift", "alt", "super", "meta", "hyper")


def is_key(key: str) -> bool:
    """Whether it is the name of a key, with or without modifiers."""
    *modifiers, last = key.split("+")
    named = last in _NAMED or (len(last) == 1 and last.isalnum())
    return named and all(word in _MODIFIERS for word in modifiers) and len(set(modifiers)) == len(modifiers)
