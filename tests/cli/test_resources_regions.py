"""Where `roledeck resources` looks: what the files say, else what the environment says, else the partition's own region."""

from __future__ import annotations

import json

import pytest

from tui_app.cli.main import dispatch

NO_REGION = """
[profile nowhere-in-particular]
role_arn = arn:aws:iam::555566667777:role/ReadOnly
source_profile = bare
role_session_name = bare

[profile bare]
"""


@pytest.fixture
def places(environ, capsys):
    """`places(variables, config)`: the regions that a profile without one is looked at in, and what is said on stderr."""
    with open(environ["AWS_CONFIG_FILE"], "a", encoding="utf-8") as file:
        file.write(NO_REGION)
    with open(environ["AWS_SHARED_CREDENTIALS_FILE"], "r+", encoding="utf-8") as file:
        keys = file.read().partition("[dev]")[2].partition("[")[0]
        file.write(f"\n[bare]{keys}")

    def run(config: str = "", **variables: str) -> tuple[list[str], str]:
        with open(environ["ROLEDECK_CONFIG"], "w", encoding="utf-8") as file:
            file.write(config)
        here = {name: value for name, value in environ.items() if name not in ("AWS_REGION", "AWS_DEFAULT_REGION")} | variables
        code = dispatch(["resources", "nowhere-in-particular", "--view", "sqs-queues", "--json"], here)
        told = capsys.readouterr()
        assert code == 0, told.err
        return [view["region"] for view in json.loads(told.out)["views"]], told.err

    return run


@pytest.mark.parametrize(
    ("variables", "found"),
    [
        ({}, ["us-east-1"]),
        ({"AWS_DEFAULT_REGION": "eu-west-1"}, ["eu-west-1"]),
        ({"AWS_REGION": "eu-central-1", "AWS_DEFAULT_REGION": "eu-west-1"}, ["eu-central-1"]),
        ({"AWS_REGION": "", "AWS_DEFAULT_REGION": "eu-west-1"}, ["eu-west-1"]),
        ({"AWS_REGION": "Ireland"}, ["us-east-1"]),
        ({"AWS_REGION": "cn-north-1"}, ["us-east-1"]),
    ],
)
def test_without_a_region_in_the_files_the_persons_own_is_looked_in(places, variables, found):
    assert places(**variables)[0] == found


def test_what_the_files_say_wins(places):
    assert places('[defaults]\nregion = "eu-west-1"\n', AWS_REGION="eu-central-1")[0] == ["eu-west-1"]


def test_the_regions_set_for_the_explorer_are_those_of_the_command_too(places):
    assert places('[explorer]\nregions = ["eu-west-1", "eu-west-2"]\n', AWS_REGION="eu-central-1")[0] == ["eu-west-1", "eu-west-2"]
