"""Which credentials a profile comes to is what botocore's own providers come to over the same files.

`ROLEDECK_EXAMPLES=5000` tries as many sets of profiles; the suite is content with fewer.
"""

from __future__ import annotations

import os

import botocore.credentials
import botocore.exceptions
import botocore.session
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui_app.catalog.chain import resolve_chain
from tui_app.catalog.foreign_settings import filled
from tui_app.catalog.load import load_catalog
from tui_app.catalog.sources import source_of

EXAMPLES = int(os.environ.get("ROLEDECK_EXAMPLES", "200"))
ARN = "arn:aws:iam::111122223333:role/{}"
METHODS = {
    "shared-credentials-file": "static",
    "config-file": "static",
    "custom-process": "process",
    "sso": "sso",
    "assume-role-with-web-identity": "web_identity",
    "login": "login",
}
NAMED = {"Environment": "environment", "Ec2InstanceMetadata": "instance", "EcsContainer": "container"}
ID, SECRET = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\n", "aws_secret_access_key = wJalr\n"
KEYS = ID + SECRET
WEB = "web_identity_token_file = /token\n"
PROCESS, LOGIN = "credential_process = /bin/false\n", "login_session = arn:aws:iam::111122223333:user/x\n"
SSO = "sso_account_id = 777788889999\nsso_role_name = R\nsso_start_url = https://x.awsapps.com/start\nsso_region = eu-west-1\n"
BY_SESSION = "sso_session = hub\nsso_account_id = 777788889999\nsso_role_name = R\n"
HUB = "[sso-session hub]\nsso_region = eu-west-1\nsso_start_url = https://x.awsapps.com/start\n"


def role(name: str = "a") -> str:
    return f"role_arn = {ARN.format(name)}\n"


def by_way_of(name: str) -> str:
    return f"source_profile = {name}\n"


def named(name: str) -> str:
    return f"credential_source = {name}\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("shapes")


@pytest.fixture(autouse=True, scope="module")
def _nobody_is_asked():
    """botocore's providers decide as ever; what would run a program or look round the network answers at once."""

    def told(method: str):
        return botocore.credentials.Credentials("id", "secret", method=method)

    with pytest.MonkeyPatch.context() as patch:
        process = {"access_key": "id", "secret_key": "secret"}
        patch.setattr(botocore.credentials.ProcessProvider, "_retrieve_credentials_using", lambda self, command: process)
        patch.setattr(botocore.credentials.CanonicalNameCredentialSourcer, "source_credentials", lambda self, name: told(NAMED[name]))
        patch.setattr(botocore.credentials, "EC", object())
        fetched = {"access_key": "id", "secret_key": "secret", "token": "t", "expiry_time": "2100-01-01T00:00:00Z", "account_id": None}
        patch.setattr(botocore.credentials.LoginCredentialFetcher, "load_cached_credentials", lambda self: fetched)
        for provider in (botocore.credentials.ContainerProvider, botocore.credentials.InstanceMetadataProvider):
            patch.setattr(provider, "load", lambda self: None)
        yield


def by_botocore(files: dict[str, str], name: str) -> tuple[str, list[str]]:
    """The kind of source and the roles that are assumed, source first; kind `missing` where botocore refuses."""
    roles: list[str] = []
    starts: list[str] = []

    class Noted(botocore.credentials.AssumeRoleCredentialFetcher):
        def __init__(self, client_creator, source_credentials, role_arn, **others) -> None:
            starts.append(source_credentials.method)
            roles.append(role_arn)
            super().__init__(client_creator, source_credentials, role_arn, **others)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.credentials, "AssumeRoleCredentialFetcher", Noted)
        session = botocore.session.Session(profile=name)
        for variable, path in files.items():
            session.set_config_variable(variable, path)
        try:
            found = session.get_credentials()
        except (botocore.exceptions.BotoCoreError, botocore.exceptions.ConfigNotFound):
            return "missing", []
    if found is None:
        return "missing", []
    method = starts[0] if starts else found.method
    return METHODS.get(method, method), roles


def by_us(environ: dict[str, str], name: str) -> tuple[str, list[str]]:
    catalog = load_catalog(environ)
    role = catalog.role(name)
    if role is None:
        profiles = catalog.shared.profiles
        found = source_of(catalog.shared, filled(profiles, profiles[name]))
        return (found.source.kind if found.source else "missing"), []
    chain = resolve_chain(catalog, role)
    return ("missing", []) if chain.problems else (chain.source.kind, [hop.role.arn for hop in chain.hops])


def compared(folder, config: str, credentials: str, name: str) -> tuple[tuple[str, list[str]], tuple[str, list[str]]]:
    (folder / "config").write_text(config)
    (folder / "credentials").write_text(credentials)
    ours = {"HOME": str(folder), "AWS_CONFIG_FILE": f"{folder}/config", "AWS_SHARED_CREDENTIALS_FILE": f"{folder}/credentials"}
    theirs = {"config_file": f"{folder}/config", "credentials_file": f"{folder}/credentials"}
    return by_us(ours, name), by_botocore(theirs, name)


OWN = {
    "nothing": ("", "", "missing"),
    "keys": (KEYS, "", "static"),
    "keys in the credentials file": ("", KEYS, "static"),
    "keys in both": (KEYS, KEYS, "static"),
    "temporary keys": (KEYS + "aws_session_token = t\n", "", "static"),
    "an id only": (ID, "", "missing"),
    "a secret only": (SECRET, "", "missing"),
    "an id only in the credentials file": ("", ID, "missing"),
    "a secret only in the credentials file": ("", SECRET, "missing"),
    "id and secret in two files": (ID, SECRET, "missing"),
    "secret and id in two files": (SECRET, ID, "missing"),
    "id in the credentials file, a pair in the config file": (KEYS, ID, "missing"),
    "secret in the credentials file, a pair in the config file": (KEYS, SECRET, "static"),
    "a program": (PROCESS, "", "process"),
    "a program in the credentials file": ("", PROCESS, "process"),
    "an empty program": ("credential_process =\n", "", "process"),
    "a program and keys": (PROCESS + KEYS, "", "process"),
    "a program, and keys in the credentials file": (PROCESS, KEYS, "static"),
    "a program, and a secret in the credentials file": (PROCESS, SECRET, "process"),
    "a program, and an id in the credentials file": (PROCESS, ID, "missing"),
    "login": (LOGIN, "", "login"),
    "login and a program": (LOGIN + PROCESS, "", "login"),
    "login and keys": (LOGIN + KEYS, "", "login"),
    "login, and keys in the credentials file": (LOGIN, KEYS, "static"),
    "a permission set": (SSO, "", "sso"),
    "a permission set by its session": (BY_SESSION, "", "sso"),
    "a permission set of an unknown session": (BY_SESSION.replace("hub", "gone"), "", "missing"),
    "a permission set with another region than its session": (BY_SESSION + "sso_region = us-east-1\n", "", "missing"),
    "a permission set without a region": (SSO.replace("sso_region", "x"), "", "missing"),
    "a permission set without a role": (SSO.replace("sso_role_name", "x"), "", "missing"),
    "a permission set without an account": (SSO.replace("sso_account_id", "x"), "", "missing"),
    "a session without a permission set": ("sso_session = hub\n", "", "missing"),
    "a start page without a permission set": ("sso_start_url = https://x\nsso_region = x\n", "", "missing"),
    "a permission set and keys": (SSO + KEYS, "", "sso"),
    "a permission set, and keys in the credentials file": (SSO, KEYS, "sso"),
    "a permission set and a program": (SSO + PROCESS, "", "sso"),
    "half a permission set and keys": ("sso_account_id = 777788889999\n" + KEYS, "", "missing"),
    "a permission set in the credentials file": ("", SSO, "sso"),
    "a token file": (role("b") + WEB, "", "web_identity"),
    "a token file without a role": (WEB, "", "missing"),
    "a token file and a permission set": (role("b") + WEB + SSO, "", "web_identity"),
    "a token file and keys": (role("b") + WEB + KEYS, "", "web_identity"),
    "a token file and a source profile": (role("b") + WEB + by_way_of("c"), "", "web_identity"),
    "a token file without a role, and keys": (WEB + KEYS, "", "missing"),
    "an empty token file": (role("b") + "web_identity_token_file =\n" + KEYS, "", "static"),
}
SHAPES = {
    "no source": (role(), "", ("missing", [])),
    "no source, but keys": (role() + KEYS, "", ("missing", [])),
    "no source, but a program": (role() + PROCESS, "", ("missing", [])),
    "no source, but a permission set": (role() + SSO, "", ("missing", [])),
    "two sources": (role() + by_way_of("c") + named("Environment"), "", ("missing", [])),
    "an empty source": (role() + "source_profile =\n", "", ("missing", [])),
    "an unknown source": (role() + by_way_of("gone"), "", ("missing", [])),
    "the environment": (role() + named("Environment"), "", ("environment", ["a"])),
    "the environment and keys": (role() + named("Environment") + KEYS, "", ("environment", ["a"])),
    "the instance": (role() + named("Ec2InstanceMetadata"), "", ("instance", ["a"])),
    "the container": (role() + named("EcsContainer"), "", ("container", ["a"])),
    "a source in the wrong case": (role() + named("environment"), "", ("missing", [])),
    "a source that is none": (role() + named("Cloud"), "", ("missing", [])),
    "itself without keys": (role() + by_way_of("a"), "", ("missing", [])),
    "itself with keys": (role() + by_way_of("a") + KEYS, "", ("static", ["a"])),
    "itself with keys in the credentials file": (role() + by_way_of("a"), KEYS, ("static", ["a"])),
    "itself with half a key": (role() + by_way_of("a") + SECRET, "", ("missing", [])),
    "itself with keys and a program": (role() + by_way_of("a") + KEYS + PROCESS, "", ("process", ["a"])),
    "itself with a program": (role() + by_way_of("a") + PROCESS, "", ("missing", [])),
    "keys of its own and a source": (role() + by_way_of("c") + KEYS, "", ("static", ["a"])),
    "a source in the credentials file": (role(), by_way_of("c"), ("static", ["a"])),
    "a role in the credentials file": (by_way_of("c"), role(), ("static", ["a"])),
    "a code and a source": (role() + by_way_of("c") + "mfa_serial = arn:aws:iam::111122223333:mfa/x\n", "", ("static", ["a"])),
    "a duration that is none": (role() + by_way_of("c") + "duration_seconds = long\n", "", ("static", ["a"])),
}
C = f"[profile c]\n{KEYS}"


@pytest.mark.parametrize("shape", OWN)
def test_a_profiles_own_credentials(folder, shape):
    config, credentials, expected = OWN[shape]
    ours, theirs = compared(folder, f"[profile b]\n{config}{C}{HUB}", f"[b]\n{credentials}", "b")
    assert ours == theirs == (expected, [])


@pytest.mark.parametrize("shape", OWN)
def test_a_role_by_way_of_a_profile(folder, shape):
    config, credentials, expected = OWN[shape]
    source = f"[profile b]\n{config}{C}{HUB}[profile a]\n{role()}{by_way_of('b')}"
    ours, theirs = compared(folder, source, f"[b]\n{credentials}", "a")
    assert ours == theirs == (expected, [] if expected == "missing" else [ARN.format("a")])


@pytest.mark.parametrize("shape", SHAPES)
def test_what_a_role_profile_says_of_its_source(folder, shape):
    config, credentials, (kind, roles) = SHAPES[shape]
    ours, theirs = compared(folder, f"[profile a]\n{config}{C}", f"[a]\n{credentials}", "a")
    assert ours == theirs == (kind, [ARN.format(name) for name in roles])


PROFILES = ("a", "b", "c")
SETTINGS = st.sampled_from(
    [
        *(
            ID,
            SECRET,
            KEYS,
            KEYS,
            PROCESS,
            LOGIN,
            WEB,
            "web_identity_token_file =\n",
            SSO,
            BY_SESSION,
            "sso_account_id = 1\n",
            "sso_role_name = R\n",
        ),
        *("sso_session = hub\n", "sso_session = gone\n", "sso_region = eu-west-1\n", "sso_region = us-east-1\n", "region = eu-west-1\n"),
        *map(by_way_of, (*PROFILES, *PROFILES, "gone")),
        *map(named, (*NAMED, "environment")),
    ]
)
PARTS = st.tuples(st.booleans(), st.lists(SETTINGS, max_size=3), st.lists(SETTINGS, max_size=1))


def section(header: str, settings: list[str]) -> str:
    """A section with each setting once, the first one winning."""
    lines = {line.partition(" ")[0]: line for line in reversed("".join(settings).splitlines())}
    return "\n".join([header, *lines.values(), ""])


@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(st.tuples(PARTS, PARTS, PARTS), st.sampled_from(PROFILES))
def test_any_profiles(folder, parts, asked):
    config, credentials = HUB, ""
    for name, (is_role, own, others) in zip(PROFILES, parts, strict=True):
        config += section(f"[profile {name}]", [role(name)] * is_role + own)
        credentials += section(f"[{name}]", others)
    ours, theirs = compared(folder, config, credentials, asked)
    assert ours == theirs
