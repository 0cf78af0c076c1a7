"""The AWS CLI's own cache: its names, when an entry in it is certainly ours, and writing to it only if asked."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tui_app import paths
from tui_app.catalog.shared_config import parse_shared_config
from tui_app.errors import RoledeckError
from tui_app.sessions.broker import Wanted
from tui_app.sessions.cli_cache import WINDOW, file_name

STAGING = "arn:aws:iam::555566667777:role/ReadOnly"
READ_ONLY = "staging-readonly"
ADMIN = "arn:aws:iam::111122223333:role/AdminRole"
SERIAL = "arn:aws:iam::444455556666:mfa/DevUser"
WITH_CODE = f"[profile admin]\nrole_arn = {ADMIN}\nsource_profile = dev\nmfa_serial = {SERIAL}\n"
SHARE = "\n[storage]\nshare_with_aws_cli = true\n"


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ("role_arn = arn:aws:iam::123456789012:role/Dev", "2bb38c5db97ed7ea85d819b0a043df7bd7b4363a"),
        (
            """role_arn = arn:aws:iam::123456789012:role/Dev
duration_seconds = 1800
external_id = ext-1
role_session_name = alice
mfa_serial = arn:aws:iam::123456789012:mfa/alice
region = eu-west-1""",
            "c199c4eeddf0fd65dc3a790198631561d3afd53c",
        ),
    ],
)
def test_files_are_named_as_the_cli_names_them(settings, name):
    shared = parse_shared_config(f"[profile x]\n{settings}\nsource_profile = dev\n", "")

    assert file_name(shared.profiles["x"]) == name + ".json"


class Entry:
    """An entry of the CLI's cache, made of a session that the embedded AWS gave."""

    def __init__(self, world: Any) -> None:
        self.world = world
        self.folder = Path(paths.cli_cache_folder(world.environ))

    def write(self, arn: str = STAGING, profile: str = READ_ONLY, *, left: float = 3600, spelling: str = "%Y-%m-%dT%H:%M:%SZ",
              key: Any = "dev", mode: int = 0o600, **changes: Any) -> Path:  # fmt: skip
        code = {"SerialNumber": SERIAL, "TokenCode": self.world.aws.code()} if arn == ADMIN else {}
        answer = self.world.aws.client("sts", key).assume_role(RoleArn=arn, RoleSessionName="botocore-session-1", **code)
        given = answer["Credentials"] | {"Expiration": time.strftime(spelling, time.gmtime(self.world.clock() + left)), "AccountId": "1"}
        values = {"Credentials": given | changes, "AssumedRoleUser": answer["AssumedRoleUser"]}
        self.world.calls()
        return self.place(json.dumps(values).encode(), profile, mode)

    def place(self, data: bytes, profile: str = READ_ONLY, mode: int = 0o600) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.folder / file_name(self.world.broker.catalog.shared.profiles[profile])
        file.write_bytes(data)
        file.chmod(mode)
        return file


@pytest.fixture
def entry(world):
    return Entry(world)


def is_taken(world, key: str = READ_ONLY, wanted: Wanted | None = None) -> bool:
    session = world.obtain(key, wanted)
    asked = "AssumeRole" in world.calls()
    assert session.identity.arn.endswith("botocore-session-1") != asked
    return not asked


@pytest.mark.parametrize("spelling", ["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%SUTC", "%Y-%m-%dT%H:%M:%S+00:00"])
def test_a_live_session_of_the_role_is_taken_verified_and_kept(world, entry, spelling):
    entry.write(spelling=spelling)
    role = world.role(READ_ONLY)
    assert world.broker.plan(role).hops[-1].cached_until

    session = world.obtain(READ_ONLY)

    assert world.calls() == ["GetCallerIdentity"]
    assert (session.from_cache, session.identity.verified > 0, session.renews) == (True, True, "itself")
    assert world.broker.peek(role) is not None
    assert world.obtain(READ_ONLY).credentials == session.credentials
    assert world.calls() == []


def test_one_that_took_a_code_spares_a_code(world, entry):
    world.shared(WITH_CODE)
    entry.write(ADMIN, "admin")
    assert not world.broker.plan(world.role("admin")).hops[0].asks_for_code

    session = world.obtain("admin")

    assert world.person.asked == []
    assert (session.renews, session.source_of_code) == ("asks", "code")


def test_a_role_of_our_own_config_is_found_under_the_profile_that_is_the_same_role(world, entry):
    world.shared(WITH_CODE)
    entry.write(ADMIN, "admin")

    world.obtain("production/AdminRole")

    assert world.person.asked == []


def test_a_new_one_or_one_of_a_certain_duration_is_not_looked_for(world, entry):
    entry.write()

    assert not is_taken(world, wanted=Wanted(fresh=True))
    world.broker.forget_all()
    assert not is_taken(world, wanted=Wanted(duration=1800))


@pytest.mark.parametrize(
    "changes",
    [
        {"left": WINDOW - 5},
        {"left": -60},
        {"mode": 0o644},
        {"Expiration": "soon"},
        {"Expiration": 5},
        {"Expiration": None},
        {"SecretAccessKey": ""},
        {"SecretAccessKey": "another"},
        {"SessionToken": "a\nb"},
        {"SessionToken": None},
    ],
)
def test_what_is_nearly_over_readable_by_others_or_odd_is_not_taken(world, entry, changes):
    entry.write(**changes)

    assert not is_taken(world)


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b"null", b"{}", b'{"Credentials": 1}', b'{"Credentials": {}}', b"[" * 9999, b"9" * 9999, b"{}{}", b"\xff" * 99],
)
def test_junk_is_as_if_it_were_not_there(world, entry, data):
    file = entry.place(data)

    assert not is_taken(world)
    assert file.read_bytes() == data


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_what_is_no_file_is_as_if_it_were_not_there(world, entry, kind, tmp_path):
    file = entry.write()
    file.rename(tmp_path / "moved")
    {"link": lambda: file.symlink_to(tmp_path / "moved"), "pipe": lambda: os.mkfifo(file, 0o600), "folder": file.mkdir}[kind]()

    assert not is_taken(world)


def test_a_session_of_another_role_is_not_taken(world, entry):
    entry.write("arn:aws:iam::444455556666:role/service-role/lambda-exec")

    assert not is_taken(world)


def test_a_revoked_one_is_not_taken(world, entry):
    entry.write(AccessKeyId="ASIAAAAAAAAAAAAAAAAA")

    assert not is_taken(world)


def test_where_two_callers_would_share_a_file_neither_is_believed(world, entry):
    world.shared(f"[profile also]\nrole_arn = {STAGING}\nsource_profile = contractor\n")
    entry.write()

    assert not is_taken(world)


def test_one_from_before_the_files_were_changed_may_be_somebody_elses(world, entry):
    file = entry.write()
    os.utime(file, (1, 1))
    assert not is_taken(world)
    world.broker.forget_all()

    world.shared(WITH_CODE)
    os.utime(entry.write(ADMIN, "admin"), (1, 1))
    world.obtain("admin")
    assert world.person.asked == [], "but a device is one user's alone"


def test_a_role_that_asks_for_what_the_cli_does_not_send_gets_its_own(world, entry):
    world.shared(f"[profile named]\nrole_arn = {STAGING}\nsource_profile = dev\nsource_identity = me\n")
    entry.write(profile="named")

    # whether AWS takes it is another matter
    with contextlib.suppress(RoledeckError):
        world.obtain("named")

    assert "AssumeRole" in world.calls()


def cli_files(world) -> list[str]:
    folder = paths.cli_cache_folder(world.environ)
    return os.listdir(folder) if os.path.isdir(folder) else []


def test_nothing_is_written_unless_asked(world):
    world.obtain(READ_ONLY)

    assert cli_files(world) == []


def test_if_asked_the_session_lies_where_the_cli_looks_for_it(world):
    world.shared(WITH_CODE)
    world.reload(SHARE)

    session = world.obtain("admin")

    (name,) = cli_files(world)
    file = Path(paths.cli_cache_folder(world.environ), name)
    kept = json.loads(file.read_bytes())
    assert name == file_name(world.broker.catalog.shared.profiles["admin"])
    assert kept["Credentials"]["AccessKeyId"] == session.credentials.key.id
    assert kept["Credentials"]["Expiration"].endswith("Z")
    assert kept["AssumedRoleUser"]["Arn"] == session.identity.arn
    assert file.stat().st_mode & 0o777 == 0o600
    world.broker.forget("admin")
    assert cli_files(world) == []


def test_a_session_that_two_callers_would_share_is_not_written(world):
    world.shared(f"[profile also]\nrole_arn = {STAGING}\nsource_profile = contractor\n")
    world.reload(SHARE)

    world.obtain(READ_ONLY)

    assert cli_files(world) == []


def test_the_clis_own_longer_one_stays(world, entry):
    file = entry.write(left=7200)
    before = file.read_bytes()
    world.reload(SHARE)

    world.obtain(READ_ONLY, Wanted(fresh=True))

    assert file.read_bytes() == before


def test_what_must_not_lie_on_disk_is_not_shared(world):
    world.reload(SHARE.replace("share_with", 'sessions = "memory"\nshare_with'))

    world.obtain(READ_ONLY)
    world.obtain(READ_ONLY)

    assert cli_files(world) == []
    assert len(world.broker.warnings) == 1
    assert "plain file" in world.broker.warnings[0]


def test_a_cache_of_the_cli_that_cannot_be_written_is_told_and_the_session_is_there(world):
    Path(world.environ["HOME"], ".aws").write_text("in the way")
    world.reload(SHARE)

    assert world.obtain(READ_ONLY)
    assert ["AWS CLI's cache cannot be written" in told for told in world.broker.warnings] == [True]


def aws_cli(environ: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["aws", *words, "--output", "text"], env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          check=False, timeout=60, start_new_session=True)  # fmt: skip


@pytest.mark.program("aws")
def test_one_code_serves_roledeck_and_the_aws_cli(world):
    world.shared(WITH_CODE)
    world.reload(SHARE)
    session = world.obtain("admin")
    world.calls()

    done = aws_cli(world.environ, "sts", "get-caller-identity", "--profile", "admin", "--query", "Arn")

    assert done.stdout.strip() == session.identity.arn, done.stderr
    assert world.calls() == ["GetCallerIdentity"]


@pytest.mark.program("aws")
def test_what_the_aws_cli_has_kept_is_taken(world):
    done = aws_cli(world.environ, "sts", "get-caller-identity", "--profile", READ_ONLY, "--query", "Arn")
    assert done.returncode == 0, done.stderr
    world.calls()

    assert world.obtain(READ_ONLY).identity.arn == done.stdout.strip()
    assert world.calls() == ["GetCallerIdentity"]
