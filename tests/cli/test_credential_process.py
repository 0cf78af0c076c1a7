"""The `credential_process` contract, and the path on which nothing is imported for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import pytest

DEVELOPER = "production/CrossAccountDeveloperRole"
HEAVY = {
    "boto3",
    "botocore",
    "textual",
    "rich",
    "argparse",
    "json",
    "re",
    "typing",
    "dataclasses",
    "tomllib",
    "subprocess",
    "logging",
    "socket",
}
REPORT = """
import atexit, os, sys
leave = os._exit
def told(code):
    os.write(2, "\\n".join(sorted(sys.modules)).encode())
    leave(code)
os._exit = told
sys.argv = ["roledeck", *sys.argv[1:]]
from tui_app.cli import main
code = main()
os.write(2, b"SLOW")
sys.exit(code)
"""


@pytest.fixture
def process(environ, run_in):
    """Run `roledeck credential-process WORDS` away from any terminal."""

    def run(*words, program=("-m", "tui_app"), **variables):
        return run_in({**environ, **variables}, "credential-process", *words, program=program)

    return run


def answer(done):
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def identity(aws, answered):
    return aws.client("sts", (answered["AccessKeyId"], answered["SecretAccessKey"], answered["SessionToken"])).get_caller_identity()["Arn"]


def test_the_answer_is_the_contract(process, aws):
    answered = answer(process(DEVELOPER))
    assert set(answered) == {"Version", "AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration", "AccountId"}
    assert (answered["Version"], answered["AccountId"]) == (1, "111122223333")
    ends = time.mktime(time.strptime(answered["Expiration"], "%Y-%m-%dT%H:%M:%SZ")) - time.timezone
    assert 3000 < ends - time.time() <= 3600
    assert ":assumed-role/CrossAccountDeveloperRole/" in identity(aws, answered)


def test_botocore_takes_it(process, environ, tmp_path):
    from botocore.credentials import ProcessProvider

    words = [sys.executable, "-m", "tui_app", "credential-process", DEVELOPER]
    script = tmp_path / "process"
    script.write_text(
        "#!/bin/sh\nexec env -i " + " ".join(f"'{name}={value}'" for name, value in environ.items()) + " " + " ".join(words) + "\n"
    )
    script.chmod(0o755)
    loaded = ProcessProvider("deck", lambda: {"profiles": {"deck": {"credential_process": str(script)}}}).load()
    assert loaded.access_key.startswith("ASIA")


def test_the_second_answer_imports_nothing_and_asks_nobody(process, aws):
    first = answer(process(DEVELOPER))
    calls = len(aws.calls())
    again = process(DEVELOPER, program=("-c", REPORT))
    assert json.loads(again.stdout) == first
    assert "SLOW" not in again.stderr
    loaded = set(again.stderr.split())
    assert "tui_app.sessions.index" in loaded
    assert {name for name in loaded if name.partition(".")[0] in HEAVY} == set()
    assert {name for name in loaded if name.startswith("tui_app")} == {
        "tui_app", "tui_app.cli", "tui_app.handover", "tui_app.handover.credential_process", "tui_app.paths", "tui_app.sessions",
        "tui_app.sessions.index",
    }  # fmt: skip
    assert len(aws.calls()) == calls


@pytest.mark.parametrize("change", ["config", "fragment", "credentials", "variable", "session dropped", "another name"])
def test_any_difference_means_the_slow_path(process, environ, change):
    answer(process(DEVELOPER))
    name, variables = DEVELOPER, {}
    if change == "config":
        with open(environ["ROLEDECK_CONFIG"], "a", encoding="utf-8") as file:
            file.write("\n# a remark\n")
    elif change == "fragment":
        folder = os.path.join(os.path.dirname(environ["ROLEDECK_CONFIG"]), "config.d")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "new.toml"), "w", encoding="utf-8") as file:
            file.write("# nothing\n")
    elif change == "credentials":
        os.utime(environ["AWS_SHARED_CREDENTIALS_FILE"], (1, 1))
    elif change == "variable":
        variables["AWS_REGION"] = "eu-central-1"
    elif change == "session dropped":
        subprocess.run([sys.executable, "-m", "tui_app", "forget", "--all"], env=environ, check=True, capture_output=True)
    else:
        name = "111122223333/CrossAccountDeveloperRole"
    assert "SLOW" in process(name, program=("-c", REPORT), **variables).stderr


def test_a_session_that_is_soon_over_is_renewed(process, aws, environ):
    first = answer(process(DEVELOPER))
    aws.control("POST", "clock", {"lifetime": 4})
    short = answer(process(DEVELOPER, "--fresh"))
    assert short["AccessKeyId"] != first["AccessKeyId"]
    aws.reset()
    end = time.time() + 15
    while answer(process(DEVELOPER))["AccessKeyId"] == short["AccessKeyId"]:
        assert time.time() < end, "it was handed out to its end"


def test_exact_names_only(process):
    done = process("production/CrossAccountDev")
    assert (done.returncode, done.stdout) == (2, "")
    assert "There is no role" in done.stderr


def test_a_name_that_leads_back_to_itself_is_told(process):
    done = process(DEVELOPER, _ROLEDECK_PROCESS_CHAIN=f"other\n{DEVELOPER}")
    assert (done.returncode, done.stdout) == (6, "")
    assert f"credential_process leads back to itself: {DEVELOPER} → {DEVELOPER}." in done.stderr


def test_a_long_way_through_profiles_is_told(process):
    done = process(DEVELOPER, _ROLEDECK_PROCESS_CHAIN="\n".join("abcdefgh"))
    assert done.returncode == 6
    assert "more than 8 profiles" in done.stderr


def test_a_profile_that_calls_itself_ends(environ, tmp_path):
    me = f"{sys.executable} -m tui_app credential-process"
    with open(environ["AWS_CONFIG_FILE"], "a", encoding="utf-8") as file:
        file.write("\n[profile loop]\nrole_arn = arn:aws:iam::111122223333:role/AdminRole\nsource_profile = hole\n")
        file.write(f"[profile hole]\ncredential_process = {me} loop\n")
    done = subprocess.run([sys.executable, "-m", "tui_app", "credential-process", "loop"], env=environ, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, start_new_session=True, timeout=60, check=False)  # fmt: skip
    assert done.stdout == ""
    assert done.returncode != 0
    assert done.stderr.count("\n") == 1


def test_nothing_is_kept_ready_where_sessions_stay_in_memory(process, environ):
    with open(environ["ROLEDECK_CONFIG"], "a", encoding="utf-8") as file:
        file.write('\n[storage]\nsessions = "memory"\n')
    answer(process(DEVELOPER))
    assert "SLOW" in process(DEVELOPER, program=("-c", REPORT)).stderr
    assert not any("index" in folder and files for folder, _, files in os.walk(environ["XDG_CACHE_HOME"]))


def test_a_reader_that_leaves_is_no_traceback(process, environ):
    answer(process(DEVELOPER))
    script = f"set -o pipefail; {sys.executable} -m tui_app credential-process {DEVELOPER} | true"
    done = subprocess.run(["bash", "-c", script], env=environ, capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_hostile_arguments_are_no_paths(process):
    for name in ("../../etc/passwd", "/etc/passwd", "a" * 5000, "\x1b[2J", "x\ny"):
        done = process(name)
        assert (done.returncode, done.stdout) == (2, "")
        assert "\x1b" not in done.stderr
