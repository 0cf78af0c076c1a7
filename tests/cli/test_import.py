"""`roledeck import`: signed in, gathered, shown, asked, written; and then a role of it is assumed. Over the real command line."""

from __future__ import annotations

import json
import pathlib
import re
import stat
import subprocess
import sys
import tomllib

import pytest

from tui_app.embedded_aws.world.accounts import AUDIT, MANAGEMENT, PRODUCTION
from tui_app.embedded_aws.world.start_page import ASSIGNMENTS

ROLES = sum(map(len, ASSIGNMENTS.values()))


@pytest.fixture
def log_in(aws, environ, wait_for):
    """A whole `roledeck login` with a device code, approved as the person in the browser would."""

    def run():
        with subprocess.Popen(
            [sys.executable, "-m", "tui_app", "login", "--device", "--no-browser"],
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as login:
            shown = ""
            while not (found := re.search(r"\b[A-Z]{4}-[A-Z]{4}\b", shown)):
                line = login.stderr.readline()
                assert line, "the login ended without a code"
                shown += line
            aws.control("POST", "approve", {"user_code": found[0]})
            out, err = login.communicate(timeout=60)
        assert login.returncode == 0, err
        return out

    return run


@pytest.fixture
def manager(aws, environ):
    """A profile of the management account that may look at its organization."""
    iam = aws.seed(MANAGEMENT)("iam")
    name = f"importer-{len(aws.calls())}"
    iam.create_user(UserName=name)
    iam.attach_user_policy(UserName=name, PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    key = iam.create_access_key(UserName=name)["AccessKey"]
    with open(environ["AWS_SHARED_CREDENTIALS_FILE"], "a") as file:
        file.write(f"[manager]\naws_access_key_id = {key['AccessKeyId']}\naws_secret_access_key = {key['SecretAccessKey']}\n")
    return "manager"


def test_a_login_an_import_of_forty_roles_and_an_assume_from_one_of_them(roledeck, log_in, config_d, roles_in):
    assert "Signed in to start-page" in log_in()
    shown = roledeck("import")
    assert shown.returncode == 3, "there is nobody to ask"
    assert "+ audit  777788889999" in shown.stdout
    assert f"sso start-page: {ROLES} roles and 12 accounts new → " in shown.stdout
    assert not config_d.exists()
    done = roledeck("import", "start-page", "--yes")
    assert done.returncode == 0, done.stderr
    path = config_d / "sso-start-page.toml"
    assert len(roles_in(path)) == ROLES >= 40
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.stat().st_mtime_ns
    again = roledeck("import", "--yes")
    assert (again.returncode, again.stdout, again.stderr) == (0, "sso start-page: nothing changed\n", "")
    assert path.stat().st_mtime_ns == before
    listed = roledeck("ls", "--names").stdout.splitlines()
    assert len(listed) == len(set(listed))
    assert "audit/SecurityAudit" in listed
    got = roledeck("assume", "audit/SecurityAudit", "--json")
    assert got.returncode == 0, got.stderr
    assert f":sts::{AUDIT}:assumed-role/AWSReservedSSO_SecurityAudit_" in json.loads(got.stdout)["arn"]


def test_signed_out_says_what_to_do_and_writes_nothing(here, config_d):
    code, out, err = here("import", "--yes")
    assert (code, out) == (3, "")
    assert "roledeck login start-page" in err
    assert not config_d.exists()


def test_an_organization_brings_accounts_and_a_role_in_each(imported, manager, config_d, environ):
    said = imported("--from", "organization", "--via", manager, "--yes")
    assert (said["accounts"], said["roles"]) == (12, 0)
    tables = {one["id"]: one for one in tomllib.loads((config_d / "organization-manager.toml").read_text())["account"]}
    assert tables[PRODUCTION] == {"id": PRODUCTION, "name": "production", "environment": "prod"}
    assert tables[MANAGEMENT]["alias"]
    assert "environment" not in tables[AUDIT]
    said = imported("--from", "organization", "--via", manager, "--role", "OrganizationAccountAccessRole", "--yes")
    assert MANAGEMENT not in {change["account"]["id"] for change in said["new"]}
    assert said["already"] + said["roles"] == 11
    assert imported("--from", "organization", "--via", manager, "--yes")["gone"] == [], "another look does not take the roles away"


def test_a_suspended_account_is_left_out(aws, imported, manager):
    from moto.organizations.models import organizations_backends

    account = next(one for one in organizations_backends[MANAGEMENT]["aws"].accounts if one.id == AUDIT)
    account.status = account.state = "SUSPENDED"
    try:
        said = imported("--from", "organization", "--via", manager, "--dry-run")
    finally:
        account.status = account.state = "ACTIVE"
    assert {"what": f"audit {AUDIT}", "why": "The account is suspended."} in said["left_out"]


def test_own_policies_bring_the_roles_they_name(imported, environ, config_d, roles_in):
    pathlib.Path(environ["ROLEDECK_CONFIG"]).write_text("")
    said = imported("dev", "--yes")
    assert {role for _, role in roles_in(config_d / "policies-dev.toml")} == {"cross-account/CrossAccountDeveloperRole", "Deployer"}
    assert said["already"] == 1, "staging-readonly is a profile"
    assert {one["why"] for one in said["left_out"]} == {"It is a pattern, not a role.", "Another policy denies it."}


def test_what_other_files_have_is_not_written_twice(imported):
    said = imported("dev", "--dry-run")
    assert (said["new"], said["already"]) == ([], 3)


def test_a_person_says_yes_or_no(environ, on_terminal, config_d):
    words = [sys.executable, "-m", "tui_app", "import", "--from", "config"]
    refusing = on_terminal(words, **environ)
    refusing.expect("[y/N]")
    refusing.type("\n")
    assert refusing.exit_code() == 0
    assert not config_d.exists()
    agreeing = on_terminal(words, **environ)
    agreeing.expect("[y/N]")
    agreeing.type("y\n")
    agreeing.expect("Written:")
    assert agreeing.exit_code() == 0
    assert (config_d / "aws-config.toml").exists()


def test_a_file_that_a_person_wrote_is_left_alone(here, config_d):
    config_d.mkdir()
    (config_d / "aws-config.toml").write_text("# mine\n")
    code, out, err = here("import", "--from", "config", "--yes")
    assert (code, out) == (2, "")
    assert "was not written by roledeck" in err
    assert (config_d / "aws-config.toml").read_text() == "# mine\n"


def test_a_folder_that_cannot_be_written_is_told(here, config_d):
    config_d.write_text("a file in its place")
    code, _, err = here("import", "--from", "config", "--yes")
    assert code in {1, 6}
    assert err.count("\n") == 1
    assert config_d.read_text() == "a file in its place"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nobody"], '"nobody" is no sso-session, profile, role or file.'),
        (["start-pge"], "Did you mean"),
        (["--from", "sso", "--via", "dev"], "--via is not for sso."),
        (["--from", "policies", "--role", "x"], "--role is not for policies."),
        (["--from", "config", "x"], "config takes no SOURCE."),
        (["--from", "policies"], "It is not said whose credentials to ask with."),
        (["--from", "organization", "--via", "dev", "--role", "a b"], "a b is not a role's name."),
        (["dev", "--from", "policies", "--via", "contractor"], "name different credentials"),
        (["--from", "elsewhere"], "cannot be"),
        (["--from", "switch-roles", "/nowhere/at/all"], "is not there"),
    ],
)
def test_wrong_words_are_one_sentence(here, words, said):
    code, out, err = here("import", *words)
    assert (code in {2, 6}, out) == (True, "")
    assert said in err
    assert err.count("\n") == 1


def test_names_of_aws_are_written_exactly_and_shown_cleaned(here, aws, environ, monkeypatch, config_d):
    from tui_app.catalog.discovered import FoundAccount, FoundRole
    from tui_app.discovery import identity_center

    hostile = "\x1b[31mpr\u202eod\"'\n]]\t\u00e9"

    def listed(ask, sign_in, *_rest):
        accounts = (FoundAccount("1" * 12, hostile), FoundAccount("2" * 12, "broken \ud800"))
        return identity_center.StartPage(sign_in, 1.0, accounts, (FoundRole("1" * 12, "Role"), FoundRole("2" * 12, "Role")))

    monkeypatch.setattr("tui_app.discovery.memory.list_start_page", listed)
    code, out, _ = here("import", "--yes")
    assert code == 0
    assert "\x1b" not in out
    assert "\u202e" not in out
    accounts = tomllib.loads((config_d / "sso-start-page.toml").read_text())["account"]
    assert {one["id"]: one.get("name") for one in accounts} == {"1" * 12: hostile, "2" * 12: None}
    assert "A file cannot keep its characters." in out
    assert here("import", "--yes")[1].startswith("left out")
    assert "nothing changed" in here("import", "--yes")[1]


def test_lint_has_nothing_to_say_about_what_an_import_wrote(roledeck, log_in):
    log_in()
    assert roledeck("import", "--yes").returncode == 0
    done = roledeck("lint", "--json")
    assert [found for found in json.loads(done.stdout) if "sso-start-page" in found["where"]] == []


def test_a_login_lists_what_it_leads_to(roledeck, log_in):
    log_in()
    names = roledeck("ls", "--names").stdout.splitlines()
    assert "audit/SecurityAudit" in names
    seen = {one["name"]: one.get("seen") for one in json.loads(roledeck("ls", "--json").stdout)}
    assert seen["audit/SecurityAudit"]
    assert seen["production/AdminRole"] is None


def test_ctrl_c_while_aws_is_slow_ends_it_and_writes_nothing(aws, environ, log_in, on_terminal, config_d):
    log_in()
    aws.fault("slow", "sso:ListAccountRoles", times=12, arg=8)
    program = on_terminal([sys.executable, "-m", "tui_app", "import"], **environ)
    program.expect("account 0 of 12")
    program.type("\x03")
    assert program.exit_code() == 130
    assert not config_d.exists()
