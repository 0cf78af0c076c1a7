"""What lint finds round the files: variables of the environment, permissions, encodings, files that are none, sign-ins."""

from __future__ import annotations

import pathlib
import shutil
import tempfile

import pytest

from tui_app.catalog.login_sessions import token_name

ARN = "arn:aws:iam::111122223333:role/X"
KEYS = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI\n"
CREDENTIALS = f"[dev]\n{KEYS}"
ROLE = f"[profile a]\nrole_arn = {ARN}\nsource_profile = dev\n"


KEY_PAIR = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI"}
VARIABLES = {
    "environment_keys_win": (KEY_PAIR | {"AWS_PROFILE": "dev"}, "AWS_ACCESS_KEY_ID"),
    "environment_half_keys": ({"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE"}, "AWS_ACCESS_KEY_ID"),
    "environment_blank": ({"AWS_PROFILE": " "}, "AWS_PROFILE"),
    "environment_two_profiles": ({"AWS_PROFILE": "dev", "AWS_DEFAULT_PROFILE": "a"}, "AWS_DEFAULT_PROFILE"),
    "environment_default_profile": ({"AWS_DEFAULT_PROFILE": "dev"}, "AWS_DEFAULT_PROFILE"),
    "environment_no_such_profile": ({"AWS_PROFILE": "nobody"}, "AWS_PROFILE"),
    "environment_old_token": ({"AWS_SECURITY_TOKEN": "x"}, "AWS_SECURITY_TOKEN"),
    "environment_expired": ({"AWS_CREDENTIAL_EXPIRATION": "2020-01-01T00:00:00Z"}, "AWS_CREDENTIAL_EXPIRATION"),
    "environment_endpoint": ({"AWS_ENDPOINT_URL_STS": "https://example.com"}, "AWS_ENDPOINT_URL_STS"),
    "environment_plain_http": ({"AWS_ENDPOINT_URL": "http://example.com"}, "AWS_ENDPOINT_URL"),
    "environment_half_web_identity": ({"AWS_WEB_IDENTITY_TOKEN_FILE": "/x"}, "AWS_WEB_IDENTITY_TOKEN_FILE"),
    "environment_web_identity": ({"AWS_ROLE_ARN": ARN, "AWS_WEB_IDENTITY_TOKEN_FILE": "/x"}, "AWS_ROLE_ARN"),
    "environment_empty_file": ({"AWS_SHARED_CREDENTIALS_FILE": ""}, "AWS_SHARED_CREDENTIALS_FILE"),
    "environment_two_regions": ({"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "us-east-1"}, "AWS_REGION"),
    "environment_setting_wins": ({"AWS_PROFILE": "b", "AWS_RETRY_MODE": "standard"}, "AWS_RETRY_MODE"),
    "environment_bad_region": ({"AWS_REGION": "Ireland"}, "AWS_REGION"),
}


@pytest.mark.parametrize("rule", VARIABLES)
def test_a_variable_that_wins_or_is_read_differently_is_named(linted, rule, places):
    variables, name = VARIABLES[rule]
    config = ROLE + "[profile b]\nregion = eu-west-1\nretry_mode = adaptive\n"
    assert (rule, f"environment:{name}") in places(linted(config, variables=variables))


def test_keys_that_win_over_the_default_profile_are_a_hint(linted):
    (finding,) = linted("", f"[default]\n{KEYS}", variables=KEY_PAIR)
    assert (finding.rule, finding.severity) == ("environment_keys_over_default", "hint")


def test_variables_that_agree_are_in_peace(linted):
    agreeing = {
        "AWS_PROFILE": "dev",
        "AWS_DEFAULT_PROFILE": "dev",
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        "ROLEDECK_ENDPOINT_URL": "http://127.0.0.1:1",
        "AWS_CREDENTIAL_EXPIRATION": "2099-01-01T00:00:00Z",
    }
    assert linted(ROLE, variables=agreeing) == ()


REGION = "[profile dev]\nregion = eu-west-1\n"


@pytest.mark.parametrize("name", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_a_region_that_wins_over_the_chosen_profiles_is_a_hint(linted, name):
    (finding,) = linted(REGION, variables={"AWS_PROFILE": "dev", name: "us-east-1"})
    assert (finding.rule, finding.severity, finding.place) == ("environment_region_wins", "hint", f"environment:{name}")
    assert linted(REGION, variables={"AWS_PROFILE": "dev", name: "eu-west-1"}) == ()
    assert linted(REGION, variables={name: "us-east-1"}) == ()


@pytest.fixture
def open_folder():
    """A folder that everybody on this machine may enter."""
    folder = pathlib.Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_secrets_that_others_may_read_are_named(open_folder, findings, places):
    (open_folder / "config").touch()
    (open_folder / "config.toml").touch()
    credentials = open_folder / "credentials"
    credentials.write_text(CREDENTIALS)
    credentials.chmod(0o644)
    assert places(findings(open_folder)) == [("secrets_readable", "credentials:0")]
    credentials.chmod(0o600)
    assert findings(open_folder) == ()
    credentials.chmod(0o644)
    open_folder.chmod(0o700)
    assert findings(open_folder) == (), "nobody else gets there"


def test_a_program_that_others_may_change_is_named(open_folder, findings, places):
    program = open_folder / "tool"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o777)
    (open_folder / "credentials").touch()
    (open_folder / "config.toml").touch()
    (open_folder / "config").write_text(f"[profile a]\ncredential_process = {program}\n")
    (open_folder / "config").chmod(0o600)
    assert places(findings(open_folder)) == [("process_writable", "config:2")]
    program.chmod(0o755)
    assert findings(open_folder) == ()
    (open_folder / "config").chmod(0o666)
    assert places(findings(open_folder)) == [("file_writable", "config:0")]


@pytest.mark.parametrize("content", [b"[profile a]\nregion = \xff\n", "[profile a]\nregion = x\n".encode("utf-16")])
def test_a_file_that_is_no_utf_8_is_named_and_the_others_are_still_read(tmp_path, content, findings, places):
    (tmp_path / "config").write_bytes(content)
    (tmp_path / "credentials").write_text("[dev]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n")
    (tmp_path / "config.toml").touch()
    found = places(findings(tmp_path))
    assert {"not_utf8", "not_text"} & {rule for rule, place in found if place.startswith("config:")}
    assert ("partial_keys", "credentials:2") in found


@pytest.mark.parametrize(("kind", "rule"), [("unreadable", "unreadable"), ("huge number", "syntax"), ("deep", "syntax")])
def test_every_problem_of_a_whole_file_has_a_mend(tmp_path, kind, rule, findings):
    if kind == "unreadable":
        (tmp_path / "config.toml").mkdir()
    else:
        text = "x = " + ("1" * 5000 if kind == "huge number" else "[" * 5000)
        (tmp_path / "config.toml").write_text(f"# a\n{text}\n")
    (finding,) = (finding for finding in findings(tmp_path) if finding.where.path == str(tmp_path / "config.toml"))
    assert finding.rule == rule
    assert finding.message
    assert finding.mend
    assert finding.where.line == {"unreadable": 0, "huge number": 2, "deep": 1}[kind]


LOGIN = "[profile me]\nlogin_session = {}\n"
SIGNED_IN = "arn:aws:sts::111122223333:assumed-role/Admin/me"


def test_a_sign_in_of_aws_login(linted, tmp_path, monkeypatch, places):
    assert places(linted(LOGIN.format("arn:aws:iam::111122223333:role/x"))) == [("bad_login_session", "config:2")]
    assert places(linted(LOGIN.format(SIGNED_IN))) == [("login_signed_out", "config:2")]
    place = tmp_path / "kept"
    place.mkdir()
    (place / f"{token_name(SIGNED_IN)}.json").write_text("{}")
    variables = {"AWS_LOGIN_CACHE_DIRECTORY": str(place)}
    assert places(linted(LOGIN.format(SIGNED_IN), variables=variables)) == []
    assert places(linted(LOGIN.format(SIGNED_IN), variables=variables, everything=True)) == [("login_in_python", "config:2")]
    monkeypatch.setattr("tui_app.catalog.lint.logins.can_renew", lambda: False)
    (found,) = linted(LOGIN.format(SIGNED_IN), variables=variables)
    assert (found.rule, found.severity) == ("login_not_renewed", "warning")
    assert "roledeck[login]" in found.mend
