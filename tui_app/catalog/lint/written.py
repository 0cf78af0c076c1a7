"""Rules about how a line of a shared file is written, where the reader here and botocore agree and another SDK reads something else.

What JavaScript reads is `parseIni` of @smithy/core 3.41, what Go reads is aws-sdk-go-v2's `internal/ini`, what Rust reads is aws-runtime's
`env_config/parse.rs`: to the letter of the SDK specification, as Java does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tui_app.catalog.ini_headers import CONFIG, read_header
from tui_app.catalog.lint.findings import Found, Rule
from tui_app.catalog.reading import read_file
from tui_app.model import Origin
from tui_app.text import clean

SHOWN = 60
_COMMENT = "#;"
_PLAIN_HEADER = re.compile(r"\[(?:(?:profile|sso-session|services) )?[A-Za-z0-9\-_./%@:+]+\](?:\s*|\s+[#;].*)")
_KNOWN_HEADER = re.compile(r"\[\s*(?:(?:profile|sso-session|services)\s|default\s*\])")
_QUOTED_HEADER = re.compile(r"\[\s*(?:profile|sso-session|services)\s+[^\]]*[\"']")
_LONG_DEFAULT = re.compile(r"\[\s*profile\s+default\s*\]")
_COMMENT_AT_HEADER = re.compile(r"(\[[^\]]+\])[#;]")
_COMMENT_BEHIND = re.compile(r"\s[#;]")
_COLON_FIRST = re.compile(r"[^=:\s][^=:]*:[^=]*=")
_CAPITAL_NAME = re.compile(r"(?=[^=:]*[A-Z])([A-Za-z0-9_\-]+)\s*=")


class Line(NamedTuple):
    """One line of a file that is neither blank nor a comment in the first column."""

    path: str
    kind: str
    number: int
    text: str

    @property
    def here(self) -> Origin:
        """Where it stands."""
        return Origin(self.path, self.number)

    @property
    def is_comment(self) -> bool:
        """Whether it is a comment, and so indented."""
        return self.text.lstrip()[0] in _COMMENT


def lines_of(path: str, kind: str) -> Iterator[Line]:
    """The lines of the file at `path`; none where it cannot be read, which the reader has a problem for."""
    content, _ = read_file(path)
    text = content.decode("utf-8-sig", "replace")
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        if line and not line.isspace() and line[0] not in _COMMENT:
            yield Line(path, kind, number, line)


def old_line_end(path: str) -> int:
    """The first line that ends with a carriage return alone; 0 for none."""
    content, _ = read_file(path)
    if b"\r" not in content or not (match := re.search(rb"\r(?!\n)", content)):
        return 0
    return content.count(b"\n", 0, match.start()) + 1


def _spacing(line: Line) -> Iterator[Found]:
    if line.text[0] == "[" and not _PLAIN_HEADER.fullmatch(line.text) and _KNOWN_HEADER.match(line.text) and not _is_quoted(line):
        inside = line.text[1:].partition("]")[0]
        if inside.split() != inside.split(" ") and len(inside.split()) in ((1, 2) if line.kind == CONFIG else (1,)):
            message = f"The section [{clean(inside, SHOWN)}] has spaces that not every tool forgives; the JavaScript SDK does not find it."
            yield Found(line.here, message, f"Write [{clean(' '.join(inside.split()), SHOWN)}].")


def _comment_at_header(line: Line) -> Iterator[Found]:
    if line.text[0] == "[" and (match := _COMMENT_AT_HEADER.match(line.text)) and not read_header(line.text, line.kind).faults:
        message = f"The comment touches {clean(match[1], SHOWN)}: the JavaScript SDK does not find that section."
        yield Found(line.here, message, "Put a space before the comment, or a line of its own.")


def _quoted(line: Line) -> Iterator[Found]:
    if line.text[0] == "[" and _is_quoted(line):
        message = "The section's name is in quotes: the AWS CLI takes them off, the Go, Java and Rust SDKs do not find it."
        yield Found(line.here, message, "Use a name without spaces, and no quotes.")


def _is_quoted(line: Line) -> bool:
    return line.kind == CONFIG and bool(_QUOTED_HEADER.match(line.text))


def _colon(line: Line) -> Iterator[Found]:
    if _COLON_FIRST.match(line.text) and line.text[0] != "[":
        name = clean(line.text.partition(":")[0].strip(), SHOWN)
        message = f'The AWS CLI and the Go SDK take the ":" for the sign after the name {name}; other SDKs read on to the "=".'
        yield Found(line.here, message, 'Write "=" first.')


def _indented_comment(line: Line) -> Iterator[Found]:
    if line.is_comment:
        message = "This comment is indented: the Java and Rust SDKs take it for part of the setting above it, or refuse the file."
        yield Found(line.here, message, "Start it at the first column.")


def _comment_in_block(line: Line) -> Iterator[Found]:
    if line.text[0].isspace() and not line.is_comment and _COMMENT_BEHIND.search(line.text.strip()):
        message = "The comment on this indented line is part of the value; the JavaScript SDK drops it."
        yield Found(line.here, message, "Put it on a line of its own.")


def _default_with_prefix(line: Line) -> Iterator[Found]:
    if line.kind == CONFIG and _LONG_DEFAULT.match(line.text):
        message = "[profile default] is the profile default too, but the AWS CLI writes a [default] of its own and then uses that alone."
        yield Found(line.here, message, "Write [default].")


def _capitals(line: Line) -> Iterator[Found]:
    if match := _CAPITAL_NAME.match(line.text):
        name = match[1]
        yield Found(line.here, f"The JavaScript SDK does not find {clean(name, SHOWN)}: to it, capitals matter.", f"Write {name.lower()}.")


LINE_RULES: Mapping[str, Rule[Line]] = {
    "section_spacing": Rule("warning", "Spaces in a section header that some SDKs do not forgive.", _spacing),
    "comment_at_section": Rule(
        "warning", "A comment that touches a section header, which the JavaScript SDK then misses.", _comment_at_header
    ),
    "quoted_section_name": Rule("warning", "A section name in quotes, which only the AWS CLI and the JavaScript SDK take off.", _quoted),
    "colon_before_equals": Rule("warning", 'A ":" before the "=", where tools disagree which of them ends the name.', _colon),
    "indented_comment": Rule("warning", "An indented comment, which some SDKs take for part of the setting above it.", _indented_comment),
    "comment_in_block": Rule("warning", "A comment behind an indented line, which tools keep or drop.", _comment_in_block),
    "default_with_prefix": Rule("hint", "[profile default], beside which the AWS CLI writes a [default].", _default_with_prefix),
    "capitals_in_setting": Rule("warning", "A setting in capitals, which the JavaScript SDK does not find.", _capitals),
}


def is_odd(text: str) -> bool:
    """Whether any of the line rules could object: most lines are plain settings and are passed by."""
    name, sign, _ = text.partition("=")
    return text[0] in "[ \t" or text[0].isspace() or not sign or ":" in name or not name.islower()
