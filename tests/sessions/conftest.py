"""A broker on the embedded AWS, and a person who types codes."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tui_app.catalog.load import load_catalog
from tui_app.catalog.login_sessions import token_file
from tui_app.clock import rfc3339
from tui_app.model import Role, Session
from tui_app.secret import Secret
from tui_app.sessions.broker import Broker, CodeRequest, Wanted
from tui_app.sessions.consent import Program
from tui_app.sessions.remembered import STEP
from tui_app.sessions.sources import login

LONG = """
[[account]]
id = "111122223333"
name = "production"
  [[account.role]]
  name = "%s"
  via = "dev"
  mfa_serial = "arn:aws:iam::444455556666:mfa/DevUser"
  duration = "4h"
"""


class Person:
    """Types what `answers` says, else a code of the demo's authenticator; remembers what was asked."""

    def __init__(self, aws: Any) -> None:
        self._aws = aws
        self.answers: list[str | Exception] = []
        self.asked: list[CodeRequest] = []

    def __call__(self, request: CodeRequest) -> Secret:
        self.asked.append(request)
        answer = self.answers.pop(0) if self.answers else self._aws.code(request.serial)
        if isinstance(answer, Exception):
            raise answer
        return Secret(answer)


class Clock:
    """A wall clock that only tests set forward: a millisecond a look, so that a slow machine crosses no code's 30 seconds."""

    def __init__(self) -> None:
        now = time.time()
        # away from the end of a code's time, so that many looks fit before it
        self._start = now - 2 if now % STEP > STEP - 2 else now
        self._looks = itertools.count()
        self.offset = 0.0

    def __call__(self) -> float:
        return self._start + next(self._looks) / 1000 + self.offset


class World:
    """Everything a test of the broker wants at hand."""

    def __init__(self, aws: Any, environ: dict[str, str]) -> None:
        self.aws, self.environ, self.clock, self.person = aws, environ, Clock(), Person(aws)
        self._seen = 0
        self.programs: list[Program] = []
        self.agrees = True
        self.reload()

    def reload(self, config: str = "") -> Broker:
        """A new broker, as a new process would make it; `config` is added to config.toml."""
        if config:
            with open(self.environ["ROLEDECK_CONFIG"], "a", encoding="utf-8") as file:
                file.write(config)
        self.broker = Broker(load_catalog(self.environ), self.environ, clock=self.clock)
        return self.broker

    def role(self, key: str) -> Role:
        role = self.broker.catalog.role(key)
        assert role is not None, f"{key} is not among {[role.key for role in self.broker.catalog.roles]}"
        return role

    def obtain(self, key: str, wanted: Wanted | None = None, **more: Any) -> Session:
        """A session of a role, codes from the person, programs agreed to as `agrees` says."""
        return self.broker.obtain(self.role(key), wanted or Wanted(), self.person, ask_consent=self.consent, **more)

    def consent(self, program: Program) -> bool:
        self.programs.append(program)
        return self.agrees

    def shared(self, text: str) -> None:
        """Add to the shared config, and read it again."""
        with open(self.environ["AWS_CONFIG_FILE"], "a", encoding="utf-8") as file:
            file.write("\n" + text)
        self.reload()

    def own_config(self, name: str, *, plain: bool = False) -> None:
        """A config with one role of 4 hours that asks for a code; a `plain` one says neither."""
        text = LONG.replace("mfa_serial", "# ").replace('duration = "4h"', "") if plain else LONG
        Path(self.environ["ROLEDECK_CONFIG"]).write_text(text % name, encoding="utf-8")
        self.reload()

    def calls(self) -> list[str]:
        """The actions asked since the last look."""
        calls = self.aws.calls()
        new, self._seen = calls[self._seen :], len(calls)
        return [call["action"] for call in new]

    def seed_role(self, name: str, *, mfa: bool = False, maximum: int = 3600, account: str = "111122223333") -> str:
        """A role that DevUser may assume; its ARN."""
        condition = {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}} if mfa else {}
        statement = {
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::444455556666:user/DevUser"},
            "Action": "sts:AssumeRole",
            **condition,
        }
        trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        iam = self.aws.seed(account)("iam")
        role: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust, MaxSessionDuration=maximum)["Role"]["Arn"]
        return role


@pytest.fixture
def world(aws: Any, environ: dict[str, str]) -> World:
    found = World(aws, environ)
    found.calls()
    return found


@pytest.fixture
def files_of() -> Callable[[str], list[str]]:
    """All files below a folder."""
    return lambda top: [os.path.join(folder, name) for folder, _, names in os.walk(top) for name in names]


STEPS = """
import json, subprocess, sys, time
steps = []
for words in json.loads(sys.argv[1]):
    if words[0] == "unlock":
        subprocess.run(["gnome-keyring-daemon", "--replace", "--unlock", "--components=secrets"], input=b"pw", capture_output=True)
        continue
    if words[0] == "silent":
        service = subprocess.Popen([sys.executable, "-c", words[1]], stdout=subprocess.PIPE)
        assert service.stdout.readline() == b"silent\\n"
        continue
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-m", "tui_app", *words], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    steps.append([done.returncode, done.stdout, done.stderr, time.monotonic() - began])
print(json.dumps(steps))
"""


@pytest.fixture
def bus(environ, tmp_path) -> Iterator[Callable[..., list[list]]]:
    """Run commands of ours, `unlock` and `silent` among them, in a D-Bus session of their own; code, stdout, stderr, seconds of each."""
    for program in ("dbus-run-session", "gnome-keyring-daemon"):
        if shutil.which(program) is None:
            pytest.skip("needs gnome-keyring")
    with open(environ["ROLEDECK_CONFIG"], "a", encoding="utf-8") as file:
        file.write('\n[storage]\nsessions = "keyring"\n')
    # its sockets have short names only
    with tempfile.TemporaryDirectory(prefix="rd") as runtime:

        def run(*steps: list[str]) -> list[list]:
            home = environ | {
                "HOME": str(tmp_path),
                "XDG_RUNTIME_DIR": runtime,
                "XDG_DATA_HOME": str(tmp_path / "data"),
                "PYTHONPATH": str(Path(__file__).parents[2]),
            }
            words = ["dbus-run-session", "--", sys.executable, "-c", STEPS, json.dumps(steps)]
            done = subprocess.run(words, env=home, capture_output=True, text=True, check=False, timeout=60, start_new_session=True)
            assert done.returncode == 0, done.stderr
            return json.loads(done.stdout)

        yield run


class SignedIn:
    """A sign-in of `aws login`, as the AWS CLI keeps it: called, it signs in; what it is given changes the file."""

    USER = "arn:aws:iam::444455556666:user/DevUser"

    def __init__(self, world: World) -> None:
        self._world = world

    def __call__(self, arn: str = USER, *, left: float | None = None, **changes: Any) -> dict[str, Any]:
        fields = self._world.aws.control("POST", "login", {"login_session": arn}) | changes
        self.write(fields, arn)
        if left is not None:
            self.lasting(left, arn)
        self._world.calls()
        return fields

    def file(self, arn: str = USER) -> Path:
        return Path(token_file(arn, self._world.environ))

    def write(self, fields: dict[str, Any] | str, arn: str = USER) -> None:
        self.file(arn).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.file(arn).write_text(fields if isinstance(fields, str) else json.dumps(fields))
        self.file(arn).chmod(0o600)

    def kept(self, arn: str = USER) -> dict[str, Any]:
        return json.loads(self.file(arn).read_text())

    def lasting(self, seconds: float, arn: str = USER) -> None:
        """The kept credentials end in so many seconds; what roledeck keeps of them is dropped."""
        fields = self.kept(arn)
        fields["accessToken"]["expiresAt"] = rfc3339(self._world.clock() + seconds)
        self.write(fields, arn)
        self._world.broker.forget_all()


LOGIN_PROFILES = f"""
[profile me]
login_session = {SignedIn.USER}
region = eu-west-1
[profile reader]
login_session = arn:aws:sts::555566667777:assumed-role/ReadOnly/alice
[profile onward]
role_arn = arn:aws:iam::555566667777:role/ReadOnly
source_profile = me
duration_seconds = 14400
"""


@pytest.fixture
def console(world: World) -> SignedIn:
    """`console()` signs in as `aws login` would. The profiles `me`, `reader` and `onward` are there."""
    world.shared(LOGIN_PROFILES)
    login._FAILED.clear()
    return SignedIn(world)
