"""Codes and confirmations on the terminal: never echoed, and the terminal whole whatever ends the question."""

from __future__ import annotations

import json
import os
import signal
import sys
import termios

import pytest

ADMIN = "production/AdminRole"
ASK = f"{ADMIN.rpartition('/')[2]} in production wants an MFA code"
PROMPT = "Code (six digits, not shown): "


@pytest.fixture
def roledeck(on_terminal, environ):
    """Start `roledeck WORDS` on a terminal against the embedded AWS."""

    def start(*words, **variables):
        return on_terminal([sys.executable, "-m", "tui_app", *words], **{**environ, **variables})

    return start


def modes(program):
    return termios.tcgetattr(program.fd)[3]


def test_a_code_is_asked_not_echoed_and_used(roledeck, aws):
    program = roledeck("exec", ADMIN, "--", "sh", "-c", "echo I am $AWS_ACCESS_KEY_ID")
    program.expect(ASK)
    program.expect("Device arn:aws:iam::444455556666:mfa/DevUser")
    program.expect(PROMPT)
    assert not modes(program) & termios.ECHO
    program.type(aws.code() + "\n")
    program.expect("I am ASIA")
    assert program.exit_code() == 0
    assert modes(program) & termios.ECHO


def test_the_code_is_never_on_the_screen(roledeck, aws):
    program = roledeck("exec", ADMIN, "--", "echo", "done")
    program.expect(PROMPT)
    code = aws.code()
    program.type(code + "\n")
    assert code not in program.expect("done\r")


def test_what_is_no_code_is_asked_again_without_a_call(roledeck, aws):
    before = len(aws.calls("sts:AssumeRole")) + len(aws.calls("sts:GetSessionToken"))
    program = roledeck("exec", ADMIN, "--", "echo", "done")
    for typed in ("12345\n", "abcdef\n", "\n"):
        program.expect(PROMPT)
        program.type(typed)
        program.expect("A code has six digits.")
    assert len(aws.calls("sts:AssumeRole")) + len(aws.calls("sts:GetSessionToken")) == before
    program.expect(PROMPT)
    code = aws.code()
    program.type(f"{code[:3]} {code[3:]}\n")
    program.expect("done")


def test_a_refused_code_is_told_and_asked_again_at_once(roledeck):
    program = roledeck("exec", ADMIN, "--", "echo", "done")
    program.expect(PROMPT)
    program.type("000000\n")
    program.expect("MultiFactorAuthentication failed with invalid MFA one time pass code.")
    assert "used up" not in program.expect(PROMPT)
    assert not modes(program) & termios.ECHO
    program.type("\x03")
    assert program.exit_code() == 130
    assert modes(program) & termios.ECHO


def test_after_a_refused_code_of_the_environment_the_terminal_is_asked(roledeck):
    program = roledeck("exec", ADMIN, "--", "echo", "done", ROLEDECK_MFA_CODE="000000")
    program.expect("MultiFactorAuthentication failed with invalid MFA one time pass code.")
    program.type("\x03")
    assert program.exit_code() == 130


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGQUIT, 131), (signal.SIGINT, 130)])
def test_a_signal_at_the_question_leaves_the_terminal_whole(roledeck, number, code):
    program = roledeck("env", ADMIN, "--show")
    before = modes(program)
    program.expect(PROMPT)
    program.signal(number)
    assert program.exit_code() == code
    assert modes(program) == before
    assert "Traceback" not in program.seen


def test_ctrl_c_at_the_question_is_130(roledeck):
    program = roledeck("env", ADMIN, "--show")
    program.expect(PROMPT)
    program.type("\x03")
    assert program.exit_code() == 130
    assert modes(program) & termios.ECHO


def test_ctrl_d_at_the_question_cancels(roledeck):
    program = roledeck("env", ADMIN, "--show")
    program.expect(PROMPT)
    program.type("\x04")
    program.expect("Cancelled.")
    assert program.exit_code() == 130


def test_ctrl_z_at_the_question_shows_what_is_typed_until_fg(on_terminal, environ, aws):
    program = on_terminal(["bash", "--norc", "--noprofile", "-i"], **{**environ, "PS1": "% "})
    program.expect("% ")
    program.type(f"{sys.executable} -m tui_app exec {ADMIN} -- echo do''ne\n")
    program.expect(PROMPT)
    program.type("\x1a")
    program.expect("Stopped")
    program.expect("% ")
    program.type("echo visi''ble\n")
    program.expect("visi''ble")
    program.expect("visible")
    program.type("fg\n")
    program.expect(PROMPT)
    assert not modes(program) & termios.ECHO
    program.type(aws.code() + "\n")
    program.expect("done")


def test_a_stdin_that_is_taken_does_not_matter(on_terminal, environ, aws):
    program = on_terminal(["sh", "-c", f"echo from stdin | {sys.executable} -m tui_app exec {ADMIN} -- cat"], **environ)
    program.expect(PROMPT)
    program.type(aws.code() + "\n")
    program.expect("from stdin")


def test_a_confirmation_wants_a_yes(roledeck, environ):
    with open(environ["ROLEDECK_CONFIG"], "a", encoding="utf-8") as file:
        file.write("\n[environment.prod]\nconfirm = true\n")
    for typed, code in (("y\n", 0), ("\n", 130), ("no\n", 130), ("\x04", 130)):
        program = roledeck("exec", "production/CrossAccountDeveloperRole", "--", "true")
        program.expect("Hand credentials of production/cross-account/CrossAccountDeveloperRole over? [y/N] ")
        program.type(typed)
        assert program.exit_code() == code


def test_secrets_are_not_shown_on_a_terminal_unless_asked(roledeck):
    program = roledeck("env", "production/CrossAccountDeveloperRole")
    program.expect("This would show the secrets on the terminal.")
    assert program.exit_code() == 2
    program = roledeck("env", "production/CrossAccountDeveloperRole", "--show")
    program.expect("export AWS_ACCESS_KEY_ID=ASIA")
    assert program.exit_code() == 0


def test_a_beginning_will_do_where_a_person_types(roledeck):
    program = roledeck("link", "production/Cross")
    program.expect("roleName=cross-account/CrossAccountDeveloperRole")
    assert program.exit_code() == 0


@pytest.mark.parametrize("kind", ["dumb", ""])
def test_a_terminal_that_cannot_place_text_is_told(roledeck, kind):
    program = roledeck(TERM=kind)
    program.expect("The screen needs a terminal that can place text, and TERM is")
    assert program.exit_code() == 3
    assert "\x1b" not in program.seen


class _Request:
    """What a CodeRequest says, as far as the command line looks."""

    serial, why, refusal, remark, covers, duration, not_before = "arn:aws:iam::444455556666:mfa/Dev", "", "", "", 1, 3600, 0.0

    def __init__(self, **facts):
        from tui_app.model import Account, Role

        self.role = Role("a/B", "arn:aws:iam::111122223333:role/B", Account("111122223333", "a"), "B")
        self.__dict__.update(facts)


WAIT = """
import json, os, time
from types import SimpleNamespace as Facts
from tui_app.cli.codes import Codes
role = Facts(key="a/B", short_name="B", account=Facts(label="a"))
request = Facts(serial="device", role=role, why="", refusal="", remark="", covers=3, duration=3600, not_before=time.time() + 2.5)
code = Codes(os.environ).ask(request)
print("got", len(code.reveal()), time.time() >= request.not_before)
"""


def test_a_used_up_code_is_waited_out_and_early_typing_dropped(on_terminal):
    program = on_terminal([sys.executable, "-c", WAIT])
    program.expect("B in a wants an MFA code (one code for 3 roles).")
    program.expect("The code before is used up; the next one starts in 3s")
    program.type("111111\n")
    program.expect("2s")
    program.expect("1s")
    program.expect(PROMPT)
    program.type("222222\n")
    program.expect("got 6 True")


def test_without_a_terminal_what_was_wrong_with_the_program_is_told(monkeypatch):
    from tui_app.cli import terminal
    from tui_app.cli.codes import Codes
    from tui_app.errors import NeedsPerson

    monkeypatch.setattr(os, "open", _no_terminal(os.open))
    with pytest.raises(NeedsPerson, match=r"^mfa_command did not print six digits\. a/B wants a code"):
        Codes(dict(os.environ)).ask(_Request(remark="mfa_command did not print six digits."))
    assert terminal.ask("?") is None


@pytest.fixture
def with_program(environ, aws, tmp_path):
    """An environment whose profile `x` starts from a program; the program's path."""
    key_id, secret = aws.key("dev")
    program = tmp_path / "print keys"
    answer = json.dumps({"Version": 1, "AccessKeyId": key_id, "SecretAccessKey": secret})
    program.write_text(f"#!/bin/sh\necho '{answer}'\n")
    program.chmod(0o700)
    with open(environ["AWS_CONFIG_FILE"], "a", encoding="utf-8") as file:
        file.write(
            f'\n[profile p]\ncredential_process = "{program}" --now\n'
            "[profile x]\nrole_arn = arn:aws:iam::555566667777:role/ReadOnly\nsource_profile = p\nregion = eu-west-1\n"
        )
    return program


def test_a_program_is_shown_and_agreed_to_once(roledeck, with_program):
    program = roledeck("assume", "x")
    program.expect("The credential_process of p (")
    program.expect(f"wants to run a program:\r\n  '{with_program}' --now\r\n")
    program.expect("Run it now, and from now on without asking? [y/N] ")
    program.type("y\n")
    program.expect("(no code was needed)")
    assert program.exit_code() == 0
    program = roledeck("assume", "x", "--fresh")
    program.expect("(no code was needed)")
    assert program.exit_code() == 0


@pytest.mark.parametrize("answer", ["n\n", "\n", "\x04"])
def test_a_program_that_is_not_agreed_to_is_not_run(roledeck, with_program, aws, answer):
    before = len(aws.calls("sts:AssumeRole"))
    program = roledeck("assume", "x")
    program.expect("[y/N] ")
    program.type(answer)
    assert program.exit_code() == 130
    assert len(aws.calls("sts:AssumeRole")) == before


def _no_terminal(real):
    def opening(path, *arguments, **named):
        if path == "/dev/tty":
            raise OSError(6, "No such device or address")
        return real(path, *arguments, **named)

    return opening


def test_the_environments_code_is_used_once(monkeypatch):
    from tui_app.cli.codes import Codes
    from tui_app.errors import Refused

    monkeypatch.setattr(os, "open", _no_terminal(os.open))
    monkeypatch.setenv("ROLEDECK_MFA_CODE", "123456")
    codes = Codes(dict(os.environ))
    assert codes.ask(_Request()).reveal() == "123456"
    assert "ROLEDECK_MFA_CODE" not in os.environ
    with pytest.raises(Refused, match="was not right"):
        codes.ask(_Request(refusal="The code was not right."))


def test_json_is_safe_on_any_terminal(capsys):
    from tui_app.cli.context import Context

    Context({}).json({"name": "\x1b[2J\u202e é"})
    shown = capsys.readouterr().out
    assert shown.isascii()
    assert "\x1b" not in shown
    assert json.loads(shown) == {"name": "\x1b[2J\u202e é"}
