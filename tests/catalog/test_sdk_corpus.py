"""The AWS SDK specification's own cases, where they are at hand."""

from __future__ import annotations

import json
import os
import pathlib

import pytest

from tui_app import paths
from tui_app.catalog.shared_config import chosen_profile, parse_shared_config, sdk_reading

CORPORA = pathlib.Path(__file__).parents[3] / "shared" / "corpora"


def cases(name: str) -> list[dict]:
    path = CORPORA / name
    if not path.exists():
        return [pytest.param({}, marks=pytest.mark.skip(reason="the SDK specification's cases are not at hand"))]
    return [
        pytest.param(case, id=f"{number}-{case['name'][:50]}") for number, case in enumerate(json.loads(path.read_text("utf-8"))["tests"])
    ]


@pytest.mark.parametrize("case", cases("profile-parser-tests.json"))
def test_a_file_reads_as_the_specification_says(case):
    reading = sdk_reading(parse_shared_config(case["input"].get("configFile", ""), case["input"].get("credentialsFile", "")))
    expected = case["output"]
    if "errorContaining" in expected:
        assert expected["errorContaining"] in reading.error
        return
    assert reading.error == ""
    assert reading.profiles == expected["config"]["profiles"]
    assert reading.sso_sessions == expected["config"].get("sso_sessions", {})


@pytest.mark.parametrize("case", cases("file-location-tests.json"))
def test_the_files_lie_where_the_specification_says(case):
    environ = case["environment"]
    found = [paths.shared_config_file(environ), paths.shared_credentials_file(environ)]
    if case["platform"] == "windows":
        found = [path.replace("/", "\\") for path in found]
    assert found == [case["configLocation"], case["credentialsLocation"]]
    if "profile" in case:
        assert chosen_profile(environ) == case["profile"]


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("$A/config", "/a/config"),
        ("${A}/x-$B", "/a/x-b"),
        ("~/$B", "/h/b"),
        ("/$UNSET/${UNSET}/$", "/$UNSET/${UNSET}/$"),
        ("/${A", "/${A"),
        ("/$A.b$B", "//a.bb"),
    ],
)
def test_variables_in_a_path_are_filled_in_as_botocore_does(written, path, monkeypatch):
    environ = {"HOME": "/h", "A": "/a", "B": "b"}
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert paths.shared_config_file({**environ, "AWS_CONFIG_FILE": written}) == path
    assert os.path.expanduser(os.path.expandvars(written)) == path
