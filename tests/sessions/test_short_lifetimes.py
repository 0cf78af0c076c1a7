"""Programs that live on `credential_process` run past many ends of short sessions, and each session is got once.

ROLEDECK_TEST_LIFETIME makes the sessions longer, and the run with them.
"""

from __future__ import annotations

import itertools
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

from tui_app import paths
from tui_app.clock import parse_moment
from tui_app.sessions.journal import Journal

ROOT = pathlib.Path(__file__).parents[2]
NODE_MODULES = ROOT / ".node" / "node_modules"
LIFETIME = int(os.environ.get("ROLEDECK_TEST_LIFETIME", "4"))
PATIENCE = LIFETIME * 6 + 60
ROLE, TWO_HOPS = "staging-readonly", "iot-fleet"
SESSIONS = 4
"""Three ends are lived through."""

PYTHON = """
import boto3, sys, time
session, keys = boto3.Session(), set()
sts = session.client("sts")
while len(keys) < int(sys.argv[1]):
    arn = sts.get_caller_identity()["Arn"]
    keys.add(session.get_credentials().get_frozen_credentials().access_key)
    time.sleep(0.2)
print(arn, len(keys))
"""
NODE = """
const { STSClient, GetCallerIdentityCommand } = require("@aws-sdk/client-sts");
(async () => {
  const keys = new Set();
  const sts = new STSClient({ region: "eu-west-1", maxAttempts: 1 });
  let arn = "";
  while (keys.size < Number(process.argv[1])) {
    arn = (await sts.send(new GetCallerIdentityCommand({}))).Arn;
    keys.add((await sts.config.credentials()).accessKeyId);
    await new Promise((done) => setTimeout(done, 200));
  }
  console.log(arn, keys.size);
})().catch((error) => { console.error(String(error)); process.exit(1); });
"""
NODE_HERE = shutil.which("node") and (NODE_MODULES / "@aws-sdk" / "client-sts").exists()
FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"
PROGRAMS = [[sys.executable, "-c", PYTHON], *([["node", "-e", NODE]] if NODE_HERE else [])]


@pytest.fixture
def profile(world):
    """The environment of a program whose AWS_PROFILE is one of ours."""

    def of(role):
        command = f"{sys.executable} -m tui_app credential-process {role}"
        world.shared(f"[profile deck]\nregion = eu-west-1\ncredential_process = {command}\n")
        own = {"AWS_PROFILE": "deck", "AWS_REGION": "eu-west-1", "PYTHONPATH": str(ROOT)}
        return world.environ | own | {"NODE_PATH": str(NODE_MODULES), "NODE_NO_WARNINGS": "1"}

    return of


def run_all(environ):
    """Run the programs side by side to their ends, which come after so many sessions; none saw an error or another role."""
    programs = [
        subprocess.Popen(
            [*words, str(SESSIONS)], env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for words in PROGRAMS
    ]
    ended = [program.communicate(timeout=PATIENCE) for program in programs]
    logs = [file.read_text() for file in pathlib.Path(paths.state_folder(environ)).glob("*.log")]
    assert [program.returncode for program in programs] == [0] * len(PROGRAMS), (ended, logs)
    assert [said for _, said in ended] == [""] * len(PROGRAMS)
    return {out.split()[0] for out, _ in ended}


def test_programs_run_past_many_ends_and_each_session_is_got_once(world, profile):
    environ = profile(TWO_HOPS)
    world.aws.gate.lifetime = LIFETIME

    (arn,) = run_all(environ)

    assert ":assumed-role/ExternalAccountRole/" in arn
    got = [entry for entry in Journal(environ).entries() if entry["event"] in ("assume", "renew")]
    assert SESSIONS <= len(got) == len({entry["expires"] for entry in got})
    assert {entry["source_of_code"] for entry in got} == {"none"}
    moments = [parse_moment(entry["at"]) for entry in got]
    apart = [later - earlier for earlier, later in itertools.pairwise(moments)]
    # due when a third is left; both the end and the moment are told in whole seconds
    assert min(apart) >= LIFETIME * 2 / 3 - 2, "none is got before the one before is due"


@pytest.mark.skipif(not os.path.exists(FAKETIME), reason="needs libfaketime")
@pytest.mark.parametrize("jump", [50 * 60, 3 * 3600])
def test_sessions_of_an_hour_are_renewed_when_the_clock_of_the_whole_machine_jumps(world, profile, tmp_path, jump):
    environ = profile(ROLE)
    offset = tmp_path / "offset"
    offset.write_text("+0")
    asked = """
import boto3, sys
session = boto3.Session()
sts = session.client("sts")
for line in sys.stdin:
    print(sts.get_caller_identity()["Arn"], session.get_credentials().get_frozen_credentials().access_key, flush=True)
"""
    faked = {"LD_PRELOAD": FAKETIME, "FAKETIME_TIMESTAMP_FILE": str(offset), "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    program = subprocess.Popen(
        [sys.executable, "-c", asked], env=environ | faked, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    world.aws.gate.signatures_follow_clock = True
    keys = []
    for number in range(SESSIONS):
        world.aws.gate.offset = jump * number
        offset.write_text(f"+{jump * number}")
        program.stdin.write("\n")
        program.stdin.flush()
        keys.append(program.stdout.readline().split()[-1:])

    _, said = program.communicate(timeout=60)

    assert (program.returncode, said) == (0, "")
    assert len({key for (key,) in keys}) == SESSIONS
    assert world.calls().count("AssumeRole") == SESSIONS
