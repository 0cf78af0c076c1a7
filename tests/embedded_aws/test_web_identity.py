"""A role by the token of an OpenID Connect provider, against the provider, the audience, the trust policy and the clock."""

from __future__ import annotations

import base64
import json
import time

import pytest

HOST = "token.actions.example.test"
SUBJECT = "repo:acme/app:ref:refs/heads/main"


def token(**claims) -> str:
    given = {"iss": f"https://{HOST}", "aud": "sts.amazonaws.com", "sub": SUBJECT, "exp": int(time.time()) + 600, **claims}
    parts = ({"alg": "RS256"}, given)
    return ".".join([*(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts), "c2ln"])


@pytest.fixture
def role(estate):
    provider = estate.door(estate.away).create_open_id_connect_provider(
        Url=f"https://{HOST}", ClientIDList=["sts.amazonaws.com"], ThumbprintList=["0" * 40]
    )["OpenIDConnectProviderArn"]
    condition = {"StringEquals": {f"{HOST}:aud": "sts.amazonaws.com"}, "StringLike": {f"{HOST}:sub": "repo:acme/*"}}
    return estate.role(estate.trusting({"Federated": provider}, condition, "sts:AssumeRoleWithWebIdentity"))


def unsigned(estate):
    from botocore import UNSIGNED
    from botocore.config import Config
    from botocore.session import Session

    return Session().create_client("sts", "eu-west-1", endpoint_url=estate.aws.url, config=Config(signature_version=UNSIGNED))


def by_token(estate, role, given=None, **more):
    return unsigned(estate).assume_role_with_web_identity(
        **{"RoleArn": role, "RoleSessionName": "run-1", "WebIdentityToken": given or token(), **more}
    )


def test_a_token_gives_a_session_of_the_role(estate, role):
    answer = by_token(estate, role)
    name = role.rsplit("/", 1)[1]
    arn = f"arn:aws:sts::{estate.away}:assumed-role/{name}/run-1"
    assert answer["AssumedRoleUser"]["Arn"] == arn
    assert (answer["SubjectFromWebIdentityToken"], answer["Audience"]) == (SUBJECT, "sts.amazonaws.com")
    assert estate.sts(estate.triple(answer)).get_caller_identity()["Arn"] == arn


def test_its_sessions_are_chained_when_they_assume(estate, role):
    session = estate.triple(by_token(estate, role))
    onward = estate.role(estate.trusting({"AWS": role}), MaxSessionDuration=14400)
    estate.door(estate.away).put_role_policy(
        RoleName=role.rsplit("/", 1)[1], PolicyName="on", PolicyDocument=json.dumps(estate.policy(estate.allow("sts:AssumeRole")))
    )
    assert estate.assume(session, onward)
    assert "1 hour session limit" in estate.refused_role(session, onward, DurationSeconds=7200).message


@pytest.mark.parametrize(
    ("given", "code", "status", "text"),
    [
        ("not-a-token", "InvalidIdentityToken", 400, "not a valid JWT"),
        ("a.b.c", "InvalidIdentityToken", 400, "not a valid JWT"),
        (
            token(iss="https://other.test"),
            "InvalidIdentityToken",
            400,
            "No OpenIDConnect provider found in your account for https://other.test",
        ),
        (token(aud="somebody"), "InvalidIdentityToken", 400, "Incorrect token audience"),
        (token(exp=1), "ExpiredTokenException", 400, "Token expired: current date/time"),
        (token(sub="repo:other/app:main"), "AccessDenied", 403, "Not authorized to perform sts:AssumeRoleWithWebIdentity"),
    ],
)
def test_a_token_that_is_not_right_is_refused(estate, role, given, code, status, text):
    refusal = estate.refused(lambda: by_token(estate, role, given))
    assert (refusal.code, refusal.status) == (code, status)
    assert text in refusal.message


def test_a_role_that_does_not_trust_the_provider_and_one_that_is_not_there(estate, role):
    other = estate.role(estate.trusting({"AWS": f"arn:aws:iam::{estate.home}:root"}))
    for arn in (other, role + "x"):
        assert estate.refused(lambda arn=arn: by_token(estate, arn)).code == "AccessDenied"


def test_longer_than_the_roles_maximum(estate, role):
    refusal = estate.refused(lambda: by_token(estate, role, DurationSeconds=7200))
    assert refusal.code == "ValidationError"
    assert "MaxSessionDuration" in refusal.message


def test_the_token_is_not_recorded(estate, role, aws):
    given = token(jti="to-be-hidden")
    by_token(estate, role, given)
    assert given not in json.dumps(aws.calls(), default=str)
