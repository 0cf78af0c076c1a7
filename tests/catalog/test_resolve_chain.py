from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_app.catalog.chain import resolve_chain
from tui_app.catalog.load import load_catalog
from tui_app.catalog.names import find_role
from tui_app.catalog.sources import CREDENTIAL_SOURCES
from tui_app.secret import Secret

ARN = "arn:aws:iam::111122223333:role/{}"
KEYS = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalr\n"
TEMPORARY = KEYS + "aws_session_token = t\n"
DEV = f"[profile dev]\n{KEYS}"
SERIAL, OTHER = "arn:aws:iam::444455556666:mfa/DevUser", "arn:aws:iam::444455556666:mfa/Other"


@pytest.fixture
def files(tmp_path):
    def load(config: str = "", credentials: str = "", toml: str | None = None):
        (tmp_path / "config").write_text(config)
        (tmp_path / "credentials").write_text(credentials)
        environ = {
            "HOME": str(tmp_path),
            "AWS_CONFIG_FILE": str(tmp_path / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
        }
        if toml is not None:
            (tmp_path / "config.toml").write_text(toml)
            environ["ROLEDECK_CONFIG"] = str(tmp_path / "config.toml")
        return load_catalog(environ)

    return load


def profile(name: str, source: str = "", more: str = "") -> str:
    return f"[profile {name}]\nrole_arn = {ARN.format(name)}\n" + (f"source_profile = {source}\n" if source else "") + more


def chain_of(catalog, key: str):
    return resolve_chain(catalog, catalog.role(key))


def steps(chain) -> list[str]:
    return [hop.role.key for hop in chain.hops]


def found(chain) -> list[tuple[str, int]]:
    return [(problem.kind, problem.where.line) for problem in chain.problems]


def test_a_chain_of_any_depth_runs_from_the_source_to_the_role(files):
    catalog = files(DEV + "".join(profile(f"r{n}", f"r{n - 1}" if n else "dev") for n in range(200)))
    chain = chain_of(catalog, "r199")
    assert steps(chain) == [f"r{n}" for n in range(200)]
    assert [hop.via for hop in chain.hops][:2] == ["dev", "r0"]
    assert (chain.source.kind, chain.source.profile, chain.problems) == ("static", "dev", ())
    assert chain.source.access_key.secret == Secret("wJalr")
    assert chain.hops[-1].role is chain.role


@pytest.mark.parametrize(
    ("config", "kind", "line"),
    [
        (profile("a"), "missing_source", 2),
        (profile("a", "dev", "credential_source = Environment\n") + DEV, "both_sources", 4),
        (profile("a", "gone"), "unknown_source", 3),
        (profile("a", "", "credential_source = environment\n"), "unknown_source", 3),
        (profile("a", "empty") + "[profile empty]\nregion = x\n", "missing_source", 3),
        (profile("a", "half") + "[profile half]\naws_access_key_id = AKIA\n", "partial_keys", 5),
        (profile("a", "half") + "[profile half]\naws_secret_access_key = x\n", "partial_keys", 5),
        (profile("a", "a"), "loop", 3),
        (profile("a", "b") + profile("b", "a"), "loop", 6),
        (profile("a", "b") + profile("b", "b"), "loop", 6),
        (profile("a", "b") + "[profile b]\nsso_account_id = 1\n", "sso_incomplete", 5),
        (profile("a", "b") + "[profile b]\nsso_account_id = 1\nsso_role_name = R\nsso_session = hub\n", "sso_session_missing", 7),
        (
            profile("a", "b")
            + "[profile b]\nsso_account_id = 1\nsso_role_name = R\nsso_session = hub\nsso_region = eu-west-1\n"
            + "[sso-session hub]\nsso_region = us-east-1\nsso_start_url = https://x\n",
            "sso_inconsistent",
            8,
        ),
        (profile("a", "b") + "[profile b]\nsso_session = hub\n[sso-session hub]\nsso_region = x\nsso_start_url = y\n", "missing_source", 3),
        ("[profile a]\nrole_arn = not-an-arn\nsource_profile = dev\n" + DEV, "bad_role_arn", 2),
        ("[profile a]\nrole_arn =\nsource_profile = dev\n" + DEV, "bad_role_arn", 2),
    ],
)
def test_what_stops_the_files_from_resolving_is_named_with_its_line(files, config, kind, line):
    assert found(chain_of(files(config), "a")) == [(kind, line)]


def test_a_loop_names_its_circle_and_not_the_way_there(files):
    chain = chain_of(files(profile("a", "b") + profile("b", "c") + profile("c", "b")), "a")
    assert "b → c → b" in chain.problems[0].message
    assert "a →" not in chain.problems[0].message


def test_a_profile_may_be_its_own_source_when_it_has_keys(files):
    chain = chain_of(files(profile("a", "a", KEYS)), "a")
    assert (steps(chain), chain.source.profile, chain.problems) == (["a"], "a", ())


def test_the_top_profiles_own_keys_are_not_used_and_a_sources_role_is_not_assumed(files):
    catalog = files(profile("a", "b", KEYS.replace("AKIAI", "AKIAJ")) + profile("b", "gone", KEYS))
    chain = chain_of(catalog, "a")
    assert (steps(chain), chain.problems) == (["a"], ())
    assert chain.source.access_key.id == "AKIAIOSFODNN7EXAMPLE"


@pytest.mark.parametrize(("written", "kind"), list(CREDENTIAL_SOURCES.items()))
def test_credential_source(files, written, kind):
    chain = chain_of(files(profile("a", "", f"credential_source = {written}\n")), "a")
    assert (chain.source.kind, chain.source.profile, steps(chain), chain.problems) == (kind, None, ["a"], ())


def test_a_web_identity_role_is_the_source_and_not_a_hop(files):
    catalog = files(profile("web", "", "web_identity_token_file = /token\n") + profile("a", "web"))
    assert (steps(chain_of(catalog, "web")), chain_of(catalog, "web").source.kind) == ([], "web_identity")
    chain = chain_of(catalog, "a")
    assert (steps(chain), chain.source.details["role_arn"]) == (["a"], ARN.format("web"))


SSO = "[profile hub]\nsso_session = s\nsso_account_id = 777788889999\nsso_role_name = ReadOnly\n"
SESSION = "[sso-session s]\nsso_region = eu-west-1\nsso_start_url = https://example.awsapps.com/start\n"


def test_identity_center_profiles_are_roles_and_sources(files):
    catalog = files(SSO + SESSION + profile("a", "hub"))
    role = catalog.role("hub")
    assert (role.arn, role.account.id, role.via) == ("arn:aws:iam::777788889999:role/ReadOnly", "777788889999", "s")
    chain = resolve_chain(catalog, role)
    assert (chain.source.kind, chain.hops, chain.problems, len(chain.notes)) == ("sso", (), (), 1)
    assert steps(chain_of(catalog, "a")) == ["a"]
    assert chain_of(catalog, "a").source.details["sso_start_url"] == "https://example.awsapps.com/start"


@pytest.mark.parametrize(
    ("own", "kind"),
    [
        (KEYS + "credential_process = p\n", "process"),
        (KEYS + "login_session = arn:x\ncredential_process = p\n", "login"),
        (KEYS + SSO.partition("\n")[2], "sso"),
        (KEYS + f"role_arn = {ARN.format('x')}\nweb_identity_token_file = /t\n", "web_identity"),
        (KEYS, "static"),
    ],
)
def test_which_of_a_profiles_own_credentials_is_used(files, own, kind):
    assert chain_of(files(f"[profile b]\n{own}{SESSION}" + profile("a", "b")), "a").source.kind == kind


def test_keys_in_the_credentials_file_go_before_a_program_in_the_config_file(files):
    catalog = files("[profile b]\ncredential_process = p\n" + profile("a", "b"), f"[b]\n{KEYS}")
    assert chain_of(catalog, "a").source.kind == "static"


def test_a_pair_of_keys_comes_from_one_file(files):
    catalog = files(f"[profile b]\n{KEYS}" + profile("a", "b"), "[b]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = other\n")
    key = chain_of(catalog, "a").source.access_key
    assert (key.id, key.secret) == ("AKIAOTHER", Secret("other"))


TOML = f"""
[[account]]
id = "111122223333"
name = "production"
alias = "acme"
  [[account.role]]
  name = "path/Developer"
  via = "dev"
  external_id = "abc"
  duration = "4h"
  [[account.role]]
  name = "Lost"
  [[account.role]]
  name = "Typo"
  via = "dve"
[[account]]
id = "777788889999"
name = "audit"
  [[account.role]]
  name = "ByName"
  via = "production/path/Developer"
  [[account.role]]
  name = "ByAliasWithoutPath"
  via = "acme/Developer"
  [[account.role]]
  name = "ById"
  via = "111122223333/path/Developer"
  [[account.role]]
  name = "ByProfileRole"
  via = "team"
  [[account.role]]
  name = "Round"
  via = "audit/And"
  [[account.role]]
  name = "And"
  via = "audit/Round"
  mfa_serial = "{SERIAL}"
"""


@pytest.mark.parametrize("name", ["ByName", "ByAliasWithoutPath", "ById"])
def test_via_may_name_a_role_by_account_name_alias_or_id(files, name):
    chain = chain_of(files(DEV, "", TOML), f"audit/{name}")
    assert (steps(chain), chain.problems) == (["production/path/Developer", f"audit/{name}"], ())
    assert chain.hops[0].request.duration == 4 * 3600
    assert chain.hops[0].request.external_id == Secret("abc")
    assert chain.hops[1].request.external_id is None


def test_via_may_name_a_profile_that_is_a_role(files):
    assert steps(chain_of(files(DEV + profile("team", "dev"), "", TOML), "audit/ByProfileRole")) == ["team", "audit/ByProfileRole"]


@pytest.mark.parametrize(
    ("key", "kind", "line"),
    [("production/Lost", "missing_source", 11), ("production/Typo", "unknown_source", 15), ("audit/Round", "loop", 36)],
)
def test_what_is_wrong_with_a_via(files, key, kind, line):
    assert found(chain_of(files(DEV, "", TOML), key)) == [(kind, line)]


def test_a_typing_error_in_a_via_gets_the_nearest_name(files):
    assert chain_of(files(DEV, "", TOML), "production/Typo").problems[0].mend == 'Did you mean "dev"?'


def test_a_role_with_a_refused_setting_is_listed_but_not_used(files):
    toml = '[[account]]\nid = "111122223333"\n[[account.role]]\nname = "A"\nvia = "dev"\nexternl_id = "x"\n'
    chain = chain_of(files(DEV, "", toml), "111122223333/A")
    assert found(chain) == [("unknown_key", 6)]


@pytest.mark.parametrize(
    ("config", "defaults", "serials"),
    [
        (profile("a", "dev") + DEV, "", [None]),
        (profile("a", "dev", f"mfa_serial = {SERIAL}\n") + DEV, "", [SERIAL]),
        (profile("a", "dev") + DEV + f"mfa_serial = {SERIAL}\n", "", [SERIAL]),
        (profile("a", "dev") + DEV, f'mfa_serial = "{SERIAL}"', [SERIAL]),
        (profile("a", "dev", f"mfa_serial = {OTHER}\n") + DEV + f"mfa_serial = {SERIAL}\n", "", [OTHER]),
        (profile("a", "dev", "mfa_serial =\n") + DEV, f'mfa_serial = "{SERIAL}"', [""]),
        (profile("a", "b", f"mfa_serial = {SERIAL}\n") + profile("b", "dev") + DEV, "", [SERIAL, None]),
        (profile("a", "b", f"mfa_serial = {OTHER}\n") + profile("b", "dev", f"mfa_serial = {SERIAL}\n") + DEV, "", [SERIAL, None]),
    ],
)
def test_a_code_goes_into_the_first_call_only(files, config, defaults, serials):
    chain = chain_of(files(config, "", f"[defaults]\n{defaults}\n"), "a")
    assert [hop.request.mfa_serial for hop in chain.hops] == serials


def test_defaults_hold_where_a_role_says_nothing(files):
    toml = '[defaults]\nregion = "eu-west-1"\nduration = "2h"\nsession_name = "{user}"\nmfa = "direct"\n'
    config = profile("a", "dev") + profile("b", "dev", "duration_seconds = 900\nregion = us-east-1\nrole_session_name = me\n") + DEV
    catalog = files(config, "", toml)
    plain, own = chain_of(catalog, "a").hops[0].request, chain_of(catalog, "b").hops[0].request
    assert (plain.duration, plain.region, plain.session_name, plain.mfa) == (7200, "eu-west-1", "{user}", "direct")
    assert (own.duration, own.region, own.session_name) == (900, "us-east-1", "me")


def test_the_targets_region_is_used_for_every_hop_as_botocore_does(files):
    chain = chain_of(files(profile("a", "b", "region = eu-central-1\n") + profile("b", "dev") + DEV + "region = us-east-1\n"), "a")
    assert [hop.request.region for hop in chain.hops] == ["eu-central-1", "eu-central-1"]


def test_another_way_takes_the_place_of_the_files(files):
    catalog = files(profile("a", "gone") + profile("hub", "dev") + DEV, "", TOML)
    for role in ("a", "production/Lost", "arn:aws:iam::999900001111:role/x/Nowhere"):
        chain = resolve_chain(catalog, find_role(catalog, role, prefix=False, via="hub"))
        assert (steps(chain)[0], len(chain.hops), chain.problems) == ("hub", 2, ())


def test_an_unknown_way_is_a_problem(files):
    catalog = files(DEV, "", TOML)
    chain = resolve_chain(catalog, find_role(catalog, "production/Lost", prefix=False, via="nowhere"))
    assert [(problem.kind, str(problem.where)) for problem in chain.problems] == [("unknown_source", "--via")]


def test_foreign_keys_are_understood(files):
    more = (
        "source_identity = me\nsession_tags = a=b, c=d\ntransitive_session_tags = a\ncolor = ff0000\ndescription = mine\nmfa_process = x\n"
        "include_profile = y\ngranted_color = red\nimage = z\n"
    )
    role = files(profile("a", "dev", more) + DEV).role("a")
    assert role.request.source_identity == "me"
    assert (role.request.tags, role.request.transitive_tags) == ((("a", "b"), ("c", "d")), ("a",))
    assert (role.color, role.description) == ("ff0000", "mine")
    account = files("[profile s]\naws_account_id = 999900001111\nrole_name = path/R\nsource_profile = dev\n" + DEV)
    assert account.role("s").arn == "arn:aws:iam::999900001111:role/path/R"
    assert steps(chain_of(account, "s")) == ["s"]


def test_a_duration_that_is_none_is_a_problem_and_not_used(files):
    catalog = files(profile("a", "dev", "duration_seconds = 1 hour\n") + profile("b", "dev", "duration_seconds = 1 hour\n") + DEV)
    assert [(problem.kind, problem.where.line) for problem in catalog.problems] == [("bad_value", 4), ("bad_value", 8)]
    assert catalog.role("a").request.duration is None


def test_names_never_reach_a_sentence_uncleaned(files):
    chain = chain_of(files('[profile "a\x1b[31m"]\nrole_arn = x\x1b\nsource_profile = b\x1b]0;\n'), "a\x1b[31m")
    assert not [problem for problem in chain.problems if "\x1b" in problem.message + problem.mend]


NODES = 6
PARTS = st.tuples(
    st.integers(0, NODES), st.sampled_from(["", "", "", KEYS, TEMPORARY, "aws_access_key_id = x\n", "web_identity_token_file = /t\n"])
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("graph")


@settings(max_examples=150, deadline=None)
@given(st.lists(PARTS, min_size=1, max_size=NODES))
def test_any_graph_of_profiles_gives_a_path_or_a_problem(folder, graph):
    text = "".join(profile(f"p{number}", f"p{source}", more) for number, (source, more) in enumerate(graph))
    (folder / "config").write_text(text)
    catalog = load_catalog({"HOME": str(folder), "AWS_CONFIG_FILE": str(folder / "config")})
    for role in catalog.roles:
        chain = resolve_chain(catalog, role)
        keys = steps(chain)
        assert len(keys) == len(set(keys)) <= len(graph)
        assert (chain.source.kind == "missing") == bool(chain.problems)
        for before, after in zip(chain.hops, chain.hops[1:], strict=False):
            assert after.via == before.role.key
        assert all(1 <= problem.where.line <= text.count("\n") for problem in chain.problems)
