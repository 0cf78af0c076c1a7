"""What must hold for every file: nothing is raised, every finding has a line, and a file without findings reads as botocore reads it."""

from __future__ import annotations

import pathlib
import tempfile

import botocore.configloader
from botocore.exceptions import ConfigParseError
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_app.catalog.ini_file import IniFile
from tui_app.catalog.shared_config import nested, parse_shared_config, read_shared_config

NAMES = st.sampled_from(["dev", "prod", "a.b", "team/x", "x@y", '"two words"', "'q'", "o'k", "default", "ä", "a b", ""])
HEADERS = st.one_of(
    NAMES.map("[profile {}]".format),
    NAMES.map("[{}]".format),
    NAMES.map("[ profile  {} ]".format),
    st.sampled_from(
        ["[default]", "[sso-session hub]", "[services s]", "[DEFAULT]", "[plugins]", "[profile a", "[]", "[a]]", "[profile a]x"]
    ),
)
KEYS = st.sampled_from(["role_arn", "Region", "s3", "source_profile", "x-y", "in valid", "a.b", ""])
VALUES = st.sampled_from(["", "x", "a = b", "arn:aws:iam::111122223333:role/x", "v#c", "v # c", "v ; c", '"q"', "é", "%(x)s"])
SETTINGS = st.builds("{}{}{}{}".format, KEYS, st.sampled_from(["=", " = ", ":", " : ", " "]), VALUES, st.sampled_from(["", " ", "\t"]))
INDENTED = st.builds("{}{}".format, st.sampled_from([" ", "    ", "\t", "\xa0"]), st.one_of(SETTINGS, VALUES, HEADERS))
OTHERS = st.sampled_from(["", " ", "# c", "; c", "  # c", "\ufeff", "\x0c", "\x1c", "\0", "=", ":"])
LINES = st.lists(st.one_of(HEADERS, SETTINGS, SETTINGS, INDENTED, OTHERS), max_size=12)
FILES = st.builds(lambda lines, end: end.join(lines), LINES, st.sampled_from(["\n", "\r\n", "\r"]))


def by_botocore(text: str):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "config")
        path.write_bytes(text.encode("utf-8", "replace"))
        return botocore.configloader.load_config(str(path))


def plain(sections, theirs):
    """Our sections in botocore's shape: nested blocks as dictionaries."""
    return {
        name: {key: nested(text) if text.startswith("\n") else text for key, (text, _, _) in section.values.items()}
        for name, section in sections.items()
    }


def lines_of(text: str) -> int:
    return text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1


@settings(max_examples=300, deadline=None)
@given(FILES)
def test_a_file_without_findings_reads_as_botocore_reads_it(text):
    shared = parse_shared_config(text, "")
    found = (*shared.problems, *shared.remarks)
    try:
        theirs = by_botocore(text)
    except ConfigParseError:
        assert found, "botocore refuses what we have nothing to say about"
        return
    if not found:
        assert plain(shared.profiles, theirs) == theirs["profiles"]
        assert plain(shared.sso_sessions, theirs) == theirs["sso_sessions"]
        assert plain(shared.services, theirs) == theirs["services"]


@settings(max_examples=150, deadline=None)
@given(FILES, FILES)
def test_every_finding_has_a_line_of_its_file(config, credentials):
    shared = parse_shared_config(config, credentials)
    length = {"config": lines_of(config), "credentials": lines_of(credentials)}
    assert [found for found in (*shared.problems, *shared.remarks) if not 1 <= found.where.line <= length[found.where.path]] == []
    assert [
        name
        for name, section in shared.profiles.items()
        for _, line, path in section.values.values()
        if not 1 <= line <= length[path] or not 1 <= section.line <= length[section.path]
    ] == []


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.binary(max_size=300), FILES, st.integers(0, 200))
def test_no_bytes_are_too_odd(config, credentials, text, cut):
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (("config", text.encode("utf-8", "replace")[:cut] + config), ("credentials", credentials)):
            pathlib.Path(folder, name).write_bytes(content)
        shared = read_shared_config({"AWS_CONFIG_FILE": f"{folder}/config", "AWS_SHARED_CREDENTIALS_FILE": f"{folder}/credentials"})
        assert all(problem.where for problem in shared.problems)


@settings(max_examples=100, deadline=None)
@given(FILES, st.integers(1, 50))
def test_a_part_of_a_file_keeps_its_line_numbers(text, first):
    whole, part = IniFile("p", "config").read(text), IniFile("p", "config").read(text, first)
    assert [problem.where.line + first - 1 for problem in whole.problems] == [problem.where.line for problem in part.problems]
