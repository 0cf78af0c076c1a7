"""A child is the role and nobody else, whatever its parent's environment says."""

from __future__ import annotations

import json
import os
import pathlib
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.errors import RoledeckError
from tui_app.handover import environment
from tui_app.handover.environment import child_environment, render
from tui_app.model import AccessKey, Credentials
from tui_app.secret import Secret

ENDPOINT = "http://127.0.0.1:4566"
HANDED = {
    "AWS_ACCESS_KEY_ID": "ASIAEXAMPLEEXAMPLE12",
    "AWS_SECRET_ACCESS_KEY": "s3cr3t/k+y",
    "AWS_SESSION_TOKEN": "tok3n==",
    "AWS_CREDENTIAL_EXPIRATION": "2027-01-15T09:00:00Z",
}
MARKS = {"AWS_EC2_METADATA_DISABLED": "true", "ROLEDECK_ROLE": "production/Developer"}
REGION = {"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1"}
STRIPPED = [
    *environment.IDENTITY, *environment.REDIRECT, *environment.REGION, *environment.OURS,
    "AWS_BEARER_TOKEN_BEDROCK", "AWSUME_PROFILE", "GRANTED_SSO", "AWS_SSO_PROFILE", "AWS_OKTA_PROFILE", "SAML2AWS_PASSWORD", "LEAPP_X",
    "AWS_ENDPOINT_URL_S3", "AWS_CSM_ENABLED", "TEXTUAL_LOG", "TEXTUAL",
]  # fmt: skip


def test_a_polluted_parent_leaves_nothing_behind(session):
    parent = {name: f"parent's {name}" for name in STRIPPED} | {"PATH": "/bin", "AWS_EC2_METADATA_DISABLED": "false", "AWS_CA_BUNDLE": "ca"}
    made = child_environment(parent, session, region="eu-west-1")
    assert made.variables == {"PATH": "/bin", "AWS_CA_BUNDLE": "ca"} | HANDED | MARKS | REGION
    assert set(made.reported) == {name for name in parent if environment.is_redirect(name)}
    assert "AWS_ENDPOINT_URL" in made.sentence()


def test_without_a_region_the_parents_own_stays(session):
    made = child_environment({"AWS_DEFAULT_REGION": "us-east-2"}, session)
    assert made.variables == {"AWS_DEFAULT_REGION": "us-east-2"} | HANDED | MARKS


def test_our_own_endpoint_goes_to_the_child_and_is_no_news(session):
    made = child_environment(
        {"AWS_ENDPOINT_URL": ENDPOINT, "HTTP_PROXY": "http://proxy:3128", "no_proxy": "a,b"}, session, endpoint_url=ENDPOINT
    )
    assert made.variables["AWS_ENDPOINT_URL"] == ENDPOINT
    assert made.variables["NO_PROXY"] == made.variables["no_proxy"] == "a,b,127.0.0.1"
    assert made.reported == ()
    assert made.sentence() == ""


def test_another_endpoint_is_news(session):
    made = child_environment({"AWS_ENDPOINT_URL": "http://evil"}, session, endpoint_url=ENDPOINT)
    assert (made.variables["AWS_ENDPOINT_URL"], made.reported) == (ENDPOINT, ("AWS_ENDPOINT_URL",))


@given(st.dictionaries(st.sampled_from([*STRIPPED, *environment.KEPT, "PATH", "EDITOR"]), st.text(max_size=8)))
def test_whatever_the_parent_has_the_child_has_only_ours(parent):
    session = _session()
    made = child_environment(parent, session, region="eu-west-1", endpoint_url=ENDPOINT)
    ours = HANDED | MARKS | REGION | {"AWS_ENDPOINT_URL": ENDPOINT}
    assert {name: value for name, value in made.variables.items() if name in STRIPPED} == {
        name: value for name, value in ours.items() if name in STRIPPED
    }
    assert {name: made.variables[name] for name in parent if name in environment.KEPT or name in {"PATH", "EDITOR"}} == {
        name: value for name, value in parent.items() if name in environment.KEPT or name in {"PATH", "EDITOR"}
    }


def unclassed(names) -> set[str]:
    known = environment.KEPT | environment.REGION | environment.SET
    return {
        name for name in names - known if not (environment.is_identity(name) or environment.is_redirect(name)) and not name.endswith("_")
    }


def test_every_variable_that_botocore_reads_is_classed():
    import botocore

    sources = list(pathlib.Path(botocore.__file__).parent.glob("*.py"))
    read = {name for source in sources for name in re.findall(r"\b(?:AWS|BOTO|BOTOCORE)_[A-Z0-9_]+\b", source.read_text(encoding="utf-8"))}
    assert {"AWS_PROFILE", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "BOTOCORE_EXPERIMENTAL__PLUGINS"} <= read
    constants = {"BOTOCORE_ROOT", "BOTOCORE_DEFAUT_SESSION_VARIABLES", "BOTO_CONFIG_ENV"}
    assert unclassed(read - constants) == set(), "botocore reads a variable that handover/environment.py does not know"


def test_every_variable_that_the_javascript_sdk_reads_is_classed():
    modules = pathlib.Path(__file__).parents[2] / ".node" / "node_modules"
    sources = [source for scope in ("@aws-sdk", "@smithy") for source in (modules / scope).glob("*/dist-cjs/**/*.js")]
    if not sources:
        pytest.skip("needs the JavaScript SDK")
    read = {name for source in sources for name in re.findall(r"\b(?:AWS|AMAZON)_[A-Z0-9_]+\b", source.read_text(encoding="utf-8"))}
    assert "AWS_PROFILE" in read
    constants = {"AWS_DEFAULTS_MODE_CONFIG", "AWS_DEFAULTS_MODE_ENV", "AWS_DEFAULT_REGION_ENV", "AWS_REGION_ENV"}
    assert unclassed(read - constants) == set(), "the SDK reads a variable that handover/environment.py does not know"


# aws-sdk-go-v2 config/env_config.go, and what is left of the first one
READ_BY_GO = """
AWS_ACCESS_KEY_ID AWS_ACCESS_KEY AWS_SECRET_ACCESS_KEY AWS_SECRET_KEY AWS_SESSION_TOKEN AWS_CONTAINER_CREDENTIALS_RELATIVE_URI
AWS_CONTAINER_CREDENTIALS_FULL_URI AWS_CONTAINER_AUTHORIZATION_TOKEN AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE AWS_REGION
AWS_DEFAULT_REGION AWS_PROFILE AWS_DEFAULT_PROFILE AWS_SHARED_CREDENTIALS_FILE AWS_CONFIG_FILE AWS_CA_BUNDLE
AWS_WEB_IDENTITY_TOKEN_FILE AWS_ROLE_ARN AWS_ROLE_SESSION_NAME AWS_ENABLE_ENDPOINT_DISCOVERY AWS_S3_USE_ARN_REGION
AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE AWS_EC2_METADATA_SERVICE_ENDPOINT AWS_EC2_METADATA_DISABLED AWS_EC2_METADATA_V1_DISABLED
AWS_USE_DUALSTACK_ENDPOINT AWS_USE_FIPS_ENDPOINT AWS_DEFAULTS_MODE AWS_MAX_ATTEMPTS AWS_RETRY_MODE AWS_SDK_UA_APP_ID
AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS AWS_IGNORE_CONFIGURED_ENDPOINT_URLS AWS_ENDPOINT_URL AWS_DISABLE_REQUEST_COMPRESSION
AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES AWS_S3_DISABLE_EXPRESS_SESSION_AUTH AWS_ACCOUNT_ID AWS_ACCOUNT_ID_ENDPOINT_MODE
AWS_REQUEST_CHECKSUM_CALCULATION AWS_RESPONSE_CHECKSUM_VALIDATION AWS_AUTH_SCHEME_PREFERENCE AWS_BEARER_TOKEN_BEDROCK
AWS_SDK_LOAD_CONFIG AWS_STS_REGIONAL_ENDPOINTS AWS_CSM_ENABLED AWS_CSM_HOST AWS_ENDPOINT_URL_STS
"""


def test_every_variable_that_the_go_sdk_reads_is_classed():
    assert unclassed(set(READ_BY_GO.split())) == set()


def test_a_child_of_a_child_whose_credentials_renew_has_the_owners_files_again(session):
    lent = {
        "AWS_CONFIG_FILE": "/run/user/1/roledeck-lent-x/config",
        "AWS_SHARED_CREDENTIALS_FILE": "/run/user/1/roledeck-lent-x/credentials",
    }
    own = {"ROLEDECK_AWS_CONFIG_FILE": "/mine/config", "ROLEDECK_AWS_SHARED_CREDENTIALS_FILE": "/mine/credentials"}
    served = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:1/x", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/x"}
    made = child_environment({**lent, **own, **served}, session)
    files = {"AWS_CONFIG_FILE": "/mine/config", "AWS_SHARED_CREDENTIALS_FILE": "/mine/credentials"}
    assert made.variables == HANDED | MARKS | files
    assert child_environment(lent, session).variables == HANDED | MARKS


def test_classes_do_not_overlap():
    classes = [environment.IDENTITY, environment.REDIRECT, environment.KEPT, environment.REGION, environment.SET, environment.OURS]
    assert sum(map(len, classes)) == len(frozenset().union(*classes))
    assert [name for name in environment.KEPT if environment.conflicts(name)] == []


@pytest.mark.parametrize(
    ("key", "region"),
    [
        (AccessKey("short", Secret("s"), Secret("t")), "eu-west-1"),
        (AccessKey("ASIA" + "X" * 16, Secret("line\nbreak"), Secret("t")), "eu-west-1"),
        (AccessKey("ASIA" + "X" * 16, Secret("s"), Secret("t\x1b[31m")), "eu-west-1"),
        (AccessKey("ASIA" + "X" * 16, Secret("s"), Secret("t")), "eu-west-1\nAWS_PROFILE=x"),
        (AccessKey("ASIA" + "X" * 16, Secret(""), None), "eu-west-1"),
    ],
)
def test_odd_values_are_never_handed_over(session, key, region):
    odd = replace(session, credentials=Credentials(key, session.credentials.expires))
    with pytest.raises(RoledeckError, match="characters that AWS does not use") as refused:
        child_environment({}, odd, region=region)
    assert "break" not in refused.value.sentence()


def test_evaluated_variables_come_with_the_removal_of_what_would_win_over_them(session):
    parent = {
        "AWS_PROFILE": "x",
        "AWS_SECURITY_TOKEN": "old",
        "AWS_ENDPOINT_URL_S3": "http://evil",
        "PATH": "/bin",
        "AWS_ACCESS_KEY_ID": "old",
    }
    lines = render(session, "sh", region="eu-west-1", parent=parent).splitlines()
    assert lines[:3] == ["unset AWS_ENDPOINT_URL_S3", "unset AWS_PROFILE", "unset AWS_SECURITY_TOKEN"]
    assert "export AWS_ACCESS_KEY_ID=ASIAEXAMPLEEXAMPLE12" in lines
    assert json.loads(render(session, "json", region="eu-west-1", parent=parent)) == HANDED | REGION


def test_no_repr_shows_a_secret(session):
    made = child_environment(os.environ, session, region="eu-west-1")
    assert "s3cr3t" not in repr(made)


def _session():
    from tui_app.model import Identity, Session

    key = AccessKey(HANDED["AWS_ACCESS_KEY_ID"], Secret(HANDED["AWS_SECRET_ACCESS_KEY"]), Secret(HANDED["AWS_SESSION_TOKEN"]))
    identity = Identity("111122223333", "arn:aws:sts::111122223333:assumed-role/Developer/me", "AROA:me", 1_800_000_000.0)
    return Session("arn", "production/Developer", Credentials(key, 1_800_003_600.0), identity, 1_800_000_000.0, 3600, 1)
