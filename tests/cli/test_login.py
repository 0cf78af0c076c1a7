"""`roledeck login` and `logout` as a person or a script runs them; the embedded AWS plays the person in the browser."""

from __future__ import annotations

import hashlib
import http.client
import json
import re
import signal
import subprocess
import sys
import tomllib
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tui_app.cli.main import dispatch

CODE = re.compile(r"\b[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}\b")
LINK = re.compile(r"https?://\S+/authorize\?\S+")
PROFILE = """
[profile hub]
sso_session = start-page
sso_account_id = 777700001111
sso_role_name = ReadOnlyAccess
region = eu-west-1
"""


class Command:
    """A running `roledeck` without a terminal."""

    def __init__(self, environ, *words):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tui_app", *words],
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.said = ""

    def says(self, pattern):
        """The first match of a pattern on stderr, as soon as it is there."""
        for line in self.process.stderr:
            self.said += line
            if match := pattern.search(line):
                return match[0]
        raise AssertionError(f"it never said {pattern.pattern}: {self.said}")

    def ends(self):
        out, rest = self.process.communicate(timeout=30)
        self.said += rest
        return self.process.returncode, out


@pytest.fixture
def start():
    """Starts commands, and ends those that a failing test leaves behind."""
    running = []

    def go(environ, *words):
        running.append(Command(environ, *words))
        return running[-1]

    yield go
    for command in running:
        command.process.kill()
        command.process.communicate()


@pytest.fixture
def signed_in(aws, environ, start):
    command = start(environ, "login", "--device")
    aws.control("POST", "approve", {"user_code": command.says(CODE)})
    assert command.ends()[0] == 0


@pytest.fixture
def with_profile(environ):
    with Path(environ["AWS_CONFIG_FILE"]).open("a", encoding="utf-8") as file:
        file.write(PROFILE)
    return environ


def get(address):
    parts = urlsplit(address)
    with closing(http.client.HTTPConnection(parts.netloc, timeout=10)) as connection:
        connection.request("GET", f"{parts.path}?{parts.query}")
        return connection.getresponse().read().decode()


def tokens(environ):
    return list((Path(environ["HOME"]) / ".aws/sso/cache").glob("*.json"))


def test_a_whole_login_with_a_device_code(aws, environ, start):
    command = start(environ, "login", "start-page", "--device", "--json")
    code = command.says(CODE)
    command.says(re.compile("Waiting for up to 10 minutes"))
    aws.control("POST", "approve", {"user_code": code})
    status, out = command.ends()
    assert status == 0, command.said
    answer = json.loads(out)
    assert answer.items() >= {"sso_session": "start-page", "region": "eu-west-1", "renews": "itself"}.items()
    assert f"{aws.url}/device?user_code={code}" in command.said
    named = hashlib.sha1(b"start-page").hexdigest()
    kept = json.loads((Path(environ["HOME"]) / f".aws/sso/cache/{named}.json").read_text())
    assert kept["expiresAt"] == answer["expires"]


def test_a_whole_login_with_a_browser(aws, environ, start, tmp_path, wait_for):
    browser, heard = tmp_path / "browser", tmp_path / "heard"
    browser.write_text(f'#!/bin/sh\necho "$1" > {heard}.new && mv {heard}.new {heard}\n')
    browser.chmod(0o755)
    command = start(environ | {"BROWSER": str(browser)}, "login")
    link = command.says(LINK)
    assert wait_for(lambda: heard.exists() and heard.read_text().strip()) == link
    assert "Allow access" in get(link)
    back = aws.control("POST", "approve", {"state": parse_qs(urlsplit(link).query)["state"][0]})["approved"]
    assert back.startswith("http://127.0.0.1:")
    assert "Signed in" in get(back)
    status, out = command.ends()
    assert status == 0, command.said
    assert out.startswith("Signed in to start-page  7h 59m left, until ")


def test_no_browser_only_shows_the_link(environ, start, tmp_path):
    browser, heard = tmp_path / "browser", tmp_path / "heard"
    browser.write_text(f"#!/bin/sh\ntouch {heard}\n")
    browser.chmod(0o755)
    command = start(environ | {"BROWSER": str(browser)}, "login", "--no-browser")
    command.says(LINK)
    command.says(re.compile("Waiting"))
    command.process.send_signal(signal.SIGINT)
    assert command.ends() == (130, "")
    assert not heard.exists()


def test_ctrl_c_gives_up_at_once_and_leaves_no_token(environ, start):
    command = start(environ, "login", "--device")
    command.says(re.compile("Waiting"))
    command.process.send_signal(signal.SIGINT)
    assert command.ends() == (130, "")
    assert [json.loads(path.read_text()).get("accessToken") for path in tokens(environ)] == [None]


def test_what_is_said_holds_no_secret(environ, aws, start):
    command = start(environ, "login", "--device")
    aws.control("POST", "approve", {"user_code": command.says(CODE)})
    _, out = command.ends()
    kept = [json.loads(path.read_text()) for path in tokens(environ)]
    secrets = {values[name] for values in kept for name in ("accessToken", "refreshToken", "clientSecret") if name in values}
    assert len(secrets) == 3
    assert not any(secret in command.said + out for secret in secrets)
    state = Path(environ["XDG_STATE_HOME"])
    assert not any(secret in path.read_text() for path in state.rglob("*") if path.is_file() for secret in secrets)


@pytest.mark.parametrize(("words", "said"), [(["login", "nope"], "start-page"), (["logout", "nope"], "start-page")])
def test_an_unknown_name_is_told_with_the_candidates(environ, capsys, words, said):
    assert dispatch(words, environ) == 2
    assert said in capsys.readouterr().err


def test_a_role_or_a_profile_behind_a_start_page_names_it_too(environ, roledeck):
    with open(environ["AWS_CONFIG_FILE"], "a") as file:
        file.write("[profile behind]\nsso_session = start-page\nsso_account_id = 111122223333\nsso_role_name = ReadOnlyAccess\n")
        file.write("[profile further]\nrole_arn = arn:aws:iam::111122223333:role/X\nsource_profile = behind\n")
    for name in ("behind", "further"):
        done = roledeck("logout", name)
        assert (done.returncode, done.stderr.strip()) == (0, "You were not signed in.")
    assert roledeck("logout", "dev").returncode == 2


def test_several_are_listed(environ, capsys):
    with Path(environ["ROLEDECK_CONFIG"]).open("a", encoding="utf-8") as file:
        file.write('\n[sso.hub]\nstart_url = "https://hub.awsapps.com/start"\nregion = "eu-west-1"\n')
    assert dispatch(["login"], environ) == 2
    assert "Name one of them: start-page, hub." in capsys.readouterr().err


def test_without_any_the_way_to_write_one_is_told(bare_environ, capsys):
    assert dispatch(["login"], bare_environ) == 2
    assert "[sso-session NAME]" in capsys.readouterr().err


def test_half_an_sso_session_is_told_with_its_line(environ, capsys):
    with Path(environ["AWS_CONFIG_FILE"]).open("a", encoding="utf-8") as file:
        file.write("\n[sso-session half]\nsso_region = eu-west-1\n")
    assert dispatch(["login", "half"], environ) == 6
    assert "is missing sso_start_url" in capsys.readouterr().err


def test_a_start_page_that_aws_does_not_answer_for(environ, capsys):
    environ["ROLEDECK_ENDPOINT_URL"] = "http://127.0.0.1:9"
    assert dispatch(["login", "--device"], environ) == 5
    assert "cannot be reached" in capsys.readouterr().err


@pytest.mark.usefixtures("signed_in")
def test_a_sign_in_is_among_the_sessions(environ, capsys):
    assert dispatch(["sessions", "--json"], environ) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["kind"], row["renews"], row["name"], row["expires"][-1]) == ("sso", "itself", "start-page", "Z")
    assert dispatch(["sessions"], environ) == 0
    assert "signed in to start-page  renews itself" in capsys.readouterr().out


@pytest.mark.usefixtures("signed_in")
def test_a_role_behind_the_start_page_is_assumed_and_goes_with_the_sign_in(aws, with_profile, capsys):
    assert dispatch(["assume", "hub", "--json"], with_profile) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["arn"].startswith("arn:aws:sts::777700001111:assumed-role/AWSReservedSSO_ReadOnlyAccess_")
    assert dispatch(["logout"], with_profile) == 0
    told = capsys.readouterr().out
    assert told.startswith("Signed out of start-page.\nDropped hub, ")
    assert dispatch(["sessions", "--json"], with_profile) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert not [path for path in tokens(with_profile) if "accessToken" in path.read_text()]
    assert aws.calls("sso:Logout")


def test_signed_out_says_what_to_type(with_profile, capsys):
    assert dispatch(["assume", "hub"], with_profile) == 3
    assert "You are signed out of start-page. Sign in with `roledeck login start-page`." in capsys.readouterr().err


@pytest.mark.usefixtures("signed_in")
def test_logout_of_all(environ, capsys):
    assert dispatch(["logout", "start-page", "--all"], environ) == 2
    assert dispatch(["logout", "--all"], environ) == 0
    assert capsys.readouterr().out == "Signed out of start-page.\n"
    assert dispatch(["logout", "--all"], environ) == 0
    assert "You were not signed in." in capsys.readouterr().err


@pytest.mark.usefixtures("signed_in")
def test_the_journal_has_both(environ, capsys):
    dispatch(["logout"], environ)
    capsys.readouterr()
    assert dispatch(["sessions", "--history"], environ) == 0
    events = [line.split()[1:3] for line in capsys.readouterr().out.splitlines()]
    assert events == [["login", "start-page"], ["logout", "start-page"]]


def new_start_page(environ):
    return tomllib.loads(Path(environ["HOME"], ".config/roledeck/config.d/sign-ins.toml").read_text())["sso"]


def test_a_start_page_of_no_file_is_written_down_once_it_has_let_the_person_in(start, bare_environ, aws):
    environ = {**bare_environ, "ROLEDECK_ENDPOINT_URL": aws.url}
    login = start(environ, "login", "acme", "--device", "--start-url", f"{aws.url}/start/#/", "--region", "eu-west-1")
    code = login.says(CODE)
    assert not Path(environ["HOME"], ".config").exists()
    aws.control("POST", "approve", {"user_code": code})
    assert login.ends()[0] == 0
    assert new_start_page(environ) == {"acme": {"start_url": f"{aws.url}/start", "region": "eu-west-1"}}
    assert "40 roles in 12 accounts" in login.said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "roledeck login --start-url URL --region REGION"),
        (("--region", "eu-west-1"), "--region goes with --start-url."),
        (("--start-url", "https://acme.awsapps.com/start"), "The region of the start page is needed."),
        (("--start-url", "acme", "--region", "eu-west-1"), "A start URL is written like"),
        (("a b", "--start-url", "https://acme.awsapps.com/start", "--region", "eu-west-1"), "A name has 1 to 64"),
    ],
)
def test_a_start_page_that_cannot_be_one_is_refused_before_anything_is_sent(start, bare_environ, words, said):
    login = start(bare_environ, "login", *words)
    assert login.ends()[0] == 2
    assert said in login.said
