"""Settings of aws-vault, granted and AWS Extend Switch Roles: what they say counts, at its own file and line."""

from __future__ import annotations

import pytest

from tui_app.catalog.chain import resolve_chain
from tui_app.catalog.load import load_catalog
from tui_app.catalog.quick import names_fast, quick_rows

ARN = "arn:aws:iam::111122223333:role/{}"
KEYS = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalr\n"
DEV = f"[profile dev]\n{KEYS}"
SERIAL = "arn:aws:iam::444455556666:mfa/DevUser"


@pytest.fixture
def files(tmp_path):
    def load(config: str, credentials: str = ""):
        (tmp_path / "config").write_text(config)
        (tmp_path / "credentials").write_text(credentials)
        environ = {
            "HOME": str(tmp_path),
            "AWS_CONFIG_FILE": str(tmp_path / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
        }
        catalog = load_catalog(environ)
        assert names_fast(environ) == [role.key for role in catalog.roles]
        return catalog

    return load


def profile(name: str, *lines: str) -> str:
    return "\n".join([f"[profile {name}]", *lines, ""])


def role_of(name: str) -> str:
    return f"role_arn = {ARN.format(name)}"


def chain_of(catalog, key: str):
    return resolve_chain(catalog, catalog.role(key))


def found(problems) -> list[tuple[str, int]]:
    return [(problem.kind, problem.where.line) for problem in problems]


def test_an_included_profile_says_what_the_profile_does_not_say(files):
    common = profile("common", "region = eu-west-1", f"mfa_serial = {SERIAL}", "external_id = abc", "source_profile = dev")
    catalog = files(common + profile("a", "include_profile = common", role_of("a"), "region = us-east-1") + DEV)
    request = catalog.role("a").request
    assert (request.region, request.mfa_serial, request.external_id.reveal()) == ("us-east-1", SERIAL, "abc")
    assert catalog.role("a").origins["external_id"].line == 4
    chain = chain_of(catalog, "a")
    assert (chain.source.profile, chain.problems) == ("dev", ())


def test_includes_go_on_and_the_nearest_wins(files):
    texts = profile("one", "region = eu-west-1", "color = red") + profile("two", "include_profile = one", "region = us-east-1")
    role = files(texts + profile("a", "include_profile = two", role_of("a"), "source_profile = dev") + DEV).role("a")
    assert (role.request.region, role.color) == ("us-east-1", "red")


def test_a_profile_may_be_a_role_by_what_it_includes(files):
    catalog = files(profile("base", role_of("x"), "source_profile = dev") + profile("a", "Include_Profile = base") + DEV)
    assert [role.key for role in catalog.roles] == ["base", "a"]
    assert catalog.role("a").arn == ARN.format("x")


def test_keys_are_never_taken_over_by_an_include(files):
    catalog = files(DEV + profile("a", "include_profile = dev", role_of("a"), "source_profile = a"))
    assert found(chain_of(catalog, "a").problems) == [("loop", 7)]
    assert set(catalog.sources) == {"dev"}


def test_a_profiles_own_way_to_credentials_keeps_the_included_one_out(files):
    common = profile("common", "source_profile = gone", "web_identity_token_file = /t", "credential_process = p")
    chain = chain_of(files(common + profile("a", "include_profile = common", role_of("a"), "credential_source = Environment")), "a")
    assert (chain.source.kind, chain.problems) == ("environment", ())


@pytest.mark.parametrize(
    ("config", "problems"),
    [
        (profile("a", "include_profile = gone"), [("unknown_include", 2)]),
        (profile("a", "include_profile = a"), [("include_loop", 2)]),
        (profile("a", "include_profile = b") + profile("b", "include_profile = a"), [("include_loop", 2), ("include_loop", 4)]),
        (profile("a", role_of("a"), "mfa_process = pass 'otp"), [("bad_value", 3)]),
    ],
)
def test_what_cannot_be_used_is_named_and_stops_nothing(files, config, problems):
    catalog = files(config + profile("b2", role_of("b"), "source_profile = dev") + DEV)
    assert found(catalog.problems) == problems
    assert chain_of(catalog, "b2").problems == ()


@pytest.mark.parametrize(
    "config",
    [
        profile("a", role_of("a"), "source_profile = dev", "mfa_process = pass otp 'aws dev'") + DEV,
        profile("a", role_of("a"), "source_profile = dev") + DEV + "mfa_process = pass otp 'aws dev'\n",
        profile("a", role_of("a"), "source_profile = b")
        + profile("b", role_of("b"), "source_profile = dev", "mfa_process = pass otp 'aws dev'")
        + DEV,
    ],
)
def test_the_program_for_a_code_goes_with_the_first_call(files, config):
    chain = chain_of(files(config), "a")
    assert [hop.request.mfa_command for hop in chain.hops] == [("pass", "otp", "aws dev"), ()][: len(chain.hops)]


def test_a_base_account_says_which_role_its_targets_have(files):
    base = profile(
        "base",
        "aws_account_id = 444455556666",
        "aws_account_alias = acme",
        "target_role_name = path/Dev",
        "target_region = eu-west-1",
        KEYS,
    )
    targets = profile("t", "aws_account_id = 111122223333", "source_profile = base") + profile(
        "own", "aws_account_id = 111122223333", "source_profile = base", "role_name = Admin", "region = us-east-1"
    )
    catalog = files(base + targets)
    assert [(role.key, role.arn, role.request.region) for role in catalog.roles] == [
        ("t", "arn:aws:iam::111122223333:role/path/Dev", "eu-west-1"),
        ("own", "arn:aws:iam::111122223333:role/Admin", "us-east-1"),
    ]
    assert catalog.role("t").origins["role_name"].line == 4
    assert (chain_of(catalog, "t").source.kind, chain_of(catalog, "t").problems) == ("static", ())


def test_an_account_is_known_by_its_alias(files):
    text = profile("a", "aws_account_id = 111122223333", "role_name = R", "aws_account_alias = acme", "source_profile = dev") + DEV
    catalog = files(profile("z", role_of("z"), "source_profile = dev") + text)
    assert [role.account.alias for role in catalog.roles] == ["acme", "acme"]
    assert [account.alias for account in catalog.accounts] == ["acme"]
    assert [role.key for role in catalog.named("acme/R")] == ["a"]


def test_a_profile_of_granted_is_the_permission_set_it_stands_for(files):
    lines = ["start_url = https://x.awsapps.com/start", "region = eu-west-1", "account_id = 777788889999", "role_name = R"]
    granted = profile("g", *[f"granted_sso_{line}" for line in lines], "credential_process = granted credential-process --profile g")
    catalog = files(granted + profile("a", role_of("a"), "source_profile = g"))
    assert [(role.key, role.account.id, role.name) for role in catalog.roles] == [("g", "777788889999", "R"), ("a", "111122223333", "a")]
    chain = chain_of(catalog, "a")
    assert (chain.source.kind, chain.source.details["sso_start_url"]) == ("sso", "https://x.awsapps.com/start")
    assert chain_of(catalog, "g").source.details["sso_region"] == "eu-west-1"


def test_settings_that_mean_nothing_here_do_no_harm(files):
    catalog = files(profile("a", role_of("a"), "source_profile = dev", "image = https://x", "group = g", "granted_color = red") + DEV)
    assert (catalog.problems, catalog.role("a").color) == ((), "red")


def test_rows_that_depend_on_other_profiles_wait_for_the_catalog(tmp_path):
    many = "".join(profile(f"p{number}", role_of(f"{number}"), "source_profile = dev") for number in range(4000))
    (tmp_path / "config").write_text(many)
    environ = {"HOME": str(tmp_path), "AWS_CONFIG_FILE": str(tmp_path / "config")}
    assert quick_rows(environ) is not None
    (tmp_path / "config").write_text(many + profile("x", "include_profile = p1"))
    assert quick_rows(environ) is None
    assert names_fast(environ)[-1] == "x"
