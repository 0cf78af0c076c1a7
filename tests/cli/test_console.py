"""`roledeck console`: the real command with a browser that writes down what it gets, against the embedded AWS."""

from __future__ import annotations

import http.client
import json
import os
import pathlib
import subprocess
import sys
import threading
from contextlib import closing
from urllib.parse import parse_qs, urlsplit

import pytest

from tui_app.cli.main import dispatch

DIRECT, CHAINED, PROFILE = "production/cross-account/CrossAccountDeveloperRole", "audit/ReadOnly", "staging-readonly"
ROOT = pathlib.Path(__file__).parents[2]


@pytest.fixture
def browser(tmp_path):
    """A browser that notes its command line and environment as the machine sees them, and goes where it is sent: `(path, visited)`."""
    program, visited = tmp_path / "browser", tmp_path / "visited"
    program.write_text(
        f"#!{sys.executable}\nimport http.client, sys, urllib.parse\n"
        "seen = open('/proc/self/cmdline', 'rb').read() + open('/proc/self/environ', 'rb').read()\n"
        f"open({str(tmp_path / 'seen')!r}, 'ab').write(seen)\n"
        "link = urllib.parse.urlsplit(next(word for word in sys.argv[1:] if '://' in word))\n"
        "wire = http.client.HTTPConnection(link.netloc)\nwire.request('GET', link.path)\n"
        f"open({str(visited)!r}, 'w').write(wire.getresponse().headers['Location'] or 'nowhere')\n"
    )
    program.chmod(0o755)
    return str(program), visited


def place_of(address, aws):
    """Where the address leads when it is opened."""
    parts = urlsplit(address)
    with closing(http.client.HTTPConnection(aws.url.removeprefix("http://"))) as wire:
        wire.request("GET", f"{parts.path}?{parts.query}")
        return wire.getresponse().getheader("Location")


def token_of(address):
    (found,) = parse_qs(urlsplit(address).query)["SigninToken"]
    return found


def test_the_console_opens_signed_in(aws, environ, browser, capsys, wait_for):
    program, visited = browser
    assert dispatch(["console", DIRECT, "--to", "ddb"], environ | {"BROWSER": program}) == 0

    out, err = capsys.readouterr()
    assert out.startswith(f"The console of {DIRECT} opens in the browser, until ")
    assert err == ""
    address = wait_for(lambda: visited.exists() and visited.read_text())
    assert place_of(address, aws) == "https://eu-west-1.console.aws.amazon.com/dynamodbv2/home?region=eu-west-1"


def test_the_sign_in_token_is_nowhere_but_in_the_browser(aws, environ, browser, tmp_path, wait_for):
    """Command lines and environments of every process, the debug log, the journal, every file written, and all that was printed."""
    program, visited = browser
    lines, ended = set(), threading.Event()

    def watch():
        while not ended.wait(0.01):
            for process in pathlib.Path("/proc").glob("[0-9]*"):
                for name in ("cmdline", "environ"):
                    try:
                        lines.add((process / name).read_bytes())
                    except OSError:
                        continue

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    argv = [sys.executable, "-m", "tui_app", "console", DIRECT, "--debug"]
    done = subprocess.run(argv, env=environ | {"BROWSER": program, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False)
    ended.set()
    watching.join()

    assert done.returncode == 0, done.stderr
    token = token_of(wait_for(lambda: visited.exists() and visited.read_text())).encode()
    seen = (tmp_path / "seen").read_bytes()
    assert b"http://127.0.0.1:" in seen
    assert any(b"tui_app\0console" in line for line in lines), "nobody watched"
    written = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path != visited}
    assert any(path.name == "debug.log" for path in written)
    assert token not in done.stdout + done.stderr + seen
    assert not [line for line in lines if token in line]
    assert not [path for path, content in written.items() if token in content]


def test_the_link_is_printed_only_when_it_is_asked_for(aws, environ, capsys):
    assert dispatch(["console", PROFILE, "--print"], environ) == 0
    out, err = capsys.readouterr()
    (address,) = out.splitlines()
    assert place_of(address, aws).startswith("https://eu-west-1.console.aws.amazon.com/console/home")
    assert "15 minutes" in err
    assert "password" in err
    assert token_of(address) not in err


def test_the_journal_says_how_and_holds_no_token(environ, capsys):
    assert dispatch(["console", PROFILE, "--print"], environ) == 0
    token = token_of(capsys.readouterr().out.strip())
    assert dispatch(["sessions", "--history", "--json"], environ) == 0
    answer = capsys.readouterr().out
    assert [entry["how"] for entry in json.loads(answer) if entry["event"] == "handover"] == ["console link"]
    assert token not in answer


@pytest.mark.parametrize(("role", "requests"), [(DIRECT, 1), (CHAINED, 1)])
def test_one_request_is_enough(aws, environ, capsys, role, requests):
    before = len(aws.calls("signin:Federation"))
    assert dispatch(["console", role, "--print"], environ) == 0
    assert len(aws.calls("signin:Federation")) - before == requests


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["console"], 2, "roledeck console needs ROLE."),
        (["console", "nobody"], 2, 'There is no role "nobody".'),
        (["console", "dev"], 2, "is a source of credentials, not a role"),
        (["console", PROFILE, "--to", "dynamdb"], 2, "Did you mean dynamodb?"),
        (["console", PROFILE, "--to", "https://evil.example/"], 2, "no page of AWS's console"),
        (["console", PROFILE, "--region", "cn-north-1"], 2, "is no region of aws"),
        (["console", PROFILE], 1, "There is no browser here."),
        (["console", "sandbox/LegacyDeployer", "--print"], 4, ""),
        (["console", "production/AdminRole", "--print"], 3, "code"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(aws, environ, capsys, words, code, says):
    before = len(aws.calls("sts:AssumeRole"))
    assert dispatch(words, environ) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert says in err
    assert len(err.splitlines()) == 1
    if code in (1, 2):
        assert len(aws.calls("sts:AssumeRole")) == before, "it could be known before AWS was asked"


def test_a_page_of_the_network_is_told_from_aws(aws, environ, capsys):
    aws.fault("html", "signin:Federation")
    assert dispatch(["console", PROFILE, "--print"], environ) == 5
    out, err = capsys.readouterr()
    assert out == ""
    assert "not an answer of AWS" in err


def test_a_resource_of_another_account_is_remarked(environ, capsys):
    assert dispatch(["console", PROFILE, "--print", "--to", "arn:aws:sns:eu-west-1:111122223333:news"], environ) == 0
    assert f"That resource is in account 111122223333, and {PROFILE} is a role of 555566667777." in capsys.readouterr().err


def test_the_list_of_services_needs_no_role(bare_environ, capsys):
    assert dispatch(["console", "--services"], bare_environ) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.split() == ["cloudformation", "cfn,", "stacks"] for line in lines)


def config(environ, text):
    with open(environ["ROLEDECK_CONFIG"], "a", encoding="utf-8") as file:
        file.write(text)


def test_the_browser_and_the_signing_out_of_the_config(aws, environ, browser, tmp_path, wait_for):
    program, visited = browser
    config(environ, f'\n[console]\nbrowser = ["{program}", "--profile={{account}}", "{{url}}"]\nsign_out = true\n')
    assert dispatch(["console", DIRECT], environ | {"BROWSER": "/bin/false"}) == 0
    assert urlsplit(wait_for(lambda: visited.exists() and visited.read_text())).path == "/oauth"
    assert b"--profile=production\0" in (tmp_path / "seen").read_bytes()

    visited.unlink()
    assert dispatch(["console", DIRECT, "--no-sign-out"], environ) == 0
    assert urlsplit(wait_for(lambda: visited.exists() and visited.read_text())).path == "/federation"


@pytest.mark.parametrize("lines", ["[environment.prod]\nconfirm = true\n", '[console]\nbrowser = "firefox"\n'])
def test_confirmation_and_wrong_settings(environ, capsys, lines):
    config(environ, f"\n{lines}")
    asked = dispatch(["console", DIRECT, "--print"], environ)
    out, err = capsys.readouterr()
    if "confirm" in lines:
        assert (asked, out) == (3, "")
        assert "Answer beforehand with --yes." in err
        assert dispatch(["console", DIRECT, "--print", "--yes"], environ) == 0
    else:
        assert dispatch(["lint"], environ) in (0, 1, 6)
        assert "browser" in capsys.readouterr().out


START = "https://acme.awsapps.com/start"
SSO = f"""
[sso-session acme]
sso_start_url = {START}/#/
sso_region = eu-west-1

[profile reader]
sso_session = acme
sso_account_id = 111122223333
sso_role_name = ReadOnly
region = eu-west-1
"""


@pytest.fixture
def permission_set(bare_environ):
    folder = pathlib.Path(bare_environ["HOME"]) / ".aws"
    folder.mkdir()
    (folder / "config").write_text(SSO)
    return bare_environ


def test_a_permission_set_is_opened_by_its_start_page_without_any_session(permission_set, capsys):
    assert dispatch(["console", "reader", "--to", "s3", "--print"], permission_set) == 0
    out, err = capsys.readouterr()
    assert out.startswith(f"{START}/#/console?")
    words = parse_qs(urlsplit(out.strip()).fragment.partition("?")[2])
    assert words == {
        "account_id": ["111122223333"],
        "role_name": ["ReadOnly"],
        "destination": ["https://eu-west-1.console.aws.amazon.com/s3/buckets?region=eu-west-1"],
    }
    assert err == ""


def test_its_link_is_no_secret_and_goes_straight_to_the_browser(permission_set, tmp_path, capsys, wait_for):
    program = tmp_path / "browser"
    program.write_text(f'#!/bin/sh\nprintf "%s" "$1" > {tmp_path}/link.new; mv {tmp_path}/link.new {tmp_path}/link\n')
    program.chmod(0o755)
    assert dispatch(["console", "reader"], permission_set | {"BROWSER": str(program)}) == 0
    assert wait_for((tmp_path / "link").exists)
    assert (tmp_path / "link").read_text().startswith(f"{START}/#/console?account_id=111122223333&role_name=ReadOnly")
    assert "start page opens the console of reader" in capsys.readouterr().out
    assert dispatch(["sessions", "--history", "--json"], permission_set) == 0
    assert [entry["event"] for entry in json.loads(capsys.readouterr().out)] == ["console"]


@pytest.mark.parametrize("partition", ["aws-iso", "aws-iso-b"])
def test_an_isolated_partition_has_no_console_of_ours(bare_environ, capsys, partition):
    role = f"arn:{partition}:iam::111122223333:role/R"
    folder = pathlib.Path(bare_environ["HOME"]) / ".aws"
    folder.mkdir()
    (folder / "credentials").write_text("[dev]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n")
    assert dispatch(["console", role, "--via", "dev", "--print"], bare_environ) == 6
    assert "has no public console" in capsys.readouterr().err


def test_it_is_named_where_commands_are_listed():
    done = subprocess.run(
        [sys.executable, "-m", "tui_app", "console", "--help"], env=os.environ, cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode == 0
    assert b"--to SERVICE|ARN" in done.stdout
