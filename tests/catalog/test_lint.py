"""Each rule finds its place, and ordinary files are left in peace."""

from __future__ import annotations

import ast
import os
import pathlib

import pytest
from botocore.compat import compat_shell_split
from hypothesis import given, settings
from hypothesis import strategies as st

import tui_app.catalog
from tui_app.catalog.lint.run import lint, rules
from tui_app.catalog.load import load_catalog

NOW = 1_800_000_000.0
ARN = "arn:aws:iam::111122223333:role/X"
KEYS = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI\n"
CREDENTIALS = f"[dev]\n{KEYS}"
ROLE = f"[profile a]\nrole_arn = {ARN}\nsource_profile = dev\n"


ORDINARY = f"""# work
[default]
region = eu-west-1
output = json

[profile dev]
region = eu-west-1
cli_pager =
retry_mode = adaptive
s3 =
  max_concurrent_requests = 20
  addressing_style = path

[profile team.admin]
role_arn = arn:aws:iam::111122223333:role/path/Admin
source_profile = dev
mfa_serial = arn:aws:iam::444455556666:mfa/DevUser
external_id = UniqueExternalId12345
duration_seconds = 14400
role_session_name = me@example.com
region = eu-west-1

[profile china]
role_arn = arn:aws-cn:iam::111122223333:role/Admin
credential_source = Ec2InstanceMetadata
region = cn-north-1

[sso-session hub]
sso_start_url = https://example.awsapps.com/start
sso_region = eu-west-1
sso_registration_scopes = sso:account:access

[profile hub-readonly]
sso_session = hub
sso_account_id = 111122223333
sso_role_name = ReadOnly

[profile tool]
credential_process = /usr/bin/env my-tool --profile "with space"

[services local]
dynamodb =
  endpoint_url = http://localhost:8000

[profile local]
services = local
{KEYS}
[plugins]
cli_legacy_plugin_path = /usr/lib/plugins
"""
ORDINARY_TOML = """[[account]]
id = "111122223333"
name = "production"
environment = "prod"
[[account.role]]
name = "path/Developer"
via = "dev"
duration = "4h"
[[account.role]]
name = "Reader"
via = "production/path/Developer"
[[account]]
id = "444455556666"
name = "development"
environment = "dev"
[[account.role]]
name = "Hub"
via = "sso-session hub"
"""


def test_ordinary_files_are_left_in_peace(linted):
    assert linted(ORDINARY, toml=ORDINARY_TOML, variables={"AWS_PROFILE": "team.admin", "AWS_REGION": "eu-west-1"}) == ()


def test_no_files_at_all_are_in_peace_too(tmp_path):
    environ = {"HOME": str(tmp_path)}
    assert lint(load_catalog(environ), environ, NOW) == ()


PROFILES = {
    "bad_role_arn": (ROLE.replace(":role/", ":user/"), 2),
    "role_partition": (ROLE.replace("arn:aws:", "arn:aws-us-gov:") + "region = eu-west-1\n", 2),
    "bad_region": (ROLE + "region = eu-west-1a\n", 4),
    "duration_no_number": (ROLE + "duration_seconds = 1h\n", 4),
    "duration_out_of_range": (ROLE + "duration_seconds = 60\n", 4),
    "duration_written_oddly": (ROLE + "duration_seconds = 3_600\n", 4),
    "source_of_other_partition": (
        ROLE.replace("arn:aws:", "arn:aws-cn:").replace("= dev", "= b") + f"[profile b]\nrole_arn = {ARN}2\nsource_profile = dev\n",
        3,
    ),
    "duration_over_chain_limit": (ROLE + f"[profile b]\nrole_arn = {ARN}2\nsource_profile = a\nduration_seconds = 7200\n", 7),
    "bad_external_id": (ROLE + "external_id = no spaces!\n", 4),
    "bad_session_name": (ROLE + "role_session_name = me you\n", 4),
    "bad_source_identity": (ROLE + "source_identity = x\n", 4),
    "mfa_serial_is_a_user": (ROLE + "mfa_serial = arn:aws:iam::444455556666:user/DevUser\n", 4),
    "bad_mfa_serial": (ROLE + "mfa_serial = arn:aws:iam::4444:mfa/DevUser\n", 4),
    "mfa_of_other_account": (
        ROLE + "mfa_serial = arn:aws:iam::111122223333:mfa/DevUser\n[profile dev]\naws_account_id = 444455556666\n",
        4,
    ),
    "bad_account_id": ("[profile a]\nsso_account_id = 11112222333\nsso_role_name = X\n", 2),
    "bad_key_id": ("[profile a]\naws_access_key_id = key id\naws_secret_access_key = x\n", 2),
    "legacy_token": ("[profile a]\naws_security_token = x\n", 2),
    "plain_http_endpoint": ("[profile a]\nregion = eu-west-1\nendpoint_url = http://example.com\n", 3),
    "bad_start_url": ("[sso-session a]\nsso_region = eu-west-1\nsso_start_url = example\n", 3),
    "token_file": (f"[profile a]\nrole_arn = {ARN}\nweb_identity_token_file = token\n", 3),
    "process_shell_syntax": ("[profile a]\ncredential_process = tool | jq .\n", 2),
    "process_quotes": ('[profile a]\ncredential_process = tool "x\n', 2),
    "escape_in_value": ("[profile a]\nca_bundle = C:\\new\\ca.pem\n", 2),
    "odd_setting_name": ("[profile a]\nmy region = x\n", 2),
    "token_and_key": ("[profile a]\naws_access_key_id = ASIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n", 2),
    "keys_in_both_files": ("[profile dev]\n" + KEYS.replace("7", "8"), 2),
    "token_in_other_file": ("[profile dev]\naws_session_token = x\n", 2),
    "tools_choose_differently": (
        "[profile a]\nsso_start_url = https://x.example\nsso_region = eu-west-1\nsso_account_id = 111122223333\nsso_role_name = X\n" + KEYS,
        5,
    ),
    "several_credential_types": (ROLE + "credential_process = tool\n", 4),
    "keys_beside_role": (ROLE + KEYS, 4),
    "source_without_role": ("[profile a]\nregion = eu-west-1\nsource_profile = dev\n", 3),
    "source_by_include": (f"[profile a]\ninclude_profile = b\nrole_arn = {ARN}\n[profile b]\nsource_profile = dev\n", 2),
    "token_profile": ("[profile a]\nsso_session = b\n[sso-session b]\nsso_region = eu-west-1\nsso_start_url = https://x.example\n", 2),
    "legacy_sso": (
        "[profile a]\nsso_region = eu-west-1\nsso_start_url = https://x.example\nsso_account_id = 111122223333\nsso_role_name = X\n",
        3,
    ),
    "unread_setting": (ROLE + "regoin = eu-west-1\n", 4),
    "foreign_setting": (ROLE + "mfa_process = tool\n", 4),
    "unread_sso_setting": ("[sso-session a]\nsso_region = eu-west-1\nsso_start_url = https://x.example\nsso_role_name = X\n", 4),
    "sso_session_incomplete": ("[sso-session a]\nsso_region = eu-west-1\n", 1),
}


PARTITIONS = {
    "a role of another partition": f"role_arn = {ARN}2\nsource_profile = keys\n",
    "a permission set of another partition": "sso_account_id = 111122223333\nsso_role_name = X\nsso_session = hub\n",
    "a token file of another partition": f"role_arn = {ARN}2\nweb_identity_token_file = /token\n",
    "keys with a region of another partition": KEYS + "region = eu-west-1\n",
    "keys with a device of another partition": KEYS + "mfa_serial = arn:aws:iam::444455556666:mfa/DevUser\n",
}


@pytest.mark.parametrize("source", PARTITIONS)
def test_a_role_cannot_be_assumed_from_another_partition(linted, source, places):
    hub = "[sso-session hub]\nsso_region = eu-west-1\nsso_start_url = https://x.example\n"
    gov = ROLE.replace("arn:aws:", "arn:aws-us-gov:").replace("= dev", "= there")
    assert ("source_of_other_partition", "config:3") in places(linted(f"{gov}[profile there]\n{PARTITIONS[source]}{hub}"))
    assert "source_of_other_partition" not in {rule for rule, _ in places(linted(f"{gov}[profile there]\n{KEYS}region = us-gov-west-1\n"))}


def test_a_device_of_another_partition_than_its_role_is_named(linted, places):
    found = linted(ROLE.replace("arn:aws:", "arn:aws-cn:") + "mfa_serial = arn:aws:iam::444455556666:mfa/DevUser\n")
    assert ("source_of_other_partition", "config:4") in places(found)


def test_a_partition_that_there_is_not_is_named_as_that_and_once(linted):
    found = linted(ROLE.replace("arn:aws:", "arn:amazon:"))
    assert [(finding.rule, finding.where.line) for finding in found] == [("role_partition", 2)]


@pytest.mark.parametrize("written", ["9" * 13, "9" * 5000, "+50000", "-1"])
def test_any_number_outside_the_limits_is_out_of_range(linted, written, places):
    assert ("duration_out_of_range", "config:4") in places(linted(f"{ROLE}duration_seconds = {written}\n"))


@pytest.mark.parametrize("written", ["+3600", "3_600", "٣٦٠٠"])
def test_a_duration_is_whatever_botocore_takes_for_a_number(tmp_path, written):
    (tmp_path / "config").write_text(f"{ROLE}duration_seconds = {written}\n[profile dev]\n{KEYS}")
    catalog = load_catalog({"HOME": str(tmp_path), "AWS_CONFIG_FILE": f"{tmp_path}/config"})
    assert (catalog.problems, catalog.role("a").request.duration) == ((), 3600)


def test_the_longer_name_of_the_default_profile_is_a_hint(linted):
    assert "default_with_prefix" in {found.rule for found in linted(f"[profile default]\n{KEYS}")}
    assert {found.severity for found in linted(f"[profile default]\n{KEYS}")} == {"hint"}


def test_a_link_that_leads_nowhere_is_named(tmp_path):
    (tmp_path / "config").symlink_to(tmp_path / "gone")
    environ = {"HOME": str(tmp_path), "AWS_CONFIG_FILE": f"{tmp_path}/config", "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    (finding,) = lint(load_catalog(environ), environ, NOW)
    assert (finding.rule, finding.severity, finding.where.path) == ("broken_link", "warning", f"{tmp_path}/config")
    assert "gone" in finding.message


@pytest.mark.parametrize("rule", PROFILES)
def test_a_profile_rule_names_the_line_of_the_value(linted, rule, places):
    config, line = PROFILES[rule]
    assert (rule, f"config:{line}") in places(linted(config))


def test_a_code_that_other_tools_cannot_ask_for_is_named_when_everything_is_asked_for(linted, places):
    config = ROLE + "mfa_serial = arn:aws:iam::444455556666:mfa/DevUser\n"
    assert places(linted(config, everything=True)) == [("code_cannot_be_asked", "config:4")]
    assert linted(config) == ()


@pytest.mark.parametrize(
    ("config", "mend"),
    [
        (ROLE + "regoin = x\n", "Did you mean region?"),
        (ROLE + "duration_seconds = 2h\n", "Write 7200."),
        (ROLE + "region = EU-WEST-1\n", "Write eu-west-1."),
        (ROLE + "region = eu-west-1b\n", "eu-west-1 is the region; eu-west-1b is one of its zones."),
        (ROLE.replace("dev", "dve"), 'Did you mean "dev"?'),
        (f"[profile a]\nrole_arn = {ARN}\ncredential_source = ec2instancemetadata\n", "Write Ec2InstanceMetadata: capitals matter."),
        (ROLE.replace("arn:aws:", "arn:aws-gov:"), 'Did you mean "aws-us-gov"?'),
    ],
)
def test_the_mend_is_what_was_probably_meant(linted, config, mend):
    assert [finding.mend for finding in linted(config)] == [mend]


def test_a_token_file_that_is_there_is_in_peace(linted, tmp_path, places):
    token = tmp_path / "token"
    config = f"[profile a]\nrole_arn = {ARN}\nweb_identity_token_file = {token}\n"
    assert places(linted(config)) == [("token_file", "config:3")]
    token.write_text("x")
    assert linted(config) == ()


def test_an_endpoint_of_a_services_section_has_its_own_line(linted, places):
    config = "[services a]\nsts =\n  # not here\n\n  endpoint_url = http://example.com\nsso =\n  endpoint_url = https://example.com\n"
    assert places(linted(config)) == [("indented_comment", "config:3"), ("plain_http_endpoint", "config:5")]


@pytest.mark.parametrize("process", ["tool a | cat", "tool > x", "~/bin/tool", "$HOME/bin/tool", "tool && tool", "tool `date`"])
def test_shell_syntax_stays_a_plain_word_in_botocore_and_is_named(linted, process, places):
    words = compat_shell_split(process)
    assert any(sign in word for word in words for sign in "|>~$&`"), "botocore hands it to the program"
    assert places(linted(f"[profile a]\ncredential_process = {process}\n")) == [("process_shell_syntax", "config:2")]


@pytest.mark.parametrize("process", ["tool 'a | b'", "sh -c 'tool | cat'", "/bin/bash -c 'tool $HOME'", "tool --url https://x/?a=b"])
def test_what_only_looks_like_shell_syntax_is_in_peace(linted, process):
    assert linted(f"[profile a]\ncredential_process = {process}\n") == ()


def test_loops_are_named_once_and_long_chains_are_walked_once(linted, places):
    long = "".join(f"[profile p{number}]\nrole_arn = {ARN}\nsource_profile = p{number + 1}\n" for number in range(10_000))
    loop = f"[profile p10000]\nrole_arn = {ARN}\nsource_profile = p9999\n"
    assert places(linted(long + loop)) == [("loop", "config:30000")]


def test_a_loop_starts_at_its_first_profile(linted):
    config = "".join(f"[profile {name}]\nrole_arn = {ARN}\nsource_profile = {on}\n" for name, on in ("ab", "bc", "ca", "da"))
    (finding,) = linted(config)
    assert (finding.rule, finding.where.line) == ("loop", 3)
    assert finding.message == "The chain goes round in a circle: a → b → c → a."


ACCOUNT = '[[account]]\nid = "111122223333"\n'
OWN = ACCOUNT + '[[account.role]]\nname = "X"\n'
TOML = {
    "role_without_via": (OWN, 3),
    "unknown_via": (OWN + 'via = "dve"\n', 5),
    "via_without_credentials": (OWN + 'via = "nothing"\n', 5),
    "duration_without_effect": (OWN + 'via = "role"\nduration = "2h"\n', 6),
    "region_of_other_partition": (OWN + 'via = "dev"\nregions = ["eu-west-1", "cn-north-1"]\n', 6),
    "via_of_other_partition": (ACCOUNT + 'partition = "aws-cn"\n[[account.role]]\nname = "X"\nvia = "role"\n', 6),
    "two_external_ids": (OWN + 'via = "dev"\nexternal_id = "Abc"\nexternal_id_command = ["pass"]\n', 7),
    "circle": (OWN + 'via = "111122223333/Y"\n[[account.role]]\nname = "Y"\nvia = "111122223333/X"\n', 5),
    "account_twice": (ACCOUNT + 'name = "one"\n' + ACCOUNT + 'name = "two"\n', 6),
    "environment_misspelt": (ACCOUNT + 'environment = "prdo"\n', 3),
    "duplicate_role": (OWN + 'via = "dev"\n[[account.role]]\nname = "X"\nvia = "dev"\n', 6),
    "unknown_key": (ACCOUNT + 'nmae = "x"\n', 3),
    "bad_value": ('[[account]]\nid = "1111"\n', 2),
    "syntax": ("[[account\n", 1),
}


@pytest.mark.parametrize("rule", TOML)
def test_a_rule_about_our_own_files_names_the_line(linted, rule, places):
    toml, line = TOML[rule]
    shared = f"[profile nothing]\nregion = eu-west-1\n[profile role]\nrole_arn = {ARN}\nsource_profile = dev\n"
    assert (rule, f"config.toml:{line}") in places(linted(shared, toml=toml))


@pytest.mark.parametrize("word", ["prod", "pre-prod", "uat", "qa", "test", "dev2", "live", "infra"])
def test_environments_are_words_of_ones_own(linted, word):
    assert linted(toml=f'[[account]]\nid = "111122223333"\nenvironment = "{word}"\n') == ()


PIECES = st.one_of(
    st.sampled_from(
        [*ORDINARY.splitlines(keepends=True), *(line for config, _ in PROFILES.values() for line in config.splitlines(keepends=True))]
    ),
    st.text(max_size=20),
)


@settings(max_examples=300)
@given(st.lists(PIECES, max_size=15), st.lists(PIECES, max_size=5), st.sampled_from([toml for toml, _ in TOML.values()]))
def test_whatever_stands_in_the_files_every_finding_has_a_line_of_them(findings, tmp_path_factory, config, credentials, toml):
    folder = tmp_path_factory.getbasetemp() / "mutated"
    folder.mkdir(exist_ok=True)
    texts = {"config": "".join(config), "credentials": "".join(credentials), "config.toml": toml}
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode("utf-8", "surrogatepass"))
    known = rules()
    for finding in findings(folder, everything=True):
        text = texts[os.path.basename(finding.where.path)].replace("\r\n", "\n").replace("\r", "\n")
        assert 0 <= finding.where.line <= text.count("\n") + 1
        assert finding.rule in known
        assert finding.message
        assert finding.message.endswith(".")


SECRETS = ("wJalrXUtnFEMI", "AKIAIOSFODNN7EXAMPLE", "UniqueExternalId", "FwoGZXIvYXdzE")


def test_no_sentence_has_a_secret_or_an_external_id(linted):
    config = (
        "[profile a]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = 'wJalrXUtnFEMI'\n"
        "aws_session_token = FwoGZXIvYXdzE\\n\nexternal_id = UniqueExternalId !\naws_security_token = FwoGZXIvYXdzE # x\n"
        "credential_process = tool --key wJalrXUtnFEMI | cat\n wJalrXUtnFEMI : x\naws_secret_access_key wJalrXUtnFEMI\n"
    )
    variables = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECURITY_TOKEN": "FwoGZXIvYXdzE", "AWS_PROFILE": "a"}
    found = linted(config, variables=variables, everything=True)
    assert len(found) > 10
    assert [one for one in found for secret in SECRETS if secret in one.message + one.mend] == []


def test_every_kind_of_problem_that_a_reader_finds_is_a_rule():
    catalog = pathlib.Path(tui_app.catalog.__file__).parent
    kinds = {kind for path in catalog.glob("*.py") for kind in _kinds(ast.parse(path.read_text()))}
    assert kinds - set(rules()) == set()


def _kinds(tree):
    """The kinds in `Problem("kind", …)`, but for those of a chain, which has them for itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Problem" and node.args:
            kind = node.args[0]
            if isinstance(kind, ast.Constant):
                yield kind.value


def test_every_rule_is_told_in_one_sentence():
    told = rules()
    assert [name for name, (_, about) in told.items() if not about.endswith(".") or "\n" in about or "{" in about] == []
    assert {severity for severity, _ in told.values()} == {"error", "warning", "hint"}


def test_an_empty_setting_of_the_aws_cli_alone_is_in_peace(linted):
    assert linted("[default]\ncli_pager =\ncli_auto_prompt =\n") == ()


def test_a_pair_of_keys_in_two_files_is_named_once(linted, places):
    config = "[profile b]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n"
    assert places(linted(config, "[b]\naws_secret_access_key = x\n")) == [("keys_in_two_files", "config:2")]


def test_a_source_profile_in_quotes_is_named_for_its_quotes(linted, places):
    assert places(linted(ROLE.replace("= dev", '= "dev"'))) == [("quotes_in_value", "config:3")]


def test_a_section_that_an_indent_makes_part_of_a_value_is_named(linted):
    (finding,) = linted("[profile b]\noutput = json\n  [profile c]\n")
    assert (finding.rule, finding.where.line) == ("continued_value", 2)
    assert "[profile c]" in finding.message


def test_what_the_credentials_file_says_again_is_looked_at_in_the_config_file_too(linted, places):
    found = places(linted("[profile dev]\nregion = Ireland\n", f"{CREDENTIALS}region = eu-west-1\n"))
    assert found == [("bad_region", "config:2")]
