"""One shared config or credentials file, taken apart line by line; one bad line costs that line.

The grammar is the AWS SDK specification's. Where that refuses what the AWS CLI (botocore) accepts, the line is read as botocore reads it
and a remark is kept. 10,000 profiles take about as long as splitting their lines and one dictionary entry each.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from tui_app.catalog.ini_faults import FAULTS, finding
from tui_app.catalog.ini_headers import (
    NOTHING,
    PLAIN_DEFAULT,
    PROFILE,
    SERVICES,
    SSO_SESSION,
    Header,
    inside_brackets,
    read_header,
    simple_header,
)
from tui_app.model import Origin, Problem

Values = dict[str, tuple[str, int, str]]
"""Setting → its text, its line and its file."""

_NOWHERE: Values = {}
"""Where settings before the first section would go; nothing is ever put into it."""
_OFTEN_UNIQUE = frozenset({"role_arn", "external_id", "aws_access_key_id", "aws_secret_access_key", "sso_account_id"})
"""Settings whose lines seldom stand twice in a file."""
_REMEMBERED = 1000
"""Lines that are known when they come again; more of them are seldom the same."""
_INLINE_COMMENT = re.compile(r"\s[#;]")


class Section(NamedTuple):
    """A profile, sso-session or services section; `values` keeps each setting's file and line."""

    name: str
    path: str
    line: int
    values: Values

    def get(self, setting: str, default: str = "") -> str:
        """The setting's text."""
        found = self.values.get(setting)
        return found[0] if found else default

    def origin(self, setting: str) -> Origin | None:
        """Where the setting is written."""
        found = self.values.get(setting)
        return Origin(found[2], found[1]) if found else None

    @property
    def here(self) -> Origin:
        """Where the section starts."""
        return Origin(self.path, self.line)


class IniFile:
    """The sections of one file by kind and name, and what was found on the way."""

    def __init__(self, path: str, kind: str) -> None:
        self.path = path
        self.kind = kind
        self.sections: dict[str, dict[str, Section]] = {PROFILE: {}, SSO_SESSION: {}, SERVICES: {}}
        self.problems: list[Problem] = []
        self.remarks: list[Problem] = []
        self._nobodys: dict[str, Values] = {}
        self._plain_default: Section | None = None
        self._values: Values = _NOWHERE
        self._last = ""
        self._indent = 0
        self._nested = False
        self._names: dict[str, str] = {}
        self._seen: dict[str, tuple[str, str]] = {}
        self._lines: list[str] = []
        self._first = 1
        self._going_on: dict[tuple[int, str], tuple[Values, str, list[str]]] = {}
        self._reached = 0

    def read(self, text: str, first: int = 1) -> IniFile:  # noqa: C901, PLR0912 - a call for each line would double the time of them all
        """Take `text` apart, its first line being number `first`; the usual lines are settled in the loop, the rest by methods.

        A setting that stood before is known by its whole line. `last` is the setting that an indented line would continue, or None where
        the methods have the last word about that.
        """
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        self._lines, self._first = lines, _ = text.split("\n"), first
        simple, names, seen, path, profiles = simple_header(self.kind), self._names, self._seen, self.path, self.sections[PROFILE]
        values: Values = self._values
        made = tuple.__new__  # as `Section(…)` does, in half the time
        last: str | None = None
        key: str | None
        for number, line in enumerate(lines, first):
            if not line:
                continue
            known = seen.get(line)
            if known is not None:
                key, value = known
            elif line[0] == "[":
                key, header = None, simple(line)
                if header is not None and (name := header[1]) not in profiles:
                    values, last = {}, ""
                    profiles[name] = made(Section, (name, path, number, values))
                    continue
            elif line[0] in "#;":
                continue
            else:
                written, _, value = line.partition("=")
                key, value = names.get(written), value.strip()
                if not value or "#" in value or ";" in value:
                    key = None
                elif key is not None and key not in _OFTEN_UNIQUE and len(seen) < _REMEMBERED:
                    seen[line] = key, value
            if key is not None:
                entry = value, number, path
                if values.setdefault(key, entry) is entry:
                    last = key
                    continue
            if last is not None:
                self._last, self._indent, self._nested = last, 0, False
            self._values = values
            (self._header if line[0] == "[" else self._line)(line, number)
            values, last = self._values, None
        if last is not None:
            self._last, self._indent, self._nested = last, 0, False
        self._values = values
        self._join_continued()
        if "\0" in text:
            self._find("control_character", text.count("\n", 0, text.index("\0")) + first)
        return self

    def _header(self, line: str, number: int) -> None:
        header = read_header(line, self.kind)
        self._last, self._indent = "", 0
        for fault in header.faults:
            self._find(fault, number, header.name if header.kind == NOTHING else f"[{header.name}]")
        if header.kind == NOTHING:
            if header.name in self._nobodys:
                self._find("duplicate_section", number, line.strip())
            self._values = self._nobodys.setdefault(header.name, {})
            return
        self._values = self._section(header, line, number).values

    def _section(self, header: Header, line: str, number: int) -> Section:
        """The section of that header, made new or taken up again; `[profile default]` wins over `[default]`, wherever they stand."""
        sections = self.sections[PROFILE if header.kind == PLAIN_DEFAULT else header.kind]
        old, new = sections.get(header.name), Section(header.name, self.path, number, {})
        is_plain = header.kind == PLAIN_DEFAULT
        if old is not None and is_plain != (old is self._plain_default) and "default" in (header.name, header.kind):
            self._find("two_defaults", number if is_plain else old.line, "[default]")
            if is_plain:
                self._find("later_default", old.line, "[profile default]")
                return new
            sections[header.name] = new
            return new
        if old is not None:
            self._remark_on_repetition(old, line, number)
            return old
        if is_plain:
            self._plain_default = new
        sections[header.name] = new
        return new

    def _remark_on_repetition(self, old: Section, line: str, number: int) -> None:
        """The same header twice makes the AWS CLI refuse the file; another spelling of it takes the place of the first."""
        before = self._text_of(old.line)
        if before and inside_brackets(before) != inside_brackets(line):
            self._find("two_spellings", old.line, before)
            self._find("two_spellings", number, line.strip())
        else:
            self._find("duplicate_section", number, line.strip())

    def _text_of(self, number: int) -> str:
        """The line of that number; empty where it is in a part of the file that was read before this one."""
        place = number - self._first
        return self._lines[place].strip() if 0 <= place < len(self._lines) else ""

    def _line(self, line: str, number: int) -> None:
        """Any line that is not a header in the first column and not a known plain setting."""
        stripped = line.strip()
        if not stripped or stripped[0] in "#;":
            return
        indent = len(line) - len(line.lstrip())
        if indent and self._last and indent > self._indent:
            self._continuation(stripped, number)
        elif stripped[0] == "[" and indent:
            self._find("indented_section", number, stripped)
            self._header(stripped, number)
        elif self._values is _NOWHERE:
            self._find("outside_section", number)
        else:
            self._setting(line, number, indent)

    def _continuation(self, stripped: str, number: int) -> None:
        if self._nested:
            name, sign, _ = stripped.partition("=")
            if not sign or not name.strip():
                self._find("nested_no_name" if sign else "nested_no_equals", number)
                return
            if len(stripped.splitlines()) > 1:
                self._find("broken_nested_setting", number)
        place, (text, first, _) = (id(self._values), self._last), self._values[self._last]
        begun = self._going_on.get(place)
        _, _, parts = self._going_on[place] = begun or (self._values, self._last, [text])
        since = self._reached if begun else first
        if not self._nested and any(not line.strip() for line in self._lines[since - self._first + 1 : number - self._first]):
            self._find("gap_in_value", number, self._last)
        parts.append(stripped)
        self._reached = number

    def _join_continued(self) -> None:
        """Put the values that go on over several lines together, each once: line by line, a million of them would never end."""
        for values, name, parts in self._going_on.values():
            _, first, path = values[name]
            values[name] = ("\n".join(parts), first, path)
        self._going_on.clear()

    def _setting(self, line: str, number: int, indent: int) -> None:
        equals, colon = line.find("="), line.find(":")
        end = equals if colon < 0 or 0 <= equals < colon else colon
        if end < 0:
            self._find("stray_continuation" if indent else "no_equals", number)
            self._last = ""
            return
        key = line[:end].strip().lower()
        if not key:
            self._find("no_name", number)
            self._last = ""
            return
        self._remark_on_form(line, number, key, indent)
        value = line[end + 1 :]
        comment = _INLINE_COMMENT.search(value)
        text = self._without_comment(key, value, comment.start(), number) if comment else value.strip()
        if key in self._values:
            self._find("duplicate_setting", number, key)
            self._going_on.pop((id(self._values), key), None)
        self._values[key] = (text, number, self.path)
        self._last, self._indent, self._nested = key, indent, not text
        if line[end] == "=" and not indent:
            self._names[line[:end]] = key

    def _remark_on_form(self, line: str, number: int, key: str, indent: int) -> None:
        if indent:
            self._find("indented_setting", number, key)
        if "=" not in line:
            self._find("colon", number, key)

    def _without_comment(self, key: str, value: str, end: int, number: int) -> str:
        self._find("inline_comment", number, key)
        return value[:end].strip()

    def _find(self, kind: str, line: int, name: str = "") -> None:
        (self.problems if FAULTS[kind].lost else self.remarks).append(finding(kind, self.path, line, name))
