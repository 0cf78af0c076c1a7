"""The quick look at large files and the full catalog must tell the same, for whatever the files hold."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_app.catalog import quick
from tui_app.catalog.discovered import FoundAccount, FoundRole
from tui_app.catalog.ini_headers import read_header
from tui_app.catalog.load import load_catalog
from tui_app.catalog.quick import names_fast, quick_rows
from tui_app.catalog.quick_discovered import memory_of
from tui_app.catalog.quick_rows import QuickRows
from tui_app.catalog.scan import header_of
from tui_app.discovery.identity_center import StartPage
from tui_app.discovery.memory import _written, remember
from tui_app.model import SsoSession

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


ACCOUNT_IDS, PERMISSION_SETS = st.sampled_from(["111122223333", "222233334444"]), st.sampled_from(["R", "S", "a", "A+b=c"])
PLAIN_LABELS = st.sampled_from(["", "production", "team", "roles", "Zürich", "[]", "a", "sp ace"])
LABELS = st.one_of(*[PLAIN_LABELS] * 29, st.sampled_from(['q"uote', "back\\slash", "line\nbreak"]))
MEMORIES = st.lists(
    st.builds(
        lambda sign_in, page, region, accounts, roles: StartPage(
            SsoSession(sign_in, page, region),
            1732200000.25,
            tuple(FoundAccount(*pair) for pair in accounts),
            tuple(FoundRole(*pair) for pair in roles),
        ),
        st.sampled_from(["s"] * 18 + ["t", "nobody"]),
        st.sampled_from(["https://s.example/start"] * 4 + ["https://s.example/start/#/", "https://t.example"]),
        st.sampled_from(["eu-west-1"] * 4 + ["us-east-1"]),
        st.lists(st.tuples(ACCOUNT_IDS, LABELS), max_size=3).map(lambda found: found or [("111122223333", "production")]),
        st.lists(st.tuples(ACCOUNT_IDS, PERMISSION_SETS), min_size=1, max_size=4),
    ),
    max_size=2,
)
SIGN_IN = "[sso-session s]\nsso_start_url = https://s.example/start\nsso_region = eu-west-1\n"
SESSIONS = st.sampled_from(
    [
        *[SIGN_IN] * 15,
        "",
        "[sso-session s]\nsso_start_url=https://s.example/start/#/\nsso_region = eu-west-1 # Ireland\n",
        SIGN_IN + "[sso-session t]\n# c\nSSO_start_url = https://t.example\nsso_region = eu-west-1\n",
        SIGN_IN + "[sso-session s]\nsso_region = us-east-1\n",
        "[sso-session s]\nsso_start_url = https://s.example/start\n  /more\nsso_region : eu-west-1\n",
        "[sso-session t]\nsso_start_url = https://t.example\n",
    ]
)
PROFILES = st.lists(
    st.sampled_from(
        [
            "[profile p]\nsso_session = s\nsso_account_id = 111122223333\nsso_role_name = R\n",
            "[profile q]\nsso_account_id = 222233334444\nsso_role_name=S\nregion = eu-west-1\n",
            "[profile r]\nsso_account_id = 111122223333\nsso_role_name = S # c\n",
            "[profile u]\nsso_account_id = 111122223333\nsso_role_name = a\n  b\n",
            "[profile v]\nSSO_ACCOUNT_ID = 111122223333\nsso_role_name = a\nSso_Role_Name = S\n",
            "[profile w]\ngranted_sso_account_id = 111122223333\ngranted_sso_role_name = R\n",
            f"[profile x]\nrole_arn = {ARN}\nsso_account_id = 111122223333\nsso_role_name = S\n",
            "[profile production/R]\nregion = eu-west-1\n",
            f"[profile 111122223333/S]\nrole_arn = {ARN}\n",
            "[profile z]\nsso_start_url = https://t.example\nsso_region = eu-west-1\n",
            "[profile y]\nsso_account_id = 222233334444\nsso_role_name = S",
            "\n[profile own]\ncredential_process = roledeck credential-process production/R\n",
        ]
    ),
    max_size=5,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(SESSIONS, PROFILES, PROFILES, MEMORIES, st.sampled_from([None, None, None, TOML]))
def test_names_of_remembered_roles_are_the_catalogs_own(folder, sessions, profiles, credentials, memories, toml):
    home = Path(tempfile.mkdtemp(dir=folder))
    (home / "config").write_text(sessions + profiles)
    (home / "credentials").write_text(credentials.replace("[profile ", "["))
    environ = {"HOME": str(home), "AWS_CONFIG_FILE": f"{home}/config", "AWS_SHARED_CREDENTIALS_FILE": f"{home}/credentials"}
    if toml:
        (home / "config.toml").write_text(toml)
        environ["ROLEDECK_CONFIG"] = f"{home}/config.toml"
    for memory in memories:
        remember(environ, memory)
    assert names_fast(environ) == [role.key for role in load_catalog(environ).roles]


def test_remembered_roles_of_large_files_are_listed_without_the_full_reader(many, tmp_path):
    with (tmp_path / "config").open("a") as file:
        file.write(SIGN_IN)
    accounts, roles = (FoundAccount("111122223333", "Zürich"),), (FoundRole("111122223333", "Admin"), FoundRole("111122223333", "Read"))
    remember(many, StartPage(SsoSession("s", "https://s.example/start", "eu-west-1"), 1732200000.0, accounts, roles))
    code = (
        "import os, sys; before = set(sys.modules)\n"
        "from tui_app.catalog.quick import names_fast\n"
        "assert names_fast(os.environ)[2999:] == ['p2999', 'Zürich/Admin', 'Zürich/Read']\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    environ = {**many, "PYTHONPATH": ":".join(sys.path), "PYTHONUTF8": "1"}
    done = subprocess.run([sys.executable, "-S", "-c", code], env=environ, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert loaded & {"re", "json", "argparse", "dataclasses", "tomllib", "typing", "shlex", "tui_app.catalog.ini_file"} == set()


@given(st.binary(max_size=60), st.integers(0, 400))
def test_a_remembered_file_that_is_not_as_it_was_written_is_read_in_full_or_as_the_reader_does(junk, place):
    page = SsoSession("s", "https://s.example/start", "eu-west-1")
    content = _written({"version": 1, "sso_session": "s", "start_url": page.start_url, "region": page.region, "at": 1732200000.0,
                        "accounts": [["111122223333", "a"]], "roles": [["111122223333", "R"]]})  # fmt: skip
    mutated = content[:place] + junk + content[place + len(junk) // 2 :]
    memory = memory_of(mutated)
    if memory is not None:
        said = json.loads(mutated)
        assert [*map(list, memory.accounts)] == said["accounts"]
        assert [*map(list, memory.roles)] == said["roles"]
        assert (memory.sign_in, memory.start_url, memory.region, said["version"]) == (
            said["sso_session"],
            said["start_url"],
            said["region"],
            1,
        )
