"""`roledeck exec`: the child is the command itself, with a clean environment and its own exit code."""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys

import pytest

from tui_app.cli.main import dispatch
from tui_app.handover import environment

ROLE = "staging-readonly"
ROOT = str(pathlib.Path(__file__).parents[2])
DUMP = "import json, os; print(json.dumps(dict(os.environ)))"
NAMES = (
    *(environment.IDENTITY - {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}),
    *("AWS_BEARER_TOKEN_BEDROCK", "AWSUME_PROFILE", "GRANTED_SSO", "AWS_SSO_PROFILE", "AWS_OKTA_X", "SAML2AWS_X", "LEAPP_X"),
    *("AWS_ENDPOINT_URL_S3", "AWS_CSM_ENABLED", "AWS_DATA_PATH", "TEXTUAL_LOG", "ROLEDECK_MFA_CODE"),
)
POLLUTION = dict.fromkeys(NAMES, "someone-else")


def deck(environ, *words, **more):
    return subprocess.run(
        [sys.executable, "-m", "tui_app", *words], env={**environ, "PYTHONPATH": ROOT}, capture_output=True, text=True, check=False,
        stdin=subprocess.DEVNULL, timeout=60, **more,
    )  # fmt: skip


@pytest.mark.parametrize("renew", [[], ["--renew"]])
def test_a_real_child_of_a_polluted_parent_has_the_role_and_nothing_of_anybody_else(environ, renew):
    done = deck({**environ, **POLLUTION}, "exec", ROLE, *renew, "--", sys.executable, "-c", DUMP)
    assert done.returncode == 0, done.stderr
    child = json.loads(done.stdout)
    ours = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_CREDENTIAL_EXPIRATION"}
    if renew:
        ours = {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"}
    assert {name for name in child if name in POLLUTION or environment.conflicts(name)} == ours | {"AWS_ENDPOINT_URL"}
    assert "someone-else" not in child.values()
    assert (child["AWS_REGION"], child["AWS_DEFAULT_REGION"], child["ROLEDECK_ROLE"]) == ("eu-west-1", "eu-west-1", ROLE)
    assert child["AWS_EC2_METADATA_DISABLED"] == "true"
    assert "AWS_ENDPOINT_URL_S3" in done.stderr


@pytest.mark.parametrize("renew", [[], ["--renew"]])
@pytest.mark.parametrize(("command", "code"), [(["sh", "-c", "exit 7"], 7), (["no-such-program"], 127), (["/etc/passwd"], 126)])
def test_the_exit_code_is_the_childs(environ, renew, command, code):
    assert deck(environ, "exec", ROLE, *renew, "--", *command).returncode == code


def test_the_childs_own_options_are_its_own(environ):
    done = deck(environ, "exec", ROLE, "--", "echo", "--renew", "--", "--json")
    assert done.stdout == "--renew -- --json\n"


def test_without_a_command_nothing_is_assumed(aws, environ, capsys):
    before = len(aws.calls())
    assert dispatch(["exec", ROLE], environ) == 2
    assert "Put it after --" in capsys.readouterr().err
    assert len(aws.calls()) == before


def test_the_journal_says_how(environ, capsys):
    assert deck(environ, "exec", ROLE, "--", "true").returncode == 0
    assert deck(environ, "exec", ROLE, "--renew", "--", "true").returncode == 0
    assert dispatch(["sessions", "--history", "--json"], environ) == 0
    events = json.loads(capsys.readouterr().out)
    assert [(event["event"], event.get("how")) for event in events] == [
        ("assume", None),
        ("handover", "exec"),
        ("handover", "exec --renew"),
    ]
