"""The marked block in the bytes of a config file: in, changed, out again, and the file is what it was."""

from __future__ import annotations

import configparser
import re
import shlex
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.catalog.own_profiles import is_own, own_role
from tui_app.catalog.shared_config import parse_shared_config
from tui_app.errors import ConfigUnusable
from tui_app.handover.profiles import (
    LINE_ENDED,
    NAME,
    NEW_FILE,
    Entry,
    choose_name,
    find_block,
    merged,
    plain_region,
    process_line,
    profile_name,
    stray_setting,
    with_entries,
    without_block,
)
from tui_app.handover.profiles_diff import unified

PROGRAM = ["/opt/tools/roledeck"]
ENTRIES = (
    Entry("production/Dev", "production/Dev", "/opt/tools/roledeck credential-process production/Dev", "eu-west-1"),
    Entry("sandbox/Dev", "sandbox/Dev", "/opt/tools/roledeck credential-process sandbox/Dev"),
)
PIECES = st.sampled_from([
    b"\r\n", b"\n", b"\r", b"\xef\xbb\xbf", b"\xff\xfe", b"\x00", b"\xe9", b" ", b"\t", b"[profile a]", b"region = x", b"[", b"]", b"=",
    b"#", b"# BEGIN roledeck", b"# END roledeck", b"roledeck", b"s3 =", b"  a = b", b"\x0c", b"\x1c", b"\xe2\x80\xa8", b"\xc2\x85",
])  # fmt: skip
FILES = st.one_of(st.binary(max_size=120), st.lists(PIECES, max_size=12).map(b"".join))


def installed(content: bytes, entries=ENTRIES, *, absent=False) -> bytes:
    made = with_entries(find_block(content, "config"), entries, absent=absent)
    assert made is not None
    return made


def removed(content: bytes) -> bytes | None:
    return without_block(find_block(content, "config"))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[profile a]\nregion = x\n",
        b"[profile a]\nregion = x",
        b"[profile a]\r\nregion = x\r\n",
        b"[profile a]\r\nregion = x",
        b"[profile a]\rregion = x\r",
        b"one\r\ntwo\nthree\r",
        b"\xef\xbb\xbf",
        b"\xef\xbb\xbf[profile a]\nregion = x\n",
        b"[profile caf\xe9]\n\xff\xfe\n",
        b"\n\n\n",
        b"[profile a]\ns3 =\n  max = 3",
    ],
)
def test_what_goes_in_comes_out_again(content):
    made = installed(content)
    assert removed(made) == content
    assert find_block(made, "config").entries == ENTRIES


@given(content=FILES, more=st.booleans())
def test_any_file_comes_back_byte_for_byte(content, more):
    try:
        made = installed(content)
    except ConfigUnusable:
        # a mark that is not ours, or UTF-16: nothing is written at all
        assert b"roledeck" in content or content[:2] in {b"\xff\xfe", b"\xfe\xff"}
        return
    if more:
        made = installed(made, merged(ENTRIES, [Entry("x", "x/y", "/opt/tools/roledeck credential-process x/y")]))
    assert removed(made) == content
    assert with_entries(find_block(made, "config"), ()) == content


@given(before=FILES, after=FILES)
def test_what_is_written_round_the_block_stays(before, after):
    try:
        made = installed(before)
        edited = find_block(made + after, "config")
    except ConfigUnusable:
        return
    assert edited.entries == ENTRIES
    left = without_block(edited)
    assert left is not None
    assert left.startswith(before)
    assert left.endswith(after)
    assert left.replace(b"\r\n", b"\n").removeprefix(before.replace(b"\r\n", b"\n")).removesuffix(after.replace(b"\r\n", b"\n")) in {
        b"",
        b"\n",
    }


def test_an_absent_file_is_absent_again_and_one_that_has_got_more_stays():
    made = installed(b"", absent=True)
    assert find_block(made, "config").flags == (NEW_FILE,)
    assert removed(made) is None
    assert removed(made + b"[profile mine]\n") == b"[profile mine]\n"
    assert removed(installed(b"")) == b""


def test_a_line_that_was_ended_for_the_block_stays_ended_where_something_follows():
    made = installed(b"region = x")
    assert find_block(made, "config").flags == (LINE_ENDED,)
    assert removed(made + b"[profile mine]\n") == b"region = x\n[profile mine]\n"


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_the_block_has_the_files_own_line_ends(newline):
    made = installed(b"[profile a]" + newline)
    assert made.count(newline) == made.count(b"\n")
    assert (b"\r" in made) == (newline == b"\r\n")


def test_other_line_ends_given_by_an_editor_are_no_edit():
    made = installed(b"[profile a]\nregion = x\n").replace(b"\n", b"\r\n")
    assert find_block(made, "config").entries == ENTRIES
    assert removed(made) == b"[profile a]\r\nregion = x\r\n"
    assert removed(installed(b"[profile a]\n").removesuffix(b"\n")) == b"[profile a]\n"


def block_text() -> bytes:
    return installed(b"[default]\n")


@pytest.mark.parametrize(
    ("edit", "line", "says"),
    [
        (lambda text: text.replace(b"region = eu-west-1", b"region = eu-west-2"), 2, "has been edited"),
        (lambda text: text.replace(b"region = eu-west-1", b"output = json"), 5, "has been edited"),
        (lambda text: text.replace(b"[profile sandbox/Dev]", b"[profile sandbox/Dev]\n# mine"), 7, "has been edited"),
        (lambda text: text.replace(b"check ", b"check f"), 2, "has been edited"),
        (lambda text: text.replace(b"# BEGIN", b"  # BEGIN"), 2, "has been edited"),
        (lambda text: text.replace(b"# END roledeck", b"# END roledeck was here"), 2, "has been edited"),
        (lambda text: text.replace(b"# END roledeck\n", b""), 2, "has no `# END roledeck`"),
        (lambda text: text[: text.index(b"# BEGIN")] + text[text.index(b"\n", text.index(b"# BEGIN")) + 1 :], 7, "no `# BEGIN roledeck`"),
        (lambda text: text + text, 10, "more than one block"),
        (lambda text: text.replace(b"[profile sandbox", b"# BEGIN roledeck\n[profile sandbox"), 6, "inside another"),
        (lambda text: text + b"# END roledeck\n", 9, "more than one block"),
        (lambda text: b"# END roledeck\n" + text.replace(b"# END roledeck\n", b""), 1, "stands before"),
    ],
)
def test_a_block_that_is_not_as_it_was_written_is_refused_with_its_line(edit, line, says):
    with pytest.raises(ConfigUnusable, match=says) as refused:
        find_block(edit(block_text()), "~/.aws/config")
    assert refused.value.where == f"~/.aws/config:{line}"
    assert f"~/.aws/config:{line}: " in refused.value.message
    assert refused.value.next_step


@pytest.mark.parametrize("mark", ["utf-16", "utf-16-be"])
def test_a_file_in_utf_16_is_refused(mark):
    content = (b"\xfe\xff" if mark.endswith("be") else b"") + "[default]\n".encode(mark)
    with pytest.raises(ConfigUnusable, match="UTF-16"):
        find_block(content, "config")


def test_a_setting_below_the_block_is_seen():
    made = installed(b"")
    assert stray_setting(find_block(made + b"\n# mine\noutput = json\n", "config")) == 3
    assert stray_setting(find_block(made + b"\n# mine\n[profile x]\noutput = json\n", "config")) == 0


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("production/team/Dev", "production/team/Dev"),
        ("a.b_c%d@e:f+g-h", "a.b_c%d@e:f+g-h"),
        ("our account/Dev", "our-account/Dev"),
        ("dev=1,x/Role", "dev-1-x/Role"),
        ("-x/y", "x/y"),
        ("café's/Dev", "caf-s/Dev"),
        ("a]\n[profile b/Dev", "a-profile-b/Dev"),
        ("日本", ""),
    ],
)
def test_a_profile_has_a_name_that_every_reader_takes(text, name):
    assert profile_name(text) == name
    assert not name or NAME.fullmatch(name)


@given(st.text())
def test_a_made_name_is_a_name_or_nothing(text):
    assert profile_name(text) == "" or NAME.fullmatch(profile_name(text))


def test_a_name_that_somebody_has_is_not_taken():
    assert choose_name(["a/b"], {"a/b"}) == ""
    assert choose_name(["a b/c", "111122223333/c"], {"a-b/c"}) == "111122223333/c"
    assert choose_name(["default"], ()) == ""


HOSTILE = [
    "plain/Role", "two words/Role", "it's/Role", 'say "x"/Role', "a #b/Role", "a ;b/Role", "a '#b/Role", "$HOME/`id`/$(id)", "a\\b/Role",
    "~/x", "*", "a|b&c>d", "-n/x", "%PATH%/x", "!x", "x=y", "été/日本", " #", "' ;'", "a  # # ;", "[x]", "=", "/x/ #y",
]  # fmt: skip


def words_of(line: str) -> list[str]:
    return shlex.split(line)


@pytest.mark.parametrize("program", [PROGRAM, ["/my tools/it's #1/roledeck"], ["/usr/bin/python3", "-m", "tui_app"]])
@pytest.mark.parametrize("role", HOSTILE)
def test_shlex_and_sh_read_the_same_words(program, role):
    line = process_line(program, role, "/some where/c.toml" if role == "plain/Role" else "")
    wanted = [*program, "credential-process", role, *(["--config", "/some where/c.toml"] if role == "plain/Role" else [])]
    assert shlex.split(line) == wanted
    shown = subprocess.run(["sh", "-c", f"printf '%s\\0' {line}"], capture_output=True, check=True).stdout.decode()
    assert shown.split("\0")[:-1] == wanted
    assert is_own(line)
    assert own_role(line) == role
    assert line[0] not in "'\""


@given(st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"]), min_size=1, max_size=30))
def test_every_reader_of_the_file_gets_the_whole_line_back(role):
    try:
        line = process_line(PROGRAM, role)
    except ValueError:
        return
    made = installed(b"", (Entry("x", role, line, "eu-west-1"),))
    assert re.search(r"\s[#;]", line) is None, "the specification's readers would end it here"
    read = parse_shared_config(made.decode(), "")
    assert (read.problems, read.remarks) == ((), ())
    assert read.profiles["x"].get("credential_process") == line
    parser = configparser.RawConfigParser()
    parser.read_string(made.decode())
    assert shlex.split(parser["profile x"]["credential_process"])[-1] == role
    assert find_block(made, "config").entries == (Entry("x", role, line, "eu-west-1"),)


@pytest.mark.parametrize("role", ["a\nb", "a\rb", "a\0b", "a\x1b[2Jb", "a\u2028b", "a\u202eb", "a\x85b"])
def test_nothing_that_could_leave_its_line_is_written(role):
    with pytest.raises(ValueError, match="cannot be seen"):
        process_line(PROGRAM, role)


@pytest.mark.parametrize("value", ["a\nb", "a\rb", "a\0b"])
def test_a_value_with_a_line_end_is_refused_once_more(value):
    for entry in (Entry("x", "x", value), Entry("x", "x", "x", value), Entry(value, "x", "x")):
        with pytest.raises(ConfigUnusable, match="stay on its line"):
            installed(b"", (entry,))


def test_a_region_that_is_none_is_left_out():
    assert plain_region("eu-west-1") == "eu-west-1"
    assert plain_region("eu\n[profile evil]") == plain_region(None) == plain_region("") == ""


@pytest.mark.parametrize(
    ("process", "role"),
    [
        ("roledeck credential-process prod/Dev", "prod/Dev"),
        ("'/my tools/roledeck' credential-process 'two words/Dev' --config x", "two words/Dev"),
        ("/usr/bin/python3 -m tui_app credential-process prod/Dev", "prod/Dev"),
        ("aws-vault export --format=json prod", ""),
        ("roledeck credential-process", ""),
        ("roledeck credential-process 'open", ""),
        ("notes about roledeck.txt credential-process x", ""),
        ("", ""),
    ],
)
def test_what_is_our_own_is_known(process, role):
    assert own_role(process) == role


def test_the_difference_is_a_unified_one():
    old = b"[profile a]\nregion = x"
    assert unified(old, installed(old), "~/.aws/config")[:5] == [
        "--- ~/.aws/config",
        "+++ ~/.aws/config",
        "@@ -1,2 +1,9 @@",
        " [profile a]",
        "-region = x\n\\ No newline at end of file",
    ]
    assert unified(old, old, "x") == []


@pytest.mark.program("patch")
def test_a_patch_made_of_it_applies(tmp_path):
    old = (
        b"".join(b"[profile p%d]\nregion = eu-west-1\n" % number for number in range(40))
        + installed(b"")
        + b"[profile z]\n# end\n# end\n# end\n"
    )
    new = installed(old, ENTRIES[:1])
    (tmp_path / "config").write_bytes(old)
    text = "\n".join(unified(old, new, "config")) + "\n"
    subprocess.run(["patch", "-s", "config"], input=text.encode(), cwd=tmp_path, check=True)
    assert (tmp_path / "config").read_bytes() == new


def test_no_secret_is_shown_beside_the_change():
    old = b"[profile a]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = canary/secret\naws_session_token: canary/token\n"
    shown = "\n".join(unified(old, installed(old), "config"))
    assert "canary" not in shown
    assert "aws_secret_access_key = ****" in shown


def test_hostile_bytes_are_safe_on_a_terminal():
    old = b"[profile \x1b[2J\xff\xc2\x9b]\n"
    shown = "\n".join(unified(old, installed(old), "config"))
    assert all(character.isprintable() or character == "\n" for character in shown)


def test_ten_thousand_profiles_that_move_are_told_at_once():
    def entries(program):
        return tuple(Entry(f"a{number}/b", f"a{number}/b", f"{program} credential-process a{number}/b") for number in range(5000))

    old, new = installed(b"", entries("/a/roledeck")), installed(b"", entries("/b/roledeck"))
    lines = unified(old, new, "config")
    assert sum(line.startswith("-") for line in lines) - 1 == sum(line.startswith("+") for line in lines) - 1
