"""Programs that the files name: agreed to once, run without a shell, with limits, and what they print is checked."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tui_app import paths
from tui_app.clock import rfc3339
from tui_app.errors import Cancelled, ConfigUnusable, NeedsPerson, RoledeckError
from tui_app.sessions.broker import Wanted
from tui_app.sessions.sources import programs
from tui_app.sessions.sources.programs import last_line

DEVELOPER = "production/cross-account/CrossAccountDeveloperRole"
ROLE = "[profile x]\nrole_arn = arn:aws:iam::555566667777:role/ReadOnly\nsource_profile = p\nregion = eu-west-1\n"


@pytest.fixture
def process(world, tmp_path):
    """Write a credential_process that runs a script of sh, and reload; the script's path."""

    def write(script: str, words: str = "") -> Path:
        file = tmp_path / "print keys"
        file.write_text("#!/bin/sh\n" + script)
        file.chmod(0o700)
        Path(world.environ["AWS_CONFIG_FILE"]).write_text(f'[profile p]\ncredential_process = "{file}" {words}\n{ROLE}')
        world.reload()
        return file

    return write


def answer(world, **more) -> str:
    key_id, secret = world.aws.key("dev")
    return json.dumps({"Version": 1, "AccessKeyId": key_id, "SecretAccessKey": secret, **more})


def echo(text: str) -> str:
    return f"echo {shlex.quote(text)}\n"


def test_a_credential_process_is_run_without_a_shell_and_without_its_neighbours(world, process, tmp_path):
    process(echo(answer(world)), f"; touch {tmp_path}/pwned")

    assert world.obtain("x").identity.account == "555566667777"
    assert not (tmp_path / "pwned").exists()
    Path(world.environ["AWS_CONFIG_FILE"]).chmod(0o666)
    with pytest.raises(ConfigUnusable, match="written by others"):
        world.obtain("x", Wanted(fresh=True))


def test_a_credential_process_is_told_for_whom_it_runs(world, process, tmp_path):
    process(f'echo "$_ROLEDECK_PROCESS_CHAIN" > {tmp_path}/told\n' + echo(answer(world)))
    world.environ["_ROLEDECK_PROCESS_CHAIN"] = "outer"
    world.reload()

    world.obtain("x")

    assert (tmp_path / "told").read_text() == "outer\nx\n", "so that a command that leads back here is seen at once"


def test_a_program_is_agreed_to_once_and_not_before_it_is_needed(world, process, tmp_path):
    file = process(f"echo ran >> {tmp_path}/runs\n" + echo(answer(world)), "--for me")

    world.broker.plan(world.role("x"))
    world.broker.peek(world.role("x"))
    world.broker.known()
    assert not (tmp_path / "runs").exists()
    assert world.programs == []

    world.obtain("x")
    world.reload()
    world.obtain("x", Wanted(fresh=True))
    (asked,) = world.programs
    assert asked.argv == (str(file), "--for", "me")
    assert asked.shown == f"'{file}' --for me"
    assert (asked.setting, asked.owner) == ("credential_process", "p")
    assert str(asked.origin) == f"{world.environ['AWS_CONFIG_FILE']}:2"
    (kept,) = Path(paths.state_folder(world.environ), "consents").glob("[0-9a-f]*")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert str(file) not in kept.read_text()


def test_another_argv_and_another_file_are_asked_about_again(world, process, tmp_path):
    process(echo(answer(world)))
    world.obtain("x")
    process(echo(answer(world)), "--other")
    world.obtain("x", Wanted(fresh=True))
    config = Path(world.environ["AWS_CONFIG_FILE"])
    config.write_text("# a line more\n" + config.read_text())
    world.reload()
    world.obtain("x", Wanted(fresh=True))
    assert len(world.programs) == 2, "a line that has moved is not another program"
    elsewhere = tmp_path / "config elsewhere"
    elsewhere.write_text(config.read_text())
    world.environ["AWS_CONFIG_FILE"] = str(elsewhere)
    world.reload()
    world.obtain("x", Wanted(fresh=True))
    assert len(world.programs) == 3


def test_what_is_not_agreed_to_is_not_run_and_asked_about_again(world, process, tmp_path):
    process(f"touch {tmp_path}/ran\n" + echo(answer(world)))
    world.agrees = False
    for _ in range(2):
        with pytest.raises(Cancelled, match="was not run"):
            world.obtain("x")
    assert len(world.programs) == 2
    assert not (tmp_path / "ran").exists()
    assert world.calls() == []


def test_where_nobody_can_be_asked_the_program_and_its_place_are_told(world, process):
    process(echo(answer(world)), "--flag \u202e\x1b]52;c;x")
    with pytest.raises(NeedsPerson) as caught:
        world.broker.obtain(world.role("x"), Wanted(), world.person)

    sentence = caught.value.sentence()
    assert re.search(r"credential_process of p \(.*config:2\) wants to run .*print keys' --flag", sentence)
    assert "\x1b" not in sentence
    assert "\u202e" not in sentence
    assert "--yes" in sentence


def test_threads_that_want_one_program_ask_once(world, process):
    process(echo(answer(world)))
    slow, found = threading.Event(), []

    def consent(program):
        slow.wait(0.2)
        return world.consent(program)

    def want():
        found.append(world.broker.obtain(world.role("x"), Wanted(fresh=True), world.person, ask_consent=consent))

    threads = [threading.Thread(target=want) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(world.programs) == 1


BAD = "did not print credentials"


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        ("true\n", BAD),
        ("echo '<html>sign in</html>'\n", BAD),
        ("echo '{\"Version\": 2}'\n", BAD),
        ('echo \'{"Version": true, "AccessKeyId": "a", "SecretAccessKey": "b"}\'\n', BAD),
        ('echo \'{"Version": 1, "AccessKeyId": 5, "SecretAccessKey": "b"}\'\n', BAD),
        ('echo \'{"Version": 1, "AccessKeyId": "a\\\\nb", "SecretAccessKey": "b"}\'\n', BAD),
        ('echo \'{"Version": 1, "AccessKeyId": "a", "SecretAccessKey": "b", "SessionToken": []}\'\n', BAD),
        ('echo \'{"Version": 1, "AccessKeyId": "a", "SecretAccessKey": "b", "SessionToken": {"a": 1}}\'\n', BAD),
        ("echo '[1]'\n", BAD),
        ("head -c 5000 /dev/zero | tr '\\0' '['\n", BAD),
        ("exec yes\n", "printed too much"),
        ("exit 3\n", "failed with 3"),
        ("kill -9 $$\n", "failed with -9"),
    ],
)
def test_what_is_no_answer_is_told_in_one_sentence(world, process, script, sentence):
    process(script)
    with pytest.raises(RoledeckError, match=sentence):
        world.obtain("x")
    assert world.calls() == []


@pytest.mark.parametrize("text", ['"not a date"', "5", '""', '"9999999-01-01"'])
def test_an_expiry_that_is_none_is_told(world, process, text):
    process(echo(answer(world).removesuffix("}") + f', "Expiration": {text}}}'))
    with pytest.raises(RoledeckError, match="expiry that is not a moment"):
        world.obtain("x")


def test_expired_credentials_of_a_program_are_refused(world, process):
    process(echo(answer(world, Expiration=rfc3339(time.time() - 5))))
    with pytest.raises(RoledeckError, match="printed expired at"):
        world.obtain("x")


def test_temporary_credentials_of_a_program_are_used_while_they_last_and_never_kept_on_disk(world, process, tmp_path, files_of):
    token = world.aws.client("sts").get_session_token()["Credentials"]
    printed = {"Version": 1, "AccessKeyId": token["AccessKeyId"], "SecretAccessKey": token["SecretAccessKey"]}
    printed |= {"SessionToken": token["SessionToken"], "Expiration": rfc3339(time.time() + 900)}
    process(f"echo ran >> {tmp_path}/runs\n" + echo(json.dumps(printed)))

    world.obtain("x")
    world.obtain("x", Wanted(fresh=True))
    assert (tmp_path / "runs").read_text() == "ran\n"
    world.clock.offset = 700
    world.obtain("x", Wanted(fresh=True))
    assert (tmp_path / "runs").read_text() == "ran\nran\n"
    top = os.path.dirname(paths.sessions_folder(world.environ))
    assert not any(
        token["SecretAccessKey"] in Path(file).read_text() for file in (*files_of(top), *files_of(paths.state_folder(world.environ)))
    )


def test_a_program_that_hangs_is_ended_with_its_children(world, process, tmp_path, monkeypatch, wait_for):
    monkeypatch.setattr(programs, "COMMAND_LIMIT", 0.5)
    process(f"sleep 300 & echo $! > {tmp_path}/child; wait\n")
    with pytest.raises(RoledeckError, match="took longer than"):
        world.obtain("x")
    child = int((tmp_path / "child").read_text())
    wait_for(lambda: not Path(f"/proc/{child}/stat").exists() or " Z " in Path(f"/proc/{child}/stat").read_text())


def test_cancelling_ends_a_program(world, process, tmp_path):
    process(f"touch {tmp_path}/ran; exec sleep 300\n")
    with pytest.raises(Cancelled):
        world.obtain("x", cancelled=(tmp_path / "ran").exists)
    assert world.calls() == []


def test_its_last_words_are_told_without_its_secrets(world, process):
    key_id, secret = world.aws.key("dev")
    process(f"echo first >&2; printf 'no such item \\033[31m {key_id} secret={secret} code 123456\\n' >&2; exit 1\n")
    with pytest.raises(RoledeckError) as caught:
        world.obtain("x")
    sentence = caught.value.sentence()
    assert "It said: no such item" in sentence
    assert not [word for word in (key_id, secret, "123456", "\x1b", "first") if word in sentence]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (b"", ""),
        (b"\n \n", ""),
        (b"first\nlast\n\n", "last"),
        (b"cannot open /home/me/some/long/path/to-a-file", "cannot open /home/me/some/long/path/to-a-file"),
        (b"\xff\xfe", "\ufffd\ufffd"),
        (b"password: hunter2", "••••"),
        (b"got eyJhbGciOiJSUzI1NiJ9xYz01 back", "got •••• back"),
    ],
)
def test_the_last_line(said, told):
    assert last_line(said) == told


def test_a_last_line_is_short():
    assert len(last_line(b"x " * 500)) == 160


@pytest.mark.parametrize("text", ["", '"unclosed'])
def test_a_program_that_is_none(world, text):
    Path(world.environ["AWS_CONFIG_FILE"]).write_text(f"[profile p]\ncredential_process = {text}\n{ROLE}")
    world.reload()
    with pytest.raises(RoledeckError, match="names no program"):
        world.obtain("x")
    assert world.programs == []


def test_an_external_id_command_is_agreed_to_run_and_its_failure_told(world):
    config = Path(world.environ["ROLEDECK_CONFIG"])
    text = config.read_text()
    config.write_text(text.replace('external_id = "UniqueExternalId12345"', 'external_id_command = ["printf", "UniqueExternalId12345"]'))
    world.reload()
    assert world.obtain(DEVELOPER).hops == 1
    assert [(asked.setting, asked.owner) for asked in world.programs] == [("external_id_command", DEVELOPER)]

    config.write_text(text.replace('external_id = "UniqueExternalId12345"', 'external_id_command = ["false"]'))
    world.reload()
    with pytest.raises(RoledeckError, match="external_id_command failed with 1"):
        world.obtain(DEVELOPER, Wanted(fresh=True))


def roledeck(world, *words):
    return subprocess.run(
        [sys.executable, "-m", "tui_app", *words],
        env=world.environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


def test_the_command_line_needs_a_person_or_a_yes_once(world, process):
    process(echo(answer(world)))
    refused = roledeck(world, "assume", "x")
    assert (refused.returncode, refused.stdout) == (3, "")
    assert "wants to run" in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert roledeck(world, "assume", "x", "--yes").returncode == 0
    assert roledeck(world, "assume", "x", "--fresh").returncode == 0
    assert roledeck(world, "whoami", "p", "--json").returncode == 0
