"""Programs that know nothing of roledeck run past several ends of their role's session, and never see one."""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[2]
NODE_MODULES = ROOT / ".node" / "node_modules"
LIFE, RUNS = 5, 16
BOTO3 = f"""
import boto3, time
session = boto3.Session()
client, keys, end = session.client("sts"), set(), time.time() + {RUNS}
while time.time() < end:
    client.get_caller_identity()
    keys.add(session.get_credentials().get_frozen_credentials().access_key)
    time.sleep(0.3)
print(len(keys))
"""
NODE = f"""
const {{ STSClient, GetCallerIdentityCommand }} = require("@aws-sdk/client-sts");
(async () => {{
  const client = new STSClient({{ region: "eu-west-1" }}), keys = new Set(), end = Date.now() + {RUNS * 1000};
  while (Date.now() < end) {{
    await client.send(new GetCallerIdentityCommand({{}}));
    keys.add((await client.config.credentials()).accessKeyId);
    await new Promise((go) => setTimeout(go, 300));
  }}
  console.log(keys.size);
}})().catch((error) => {{ console.error(String(error)); process.exit(1); }});
"""
# a process each time; what it gets is what was asked for while it started
CLI = f"""
end=$(($(date +%s) + {RUNS})); seen=
while [ "$(date +%s)" -lt $end ]; do
  aws sts get-caller-identity --output text > /dev/null || exit 1
  sleep 2
done
echo 4
"""
PROGRAMS = {
    "staging-readonly": [sys.executable, "-c", BOTO3],
    "production/CrossAccountDeveloperRole": ["node", "-e", NODE],
    "lambda-exec": ["sh", "-c", CLI],
}


@pytest.mark.program("node")
@pytest.mark.program("aws")
def test_three_clients_run_past_three_ends_without_an_error_and_each_renewal_is_one_call(aws, environ):
    if not (NODE_MODULES / "@aws-sdk" / "client-sts").exists():
        pytest.skip("needs @aws-sdk/client-sts")
    aws.control("POST", "clock", {"lifetime": LIFE})
    before = len(aws.calls("AssumeRole"))
    variables = {**environ, "PYTHONPATH": str(ROOT), "NODE_PATH": str(NODE_MODULES), "NODE_NO_WARNINGS": "1", "PATH": os.environ["PATH"]}
    running = {
        role: subprocess.Popen(
            [sys.executable, "-m", "tui_app", "exec", role, "--renew", "--", shutil.which(argv[0]) or argv[0], *argv[1:]],
            env=variables, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for role, argv in PROGRAMS.items()
    }  # fmt: skip
    said = {role: process.communicate(timeout=60) for role, process in running.items()}
    assert {role: process.returncode for role, process in running.items()} == dict.fromkeys(PROGRAMS, 0), said

    assert min(int(out) for out, _ in said.values()) >= 4, said
    made = [call for call in aws.calls("AssumeRole")[before:] if not call["code"]]
    journal = pathlib.Path(environ["XDG_STATE_HOME"], "roledeck", "journal.jsonl").read_text().splitlines()
    told = [event for event in map(json.loads, journal) if event["event"] in {"assume", "renew"}]
    assert len(told) >= 3 * 4
    # one call for each session; a child that ends may end the writing of the last one
    assert len(told) <= len(made) <= len(told) + len(PROGRAMS)
