"""Unmodified clients get their credentials from roledeck and are who they should be, against `roledeck demo serve`."""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[2]
ROLE = "production/CrossAccountDeveloperRole"
ARN = "arn:aws:sts::111122223333:assumed-role/CrossAccountDeveloperRole/"
NODE_MODULES = ROOT / ".node" / "node_modules"
WHO_AM_I = """
const { STSClient, GetCallerIdentityCommand } = require("@aws-sdk/client-sts");
new STSClient({ region: "eu-west-1" }).send(new GetCallerIdentityCommand({})).then(
  (answer) => console.log(JSON.stringify({ Arn: answer.Arn })),
  (error) => { console.error(String(error)); process.exit(1); },
);
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The variables of a running `roledeck demo serve`, with a HOME of its own."""
    home = tmp_path_factory.mktemp("home")
    environ = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8"}
    server = subprocess.Popen([sys.executable, "-m", "tui_app", "demo", "serve"], stdout=subprocess.PIPE, text=True, env=environ, cwd=home)
    try:
        for line in server.stdout:
            if line.strip() == "ready":
                break
            name, _, value = line.strip().partition("=")
            environ[name] = value
        yield environ
    finally:
        server.terminate()
        assert server.wait(10) == 0
        server.stdout.close()
    assert list(home.iterdir()) == [], "a demo leaves nothing in the user's home"


@pytest.fixture
def aws() -> str:
    found = shutil.which("aws")
    if not found:
        pytest.skip("needs aws")
    return found


@pytest.fixture
def node() -> str:
    found = shutil.which("node")
    if not found or not (NODE_MODULES / "@aws-sdk" / "client-sts").exists():
        pytest.skip("needs node with @aws-sdk/client-sts")
    return found


@pytest.fixture
def with_profile(served, tmp_path) -> dict[str, str]:
    """An environment whose shared config has one credential_process profile, and nothing else that could sign."""
    config = tmp_path / "config"
    # credential-process itself needs the demo's files, the client must see only this profile: hand the first over by a wrapper
    wrapper = tmp_path / "deck"
    lines = [f"export {name}={json.dumps(served[name])}" for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")]
    wrapper.write_text("#!/bin/sh\n" + "\n".join(lines) + f'\nexec {sys.executable} -m tui_app "$@"\n', encoding="utf-8")
    wrapper.chmod(0o755)
    config.write_text(f"[profile deck]\nregion = eu-west-1\ncredential_process = {wrapper} credential-process {ROLE}\n", encoding="utf-8")
    return {**served, "AWS_CONFIG_FILE": str(config), "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "AWS_PROFILE": "deck"}


def answer(words: list[str], environ: dict[str, str]) -> dict[str, str]:
    done = subprocess.run(words, env=environ, capture_output=True, text=True, check=False, timeout=60, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_aws_cli_is_the_role_under_exec(served, aws):
    words = [sys.executable, "-m", "tui_app", "exec", ROLE, "--", aws, "sts", "get-caller-identity", "--output", "json"]
    assert answer(words, served)["Arn"].startswith(ARN)


def test_the_aws_cli_is_the_role_through_credential_process(with_profile, aws):
    assert answer([aws, "sts", "get-caller-identity", "--output", "json"], with_profile)["Arn"].startswith(ARN)


def test_the_javascript_sdk_is_the_role_under_exec(served, node):
    words = [sys.executable, "-m", "tui_app", "exec", ROLE, "--", node, "-e", WHO_AM_I]
    assert answer(words, {**served, "NODE_PATH": str(NODE_MODULES)})["Arn"].startswith(ARN)


def test_the_javascript_sdk_is_the_role_through_credential_process(with_profile, node):
    environ = {**with_profile, "NODE_PATH": str(NODE_MODULES)}
    assert answer([node, "-e", WHO_AM_I], environ)["Arn"].startswith(ARN)
