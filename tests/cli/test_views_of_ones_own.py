"""Views that a person adds in `[[explorer.view]]`: asked like any other, and what is wrong with one is said with file and line."""

from __future__ import annotations

import csv
import io
import json

import pytest

ROLE = "sandbox/ReadOnly"


@pytest.fixture
def with_config(environ):
    def write(text: str) -> None:
        with open(environ["ROLEDECK_CONFIG"], "a", encoding="utf-8") as file:
            file.write(text)

    return write


OWN = """
[[explorer.view]]
name = "param-groups"
title = "Parameter groups"
service = "rds"
operation = "DescribeDBSubnetGroups"
rows = "DBSubnetGroups"
columns = ["Name = DBSubnetGroupName", "VpcId"]
"""


def test_a_view_of_ones_own_is_listed_and_asked_like_any_other(here, with_config):
    with_config(OWN)
    code, out, err = here("resources", ROLE, "--json", "--view", "param-groups")
    (view,) = json.loads(out)["views"]
    assert (code, err, view["state"], view["columns"], view["action"]) == (0, "", "ok", ["Name", "VpcId"], "rds:DescribeDBSubnetGroups")
    code, out, _ = here("views")
    assert code == 0
    assert "param-groups" in out


STRUCTURES = """
[[explorer.view]]
name = "my-volumes"
service = "ec2"
operation = "DescribeVolumes"
rows = "Volumes"
columns = ["Id = VolumeId", "Encrypted", "Held = Attachments[].InstanceId", "All = {zone: AvailabilityZone, size: Size}", "None = Nothing"]
"""


def test_structures_in_columns_of_ones_own_are_told_as_json_has_them(here, with_config):
    with_config(STRUCTURES)
    _, out, _ = here("resources", ROLE, "--view", "my-volumes")
    _, written, _ = here("resources", ROLE, "--view", "my-volumes", "--csv")
    _, document, _ = here("resources", ROLE, "--view", "my-volumes", "--json")
    assert '{"zone":"eu-west-1a","size":' in out
    assert not [word for word in ("{'", "['", "True", "False", "None ") if word in out.partition("Encrypted")[2].partition("\n")[2]]
    rows = list(csv.DictReader(io.StringIO(written)))
    assert {row["Encrypted"] for row in rows} == {"true", "false"}
    assert {row["None"] for row in rows} == {""}
    assert all(json.loads(row["All"]).keys() == {"zone", "size"} for row in rows)
    assert all(row["Held"] == "" or row["Held"].startswith("i-") for row in rows)
    (view,) = json.loads(document)["views"]
    assert {row[1] for row in view["rows"]} == {True, False}
    assert {row[4] for row in view["rows"]} == {None}


def test_a_view_of_ones_own_that_aws_does_not_have_says_so_and_loses_no_other(here, with_config):
    with_config(OWN.replace("DescribeDBSubnetGroups", "DescribeNothingAtAll") + OWN.replace("param-groups", "s3-buckets"))
    code, out, err = here("resources", ROLE, "--json", "--view", "param-groups", "--view", "sqs-queues")
    own, queues = json.loads(out)["views"]
    assert (code, own["state"], queues["state"]) == (0, "error", "ok")
    assert "botocore does not know rds:DescribeNothingAtAll" in own["message"]
    assert 'There is a view "s3-buckets" already.' in err


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ('operation = "DeleteDBInstance"', "a view only reads"),
        ('operation = "GetSecretValue"', "answers with the value of a secret"),
        ('service = "ce"', "AWS charges for every request to ce"),
        ('rows = "[["', "is not a JMESPath expression"),
        ('columns = ["= x"]', "A column is written"),
        ('scope = "everywhere"', "It is one of: global, regional."),
        ('name = "Über View"', "small letters, digits and hyphens"),
    ],
)
def test_a_view_of_ones_own_that_may_not_be_is_refused_with_file_and_line(setting, sentence, here, environ, with_config):
    name = setting.split(" = ")[0]
    lines = [line for line in OWN.splitlines() if not line.startswith(f"{name} =")]
    with_config("\n".join([*lines, setting, ""]))
    with open(environ["ROLEDECK_CONFIG"], encoding="utf-8") as file:
        where = f"{environ['ROLEDECK_CONFIG']}:{file.read().splitlines().index(setting) + 1}"
    found = json.loads(here("lint", "--json")[1])
    assert any(where in finding["where"] and sentence in finding["message"] + finding["mend"] for finding in found), found


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ('operation = "DescribeDBSubnetGroup"', "Did you mean DescribeDBSubnetGroups?"),
        ('service = "rdss"', "Did you mean rds?"),
        ('rows = "DBSubnetGroup"', "Did you mean DBSubnetGroups?"),
        ('columns = ["VpcIdd"]', "Did you mean VpcId?"),
        ('columns = ["A = size_of(VpcId)"]', "There is no JMESPath function size_of."),
        ("parameters = { MaxRecord = 20 }", "Did you mean MaxRecords?"),
        ('parameters = { MaxRecords = "many" }', "does not take that value for MaxRecords"),
        ("columns = []", "A view needs a column."),
        ('operation = "DeleteDBInstance"', "a view only reads"),
        ('colour = "red"', "is not a setting of a view"),
    ],
)
def test_what_is_wrong_with_a_view_of_ones_own_is_said_with_file_and_line(setting, sentence, here, environ, with_config):
    name = setting.split(" = ")[0]
    with_config("\n".join([*(line for line in OWN.splitlines() if not line.startswith(f"{name} =")), setting, ""]))
    code, _, err = here("views")
    assert code == 0
    (said,) = [line for line in err.splitlines() if sentence in line]
    assert said.startswith(f"{environ['ROLEDECK_CONFIG']}:")


def test_the_arn_of_a_view_of_ones_own_may_be_any_expression(here, with_config):
    with_config(OWN + "arn = \"join(':', ['arn:x', DBSubnetGroupName])\"\n")
    _, out, err = here("resources", ROLE, "--json", "--view", "param-groups")
    (view,) = json.loads(out)["views"]
    assert err == ""
    assert view["arns"] == [f"arn:x:{name}" for name in view["ids"]]


@pytest.mark.parametrize("words", [("views",), ("resources", ROLE, "--view", "sqs-queues")])
def test_the_name_of_the_file_steers_no_terminal(words, here, environ, tmp_path):
    with open(environ["ROLEDECK_CONFIG"], encoding="utf-8") as file:
        own = tmp_path / "own\x1b]0;x\x07.toml"
        own.write_text(file.read() + OWN.replace("param-groups", "s3-buckets"), "utf-8")
    environ["ROLEDECK_CONFIG"] = str(own)
    _, _, err = here(*words)
    assert 'There is a view "s3-buckets" already.' in err
    assert "\x1b" not in err
    assert "\x07" not in err


HOSTILE = r"""
[[explorer.view]]
name = "hostile"
title = "My \u001b[31m\u202etitle"
service = "ec2"
operation = "DescribeVpcs"
rows = "Vpcs"
columns = ["V\u001bc\u0007 = VpcId"]
"""


@pytest.mark.parametrize("words", [(), ("--view", "hostile"), ("--view", "hostile", "--csv"), ("staging/ReadOnly", "--view", "hostile")])
def test_what_a_view_of_ones_own_is_called_steers_no_terminal(here, with_config, words):
    with_config(HOSTILE)
    _, out, err = here("resources", ROLE, *words)
    assert not {"\x1b", "\x07", "\u202e"} & set(out + err)
    assert "hostile" in here("views")[1]


@pytest.mark.parametrize(("parameters", "named"), [("{ Bogus = 1 }", "Bogus"), ('{ MaxResults = "planted" }', "MaxResults")])
def test_the_parameter_that_is_wrong_is_named_and_its_value_is_not(here, with_config, parameters, named):
    with_config(OWN.replace('"rds"', '"ec2"').replace("DescribeDBSubnetGroups", "DescribeVpcs") + f"parameters = {parameters}\n")
    _, out, _ = here("resources", ROLE, "--view", "param-groups")
    assert f"A value for ec2:DescribeVpcs is not one that AWS accepts: {named}. Check the settings of the role or the view." in out
    assert "planted" not in out
