"""A code from the user's own program: with consent, before a person is asked, and never twice the same."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tui_app.errors import Cancelled, NeedsPerson, Refused
from tui_app.sessions.broker import Wanted
from tui_app.sessions.sources import programs

ADMIN = "production/AdminRole"


@pytest.fixture
def command(world):
    """Set the mfa_command of the defaults."""

    def write(*argv: str) -> None:
        config = Path(world.environ["ROLEDECK_CONFIG"])
        before = config.read_text()
        assert "[defaults]\n" in before
        config.write_text(before.replace("[defaults]\n", f"[defaults]\nmfa_command = {json.dumps(argv)}\n", 1))
        world.reload()

    return write


def test_a_code_of_the_program_goes_to_aws_and_nobody_is_asked(world, command):
    code = world.aws.code()
    grouped = f"{code[:3]} {code[3:]}"
    command(sys.executable, "-c", f"import os;print(os.environ['ROLEDECK_MFA_SERIAL'].endswith('mfa/DevUser') and '{grouped}')")

    session = world.obtain(ADMIN)

    assert session.source_of_code == "mfa_session"
    assert world.person.asked == []
    assert [asked.setting for asked in world.programs] == ["mfa_command"]


def test_a_code_in_the_environment_goes_first(world, command):
    command("false")
    world.environ["ROLEDECK_MFA_CODE"] = "set"

    world.obtain(ADMIN)

    assert len(world.person.asked) == 1
    assert world.programs == []


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (["sh", "-c", "echo no phone >&2; exit 3"], "The program of mfa_command failed with 3: sh. It said: no phone."),
        (["echo", "no code"], "mfa_command did not print six digits."),
        (["no-such-program"], "The program of mfa_command cannot be run: no-such-program."),
    ],
)
def test_what_is_wrong_with_it_is_told_to_the_person(world, command, argv, told):
    command(*argv)

    world.obtain(ADMIN)

    (request,) = world.person.asked
    assert request.remark == told
    assert request.refusal == ""


def test_one_that_hangs_is_left(world, command, monkeypatch):
    monkeypatch.setattr(programs, "COMMAND_LIMIT", 0.3)
    command("sleep", "60")

    world.obtain(ADMIN)

    assert "took longer than" in world.person.asked[0].remark


def test_wrong_codes_of_the_program_end_with_the_person(world, command, monkeypatch):
    from tui_app.sessions import mfa_command

    monkeypatch.setattr(mfa_command.CodeProgram, "_wait", lambda _self, _moment: None)
    command("echo", "000000")
    world.person.answers = [NeedsPerson("nobody")]

    with pytest.raises((Refused, NeedsPerson)):
        world.obtain(ADMIN)

    assert world.calls() == ["GetSessionToken"], "a code that was used is not sent again"
    assert len(world.person.asked) == 1


def test_without_consent_it_is_not_run_and_nothing_is_sent(world, command, tmp_path):
    command("touch", str(tmp_path / "ran"))
    world.agrees = False
    with pytest.raises(Cancelled):
        world.obtain(ADMIN)
    assert not (tmp_path / "ran").exists()
    assert world.calls() == []


def test_a_role_without_a_device_runs_no_program(world, command):
    command("false")
    world.obtain("staging-readonly", Wanted(fresh=True))
    assert world.programs == []


def test_the_mfa_process_of_a_profile_is_one(world, tmp_path):
    code = world.aws.code()
    script = tmp_path / "code"
    script.write_text(f"#!/bin/sh\necho {code}\n")
    script.chmod(0o700)
    world.shared(
        "[profile vault]\nrole_arn = arn:aws:iam::111122223333:role/AdminRole\nsource_profile = dev\nregion = eu-west-1\n"
        f"mfa_serial = arn:aws:iam::444455556666:mfa/DevUser\nmfa_process = {script}\n"
    )

    assert world.obtain("vault").source_of_code == "mfa_session"

    (asked,) = world.programs
    assert (asked.setting, asked.owner, asked.argv) == ("mfa_process", "vault", (str(script),))
    assert asked.origin == world.role("vault").origins["mfa_process"]
