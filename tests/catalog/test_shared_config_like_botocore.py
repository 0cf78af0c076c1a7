"""Any files that botocore accepts read as botocore reads them, but for what a finding on that very line says.

`ROLEDECK_EXAMPLES=5000` makes as many files; the suite is content with fewer.
"""

from __future__ import annotations

import configparser
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import botocore.configloader
import botocore.session
from botocore.exceptions import ConfigParseError
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from tui_app.catalog.shared_config import nested, parse_shared_config

KINDS = ("profiles", "sso_sessions", "services")
EXAMPLES = int(os.environ.get("ROLEDECK_EXAMPLES", "300"))
WORDS = [
    "dev",
    "prod",
    "a.b",
    "team/x",
    "x@y",
    "a+b",
    "A",
    "Dev",
    "default",
    "DEFAULT",
    "é",
    "日本",
    "a=b",
    "a:b",
    "100%",
    "%(dev)s",
    "it\u00a0x",
    "#a",
    "a;b",
]
QUOTED = [
    '"two words"',
    "'q'",
    '"dev"',
    "'a b'x",
    "de\\v",
    'a" "b',
    "o'brien",
    '"',
    '"a#b"',
    '"default"',
    '""',
    "two words",
    '"x]y"',
    "[x]",
]
NAMES = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(WORDS),
    st.sampled_from(QUOTED),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=4),
)
PREFIXES = st.sampled_from(
    [
        "profile",
        "profile",
        "profile",
        "profile",
        "sso-session",
        "services",
        "profiles",
        "Profile",
        "profilefoo",
        "plugins",
        '"profile"',
        "profile''",
    ]
)
GAPS = st.sampled_from([" ", " ", " ", "  ", "\t", "", "\u00a0", " \t"])
PADS = st.sampled_from(["", "", "", "", "", " ", "\t"])
AFTER = st.sampled_from(["", "", "", "", "", " ", "\t", " # c", "; c", " ;c", "#", " x", "]", " # see [this]", " [y]", "\x0c"])
INDENTS = st.sampled_from(["", "", "", "", "", "", "", " ", "\t"])
CONFIG_HEADERS = st.one_of(
    st.builds("{0}[{1}{2}{3}{4}{1}]{5}".format, INDENTS, PADS, PREFIXES, GAPS, NAMES, AFTER),
    st.builds("{}[{}{}{}]{}".format, INDENTS, PADS, st.one_of(st.just("default"), NAMES), PADS, AFTER),
    st.sampled_from(["[default]", "[profile default]", "[DEFAULT]", "[plugins]", "[preview]", "[profile]", "[sso-session]", "[toolkit]"]),
)
CREDENTIALS_HEADERS = st.one_of(
    st.builds("{}[{}{}{}]{}".format, INDENTS, PADS, NAMES, PADS, AFTER),
    st.builds("[{}]".format, st.sampled_from(WORDS)),
    st.builds("[{}{}{}]".format, PREFIXES, GAPS, NAMES),
)
KEYS = st.sampled_from(
    [
        "role_arn",
        "Region",
        "REGION",
        "region",
        "s3",
        "sts",
        "source_profile",
        "x-y",
        "in valid",
        "a.b",
        "aws_access_key_id",
        "É",
        "İx",
        "key;",
        "k#",
        "k]",
        "%",
        "[k",
        "rem",
    ]
)
DELIMITERS = st.sampled_from(["=", " = ", " = ", " = ", "\t=\t", ":", " : ", " =", "= ", "==", ":=", "=:", "\u00a0=\u00a0", "\x0b="])
VALUES = st.one_of(
    st.sampled_from(
        [
            "",
            "",
            "x",
            "a = b",
            "arn:aws:iam::111122223333:role/x",
            "v#c",
            "v # c",
            "v ; c",
            "v\t;c",
            "#",
            "# c",
            ";",
            "=",
            ":",
            '"q"',
            "'q'",
            "é",
            "%(x)s",
            "%",
            "[x]",
            "a\\",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=6),
)
NESTED_KEYS = st.sampled_from(["a", "B", "endpoint_url", "x:y", "in valid", "#k", "[k]", "k;", "é"])
DEEPER = st.sampled_from(["  ", "    ", "\t", " \t", "\u00a0", "\u3000"])
NOISE = st.lists(st.sampled_from(["", " ", "\t", "# c", "; c", "  # c = d", "#", "\x0c", "  ; [x]", "#[profile z]"]), max_size=2)


@st.composite
def a_setting(draw, key: str) -> list[str]:
    """One setting with what may hang on it: a nested block, or a value that goes on."""
    indent, value = draw(INDENTS), draw(VALUES)
    lines = [f"{indent}{key}{draw(DELIMITERS)}{value}{draw(PADS)}"]
    kind = draw(st.sampled_from(["plain", "plain", "plain", "nested", "continued"]))
    if kind == "nested":
        lines[0] = f"{indent}{key} ={draw(PADS)}"
        for name in draw(st.lists(NESTED_KEYS, min_size=1, max_size=3)):
            lines += [*draw(NOISE), f"{indent}{draw(DEEPER)}{name}{draw(DELIMITERS)}{draw(VALUES)}"]
    elif kind == "continued":
        for text in draw(st.lists(VALUES, min_size=1, max_size=2)):
            lines += [*draw(NOISE), f"{indent}{draw(DEEPER)}{text}"]
    return [*lines, *draw(NOISE)]


@st.composite
def a_file(draw, headers) -> str:
    """A file whose sections and settings are mostly there once, as botocore wants it."""
    lines = list(draw(NOISE))
    for header in draw(st.lists(headers, max_size=5, unique=True)):
        lines += [header, *draw(NOISE)]
        for key in draw(st.lists(KEYS, max_size=4, unique_by=str.lower)):
            lines += draw(a_setting(key))
    return draw(st.sampled_from(["\n", "\n", "\r\n", "\r"])).join(lines) + draw(st.sampled_from(["", "\n", "\n\n"]))


@dataclass
class Lines:
    """Where one file's sections and settings start, as `configparser` meets them: `headers[number]` is the section's raw name."""

    headers: dict[int, str] = field(default_factory=dict)
    settings: dict[int, str] = field(default_factory=dict)
    length: int = 0

    def header_of(self, line: int) -> int:
        """The line of the header that stands over `line`; 0 for none."""
        return max((number for number in self.headers if number <= line), default=0)

    def extent(self, line: int) -> range:
        """The lines of the setting that starts at `line`, up to the next setting or header."""
        following = [number for number in (*self.headers, *self.settings) if number > line]
        return range(line, min(following, default=self.length + 1))


def lines_of(text: str) -> Lines:
    """Where botocore's parser sees sections and settings start."""
    found, at = Lines(), [0]

    class Settings(dict):
        def __setitem__(self, key: str, value: Any) -> None:
            if isinstance(value, list):
                found.settings[at[0]] = key
            elif isinstance(value, dict):
                found.headers[at[0]] = key
            super().__setitem__(key, value)

    class Sections(Settings):
        pass

    def numbered() -> Iterator[str]:
        for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
            at[0] = found.length = number
            yield line + "\n"

    parser = configparser.RawConfigParser(dict_type=Sections)
    parser.read_file(numbered())
    return found


def full_config(config: bytes, credentials: bytes) -> dict[str, Any]:
    """`botocore.session.full_config` over the two files.

    Raises:
        ConfigParseError: where botocore refuses one of them.
    """
    with tempfile.TemporaryDirectory() as folder:
        paths = {"config_file": os.path.join(folder, "config"), "credentials_file": os.path.join(folder, "credentials")}
        for path, content in zip(paths.values(), (config, credentials), strict=True):
            with open(path, "wb") as file:
                file.write(content)
        # a whole session would make its hundred components for each pair of files
        session = SimpleNamespace(_config=None, get_config_variable=paths.__getitem__)
        return botocore.session.Session.full_config.fget(session)


def texts(section) -> dict:
    """A section of ours in botocore's shape: nested blocks as dictionaries."""
    return {key: nested(text) if text.startswith("\n") else text for key, (text, _, _) in section.values.items()}


def starts(text: str, line: int) -> set[int]:
    """The lines that stand last over `line` and look like a header: in the first column, and anywhere."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:line]
    flush = [number for number, written in enumerate(lines, 1) if written.startswith("[")]
    any_column = [number for number, written in enumerate(lines, 1) if written.strip().startswith("[")]
    return {max(flush, default=0), max(any_column, default=0)}


def differences(config: str, credentials: str) -> list[str]:
    """What reads differently without a finding on a line of the setting or of its header."""
    theirs = full_config(config.encode(), credentials.encode())
    shared = parse_shared_config(config, credentials)
    files = {"config": config, "credentials": credentials}
    lines = {path: lines_of(text) for path, text in files.items()}
    named = {(found.where.path, found.where.line) for found in (*shared.problems, *shared.remarks)}
    ours = {"profiles": shared.profiles, "sso_sessions": shared.sso_sessions, "services": shared.services}
    found = []
    for kind in KINDS:
        for name in {**theirs[kind], **ours[kind]}:
            section = ours[kind].get(name)
            own, other = texts(section) if section else {}, theirs[kind].get(name, {})
            places = [(section.path, section.line)] if section else []
            if (name in theirs[kind]) != (section is not None) and not _named(named, places or _sections(lines, name), lines, files):
                found.append(f"{kind} {name!r} is {'only ours' if section else 'only theirs'}")
            for key in {**own, **other}:
                if own.get(key) != other.get(key):
                    at = [(section.values[key][2], section.values[key][1])] if section and key in section.values else []
                    at += [(path, line) for path, known in lines.items() for line, setting in known.settings.items() if setting == key]
                    if not _named(named, at, lines, files):
                        found.append(f"{kind} {name!r} {key!r}: {own.get(key)!r}, botocore {other.get(key)!r}")
    return found


def _sections(lines, name: str) -> list[tuple[str, int]]:
    """Where a section that only botocore sees starts."""
    return [
        (path, line)
        for path, known in lines.items()
        for line, raw in known.headers.items()
        if name == raw or name in botocore.configloader._parse_section(raw, {})
    ]


def _named(named, places, lines, files) -> bool:
    for path, line in places:
        around = {*lines[path].extent(line), lines[path].header_of(line), *starts(files[path], line)}
        if any((path, number) in named for number in around):
            return True
    return False


@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(a_file(CONFIG_HEADERS), a_file(CREDENTIALS_HEADERS))
@example("[profile a] # see [this]\nregion = x\n", "")
@example("[default ]\nregion = x\n", "")
@example("[profile a\u2028]\nregion = x\n[profile b \x0b]\nregion = x\n", "")
@example('[profile dev]\nregion = x\n[profile "dev"]\noutput = y\n', "")
@example("[default]\nregion = x\n[profile default]\noutput = y\n", "")
@example("[profile default]\nregion = x\n[default]\noutput = y\n", "")
@example("  [profile dev]\nregion = x\n", "  [dev]\nregion = y\n")
@example("[profile dev]\ns3 =\n  a = b\x0bc = d\n", "")
@example("[DEFAULT]\nregion = x\n[profile dev]\n", "[DEFAULT]\noutput = y\n[prod]\n")
def test_files_that_botocore_accepts_read_as_botocore_reads_them(config, credentials):
    try:
        found = differences(config, credentials)
    except ConfigParseError:
        assume(False)
    assert found == []
