"""`roledeck import` from files: profiles of the AWS CLI, of aws-vault, and of extend-switch-roles."""

from __future__ import annotations

import json
import pathlib

from tui_app.embedded_aws.world.accounts import AUDIT, PRODUCTION, STAGING


def test_profiles_become_roles_with_all_that_they_say(imported, environ, config_d, roles_in):
    with open(environ["AWS_CONFIG_FILE"], "a", encoding="utf-8") as file:
        file.write(f"""
[profile full]
role_arn = arn:aws:iam::{STAGING}:role/team/Full
source_profile = dev
external_id = Secret-External-Id
mfa_serial = arn:aws:iam::444455556666:mfa/DevUser
duration_seconds = 7200
role_session_name = me
session_tags = team=payments,env=x
transitive_session_tags = team
source_identity = ada
region = us-east-1
color = ffaaee
[profile sso]
sso_session = start-page
sso_account_id = {AUDIT}
sso_role_name = SecurityAudit
[profile token]
role_arn = arn:aws:iam::{STAGING}:role/Token
web_identity_token_file = /token
[profile machine]
role_arn = arn:aws:iam::{STAGING}:role/Machine
credential_source = Ec2InstanceMetadata
[profile lonely]
role_arn = arn:aws:iam::{STAGING}:role/Lonely
[profile wrong]
role_arn = arn:aws:iam::12:role/Wrong
source_profile = dev
[profile twin]
role_arn = arn:aws:iam::{STAGING}:role/team/Full
source_profile = contractor
[profile odd]
role_arn = arn:aws:iam::{STAGING}:role/Odd
source_profile = dev
external_id = not allowed!
""")
    said = imported("--from", "config", "--yes")
    roles = roles_in(config_d / "aws-config.toml")
    assert roles[STAGING, "team/Full"] == {
        "name": "team/Full",
        "via": "dev",
        "external_id": "Secret-External-Id",
        "duration": "2h",
        "mfa_serial": "arn:aws:iam::444455556666:mfa/DevUser",
        "session_name": "me",
        "source_identity": "ada",
        "tags": {"team": "payments", "env": "x"},
        "transitive_tags": ["team"],
        "regions": ["us-east-1"],
        "color": "ffaaee",
    }
    assert roles[AUDIT, "SecurityAudit"]["via"] == "sso-session start-page"
    assert "external_id" not in roles[STAGING, "Odd"]
    why = {one["what"]: one["why"] for one in said["left_out"]}
    assert why.keys() >= {"token", "machine", "lonely", "wrong", "twin", "odd"}
    assert "is not the ARN of a role" in why["wrong"]
    assert why["lonely"] == "It has no source_profile."
    assert "Secret-External-Id" not in json.dumps(said)
    assert "not allowed!" not in json.dumps(said)
    assert (said["written"], imported("--from", "config", "--yes")["new"]) == (True, [])


def test_new_changed_and_gone_are_told_and_own_additions_stay(here, imported, environ, config_d, roles_in):
    here("import", "--from", "config", "--yes")
    path = config_d / "aws-config.toml"
    text = path.read_text().replace('name = "ReadOnly"', 'name = "ReadOnly"\n  description = "mine"')
    path.write_text(text.replace(f'id = "{STAGING}"', f'id = "{STAGING}"\nenvironment = "qa"'))
    shared = pathlib.Path(environ["AWS_CONFIG_FILE"])
    before = shared.read_text()
    shared.write_text(
        before.replace("role/contractors/ContractorRole", "role/contractors/Other").replace(
            "[profile iot-fleet]\n", "[profile iot-fleet]\nduration_seconds = 1800\n"
        )
    )
    said = imported("--from", "config", "--dry-run")
    assert [change["role"] for change in said["new"]] == ["contractors/Other"]
    assert [change["role"] for change in said["gone"]] == ["contractors/ContractorRole"]
    changed = {change["role"]: change["settings"] for change in said["changed"]}
    assert changed == {"ExternalAccountRole": {"duration": {"old": None, "new": "30m"}}}
    assert path.read_text().count("qa") == 1, "a dry run writes nothing"
    code, out, _ = here("import", "--from", "config", "--yes")
    assert code == 0
    assert "+ contractors/Other" in out
    assert "- contractors/ContractorRole" in out
    assert "~ ExternalAccountRole  duration nothing → 30m" in out
    assert 'environment = "qa"' in path.read_text()
    assert roles_in(path)[STAGING, "ReadOnly"]["description"] == "mine"
    assert here("import", "--from", "config", "--yes")[1] == "config: nothing changed\n"


def test_aws_vault_settings_are_filled_in_as_it_does(imported, environ, config_d, roles_in):
    shared = pathlib.Path(environ["AWS_CONFIG_FILE"])
    shared.write_text(
        f"""[default]
mfa_serial = arn:aws:iam::444455556666:mfa/DevUser
mfa_process = pass otp
[profile dev]
region = eu-west-1
[profile base]
source_profile = dev
external_id = FromBase-1
session_tags = a=b
[profile child]
role_arn = arn:aws:iam::{STAGING}:role/Child
include_profile = base
[profile plain]
role_arn = arn:aws:iam::{STAGING}:role/Plain
source_profile = dev
[profile round]
role_arn = arn:aws:iam::{STAGING}:role/Round
source_profile = dev
include_profile = round
"""
    )
    said = imported("--from", "aws-vault", "--yes")
    roles = roles_in(config_d / "aws-vault.toml")
    device = "arn:aws:iam::444455556666:mfa/DevUser"
    inherited = {"external_id": "FromBase-1", "tags": {"a": "b"}, "mfa_serial": device}
    assert roles[STAGING, "Child"] == {"name": "Child", "via": "dev", **inherited}
    assert roles[STAGING, "Plain"] == {"name": "Plain", "via": "dev", "mfa_serial": device}
    assert "Round" in {name for _, name in roles}
    assert any("mfa_process" in one["what"] for one in said["left_out"])


def test_extend_switch_roles_text_from_a_file_and_from_stdin(roledeck, tmp_path, config_d, roles_in):
    text = f"""[base]
aws_account_id = 444455556666
[prod-admin]
role_arn = arn:aws:iam::{PRODUCTION}:role/Boss
source_profile = base
color = ffaaee
[profile named]
aws_account_id = {STAGING}
role_name = x/Reader
source_profile = dev
[bad]
role_arn = arn:aws:iam::1:role/x
"""
    file = tmp_path / "team roles.ini"
    file.write_text(text)
    done = roledeck("import", str(file), "--via", "dev", "--yes")
    assert done.returncode == 0, done.stderr
    (path,) = config_d.iterdir()
    assert path.name.startswith("switch-roles-team-roles-")
    assert roles_in(path)[PRODUCTION, "Boss"] == {"name": "Boss", "via": "dev", "color": "ffaaee", "description": "prod-admin"}
    assert "left out  bad: arn:aws:iam::1:role/x is not the ARN of a role." in done.stdout
    done = roledeck("import", "-", "--yes", typed=text)
    assert "left out  prod-admin: Nothing says how to get there: add --via PROFILE." in done.stdout
    assert done.returncode == 0, "the one with a profile of ours is in another file already"
    assert roledeck("import", "--from", "switch-roles", "-", "--via", "nobody", typed=text).returncode == 2
