from __future__ import annotations

import os

import pytest

from tui_app.catalog.load import load_catalog
from tui_app.catalog.stamps import FileStamp, stamp

ARN = "arn:aws:iam::{}:role/{}"


@pytest.fixture
def home(tmp_path):
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".config" / "roledeck" / "config.d").mkdir(parents=True)
    return tmp_path


def load(home, config: str = "", toml: str = "", fragments: dict[str, str] | None = None):
    (home / ".aws" / "config").write_text(config)
    (home / ".config" / "roledeck" / "config.toml").write_text(toml)
    for name, text in (fragments or {}).items():
        (home / ".config" / "roledeck" / "config.d" / name).write_text(text)
    return load_catalog({"HOME": str(home)})


def account(number: str, name: str, *roles: str, more: str = "") -> str:
    return f'[[account]]\nid = "{number}"\nname = "{name}"\n{more}' + "".join(f'[[account.role]]\nname = "{role}"\n' for role in roles)


def test_a_profile_takes_name_and_environment_of_its_account(home):
    catalog = load(
        home,
        f"[profile a]\nrole_arn = {ARN.format('111122223333', 'x/R')}\nsource_profile = b\n",
        account("111122223333", "production", more='environment = "prod"\nregions = ["eu-west-1"]\n'),
    )
    role = catalog.role("a")
    assert (role.account.name, role.account.environment, role.name, role.regions) == ("production", "prod", "x/R", ("eu-west-1",))
    assert catalog.accounts == (role.account,)


def test_an_account_that_no_file_names_goes_by_its_id(home):
    catalog = load(home, f"[profile a]\nrole_arn = {ARN.format('111122223333', 'R').replace('aws', 'aws-cn')}\n")
    assert [(item.id, item.label, item.environment, item.partition) for item in catalog.accounts] == [
        ("111122223333", "111122223333", "", "aws-cn")
    ]


@pytest.mark.parametrize(
    ("more", "arn"),
    [
        ("", "arn:aws:iam::111122223333:role/p/R"),
        ('partition = "aws-us-gov"\n', "arn:aws-us-gov:iam::111122223333:role/p/R"),
        ('regions = ["cn-north-1"]\n', "arn:aws-cn:iam::111122223333:role/p/R"),
    ],
)
def test_the_arn_of_a_role_of_our_own(home, more, arn):
    (role,) = load(home, "", account("111122223333", "x", "/p/R", more=more)).roles
    assert (role.arn, role.key) == (arn, "x/p/R")


def test_keys_are_unique_whatever_accounts_and_profiles_are_called(home):
    toml = account("111122223333", "x", "R", "S") + account("222233334444", "x", "R") + account("333344445555", "y", "R")
    catalog = load(home, f"[profile y/R]\nrole_arn = {ARN.format('444455556666', 'R')}\n", toml)
    assert [role.key for role in catalog.roles] == ["x/R", "x/S", "222233334444/R", "333344445555/R", "y/R"]
    assert all(catalog.role(role.key) is role for role in catalog.roles)


def test_a_role_that_is_written_twice_in_a_file_is_a_problem_and_in_a_fragment_is_not(home):
    again = account("111122223333", "renamed", "R", "T", more='environment = "prod"\n')
    catalog = load(home, "", account("111122223333", "x", "R", "R"), {"a.toml": again})
    assert [role.key for role in catalog.roles] == ["x/R", "x/T"]
    assert [(problem.kind, problem.where.line) for problem in catalog.problems] == [("duplicate_role", 6)]
    assert catalog.roles[0].account.environment == "prod"


def test_confirmation_by_account_and_by_environment(home):
    toml = (
        "[environment.prod]\nconfirm = true\n"
        + account("111122223333", "a", "R", more='environment = "prod"\n')
        + account("222233334444", "b", "R", more='environment = "prod"\nconfirm = false\n')
        + account("333344445555", "c", "R", more="confirm = true\n")
        + account("444455556666", "d", "R")
    )
    assert [role.account.confirm for role in load(home, "", toml).roles] == [True, False, True, False]


def test_where_everything_came_from(home):
    catalog = load(home, "[profile a]\n\nrole_arn = x\n", account("111122223333", "x", "R"))
    own, profile = catalog.roles
    toml = f"{home}/.config/roledeck/config.toml"
    assert {name: str(origin) for name, origin in own.origins.items()} == {
        "role": f"{toml}:4",
        "role_arn": f"{toml}:5",
        "name": f"{toml}:5",
    }
    assert {name: str(origin) for name, origin in profile.origins.items()} == {
        "role": f"{home}/.aws/config:1",
        "role_arn": f"{home}/.aws/config:3",
    }
    assert (str(own.origin), str(profile.origin)) == (f"{toml}:4", f"{home}/.aws/config:1")


def test_a_role_is_made_when_it_is_looked_at_and_is_then_the_same(home):
    catalog = load(home, "".join(f"[profile p{n}]\nrole_arn = arn:aws:iam::11112222333{n}:role/r\n" for n in range(4)))
    third = catalog.role("p2")
    assert third is catalog.roles[2]
    assert catalog.roles[-1] == catalog.role("p3")
    assert [role.key for role in catalog.roles[1:3]] == ["p1", "p2"]
    assert (len(catalog.roles), catalog.keys) == (4, ["p0", "p1", "p2", "p3"])
    assert list(catalog.roles)[2] is third
    assert catalog.roles == tuple(catalog.roles)
    with pytest.raises(IndexError):
        catalog.roles[4]


def test_accounts_stand_in_the_order_of_their_roles_whichever_was_looked_at_first(home):
    config = "".join(f"[profile p{n}]\nrole_arn = arn:aws:iam::11112222333{n}:role/r\n" for n in range(3))
    catalog = load(home, config, account("111122223332", "x", "R"))
    assert catalog.role("p1").account.id == "111122223331"
    assert [item.id for item in catalog.accounts] == ["111122223332", "111122223330", "111122223331"]


def test_sources_are_the_profiles_with_credentials_of_their_own(home):
    catalog = load(
        home,
        "[profile a]\ncredential_process = p\n[profile half]\naws_access_key_id = x\n[profile none]\nregion = x\n"
        "[profile keys]\naws_access_key_id = x\naws_secret_access_key = y\nregion = eu-west-1\nmfa_serial =\n",
    )
    assert {name: source.kind for name, source in catalog.sources.items()} == {"a": "process", "keys": "static"}
    assert (catalog.sources["keys"].region, catalog.sources["keys"].mfa_serial) == ("eu-west-1", "")
    assert catalog.roles == ()


def test_any_change_of_any_file_or_folder_shows_in_the_stamps(home):
    catalog = load(home, "[profile a]\n", "", {"a.toml": ""})
    names = [os.path.relpath(item.path, home) for item in catalog.stamps]
    ours = ".config/roledeck"
    assert sorted(names) == sorted(
        [
            *(f"{ours}/config.toml", f"{ours}/config.d", f"{ours}/config.d/a.toml"),
            *(".aws/config", ".aws/credentials", ".cache/roledeck/discovered"),
        ]
    )
    assert all(stamp(one.path) == one for one in catalog.stamps)
    (home / ".aws" / "credentials").write_text("")
    assert any(stamp(one.path) != one for one in catalog.stamps)
    again = load_catalog({"HOME": str(home)}).stamps
    (home / ours / "config.d" / "b.toml").write_text("")
    assert [old.path for old in again if stamp(old.path) != old] == [str(home / ours / "config.d")]


def test_a_path_that_cannot_be_looked_at_counts_as_absent(tmp_path):
    assert stamp("with\0nul") == FileStamp("with\0nul")
    assert stamp(str(tmp_path / "none")) == FileStamp(str(tmp_path / "none"))
