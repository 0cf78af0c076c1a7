from __future__ import annotations

import os

import pytest

from tui_app.catalog.ini_faults import FAULTS
from tui_app.catalog.shared_config import chosen_profile, nested, parse_shared_config, read_shared_config


def kinds(problems) -> list[tuple[str, int]]:
    return [(problem.kind, problem.where.line) for problem in problems]


def texts(section) -> dict[str, str]:
    return {name: value[0] for name, value in section.values.items()}


def test_every_value_has_its_file_and_line():
    config = "# mine\n[profile dev]\nregion = eu-west-1\n\n[profile dev]\noutput = json\n"
    shared = parse_shared_config(config, "[dev]\nregion = us-east-1\n", "/c", "/k")
    dev = shared.profiles["dev"]
    assert (str(dev.here), str(dev.origin("region")), str(dev.origin("output"))) == ("/c:2", "/k:2", "/c:6")
    assert dev.origin("absent") is None
    assert dev.get("region") == "us-east-1"
    assert shared.in_config["dev"].get("region") == "eu-west-1"


@pytest.mark.parametrize(
    ("config", "found"),
    [
        ("[profile dev\nregion = x\n[profile a]\nb = c", [("unclosed_section", 1)]),
        ("region = x\n[profile a]", [("outside_section", 1)]),
        ("[profile a]\nno equals here\nb = c", [("no_equals", 2)]),
        ("[profile a]\n = c", [("no_name", 2)]),
        ("[profile a]\n  stray\nb = c", [("stray_continuation", 2)]),
        ("[profile a]\ns3 =\n  nothing\n  b = c", [("nested_no_equals", 3)]),
        ("[profile a]\ns3 =\n  = b", [("nested_no_name", 3)]),
        ("[foo]\nregion = x", [("not_a_profile", 1)]),
        ("[profilefoo]\nregion = x", [("not_a_profile", 1)]),
        ("[profile a b]\nregion = x", [("bad_section_name", 1)]),
        ("[profile o'brien]\nregion = x", [("bad_section_name", 1)]),
        ("[]\nregion = x", [("unnamed_section", 1)]),
        ("[DEFAULT]\nregion = x", [("default_in_capitals", 1)]),
        ("[default]\na = b\n[profile default]\nc = d", [("two_defaults", 1)]),
        ("[profile default]\nc = d\n[default]\na = b", [("two_defaults", 3)]),
        ("[profile a]\nb = c\0d", [("control_character", 2)]),
        ("[profile a]\nb = c\n[k = v", [("unclosed_section", 3)]),
        ("\u00a0region = x", [("outside_section", 1)]),
    ],
)
def test_a_bad_line_costs_that_line_and_says_so(config, found):
    shared = parse_shared_config(config + "\n[profile last]\nregion = eu-west-1\n", "")
    assert kinds(shared.problems) == found
    assert texts(shared.profiles["last"]) == {"region": "eu-west-1"}


@pytest.mark.parametrize(
    ("config", "remark", "values"),
    [
        ("[profile a]\nb: c", ("colon", 2), {"b": "c"}),
        ("[profile a]\n  b = c\n  d = e", ("indented_setting", 2), {"b": "c", "d": "e"}),
        ("[profile a]\nb = c # d", ("inline_comment", 2), {"b": "c"}),
        ("[profile a]\nb = c\nb = d", ("duplicate_setting", 3), {"b": "d"}),
        ("[profile a]\nb = c\n[profile a]\nd = e", ("duplicate_section", 3), {"b": "c", "d": "e"}),
        ("[profile a] junk\nb = c", ("text_after_section", 1), {"b": "c"}),
        ("[profile a] # see [this]\nb = c", ("bracket_in_comment", 1), {"b": "c"}),
        ("  [profile a]\nb = c", ("indented_section", 1), {"b": "c"}),
        ("[ profile a]\nb = c", ("padded_section", 1), {"b": "c"}),
        ('[profile "a"]\nb = c\n[profile a]\nd = e', ("two_spellings", 1), {"b": "c", "d": "e"}),
        ("[profile a]\nb = c\n[profile  a]\nd = e", ("two_spellings", 3), {"b": "c", "d": "e"}),
        ("[profile a]\nb = c\n\n  d", ("gap_in_value", 4), {"b": "c\nd"}),
        ("[profile a]\nb =\n  c = d\x0be = f", ("broken_nested_setting", 3), {"b": "\nc = d\x0be = f"}),
    ],
)
def test_what_other_tools_read_differently_is_read_and_remarked(config, remark, values):
    shared = parse_shared_config(config, "")
    assert remark in kinds(shared.remarks)
    assert shared.problems == ()
    assert texts(shared.profiles["a"]) == values


@pytest.mark.parametrize(
    "config",
    [
        "[profile a] # no brackets\nregion = x\n",
        "[profile a]\n\n\n# c\nregion = x\n",
        "[profile a]\nb = c\n# a comment between is no gap\n  d\n",
        "[profile a]\ns3 =\n\n  b = c\n",
        "[profile a]\nb = c#d\ne = f;g\nh = %(i)s\n",
        "[default]\nregion = x\n",
        "[profile default]\nregion = x\n",
    ],
)
def test_nothing_is_said_of_what_every_tool_reads_alike(config):
    shared = parse_shared_config(config, config.replace("profile ", ""))
    assert (shared.problems, shared.remarks) == ((), ())


def test_a_later_default_without_a_prefix_is_what_the_aws_cli_uses():
    shared = parse_shared_config("[profile default]\nregion = x\n[default]\noutput = y\n", "")
    assert (kinds(shared.problems), kinds(shared.remarks)) == ([("two_defaults", 3)], [("later_default", 1)])
    assert texts(shared.profiles["default"]) == {"region": "x"}


def test_a_default_with_a_space_in_its_brackets_is_none_to_the_aws_cli():
    assert kinds(parse_shared_config("[default ]\nregion = x\n", "").remarks) == [("padded_section", 1)]


def test_a_line_that_stood_before_is_read_as_before_under_any_section():
    config = "[profile a]\nregion = x\ns3 =\n  b = c\n[profile b]\nregion = x\n  y\nregion = x\n[bad section\nregion = x\n"
    shared = parse_shared_config(config, "")
    assert texts(shared.profiles["b"]) == {"region": "x"}
    assert kinds(shared.remarks) == [("duplicate_setting", 8)]
    assert str(shared.profiles["b"].origin("region")) == "config:8"


def test_settings_of_a_section_that_cannot_be_read_go_to_nobody():
    shared = parse_shared_config("[profile a]\nb = c\n[profile x y]\nrole_arn = stolen\n", "")
    assert texts(shared.profiles["a"]) == {"b": "c"}
    assert list(shared.profiles) == ["a"]


def test_names_with_spaces_work_as_in_the_aws_cli():
    shared = parse_shared_config('[profile "my team"]\nregion = x\n[sso-session "a b"]\nsso_region = y\n', "[other team]\nregion = z\n")
    assert set(shared.profiles) == {"my team", "other team"}
    assert set(shared.sso_sessions) == {"a b"}


def test_comments_and_blank_lines_inside_a_nested_block():
    shared = parse_shared_config("[profile a]\ns3 =\n  one = 1\n\n  # no\n  two = 2\nregion = x\n", "")
    assert nested(shared.profiles["a"].get("s3")) == {"one": "1", "two": "2"}
    assert shared.profiles["a"].get("region") == "x"


def test_a_prefix_in_the_credentials_file_is_named():
    shared = parse_shared_config("", "[profile dev]\na = b\n[dev]\nc = d\n")
    assert kinds(shared.problems) == [("prefix_in_credentials", 1)]
    assert texts(shared.profiles["dev"]) == {"c": "d"}


def test_sections_of_other_programs_are_nobodys_problem():
    shared = parse_shared_config("[plugins]\na = b\n[granted_registry_start x]\n[services s]\nsts =\n  endpoint_url = x\n", "")
    assert shared.problems == ()
    assert list(shared.services) == ["s"]


def test_no_sentence_shows_a_value():
    config = "[profile a]\naws_secret_access_key wJalrXUtnFEMI\n  wJalrXUtnFEMI\nx = wJalrXUtnFEMI ; wJalrXUtnFEMI\n wJalrXUtnFEMI: y\n"
    shared = parse_shared_config(config, "wJalrXUtnFEMI\n")
    found = (*shared.problems, *shared.remarks)
    assert len(found) >= 4
    assert not [problem for problem in found if "wJalrXUtnFEMI" in problem.message + problem.mend]


@pytest.mark.parametrize(
    ("environ", "profile"),
    [
        ({}, "default"),
        ({"AWS_DEFAULT_PROFILE": "a"}, "a"),
        ({"AWS_DEFAULT_PROFILE": "a", "AWS_PROFILE": "b"}, "b"),
    ],
)
def test_the_profile_that_is_used_when_none_is_named(environ, profile):
    assert chosen_profile(environ) == profile


GOOD = b"[profile a]\nregion = eu-west-1\n"


def read(tmp_path, content: bytes):
    (tmp_path / "config").write_bytes(content)
    return read_shared_config({"HOME": str(tmp_path), "AWS_CONFIG_FILE": str(tmp_path / "config")})


@pytest.mark.parametrize(
    "content", [GOOD.replace(b"\n", b"\r\n"), GOOD.replace(b"\n", b"\r"), GOOD.rstrip(), b"\n\n" + GOOD, b"\xef\xbb\xbf" + GOOD]
)
def test_line_ends_and_a_byte_order_mark_do_no_harm(tmp_path, content):
    shared = read(tmp_path, content)
    assert texts(shared.profiles["a"]) == {"region": "eu-west-1"}
    assert shared.problems == ()


def test_a_byte_order_mark_is_remarked(tmp_path):
    assert kinds(read(tmp_path, b"\xef\xbb\xbf" + GOOD).remarks) == [("byte_order_mark", 1)]


def test_a_comment_in_latin_1_costs_nothing_but_a_problem(tmp_path):
    shared = read(tmp_path, b"[profile a]\r\n# na\xefve\r\nregion = eu-west-1\r\n")
    assert kinds(shared.problems) == [("not_utf8", 2)]
    assert texts(shared.profiles["a"]) == {"region": "eu-west-1"}


def test_utf_16_is_no_text(tmp_path):
    shared = read(tmp_path, GOOD.decode().encode("utf-16"))
    assert kinds(shared.problems) == [("not_text", 1)]
    assert dict(shared.profiles) == {}


def make_folder(path):
    path.mkdir()


def make_pipe(path):
    os.mkfifo(path)


def make_large(path):
    path.touch()
    os.truncate(path, 1 << 30)


def make_unreadable(path):
    if os.geteuid() == 0:
        path.symlink_to(path)  # root reads everything, but nobody reads a circle
    else:
        path.write_bytes(GOOD)
        path.chmod(0)


@pytest.mark.parametrize("make", [make_folder, make_pipe, make_large, make_unreadable])
def test_what_is_no_readable_file_is_refused_and_the_other_file_still_works(tmp_path, make):
    make(tmp_path / "odd")
    (tmp_path / "credentials").write_text("[dev]\nregion = x\n")
    environ = {"AWS_CONFIG_FILE": str(tmp_path / "odd"), "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials")}
    shared = read_shared_config(environ)
    (problem,) = shared.problems
    assert (problem.kind, str(problem.where)) == ("unreadable", str(tmp_path / "odd"))
    assert problem.message.startswith("This ")
    assert list(shared.profiles) == ["dev"]


def test_a_path_is_kept_from_the_root_on(tmp_path, monkeypatch):
    (tmp_path / "config").write_bytes(GOOD)
    monkeypatch.chdir(tmp_path)
    shared = read_shared_config({"HOME": str(tmp_path), "AWS_CONFIG_FILE": "config"})
    assert str(shared.profiles["a"].here) == f"{tmp_path}/config:1"
    assert shared.stamps[0].path == f"{tmp_path}/config"


def test_absent_files_and_the_null_device_are_empty(tmp_path):
    shared = read_shared_config({"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none")})
    assert (dict(shared.profiles), shared.problems) == ({}, ())


def test_every_fault_has_a_sentence_that_ends():
    assert [kind for kind, fault in FAULTS.items() if not fault.sentence.endswith((".", "file."))] == []


def test_a_value_of_very_many_lines_is_read_in_one_go():
    lines = 200_000
    shared = parse_shared_config("[profile a]\nregion = x\n" + "  y\n" * lines + "output = z\n", "")
    values = shared.profiles["a"].values
    assert values["region"] == ("x" + "\ny" * lines, 2, "config")
    assert values["output"] == ("z", lines + 3, "config")


def test_a_setting_that_is_there_again_leaves_its_first_lines_behind():
    shared = parse_shared_config("[profile a]\nregion = x\n  y\nregion = z\n\n  w\n", "")
    assert shared.profiles["a"].values["region"] == ("z\nw", 4, "config")
    assert [(problem.kind, problem.where.line) for problem in shared.remarks] == [("duplicate_setting", 4), ("gap_in_value", 6)]
