from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.catalog.load import Catalog, load_catalog
from tui_app.catalog.names import SHOWN, find_role
from tui_app.errors import ConfigUnusable, UnknownRole
from tui_app.model import Account, Role

ARN = "arn:aws:iam::111122223333:role/path/Developer"
CONFIG = f"""
[profile team]
role_arn = {ARN}
source_profile = dev
[profile twin]
role_arn = arn:aws:iam::999900001111:role/Twin
source_profile = dev
[profile twin-too]
role_arn = arn:aws:iam::999900001111:role/Twin
source_profile = ops
[profile dev]
aws_access_key_id = AKIA
aws_secret_access_key = x
[profile idle]
credential_process = p
[profile ops]
role_arn = arn:aws:iam::999900001111:role/Ops
source_profile = dev
"""
TOML = """
[[account]]
id = "111122223333"
name = "production"
alias = "acme-prod"
  [[account.role]]
  name = "path/Developer"
  via = "dev"
  [[account.role]]
  name = "AdminRole"
  via = "dev"
[[account]]
id = "777788889999"
name = "team"
  [[account.role]]
  name = "Reader"
  via = "dev"
"""


@pytest.fixture(scope="module")
def catalog(tmp_path_factory):
    folder = tmp_path_factory.mktemp("names")
    (folder / "config").write_text(CONFIG)
    (folder / "config.toml").write_text(TOML)
    return load_catalog({"HOME": str(folder), "AWS_CONFIG_FILE": str(folder / "config")}, str(folder / "config.toml"))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("team", "team"),
        ("production/path/Developer", "production/path/Developer"),
        ("production/Developer", "production/path/Developer"),
        ("acme-prod/Developer", "production/path/Developer"),
        ("111122223333/path/Developer", "production/path/Developer"),
        ("111122223333/AdminRole", "production/AdminRole"),
        ("999900001111/Ops", "ops"),
        ("arn:aws:iam::999900001111:role/Ops", "ops"),
    ],
)
@pytest.mark.parametrize("prefix", [True, False])
def test_exact_names(catalog, text, key, prefix):
    assert find_role(catalog, text, prefix=prefix).key == key


@pytest.mark.parametrize(
    ("text", "key"), [("production/Adm", "production/AdminRole"), ("acme-prod/p", "production/path/Developer"), ("op", "ops")]
)
def test_a_unique_beginning_is_enough_where_it_may_be(catalog, text, key):
    assert find_role(catalog, text, prefix=True).key == key
    with pytest.raises(UnknownRole):
        find_role(catalog, text, prefix=False)


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("prod", ("production/AdminRole", "production/path/Developer")),
        ("twin-", ()),
        (ARN, ("production/path/Developer", "team")),
        ("999900001111/Twin", ("twin", "twin-too")),
    ],
)
def test_an_ambiguous_name_gets_its_candidates(catalog, text, candidates):
    if not candidates:
        assert find_role(catalog, text, prefix=True).key == "twin-too"
        return
    with pytest.raises(UnknownRole) as failure:
        find_role(catalog, text, prefix=True)
    assert failure.value.candidates == candidates
    assert failure.value.exit_code == 2
    assert all(candidate in failure.value.sentence() for candidate in candidates)


def test_an_exact_name_wins_over_longer_ones(catalog):
    assert find_role(catalog, "twin", prefix=True).key == "twin"


@pytest.mark.parametrize(
    ("text", "says", "candidates"),
    [
        ("AdmnRole", "Did you mean production/AdminRole?", ("production/AdminRole",)),
        ("admin", "Did you mean production/AdminRole?", ("production/AdminRole",)),
        ("zzzzzz", "`roledeck ls` shows", ()),
        ("", "No role is named.", ()),
        ("dev", '"dev" is a source of credentials, not a role. Roles from there: production/path/Developer', None),
        ("idle", "is a source of credentials, not a role. `roledeck ls`", ()),
        ("arn:aws:iam::111122223333:user/x", "is not a role's ARN.", ()),
        ("arn:aws:sts::111122223333:assumed-role/x/y", "A session's ARN cannot be assumed", ()),
        ("arn:aws:iam::111122223333:role/Unknown", "is in no file. Say where to start from: --via", ()),
    ],
)
def test_an_unknown_name_gets_a_helpful_sentence(catalog, text, says, candidates):
    with pytest.raises(UnknownRole) as failure:
        find_role(catalog, text, prefix=False)
    assert says in failure.value.sentence()
    assert candidates is None or failure.value.candidates == candidates


def test_an_arn_in_no_file_goes_by_way_of_via(catalog):
    role = find_role(catalog, "arn:aws-cn:iam::111122223333:role/a/b/New", prefix=False, via="dev")
    assert (role.key, role.name, role.short_name, role.via) == (role.arn, "a/b/New", "New", "dev")
    assert role.account.name == "production"
    assert str(role.origins["via"]) == "--via"


def test_of_two_with_one_arn_via_tells_which(catalog):
    twin = "arn:aws:iam::999900001111:role/Twin"
    assert find_role(catalog, twin, prefix=False, via="ops").key == "twin-too"
    with pytest.raises(UnknownRole):
        find_role(catalog, twin, prefix=False, via="elsewhere")


def test_via_is_kept_as_written_when_it_is_the_same(catalog):
    assert find_role(catalog, "ops", prefix=False, via="dev") is catalog.role("ops")
    assert find_role(catalog, "ops", prefix=False, via="team").via == "team"


def test_a_sentence_stays_short(tmp_path):
    (tmp_path / "config").write_text("".join(f"[profile p{n}]\nrole_arn = {ARN}{n}\nsource_profile = d\n" for n in range(50)))
    many = load_catalog({"HOME": str(tmp_path), "AWS_CONFIG_FILE": str(tmp_path / "config")})
    with pytest.raises(UnknownRole) as failure:
        find_role(many, "p", prefix=True)
    assert len(failure.value.candidates) == SHOWN
    assert "and 42 more" in failure.value.message


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (b"[[account]\n", "config.toml:1: This is not TOML"),
        (b"# caf\xe9\n", "config.toml:1: This line is not UTF-8"),
        (None, "config.toml: There is no such file."),
    ],
)
def test_a_name_that_may_be_in_a_file_that_cannot_be_read(tmp_path, written, says):
    (tmp_path / "config").write_text(CONFIG)
    if written is not None:
        (tmp_path / "config.toml").write_bytes(written)
    partly = load_catalog({"HOME": str(tmp_path), "AWS_CONFIG_FILE": str(tmp_path / "config")}, str(tmp_path / "config.toml"))
    assert find_role(partly, "team", prefix=False).key == "team"
    for text in ("production/AdminRole", "arn:aws:iam::111122223333:role/AdminRole"):
        with pytest.raises(ConfigUnusable) as failure:
            find_role(partly, text, prefix=False)
        assert says in failure.value.sentence()
        assert failure.value.sentence().count(str(tmp_path)) == 1
        assert text in failure.value.message
        assert str(tmp_path / "config.toml") in failure.value.where


def test_a_shared_file_with_a_line_that_is_not_utf8_is_no_lost_file(tmp_path):
    (tmp_path / "config").write_bytes(b"# na\xefve\n[profile b]\nrole_arn = arn:aws:iam::111122223333:role/B\nsource_profile = dev\n")
    catalog = load_catalog({"HOME": str(tmp_path), "AWS_CONFIG_FILE": str(tmp_path / "config")})
    with pytest.raises(UnknownRole):
        find_role(catalog, "nobody", prefix=False)


def test_a_shared_file_in_utf_16_is_a_lost_file_too(tmp_path):
    (tmp_path / "config").write_text(CONFIG, encoding="utf-16")
    catalog = load_catalog({"HOME": str(tmp_path), "AWS_CONFIG_FILE": str(tmp_path / "config")})
    with pytest.raises(ConfigUnusable) as failure:
        find_role(catalog, "team", prefix=False)
    assert "UTF-8" in failure.value.sentence()


def test_no_roles_at_all(tmp_path):
    with pytest.raises(UnknownRole, match="no file names any"):
        find_role(load_catalog({"HOME": str(tmp_path)}), "x", prefix=True)


@pytest.mark.parametrize(
    ("text", "says", "candidates"),
    [
        ("Production/adminrole", "Did you mean production/AdminRole?", ("production/AdminRole",)),
        ("TEAM", "Did you mean team, ", None),
        ("prod/admin", "Did you mean production/AdminRole?", ("production/AdminRole",)),
        ("acme-prod", '"acme-prod" is an account, not a role. Add a role of it: production/path/Developer, ', None),
        ("777788889999/", "is an account, not a role. Add a role of it: team/Reader.", ("team/Reader",)),
        ("-production", "Did you mean", None),
        ('"', "`roledeck ls` shows", ()),
        ("env:prod", "`roledeck ls` shows", ()),
    ],
)
def test_what_was_nearly_right_gets_the_right_name(catalog, text, says, candidates):
    with pytest.raises(UnknownRole) as failure:
        find_role(catalog, text, prefix=False)
    assert says in failure.value.sentence()
    assert candidates is None or failure.value.candidates == candidates


NAMES = st.text(alphabet="abAB1-_/. é", min_size=1, max_size=6).map(str.strip).filter(lambda name: name.strip("/ ") != "")
ACCOUNTS = st.sampled_from(["111111111111", "222222222222", "333333333333"]).map(lambda number: Account(number, f"name{number[0]}"))
ROLES = st.builds(
    lambda account, name, profile: Role(
        profile or f"{account.label}/{name}", f"arn:aws:iam::{account.id}:role/{name}", account, name, via="dev", profile=profile
    ),
    ACCOUNTS,
    NAMES,
    st.none() | NAMES,
)
CATALOGS = st.lists(ROLES, min_size=1, max_size=8, unique_by=lambda role: role.key)


@given(CATALOGS, st.data())
def test_every_key_finds_its_role_and_a_further_role_changes_none(roles, data):
    before = Catalog(roles=tuple(roles))
    further = data.draw(ROLES.filter(lambda role: role.key not in {other.key for other in roles}))
    after = Catalog(roles=tuple(data.draw(st.permutations([*roles, further]))))
    for role in roles:
        for prefix in (True, False):
            assert find_role(before, role.key, prefix=prefix) is role
            assert find_role(after, role.key, prefix=prefix) is role


@given(CATALOGS, st.text(max_size=8))
def test_no_name_whatever_upsets_it(roles, text):
    keys, outcome = {role.key for role in roles}, set[str]()
    try:
        outcome = {find_role(Catalog(roles=tuple(roles)), text, prefix=True).key}
    except UnknownRole as failure:
        outcome = set(failure.candidates)
    assert outcome <= keys
    assert len(outcome) <= SHOWN


def test_of_many_candidates_the_shortest_come_first_and_the_rest_is_counted(tmp_path):
    profiles = "".join(f"[profile {'x' * (n % 40 + 1)}{n}]\nrole_arn = {ARN}{n}\nsource_profile = d\n" for n in range(2000))
    (tmp_path / "config").write_text(profiles)
    many = load_catalog({"HOME": str(tmp_path), "AWS_CONFIG_FILE": str(tmp_path / "config")})
    with pytest.raises(UnknownRole) as failure:
        find_role(many, "x", prefix=True)
    sizes = [len(key) for key in failure.value.candidates]
    assert sizes == sorted(sizes)
    assert "and 1,992 more" in failure.value.message
