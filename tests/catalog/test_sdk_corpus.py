"""The AWS SDK specification's own cases, where they are at hand."""

from __future__ import annotations

import json
import os
import pathlib

import pytest

from tests.catalog.sdk_specification import read_by_specification
from tui_app import paths
from tui_app.catalog.shared_config import chosen_profile

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
    reading = read_by_specification(case["input"].get("configFile", ""), case["input"].get("credentialsFile", ""))
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
        ("~root/.aws/config", os.path.expanduser("~root/.aws/config")),
        ("~nobody-of-this-name/config", "~nobody-of-this-name/config"),
        ("$TILDE/config", "/h/config"),
    ],
)
def test_variables_in_a_path_are_filled_in_as_botocore_does(written, path, monkeypatch):
    environ = {"HOME": "/h", "A": "/a", "B": "b", "TILDE": "~"}
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert paths.shared_config_file({**environ, "AWS_CONFIG_FILE": written}) == path
    assert os.path.expanduser(os.path.expandvars(written)) == path


@pytest.mark.parametrize(
    ("environ", "folder"),
    [
        ({"HOME": "/h/me/"}, "/h/me/.aws"),
        ({"HOME": "/"}, "/.aws"),
        ({"HOME": "", "USERPROFILE": "/u"}, "/u/.aws"),
        ({"USERPROFILE": "/u", "HOMEDRIVE": "C:", "HOMEPATH": "/p"}, "/u/.aws"),
        ({"HOMEPATH": "/p"}, "/p/.aws"),
        ({"HOME": "/h", "AWS_CONFIG_FILE": "", "AWS_SHARED_CREDENTIALS_FILE": ""}, "/h/.aws"),
        ({"HOME": "/h", "AWS_CONFIG_FILE": "~/.aws/config", "AWS_SHARED_CREDENTIALS_FILE": "$HOME/.aws/credentials"}, "/h/.aws"),
    ],
)
def test_both_files_lie_in_the_home_of_the_environment(environ, folder):
    found = [paths.shared_config_file(environ), paths.shared_credentials_file(environ)]
    assert found == [f"{folder}/config", f"{folder}/credentials"]


@pytest.mark.parametrize(
    ("config", "credentials", "profiles", "sso_sessions"),
    [
        ("[profile\t \tfoo\t]\t; c\na\t=\tb\t\n", "", {"foo": {"a": "b"}}, {}),
        ("[profile foo];c\na = b#c\n", "[foo]#c\nd=e;f\n", {"foo": {"a": "b#c", "d": "e;f"}}, {}),
        ("[profile foo]\na = b\t# c\nd = e ;f\n", "", {"foo": {"a": "b", "d": "e"}}, {}),
        ("[profile foo]\nA=1\na=2\n[profile foo]\nA=3\n", "", {"foo": {"a": "3"}}, {}),
        ("[profile foo]\na = b = c = d\n", "", {"foo": {"a": "b = c = d"}}, {}),
        ("[profile foo]\na=b\n\tc\n  ; d\n", "", {"foo": {"a": "b\nc\n; d"}}, {}),
        ("[profile foo]\ns3 =\n a=b\n\n\tc=\n", "", {"foo": {"s3": "\na=b\nc="}}, {}),
        ("[profile foo]\na=b\n[profile foo!]\nc=d\n", "", {"foo": {"a": "b"}}, {}),
        ("[profile Foo]\na=b\n[profile foo]\na=c\n", "", {"Foo": {"a": "b"}, "foo": {"a": "c"}}, {}),
        ("[services s]\na=b\n[plugins]\nc=d\n[preview]\ne=f\n", "", {}, {}),
        ("[sso-session\tdev]\na=b\n[sso-session dev]\nc=d\n", "[sso-session dev]\ne=f\n", {}, {"dev": {"a": "b", "c": "d"}}),
        ("[sso-session a]\na=b\n[profile a]\nc=d\n", "", {"a": {"c": "d"}}, {"a": {"a": "b"}}),
        ("[profile default]\na=b\n[default]\nc=d\n", "[default]\ne=f\n", {"default": {"a": "b", "e": "f"}}, {}),
        ("[default]\r\na=b\r\n", "[default]\r\n\r\na=c\r\n", {"default": {"a": "c"}}, {}),
        ("[profile foo]\na.b/c%d@e:f+g=1\n", "", {"foo": {"a.b/c%d@e:f+g": "1"}}, {}),
        ('[profile "foo"]\na=b\n', "", {}, {}),
        ("[profile foo]\n\u212a=b\n", "", {"foo": {}}, {}),
        ("[]\na=b\n[ ]\nc=d\n", "[]\ne=f\n", {}, {}),
        ("[profile foo]\na=b #\n", "", {"foo": {"a": "b"}}, {}),
        ("[profile foo]\nin valid=1\nvalid-1_A=2\n\u00e9=3\n", "", {"foo": {"valid-1_a": "2"}}, {}),
    ],
)
def test_more_of_the_specifications_kind(config, credentials, profiles, sso_sessions):
    reading = read_by_specification(config, credentials)
    assert (reading.error, reading.profiles, reading.sso_sessions) == ("", profiles, sso_sessions)


@pytest.mark.parametrize(
    ("config", "error"),
    [
        ("a=b\n[profile foo]\n", "Expected a profile definition"),
        ("\n\n# c\n a=b\n", "Expected a profile definition"),
        ("[profile foo\n", "Profile definition must end with ']'"),
        ("[profile foo # ]\n", "Profile definition must end with ']'"),
        ("[profile foo]\na\n", "Expected an '=' sign defining a property"),
        ("[profile foo]\na: b\n", "Expected an '=' sign defining a property"),
        ("[profile foo]\n=b\n", "Property did not have a name"),
        ("[profile foo]\n a=b\n", "Expected a property definition, found continuation"),
        ("[profile foo]\ns3=\n a\n", "Expected an '=' sign defining a sub-property"),
        ("[profile foo] x\n", "Profile definition must end with ']'"),
        ("[profile foo]\na # = b\n", "Expected an '=' sign defining a property"),
        ("[profile foo]\n  [profile bar]\n", "Expected a property definition, found continuation"),
        ("[profile foo]\n = b\n", "Expected a property definition, found continuation"),
        ("[profile foo]\n  # c\n", "Expected a property definition, found continuation"),
        ("  # c\n", "Expected a profile definition"),
        ("[profile foo]\ns3=\n =a\n", "Sub-property did not have a name"),
    ],
)
def test_more_of_what_the_specification_refuses(config, error):
    assert error in read_by_specification(config, "").error
