"""`roledeck add`: a role from options or from questions, checked at once, written beside what was added before."""

from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path

import pytest

from tui_app.catalog.load import load_catalog
from tui_app.cli.main import dispatch

EXTERNAL_ID = "UniqueExternalId12345"
ROLE = ("--account", "222233339999", "--name", "extra", "--role", "path/Reader", "--via", "dev")


@pytest.fixture
def added(environ):
    return Path(environ["ROLEDECK_CONFIG"]).parent / "config.d" / "added.toml"


def add(environ, *words) -> int:
    return dispatch(["add", *words], environ)


def test_a_role_is_written_and_is_a_role_from_then_on(environ, added, capsys):
    more = ("--external-id", EXTERNAL_ID, "--duration", "4h", "--region", "eu-west-1", "--region", "us-east-1", "--tag", "team=pay roll")
    assert add(environ, *ROLE, *more, "--environment", "prod", "--description", "for tests", "--yes") == 0
    answer = capsys.readouterr()
    assert answer.out == f"Added extra/path/Reader at {added}:8.\n"
    assert "roledeck chain extra/path/Reader" in answer.err
    assert stat.S_IMODE(added.stat().st_mode) == 0o600
    role = load_catalog(environ).role("extra/path/Reader")
    assert role is not None
    assert (role.arn, role.via, role.request.duration, role.regions) == (
        "arn:aws:iam::222233339999:role/path/Reader",
        "dev",
        14400,
        ("eu-west-1", "us-east-1"),
    )
    assert (role.request.external_id.reveal(), role.request.tags) == (EXTERNAL_ID, (("team", "pay roll"),))
    assert EXTERNAL_ID not in answer.out + answer.err


def test_the_role_may_be_said_without_an_option(environ, added, capsys):
    arn = "arn:aws:iam::222233339999:role/path/Reader"
    assert add(environ, arn, "--via", "dev", "--yes") == 0
    assert load_catalog(environ).role("222233339999/path/Reader").arn == arn
    assert add(environ, arn, "--role", arn, "--via", "dev", "--yes") == 2
    assert "The role is said twice." in capsys.readouterr().err


def test_what_was_added_before_stays(environ, added):
    assert add(environ, *ROLE, "--yes") == 0
    assert add(environ, "--role", "arn:aws:iam::222233339999:role/Second", "--via", "extra/path/Reader", "--yes") == 0
    assert add(environ, "--account", "extra", "--role", "Third", "--via", "dev", "--environment", "dev", "--yes") == 0
    assert add(environ, "--role", "arn:aws-us-gov:iam::333322221111:role/Gov", "--via", "dev", "--yes") == 0
    catalog = load_catalog(environ)
    assert catalog.problems == ()
    assert [role.key for role in catalog.roles if str(added) in str(role.origin)] == [
        "extra/path/Reader",
        "extra/Second",
        "extra/Third",
        "333322221111/Gov",
    ]
    assert catalog.role("333322221111/Gov").arn == "arn:aws-us-gov:iam::333322221111:role/Gov"
    assert added.read_text().count("[[account]]") == 2


def test_a_role_that_is_there_is_not_written_again(environ, added, capsys):
    config = environ["ROLEDECK_CONFIG"]
    assert add(environ, "--role", "arn:aws:iam::111122223333:role/AdminRole", "--via", "dev", "--yes") == 2
    said = capsys.readouterr().err
    assert said.startswith(f"The role production/AdminRole is already at {config}:")
    line = int(said.partition(f"{config}:")[2].partition(".")[0])
    assert Path(config).read_text().splitlines()[line - 1].strip() == "[[account.role]]"
    assert add(environ, "--role", "arn:aws:iam::555566667777:role/ReadOnly", "--via", "dev", "--yes") == 2
    assert f"The role staging-readonly is already at {environ['AWS_CONFIG_FILE']}:" in capsys.readouterr().err
    assert not added.exists()


def test_a_dry_run_shows_and_writes_nothing_and_hides_the_external_id(environ, added, capsys):
    assert add(environ, *ROLE, "--external-id", EXTERNAL_ID, "--dry-run") == 0
    text = capsys.readouterr().out
    assert '[[account]]\nid = "222233339999"' in text
    assert 'external_id = "****"' in text
    assert EXTERNAL_ID not in text
    assert add(environ, *ROLE, "--external-id", EXTERNAL_ID, "--dry-run", "--show") == 0
    assert f'external_id = "{EXTERNAL_ID}"' in capsys.readouterr().out
    assert not added.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--role", "a b"), "--role: A role's name has"),
        (("--role", "arn:aws:iam::1:role/x"), "--role: A role's ARN is"),
        (("--account", "12"), "--account: An account id has 12 digits, and no account of yours is called so."),
        (("--external-id", "secret word"), "--external-id: An external id has"),
        (("--mfa-serial", "arn:aws:iam::111122223333:user/me"), "--mfa-serial: This is a user's ARN"),
        (("--duration", "13h"), "--duration: A duration is 15m to 12h"),
        (("--region", "Frankfurt"), "--region: A region is written like"),
        (("--source-identity", "aws:x"), "--source-identity: A source identity"),
        (("--session-name", "{who}"), "--session-name: A session name may use"),
        (("--tag", f"k={'x' * 257}"), "--tag: A tag's key has"),
        (("--tag", "k"), "--tag k has no value."),
        (("--policy-arn", "x"), "--policy-arn: A managed policy is"),
        (("--transitive-tag", ""), "--transitive-tag: It may not be empty"),
        (("--tag", "k=v", "--tag", "K=w"), "--tag: The keys of tags differ"),
        (("--external-id", "Abc", "--external-id-command", "pass x"), "--external-id and --external-id-command say the same thing twice."),
        (
            ("--role", "arn:aws-us-gov:iam::111122223333:role/x"),
            "Account 111122223333 is in the partition aws, and this ARN is in aws-us-gov",
        ),
        (("--role", "arn:aws-iso-x:iam::222233339999:role/x"), '--role: There is no partition "aws-iso-x". It is one of: aws, aws-cn'),
        (("--role", f"arn:aws:iam::222233339999:role/{'p' * 511}/x"), "--role: A role's path has up to 512"),
        (("--policy", "nothing"), "--policy: A session policy is JSON"),
        (("--mfa", "always"), "--mfa: It is one of: auto, session, direct."),
        (("--account", "999988887777", "--role", "arn:aws:iam::222233339999:role/x"), "The role's ARN is in account 222233339999"),
    ],
)
def test_every_value_is_held_against_awss_limits(environ, added, capsys, words, said):
    assert add(environ, *ROLE, *words, "--yes") == 2
    told = capsys.readouterr().err
    assert said in told
    assert "secret word" not in told
    assert not added.exists()


def test_all_that_is_wrong_is_said_at_once(environ, capsys):
    assert add(environ, "--role", "a b", "--duration", "1s") == 2
    told = capsys.readouterr().err
    assert all(part in told for part in ("--role: ", "--duration: ", "needs --account and --via"))


def test_doubts_are_told_and_do_not_stop_it(environ, capsys):
    assert add(environ, *ROLE[:-1], "dve", "--yes") == 0
    assert '--via: No profile and no role is called so. Did you mean "dev"?' in capsys.readouterr().err
    assert add(environ, "--account", "111122223333", "--name", "prod-2", "--role", "New", "--via", "dev", "--yes") == 0
    assert '--name: It is called "production" in an earlier file, and that goes first.' in capsys.readouterr().err


def test_an_empty_mfa_serial_is_written_because_it_switches_the_code_off(environ, added):
    assert add(environ, *ROLE, "--mfa-serial", "", "--yes") == 0
    assert 'mfa_serial = ""' in added.read_text()


def test_a_region_of_another_partition_is_doubted(environ, capsys):
    assert add(environ, *ROLE, "--region", "cn-north-1", "--dry-run") == 0
    assert "--region: cn-north-1 is in another partition than the role." in capsys.readouterr().err


def test_without_anybody_to_ask_nothing_is_written(environ, added, capsys):
    import subprocess

    for words in (("add",), ("add", *ROLE)):
        done = subprocess.run(
            [sys.executable, "-m", "tui_app", *words],
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,
        )
        assert done.returncode == 3, done.stderr
        assert "no terminal" in done.stderr
    assert not added.exists()


def test_a_file_of_that_name_that_a_person_wrote_is_left_alone(environ, added, capsys):
    added.parent.mkdir()
    added.write_text("# mine\n")
    assert add(environ, *ROLE, "--yes") == 2
    assert "was not written by roledeck" in capsys.readouterr().err
    assert added.read_text() == "# mine\n"


def test_a_description_that_would_steer_the_terminal_is_kept_and_shown_harmless(environ, capsys):
    assert add(environ, *ROLE, "--description", "x\x1b[31m\u202ey", "--dry-run") == 0
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "\u202e" not in shown


@pytest.fixture
def asked(on_terminal, environ):
    def start(*words):
        return on_terminal([sys.executable, "-m", "tui_app", "add", *words], **environ)

    return start


def test_questions_check_each_answer_at_once_and_the_external_id_is_not_echoed(asked, environ, added):
    program = asked()
    program.expect("Role (its ARN, or path/name): ")
    program.type("not a role\r")
    program.expect("A role's name has")
    program.expect("Role (")
    program.type("team/Reader\r")
    program.expect("Account (")
    program.type("\r")
    program.expect("It is needed.")
    program.type("production\r")
    program.expect("Via (dev, ")
    program.type("dev\r")
    program.expect("[External id] (")
    program.type(f"{EXTERNAL_ID}\r")
    for label in ("MFA device", "Duration", "Regions", "Session name", "Source identity", "Session tags", "Colour", "Description"):
        shown = program.expect(f"[{label}] (")
        assert EXTERNAL_ID not in shown
        program.type("7h\r" if label == "Duration" else "\r")
    shown = program.expect("[y/N] ")
    assert 'external_id = "****"' in shown
    program.type("y\r")
    program.expect("Added production/team/Reader")
    assert program.exit_code() == 0
    role = load_catalog(environ).role("production/team/Reader")
    assert (role.request.external_id.reveal(), role.request.duration) == (EXTERNAL_ID, 25200)
    assert 'name = "production"' not in added.read_text()


def test_on_a_terminal_the_beginning_of_an_account_or_a_way_will_do(asked, added):
    program = asked("team/Reader", "--account", "produ", "--via", "staging-re")
    shown = program.expect("[y/N] ")
    assert 'via = "staging-readonly"' in shown
    program.type("y\r")
    program.expect("Added production/team/Reader")
    assert program.exit_code() == 0
    program = asked("team/Writer", "--account", "p", "--via", "dev")
    program.expect("no account of yours is called so")
    assert program.exit_code() == 2
    program = asked()
    program.expect("Role (")
    program.type("team/Asked\r")
    program.expect("Account (")
    program.type("produ\r")
    program.expect("Via (")
    program.type("staging-re\r")
    for _ in range(9):
        program.expect("] (")
        program.type("\r")
    assert 'via = "staging-readonly"' in program.expect("[y/N] ")
    program.type("n\r")
    assert program.exit_code() == 130


def test_away_from_a_terminal_only_whole_names_are_taken(environ, added, capsys):
    assert add(environ, "team/Reader", "--account", "produ", "--via", "dev", "--yes") == 2
    assert "no account of yours is called so" in capsys.readouterr().err
    assert add(environ, "team/Reader", "--account", "production", "--via", "staging-re", "--yes") == 0
    assert 'via = "staging-re"' in added.read_text()


def test_no_and_the_end_of_input_write_nothing(asked, added):
    program = asked(*ROLE)
    program.expect("[y/N] ")
    program.type("n\r")
    program.expect("Nothing was written.")
    assert program.exit_code() == 130
    program = asked()
    program.expect("Role (")
    program.type("\x04")
    assert program.exit_code() == 130
    program = asked()
    program.expect("Role (")
    program.type("\x03")
    assert program.exit_code() == 130
    assert not added.exists()


def test_a_role_that_was_added_can_be_assumed(environ, aws, capsys):
    """The demo's world has a role that only its files of another name lead to."""
    text = Path(environ["ROLEDECK_CONFIG"]).read_text()
    Path(environ["ROLEDECK_CONFIG"]).write_text(text.replace('name = "S3Developer"', 'name = "Other"'))
    assert add(environ, "--role", "arn:aws:iam::444455556666:role/S3Developer", "--via", "dev", "--yes") == 0
    assert dispatch(["assume", "development/S3Developer", "--json"], environ) == 0
    assert json.loads(capsys.readouterr().out.partition("\n")[2])["role"] == "S3Developer"
    assert os.path.exists(environ["ROLEDECK_CONFIG"])
