"""`make bench`: the figures of the product as ratios to floors that are measured in the same run. Asserts nothing."""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))

from tests.bench import credential_server, explorer, keystrokes, many, meanwhile, reading, tables
from tests.bench.rounds import alone, compare, process, show

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PYTHON = sys.executable
WRAPPER = os.path.join(os.path.dirname(PYTHON), "roledeck")
ROLE = "production/cross-account/CrossAccountDeveloperRole"
ROLE_ARN = "arn:aws:iam::111122223333:role/cross-account/CrossAccountDeveloperRole"
STOCK = f"""
import boto3, os
sts = boto3.Session(profile_name='dev').client('sts')
made = sts.assume_role(RoleArn='{ROLE_ARN}', RoleSessionName='bench', ExternalId='UniqueExternalId12345')['Credentials']
keys = dict(aws_access_key_id=made['AccessKeyId'], aws_secret_access_key=made['SecretAccessKey'], aws_session_token=made['SessionToken'])
boto3.Session(**keys).client('sts').get_caller_identity()
"""


@contextlib.contextmanager
def served(folder: str) -> Iterator[dict[str, str]]:
    """The environment of a `demo serve` in a process of its own."""
    environ = alone(folder)
    words = [PYTHON, "-m", "tui_app", "demo", "serve"]
    server = subprocess.Popen(words, env=environ, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        for line in server.stdout:
            if line.strip() == "ready":
                break
            name, _, value = line.strip().partition("=")
            environ[name] = value
        else:
            raise RuntimeError(f"demo serve did not start: {server.stderr.read() if server.stderr else ''}")
        yield environ
    finally:
        server.terminate()
        server.wait(timeout=10)


def hand_over(rounds: int) -> None:
    """Cached credentials through `credential-process`, and a session from nothing."""
    with tempfile.TemporaryDirectory() as folder, served(folder) as environ:
        environ["PYTHONPATH"] = ROOT
        entry = [PYTHON, "-m", "tui_app"]
        process([*entry, "assume", ROLE], environ)()
        process([*entry, "credential-process", ROLE], environ)()
        contestants = {
            "python -c pass": process([PYTHON, "-c", "pass"], environ),
            "python -m tui_app": process([*entry, "credential-process", ROLE], environ),
        }
        if os.path.exists(WRAPPER):
            contestants["roledeck, pip's wrapper"] = process([WRAPPER, "credential-process", ROLE], environ)
        goals = {"python -m tui_app": "<= 1.7", "roledeck, pip's wrapper": "<= 1.7"}
        show("Cached credential-process", compare(contestants, goals, rounds))
        fresh = process([*entry, "assume", ROLE, "--fresh"], environ)
        contestants = {
            "stock boto3, AssumeRole and GetCallerIdentity": process([PYTHON, "-c", STOCK], environ),
            "roledeck assume --fresh": fresh,
        }
        show("A session from nothing", compare(contestants, {"roledeck assume --fresh": "<= 1"}, max(5, rounds // 2)))


def first_frame(_rounds: int) -> None:
    """Until the list can be read, with ten roles and with 10,000."""
    print("\nFirst useful frame", flush=True)
    subprocess.run([PYTHON, "-m", "tests.bench.first_frame"], cwd=ROOT, check=True)


PARTS: Mapping[str, Callable[[int], None]] = {
    "hand-over": hand_over,
    "credential-server": credential_server.questions,
    "names": many.names,
    "reading": reading.profiles,
    "keystrokes": keystrokes.filter_rows,
    "explorer": explorer.first_sight,
    "meanwhile": meanwhile.keys,
    "tables": tables.long_tables,
    "first-frame": first_frame,
}


def main() -> int:
    """Run the parts that are named, or all; the exit code tells whether every part could be measured."""
    parser = argparse.ArgumentParser(description="Ratios to floors measured in the same run.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all without")
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    failed = 0
    for part in options.parts or PARTS:
        try:
            PARTS[part](options.rounds)
        except (RuntimeError, ImportError, subprocess.SubprocessError, OSError) as failure:
            failed += 1
            print(f"\n{part} could not be measured: {failure}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
