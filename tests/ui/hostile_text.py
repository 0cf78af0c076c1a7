"""Text that a terminal or a markup parser would obey, and whether a screen that shows it is harmless."""

from __future__ import annotations

HOSTILE = (
    "[/nope]", "a[/]b", "[@click=app.quit]x[/]", "[bold]x", "prod [dev]", "\\[", "\x1b]52;c;aGk=\x07", "\x1b[2J", "\x9b31m",
    "\x1b]0;t\x1b\\", "a\u202eb", "\u2066x", "a\x00b", "line\nbreak", "tab\there", "\ufeff", "\U000e0041", "wide 漢字",
    "e\u0301\u0301\u0301\u0301\u0301\u0301",
)  # fmt: skip


def check_harmless(strips):
    for strip in strips:
        for segment in strip:
            assert not (segment.style and segment.style.meta.get("@click"))
            assert not any(ord(letter) < 0x20 or 0x7F <= ord(letter) < 0xA0 or letter in "\u202e\u2066" for letter in segment.text)
