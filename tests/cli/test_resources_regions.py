"""Where `roledeck resources` and `roledeck search` look: what the files say, else the environment, else the partition's own region."""

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


ROLE = "nowhere-in-particular"


@pytest.fixture
def answered(environ, capsys):
    """`answered(words, config, variables)`: the JSON of a command for a profile that has no region, and what is said on stderr."""
    with open(environ["AWS_CONFIG_FILE"], "a", encoding="utf-8") as file:
        file.write(NO_REGION)
    with open(environ["AWS_SHARED_CREDENTIALS_FILE"], "r+", encoding="utf-8") as file:
        keys = file.read().partition("[dev]")[2].partition("[")[0]
        file.write(f"\n[bare]{keys}")

    def run(words: tuple[str, ...], config: str = "", **variables: str) -> tuple[dict, str]:
        with open(environ["ROLEDECK_CONFIG"], "w", encoding="utf-8") as file:
            file.write(config)
        here = {name: value for name, value in environ.items() if name not in ("AWS_REGION", "AWS_DEFAULT_REGION")} | variables
        dispatch([*words, "--json"], here)
        told = capsys.readouterr()
        assert told.out, told.err
        return json.loads(told.out), told.err

    return run


@pytest.fixture
def places(answered):
    """`places(config, variables)`: the regions that it is looked at in, and what is said on stderr."""

    def run(config: str = "", **variables: str) -> tuple[list[str], str]:
        found, said = answered(("resources", ROLE, "--view", "sqs-queues"), config, **variables)
        return [view["region"] for view in found["views"]], said

    return run


@pytest.fixture
def searched(answered):
    """`searched(who, config, variables)`: the regions that a search asks the tagging API in, be it refused there."""

    def run(*who: str, config: str = "", **variables: str) -> list[str]:
        found, _ = answered(("search", "orders", *who), config, **variables)
        return [answer["region"] for answer in found["answers"] if answer["engine"] == "tagging"]

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


EVERYWHERE = ["eu-central-1", "eu-west-2"]


@pytest.mark.parametrize("where", EVERYWHERE)
def test_a_search_looks_where_the_resources_are_looked_at(searched, places, where):
    assert searched("--with", ROLE, AWS_REGION=where) == places(AWS_REGION=where)[0] == [where]
    assert searched("--with", ROLE, AWS_DEFAULT_REGION=where) == [where]


def test_a_search_of_all_live_sessions_looks_there_too(searched):
    searched("--with", ROLE)
    assert searched(AWS_REGION="eu-central-1") == ["eu-central-1"]


def test_a_search_with_a_role_that_is_in_no_file_looks_there_too(searched, answered):
    answered(("assume", "arn:aws:iam::999900001111:role/ReadOnly", "--via", "bare"), AWS_REGION="eu-west-1")
    assert searched(AWS_REGION="eu-central-1") == ["eu-central-1"]


def test_a_search_looks_in_the_regions_set_for_the_explorer(searched):
    config = '[explorer]\nregions = ["eu-central-1", "eu-west-2"]\n'
    assert searched("--with", ROLE, config=config, AWS_REGION="eu-west-1") == EVERYWHERE


def test_a_region_asked_for_is_the_only_one_searched(searched):
    assert searched("--with", ROLE, "--region", "eu-west-2", AWS_REGION="eu-central-1") == ["eu-west-2"]


def test_what_the_files_say_wins(places):
    assert places('[defaults]\nregion = "eu-west-1"\n', AWS_REGION="eu-central-1")[0] == ["eu-west-1"]


def test_the_regions_set_for_the_explorer_are_those_of_the_command_too(places):
    assert places('[explorer]\nregions = ["eu-west-1", "eu-west-2"]\n', AWS_REGION="eu-central-1")[0] == ["eu-west-1", "eu-west-2"]
