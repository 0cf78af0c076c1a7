"""`roledeck lint`: the shape of its answers, its exit codes, and what a person reads."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys

import pytest
from jsonschema import validate

from tui_app import paths
from tui_app.cli.main import dispatch

TEXT = {"type": "string", "minLength": 1}
SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["where", "severity", "rule", "message", "mend"],
        "additionalProperties": False,
        "properties": {
            "where": {"type": "string", "pattern": "^(/.*:[0-9]+|environment:[A-Z0-9_]+)$"},
            "severity": {"enum": ["error", "warning", "hint"]},
            "rule": {"type": "string", "pattern": "^[a-z0-9_]+$"},
            "message": {"type": "string", "pattern": r"\.$"},
            "mend": TEXT,
        },
    },
}
RULES = {"type": "array", "minItems": 50, "items": {"type": "object", "required": ["rule", "severity", "about"]}}
GOOD = "[profile dev]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI\nregion = eu-west-1\n"
HINT = GOOD + "granted_color = red\n[profile other]\ngranted_color = blue\ngranted_icon = x\n"
BAD = GOOD + "regoin = x # y\n[profile a]\nrole_arn = arn:aws:iam::111122223333:role/X\nsource_profile = nobody\n"


@pytest.fixture
def alone(bare_environ, tmp_path):
    """An environment whose config file a test writes."""
    return {**bare_environ, "AWS_CONFIG_FILE": str(tmp_path / "config"), "AWS_SHARED_CREDENTIALS_FILE": os.devnull}


def test_the_sample_is_without_a_fault_where_the_files_that_it_names_are_there(alone, tmp_path, capsys):
    (tmp_path / "config").write_text(GOOD)
    team = pathlib.Path(alone["HOME"], "team", "aws-accounts")
    team.mkdir(parents=True)
    (team / "ours.toml").touch()
    assert dispatch(["--config", paths.sample("roledeck.example.toml"), "lint"], alone) == 0
    assert capsys.readouterr().out == "Nothing wrong in the files.\n"


@pytest.fixture
def linted(alone, tmp_path, capsys):
    """The exit code and what stood on stdout; nothing ever stands on stderr."""

    def run(config, *words):
        (tmp_path / "config").write_text(config)
        code = dispatch(["lint", *words], alone)
        said = capsys.readouterr()
        assert said.err == ""
        return code, said.out

    return run


@pytest.mark.parametrize(("config", "code"), [(GOOD, 0), (HINT, 0), (GOOD + "regoin = x\n", 1), (BAD, 1), ("\0\0[", 1)])
def test_the_exit_code_tells_whether_something_is_wrong(linted, config, code):
    assert linted(config)[0] == code
    assert linted(config, "--json")[0] == code


@pytest.mark.parametrize("config", [GOOD, HINT, BAD, "\0\0[", "[[[\n]]]\n===\n:::\n\ud7ff\n  x\n", "\u202e[profile \u202e]\n\u202e=\n"])
def test_the_json_answer_has_its_shape(linted, config):
    answer = json.loads(linted(config, "--json")[1])
    validate(answer, SCHEMA)
    assert answer == sorted(answer, key=lambda one: int(one["where"].rpartition(":")[2]))


def test_a_finding_has_place_severity_rule_sentence_and_mend(linted, tmp_path):
    answer = json.loads(linted(BAD, "--json")[1])
    assert answer[-1] == {
        "where": f"{tmp_path}/config:8",
        "severity": "error",
        "rule": "source_not_there",
        "message": '"nobody", the source_profile of a, is in no file.',
        "mend": "Write that profile, or name another.",
    }


def test_variables_have_places_too(alone, tmp_path, capsys):
    (tmp_path / "config").write_text(GOOD)
    assert dispatch(["lint", "--json"], {**alone, "AWS_PROFILE": "nobody"}) == 1
    (finding,) = json.loads(capsys.readouterr().out)
    validate([finding], SCHEMA)
    assert (finding["where"], finding["rule"]) == ("environment:AWS_PROFILE", "environment_no_such_profile")


def test_the_text_is_grouped_by_file_and_sums_up(linted, tmp_path):
    assert linted(BAD)[1].splitlines() == [
        f"{tmp_path}/config",
        "      5  warning  The AWS CLI takes the comment as part of the value of regoin. Put it on a line of its own.  inline_comment",
        "      5  warning  No SDK reads regoin. Did you mean region?  unread_setting",
        '      8  error    "nobody", the source_profile of a, is in no file. Write that profile, or name another.  source_not_there',
        "",
        "1 error, 2 warnings.",
    ]


def test_hints_that_are_alike_are_folded_in_text_and_whole_in_json(linted):
    first, more, *end = linted(HINT)[1].splitlines()[1:]
    assert first.startswith("      5  hint     granted_color is read by Granted and roledeck; the AWS CLI and the SDKs pass it by.")
    assert (more, end) == ("                  and 2 more lines like it: 7, 8", ["", "3 hints."])
    assert [one["where"].rpartition(":")[2] for one in json.loads(linted(HINT, "--json")[1])] == ["5", "7", "8"]


def test_where_nothing_is_wrong_it_says_so(linted, bare_environ, capsys):
    assert linted(GOOD) == (0, "Nothing wrong in the files.\n")
    assert json.loads(linted(GOOD, "--json")[1]) == []
    assert dispatch(["lint"], dict(bare_environ)) == 0
    assert capsys.readouterr().out == "There are no files yet.\n"


def test_rules_are_listed_one_a_line(linted):
    lines = linted("", "--rules")[1].splitlines()
    answer = json.loads(linted("", "--rules", "--json")[1])
    validate(answer, RULES)
    assert [line.split()[0] for line in lines] == [rule["rule"] for rule in answer]
    assert {"duplicate_section", "inline_comment", "environment_keys_win", "bad_external_id"} <= {rule["rule"] for rule in answer}


def test_help_explains_severities_and_exit_codes(linted):
    with pytest.raises(SystemExit) as ended:
        linted("", "--help")
    assert ended.value.code == 0


@pytest.mark.parametrize("content", [b"[[account\n", b"\xff\xfe\x00", b"x = 1\n"])
def test_a_config_of_ours_that_cannot_be_used_is_a_finding_and_no_failure(alone, tmp_path, content, capsys):
    (tmp_path / "config").write_text(GOOD)
    (tmp_path / "config.toml").write_bytes(content)
    assert dispatch(["lint", "--config", str(tmp_path / "config.toml"), "--json"], alone) == 1
    answer = json.loads(capsys.readouterr().out)
    validate(answer, SCHEMA)
    assert {one["where"].rpartition(":")[0] for one in answer} == {f"{tmp_path}/config.toml"}


def test_a_folder_in_the_place_of_a_file_is_a_finding(alone, tmp_path, capsys):
    (tmp_path / "config").mkdir()
    assert dispatch(["lint", "--json"], alone) == 1
    (finding,) = json.loads(capsys.readouterr().out)
    validate([finding], SCHEMA)
    assert (finding["where"], finding["rule"]) == (f"{tmp_path}/config:0", "unreadable")


def test_the_demo_has_nothing_wrong(environ, capsys):
    assert dispatch(["lint"], environ) == 0
    assert capsys.readouterr().out == "Nothing wrong in the files.\n"


def test_nothing_that_contacts_aws_is_imported(alone, tmp_path):
    (tmp_path / "config").write_text(BAD)
    code = (
        "import sys; from tui_app.cli.main import run; run(['lint']); "
        "print([m for m in ('botocore', 'textual', 'subprocess', 'ssl') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], env=alone, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
