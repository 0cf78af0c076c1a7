"""The quick look at large files and the full catalog must tell the same, for whatever the files hold."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_app.catalog import quick
from tui_app.catalog.ini_headers import read_header
from tui_app.catalog.load import load_catalog
from tui_app.catalog.quick import names_fast, quick_rows
from tui_app.catalog.quick_rows import QuickRows
from tui_app.catalog.scan import header_of

ARN = "arn:aws:iam::111122223333:role/x"
NAMES = st.sampled_from(["a", "b", "c-d", "team/x", '"q r"', "ä", "o'k", "default", "", "production/R"])
HEADERS = st.one_of(
    NAMES.map("[profile {}]".format),
    NAMES.map("[profile {}] # c".format),
    NAMES.map("[{}]".format),
    st.sampled_from(["[ profile a ]", "[profile\ta]", "[sso-session s]", "[services s]", "[DEFAULT]", "[profile a", "[a]]", "[profile]"]),
)
SETTINGS = st.sampled_from(
    [
        f"role_arn = {ARN}",
        f"role_arn={ARN}",
        f"Role_ARN : {ARN}",
        f"role_arn\t= {ARN}",
        f"  role_arn = {ARN}",
        f"# role_arn = {ARN}",
        "role_arn_x = y",
        "role_arn",
        "sso_account_id = 111122223333",
        "sso_role_name = R",
        "sso_session = s",
        "sso_region = cn-north-1",
        "aws_account_id = 111122223333",
        "role_name=R",
        "source_profile = a",
        "duration_seconds = 900",
        "granted_sso_account_id = 111122223333",
        "granted_sso_role_name = R",
        f"ROLE_ARN = {ARN}",
        "Sso_Role_Name = R",
        "Include_profile = a",
        "target_role_name = T",
        "aws_account_alias = acme",
        "login_session = arn:aws:iam::111122223333:user/x/y",
        "Login_Session = nobody",
        "aws_access_key_id = AKIAIOSFODNN7EXAMPLE",
        "s3 =",
        "",
        "  nested = role_arn = x",
        "region = eu-west-1 # role",
    ]
)
FILES = st.builds(
    lambda lines, end: end.join(lines), st.lists(st.one_of(HEADERS, SETTINGS, SETTINGS), max_size=14), st.sampled_from(["\n", "\r\n"])
)
TOML = '[[account]]\nid = "111122223333"\nname = "production"\nenvironment = "prod"\n[[account.role]]\nname = "R"\nvia = "a"\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("quick")


@settings(max_examples=150, deadline=None)
@given(FILES, FILES, st.sampled_from([None, TOML, "not toml"]))
def test_names_and_rows_are_the_catalogs_own(folder, config, credentials, toml):
    (folder / "config").write_bytes(config.encode())
    (folder / "credentials").write_bytes(credentials.encode())
    environ = {"HOME": str(folder), "AWS_CONFIG_FILE": f"{folder}/config", "AWS_SHARED_CREDENTIALS_FILE": f"{folder}/credentials"}
    if toml:
        (folder / "config.toml").write_text(toml)
        environ["ROLEDECK_CONFIG"] = f"{folder}/config.toml"
    catalog = load_catalog(environ)
    keys = [role.key for role in catalog.roles]
    assert names_fast(environ) == keys
    rows = QuickRows(environ)
    if rows.depends:
        return
    assert list(rows.names) == keys
    assert [rows.account_id(number) for number in range(len(rows))] == [role.account.id for role in catalog.roles]
    assert [rows.role(number) for number in range(len(rows))] == list(catalog.roles)
    assert [rows.role(number).origin for number in range(len(rows))] == [role.origin for role in catalog.roles]
    assert [rows.account_id(number) for number in range(len(rows))] == [role.account.id for role in catalog.roles]


WORDS = st.sampled_from(["profile", "sso-session", "services", "default", "DEFAULT", "dev", "plugins", "a/b", ""])


@given(st.sampled_from(["config", "credentials"]), st.text(st.sampled_from("[]# ;\t\"'aD-é"), max_size=6), WORDS, WORDS)
def test_a_header_is_what_the_reader_takes_it_for(kind, odd, first, second):
    for line in (f"{first} {second}]", f"{first}]", f"{first}{odd}{second}]", f"{first} {second}{odd}", f"{odd}{first}]"):
        header = read_header("[" + line, kind)
        assert header_of(line, kind) == (header.kind, header.name)


@pytest.fixture
def many(tmp_path):
    text = "".join(f"[profile p{n}]\nrole_arn = {ARN}{n}\nsource_profile = dev\nregion = eu-west-1\n\n" for n in range(3000))
    (tmp_path / "config").write_text(text)
    return {"HOME": str(tmp_path), "AWS_CONFIG_FILE": str(tmp_path / "config")}


def test_only_large_files_are_worth_a_quick_look(many, tmp_path):
    assert quick_rows({"HOME": str(tmp_path / "none")}) is None
    rows = quick_rows(many)
    assert len(rows) == 3000
    assert str(rows.role(2999).origins["source_profile"]) == f"{tmp_path}/config:{2999 * 5 + 3}"


def test_a_plain_large_file_is_listed_without_the_full_reader(many):
    code = (
        "import os, sys; before = set(sys.modules)\n"
        "from tui_app.catalog.quick import names_fast\n"
        "assert len(names_fast(os.environ)) == 3000\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], env={**many, "PYTHONPATH": ":".join(sys.path)}, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert loaded & {"re", "json", "argparse", "dataclasses", "tomllib", "typing", "shlex", "tui_app.catalog.ini_file"} == set()


def test_the_limit_is_about_both_files_together(many, tmp_path, monkeypatch):
    monkeypatch.setattr(quick, "LARGE", (tmp_path / "config").stat().st_size + 1)
    assert quick_rows(many) is None
    (tmp_path / "credentials").write_text("# one more byte or two\n")
    assert quick_rows({**many, "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials")}) is not None
