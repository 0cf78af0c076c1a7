"""The signin service of `aws login`: whom it lets in, what it gives, and every proof that it does not take."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import time
import uuid
from contextlib import closing

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

USER = "arn:aws:iam::444455556666:user/DevUser"
SESSION = "arn:aws:sts::555566667777:assumed-role/ReadOnly/alice"


@pytest.fixture
def login(aws):
    return Login(aws)


class Login:
    """A sign-in in the hands of a test."""

    def __init__(self, aws):
        self.aws, self.url = aws, f"{aws.url}/v1/token"
        self.of(USER)

    def of(self, arn):
        self.fields = self.aws.control("POST", "login", {"login_session": arn})
        self.key = load_pem_private_key(self.fields["dpopKey"].encode(), None)
        return self.fields

    def proof(self, *, header=None, claims=None, key=None, signature=None):
        key = key or self.key
        numbers = key.public_key().public_numbers()
        jwk = {"kty": "EC", "crv": "P-256", "x": word(numbers.x.to_bytes(32, "big")), "y": word(numbers.y.to_bytes(32, "big"))}
        head = {"typ": "dpop+jwt", "alg": "ES256", "jwk": jwk, **(header or {})}
        body = {"htm": "POST", "htu": self.url, "iat": int(time.time()), "jti": str(uuid.uuid4()), **(claims or {})}
        signed = ".".join(word(json.dumps(part).encode()) for part in (head, body))
        if signature is None:
            r, s = utils.decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(SHA256())))
            signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
        return f"{signed}.{word(signature)}"

    def ask(self, proof=None, **changes):
        """Status and answer of a renewal."""
        asked = {"clientId": self.fields["clientId"], "refreshToken": self.fields["refreshToken"], "grantType": "refresh_token", **changes}
        headers = {"Content-Type": "application/json", **({} if proof == "" else {"DPoP": proof or self.proof()})}
        with closing(http.client.HTTPConnection(self.aws.url.removeprefix("http://"), timeout=20)) as connection:
            connection.request("POST", "/v1/token", json.dumps(asked), headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())


def word(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def who(aws, access):
    key = (access["accessKeyId"], access["secretAccessKey"], access["sessionToken"])
    return aws.client("sts", key).get_caller_identity()["Arn"]


@pytest.mark.parametrize("arn", [USER, SESSION, "arn:aws:iam::555566667777:root"])
def test_a_sign_in_gives_credentials_and_renews_with_another_refresh_token_each_time(login, arn):
    fields = login.of(arn)
    assert who(login.aws, fields["accessToken"]) == arn
    given = {fields["refreshToken"]}
    for _ in range(3):
        status, answer = login.ask()
        assert (status, answer["tokenType"], answer["expiresIn"]) == (200, "aws_sigv4", 900)
        assert who(login.aws, answer["accessToken"]) == arn
        login.fields["refreshToken"] = answer["refreshToken"]
        given.add(answer["refreshToken"])
    assert len(given) == 4


def test_a_refresh_token_is_good_once_and_for_12_hours(login):
    assert login.ask()[0] == 200
    status, answer = login.ask()
    assert (status, answer["error"]) == (403, "TOKEN_EXPIRED")
    login.of(USER)
    login.aws.advance(12 * 3600 + 1)
    assert login.ask()[1]["error"] == "TOKEN_EXPIRED"


def test_a_refresh_token_is_good_for_its_own_key_and_client_only(login):
    other = ec.generate_private_key(ec.SECP256R1())
    assert login.ask(login.proof(key=other))[1]["error"] == "invalid_grant"
    assert login.ask(clientId="arn:aws:signin:::devtools/cross-device")[1]["error"] == "invalid_grant"
    assert login.ask()[0] == 200, "it was not used up"


@pytest.mark.parametrize(
    ("header", "claims"),
    [
        ({"typ": "JWT"}, {}),
        ({"alg": "none"}, {}),
        ({"jwk": None}, {}),
        ({"jwk": {"kty": "RSA"}}, {}),
        ({"jwk": {"kty": "EC", "crv": "P-256", "x": word(b"1" * 32), "y": word(b"1" * 32)}}, {}),
        ({"jwk": {"kty": "EC", "crv": "P-256", "x": 1}}, {}),
        ({}, {"htm": "GET"}),
        ({}, {"htu": "https://elsewhere.example/v1/token"}),
        ({}, {"iat": int(time.time()) - 3600}),
        ({}, {"iat": int(time.time()) + 86400}),
        ({}, {"iat": "now"}),
        ({}, {"jti": ""}),
    ],
)
def test_a_proof_for_something_else_is_none(login, header, claims):
    status, answer = login.ask(login.proof(header=header, claims=claims))
    assert (status, answer["error"]) == (400, "INVALID_REQUEST")
    assert "DPoP" in answer["message"]
    assert login.ask()[0] == 200


@pytest.mark.parametrize("proof", ["", "x", "a.b", "a.b.c", "....", "e30.e30.e30", "W10.W10.W10", "é.é.é".encode().decode("latin-1")])
def test_what_is_no_proof_at_all(login, proof):
    assert login.ask(proof)[1]["error"] == "INVALID_REQUEST"


def test_a_signature_of_somebody_else_and_a_proof_used_twice(login):
    assert "signature" in login.ask(login.proof(signature=hashlib.sha512(b"x").digest()))[1]["message"]
    assert "signature" in login.ask(login.proof(signature=b"short"))[1]["message"]
    proof = login.proof()
    status, answer = login.ask(proof)
    assert status == 200
    login.fields["refreshToken"] = answer["refreshToken"]
    assert "used" in login.ask(proof)[1]["message"]


def test_only_refresh_tokens_are_known(login):
    assert login.ask(grantType="authorization_code")[1]["error"] == "unsupported_grant_type"


@pytest.mark.parametrize(
    "body", [{}, {"login_session": 1}, {"login_session": "x"}, {"login_session": "arn:aws:iam::444455556666:user/Nobody"}]
)
def test_who_can_sign_in_is_told(aws, body):
    with pytest.raises(Exception, match=r"400.*(login_session|sign in as)"):
        aws.control("POST", "login", body)
    with pytest.raises(Exception, match="403"):
        aws.control("POST", "login", {"login_session": USER}, secret="wrong")


def test_a_renewal_is_in_the_calls_and_faults_reach_it(login):
    login.ask()
    assert login.aws.calls("signin:CreateOAuth2Token")
    login.aws.fault("500", "CreateOAuth2Token")
    assert login.ask()[0] == 500
