"""What is wrong with views of one's own: `roledeck lint` says the same as `roledeck views`, and the screen too."""

from __future__ import annotations

import json

import pytest

from tui_app.cli.main import dispatch

GOOD = {
    "name": '"groups"',
    "service": '"rds"',
    "operation": '"DescribeDBSubnetGroups"',
    "rows": '"DBSubnetGroups"',
    "columns": '["Name = DBSubnetGroupName", "VpcId"]',
}
CASES = (
    ("service", '"rdss"', "doubtful_view", "botocore knows no service called rdss. Did you mean rds?"),
    ("service", "3", "bad_value", "It is a text in quotes."),
    ("operation", '"DescribeDBSubnetGroup"', "doubtful_view", "Did you mean DescribeDBSubnetGroups?"),
    ("operation", '"DeleteDBSubnetGroup"', "bad_value", "a view only reads"),
    ("operation", None, "missing_setting", '"operation" is missing.'),
    ("rows", '"DBSubnetGroups[["', "bad_value", "is not a JMESPath expression"),
    ("columns", '["Name = DBSubnetGroupNam"]', "doubtful_view", "Did you mean DBSubnetGroupName?"),
    ("columns", "[]", "no_columns", "A view needs a column."),
    ("columns", '"Name"', "bad_value", "It is a list of texts."),
    ("name", '"s3-buckets"', "view_taken", 'There is a view "s3-buckets" already.'),
    ("id", '"Nothing"', "doubtful_view", "botocore knows no member of DBSubnetGroups called Nothing."),
    ("arn", '"DBSubnetGroupArm"', "doubtful_view", "Did you mean DBSubnetGroupArn?"),
    ("tags", '"tagz(Tags)"', "doubtful_view", "There is no JMESPath function tagz."),
)


def table(**settings):
    said = {**GOOD, **settings}
    return "[[explorer.view]]\n" + "".join(f"{name} = {value}\n" for name, value in said.items() if value is not None)


@pytest.fixture
def written(bare_environ, tmp_path):
    """An environment whose config.toml a test writes."""

    def write(text):
        (tmp_path / "config.toml").write_text(text)
        return {**bare_environ, "ROLEDECK_CONFIG": str(tmp_path / "config.toml")}

    return write


@pytest.fixture
def linted(written, capsys):
    def run(text, *words):
        code = dispatch(["lint", *words], written(text))
        said = capsys.readouterr()
        assert said.err == ""
        return code, said.out

    return run


@pytest.mark.parametrize(("name", "value", "rule", "sentence"), CASES)
def test_lint_says_it_with_file_and_line(name, value, rule, sentence, linted, tmp_path):
    text = table(**{name: value})
    code, out = linted(text, "--json")
    found = [one for one in json.loads(out) if one["where"].startswith(f"{tmp_path}/config.toml:")]
    (said,) = [one for one in found if sentence in f"{one['message']} {one['mend']}"]
    assert (code, said["rule"], said["severity"]) == (1, rule, "warning" if rule == "doubtful_view" else "error")
    line = int(said["where"].rpartition(":")[2])
    written = text.splitlines()[line - 1]
    assert written == "[[explorer.view]]" or written.startswith(name)
    assert len(found) == 1


def test_a_good_view_is_no_finding(linted):
    assert linted(table(), "--json") == (0, "[]\n")


def test_the_second_of_one_name_is_the_one_that_is_left_out(linted, tmp_path):
    (said,) = json.loads(linted(table() + table(), "--json")[1])
    assert (said["where"], said["rule"]) == (f"{tmp_path}/config.toml:8", "view_taken")


def test_a_first_sight_that_names_no_view_is_said_with_the_nearest(linted, tmp_path):
    text = '[explorer]\nviews = ["s3-buckets", "grups", "sqs"]\n' + table()
    (said,) = json.loads(linted(text, "--json")[1])
    assert (said["where"], said["rule"], said["severity"]) == (f"{tmp_path}/config.toml:2", "unknown_view", "warning")
    assert said["message"] == 'There is no view "grups" that the first sight could show.'
    assert said["mend"] == 'Did you mean "groups"?'


def test_a_view_that_is_refused_is_not_said_to_be_unknown_too(linted):
    text = '[explorer]\nviews = ["groups"]\n' + table(service="3")
    assert [one["rule"] for one in json.loads(linted(text, "--json")[1])] == ["bad_value"]


def test_the_rules_are_listed(linted):
    known = {rule["rule"]: rule["severity"] for rule in json.loads(linted("", "--rules", "--json")[1])}
    assert {rule for _, _, rule, _ in CASES} | {"unknown_view"} <= set(known)


def test_views_says_the_same_on_stderr(written, capsys, tmp_path):
    environ = written('[explorer]\nviews = ["nonesuch"]\n' + table(columns="[]") + table(name='"other"', service='"rdss"'))
    assert dispatch(["views"], environ) == 0
    said = capsys.readouterr().err
    assert 'There is no view "nonesuch"' in said
    assert "A view needs a column." in said
    assert "botocore knows no service called rdss." in said
